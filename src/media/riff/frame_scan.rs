//! The frames of an AVI file whose header does not count them, counted as the file is read.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::stream_cursor::TO_THE_END;
use crate::media::stream_scan::StreamScan;
use crate::media::timebase::seconds_to_duration;
use crate::media::{Measured, Media};

/// Counts the chunks of the video stream.
#[derive(Debug, Default)]
pub(crate) struct AviFrameScan {
    /// True once the RIFF header was read.
    has_started: bool,
    /// The number of streams announced so far, and the index of the first video stream.
    streams: u8,
    video: Option<u8>,
    frames: u32,
}

impl StreamScan for AviFrameScan {
    /// Returns how many bytes to skip from the start of a chunk; `None` if more bytes are needed.
    fn examine(&mut self, rest: &[u8]) -> Option<u64> {
        let [n0, n1, n2, n3, s0, s1, s2, s3, kind @ ..] = rest.first_chunk::<12>()?;
        let size = u64::from(u32::from_le_bytes([*s0, *s1, *s2, *s3]));
        match &[*n0, *n1, *n2, *n3] {
            b"RIFF" => {
                self.has_started = true;
                return Some(12);
            }
            _ if !self.has_started => return Some(TO_THE_END),
            // The chunks inside these lists are read as if they were outside.
            b"LIST" if matches!(kind, b"hdrl" | b"strl" | b"movi" | b"rec ") => return Some(12),
            b"strh" => {
                if kind == b"vids" {
                    self.video.get_or_insert(self.streams);
                }
                self.streams = self.streams.saturating_add(1);
            }
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9', b'd', b'b' | b'c'] => {
                let stream = tens.saturating_sub(b'0').saturating_mul(10).saturating_add(ones.saturating_sub(b'0'));
                self.frames = self.frames.saturating_add(u32::from(self.video == Some(stream)));
            }
            _ => {}
        }
        // A chunk of odd size is padded by one byte.
        Some(size.saturating_add(size & 1).saturating_add(8))
    }

    fn complete(&self, media: &mut Media, _: &[u8]) {
        let fps = media.video.as_ref().and_then(|video| video.fps).map(|fps| fps.value);
        if let Some(duration) = fps.and_then(|fps| seconds_to_duration(f64::from(self.frames) / fps)) {
            media.duration = Some(Measured::estimated(duration));
        }
    }
}
