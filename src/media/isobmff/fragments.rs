//! Fragments: the boxes between the index and the first frames of a fragmented file (ISO/IEC 14496-12, sections 8.8 and
//! 8.16.3).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::atom::Atom;
use super::movie::ticks;
use crate::media::Measured;
use crate::media::sparse_buffer::{ReadError, SparseBuffer};

/// The facts in the boxes after the index.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Fragments {
    /// Duration of the file, from a segment index that covers all of it.
    pub(super) duration: Option<Measured<Duration>>,
    /// How many ticks a frame of the track lasts in the first fragment.
    pub(super) frame: Option<u32>,
}

impl Fragments {
    /// Reads from the end of the index to the first fragment. Malformed boxes are ignored, since the index already
    /// describes the file.
    pub(super) fn read(buffer: &SparseBuffer, from: u64, track: u32) -> Result<Self, ReadError> {
        let mut fragments = Self::default();
        match fragments.walk(buffer, from, track) {
            Err(error @ (ReadError::NeedMore(_) | ReadError::TooComplex)) => Err(error),
            Ok(()) | Err(ReadError::Malformed(_)) => Ok(fragments),
        }
    }

    fn walk(&mut self, buffer: &SparseBuffer, from: u64, track: u32) -> Result<(), ReadError> {
        let end = buffer.total().unwrap_or(u64::MAX);
        let mut at = from;
        for _ in 0..BOXES {
            let Some(atom) = Atom::read(buffer, at, end)? else { break };
            match &atom.kind {
                b"sidx" if self.duration.is_none() => self.duration = covered(buffer, atom)?,
                b"moof" => {
                    self.frame = frame(atom, track)?;
                    break;
                }
                b"mdat" => break,
                _ => {}
            }
            at = atom.end;
        }
        Ok(())
    }
}

/// The maximum number of boxes between the index and the first fragment.
const BOXES: u8 = 32;

/// Sums the durations in a segment index; `None` unless it covers the file up to its end, since some writers put one
/// before each fragment.
fn covered(buffer: &SparseBuffer, sidx: Atom) -> Result<Option<Measured<Duration>>, ReadError> {
    let version = sidx.u8(0)?;
    let (offset, rows) = if version == 0 { (sidx.be32(16)?.into(), 20_u64) } else { (sidx.be64(20)?, 28) };
    let count = sidx.be16(rows.saturating_add(2))?;
    let bytes = sidx.bytes(rows.saturating_add(4), usize::from(count).saturating_mul(12))?;
    let (mut end, mut length) = (sidx.end.saturating_add(offset), 0_u64);
    for row in bytes.chunks_exact(12) {
        let field = |at: usize| {
            row.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_be_bytes(*bytes))
        };
        end = end.saturating_add(u64::from(field(0) & 0x7fff_ffff));
        length = length.saturating_add(field(4).into());
    }
    let Some(length) = ticks(length, sidx.be32(8)?) else { return Ok(None) };
    Ok(match buffer.total() {
        Some(total) if end == total || is_index_of_fragments(buffer, end, total) => Some(Measured::exact(length)),
        Some(total) if end < total && total.saturating_sub(end).saturating_mul(50) <= total => {
            Some(Measured::estimated(length))
        }
        Some(_) | None => None,
    })
}

/// Returns whether an `mfra` box, which may follow the last fragment, is buffered. It is not fetched for this alone.
fn is_index_of_fragments(buffer: &SparseBuffer, at: u64, total: u64) -> bool {
    matches!(Atom::read(buffer, at, total), Ok(Some(atom)) if atom.kind == *b"mfra")
}

/// Reads how many ticks a frame of the track lasts in its first run of frames: the median of the run, because the
/// first often differs. `None` if the run is too short.
fn frame(moof: Atom, track: u32) -> Result<Option<u32>, ReadError> {
    for traf in moof.children(0) {
        let traf = traf?;
        let Some(tfhd) = (if traf.kind == *b"traf" { traf.child(*b"tfhd")? } else { None }) else { continue };
        if tfhd.be32(4)? == track {
            let each = default_duration(tfhd)?;
            return traf.child(*b"trun")?.map_or(Ok(None), |trun| middle_frame(trun, each));
        }
    }
    Ok(None)
}

/// Returns the default sample duration in ticks, a field of the `tfhd` box.
pub(super) fn default_duration(tfhd: Atom) -> Result<Option<u32>, ReadError> {
    let flags = tfhd.be32(0)?;
    let before = optional_fields(flags, [(0x01, 8), (0x02, 4)]);
    if flags & 0x08 == 0 { Ok(None) } else { tfhd.be32(before.saturating_add(8)).map(Some) }
}

fn middle_frame(trun: Atom, each: Option<u32>) -> Result<Option<u32>, ReadError> {
    let (flags, count) = (trun.be32(0)?, trun.be32(4)?.min(FRAMES));
    if count < 3 {
        return Ok(None);
    }
    if flags & 0x100 == 0 {
        return Ok(each.filter(|each| *each > 0));
    }
    let first = optional_fields(flags, [(0x01, 4), (0x04, 4)]).saturating_add(8);
    let row = optional_fields(flags, [(0x100, 4), (0x200, 4), (0x400, 4), (0x800, 4)]);
    let frame = |index: u32| trun.be32(row.saturating_mul(index.into()).saturating_add(first));
    let mut frames = (0..count).map(frame).collect::<Result<Vec<_>, _>>()?;
    frames.sort_unstable();
    Ok(frames.get(frames.len().saturating_div(2)).copied().filter(|each| *each > 0))
}

/// How many frames of the first run are read.
const FRAMES: u32 = 256;

/// Adds up the lengths of those fields whose flag is set.
pub(super) fn optional_fields<const N: usize>(flags: u32, fields: [(u32, u64); N]) -> u64 {
    fields.iter().filter(|(flag, _)| flags & flag != 0).fold(0, |sum, (_, length)| sum.saturating_add(*length))
}
