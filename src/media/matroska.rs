//! Matroska and `WebM` (RFC 9559).
//!
//! The facts stand in two elements, `Info` and `Tracks`, as a rule before the first cluster of frames; where they do
//! not, the index at the start (`SeekHead`) tells their place. Clusters are never asked for.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod codec;
mod display;
mod ebml;
#[cfg(test)]
mod tests;
mod track;

use std::time::Duration;

use self::ebml::Element;
use self::track::Track;
use crate::media::sparse_buffer::{ReadError, SparseBuffer, broken};
use crate::media::{Format, Measured, Media};

const EBML: u32 = 0x1a45_dfa3;
const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114d_9b74;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const CLUSTER: u32 = 0x1f43_b675;
const CUES: u32 = 0x1c53_bb6b;
const TAGS: u32 = 0x1254_c367;
const ATTACHMENTS: u32 = 0x1941_a469;
const CHAPTERS: u32 = 0x1043_a770;

/// Reads the facts.
///
/// # Errors
/// [`ReadError::Need`] for bytes that are not at hand, [`ReadError::Broken`] where the file is not well formed or has no tracks.
pub(crate) fn read(window: &SparseBuffer) -> Result<Media, ReadError> {
    let end = window.total().unwrap_or(u64::MAX);
    let header = Element::read(window, 0, end)?;
    if header.id != EBML {
        return Err(broken(0, "it does not start with an EBML header"));
    }
    let mut media = Media::new(format(header)?);
    let segment = segment(window, header.end.unwrap_or(end), end)?;
    let segment_end = segment.end.unwrap_or(end).min(end);
    let parts = Parts::find(window, segment, segment_end)?;
    media.duration = parts.info.map(duration).transpose()?.flatten().map(Measured::exact);
    describe(&mut media, parts.tracks)?;
    Ok(media)
}

/// Tells the format by the `DocType`.
fn format(header: Element) -> Result<Format, ReadError> {
    for element in header.children()? {
        let element = element?;
        if element.id == 0x4282 {
            return Ok(if element.text()? == b"webm" { Format::Webm } else { Format::Mkv });
        }
    }
    Ok(Format::Mkv)
}

/// Finds the element that holds everything else.
fn segment(window: &SparseBuffer, from: u64, end: u64) -> Result<Element<'_>, ReadError> {
    let mut at = from;
    while at < end {
        window.step(at)?;
        let element = Element::read(window, at, end)?;
        if element.id == SEGMENT {
            return Ok(element);
        }
        at = element.end.ok_or_else(|| broken(at, "an element leaves its length open where none may"))?;
    }
    Err(broken(at, "there is nothing but a header"))
}

/// The elements that hold the facts.
struct Parts<'a> {
    info: Option<Element<'a>>,
    tracks: Element<'a>,
}

impl<'a> Parts<'a> {
    fn find(window: &'a SparseBuffer, segment: Element<'a>, end: u64) -> Result<Self, ReadError> {
        let (mut info, mut tracks, mut seeks) = (None, None, Seeks::default());
        let mut at = segment.body;
        while at < end && (info.is_none() || tracks.is_none()) {
            window.step(at)?;
            let element = Element::read(window, at, end)?;
            if matches!(element.id, CLUSTER | SEGMENT | EBML) {
                break;
            }
            let element = element.closed(end, is_at_the_top)?;
            match element.id {
                INFO => info = Some(element),
                TRACKS => tracks = Some(element),
                SEEK_HEAD => seeks.read(element)?,
                _ => {}
            }
            at = element.end.unwrap_or(end);
        }
        let elsewhere = |id: u32| seeks.find(window, segment, end, id);
        let info = info.map_or_else(|| elsewhere(INFO), |info| Ok(Some(info)))?;
        let tracks = tracks.map_or_else(|| elsewhere(TRACKS), |tracks| Ok(Some(tracks)))?;
        let tracks = tracks.ok_or_else(|| broken(at.min(end), "it has no list of tracks"))?;
        Ok(Self { info: info.map(|info| whole(window, info)).transpose()?, tracks: whole(window, tracks)? })
    }
}

/// Tells the elements that stand directly in the segment, and so end one that left its own end open.
fn is_at_the_top(id: u32) -> bool {
    matches!(id, SEEK_HEAD | INFO | TRACKS | CLUSTER | CUES | TAGS | ATTACHMENTS | CHAPTERS | SEGMENT | EBML)
}

/// Asks for an element in one piece, unless it is larger than what is kept of a video.
fn whole<'a>(window: &SparseBuffer, element: Element<'a>) -> Result<Element<'a>, ReadError> {
    if element.length() <= PIECE {
        window.bytes(element.body, usize::try_from(element.length()).unwrap_or(usize::MAX))?;
    }
    Ok(element)
}

/// 15 MiB, which leaves room for the head of the file in the 16 MiB that are kept of a video.
const PIECE: u64 = 15 << 20;

/// What the index at the start tells: identifiers, and places counted from the contents of the segment.
#[derive(Default)]
struct Seeks(Vec<(u32, u64)>);

impl Seeks {
    fn read(&mut self, head: Element) -> Result<(), ReadError> {
        for seek in head.children()? {
            let seek = seek?;
            let (mut id, mut place) = (0, None);
            for element in if seek.id == 0x4dbb { Some(seek.children()?) } else { None }.into_iter().flatten() {
                let element = element?;
                match element.id {
                    0x53ab => id = u32::try_from(element.uint()?).unwrap_or(0),
                    0x53ac => place = Some(element.uint()?),
                    _ => {}
                }
            }
            self.0.extend(place.map(|place| (id, place)));
        }
        Ok(())
    }

    /// Finds an element by the index, or by a second index that the first one points to.
    fn find<'a>(
        &self,
        window: &'a SparseBuffer,
        segment: Element,
        end: u64,
        id: u32,
    ) -> Result<Option<Element<'a>>, ReadError> {
        let at = |wanted: u32, seeks: &Self| -> Result<Option<Element<'a>>, ReadError> {
            let Some((_, place)) = seeks.0.iter().find(|(id, _)| *id == wanted) else { return Ok(None) };
            let at = segment.body.saturating_add(*place);
            if at >= end {
                return Ok(None);
            }
            let element = Element::read(window, at, end)?;
            if element.id == wanted { element.closed(end, is_at_the_top).map(Some) } else { Ok(None) }
        };
        if let Some(found) = at(id, self)? {
            return Ok(Some(found));
        }
        let Some(second) = at(SEEK_HEAD, self)? else { return Ok(None) };
        let mut seeks = Self::default();
        seeks.read(second)?;
        at(id, &seeks)
    }
}

/// Reads how long it plays; `None` where the file does not say, as one that was written live.
fn duration(info: Element) -> Result<Option<Duration>, ReadError> {
    let (mut scale, mut length) = (1_000_000, 0.0);
    for element in info.children()? {
        let element = element?;
        match element.id {
            0x002a_d7b1 => scale = element.uint()?,
            0x4489 => length = element.float()?,
            _ => {}
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "a relative error of 2^-53 is no error in a length")]
    let seconds = length * scale as f64 / 1e9;
    Ok(Duration::try_from_secs_f64(seconds).ok().filter(|length| !length.is_zero()))
}

/// Enters what the tracks say: the first pictures that are not a cover, and the first sound.
fn describe(media: &mut Media, tracks: Element) -> Result<(), ReadError> {
    let mut read = Vec::new();
    for element in tracks.children()? {
        let element = element?;
        if element.id == 0xae {
            read.extend(Track::read(element)?);
        }
    }
    read.sort_by_key(Track::is_still);
    for track in read {
        match track {
            Track::Video { track, screen, encrypted } if media.video.is_none() => {
                media.video = Some(track);
                media.stored = screen.stored();
                media.displayed = screen.displayed();
                media.rotation = screen.rotation();
                media.coding = encrypted.then_some("encrypted");
            }
            Track::Audio(codec) if media.audio.is_none() => media.audio = Some(codec),
            Track::Video { .. } | Track::Audio(_) => {}
        }
    }
    if media.video.is_none() && media.audio.is_none() {
        return Err(broken(tracks.at, "its list of tracks has neither pictures nor sound"));
    }
    Ok(())
}
