//! Flash video and MPEG program, transport and elementary streams.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::Format;
use runway_preflight::media::testing::invariants;
use runway_preflight_fuzz::in_time;

const FORMATS: &[Format] = &[Format::Flv, Format::Asf, Format::Mpeg, Format::MpegTs];

fuzz_target!(|file: &[u8]| in_time(file, || invariants::check_formats(FORMATS, file)));
