//! Codec identifiers (RFC 9559 and the Matroska codec specification), by the names that ffprobe gives them; and those
//! of AVI and `QuickTime`, which Matroska can carry in a codec's private data.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::Codec;
use crate::media::isobmff::fourcc;
use crate::media::riff::{self, wave_format::WaveFormat};
use crate::media::sparse_buffer::SparseBuffer;
use crate::text::untrusted::UntrustedText;

/// How many bytes of a codec's private data are read.
pub(super) const PRIVATE: usize = 40;

/// Names the codec of a video track.
pub(super) fn video(id: &[u8], private: &[u8]) -> Codec {
    let letters = match id {
        b"V_MS/VFW/FOURCC" => four(private, 16),
        b"V_QUICKTIME" => quicktime(private, |letters| fourcc::video(letters).is_some()),
        _ => None,
    };
    let known = match letters {
        Some(letters) => avi(letters).or_else(|| fourcc::video(letters)),
        None => native_video(id),
    };
    named(known, letters, id)
}

/// Returns ffprobe's short name of a `ProRes` profile.
pub(super) fn profile(id: &[u8], private: &[u8]) -> Option<&'static str> {
    let letters = match id {
        b"V_PRORES" => four(private, 0),
        b"V_QUICKTIME" => quicktime(private, |letters| fourcc::prores_profile(letters).is_some()),
        b"V_MS/VFW/FOURCC" => four(private, 16),
        _ => None,
    };
    fourcc::prores_profile(letters?)
}

/// Names the codec of an audio track; `bits` is the size of a sample, 0 if the file does not state it.
pub(super) fn audio(id: &[u8], private: &[u8], bits: u64) -> Codec {
    match id {
        b"A_MS/ACM" => named(wave(private), None, id),
        b"A_QUICKTIME" => {
            let bits =
                private.get(26..28).and_then(|bytes| bytes.first_chunk()).map_or(0, |two| u16::from_be_bytes(*two));
            let known = |letters: [u8; 4]| fourcc::audio(letters, bits);
            let letters = quicktime(private, |letters| known(letters).is_some());
            named(letters.and_then(known), letters, id)
        }
        _ => named(native_audio(id, bits), None, id),
    }
}

fn named(known: Option<&'static str>, letters: Option<[u8; 4]>, id: &[u8]) -> Codec {
    known.map_or_else(|| Codec::Other(letters.map_or_else(|| UntrustedText::new(id), UntrustedText::new)), Codec::Known)
}

fn four(private: &[u8], at: usize) -> Option<[u8; 4]> {
    private.get(at..).and_then(|rest| rest.first_chunk()).copied()
}

/// Returns the four letters of a sample entry, which some writers store without its length.
fn quicktime(private: &[u8], known: impl Fn([u8; 4]) -> bool) -> Option<[u8; 4]> {
    four(private, 0).filter(|letters| known(*letters)).or_else(|| four(private, 4))
}

fn native_video(id: &[u8]) -> Option<&'static str> {
    Some(match id {
        b"V_MPEG4/ISO/AVC" => "h264",
        b"V_MPEGH/ISO/HEVC" => "hevc",
        b"V_MPEGI/ISO/VVC" => "vvc",
        b"V_AV1" => "av1",
        b"V_VP8" => "vp8",
        b"V_VP9" => "vp9",
        b"V_MPEG4/ISO/ASP" | b"V_MPEG4/ISO/SP" | b"V_MPEG4/ISO/AP" => "mpeg4",
        b"V_MPEG4/MS/V3" => "msmpeg4v3",
        b"V_MPEG1" => "mpeg1video",
        b"V_MPEG2" => "mpeg2video",
        b"V_MJPEG" => "mjpeg",
        b"V_THEORA" => "theora",
        b"V_PRORES" => "prores",
        b"V_FFV1" => "ffv1",
        b"V_DIRAC" => "dirac",
        b"V_SNOW" => "snow",
        b"V_UNCOMPRESSED" => "rawvideo",
        b"V_REAL/RV10" => "rv10",
        b"V_REAL/RV20" => "rv20",
        b"V_REAL/RV30" => "rv30",
        b"V_REAL/RV40" => "rv40",
        b"V_AVS2" => "avs2",
        b"V_AVS3" => "avs3",
        _ => return None,
    })
}

fn native_audio(id: &[u8], bits: u64) -> Option<&'static str> {
    Some(match id {
        b"A_AC3" | b"A_AC3/BSID9" | b"A_AC3/BSID10" => "ac3",
        b"A_EAC3" => "eac3",
        b"A_ALAC" => "alac",
        b"A_FLAC" => "flac",
        b"A_MLP" => "mlp",
        b"A_TRUEHD" => "truehd",
        b"A_MPEG/L1" => "mp1",
        b"A_MPEG/L2" => "mp2",
        b"A_MPEG/L3" => "mp3",
        b"A_OPUS" | b"A_OPUS/EXPERIMENTAL" => "opus",
        b"A_VORBIS" => "vorbis",
        b"A_WAVPACK4" => "wavpack",
        b"A_TTA1" => "tta",
        b"A_REAL/14_4" => "ra_144",
        b"A_REAL/28_8" => "ra_288",
        b"A_REAL/COOK" => "cook",
        b"A_REAL/SIPR" => "sipr",
        b"A_REAL/ATRC" => "atrac3",
        b"A_PCM/INT/LIT" | b"A_PCM/INT/BIG" if bits == 8 => "pcm_u8",
        b"A_PCM/INT/LIT" => whole(bits)?,
        b"A_PCM/INT/BIG" => match bits {
            0 | 16 => "pcm_s16be",
            24 => "pcm_s24be",
            32 => "pcm_s32be",
            _ => return None,
        },
        b"A_PCM/FLOAT/IEEE" => {
            if bits == 64 {
                "pcm_f64le"
            } else {
                "pcm_f32le"
            }
        }
        id if id.starts_with(b"A_AAC") => "aac",
        id if id.starts_with(b"A_DTS") => "dts",
        _ => return None,
    })
}

fn whole(bits: u64) -> Option<&'static str> {
    Some(match bits {
        8 => "pcm_u8",
        0 | 16 => "pcm_s16le",
        24 => "pcm_s24le",
        32 => "pcm_s32le",
        _ => return None,
    })
}

/// Returns the codec of a four-character code of AVI.
fn avi(letters: [u8; 4]) -> Option<&'static str> {
    name(&riff::fourcc::codec(letters))
}

/// Returns the codec of a `WAVEFORMATEX`, by its format tag.
fn wave(format: &[u8]) -> Option<&'static str> {
    let size = format.len() as u64;
    let format = WaveFormat::read(&SparseBuffer::new(format.to_vec(), Some(size)), 0, size).ok()?;
    name(&format.codec())
}

fn name(codec: &Codec) -> Option<&'static str> {
    if let Codec::Known(name) = *codec { Some(name) } else { None }
}
