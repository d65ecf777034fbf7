//! The duration and frame rate of a fragmented file, summed over its fragments as the file is read (ISO/IEC 14496-12, section 8.8).
//!
//! Cameras, browsers (`MediaRecorder`) and live encoders write such files: the `moov` box comes first and states no
//! duration, and each `moof` box states how long its samples last.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::atom::Atom;
use super::fragments::{default_duration, optional_fields};
use super::movie::{Movie, rate, ticks};
use super::track::Track;
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::stream_cursor::TO_THE_END;
use crate::media::stream_scan::StreamScan;
use crate::media::{Measured, Media, StatedDuration};

/// Adds up the fragments of a file.
#[derive(Debug, Default)]
pub(crate) struct FragmentScan {
    /// In the order of their numbers: each fragment is looked up among them.
    tracks: Vec<TrackClock>,
    /// Whether the first index has passed; players read no other.
    has_started: bool,
    /// False once a box was malformed or the tracks are unknown.
    is_unusable: bool,
}

/// The time of one track.
#[derive(Debug)]
struct TrackClock {
    id: u32,
    /// True for the video track whose frame rate counts.
    is_picture: bool,
    timescale: u32,
    /// Samples so far, including those that the index describes.
    samples: u64,
    /// Ticks of a sample that states no duration of its own.
    default: u32,
    /// Ticks at the first sample; `None` until there is one.
    start: Option<u64>,
    /// Ticks at the end of the last sample.
    end: u64,
}

/// The largest `moov` and `moof` boxes that are buffered; real ones of fragmented files have a few kilobytes.
const MAX_BOX: u64 = 1 << 20;

impl StreamScan for FragmentScan {
    /// Returns how many bytes to skip from the start of a top-level box; `None` if more bytes are needed.
    fn examine(&mut self, rest: &[u8]) -> Option<u64> {
        let (header, _) = rest.split_first_chunk::<8>()?;
        let [s3, s2, s1, s0, kind @ ..] = *header;
        let size = match u32::from_be_bytes([s3, s2, s1, s0]) {
            0 => return Some(TO_THE_END),
            1 => u64::from_be_bytes(*rest.get(8..)?.first_chunk()?),
            size => size.into(),
        };
        if size < 8 {
            self.is_unusable = true;
            return Some(TO_THE_END);
        }
        if !matches!(&kind, b"moov" | b"moof") || size > MAX_BOX {
            return Some(size);
        }
        let bytes = rest.get(..usize::try_from(size).ok()?)?;
        let buffer = SparseBuffer::new(bytes.to_vec(), Some(size));
        let read = Atom::read(&buffer, 0, size).and_then(|atom| match atom {
            Some(_) if kind == *b"moov" && std::mem::replace(&mut self.has_started, true) => Ok(()),
            Some(atom) if kind == *b"moov" => self.start(atom),
            Some(atom) => self.add(atom),
            None => Ok(()),
        });
        self.is_unusable |= read.is_err();
        Some(size)
    }

    fn is_needed(&self, media: &Media) -> bool {
        media.fragmented && !self.is_unusable
    }

    fn complete(&self, media: &mut Media, _: &[u8]) {
        if let Some(video) = &mut media.video
            && video.fps.is_none()
        {
            video.fps = self.frame_rate().map(Measured::estimated);
        }
        let Some(measured) = self.duration() else { return };
        let stated = media.duration.filter(|stated| stated.exact);
        media.duration = Some(Measured::estimated(measured));
        if let Some(stated) = stated {
            let sources = [("the header", stated.value), ("the fragments", measured)];
            if StatedDuration::disagree(&sources) {
                media.stated_durations = StatedDuration::list(&sources);
            } else {
                media.duration = Some(stated);
            }
        }
    }
}

impl FragmentScan {
    /// Reads the video and audio tracks from the `moov` box.
    fn start(&mut self, moov: Atom) -> Result<(), ReadError> {
        let movie = Movie::read(moov)?;
        let extends = movie.fragments.clone().unwrap_or_default();
        let picture = movie.picture().map(|track| track.head.id);
        let clock = |track: &Track| {
            // Some writers put the samples of the first fragment into the index.
            let indexed = track.content.samples;
            TrackClock {
                id: track.head.id,
                is_picture: picture == Some(track.head.id),
                timescale: track.content.timescale,
                samples: indexed.map_or(0, |samples| samples.count),
                default: extends.sample_duration(track.head.id).unwrap_or(0),
                start: indexed.map(|_| 0),
                end: indexed.map_or(0, |samples| samples.ticks),
            }
        };
        self.tracks = movie.tracks().iter().map(clock).collect();
        // Of two tracks with one number the first counts.
        self.tracks.sort_by_key(|clock| clock.id);
        Ok(())
    }

    /// Adds the samples of a `moof` box.
    fn add(&mut self, moof: Atom) -> Result<(), ReadError> {
        for traf in moof.children(0) {
            let traf = traf?;
            let Some(tfhd) = (if traf.kind == *b"traf" { traf.child(*b"tfhd")? } else { None }) else { continue };
            let id = tfhd.be32(4)?;
            let index = self.tracks.partition_point(|clock| clock.id < id);
            let Some(clock) = self.tracks.get_mut(index).filter(|clock| clock.id == id) else { continue };
            let default = default_duration(tfhd)?.unwrap_or(clock.default);
            let mut at = match traf.child(*b"tfdt")? {
                Some(tfdt) => tfdt.wide(4, tfdt.u8(0)?)?.unwrap_or(clock.end),
                None => clock.end,
            };
            clock.start.get_or_insert(at);
            for trun in traf.children(0) {
                let trun = trun?;
                if trun.kind == *b"trun" {
                    let (samples, ticks) = run(trun, default)?;
                    clock.samples = clock.samples.saturating_add(samples);
                    at = at.saturating_add(ticks);
                }
            }
            clock.end = clock.end.max(at);
        }
        Ok(())
    }

    /// Returns the time from the first sample of any track to the last.
    fn duration(&self) -> Option<Duration> {
        let filled = self.tracks.iter().filter(|clock| !self.is_unusable && clock.start.is_some());
        let time = |count: u64, clock: &TrackClock| {
            if count == 0 { Some(Duration::ZERO) } else { ticks(count, clock.timescale) }
        };
        let start = filled.clone().filter_map(|clock| time(clock.start?, clock)).min()?;
        let end = filled.filter_map(|clock| time(clock.end, clock)).max()?;
        end.checked_sub(start).filter(|duration| !duration.is_zero())
    }

    /// Returns the frames per second of the video track, on average.
    fn frame_rate(&self) -> Option<f64> {
        let clock = self.tracks.iter().find(|clock| clock.is_picture && !self.is_unusable)?;
        rate(clock.samples, clock.end.saturating_sub(clock.start?), clock.timescale)
    }
}

/// Adds up the samples of a run, the `trun` box, and their ticks.
fn run(trun: Atom, default: u32) -> Result<(u64, u64), ReadError> {
    let (flags, count) = (trun.be32(0)?, trun.be32(4)?);
    if flags & 0x100 == 0 {
        return Ok((count.into(), u64::from(count).saturating_mul(default.into())));
    }
    let first = optional_fields(flags, [(0x01, 4), (0x04, 4)]).saturating_add(8);
    let row = optional_fields(flags, [(0x100, 4), (0x200, 4), (0x400, 4), (0x800, 4)]);
    // A count that exceeds the box is false; only the samples inside the box count.
    let count = u64::from(count).min(trun.length().saturating_sub(first).checked_div(row).unwrap_or(0));
    let mut sum = 0_u64;
    for index in 0..count {
        sum = sum.saturating_add(trun.be32(row.saturating_mul(index).saturating_add(first))?.into());
    }
    Ok((count, sum))
}
