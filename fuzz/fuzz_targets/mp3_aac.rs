//! Bare MPEG sound: MP3 and AAC, by header and counted frame by frame.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::Format;
use runway_preflight::media::testing::invariants;
use runway_preflight_fuzz::in_time;

const FORMATS: &[Format] = &[Format::Mp3, Format::Aac];

fuzz_target!(|file: &[u8]| in_time(file, || invariants::check_formats(FORMATS, file)));
