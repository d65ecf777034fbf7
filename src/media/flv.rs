//! Flash Video: the metadata of the first script tag, and the first video and audio tags.
//!
//! The size in the video stream takes precedence over the metadata, as it does in players.
//! Layout: "Adobe Flash Video File Format Specification" 10.1, Annex E; Enhanced RTMP v1 for codecs by four characters.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod amf;
mod tag;

use std::time::Duration;

use super::sparse_buffer::{ReadError, SparseBuffer, malformed};
use super::sps::SpsInfo;
use super::timebase;
use crate::media::{Codec, Format, Measured, Media, VideoTrack};
use crate::units::Dimensions;
use amf::Metadata;
use tag::{Tag, TagKind, VideoTag};

/// Reads the size, the codecs, the frame rate and the duration.
pub(crate) fn read(buffer: &SparseBuffer) -> Result<Media, ReadError> {
    let flags = buffer.u8(4)?;
    let first = FirstTags::read(buffer, flags)?;
    let mut media = Media::new(Format::Flv);
    let fps = first.metadata.frame_rate.filter(|fps| *fps > 0.0 && *fps <= 1000.0);
    if let Some(picture) = first.picture {
        let size = picture.size.or(first.metadata.size().map(|size| (size, size)));
        media.coded_size = size.map(|(coded_size, _)| coded_size);
        media.display_size = size.map(|(_, display_size)| display_size);
        media.video = Some(VideoTrack { codec: picture.codec, profile: None, fps: fps.map(Measured::exact) });
    }
    media.audio = first.sound;
    if media.video.is_none() && media.audio.is_none() && flags & 5 == 0 {
        return Err(malformed(4, "the FLV file has no streams"));
    }
    let stated = first.metadata.duration.and_then(timebase::seconds_to_duration).map(Measured::exact);
    media.duration = match stated {
        Some(duration) => Some(duration),
        None => last_time(buffer, first.start, fps)?.map(Measured::estimated),
    };
    Ok(media)
}

/// The maximum number of tags that are read; audio and video start within the first few.
const TAGS: u32 = 100;

/// How far tags are read, in bytes.
const FOLLOWED: u64 = 1024 * 1024;

/// The facts in the first tags.
#[derive(Clone, Debug, Default)]
struct FirstTags {
    metadata: Metadata,
    picture: Option<VideoTag>,
    sound: Option<Codec>,
    /// The timestamp of the first video or audio tag, in milliseconds.
    start: Option<u32>,
}

impl FirstTags {
    /// Reads tags until the streams that the header's flags announce are found: 1 for video, 4 for audio.
    fn read(buffer: &SparseBuffer, flags: u8) -> Result<Self, ReadError> {
        let mut facts = Self::default();
        // Four bytes with the size of the previous tag follow the header and every tag.
        let mut at = u64::from(buffer.be32(5)?).max(9).saturating_add(4);
        for _ in 0..TAGS {
            let wants_picture = flags & 1 != 0 && facts.picture.is_none();
            let wants_sound = flags & 4 != 0 && facts.sound.is_none();
            let ended = buffer.total().is_some_and(|total| at >= total);
            if ended || at > FOLLOWED || !(wants_picture || wants_sound) {
                break;
            }
            let tag = Tag::read(buffer, at)?;
            match tag.kind {
                TagKind::Sound if tag.size > 0 && facts.sound.is_none() => facts.sound = Some(tag.sound(buffer)?),
                TagKind::VideoTag if tag.size > 0 && facts.picture.is_none() => facts.picture = tag.picture(buffer)?,
                TagKind::Script if facts.metadata == Metadata::default() => {
                    let length = usize::try_from(tag.size).unwrap_or(usize::MAX).min(amf::MAX_TEXT);
                    facts.metadata = Metadata::parse(buffer.bytes(tag.body, length)?).unwrap_or_default();
                }
                TagKind::Sound | TagKind::VideoTag | TagKind::Script | TagKind::Other => {}
            }
            if matches!(tag.kind, TagKind::Sound | TagKind::VideoTag) {
                facts.start = facts.start.or(Some(tag.time));
            }
            at = tag.end.saturating_add(4);
        }
        Ok(facts)
    }
}

/// Computes the duration from the timestamp of the last tag, whose size is in the last four bytes.
fn last_time(buffer: &SparseBuffer, start: Option<u32>, fps: Option<f64>) -> Result<Option<Duration>, ReadError> {
    let (Some(total), Some(start)) = (buffer.total(), start) else { return Ok(None) };
    let size = u64::from(buffer.be32(total.saturating_sub(4))?);
    let Some(at) = total.checked_sub(size.saturating_add(4)).filter(|at| *at >= 13 && size > 11) else {
        return Ok(None);
    };
    let tag = Tag::read(buffer, at)?;
    if tag.kind == TagKind::Other || tag.end != total.saturating_sub(4) {
        return Ok(None);
    }
    let frame = fps.and_then(|fps| timebase::seconds_to_duration(fps.recip())).unwrap_or_default();
    let time = Duration::from_millis(u64::from(tag.time.saturating_sub(start)));
    Ok(time.checked_add(frame).filter(|_| !time.is_zero()))
}

/// Returns the coded size and the display size in an AVC configuration record.
fn avc_size(record: &[u8]) -> Option<(Dimensions, Dimensions)> {
    SpsInfo::in_avc_record(record).map(|sequence| (sequence.size, sequence.display_size()))
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
