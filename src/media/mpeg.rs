//! MPEG: program streams, elementary video, and transport streams, of which only the format is detected.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod packet;
mod program;

use super::mpeg::video::{SEQUENCE, SequenceHeader};
use super::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Codec, Format, Measured, Media, VideoTrack};
use program::Program;

/// How much elementary video is read for its header, in bytes: it includes two matrices of 64 and a few extensions.
const HEADER: usize = 4096;

/// Reads the size, the codecs, the frame rate and the duration of a program stream; elementary video has no clock of
/// its own, so its duration is not known.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    match buffer.array(0)? {
        [0, 0, 1, packet::PACK] => Ok(Program::read(buffer)?.media(buffer)?),
        [0, 0, 1, SEQUENCE] => {
            let sequence = SequenceHeader::find(buffer.up_to(0, HEADER)?);
            let sequence = sequence.ok_or_else(|| malformed(0, "the MPEG sequence header is damaged"))?;
            let mut media = Media::new(Format::Mpeg);
            show(&mut media, &sequence);
            Ok(media)
        }
        _ => Ok(Media::new(Format::MpegTs)),
    }
}

/// Adds the facts of a sequence header.
fn show(media: &mut Media, sequence: &SequenceHeader) {
    media.coded_size = Some(sequence.coded_size);
    media.display_size = Some(sequence.display_size);
    let fps = sequence.fps.map(Measured::exact);
    media.video = Some(VideoTrack { codec: Codec::Known(sequence.codec), profile: None, fps });
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
mod video;
