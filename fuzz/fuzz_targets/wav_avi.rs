//! RIFF: WAV, RF64 and AVI.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::Format;
use runway_preflight::media::testing::invariants;

const FORMATS: &[Format] = &[Format::Wav, Format::Avi];

fuzz_target!(|file: &[u8]| invariants::check_formats(FORMATS, file));
