//! Tracks: size, rotation, codec, frame rate and duration in the `trak` box (ISO/IEC 14496-12, section 8.3).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::HashMap;

use super::atom::{Atom, ignore_malformed};
use super::geometry::Matrix;
use super::sample_entry::{Handler, SampleEntry};
use crate::media::sparse_buffer::ReadError;

/// One video or audio track.
#[derive(Clone, Debug)]
pub(super) struct Track {
    /// Its header.
    pub(super) head: TrackHeader,
    /// Duration after its edit list, in ticks of the movie; `None` without one.
    pub(super) edited: Option<u64>,
    /// The tracks with its chapters, whose pictures are previews.
    pub(super) chapters: Vec<u32>,
    /// Its media.
    pub(super) content: TrackMedia,
}

impl Track {
    /// Reads a `trak` box; `None` if it is neither video nor audio.
    pub(super) fn read(trak: Atom) -> Result<Option<Self>, ReadError> {
        let (mut head, mut edited, mut chapters, mut content) = (TrackHeader::default(), None, Vec::new(), None);
        for atom in trak.children(0) {
            let atom = atom?;
            match &atom.kind {
                b"tkhd" => head = TrackHeader::read(atom)?,
                b"edts" => edited = ignore_malformed(edit_list(atom))?,
                b"tref" => chapters = ignore_malformed(references(atom))?.unwrap_or_default(),
                b"mdia" => content = TrackMedia::read(atom)?,
                _ => {}
            }
        }
        Ok(content.map(|content| Self { head, edited, chapters, content }))
    }

    /// Returns whether its frames are encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.content.entry.as_ref().is_some_and(|entry| entry.encrypted)
    }
}

/// The `tkhd` box.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrackHeader {
    /// The track ID that other boxes refer to.
    pub(super) id: u32,
    /// False for a track that players skip by default.
    pub(super) enabled: bool,
    /// Its transformation, applied before that of the movie.
    pub(super) matrix: Matrix,
    /// Its display size in 1/65,536 pixel; `None` if a side is zero.
    pub(super) size: Option<(u32, u32)>,
}

impl Default for TrackHeader {
    fn default() -> Self {
        Self { id: 0, enabled: true, matrix: Matrix::IDENTITY, size: None }
    }
}

impl TrackHeader {
    fn read(tkhd: Atom) -> Result<Self, ReadError> {
        let wider = if tkhd.u8(0)? == 0 { 0 } else { 8_u64 };
        let matrix = wider.saturating_add(if wider == 0 { 40 } else { 44 });
        let (width, height) = (tkhd.be32(matrix.saturating_add(36))?, tkhd.be32(matrix.saturating_add(40))?);
        Ok(Self {
            id: tkhd.be32(wider.saturating_add(12))?,
            enabled: tkhd.u8(3)? & 1 == 1,
            matrix: Matrix::read(tkhd, matrix)?,
            size: (width > 0 && height > 0).then_some((width, height)),
        })
    }
}

/// Adds up the durations in an edit list, including empty edits, which play as a pause.
fn edit_list(edts: Atom) -> Result<Option<u64>, ReadError> {
    let Some(elst) = edts.child(*b"elst")? else { return Ok(None) };
    let version = elst.u8(0)?;
    let (row, there) = match version {
        0 => (12_u64, elst.length().saturating_div(12)),
        1.. => (20, elst.length().saturating_div(20)),
    };
    let rows = u64::from(elst.be32(4)?).min(there).min(EDITS);
    let mut sum = 0_u64;
    for index in 0..rows {
        let length = elst.wide(row.saturating_mul(index).saturating_add(8), version)?;
        sum = sum.saturating_add(length.unwrap_or(0));
    }
    Ok(Some(sum).filter(|sum| *sum > 0))
}

/// How many edits are added up; real files have one or two.
const EDITS: u64 = 4_096;

/// Returns the tracks that a `tref` box names as chapters.
fn references(tref: Atom) -> Result<Option<Vec<u32>>, ReadError> {
    let Some(chap) = tref.child(*b"chap")? else { return Ok(None) };
    let rows = chap.length().saturating_div(4).min(REFERENCES);
    (0..rows).map(|index| chap.be32(index.saturating_mul(4))).collect::<Result<_, _>>().map(Some)
}

/// How many chapter tracks of one track are read; real files have two, with texts and pictures.
const REFERENCES: u64 = 64;

/// The `mdia` box: the media of a track.
#[derive(Clone, Debug)]
pub(super) struct TrackMedia {
    /// Its type.
    pub(super) handler: Handler,
    /// Ticks per second; 0 in invalid files.
    pub(super) timescale: u32,
    /// Duration in ticks; `None` if unknown.
    pub(super) duration: Option<u64>,
    /// The first sample entry; `None` if the table is empty.
    pub(super) entry: Option<SampleEntry>,
    /// Its samples; `None` if the table is missing or malformed.
    pub(super) samples: Option<SampleTimes>,
}

impl TrackMedia {
    fn read(mdia: Atom) -> Result<Option<Self>, ReadError> {
        let (mut handler, mut timing, mut table) = (None, (0, None), None);
        for atom in mdia.children(0) {
            let atom = atom?;
            match &atom.kind {
                b"hdlr" => handler = Handler::named(atom.array(8)?),
                b"mdhd" => timing = self::timing(atom)?,
                b"minf" => table = atom.child(*b"stbl")?,
                _ => {}
            }
        }
        let Some(handler) = handler else { return Ok(None) };
        let (mut entry, mut samples) = (None, None);
        for atom in table.into_iter().flat_map(|stbl| stbl.children(0)) {
            let atom = atom?;
            match &atom.kind {
                b"stsd" => entry = SampleEntry::read(atom, handler)?,
                b"stts" => samples = ignore_malformed(SampleTimes::read(atom))?,
                _ => {}
            }
        }
        let (timescale, duration) = timing;
        Ok(Some(Self { handler, timescale, duration, entry, samples }))
    }
}

/// Reads the ticks per second and the duration in ticks of an `mdhd` or `mvhd` box, which begin with the same fields.
pub(super) fn timing(header: Atom) -> Result<(u32, Option<u64>), ReadError> {
    let version = header.u8(0)?;
    let (timescale, duration) = if version == 0 { (12, 16) } else { (20, 24) };
    Ok((header.be32(timescale)?, header.wide(duration, version)?.filter(|ticks| *ticks > 0)))
}

/// The `stts` box: the number of frames and their total duration in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SampleTimes {
    /// How many frames.
    pub(super) count: u64,
    /// How many ticks.
    pub(super) ticks: u64,
    /// How many ticks most of them last.
    pub(super) usual: u32,
    /// True if their duration varies.
    pub(super) is_variable: bool,
}

impl SampleTimes {
    fn read(stts: Atom) -> Result<Option<Self>, ReadError> {
        let there = stts.length().saturating_sub(8).saturating_div(8);
        let rows = u64::from(stts.be32(4)?).min(there);
        if rows > ROWS {
            return Ok(None);
        }
        let bytes = usize::try_from(rows.saturating_mul(8)).unwrap_or(0);
        let mut samples = Self { count: 0, ticks: 0, usual: 0, is_variable: false };
        let mut tally = HashMap::new();
        for (index, row) in stts.bytes(8, bytes)?.as_chunks::<8>().0.iter().enumerate() {
            let [c3, c2, c1, c0, d3, d2, d1, d0] = *row;
            let (count, each) = (u32::from_be_bytes([c3, c2, c1, c0]), u32::from_be_bytes([d3, d2, d1, d0]));
            samples.count = samples.count.saturating_add(count.into());
            samples.ticks = samples.ticks.saturating_add(u64::from(count).saturating_mul(each.into()));
            if index < TALLIED {
                let frames = tally.entry(each).or_insert(0_u64);
                *frames = frames.saturating_add(count.into());
            }
        }
        samples.usual = tally.into_iter().max_by_key(|(each, count)| (*count, *each)).map_or(0, |(each, _)| each);
        // The first or the last frame often lasts longer than the others, which is not a variable frame rate.
        samples.is_variable = rows > 2;
        Ok(Some(samples).filter(|samples| samples.count > 0))
    }
}

/// How many rows are used to find the duration of most samples.
const TALLIED: usize = 4_096;

/// The maximum number of rows that are read, 4 MiB: more than two hours of frames that all differ in duration.
const ROWS: u64 = 1 << 19;
