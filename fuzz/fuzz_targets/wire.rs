//! What is heard of an answer below the HTTP library.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::testing::invariants;
use runway_preflight_fuzz::in_time;

fuzz_target!(|bytes: &[u8]| in_time(bytes, || check(bytes)));

fn check(bytes: &[u8]) {
    invariants::check_response(false, bytes);
    invariants::check_response(true, bytes);
}
