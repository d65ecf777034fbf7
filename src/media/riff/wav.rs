//! RIFF WAVE, its 64-bit form RF64 (EBU Tech 3306, also called BW64).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::wave_format::WaveFormat;
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Format, Measured, Media, timebase};

/// The size left by a writer that cannot seek back, and by RF64 if the true size is in `ds64`.
const OPEN: u32 = u32::MAX;

/// Reads the codec and the duration.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let mut media = Media::new(Format::Wav);
    // RIFX, whose numbers are big-endian: few programs write it, and the duration is not known here.
    if buffer.array(0)? == *b"RIFX" {
        return Err(ReadError::TooComplex);
    }
    let chunks = Chunks::read(buffer)?;
    let format = chunks.format.ok_or_else(|| malformed(chunks.data, "the WAV format is missing"))?;
    media.audio = Some(format.codec());
    media.duration = chunks.duration(&format, buffer.total());
    media.truncated =
        chunks.is_cut_short(buffer.total()).then_some("the file ends inside its samples (the `data` chunk)");
    Ok(media)
}

/// The chunks before the samples, and where those are.
#[derive(Clone, Copy, Debug, Default)]
struct Chunks {
    format: Option<WaveFormat>,
    /// Samples per channel, stated by compressed formats.
    samples: Option<u32>,
    /// Bytes of samples, stated by RF64.
    wide: Option<u64>,
    /// Where the samples begin.
    data: u64,
    /// Bytes of samples as the chunk states them.
    size: u32,
}

impl Chunks {
    fn read(buffer: &SparseBuffer) -> Result<Self, ReadError> {
        let mut chunks = Self::default();
        let mut at = 12_u64;
        loop {
            let name = buffer.array(at)?;
            let size = buffer.le32(at.saturating_add(4))?;
            let body = at.saturating_add(8);
            match &name {
                b"fmt " if size >= 14 => chunks.format = Some(WaveFormat::read(buffer, body, size.into())?),
                b"fmt " => return Err(malformed(at, "the WAV format is cut short")),
                b"fact" if size >= 4 => chunks.samples = Some(buffer.le32(body)?),
                b"ds64" if size >= 16 => chunks.wide = Some(buffer.le64(body.saturating_add(8))?),
                b"data" => return Ok(Self { data: body, size, ..chunks }),
                _ => {}
            }
            // A chunk of odd size is followed by a byte of padding.
            at = body.saturating_add(u64::from(size)).saturating_add(u64::from(size & 1));
        }
    }

    /// Returns the stated number of bytes of samples; `None` for a placeholder.
    fn stated(&self) -> Option<u64> {
        match (self.size, self.wide) {
            (OPEN, wide) => wide,
            (0, _) => None,
            (size, _) => Some(u64::from(size)),
        }
    }

    /// Returns whether the file ends before its samples do; the byte of padding may be missing.
    fn is_cut_short(&self, total: Option<u64>) -> bool {
        let end = self.stated().map(|size| self.data.saturating_add(size));
        end.zip(total).is_some_and(|(end, total)| end > total.saturating_add(1))
    }

    /// Computes the duration: exact if all samples have the same size, estimated if the file is truncated or only the
    /// bit rate is known.
    fn duration(&self, format: &WaveFormat, total: Option<u64>) -> Option<Measured<Duration>> {
        let there = total.map(|total| total.saturating_sub(self.data));
        let stated = self.stated();
        let whole = stated.zip(there).is_none_or(|(stated, there)| stated <= there);
        // After a size of zero there may be other chunks as well as samples.
        let sure = whole && (stated.is_some() || self.size == OPEN || there == Some(0));
        let bytes = there.map_or(stated, |there| Some(stated.unwrap_or(there).min(there)))?;
        let mark = |time| if sure { Measured::exact(time) } else { Measured::estimated(time) };
        if format.is_pcm() {
            let samples = bytes.checked_div(format.sample_bytes())?;
            return timebase::ticks_to_duration(samples, format.rate.into(), 1).map(mark);
        }
        match self.samples.filter(|samples| *samples > 0 && *samples < OPEN && whole) {
            Some(samples) => timebase::ticks_to_duration(samples.into(), format.rate.into(), 1).map(Measured::exact),
            None => timebase::ticks_to_duration(bytes, format.byte_rate.into(), 1).map(Measured::estimated),
        }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
