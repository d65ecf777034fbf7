//! One stream of an Ogg file: the facts in its first packet.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::super::audio::flac::StreamInfo;
use super::super::sparse_buffer::{ReadError, SparseBuffer};
use super::super::{sample_aspect_ratio, timebase};
use super::page::OggPage;
use crate::media::Codec;
use crate::units::Dimensions;

/// How much of a first packet is read, in bytes; the longest header that is used is Speex's, 80.
const FIRST: u64 = 80;

/// What a stream is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Identity {
    /// Video.
    Picture {
        /// Its codec.
        codec: Codec,
        /// Its size as stored.
        coded_size: Option<Dimensions>,
        /// Its size after the pixel aspect ratio is applied.
        display_size: Option<Dimensions>,
        /// Its frames per second.
        fps: Option<f64>,
    },
    /// Audio.
    Sound {
        /// The codec.
        codec: Codec,
    },
    /// Subtitles, indexes and unknown streams.
    Other,
}

/// How a stream counts time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// Units per `scale` seconds.
    pub(super) rate: u64,
    /// See `rate`.
    pub(super) scale: u64,
    /// Units at the start that are not played.
    pub(super) skipped: u64,
    /// The low bits of a granule that count frames since the last key frame (Theora); 0 for a plain count.
    shift: u32,
    /// The maximum number of units in one packet.
    packet: u64,
    /// Units that a granule leaves out: 1 in Theora before 3.2.1, which counts its frames from zero.
    lacking: u64,
}

/// A stream.
#[derive(Clone, Debug)]
pub(super) struct LogicalStream {
    pub(super) serial: u32,
    pub(super) identity: Identity,
    pub(super) clock: Option<Clock>,
    /// Units counted before the first page with sound or pictures, below zero where a cut left more frames than it counts;
    /// `None` until one was seen.
    pub(super) first: Option<i64>,
}

impl LogicalStream {
    /// Reads the packet on the page that begins a stream.
    pub(super) fn read(buffer: &SparseBuffer, page: &OggPage) -> Result<Self, ReadError> {
        let length = usize::try_from(page.size.min(FIRST)).unwrap_or(0);
        let (identity, clock) = identify(buffer.bytes(page.body, length)?).unwrap_or((Identity::Other, None));
        Ok(Self { serial: page.serial, identity, clock, first: None })
    }

    /// Records the position of the first page with audio or video, minus what that page can hold.
    pub(super) fn note_first(&mut self, page: &OggPage) {
        let (Some(clock), Some(granule)) = (&self.clock, page.granule.filter(|granule| *granule > 0)) else { return };
        let held = page.packets.saturating_mul(clock.packet).saturating_add(clock.skipped);
        let first = i64::try_from(clock.count(granule)).unwrap_or(i64::MAX).saturating_sub_unsigned(held);
        // A page of sound may hold less than it could.
        self.first = Some(if clock.packet == 1 { first } else { first.max(0) });
    }

    /// Returns the units that are played up to a granule.
    pub(super) fn played(&self, clock: &Clock, granule: u64) -> u64 {
        let before = self.first.unwrap_or(0).saturating_neg();
        clock.count(granule).saturating_sub(clock.skipped).saturating_add_signed(before)
    }
}

impl Clock {
    /// Converts a granule to units.
    pub(super) fn count(&self, granule: u64) -> u64 {
        let (keys, since) = (granule >> self.shift, granule & (1_u64 << self.shift).saturating_sub(1));
        keys.saturating_add(since).saturating_add(self.lacking)
    }

    const fn of_samples(rate: u32, packet: u64) -> Self {
        Self { rate: rate as u64, scale: 1, skipped: 0, shift: 0, packet, lacking: 0 }
    }
}

/// Parses a first packet; `None` if it is too short for its codec, or the codec is unknown.
fn identify(packet: &[u8]) -> Option<(Identity, Option<Clock>)> {
    let sound = |codec, clock: Clock| {
        let codec = Codec::Known(codec);
        Some((Identity::Sound { codec }, Some(clock).filter(|clock| clock.rate > 0)))
    };
    match packet {
        [0x80, b't', b'h', b'e', b'o', b'r', b'a', header @ ..] => theora(header.first_chunk()?),
        [1, b'v', b'o', b'r', b'b', b'i', b's', header @ ..] => {
            let largest = header.get(21)? >> 4;
            sound("vorbis", Clock::of_samples(le32(header, 5)?, 1 << largest))
        }
        [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', header @ ..] => {
            let skipped = u16::from_le_bytes(*header.get(2..)?.first_chunk()?);
            sound("opus", Clock { skipped: skipped.into(), ..Clock::of_samples(48_000, 5760) })
        }
        [0x7f, b'F', b'L', b'A', b'C', _, _, _, _, b'f', b'L', b'a', b'C', _, _, _, _, body @ ..] => {
            let info = StreamInfo::parse(body.first_chunk()?)?;
            sound("flac", Clock::of_samples(info.rate, info.block.into()))
        }
        [b'S', b'p', b'e', b'e', b'x', b' ', b' ', b' ', ..] => {
            let frames = u64::from(le32(packet, 56)?).saturating_mul(le32(packet, 64)?.max(1).into());
            sound("speex", Clock::of_samples(le32(packet, 36)?, frames))
        }
        [b'O', b'V', b'P', b'8', b'0', 1, header @ ..] => vp8(header.first_chunk()?),
        _ => None,
    }
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Parses a Theora header after its name (Theora specification, 6.2).
fn theora(header: &[u8; 35]) -> Option<(Identity, Option<Clock>)> {
    let be = |at: usize, length: usize| {
        header.iter().skip(at).take(length).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte))
    };
    let coded_size = Dimensions::new(be(7, 3), be(10, 3));
    coded_size.ratio()?;
    let (rate, scale) = (be(15, 4), be(19, 4));
    let display_size = sample_aspect_ratio::shown(coded_size, be(23, 3), be(26, 3));
    let shift = (be(33, 2) >> 5) & 0x1f;
    let fps = timebase::frame_rate(rate, scale);
    let codec = Codec::Known("theora");
    let identity = Identity::Picture { codec, coded_size: Some(coded_size), display_size: Some(display_size), fps };
    let lacking = u64::from(be(0, 3) < 0x03_02_01);
    let clock = Clock { rate: rate.into(), scale: scale.into(), skipped: 0, shift, packet: 1, lacking };
    Some((identity, fps.map(|_| clock)))
}

/// Parses a VP8 header after its name; its granules are not read.
fn vp8(header: &[u8; 20]) -> Option<(Identity, Option<Clock>)> {
    let be = |at: usize, length: usize| {
        header.iter().skip(at).take(length).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte))
    };
    let coded_size = Dimensions::new(be(2, 2), be(4, 2));
    coded_size.ratio()?;
    let display_size = sample_aspect_ratio::shown(coded_size, be(6, 3), be(9, 3));
    let fps = timebase::frame_rate(be(12, 4), be(16, 4));
    let codec = Codec::Known("vp8");
    Some((Identity::Picture { codec, coded_size: Some(coded_size), display_size: Some(display_size), fps }, None))
}
