//! One tag of a Flash Video file, and the codec named at the start of its body.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::super::bits::Bits;
use super::super::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::Codec;
use crate::text::untrusted::UntrustedText;
use crate::units::Dimensions;

/// The kind of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    /// Sound.
    Sound,
    /// A picture.
    VideoTag,
    /// Metadata.
    Script,
    /// Anything else, encrypted tags included.
    Other,
}

/// A tag's header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    pub(super) kind: TagKind,
    /// Bytes of the body.
    pub(super) size: u32,
    /// Its timestamp, in milliseconds.
    pub(super) time: u32,
    /// Where the body starts.
    pub(super) body: u64,
    /// Where the body ends.
    pub(super) end: u64,
}

/// The first video tag.
#[derive(Clone, Debug)]
pub(super) struct VideoTag {
    pub(super) codec: Codec,
    /// The coded size and the display size, if the tag states them.
    pub(super) size: Option<(Dimensions, Dimensions)>,
}

impl Tag {
    /// Reads the eleven bytes of a header.
    pub(super) fn read(buffer: &SparseBuffer, at: u64) -> Result<Self, ReadError> {
        let [kind, size @ ..] = buffer.array::<4>(at)?;
        let [time @ .., highest] = buffer.array::<4>(at.saturating_add(4))?;
        // The header ends with the stream ID, always zero: a tag without it is truncated.
        buffer.bytes(at.saturating_add(8), 3)?;
        let kind = match kind {
            8 => TagKind::Sound,
            9 => TagKind::VideoTag,
            18 => TagKind::Script,
            _ => TagKind::Other,
        };
        let size = be24(size);
        let body = at.saturating_add(11);
        let time = be24(time) | u32::from(highest) << 24;
        Ok(Self { kind, size, time, body, end: body.saturating_add(size.into()) })
    }

    /// Returns up to `length` bytes of the body.
    fn start<'a>(&self, buffer: &'a SparseBuffer, length: u32) -> Result<&'a [u8], ReadError> {
        buffer.bytes(self.body, usize::try_from(self.size.min(length)).unwrap_or(0))
    }

    /// Reads the codec of a sound tag.
    pub(super) fn sound(&self, buffer: &SparseBuffer) -> Result<Codec, ReadError> {
        let (first, code) = match *self.start(buffer, 5)? {
            [first, a, b, c, d] => (first, Some([a, b, c, d])),
            [first, ..] => (first, None),
            [] => return Ok(Codec::Other(UntrustedText::default())),
        };
        let wide = first & 2 != 0;
        Ok(Codec::Known(match (first >> 4, code) {
            (0, _) if wide => "pcm_s16be",
            (3, _) if wide => "pcm_s16le",
            (0 | 3, _) => "pcm_u8",
            (1, _) => "adpcm_swf",
            (2 | 14, _) => "mp3",
            (4..=6, _) => "nellymoser",
            (7, _) => "pcm_alaw",
            (8, _) => "pcm_mulaw",
            (10, _) => "aac",
            (11, _) => "speex",
            (9, Some(code)) => match &code {
                b"mp4a" => "aac",
                b".mp3" => "mp3",
                b"Opus" => "opus",
                b"fLaC" => "flac",
                b"ac-3" => "ac3",
                b"ec-3" => "eac3",
                _ => return Ok(Codec::Other(UntrustedText::new(code))),
            },
            (number, _) => return Ok(Codec::Other(UntrustedText::from(number.to_string().as_str()))),
        }))
    }

    /// Reads the codec of a video tag, and the size if that is cheap to read; `None` for a command frame.
    pub(super) fn picture(&self, buffer: &SparseBuffer) -> Result<Option<VideoTag>, ReadError> {
        let body = self.start(buffer, MAX_PICTURE_HEAD)?;
        let Some((&first, rest)) = body.split_first() else { return Ok(None) };
        if (first >> 4) & 7 == 5 {
            return Ok(None);
        }
        if first & 0x80 != 0 {
            return Ok(rest.first_chunk().map(|code| enhanced(first & 0x0f, *code, rest)));
        }
        let codec = Codec::Known(match first & 0x0f {
            2 => "flv1",
            3 => "flashsv",
            4 => "vp6f",
            5 => "vp6a",
            6 => "flashsv2",
            7 => "h264",
            8 => "h263",
            9 => "mpeg4",
            number => {
                return Ok(Some(VideoTag {
                    codec: Codec::Other(UntrustedText::from(number.to_string().as_str())),
                    size: None,
                }));
            }
        });
        let size = match (first & 0x0f, rest) {
            (2, rest) => sorenson(rest).map(|size| (size, size)),
            (7, [0, _, _, _, record @ ..]) => super::avc_size(record),
            _ => None,
        };
        Ok(Some(VideoTag { codec, size }))
    }
}

fn be24([high, middle, low]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, high, middle, low])
}

/// How much of a video tag is read, in bytes: a configuration record of H.264 is far smaller.
const MAX_PICTURE_HEAD: u32 = 4096;

/// Reads a video tag of Enhanced RTMP: a packet type, of which 0 starts the sequence, and a code of four characters.
fn enhanced(packet: u8, code: [u8; 4], rest: &[u8]) -> VideoTag {
    let name = match &code {
        b"avc1" => "h264",
        b"hvc1" => "hevc",
        b"av01" => "av1",
        b"vp08" => "vp8",
        b"vp09" => "vp9",
        b"vvc1" => "vvc",
        _ => return VideoTag { codec: Codec::Other(UntrustedText::new(code)), size: None },
    };
    let record = rest.get(4..).filter(|_| packet == 0 && name == "h264");
    VideoTag { codec: Codec::Known(name), size: record.and_then(super::avc_size) }
}

/// Reads the size from a picture header of Sorenson H.263.
fn sorenson(picture: &[u8]) -> Option<Dimensions> {
    let mut bits = Bits::new(picture);
    if bits.number(17)? != 1 {
        return None;
    }
    bits.skip(13)?;
    let (width, height) = match bits.number(3)? {
        0 => (bits.number(8)?, bits.number(8)?),
        1 => (bits.number(16)?, bits.number(16)?),
        2 => (352, 288),
        3 => (176, 144),
        4 => (128, 96),
        5 => (320, 240),
        6 => (160, 120),
        _ => return None,
    };
    (width > 0 && height > 0).then_some(Dimensions::new(width, height))
}
