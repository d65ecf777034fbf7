//! What is heard of an answer below the HTTP library.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::testing::invariants;

fuzz_target!(|bytes: &[u8]| {
    invariants::check_response(false, bytes);
    invariants::check_response(true, bytes);
});
