//! Four-character codes of video codecs in AVI files, and ffprobe's names for them.

use crate::media::Codec;
use crate::text::untrusted::UntrustedText;

/// ffprobe's name, and the codes of that codec in upper case. Raw ones are uncompressed pictures.
const CODES: [(&str, &[&[u8; 4]]); 34] = [
    ("h264", &[b"H264", b"X264", b"AVC1", b"DAVC", b"SMV2", b"VSSH", b"Q264", b"V264"]),
    ("hevc", &[b"HEVC", b"H265", b"X265", b"HVC1", b"HEV1"]),
    ("av1", &[b"AV01"]),
    ("vp8", &[b"VP80"]),
    ("vp9", &[b"VP90"]),
    ("vp6", &[b"VP60", b"VP61", b"VP62"]),
    ("mjpeg", &[b"MJPG", b"JPEG", b"DMB1", b"AVRN", b"IJPG", b"MJLS", b"CJPG", b"SLMJ"]),
    ("msmpeg4v3", &[b"MP43", b"DIV3", b"DIV4", b"DIV5", b"DIV6", b"MPG3", b"AP41", b"COL0", b"COL1", b"DVX3"]),
    ("msmpeg4v2", &[b"MP42", b"DIV2"]),
    ("msmpeg4v1", &[b"MPG4", b"MP41"]),
    (
        "mpeg4",
        &[
            b"FMP4", b"XVID", b"DX50", b"DIVX", b"DIV1", b"MP4V", b"MP4S", b"M4S2", b"3IV2", b"3IVX", b"XVIX", b"BLZ0",
            b"UMP4", b"RMP4", b"SEDG", b"WV1F", b"FVFW", b"HDX4", b"DM4V", b"SMP4", b"FFDS",
        ],
    ),
    ("mpeg1video", &[b"MPEG", b"MPG1", b"PIM1", b"VCR2", b"\x01\0\0\x10"]),
    ("mpeg2video", &[b"MPG2", b"EM2V", b"MMES", b"LMP2", b"SLIF", b"\x02\0\0\x10"]),
    ("flv1", &[b"FLV1", b"S263"]),
    ("h263", &[b"H263", b"U263", b"X263", b"VIVO"]),
    ("theora", &[b"THEO"]),
    ("wmv1", &[b"WMV1"]),
    ("wmv2", &[b"WMV2"]),
    ("wmv3", &[b"WMV3"]),
    ("vc1", &[b"WVC1", b"WMVA"]),
    ("dvvideo", &[b"DVSD", b"DVHD", b"DVSL", b"DV25", b"DV50", b"CDVC", b"CDV5", b"DVCP", b"DVIS"]),
    ("ffv1", &[b"FFV1"]),
    ("huffyuv", &[b"HFYU"]),
    ("ffvhuff", &[b"FFVH"]),
    ("lagarith", &[b"LAGS"]),
    ("utvideo", &[b"ULRG", b"ULRA", b"ULY0", b"ULY2", b"ULY4", b"ULH0", b"ULH2", b"ULH4"]),
    ("cinepak", &[b"CVID"]),
    ("indeo3", &[b"IV31", b"IV32"]),
    ("indeo5", &[b"IV50"]),
    ("msvideo1", &[b"MSVC", b"CRAM", b"WHAM"]),
    ("magicyuv", &[b"MAGY", b"M8RG", b"M8YA", b"M8Y0", b"M8Y2", b"M8Y4"]),
    ("tscc", &[b"TSCC"]),
    ("png", &[b"MPNG", b"PNG1"]),
    ("rawvideo", &[b"\0\0\0\0", b"DIB ", b"RGB ", b"I420", b"IYUV", b"YV12", b"YUY2", b"YUYV", b"UYVY", b"NV12"]),
];

/// Returns the codec of a code in any case; the code itself if it is unknown.
pub(crate) fn codec(code: [u8; 4]) -> Codec {
    let upper = code.to_ascii_uppercase();
    let row = CODES.iter().find(|(_, codes)| codes.iter().any(|known| known.as_slice() == upper));
    row.map_or_else(|| Codec::Other(UntrustedText::new(code)), |(name, _)| Codec::Known(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_named_in_any_case() {
        for (code, name) in [
            (b"avc1", "h264"),
            (b"X264", "h264"),
            (b"mjpg", "mjpeg"),
            (b"DIV3", "msmpeg4v3"),
            (b"xvid", "mpeg4"),
            (b"\0\0\0\0", "rawvideo"),
        ] {
            assert_eq!(codec(*code), Codec::Known(name));
        }
        assert_eq!(codec(*b"ab\x1b["), Codec::Other(UntrustedText::new(*b"ab\x1b[")));
    }

    #[test]
    fn no_code_is_in_two_rows() {
        let mut codes: Vec<_> = CODES.iter().flat_map(|(_, codes)| codes.iter()).collect();
        let all = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), all);
        assert!(codes.iter().all(|code| code.to_ascii_uppercase() == code.as_slice()));
    }
}
