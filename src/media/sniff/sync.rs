//! Streams without a signature: detected by a sync word that is repeated where the next frame must start.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::Format;
use crate::media::audio::mpeg_audio;

/// Detects the format after an ID3 tag: MP3, unless the bytes after the tag are available and say otherwise.
pub(super) fn id3(head: &[u8]) -> Option<Format> {
    let [b'I', b'D', b'3', 2..=4, _, flags, size @ ..] = head.first_chunk::<10>()? else { return None };
    let size: &[u8] = size;
    if flags & 0x0f != 0 || size.iter().any(|byte| *byte >= 0x80) {
        return None;
    }
    let size = size.iter().fold(0_usize, |size, byte| (size << 7) | usize::from(*byte));
    let rest = head.get(size.saturating_add(10)..).unwrap_or_default();
    Some(if rest.starts_with(b"fLaC") { Format::Flac } else { adts(rest).unwrap_or(Format::Mp3) })
}

/// Detects MPEG audio by a valid frame header that is repeated within one frame's length. Layers I and II are detected
/// as well, so that the reader can report them; for these, a single header is not enough.
pub(super) fn mp3(head: &[u8]) -> Option<Format> {
    let [0xff, second, third, fourth, rest @ ..] = head else { return None };
    let sync = second & 0xe0 == 0xe0;
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    let (bit_rate, sample_rate, emphasis) = (third >> 4, third >> 2 & 3, fourth & 3);
    if !sync || version == 1 || layer == 0 || bit_rate == 15 || sample_rate == 3 || emphasis == 2 {
        return None;
    }
    let same = |frame: &[u8]| matches!(frame, [0xff, b, c] if b & 0xfe == second & 0xfe && c & 0x0c == third & 0x0c);
    let again = rest.get(..MAX_MP3_FRAME).unwrap_or(rest).windows(3).any(same);
    (again || (layer == LAYER_III && rest.len() < MAX_MP3_FRAME)).then_some(Format::Mp3)
}

/// The code for layer III in a frame header.
const LAYER_III: u8 = 1;

/// Bytes of the longest layer III frame, MPEG-2.5 at 8 kHz and 160 kbit/s, rounded up.
const MAX_MP3_FRAME: usize = 2_884;

/// Detects AAC in ADTS frames by a valid header and a second one where the first frame ends.
pub(super) fn adts(head: &[u8]) -> Option<Format> {
    let length = adts_frame(head)?;
    match head.get(length..) {
        Some(next) if next.len() >= 7 => adts_frame(next).map(|_| Format::Aac),
        Some(_) | None => Some(Format::Aac),
    }
}

/// Returns the length of an ADTS frame in bytes, header included.
fn adts_frame(frame: &[u8]) -> Option<usize> {
    let [0xff, second, third, fourth, fifth, sixth, _] = frame.first_chunk::<7>()? else { return None };
    let length = usize::from(fourth & 3) << 11 | usize::from(*fifth) << 3 | usize::from(sixth >> 5);
    let sane = second & 0xf6 == 0xf0 && third >> 2 & 0xf < 13 && length >= 7;
    sane.then_some(length)
}

/// Detects MP3 and AAC that do not begin with a frame: a recording from the middle of a stream, or one after zeros or a
/// line feed. Players search for the first frame as well; here, three consecutive ones are required.
pub(super) fn later_frames(head: &[u8]) -> Option<Format> {
    let space = head.iter().take(16).take_while(|byte| byte.is_ascii_whitespace()).count();
    if let Some(format) = head.get(space..).and_then(id3) {
        return Some(format);
    }
    let (_, frame) = mpeg_audio::first_run(head)?;
    Some(if frame.codec == "aac" { Format::Aac } else { Format::Mp3 })
}

/// Detects an MPEG transport stream by its sync byte at the start of at least three packets.
pub(super) fn transport_stream(head: &[u8]) -> Option<Format> {
    // Plain, with the time stamps of Blu-ray discs and AVCHD cameras, and with parity bytes.
    let streams = [(0, 188), (4, 192), (0, 204)];
    let is_stream = |(start, packet): (usize, usize)| {
        let starts = head.iter().skip(start).step_by(packet).take(8);
        starts.clone().count() >= 3 && starts.clone().all(|byte| *byte == 0x47)
    };
    streams.into_iter().any(is_stream).then_some(Format::MpegTs)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "the bytes are the test's own")]
mod tests {
    use super::*;

    /// Repeats a frame header every `length` bytes, with bytes in between that are not a sync word.
    fn frames(header: &[u8], length: usize, count: usize) -> Vec<u8> {
        let mut frame = header.to_vec();
        frame.resize(length, 0x55);
        frame.repeat(count)
    }

    #[test]
    fn mp3_frames_must_be_repeated() {
        let header = b"\xff\xfb\x90\x64";
        assert_eq!(mp3(&frames(header, 417, 10)), Some(Format::Mp3));
        assert_eq!(mp3(header), Some(Format::Mp3));
        assert_eq!(mp3(&frames(header, 4096, 1)), None);
        assert_eq!(mp3(&frames(b"\xff\xfd\x90\x64", 417, 10)), Some(Format::Mp3), "layer II");
        assert_eq!(mp3(b"\xff\xfd\x90\x64"), None, "layer II, once");
        assert_eq!(mp3(b""), None);
        assert_eq!(mp3(b"\xff\xfb\x90"), None);
    }

    #[test]
    fn headers_with_reserved_values_are_not_mp3() {
        for header in
            [b"\xff\xeb\x90\x64", b"\xff\xf9\x90\x64", b"\xff\xfb\xf0\x64", b"\xff\xfb\x9c\x64", b"\xff\xfb\x90\x66"]
        {
            assert_eq!(mp3(&frames(header, 417, 10)), None, "{header:x?}");
        }
        assert_eq!(mp3(b"\xff\xfeh\0i\0"), None, "a UTF-16 byte order mark");
    }

    #[test]
    fn adts_frames_follow_each_other_exactly() {
        let header = b"\xff\xf1\x50\x80\x0c\x9f\xfc";
        assert_eq!(adts_frame(header), Some(100));
        assert_eq!(adts(&frames(header, 100, 3)), Some(Format::Aac));
        assert_eq!(adts(&frames(header, 101, 3)), None);
        assert_eq!(adts(header), Some(Format::Aac));
        assert_eq!(adts(&header[..6]), None);
        assert_eq!(adts(b"\xff\xf1\x7c\x80\x0c\x9f\xfc"), None);
    }

    #[test]
    fn a_tag_is_classified_by_what_follows_it() {
        let tag = b"ID3\x04\0\0\0\0\0\x04abcd";
        assert_eq!(id3(tag), Some(Format::Mp3));
        assert_eq!(id3(&[&tag[..], b"fLaC"].concat()), Some(Format::Flac));
        assert_eq!(id3(&[&tag[..], b"\xff\xf1\x50\x80\x0c\x9f\xfc"].concat()), Some(Format::Aac));
        assert_eq!(id3(b"ID3\x04\0\0\x7f\x7f\x7f\x7f"), Some(Format::Mp3));
        assert_eq!(id3(b"ID3\x04\0\0\0\0\0\x80"), None);
        assert_eq!(id3(b"ID3 tags are explained below"), None);
        assert_eq!(id3(b"ID3"), None);
    }

    #[test]
    fn transport_streams_repeat_their_sync_byte() {
        assert_eq!(transport_stream(&frames(b"\x47\x40\0\x10", 188, 4)), Some(Format::MpegTs));
        assert_eq!(transport_stream(&frames(b"\0\0\0\0\x47\x40\0\x10", 192, 4)), Some(Format::MpegTs));
        assert_eq!(transport_stream(&frames(b"\x47\x40\0\x10", 187, 4)), None);
        assert_eq!(transport_stream(&frames(b"\x47\x40\0\x10", 188, 2)), None);
        assert_eq!(transport_stream(b"G"), None);
    }
}
