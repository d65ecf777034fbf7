//! Ogg and FLAC.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::Format;
use runway_preflight::media::testing::invariants;

const FORMATS: &[Format] = &[Format::Ogg, Format::Flac];

fuzz_target!(|file: &[u8]| invariants::check_formats(FORMATS, file));
