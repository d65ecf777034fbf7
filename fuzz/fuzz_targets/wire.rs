//! What is heard of an answer below the HTTP library.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::testing::promises;

fuzz_target!(|bytes: &[u8]| {
    promises::answer(false, bytes);
    promises::answer(true, bytes);
});
