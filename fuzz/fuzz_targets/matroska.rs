//! Matroska and WebM.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::Format;
use runway_preflight::media::testing::invariants;

const FORMATS: &[Format] = &[Format::Mkv, Format::Webm];

fuzz_target!(|file: &[u8]| invariants::check_formats(FORMATS, file));
