//! The duration of MPEG audio, estimated from its first frames if no header counts them.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::id3;
use super::mpeg_audio::{Frame, FrameRun};
use crate::media::sparse_buffer::SparseBuffer;
use crate::media::{Measured, timebase};

/// Returns the bytes between the first frame and the `ID3v1` tag, which is only detected if it is buffered already.
pub(crate) fn audio_bytes(buffer: &SparseBuffer, start: u64, total: u64) -> u64 {
    let tag = total.checked_sub(id3::V1).filter(|at| buffer.bytes(*at, 3) == Ok(b"TAG")).map_or(0, |_| id3::V1);
    total.saturating_sub(start).saturating_sub(tag)
}

/// Estimates the duration from the average bytes of the first frames; `None` if too few are buffered.
pub(crate) fn duration(audio: &[u8], room: Option<u64>) -> Option<Measured<Duration>> {
    const FEW: u64 = 8;
    let run = FrameRun::along(audio);
    let rate = Frame::parse(audio)?.rate;
    let room = room?;
    if run.frames < FEW && run.bytes < room {
        return None;
    }
    let samples = u128::from(run.samples).checked_mul(u128::from(room))?.checked_div(u128::from(run.bytes))?;
    timebase::ticks_to_duration(u64::try_from(samples).ok()?, rate.into(), 1).map(Measured::estimated)
}
