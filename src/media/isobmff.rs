//! MP4, `QuickTime`, 3GPP and M4A: the ISO base media file format (ISO/IEC 14496-12) and the format it derives from.
//!
//! The index (`moov`) is before or after the frames (`mdat`), which are skipped by their length and never requested.
//! Inside the index, the reader is as lenient as players; outside of it, an invalid length is an error.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod atom;
mod brand;
pub(crate) mod fourcc;
pub(crate) mod fragment_scan;
mod fragments;
mod geometry;
mod movie;
mod picture;
mod sample_entry;
#[cfg(test)]
mod tests;
mod track;

use self::atom::Atom;
use self::fragments::Fragments;
use self::geometry::DisplayShape;
use self::movie::Movie;
use self::track::Track;
use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};
use crate::media::{Format, Media, VideoTrack};

/// Reads the facts.
///
/// # Errors
/// [`ReadError::NeedMore`] for bytes that are not buffered, [`ReadError::Malformed`] if the index is missing or empty.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let (mut at, mut format) = buffer.checkpoint();
    let end = buffer.total().unwrap_or(u64::MAX);
    while at < end {
        request_tail(buffer, at)?;
        let Some(atom) = Atom::read(buffer, at, end)? else { break };
        match &atom.kind {
            b"ftyp" | b"styp" if format.is_none() => format = Some(brand::format(atom)?),
            b"moov" => return movie(buffer, atom, format.unwrap_or(Format::Mov)),
            b"meta" => {
                if let Some(format @ (Format::Avif | Format::Heic)) = format {
                    return picture::read(atom, format);
                }
            }
            _ => {}
        }
        at = atom.end;
        buffer.set_checkpoint(at, format);
    }
    Err(match end.checked_sub(at) {
        None => malformed(end, "the file is cut short before its index (the `moov` box)"),
        Some(..8) => malformed(at, "it has no index (no `moov` box)"),
        Some(8..) => malformed(at, "a box has an impossible length"),
    })
}

/// Requests everything after an offset if that is small: it is usually the index, which then takes a single request.
fn request_tail(buffer: &SparseBuffer, at: u64) -> Result<(), ReadError> {
    let tail = buffer.total().map_or(u64::MAX, |total| total.saturating_sub(at));
    if tail <= TAIL && buffer.bytes(at, 8).is_err() {
        buffer.bytes(at, usize::try_from(tail).unwrap_or(usize::MAX))?;
    }
    Ok(())
}

/// 1 MiB: the index of about twenty minutes of video.
const TAIL: u64 = 1 << 20;

/// 15 MiB: an index up to this length is requested as a whole, which leaves room for the start of the file in the 16
/// MiB that are buffered of a video.
const INDEX: u64 = 15 << 20;

fn movie(buffer: &SparseBuffer, moov: Atom, format: Format) -> Result<Media, ReadError> {
    if buffer.total().is_some_and(|total| moov.end > total) {
        return Err(malformed(moov.at, "the file is cut short inside its index (the `moov` box)"));
    }
    if moov.length() <= INDEX {
        // Requests the headers that follow as well: they show whether the samples are complete.
        buffer.up_to(moov.body, usize::try_from(moov.length()).unwrap_or(usize::MAX).saturating_add(FOLLOWING))?;
    }
    let movie = Movie::read(moov)?;
    let mut media = Media::new(format);
    if movie.compressed {
        media.encoding_note = Some("compressed-index");
        return Ok(media);
    }
    let (picture, sound) = (movie.picture(), movie.sound());
    if picture.is_none() && sound.is_none() {
        return Err(malformed(moov.at, "its index (the `moov` box) lists neither pictures nor sound"));
    }
    let fragments = match (&movie.fragments, picture.or(sound)) {
        (Some(_), Some(track)) => Fragments::read(buffer, moov.end, track.head.id)?,
        (None, _) | (_, None) => Fragments::default(),
    };
    media.duration = movie.duration().or(fragments.duration);
    media.fragmented = movie.fragments.is_some();
    movie.compare_durations(&mut media, picture.or(sound));
    media.truncated = cut_short(buffer, moov.end);
    media.audio = sound.and_then(|track| track.content.entry.clone()).map(|entry| entry.codec);
    if let Some(track) = picture {
        describe(&mut media, &movie, track, fragments.frame);
    }
    if [picture, sound].into_iter().flatten().any(Track::is_encrypted) {
        media.encoding_note = Some("encrypted");
    }
    Ok(media)
}

/// How many bytes after the index are requested with it: the headers of a `free` and an `mdat` box.
const FOLLOWING: usize = 64;

/// Returns the evidence if a box after the index extends beyond the file, as far as the headers are buffered.
fn cut_short(buffer: &SparseBuffer, from: u64) -> Option<&'static str> {
    let total = buffer.total()?;
    let mut at = from;
    for _ in 0..32 {
        let Ok(Some(atom)) = Atom::read(buffer, at, total) else { break };
        if atom.end > total && matches!(&atom.kind, b"mdat" | b"moof") {
            return Some("the file ends inside its samples (the `mdat` box)");
        }
        at = atom.end;
    }
    None
}

/// Adds the facts of the video track.
fn describe(media: &mut Media, movie: &Movie, track: &Track, first_fragment: Option<u32>) {
    let Some(entry) = &track.content.entry else { return };
    let rotation = movie.rotation(track);
    media.rotation = Some(rotation);
    media.nominal_fps = Movie::nominal_fps(track);
    media.video =
        Some(VideoTrack { codec: entry.codec.clone(), profile: entry.profile, fps: movie.fps(track, first_fragment) });
    if entry.coded_size.width == 0 || entry.coded_size.height == 0 {
        return;
    }
    let seen = DisplayShape { track: track.head.size, ..entry.shape }.apply(entry.coded_size);
    media.coded_size = Some(entry.coded_size);
    media.display_size = Some(if matches!(rotation, 90 | 270) { seen.swapped() } else { seen });
}
