//! The movie: the `moov` box, which is the index of the file (ISO/IEC 14496-12, section 8.2).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::atom::{Atom, ignore_malformed};
use super::geometry::Matrix;
use super::sample_entry::Handler;
use super::track::{Track, timing};
use crate::media::sparse_buffer::ReadError;
use crate::media::{Codec, Measured, Media, StatedDuration};

/// The contents of the index.
#[derive(Clone, Debug)]
pub(super) struct Movie {
    timescale: u32,
    duration: Option<u64>,
    matrix: Matrix,
    tracks: Vec<Track>,
    /// `Some` if the frames are in fragments, which the index only announces.
    pub(super) fragments: Option<MovieExtends>,
    /// True if the index is compressed, which only `QuickTime` of the nineties supported; then nothing else is known.
    pub(super) compressed: bool,
}

/// How many tracks a file may have; real files have fewer than a hundred.
const MAX_TRACKS: usize = 2_048;

impl Movie {
    /// Reads a `moov` box.
    pub(super) fn read(moov: Atom) -> Result<Self, ReadError> {
        let mut movie = Self {
            timescale: 0,
            duration: None,
            matrix: Matrix::IDENTITY,
            tracks: Vec::new(),
            fragments: None,
            compressed: false,
        };
        for atom in moov.children(0) {
            let atom = atom?;
            match &atom.kind {
                b"mvhd" => {
                    (movie.timescale, movie.duration) = timing(atom)?;
                    movie.matrix = Matrix::read(atom, if atom.u8(0)? == 0 { 36 } else { 48 })?;
                }
                b"trak" if movie.tracks.len() == MAX_TRACKS => return Err(ReadError::TooComplex),
                b"trak" => movie.tracks.extend(Track::read(atom)?),
                b"mvex" => movie.fragments = Some(MovieExtends::read(atom)?),
                b"cmov" => movie.compressed = true,
                _ => {}
            }
        }
        Ok(movie)
    }

    /// Returns the video track: the first that is enabled, otherwise the first; never the preview pictures of chapters,
    /// nor a cover next to other tracks.
    pub(super) fn picture(&self) -> Option<&Track> {
        let chapters: HashSet<u32> = self.tracks.iter().flat_map(|track| &track.chapters).copied().collect();
        let previews = |track: &Track| chapters.contains(&track.head.id);
        let cover = |track: &Track| self.tracks.len() > 1 && is_one_still(track);
        self.first(Handler::Video, |track| !previews(track) && !cover(track))
    }

    /// Returns the video and audio tracks.
    pub(super) fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// Returns the audio track.
    pub(super) fn sound(&self) -> Option<&Track> {
        self.first(Handler::Audio, |_| true)
    }

    fn first(&self, handler: Handler, counts: impl Fn(&Track) -> bool) -> Option<&Track> {
        let mut tracks = self.tracks.iter().filter(|track| track.content.handler == handler && counts(track));
        let first = tracks.clone().next();
        tracks.find(|track| track.head.enabled).or(first)
    }

    /// Returns the clockwise rotation of a track in degrees.
    pub(super) fn rotation(&self, track: &Track) -> u16 {
        track.head.matrix.then(self.matrix).rotation()
    }

    /// Returns the duration as a player shows it: that of the movie, which includes the edit lists, otherwise that of
    /// its longest track. Fragments count only if the index states their duration.
    pub(super) fn duration(&self) -> Option<Measured<Duration>> {
        let whole = |count: Option<u64>| count.and_then(|count| ticks(count, self.timescale));
        let length = match &self.fragments {
            Some(announced) => whole(announced.duration),
            None => {
                whole(self.duration).or_else(|| self.tracks.iter().filter_map(|track| self.track_duration(track)).max())
            }
        };
        length.map(Measured::exact)
    }

    /// Records the durations in the headers if they differ so much that clients disagree.
    ///
    /// An edit list may shorten a track, and the movie is as long as its longest track: neither is a contradiction.
    pub(super) fn compare_durations(&self, media: &mut Media, track: Option<&Track>) {
        let (Some(track), None) = (track, &self.fragments) else { return };
        let content = &track.content;
        let movie = self.duration.and_then(|count| ticks(count, self.timescale));
        let header = content.duration.and_then(|count| ticks(count, content.timescale));
        let samples = content.samples.and_then(|samples| ticks(samples.ticks, content.timescale));
        let longest = self.tracks.iter().filter_map(|track| self.track_duration(track)).max();
        let apart = |one: Option<Duration>, other: Option<Duration>| {
            one.zip(other).is_some_and(|(one, other)| StatedDuration::disagree(&[("", one), ("", other)]))
        };
        if apart(movie, longest) || apart(header, samples) {
            let sources = [("mvhd", movie), ("mdhd", header), ("stts", samples)];
            let sources: Vec<_> = sources.into_iter().filter_map(|(source, time)| Some((source, time?))).collect();
            media.stated_durations = StatedDuration::list(&sources);
            media.duration = media.duration.map(|duration| Measured::estimated(duration.value));
        }
    }

    /// Returns how long a track plays, after its edit list.
    fn track_duration(&self, track: &Track) -> Option<Duration> {
        let edited = track.edited.and_then(|count| ticks(count, self.timescale));
        edited.or_else(|| ticks(track.content.duration?, track.content.timescale))
    }

    /// Returns the frame rate of most frames of a track, if the duration of its frames varies.
    pub(super) fn nominal_fps(track: &Track) -> Option<f64> {
        let samples = track.content.samples.filter(|samples| samples.is_variable)?;
        rate(1, samples.usual.into(), track.content.timescale)
    }

    /// Returns the frames per second of a track; `first_fragment` is the duration of a frame there in ticks, if known.
    pub(super) fn fps(&self, track: &Track, first_fragment: Option<u32>) -> Option<Measured<f64>> {
        let timescale = track.content.timescale;
        let Some(announced) = &self.fragments else {
            let samples = track.content.samples?;
            return rate(samples.count, samples.ticks, timescale).map(Measured::exact);
        };
        // Some writers put the samples of the first fragment into the index.
        let indexed = track.content.samples.filter(|samples| samples.count > 2).map(|samples| samples.usual);
        let each = announced.sample_duration(track.head.id).or(first_fragment).or(indexed)?;
        rate(1, each.into(), timescale).map(Measured::estimated)
    }
}

/// Returns whether a track is a cover: a single frame in a codec for still images.
fn is_one_still(track: &Track) -> bool {
    let codec = track.content.entry.as_ref().map(|entry| &entry.codec);
    let still = matches!(codec, Some(Codec::Known("mjpeg" | "png" | "gif" | "jpeg2000")));
    still && track.content.samples.is_some_and(|frames| frames.count == 1)
}

/// Converts ticks to a duration; `None` for zero, for an invalid timescale, and for more than five hundred years.
pub(super) fn ticks(count: u64, per_second: u32) -> Option<Duration> {
    let nanoseconds = u128::from(count).saturating_mul(1_000_000_000).checked_div(per_second.into())?;
    u64::try_from(nanoseconds).ok().filter(|nanoseconds| *nanoseconds > 0).map(Duration::from_nanos)
}

/// Returns frames per second; `None` if the total duration of the frames, in ticks, is zero.
pub(super) fn rate(frames: u64, ticks: u64, timescale: u32) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "a relative error of 2^-53 is negligible in a frame rate")]
    let rate = frames as f64 * f64::from(timescale) / ticks as f64;
    (rate.is_finite() && rate > 0.0).then_some(rate)
}

/// The `mvex` box: what the index states about the fragments.
#[derive(Clone, Debug, Default)]
pub(super) struct MovieExtends {
    /// Duration including the fragments, in ticks of the movie; `None` if unknown.
    duration: Option<u64>,
    /// By track, how many ticks a frame lasts unless its fragment says otherwise.
    frames: HashMap<u32, u32>,
}

impl MovieExtends {
    fn read(mvex: Atom) -> Result<Self, ReadError> {
        let mut announced = Self::default();
        for atom in mvex.children(0) {
            let atom = atom?;
            match &atom.kind {
                b"mehd" => announced.duration = ignore_malformed(length(atom))?,
                b"trex" => {
                    if let Some((track, each)) = ignore_malformed(defaults(atom))?.filter(|(_, each)| *each > 0) {
                        announced.frames.entry(track).or_insert(each);
                    }
                }
                _ => {}
            }
        }
        Ok(announced)
    }

    /// Returns the default sample duration of a track in ticks.
    pub(super) fn sample_duration(&self, track: u32) -> Option<u32> {
        self.frames.get(&track).copied()
    }
}

fn length(mehd: Atom) -> Result<Option<u64>, ReadError> {
    Ok(mehd.wide(4, mehd.u8(0)?)?.filter(|ticks| *ticks > 0))
}

fn defaults(trex: Atom) -> Result<Option<(u32, u32)>, ReadError> {
    Ok(Some((trex.be32(4)?, trex.be32(12)?)))
}
