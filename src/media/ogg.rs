//! Ogg: the first packet of every stream states its codec, the last page its duration.
//!
//! Layouts: RFC 3533 (pages), RFC 7845 (Opus), RFC 9639 10.1 (FLAC), Xiph's Vorbis I, Theora and Speex specifications.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod page;
mod stream;

use std::time::Duration;

use super::sparse_buffer::{ReadError, SparseBuffer, malformed};
use super::timebase;
use crate::media::{Format, Measured, Media, VideoTrack};
use page::OggPage;
use stream::{Identity, LogicalStream};

/// How much of the end is searched, in bytes: one page is at most 65,307 long, so a page begins there.
const TAIL: u64 = 64 * 1024;

/// How many streams a file may start with.
const STREAMS: usize = 32;

/// How far the first pages with audio or video are searched for, in bytes: in audio, where a cover may precede them,
/// and in video, where a second of video may precede the audio.
const FOLLOWED: (u64, u64) = (256 * 1024, 4 * 1024 * 1024);

/// Reads the codecs, the size, the frame rate and the duration; a file with a video stream is a video.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let (mut streams, data) = streams(buffer)?;
    let mut media = Media::new(Format::Ogg);
    for stream in &streams {
        match &stream.identity {
            Identity::Picture { codec, coded_size, display_size, fps } if media.video.is_none() => {
                media.coded_size = *coded_size;
                media.display_size = *display_size;
                media.video = Some(VideoTrack { codec: codec.clone(), profile: None, fps: fps.map(Measured::exact) });
            }
            Identity::Sound { codec } if media.audio.is_none() => media.audio = Some(codec.clone()),
            Identity::Picture { .. } | Identity::Sound { .. } | Identity::Other => {}
        }
    }
    if media.video.is_none() && media.audio.is_none() {
        return Err(malformed(0, "the Ogg file has no video or audio stream"));
    }
    find_starts(buffer, &mut streams, data)?;
    let pages = tail(buffer, data)?;
    let known = |page: &OggPage| streams.iter().any(|stream| stream.serial == page.serial);
    let is_cut = pages.iter().any(|page| known(page) && buffer.total().is_some_and(|total| page.end() > total));
    media.truncated = is_cut.then_some("the file ends inside an Ogg page");
    media.duration = duration(buffer, &streams, &pages);
    Ok(media)
}

/// Reads the pages that begin the streams, which precede all others, and returns where they end.
fn streams(buffer: &SparseBuffer) -> Result<(Vec<LogicalStream>, u64), ReadError> {
    let mut streams = Vec::new();
    let mut at = 0_u64;
    while buffer.total().is_none_or(|total| at < total) && streams.len() < STREAMS {
        let page = OggPage::read(buffer, at)?;
        if !page.begins {
            break;
        }
        streams.push(LogicalStream::read(buffer, &page)?);
        at = page.end();
    }
    Ok((streams, at))
}

/// Finds the start of each stream: recordings of a live stream do not start at zero.
fn find_starts(buffer: &SparseBuffer, streams: &mut [LogicalStream], data: u64) -> Result<(), ReadError> {
    let is_video = streams.iter().any(|stream| matches!(stream.identity, Identity::Picture { .. }));
    let end = data.saturating_add(if is_video { FOLLOWED.1 } else { FOLLOWED.0 });
    let mut at = data;
    while at < end && buffer.total().is_none_or(|total| at < total) {
        if streams.iter().all(|stream| stream.clock.is_none() || stream.first.is_some()) {
            break;
        }
        let page = match OggPage::read(buffer, at) {
            Err(ReadError::Malformed(_)) => break,
            page => page?,
        };
        if let Some(stream) = streams.iter_mut().find(|stream| stream.serial == page.serial && stream.first.is_none()) {
            stream.note_first(&page);
        }
        at = page.end();
    }
    Ok(())
}

/// Reads the pages at the end of the file, the last of which may be cut off; what is no page is passed over.
fn tail(buffer: &SparseBuffer, data: u64) -> Result<Vec<OggPage>, ReadError> {
    let Some(total) = buffer.total().filter(|total| *total > data) else { return Ok(Vec::new()) };
    let from = total.saturating_sub(TAIL).max(data);
    let bytes = buffer.bytes(from, usize::try_from(total.saturating_sub(from)).unwrap_or(0))?;
    let marks = bytes.windows(4).enumerate().filter(|(_, mark)| mark == b"OggS");
    let pages = marks.map(|(offset, _)| OggPage::read(buffer, from.saturating_add(offset as u64)));
    Ok(pages.filter_map(Result::ok).collect())
}

/// Tells the last time of every stream by the last pages. Exact where each of them says that it ends there; a stream that
/// begins there means files joined together, whose length only a full reading would tell.
fn duration(buffer: &SparseBuffer, streams: &[LogicalStream], pages: &[OggPage]) -> Option<Measured<Duration>> {
    let mut ends = vec![None; streams.len()];
    for page in pages {
        let known = streams.iter().position(|stream| stream.serial == page.serial);
        let end = known.and_then(|index| ends.get_mut(index)).filter(|_| !page.begins)?;
        // Pages of headers have a granule of zero, and those on which no packet ends have none.
        let granule = page.granule.filter(|granule| *granule > 0);
        let is_whole = buffer.total().is_none_or(|total| page.end() <= total);
        if is_whole && (granule.is_some() || page.ends) {
            *end = Some((granule.or(end.and_then(|(granule, _)| granule)), page.ends));
        }
    }
    let mut longest = None;
    let mut exact = true;
    for (stream, end) in streams.iter().zip(ends) {
        let Some(clock) = &stream.clock else {
            exact &= matches!(stream.identity, Identity::Other);
            continue;
        };
        let Some((Some(granule), ends)) = end else {
            exact = false;
            continue;
        };
        let count = stream.played(clock, granule);
        longest = longest.max(timebase::ticks_to_duration(count, clock.rate, clock.scale));
        exact &= ends && stream.first == Some(0);
    }
    longest.map(|time| if exact { Measured::exact(time) } else { Measured::estimated(time) })
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
