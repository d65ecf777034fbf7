//! Sample entries: how the frames of a track are coded (ISO/IEC 14496-12, section 8.5.2; Apple's `QuickTime` File
//! Format, "Sample description atoms"). The fields have fixed offsets for every codec, so the size is read even if
//! the codec is unknown.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::atom::{Atom, ignore_malformed};
use super::fourcc;
use super::geometry::{DisplayShape, scaled};
use crate::media::Codec;
use crate::media::sparse_buffer::ReadError;
use crate::media::sps::SpsInfo;
use crate::text::untrusted::UntrustedText;
use crate::units::Dimensions;

/// The type of a track, by the handler in its `hdlr` box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    /// `vide`: video.
    Video,
    /// `soun`: audio.
    Audio,
}

/// The first sample entry of a track.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SampleEntry {
    /// How the frames are coded.
    pub(super) codec: Codec,
    /// ffprobe's short name of the profile, for `ProRes` only.
    pub(super) profile: Option<&'static str>,
    /// Width and height as coded; 0x0 for audio.
    pub(super) coded_size: Dimensions,
    /// The display geometry, as far as the entry states it.
    pub(super) shape: DisplayShape,
    /// True if the frames are encrypted.
    pub(super) encrypted: bool,
}

impl Handler {
    /// Parses the four letters; `None` for text, time code and other tracks.
    pub(super) fn named(letters: [u8; 4]) -> Option<Self> {
        match &letters {
            b"vide" => Some(Self::Video),
            b"soun" => Some(Self::Audio),
            _ => None,
        }
    }
}

impl SampleEntry {
    /// Reads the first entry of an `stsd` box; `None` where there is none.
    pub(super) fn read(stsd: Atom, handler: Handler) -> Result<Option<Self>, ReadError> {
        let Some(entry) = stsd.children(8).next().transpose()? else { return Ok(None) };
        match handler {
            Handler::Video => video(entry),
            Handler::Audio => audio(entry, stsd.u8(0)?),
        }
        .map(Some)
    }
}

/// Where the boxes inside a visual sample entry start.
const VISUAL: u64 = 78;

fn video(entry: Atom) -> Result<SampleEntry, ReadError> {
    let coded_size = Dimensions::new(entry.be16(24)?.into(), entry.be16(26)?.into());
    let (mut shape, mut named, mut sequence, mut kind) = (DisplayShape::default(), None, None, entry.kind);
    for atom in entry.children(VISUAL) {
        let atom = atom?;
        match &atom.kind {
            b"pasp" => shape.pixel = ignore_malformed(pixel(atom))?,
            b"clap" => shape.aperture = ignore_malformed(aperture(atom))?,
            b"esds" => named = ignore_malformed(object_type(atom))?,
            b"avcC" => sequence = SpsInfo::in_avc_record(record(atom)?),
            b"hvcC" => sequence = SpsInfo::in_hevc_record(record(atom)?),
            b"sinf" => kind = ignore_malformed(original(atom))?.unwrap_or(kind),
            _ => {}
        }
    }
    let known = match &kind {
        b"mp4v" => named.and_then(fourcc::object_type).or(Some("mpeg4")),
        _ => fourcc::video(kind),
    };
    shape.coded_pixel = sequence.and_then(|sequence| sequence.pixel);
    Ok(SampleEntry {
        codec: codec(known, kind),
        profile: fourcc::prores_profile(kind),
        // Some writers state the size only in the video stream.
        coded_size: sequence
            .filter(|_| coded_size.width == 0 || coded_size.height == 0)
            .map_or(coded_size, |sequence| sequence.size),
        shape,
        encrypted: entry.kind == *b"encv",
    })
}

fn audio(entry: Atom, table_version: u8) -> Result<SampleEntry, ReadError> {
    let (version, bits) = (entry.be16(8)?, entry.be16(18)?);
    // The longer entries are QuickTime's; if the table itself has version 1, the entry is ISO's and is not longer.
    let skip = match (table_version, version) {
        (0, 1) => 44,
        (0, 2) => 64,
        (..) => 28,
    };
    let facts = AudioExtensions::read(entry, skip, 0)?;
    let kind = facts.original.unwrap_or(entry.kind);
    let known = match (&kind, facts.object_type) {
        (b"mp4a", Some(number)) => fourcc::object_type(number),
        (b"lpcm", _) if version == 2 => linear(entry)?,
        (b"ipcm" | b"fpcm", _) => facts.pcm.and_then(|pcm| pcm.name(kind == *b"fpcm")),
        (b"in24" | b"in32" | b"fl32" | b"fl64", _) if facts.little_endian => {
            fourcc::audio(kind, bits).and_then(little_endian)
        }
        (..) => fourcc::audio(kind, bits),
    };
    Ok(SampleEntry {
        codec: codec(known, kind),
        profile: None,
        coded_size: Dimensions::new(0, 0),
        shape: DisplayShape::default(),
        encrypted: entry.kind == *b"enca",
    })
}

/// Returns the beginning of a configuration record, which holds the sequence header.
fn record(atom: Atom<'_>) -> Result<&[u8], ReadError> {
    atom.bytes(0, usize::try_from(atom.length()).unwrap_or(RECORD).min(RECORD))
}

/// 4 KiB: x265 puts more than a thousand bytes of encoder settings there, usually after the header.
const RECORD: usize = 4 << 10;

fn codec(known: Option<&'static str>, kind: [u8; 4]) -> Codec {
    known.map_or_else(|| Codec::Other(UntrustedText::new(kind)), Codec::Known)
}

/// The facts in the boxes inside an audio sample entry.
#[derive(Clone, Copy, Default)]
struct AudioExtensions {
    object_type: Option<u8>,
    original: Option<[u8; 4]>,
    pcm: Option<Pcm>,
    little_endian: bool,
}

impl AudioExtensions {
    /// Reads the boxes after `skip` bytes; `depth` counts the enclosing `wave` boxes; real files have one.
    fn read(parent: Atom, skip: u64, depth: u8) -> Result<Self, ReadError> {
        let mut facts = Self::default();
        for atom in parent.children(skip) {
            let atom = atom?;
            match &atom.kind {
                b"esds" => facts.object_type = ignore_malformed(object_type(atom))?,
                b"sinf" => facts.original = ignore_malformed(original(atom))?,
                b"pcmC" => facts.pcm = ignore_malformed(Pcm::read(atom).map(Some))?,
                b"enda" => facts.little_endian = ignore_malformed(atom.be16(0).map(Some))? == Some(1),
                b"wave" if depth == 0 => {
                    let inner = Self::read(atom, 0, 1)?;
                    facts.object_type = inner.object_type.or(facts.object_type);
                    facts.little_endian |= inner.little_endian;
                }
                _ => {}
            }
        }
        Ok(facts)
    }
}

/// The `pcmC` box (ISO/IEC 23003-5).
#[derive(Clone, Copy)]
struct Pcm {
    little_endian: bool,
    bits: u8,
}

impl Pcm {
    fn read(atom: Atom) -> Result<Self, ReadError> {
        Ok(Self { little_endian: atom.u8(4)? & 1 == 1, bits: atom.u8(5)? })
    }

    fn name(self, float: bool) -> Option<&'static str> {
        let big = match (float, self.bits) {
            (false, 16) => "pcm_s16be",
            (false, 24) => "pcm_s24be",
            (false, 32) => "pcm_s32be",
            (true, 32) => "pcm_f32be",
            (true, 64) => "pcm_f64be",
            (..) => return None,
        };
        if self.little_endian { little_endian(big) } else { Some(big) }
    }
}

/// Returns the name of the little-endian variant of a PCM codec.
fn little_endian(name: &'static str) -> Option<&'static str> {
    Some(match name {
        "pcm_s16be" => "pcm_s16le",
        "pcm_s24be" => "pcm_s24le",
        "pcm_s32be" => "pcm_s32le",
        "pcm_f32be" => "pcm_f32le",
        "pcm_f64be" => "pcm_f64le",
        _ => return None,
    })
}

/// Names the samples of a `QuickTime` version 2 `lpcm` entry by their flags: 1 float, 2 big-endian, 4 signed.
fn linear(entry: Atom) -> Result<Option<&'static str>, ReadError> {
    let (bits, flags) = (entry.be32(48)?, entry.be32(52)?);
    let (float, big, signed) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
    let named = match (bits, signed) {
        (8, true) => return Ok(Some("pcm_s8")),
        (8, false) => return Ok(Some("pcm_u8")),
        (..) => u8::try_from(bits).ok().and_then(|bits| Pcm { little_endian: !big, bits }.name(float)),
    };
    Ok(named)
}

fn pixel(pasp: Atom) -> Result<Option<(u32, u32)>, ReadError> {
    Ok(Some((pasp.be32(0)?, pasp.be32(4)?)))
}

fn aperture(clap: Atom) -> Result<Option<Dimensions>, ReadError> {
    let (width, height) = (scaled(clap.be32(0)?, 1, clap.be32(4)?), scaled(clap.be32(8)?, 1, clap.be32(12)?));
    Ok(width.zip(height).map(|(width, height)| Dimensions::new(width, height)))
}

/// Returns the code that a protected entry had before it was encrypted.
fn original(sinf: Atom) -> Result<Option<[u8; 4]>, ReadError> {
    sinf.child(*b"frma")?.map(|frma| frma.array(0)).transpose()
}

/// Reads the `objectTypeIndication` out of the descriptors in an `esds` box (ISO/IEC 14496-1, section 7.2.6).
fn object_type(esds: Atom) -> Result<Option<u8>, ReadError> {
    let (tag, mut at) = descriptor(esds, 4)?;
    if tag == 0x03 {
        let flags = esds.u8(at.saturating_add(2))?;
        at = at.saturating_add(3);
        if flags & 0x80 != 0 {
            at = at.saturating_add(2);
        }
        if flags & 0x40 != 0 {
            at = at.saturating_add(1).saturating_add(esds.u8(at)?.into());
        }
        if flags & 0x20 != 0 {
            at = at.saturating_add(2);
        }
        let (tag, config) = descriptor(esds, at)?;
        return if tag == 0x04 { esds.u8(config).map(Some) } else { Ok(None) };
    }
    if tag == 0x04 { esds.u8(at).map(Some) } else { Ok(None) }
}

/// Returns the tag of a descriptor and where its contents start; its length takes one to four bytes.
fn descriptor(esds: Atom, at: u64) -> Result<(u8, u64), ReadError> {
    let mut contents = at.saturating_add(1);
    for _ in 0..4 {
        let more = esds.u8(contents)? & 0x80 != 0;
        contents = contents.saturating_add(1);
        if !more {
            break;
        }
    }
    Ok((esds.u8(at)?, contents))
}
