//! Windows Media files: whether there is video, and the codec of the audio if there is none. The API accepts neither, so
//! nothing in them is reported as malformed.
//!
//! Layout: "Advanced Systems Format (ASF) Specification", sections 2.1 (objects), 3.1 (header) and 3.3 (streams).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::riff::wave_format::WaveFormat;
use super::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::{Codec, Format, Media};

/// The stream properties object.
const STREAM: [u8; 16] = *b"\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65";

/// The types of streams.
const AUDIO: [u8; 16] = *b"\x40\x9e\x69\xf8\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b";
const VIDEO: [u8; 16] = *b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b";

/// Where the objects in the header object begin.
const OBJECTS: u64 = 30;

/// How much of the header is read, in bytes.
const HEAD: u64 = 64 << 10;

/// Describes the streams of a file.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let mut media = Media::new(Format::Asf);
    media.audio = match sole_audio(buffer) {
        Ok(audio) => audio,
        Err(ReadError::Malformed(_)) => None,
        Err(error @ (ReadError::NeedMore(_) | ReadError::TooComplex)) => return Err(error),
    };
    Ok(media)
}

/// Returns the codec of the first audio stream; `None` where there is video, or no stream that is known.
fn sole_audio(buffer: &SparseBuffer) -> Result<Option<Codec>, ReadError> {
    let end = buffer.le64(16)?.min(HEAD).min(buffer.total().unwrap_or(u64::MAX));
    let (mut at, mut audio) = (OBJECTS, None);
    while at.saturating_add(40) <= end {
        let (id, size) = (buffer.array::<16>(at)?, buffer.le64(at.saturating_add(16))?);
        if id == STREAM {
            match buffer.array::<16>(at.saturating_add(24))? {
                VIDEO => return Ok(None),
                AUDIO if audio.is_none() => {
                    audio = Some(WaveFormat::read(buffer, at.saturating_add(78), 16)?.codec());
                }
                _ => {}
            }
        }
        // An object is at least as long as its own head.
        at = at.saturating_add(size.max(24));
    }
    Ok(audio)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::media::Kind;
    use crate::media::testing::compare;
    use crate::media::testing::feeder::read_whole;
    use crate::media::testing::invariants::{check_cuts, check_reader};
    use crate::media::testing::mutate::Rng;

    fn object(id: [u8; 16], content: &[u8]) -> Vec<u8> {
        let size = u64::try_from(content.len() + 24).expect("small");
        [&id[..], &size.to_le_bytes(), content].concat()
    }

    fn stream(kind: [u8; 16], tag: u16) -> Vec<u8> {
        let format = [&tag.to_le_bytes()[..], b"\x02\0\x44\xac\0\0\xa0\x0f\0\0\xe8\x02\x10\0"].concat();
        object(STREAM, &[&kind[..], &[0; 38], &format].concat())
    }

    fn file(objects: &[Vec<u8>]) -> Vec<u8> {
        let (id, count) = (*b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", objects.len());
        let count = u32::try_from(count).expect("small").to_le_bytes();
        object(id, &[&count[..], b"\x01\x02", &objects.concat()].concat())
    }

    #[test]
    fn streams_decide_on_the_kind() {
        let case = |objects: &[Vec<u8>], kind, codecs| {
            let bytes = file(objects);
            assert_eq!(crate::media::sniff::sniff(&bytes), Format::Asf);
            let media = read_whole(read, &bytes).expect("a description never fails");
            assert_eq!((media.kind(), compare::codecs(&media)), (Some(kind), codecs));
            check_reader(read, &bytes);
            check_cuts(read, &bytes);
        };
        let other = object([7; 16], b"metadata");
        let (audio, video) = (stream(AUDIO, 0x161), stream(VIDEO, 0));
        case(&[other.clone(), audio.clone()], Kind::Audio, ("-", "wmav2"));
        case(&[audio.clone(), other.clone(), video.clone()], Kind::Video, ("-", "-"));
        case(&[video, audio], Kind::Video, ("-", "-"));
        case(&[other], Kind::Video, ("-", "-"));
        case(&[], Kind::Video, ("-", "-"));
    }

    #[test]
    fn damage_is_not_reported() {
        let good = file(&[object([7; 16], b"metadata"), stream(AUDIO, 0x160)]);
        let mut short = good.clone();
        // An object that is shorter than its head does not stop the search.
        short[46..54].fill(0);
        for bytes in [&good[..40], &short[..], &good[..16]] {
            assert_eq!(read_whole(read, bytes).map(|media| media.format), Ok(Format::Asf));
        }
        let mut rng = Rng::new(0x9e37_79b9_7f4a_7c15);
        for _ in 0..400 {
            check_reader(read, &rng.mutate(&good));
        }
    }
}
