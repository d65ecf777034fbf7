//! The audio format of WAV and AVI files: a tag of 16 bits, or a GUID that contains one.
//!
//! Layout: WAVEFORMATEX and WAVEFORMATEXTENSIBLE of the Windows SDK (mmreg.h), which lists the tags as well.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::Codec;
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::text::untrusted::UntrustedText;

/// The tag of the extensible form, whose actual tag is in the GUID at the end.
const EXTENSIBLE: u16 = 0xfffe;

/// The end of every GUID that contains a tag, which is in its first two bytes.
const TAGGED: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/// How audio is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaveFormat {
    /// The tag; the one in the GUID if there is one.
    pub(crate) tag: u16,
    /// Channels.
    pub(crate) channels: u16,
    /// Samples per second.
    pub(crate) rate: u32,
    /// Bytes per second, on average.
    pub(crate) byte_rate: u32,
    /// Bytes of one sample of all channels, or of one block of a compressed format.
    pub(crate) block: u16,
    /// Bits per sample.
    pub(crate) bits: u16,
}

impl WaveFormat {
    /// Reads a format at an offset that is `size` bytes long, at least 14.
    pub(crate) fn read(buffer: &SparseBuffer, at: u64, size: u64) -> Result<Self, ReadError> {
        let place = |offset: u64| at.saturating_add(offset);
        let mut tag = buffer.le16(at)?;
        if tag == EXTENSIBLE && size >= 40 {
            let [low, high, rest @ ..] = buffer.array::<16>(place(24))?;
            if rest == TAGGED {
                tag = u16::from_le_bytes([low, high]);
            }
        }
        Ok(Self {
            tag,
            channels: buffer.le16(place(2))?,
            rate: buffer.le32(place(4))?,
            byte_rate: buffer.le32(place(8))?,
            block: buffer.le16(place(12))?,
            bits: if size < 16 { 8 } else { buffer.le16(place(14))? },
        })
    }

    /// Returns ffprobe's name of the codec; the tag in hexadecimal if it is unknown.
    pub(crate) fn codec(&self) -> Codec {
        let known = match (self.tag, self.bits.div_ceil(8)) {
            (0x0001, 1) => "pcm_u8",
            (0x0001, 2) => "pcm_s16le",
            (0x0001, 3) => "pcm_s24le",
            (0x0001, 4) => "pcm_s32le",
            (0x0001, 8) => "pcm_s64le",
            (0x0003, 4) => "pcm_f32le",
            (0x0003, 8) => "pcm_f64le",
            (0x0002, _) => "adpcm_ms",
            (0x0006, _) => "pcm_alaw",
            (0x0007, _) => "pcm_mulaw",
            (0x0011, _) => "adpcm_ima_wav",
            (0x0014, _) => "adpcm_g726",
            (0x0020, _) => "adpcm_yamaha",
            (0x0022, _) => "truespeech",
            (0x0031, _) => "gsm_ms",
            (0x0042, _) => "g723_1",
            (0x0050, _) => "mp2",
            (0x0055, _) => "mp3",
            (0x0092 | 0x2000, _) => "ac3",
            (0x00ff | 0x1600 | 0x706d | 0xa106, _) => "aac",
            (0x0160, _) => "wmav1",
            (0x0161, _) => "wmav2",
            (0x0162, _) => "wmapro",
            (0x0163, _) => "wmalossless",
            (0x0270, _) => "atrac3",
            (0x2001, _) => "dts",
            (0x704f, _) => "opus",
            (0xa109, _) => "speex",
            (0xf1ac, _) => "flac",
            (tag, _) => return Codec::Other(UntrustedText::from(format!("0x{tag:04x}").as_str())),
        };
        Codec::Known(known)
    }

    /// Returns whether all samples have the same size, so that their number follows from the number of bytes.
    pub(crate) fn is_pcm(&self) -> bool {
        matches!(self.tag, 0x0001 | 0x0003 | 0x0006 | 0x0007)
    }

    /// Returns the bytes of one sample of all channels: as stated, or computed if the file states zero.
    pub(crate) fn sample_bytes(&self) -> u64 {
        let computed = u64::from(self.channels).saturating_mul(u64::from(self.bits.div_ceil(8)));
        if self.block > 0 { self.block.into() } else { computed }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    fn bytes(tag: u16, bits: u16) -> Vec<u8> {
        let mut bytes = tag.to_le_bytes().to_vec();
        bytes.extend(*b"\x02\0\x40\x1f\0\0\0\x7d\0\0\x04\0");
        bytes.extend(bits.to_le_bytes());
        bytes
    }

    fn read(bytes: Vec<u8>) -> Result<WaveFormat, ReadError> {
        let size = bytes.len() as u64;
        WaveFormat::read(&SparseBuffer::new(bytes, Some(size)), 0, size)
    }

    #[test]
    fn tags_have_ffprobes_names() {
        let case = |tag, bits, name| {
            let format = read(bytes(tag, bits)).expect("a format");
            assert_eq!(format.codec(), Codec::Known(name), "{tag:#x} {bits}");
            assert_eq!((format.channels, format.rate, format.byte_rate, format.block), (2, 8000, 32_000, 4));
        };
        case(1, 8, "pcm_u8");
        case(1, 12, "pcm_s16le");
        case(1, 16, "pcm_s16le");
        case(1, 24, "pcm_s24le");
        case(1, 32, "pcm_s32le");
        case(3, 32, "pcm_f32le");
        case(3, 64, "pcm_f64le");
        case(2, 4, "adpcm_ms");
        case(6, 8, "pcm_alaw");
        case(7, 8, "pcm_mulaw");
        case(0x11, 4, "adpcm_ima_wav");
        case(0x55, 0, "mp3");
    }

    #[test]
    fn others_are_named_by_their_tag() {
        for (tag, bits, text) in
            [(0x1234, 16, "0x1234"), (1, 0, "0x0001"), (1, 40, "0x0001"), (EXTENSIBLE, 16, "0xfffe")]
        {
            assert_eq!(
                read(bytes(tag, bits)).map(|format| format.codec()),
                Ok(Codec::Other(UntrustedText::from(text)))
            );
        }
    }

    #[test]
    fn the_extensible_form_holds_the_tag_in_a_guid() {
        let mut wave = bytes(EXTENSIBLE, 24);
        wave.extend(*b"\x16\0\x18\0\x03\0\0\0");
        wave.extend(3_u16.to_le_bytes());
        wave.extend(TAGGED);
        assert_eq!(read(wave.clone()).map(|format| format.tag), Ok(3));
        wave[39] = 0;
        assert_eq!(read(wave.clone()).map(|format| format.tag), Ok(EXTENSIBLE), "a GUID of another kind");
        for cut in 0..wave.len() {
            assert!(read(wave[..cut].to_vec()).is_err() || cut >= 14, "cut at {cut}");
        }
    }
}
