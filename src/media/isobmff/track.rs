//! Tracks: the `trak` box and what of it tells size, turn, codec, speed and length (ISO/IEC 14496-12, section 8.3 on).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::atom::{Atom, if_sound};
use super::geometry::Matrix;
use super::sample_entry::{Handler, SampleEntry};
use crate::media::sparse_buffer::ReadError;

/// One track of pictures or of sound.
#[derive(Clone, Debug)]
pub(super) struct Track {
    /// What its header says.
    pub(super) head: Head,
    /// Length after its edit list, in ticks of the movie; `None` without one.
    pub(super) edited: Option<u64>,
    /// The tracks that hold its chapters, whose pictures are previews.
    pub(super) chapters: Vec<u32>,
    /// What it holds.
    pub(super) content: Content,
}

impl Track {
    /// Reads a `trak` box; `None` where it holds neither pictures nor sound.
    pub(super) fn read(trak: Atom) -> Result<Option<Self>, ReadError> {
        let (mut head, mut edited, mut chapters, mut content) = (Head::default(), None, Vec::new(), None);
        for atom in trak.children(0) {
            let atom = atom?;
            match &atom.kind {
                b"tkhd" => head = Head::read(atom)?,
                b"edts" => edited = if_sound(edit_list(atom))?,
                b"tref" => chapters = if_sound(references(atom))?.unwrap_or_default(),
                b"mdia" => content = Content::read(atom)?,
                _ => {}
            }
        }
        Ok(content.map(|content| Self { head, edited, chapters, content }))
    }

    /// Tells whether its frames are encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.content.entry.as_ref().is_some_and(|entry| entry.encrypted)
    }
}

/// The `tkhd` box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// The number other boxes call the track by.
    pub(super) id: u32,
    /// False for a track that players leave out unless asked.
    pub(super) enabled: bool,
    /// How it is turned, before the turn of the whole movie.
    pub(super) matrix: Matrix,
    /// Width and height it asks to be shown with, in 1/65,536 pixel; `None` where one is zero.
    pub(super) size: Option<(u32, u32)>,
}

impl Default for Head {
    fn default() -> Self {
        Self { id: 0, enabled: true, matrix: Matrix::IDENTITY, size: None }
    }
}

impl Head {
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

/// Adds up the lengths in an edit list, empty edits included: they are shown, if only as a pause.
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

/// How many chapter tracks of one track are looked at; real files have two, texts and pictures.
const REFERENCES: u64 = 64;

/// The `mdia` box: what the track holds.
#[derive(Clone, Debug)]
pub(super) struct Content {
    /// Of which kind it is.
    pub(super) handler: Handler,
    /// Ticks in one second; 0 in broken files.
    pub(super) timescale: u32,
    /// Length in ticks; `None` where unknown.
    pub(super) duration: Option<u64>,
    /// The first sample entry; `None` where the table is empty.
    pub(super) entry: Option<SampleEntry>,
    /// Its frames; `None` where the table is missing or broken.
    pub(super) frames: Option<Frames>,
}

impl Content {
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
        let (mut entry, mut frames) = (None, None);
        for atom in table.into_iter().flat_map(|stbl| stbl.children(0)) {
            let atom = atom?;
            match &atom.kind {
                b"stsd" => entry = SampleEntry::read(atom, handler)?,
                b"stts" if handler == Handler::Video => frames = if_sound(Frames::read(atom))?,
                _ => {}
            }
        }
        let (timescale, duration) = timing;
        Ok(Some(Self { handler, timescale, duration, entry, frames }))
    }
}

/// Reads the ticks in one second and the length in ticks of an `mdhd` or `mvhd` box, which begin alike.
pub(super) fn timing(header: Atom) -> Result<(u32, Option<u64>), ReadError> {
    let version = header.u8(0)?;
    let (timescale, duration) = if version == 0 { (12, 16) } else { (20, 24) };
    Ok((header.be32(timescale)?, header.wide(duration, version)?.filter(|ticks| *ticks > 0)))
}

/// How many frames there are, and how many ticks they last in all: the `stts` box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frames {
    /// How many frames.
    pub(super) count: u64,
    /// How many ticks.
    pub(super) ticks: u64,
}

impl Frames {
    fn read(stts: Atom) -> Result<Option<Self>, ReadError> {
        let there = stts.length().saturating_sub(8).saturating_div(8);
        let rows = u64::from(stts.be32(4)?).min(there);
        if rows > ROWS {
            return Ok(None);
        }
        let bytes = usize::try_from(rows.saturating_mul(8)).unwrap_or(0);
        let mut frames = Self { count: 0, ticks: 0 };
        for row in stts.bytes(8, bytes)?.chunks_exact(8) {
            let (count, each) = row.split_at_checked(4).unwrap_or_default();
            let (count, each) = (number(count), number(each));
            frames.count = frames.count.saturating_add(count);
            frames.ticks = frames.ticks.saturating_add(count.saturating_mul(each));
        }
        Ok(Some(frames).filter(|frames| frames.count > 0))
    }
}

/// How many rows of the table are read, 4 MiB of them: more than two hours in which no two frames last alike.
const ROWS: u64 = 1 << 19;

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8_u32) | u64::from(*byte))
}
