//! A program stream: what its first packets tell, and the times of the first and the last.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::time::Duration;

use super::super::audio_frame::Frame;
use super::super::clock;
use super::super::mpeg_video::{SEQUENCE, Sequence, start_codes};
use super::super::sps::Sps;
use super::super::window::{Halt, Window, broken};
use super::packet::{self, END, PACK, PRIVATE, Packet, SYSTEM, is_sound, is_video};
use crate::media::{Codec, Format, Measured, Media, VideoTrack};
use crate::outside::Outside;

/// How far the first packets are followed, in bytes.
const FOLLOWED: u64 = 512 * 1024;

/// How much of the end is searched for the last time, in bytes; a picture may be that large.
const TAIL: u64 = 256 * 1024;

/// How far the next start code is looked for where none stands in its place, in bytes.
const GAP: usize = 4096;

/// What the first packets tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    /// The first video stream and the first bytes of it.
    video: Option<(u8, Vec<u8>)>,
    /// The first audio stream and its codec.
    sound: Option<(u8, Codec)>,
    /// The first time of each.
    video_start: Option<u64>,
    sound_start: Option<u64>,
    /// Whether a system header says that there is no sound.
    silent: bool,
}

impl Program {
    /// Follows the packets until picture and sound are known.
    pub(super) fn read(window: &Window) -> Result<Self, Halt> {
        let mut program = Self::default();
        let mut at = 0;
        while at < FOLLOWED && !program.is_known() && window.total().is_none_or(|total| at < total) {
            window.step(at)?;
            at = match Packet::read(window, at)? {
                Some(Packet { id: END, .. }) => break,
                Some(packet) => {
                    program.take(window, &packet)?;
                    packet.end
                }
                None => match next_packet(window, at)? {
                    Some(next) => next,
                    None => break,
                },
            };
        }
        Ok(program)
    }

    fn is_known(&self) -> bool {
        let sound = self.silent || (self.sound.is_some() && self.sound_start.is_some());
        let video = self.video.as_ref().is_some_and(|(_, bytes)| bytes.len() >= super::HEADER || is_headed(bytes));
        sound && video && self.video_start.is_some()
    }

    fn take(&mut self, window: &Window, packet: &Packet) -> Result<(), Halt> {
        let length = usize::try_from(packet.end.saturating_sub(packet.body)).unwrap_or(0);
        match packet.id {
            // After two fields of three bytes, six bits count the streams of sound.
            SYSTEM => self.silent = window.u8(packet.body.saturating_add(3))? >> 2 == 0,
            id if is_video(id) && self.video.as_ref().is_none_or(|(first, _)| *first == id) => {
                let bytes = &mut self.video.get_or_insert((id, Vec::new())).1;
                let room = super::HEADER.saturating_sub(bytes.len());
                bytes.extend_from_slice(window.up_to(packet.body, length.min(room))?);
                self.video_start = earlier(self.video_start, packet.time);
            }
            id if is_sound(id) && length > 0 && self.sound.as_ref().is_none_or(|(first, _)| *first == id) => {
                if self.sound.is_none() {
                    self.sound = Some((id, sound(window.up_to(packet.body, length.min(HEADER))?)));
                }
                self.sound_start = earlier(self.sound_start, packet.time);
            }
            PRIVATE if length > 0 && self.sound.as_ref().is_none_or(|(first, _)| *first == PRIVATE) => {
                let codec = private_sound(window.u8(packet.body)?);
                self.sound = self.sound.take().or(codec.map(|codec| (PRIVATE, codec)));
                self.sound_start = earlier(self.sound_start, packet.time);
            }
            _ => {}
        }
        Ok(())
    }

    /// Turns it into facts; the duration comes from the end of the file, so its length must be known.
    pub(super) fn media(self, window: &Window) -> Result<Media, Halt> {
        let mut media = Media::new(Format::Mpeg);
        if let Some((id, bytes)) = &self.video {
            match (Sequence::find(bytes), parameter_set(bytes)) {
                (Some(sequence), _) => super::show(&mut media, &sequence),
                (None, Some(sps)) => {
                    media.stored = Some(sps.stored);
                    media.displayed = Some(sps.displayed);
                    media.video = Some(VideoTrack { codec: Codec::Known("h264"), profile: None, fps: None });
                }
                (None, None) => {
                    let codec = Codec::Other(Outside::from(format!("0x{id:02x}").as_str()));
                    media.video = Some(VideoTrack { codec, profile: None, fps: None });
                }
            }
        }
        let fps = media.video.as_ref().and_then(|video| video.fps).map(|fps| fps.value);
        media.duration = self.duration(window, fps)?.map(Measured::estimated);
        media.audio = self.sound.map(|(_, codec)| codec);
        if media.video.is_none() && media.audio.is_none() {
            return Err(broken(0, "the MPEG stream has no packets of picture or sound"));
        }
        Ok(media)
    }

    /// Takes the last time from the first, and adds the frame that then plays. Not exact: times may jump in between.
    fn duration(&self, window: &Window, fps: Option<f64>) -> Result<Option<Duration>, Halt> {
        let video = self.video.as_ref().map(|(id, _)| *id).zip(self.video_start);
        let sound = self.sound.as_ref().map(|(id, _)| *id).zip(self.sound_start);
        let (Some((id, start)), Some(total)) = (video.or(sound), window.total()) else { return Ok(None) };
        let from = total.saturating_sub(TAIL);
        let tail = window.bytes(from, usize::try_from(total.saturating_sub(from)).unwrap_or(0))?;
        let mut last = None;
        for (at, code) in tail.windows(4).enumerate() {
            if code == [0, 0, 1, id] {
                // What is damaged or cut off at the end is passed over.
                let packet = Packet::read(window, from.saturating_add(at as u64)).ok().flatten();
                last = last.max(packet.and_then(|packet| packet.time));
            }
        }
        let Some(ticks) = last.and_then(|last| last.checked_sub(start)).filter(|ticks| *ticks > 0) else {
            return Ok(None);
        };
        let frame = fps.and_then(|fps| clock::of_seconds(fps.recip())).unwrap_or_default();
        Ok(clock::lasting(ticks, 90_000, 1).and_then(|time| time.checked_add(frame)))
    }
}

/// How much of the first sound is looked at, in bytes.
const HEADER: usize = super::super::audio_frame::HEADER;

fn earlier(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Says whether the header of the video is there in full: a picture follows it.
fn is_headed(video: &[u8]) -> bool {
    let mut codes = start_codes(video).map(|(code, _)| code).skip_while(|code| *code != SEQUENCE);
    codes.next().is_some() && codes.any(|code| code == 0)
}

fn parameter_set(video: &[u8]) -> Option<Sps> {
    video.windows(3).enumerate().find_map(|(at, code)| {
        let nal = video.get(at.checked_add(3)?..).filter(|nal| code == [0, 0, 1] && nal.first() != Some(&SEQUENCE))?;
        Sps::of_nal(nal)
    })
}

/// Names MPEG audio by its first frame; a packet that does not start with one is taken for layer II, the usual one.
fn sound(bytes: &[u8]) -> Codec {
    Codec::Known(Frame::parse(bytes).map_or("mp2", |frame| frame.codec))
}

/// Names the sound in a private stream by its first byte, as DVDs number it; subtitles are no sound.
fn private_sound(substream: u8) -> Option<Codec> {
    match substream {
        0x80..=0x87 => Some(Codec::Known("ac3")),
        0x88..=0x8f => Some(Codec::Known("dts")),
        0xa0..=0xaf => Some(Codec::Known("pcm_dvd")),
        _ => None,
    }
}

/// Returns where the next start code of a system layer is, if it is near.
fn next_packet(window: &Window, at: u64) -> Result<Option<u64>, Halt> {
    let near = window.up_to(at, GAP)?;
    let found = near.windows(4).skip(1).position(|code| matches!(code, [0, 0, 1, PACK | packet::SYSTEM | PRIVATE | 0xc0..=0xef]));
    Ok(found.map(|found| at.saturating_add(1).saturating_add(found as u64)))
}
