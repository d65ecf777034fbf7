//! Frame counts of files made by ffmpeg, and of files built by the tests.

use proptest::prelude::*;

use super::*;
use crate::media::stream_cursor::StreamCursor;

/// A frame of 417 bytes and 1,152 samples at 44.1 kHz.
fn frame() -> Vec<u8> {
    let mut frame = b"\xff\xfb\x90\x64".to_vec();
    frame.resize(417, 0);
    frame
}

/// The duration of this many of them.
fn time(frames: u64) -> Option<Duration> {
    timebase::ticks_to_duration(frames * 1152, 44_100, 1)
}

fn counted(bytes: &[u8], piece: usize) -> Option<Duration> {
    let (mut cursor, mut scan) = (StreamCursor::default(), FrameCount::default());
    for piece in bytes.chunks(piece) {
        cursor.feed(piece, |rest| scan.examine(rest));
        assert!(cursor.buffered().len() < 40 * 1024);
    }
    scan.duration(cursor.buffered())
}

#[test]
fn good_files_are_counted_in_chunks_of_any_size() {
    let files: [(&[u8], u64); 8] = [
        (include_bytes!("../../../../fixtures/audio/cbr.mp3"), 288_000),
        (include_bytes!("../../../../fixtures/audio/vbr.mp3"), 288_000),
        (include_bytes!("../../../../fixtures/audio/bare-cbr.mp3"), 288_000),
        (include_bytes!("../../../../fixtures/audio/bare-vbr.mp3"), 288_000),
        (include_bytes!("../../../../fixtures/audio/cover.mp3"), 288_000),
        (include_bytes!("../../../../fixtures/audio/id3v1.mp3"), 288_000),
        (include_bytes!("../../../../fixtures/audio/layer2.mp3"), 216_000),
        (include_bytes!("../../../../fixtures/audio/adts.aac"), 320_000),
    ];
    for (index, (bytes, micros)) in files.into_iter().enumerate() {
        for piece in [1, 7, 100, 4096, usize::MAX] {
            assert_eq!(counted(bytes, piece), Some(Duration::from_micros(micros)), "file {index} by {piece}");
        }
    }
}

#[test]
fn wrong_and_empty_files_have_no_duration() {
    for bytes in [&b""[..], b"RIFF", &[0; 1000], &[0xff; 1000], b"ID3\x03\0\0\x7f\x7f\x7f\x7f"] {
        assert_eq!(counted(bytes, 3), None);
    }
}

#[test]
fn a_longer_prefix_never_has_a_shorter_duration() {
    let bytes = include_bytes!("../../../../fixtures/audio/bare-vbr.mp3");
    let (mut cursor, mut scan) = (StreamCursor::default(), FrameCount::default());
    let mut before = None;
    for byte in bytes {
        cursor.feed(&[*byte], |rest| scan.examine(rest));
        let now = scan.duration(cursor.buffered());
        assert!(now >= before, "{now:?} after {before:?}");
        before = now;
    }
}

#[test]
fn a_change_of_rate_is_summed_exactly() {
    let mut slow = b"\xff\xf3\x84\xc4".to_vec();
    slow.resize(192, 0);
    let bytes = [frame().repeat(50), slow.repeat(50)].concat();
    let expected = 50.0 * 1152.0 / 44_100.0 + 50.0 * 576.0 / 24_000.0;
    assert!((counted(&bytes, 1000).expect("a duration").as_secs_f64() - expected).abs() < 1e-6);
}

#[test]
fn m17_tags_between_and_after_frames_are_not_counted() {
    let ape =
        [&b"APETAGEX\xd0\x07\0\0\x20\x04\0\0\0\0\0\0\0\0\0\xa0\0\0\0\0\0\0\0\0"[..], &frame().repeat(4), &[0; 332]];
    let bytes = [frame().repeat(10), ape.concat(), frame().repeat(10)].concat();
    assert_eq!(counted(&bytes, 500), time(20));
    let id3 = [&b"ID3\x03\0\0\0\0\x06\x42"[..], &frame().repeat(2)].concat();
    let bytes = [id3, frame().repeat(10), b"TAG".to_vec(), vec![b' '; 125]].concat();
    assert_eq!(counted(&bytes, 500), time(10), "frames inside the tag are not counted");
}

#[test]
fn m18_false_syncs_are_not_counted() {
    let junk = b"\xff\xfb\x90\x64 a frame that no other follows \xff\xf1\x50\x80\x02\x1f\xfc".repeat(20);
    assert_eq!(counted(&[&junk[..], &frame().repeat(30), b"x", &junk].concat(), 99), time(30));
}

#[test]
fn m18_the_frame_with_the_frame_count_is_not_counted() {
    for (at, name) in [(36, b"Xing"), (36, b"Info"), (36, b"VBRI")] {
        let mut bytes = frame().repeat(5);
        bytes[at..at + 4].copy_from_slice(name);
        assert_eq!(counted(&bytes, 64), time(4));
    }
}

proptest! {
    #[test]
    fn any_number_of_frames_in_pieces_of_any_size(frames in 1_u64..60, piece in 1_usize..3000, front in 0_usize..200) {
        let bytes = [vec![0; front], frame().repeat(usize::try_from(frames).expect("few"))].concat();
        prop_assert_eq!(counted(&bytes, piece), time(frames));
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3000), piece in 1_usize..500) {
        let _ = counted(&bytes, piece);
    }
}
