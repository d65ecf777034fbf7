//! MPEG: program streams, elementary video, and transport streams, which are only named.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod packet;
mod program;

use super::mpeg_video::{SEQUENCE, Sequence};
use super::window::{Halt, Window, broken};
use crate::media::{Codec, Format, Measured, Media, VideoTrack};
use program::Program;

/// How much elementary video is read for its header, in bytes: two matrices of 64 and a few extensions lie between.
const HEADER: usize = 4096;

/// Says whether the first bytes of a file are those of an MPEG stream.
pub(crate) fn matches(head: &[u8]) -> bool {
    matches!(head, [0, 0, 1, packet::PACK | SEQUENCE, ..]) || is_transport(head)
}

/// Says whether packets of 188 bytes, each with its sync byte, stand in a row; Blu-ray puts four bytes before each.
fn is_transport(head: &[u8]) -> bool {
    const SYNC: u8 = 0x47;
    let in_step = |first: usize, length: usize| {
        let mut packets = head.iter().skip(first).step_by(length).take(5);
        packets.len() >= 2 && packets.all(|byte| *byte == SYNC)
    };
    in_step(0, 188) || in_step(4, 192)
}

/// Reads the size, the codecs, the frame rate and the duration of a program stream; elementary video has no clock of
/// its own, so its duration is not known.
pub(crate) fn read(window: &Window) -> Result<Media, Halt> {
    match window.array(0)? {
        [0, 0, 1, packet::PACK] => Ok(Program::read(window)?.media(window)?),
        [0, 0, 1, SEQUENCE] => {
            let sequence = Sequence::find(window.up_to(0, HEADER)?);
            let sequence = sequence.ok_or_else(|| broken(0, "the MPEG sequence header is damaged"))?;
            let mut media = Media::new(Format::Mpeg);
            show(&mut media, &sequence);
            Ok(media)
        }
        _ => Ok(Media::new(Format::MpegTs)),
    }
}

/// Enters what a sequence header tells.
fn show(media: &mut Media, sequence: &Sequence) {
    media.stored = Some(sequence.stored);
    media.displayed = Some(sequence.displayed);
    let fps = sequence.fps.map(Measured::exact);
    media.video = Some(VideoTrack { codec: Codec::Known(sequence.codec), profile: None, fps });
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
