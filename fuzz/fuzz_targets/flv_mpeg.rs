//! Flash video and MPEG program, transport and elementary streams.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::Format;
use runway_preflight::media::testing::invariants;

const FORMATS: &[Format] = &[Format::Flv, Format::Mpeg, Format::MpegTs];

fuzz_target!(|file: &[u8]| invariants::check_formats(FORMATS, file));
