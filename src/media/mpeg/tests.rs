//! MPEG files made by ffmpeg, and files built by the tests.

use super::*;
use crate::media::testing::compare;
use crate::media::testing::feeder::read_whole;
use crate::media::testing::invariants::{check_cuts, check_mutations, check_reader};
use crate::units::Dimensions;

const MPEG1: &[u8] = include_bytes!("../../../fixtures/video-other/mpeg1.mpg");
const MPEG2: &[u8] = include_bytes!("../../../fixtures/video-other/mpeg2.mpg");
const AC3: &[u8] = include_bytes!("../../../fixtures/video-other/ac3.mpg");
const H264: &[u8] = include_bytes!("../../../fixtures/video-other/h264.mpg");
const ELEMENTARY: &[u8] = include_bytes!("../../../fixtures/video-other/elementary.m2v");
const TRANSPORT: &[u8] = include_bytes!("../../../fixtures/video-other/transport.ts");

const PACK: &[u8] = b"\0\0\x01\xba\x44\0\x04\0\x04\x01\0\0\x03\xf8";

/// A packet with a time in ticks of 1/90,000 s.
fn packet(id: u8, time: u64, body: &[u8]) -> Vec<u8> {
    let byte = |shift: u32| u8::try_from(time >> shift & 0xff).expect("a byte");
    let stamp = [0x21 | (byte(30) & 7) << 1, byte(22), byte(14) & 0xfe | 1, byte(7), byte(0) << 1 | 1];
    let size = u16::try_from(body.len() + 8).expect("short").to_be_bytes();
    [&[0, 0, 1, id][..], &size, b"\x80\x80\x05", &stamp, body].concat()
}

/// MPEG-2 video of 720x576 at 25 frames per second, up to its first picture.
const VIDEO: &[u8] =
    b"\0\0\x01\xb3\x2d\x02\x40\x13\xff\xff\xe0\x18\0\0\x01\xb5\x14\x8a\0\x01\0\0\0\0\x01\0\0\x0f\xff\xf8";

/// A frame of MPEG audio, layer II: 96 bytes, 24 ms.
const LAYER2: &[u8] =
    b"\xff\xfd\x14\x04............................................................................................";

fn duration(packets: &[Vec<u8>]) -> Option<(u128, bool)> {
    compare::millis(&read_whole(read, &[PACK, &packets.concat()].concat()).expect("a program stream"))
}

/// Returns whether the first bytes are detected as a format of this reader.
fn matches(head: &[u8]) -> bool {
    matches!(crate::media::sniff::sniff(head), crate::media::Format::Mpeg | crate::media::Format::MpegTs)
}

#[test]
fn good_files_are_read() {
    let case = |bytes, codecs, display_size, fps: Option<f64>| {
        assert!(matches(bytes));
        let media = read_whole(read, bytes).expect("an MPEG file");
        assert_eq!((media.format, compare::codecs(&media)), (Format::Mpeg, codecs));
        assert_eq!((media.coded_size, media.display_size), (Some(Dimensions::new(64, 48)), Some(display_size)));
        assert_eq!(media.video.as_ref().and_then(|video| video.fps), fps.map(Measured::exact));
        check_reader(read, bytes);
        compare::millis(&media)
    };
    let square = Dimensions::new(64, 48);
    assert_eq!(case(MPEG1, ("mpeg1video", "mp2"), square, Some(25.0)), Some((160, false)));
    let (wide, ntsc) = (Dimensions::new(85, 48), 30_000.0 / 1001.0);
    assert_eq!(case(MPEG2, ("mpeg2video", "mp2"), wide, Some(ntsc)), Some((100, false)));
    assert_eq!(case(AC3, ("mpeg2video", "ac3"), square, Some(25.0)), Some((120, false)));
    assert_eq!(case(ELEMENTARY, ("mpeg2video", "-"), square, Some(25.0)), None);
    assert_eq!(case(H264, ("h264", "-"), square, None), None);
}

#[test]
fn transport_streams_are_named() {
    assert!(matches(TRANSPORT));
    assert_eq!(read_whole(read, TRANSPORT), Ok(Media::new(Format::MpegTs)));
    let blu_ray: Vec<u8> = TRANSPORT.chunks(188).flat_map(|packet| [&[0; 4], packet].concat()).collect();
    assert!(matches(&blu_ray));
    assert_eq!(read_whole(read, &blu_ray), Ok(Media::new(Format::MpegTs)));
    assert!(!matches(&TRANSPORT[..188]), "one sync byte may be chance");
    assert!(!matches(&[&TRANSPORT[..188], b"GGGG"].concat()[1..]));
}

#[test]
fn wrong_and_empty_files_are_refused() {
    for bytes in [&b""[..], b"\0\0\x01", b"\0\0\x01\xb9", b"\0\0\0\x18ftyp", b"GIF89a"] {
        assert!(!matches(bytes), "{bytes:?}");
    }
    assert!(read_whole(read, b"").is_err());
    assert!(read_whole(read, &[PACK, b"\0\0\x01\xb9"].concat()).is_err(), "no packets");
    assert!(read_whole(read, b"\0\0\x01\xb3\0\0\0\0\0\0\0\0\0\0\x01\xb8").is_err(), "a damaged header");
}

#[test]
fn cut_files_have_no_other_facts() {
    for bytes in [MPEG1, MPEG2, AC3, H264, ELEMENTARY] {
        check_cuts(read, bytes);
    }
}

#[test]
fn the_duration_is_the_last_time_minus_the_first_plus_a_frame() {
    let film = [
        packet(0xe0, 45_000, VIDEO),
        packet(0xe0, 48_600, b"B"),
        packet(0xe0, 47_000, b"I"),
        packet(0xe0, 130_000, b"I"),
        packet(0xe0, 126_400, b"B"),
    ];
    assert_eq!(duration(&film), Some((984, false)));
    let sound = [packet(0xc0, 0, b"\xff\xfd\x84\x04"), packet(0xc0, 90_000, b".")];
    assert_eq!(duration(&sound), Some((1000, false)));
    let frames = [packet(0xc0, 0, &LAYER2.repeat(2)), packet(0xc0, 4320, &LAYER2.repeat(5))];
    assert_eq!(duration(&frames), Some((168, false)), "two frames, then five");
    let end = (1 << 33) - 1;
    let wrapped = [packet(0xe0, end - 44_999, VIDEO), packet(0xe0, 45_000, b".")];
    assert_eq!(duration(&wrapped), Some((1040, false)), "the clock starts again");
    assert_eq!(duration(&[packet(0xe0, 900_000, VIDEO), packet(0xe0, 0, b".")]), None, "times that run back");
}

#[test]
fn sound_is_named_by_its_frames() {
    let case = |id, body: &[u8], name| {
        let bytes = [PACK, &packet(id, 0, body), &packet(0xe0, 0, VIDEO)].concat();
        assert_eq!(read_whole(read, &bytes).map(|media| compare::codecs(&media)), Ok(("mpeg2video", name)));
    };
    case(0xc0, b"\xff\xfd\x84\x04", "mp2");
    case(0xdf, b"\xff\xfb\x90\x64", "mp3");
    case(0xc0, b"\xff\xf1\x50\x80\x02\x1f\xfc", "aac");
    case(0xc0, b"....", "-");
    case(0xc0, &[b"..", &b"\xff\xfd\x14\x04".repeat(24)[..], b"\xff\xfd\x14\x04...."].concat(), "mp2");
    case(0xbd, b"\x80\x01\0\x01\x0b\x77", "ac3");
    case(0xbd, b"\x89", "dts");
    case(0xbd, b"\xa0", "pcm_dvd");
    case(0xbd, b"\x20", "-");
}

#[test]
fn other_video_is_named_by_its_stream() {
    let media = read_whole(read, &[PACK, &packet(0xe3, 0, &[0; 5000])].concat()).expect("a program stream");
    let codec = media.video.map(|video| video.codec);
    assert_eq!(codec, Some(Codec::Other(crate::text::untrusted::UntrustedText::from("0xe3"))));
}

#[test]
fn a_header_that_denies_the_audio_is_not_trusted() {
    let header = b"\0\0\x01\xbb\0\x09\x80\0\x01\0\x61\xff\xe0\0\0";
    let bytes = [PACK, header, &packet(0xe0, 0, VIDEO), &packet(0xc0, 0, LAYER2)].concat();
    assert_eq!(read_whole(read, &bytes).map(|media| compare::codecs(&media)), Ok(("mpeg2video", "mp2")));
}

#[test]
fn a_gap_between_packets_is_skipped() {
    let bytes = [PACK, &[0xaa; 777], &packet(0xe0, 0, VIDEO), &packet(0xe0, 9000, b".")].concat();
    assert_eq!(read_whole(read, &bytes).map(|media| compare::millis(&media)), Ok(Some((140, false))));
}

#[test]
fn a_million_empty_packets_are_not_walked() {
    let bytes = [PACK, &b"\0\0\x01\xbe\0\0".repeat(1_000_000)].concat();
    assert!(read_whole(read, &bytes).is_err());
}

#[test]
fn mutated_files_keep_the_invariants() {
    check_mutations(read, &[MPEG1, MPEG2, AC3, H264, ELEMENTARY]);
}
