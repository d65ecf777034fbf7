//! Matroska and `WebM` (RFC 9559).
//!
//! The facts are in two elements, `Info` and `Tracks`, usually before the first cluster of frames; otherwise the index
//! at the start (`SeekHead`) states their offset. Clusters are never requested.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

pub(crate) mod cluster_scan;
mod codec;
mod display;
pub(super) mod ebml;
#[cfg(test)]
mod tests;
mod track;

use std::time::Duration;

use self::ebml::Element;
use self::track::TrackEntry;
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
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
/// [`ReadError::NeedMore`] for bytes that are not buffered, [`ReadError::Malformed`] if the file is not well-formed or
/// has no tracks.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let end = buffer.total().unwrap_or(u64::MAX);
    let header = Element::read(buffer, 0, end)?;
    if header.id != EBML {
        return Err(malformed(0, "it does not start with an EBML header"));
    }
    let mut media = Media::new(format(header)?);
    let segment = segment(buffer, header.end.unwrap_or(end), end)?;
    let segment_end = segment.end.unwrap_or(end).min(end);
    let parts = SegmentParts::find(buffer, segment, segment_end)?;
    media.duration = parts.info.map(duration).transpose()?.flatten().map(Measured::exact);
    let is_cut = segment.end.zip(buffer.total()).is_some_and(|(end, total)| end > total);
    media.truncated = is_cut.then_some("the file ends inside its `Segment` element");
    describe(&mut media, parts.tracks)?;
    Ok(media)
}

/// Returns the format by the `DocType`.
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
fn segment(buffer: &SparseBuffer, from: u64, end: u64) -> Result<Element<'_>, ReadError> {
    let mut at = from;
    while at < end {
        let element = Element::read(buffer, at, end)?;
        if element.id == SEGMENT {
            return Ok(element);
        }
        at = element.end.ok_or_else(|| malformed(at, "an element has an unknown size where that is invalid"))?;
    }
    Err(malformed(at, "there is nothing but a header"))
}

/// The elements that hold the facts.
struct SegmentParts<'a> {
    info: Option<Element<'a>>,
    tracks: Element<'a>,
}

impl<'a> SegmentParts<'a> {
    fn find(buffer: &'a SparseBuffer, segment: Element<'a>, end: u64) -> Result<Self, ReadError> {
        let (mut info, mut tracks, mut seeks) = (None, None, Seeks::default());
        let mut at = segment.body;
        while at < end && (info.is_none() || tracks.is_none()) {
            let element = Element::read(buffer, at, end)?;
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
        let elsewhere = |id: u32| seeks.find(buffer, segment, end, id);
        let info = info.map_or_else(|| elsewhere(INFO), |info| Ok(Some(info)))?;
        let tracks = tracks.map_or_else(|| elsewhere(TRACKS), |tracks| Ok(Some(tracks)))?;
        let tracks = tracks.ok_or_else(|| malformed(at.min(end), "it has no list of tracks"))?;
        Ok(Self { info: info.map(|info| whole(buffer, info)).transpose()?, tracks: whole(buffer, tracks)? })
    }
}

/// Returns whether an element belongs directly in the segment, and so ends one of unknown size.
fn is_at_the_top(id: u32) -> bool {
    matches!(id, SEEK_HEAD | INFO | TRACKS | CLUSTER | CUES | TAGS | ATTACHMENTS | CHAPTERS | SEGMENT | EBML)
}

/// Requests an element as a whole, unless it exceeds what is buffered of a video.
fn whole<'a>(buffer: &SparseBuffer, element: Element<'a>) -> Result<Element<'a>, ReadError> {
    if element.length() <= PIECE {
        buffer.bytes(element.body, usize::try_from(element.length()).unwrap_or(usize::MAX))?;
    }
    Ok(element)
}

/// 15 MiB, which leaves room for the start of the file in the 16 MiB that are buffered of a video.
const PIECE: u64 = 15 << 20;

/// The entries of the index at the start: element IDs, and offsets from the contents of the segment.
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
        buffer: &'a SparseBuffer,
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
            let element = Element::read(buffer, at, end)?;
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

/// Reads the duration; `None` if the file does not state it, as in live recordings.
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
    #[allow(clippy::cast_precision_loss, reason = "a relative error of 2^-53 is negligible in a duration")]
    let seconds = length * scale as f64 / 1e9;
    Ok(Duration::try_from_secs_f64(seconds).ok().filter(|length| !length.is_zero()))
}

/// Adds the facts of the first video track that is not a cover, and of the first audio track.
fn describe(media: &mut Media, tracks: Element) -> Result<(), ReadError> {
    let mut read = Vec::new();
    for element in tracks.children()? {
        let element = element?;
        if element.id == 0xae {
            read.extend(TrackEntry::read(element)?);
        }
    }
    read.sort_by_key(TrackEntry::is_still);
    for track in read {
        match track {
            TrackEntry::Video { track, screen, encrypted } if media.video.is_none() => {
                media.video = Some(track);
                media.coded_size = screen.coded_size();
                media.display_size = screen.display_size();
                media.rotation = screen.rotation();
                media.encoding_note = encrypted.then_some("encrypted");
            }
            TrackEntry::Audio(codec) if media.audio.is_none() => media.audio = Some(codec),
            TrackEntry::Video { .. } | TrackEntry::Audio(_) => {}
        }
    }
    if media.video.is_none() && media.audio.is_none() {
        return Err(malformed(tracks.at, "its list of tracks has neither pictures nor sound"));
    }
    Ok(())
}
