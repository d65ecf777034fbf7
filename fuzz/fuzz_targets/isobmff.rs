//! ISO-BMFF: MP4, QuickTime, 3GPP, M4A, AVIF, HEIC.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::media::Format;
use runway_preflight::media::testing::invariants;
use runway_preflight_fuzz::in_time;

const FORMATS: &[Format] = &[Format::Mp4, Format::Mov, Format::ThreeGp, Format::M4a, Format::Avif, Format::Heic];

fuzz_target!(|file: &[u8]| in_time(file, || invariants::check_formats(FORMATS, file)));
