//! A program stream: the facts in its first packets, and the first and last timestamps.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::super::audio::mpeg_audio::Frame;
use super::super::mpeg::video::{SEQUENCE, SequenceHeader, start_codes};
use super::super::sparse_buffer::{ReadError, SparseBuffer, malformed};
use super::super::{sps, timebase};
use super::packet::{END, PACK, PRIVATE, Packet, SYSTEM, is_sound, is_video};
use crate::media::{Codec, Format, Measured, Media, VideoTrack};
use crate::text::untrusted::UntrustedText;

/// How far the first packets are followed, in bytes.
const FOLLOWED: u64 = 512 * 1024;

/// How far they are followed for audio if a header says that there is none, in bytes. Video CDs have a separate header
/// for each stream, and that of the video says so.
const SILENT: u64 = 128 * 1024;

/// How much of the end is searched for the last timestamp, in bytes; a picture may be that large.
const TAIL: u64 = 256 * 1024;

/// How far the next start code is searched for if there is none at its expected offset, in bytes.
const GAP: usize = 4096;

/// How much of an audio packet is searched for a frame, in bytes.
const SOUND: usize = 4096;

/// The facts in the first packets.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    video: Option<ElementaryStream>,
    /// The first bytes of the video.
    picture: Vec<u8>,
    sound: Option<ElementaryStream>,
    codec: Option<Codec>,
    /// Whether a system header says that there is no audio.
    silent: bool,
}

/// The first stream of a kind.
#[derive(Clone, Copy, Debug)]
struct ElementaryStream {
    id: u8,
    /// Its first timestamp, in ticks.
    start: Option<u64>,
}

impl Program {
    /// Follows the packets until video and audio are known.
    pub(super) fn read(buffer: &SparseBuffer) -> Result<Self, ReadError> {
        let mut program = Self::default();
        let mut at = 0;
        while at < FOLLOWED && !program.is_known(at) && buffer.total().is_none_or(|total| at < total) {
            at = match Packet::read(buffer, at)? {
                Some(Packet { id: END, .. }) => break,
                Some(packet) => {
                    program.take(buffer, &packet)?;
                    packet.end
                }
                None => match next_packet(buffer, at)? {
                    Some(next) => next,
                    None => break,
                },
            };
        }
        Ok(program)
    }

    fn is_known(&self, at: u64) -> bool {
        let started = |track: Option<ElementaryStream>| track.is_some_and(|track| track.start.is_some());
        let shown = self.picture.len() >= super::HEADER || is_headed(&self.picture);
        started(self.video) && shown && (started(self.sound) || (self.silent && at >= SILENT))
    }

    fn take(&mut self, buffer: &SparseBuffer, packet: &Packet) -> Result<(), ReadError> {
        let length = usize::try_from(packet.end.saturating_sub(packet.body)).unwrap_or(0);
        match packet.id {
            // After two fields of three bytes, six bits count the audio streams.
            SYSTEM => self.silent = buffer.u8(packet.body.saturating_add(3))? >> 2 == 0,
            id if is_video(id) && self.video.is_none_or(|video| video.id == id) => {
                let room = super::HEADER.saturating_sub(self.picture.len());
                self.picture.extend_from_slice(buffer.bytes(packet.body, length.min(room))?);
                self.video.get_or_insert(ElementaryStream { id, start: None }).note(packet.time);
            }
            id if (is_sound(id) || id == PRIVATE) && self.sound.is_none_or(|sound| sound.id == id) => {
                let bytes = buffer.bytes(packet.body, length.min(SOUND))?;
                let codec = if id == PRIVATE {
                    private_stream_codec(bytes)
                } else {
                    frame_in(bytes).map(|(_, frame)| frame.codec)
                };
                self.codec = self.codec.take().or(codec.map(Codec::Known));
                if self.codec.is_some() {
                    self.sound.get_or_insert(ElementaryStream { id, start: None }).note(packet.time);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Converts it to facts; the duration comes from the end of the file, so its length must be known.
    pub(super) fn media(self, buffer: &SparseBuffer) -> Result<Media, ReadError> {
        let mut media = Media::new(Format::Mpeg);
        if let Some(video) = self.video {
            match (SequenceHeader::find(&self.picture), parameter_set(&self.picture)) {
                (Some(sequence), _) => super::show(&mut media, &sequence),
                (None, Some(set)) => {
                    media.coded_size = Some(set.size);
                    media.display_size = Some(set.display_size());
                    media.video = Some(VideoTrack { codec: Codec::Known("h264"), profile: None, fps: None });
                }
                (None, None) if self.picture.len() >= super::HEADER => {
                    let codec = Codec::Other(UntrustedText::from(format!("0x{:02x}", video.id).as_str()));
                    media.video = Some(VideoTrack { codec, profile: None, fps: None });
                }
                (None, None) => return Err(malformed(0, "the MPEG stream ends before its first picture")),
            }
        }
        let fps = media.video.as_ref().and_then(|video| video.fps).map(|fps| fps.value);
        media.duration = self.duration(buffer, fps)?.map(Measured::estimated);
        media.audio = self.codec;
        if media.video.is_none() && media.audio.is_none() {
            return Err(malformed(0, "the MPEG stream has no video or audio packets"));
        }
        Ok(media)
    }

    /// Returns the longest duration of a stream: its last timestamp minus its first, plus the duration of the last
    /// frames. Never exact: timestamps may jump in between.
    fn duration(&self, buffer: &SparseBuffer, fps: Option<f64>) -> Result<Option<Duration>, ReadError> {
        let Some(total) = buffer.total() else { return Ok(None) };
        let started = |track: Option<ElementaryStream>| track.and_then(|track| Some((track.id, track.start?)));
        let (video, sound) = (started(self.video), started(self.sound));
        if video.is_none() && sound.is_none() {
            return Ok(None);
        }
        let from = total.saturating_sub(TAIL);
        let tail = buffer.bytes(from, usize::try_from(total.saturating_sub(from)).unwrap_or(0))?;
        let mut longest = None;
        for (offset, code) in tail.windows(4).enumerate() {
            let Some((id, start)) = [video, sound].into_iter().flatten().find(|(id, _)| code == [0, 0, 1, *id]) else {
                continue;
            };
            // Packets that are damaged or truncated at the end are skipped.
            let packet = Packet::read(buffer, from.saturating_add(offset as u64)).ok().flatten();
            let Some((packet, ticks)) = packet.and_then(|packet| Some((packet, since(start, packet.time?)?))) else {
                continue;
            };
            let last = if is_video(id) {
                fps.and_then(|fps| timebase::seconds_to_duration(fps.recip()))
            } else {
                audio_duration(buffer, &packet)
            };
            let end = timebase::ticks_to_duration(ticks, 90_000, 1)
                .and_then(|time| time.checked_add(last.unwrap_or_default()));
            longest = longest.max(end.filter(|_| ticks > 0));
        }
        Ok(longest)
    }
}

impl ElementaryStream {
    /// Records the first timestamp, or a slightly earlier one: pictures are not stored in display order.
    fn note(&mut self, time: Option<u64>) {
        const REORDERED: u64 = 2 * 90_000;
        let Some(time) = time else { return };
        let earlier = self.start.is_none_or(|start| since(time, start).is_some_and(|ticks| ticks < REORDERED));
        if earlier {
            self.start = Some(time);
        }
    }
}

/// Returns the ticks from one timestamp to another, which wraps after 33 bits; `None` if it is earlier.
fn since(start: u64, time: u64) -> Option<u64> {
    let ticks = time.wrapping_sub(start) & ((1 << 33) - 1);
    (ticks < 1 << 32).then_some(ticks)
}

/// Returns the duration of the complete audio frames in a packet.
fn audio_duration(buffer: &SparseBuffer, packet: &Packet) -> Option<Duration> {
    let length = usize::try_from(packet.end.checked_sub(packet.body)?).ok()?;
    let bytes = buffer.bytes(packet.body, length).ok()?;
    let (at, frame) = frame_in(bytes)?;
    let frames = bytes.len().checked_sub(at)?.checked_div(frame.length)?;
    timebase::ticks_to_duration((frames as u64).checked_mul(frame.samples.into())?, frame.rate.into(), 1)
}

/// Finds the first frame of MPEG audio or ADTS in a packet. One that starts the packet is accepted as it is.
fn frame_in(bytes: &[u8]) -> Option<(usize, Frame)> {
    let first = Frame::parse(bytes).map(|frame| (0, frame));
    first.or_else(|| {
        (0..bytes.len().min(SOUND)).find_map(|at| {
            let rest = bytes.get(at..)?;
            let frame = Frame::confirmed(rest).filter(|frame| frame.length < rest.len())?;
            Some((at, frame))
        })
    })
}

/// Returns whether the header of the video is complete: a picture follows it.
fn is_headed(video: &[u8]) -> bool {
    let mut codes = start_codes(video).map(|(code, _)| code).skip_while(|code| *code != SEQUENCE);
    codes.next().is_some() && codes.any(|code| code == 0)
}

fn parameter_set(video: &[u8]) -> Option<sps::SpsInfo> {
    video.windows(3).enumerate().find_map(|(at, code)| {
        let nal = video.get(at.checked_add(3)?..).filter(|_| code == [0, 0, 1])?;
        sps::SpsInfo::h264(nal)
    })
}

/// Returns the audio codec of a private stream by its first byte, as DVDs number them; `None` for subtitles.
fn private_stream_codec(bytes: &[u8]) -> Option<&'static str> {
    match bytes.first()? {
        0x80..=0x87 => Some("ac3"),
        0x88..=0x8f => Some("dts"),
        0xa0..=0xaf => Some("pcm_dvd"),
        _ => None,
    }
}

/// Returns where the next start code of the system layer is, if it is near.
fn next_packet(buffer: &SparseBuffer, at: u64) -> Result<Option<u64>, ReadError> {
    let near = buffer.up_to(at, GAP)?;
    let starts = |code: &[u8]| matches!(code, [0, 0, 1, PACK | SYSTEM | PRIVATE | 0xc0..=0xef]);
    let found = near.windows(4).skip(1).position(starts);
    Ok(found.map(|found| at.saturating_add(1).saturating_add(found as u64)))
}
