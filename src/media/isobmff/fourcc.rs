//! The four-letter codes of sample entries (registry at mp4ra.org, and Apple's `QuickTime` File Format), by the names
//! that ffprobe gives the codecs.

/// Returns the codec of a video sample entry; `None` if it is unknown.
#[allow(clippy::too_many_lines, reason = "a table with one line for each codec")]
pub(crate) fn video(kind: [u8; 4]) -> Option<&'static str> {
    Some(match &kind {
        b"avc1" | b"avc2" | b"avc3" | b"avc4" | b"dva1" | b"dvav" | b"H264" | b"h264" | b"X264" | b"x264"
        // AVC-Intra and XAVC, as cameras and editing programs write them, and older names.
        | [b'a', b'i', b'1' | b'5', _] | b"aivx" | b"AVin" | b"davc" | b"DAVC" | b"VSSH" | b"AVC1" => "h264",
        b"hvc1" | b"hev1" | b"hvc2" | b"hev2" | b"dvh1" | b"dvhe" | b"HEVC" => "hevc",
        b"vvc1" | b"vvi1" => "vvc",
        b"av01" | b"dav1" | b"AV01" => "av1",
        b"vp08" | b"VP80" => "vp8",
        b"vp09" | b"VP90" => "vp9",
        b"mp4v" | b"MP4V" | b"XVID" | b"xvid" | b"DIVX" | b"divx" | b"DX50" | b"FMP4" | b"3IV2" => "mpeg4",
        b"DIV3" | b"div3" | b"MP43" => "msmpeg4v3",
        b"MP42" => "msmpeg4v2",
        b"FLV1" => "flv1",
        b"HFYU" => "huffyuv",
        b"s263" | b"h263" | b"H263" => "h263",
        b"jpeg" | b"mjpa" | b"mjpg" | b"MJPG" | b"AVDJ" | b"dmb1" => "mjpeg",
        b"mjpb" => "mjpegb",
        b"apco" | b"apcs" | b"apcn" | b"apch" | b"ap4h" | b"ap4x" => "prores",
        b"aprn" | b"aprh" => "prores_raw",
        b"mp2v"
        | b"m2v1"
        | b"mpg2"
        | b"MPG2"
        | [b'h', b'd', b'v', _]
        | [b'x', b'd', b'v' | b'5' | b'h', _]
        | [b'm', b'x', b'3'..=b'5', _] => "mpeg2video",
        b"m1v " | b"m1v1" | b"mpeg" | b"mpg1" => "mpeg1video",
        b"dvc " | b"dvcp" | b"dvpp" | b"dv5n" | b"dv5p" | b"dvhp" | b"dvh2" | b"dvh3" | b"dvh5" | b"dvh6" => "dvvideo",
        b"AVdn" | b"AVdh" => "dnxhd",
        b"CFHD" => "cfhd",
        b"SVQ1" | b"svq1" | b"svqi" => "svq1",
        b"SVQ3" => "svq3",
        b"cvid" => "cinepak",
        b"rle " => "qtrle",
        b"rpza" => "rpza",
        b"smc " => "smc",
        b"png " | b"MPNG" => "png",
        b"gif " => "gif",
        b"mjp2" | b"AVj2" => "jpeg2000",
        b"vc-1" | b"WVC1" => "vc1",
        b"Hap1" | b"Hap5" | b"HapY" | b"HapA" | b"HapM" => "hap",
        b"FFV1" => "ffv1",
        b"raw " | b"yuv2" | b"2vuy" | b"2Vuy" | b"yuvs" | b"uncv" => "rawvideo",
        b"v210" => "v210",
        b"icod" => "aic",
        b"drac" => "dirac",
        _ => return None,
    })
}

/// Returns ffprobe's short name of a `ProRes` profile.
pub(crate) fn prores_profile(kind: [u8; 4]) -> Option<&'static str> {
    Some(match &kind {
        b"apco" => "proxy",
        b"apcs" => "lt",
        b"apcn" => "standard",
        b"apch" => "hq",
        b"ap4h" => "4444",
        b"ap4x" => "xq",
        _ => return None,
    })
}

/// Returns the codec of an audio sample entry; `None` if it is unknown. `bits` is the size of a sample.
pub(crate) fn audio(kind: [u8; 4], bits: u16) -> Option<&'static str> {
    Some(match &kind {
        b"mp4a" => "aac",
        b".mp3" | b"ms\0\x55" | b"mp3 " => "mp3",
        b"alac" => "alac",
        b"Opus" => "opus",
        b"fLaC" => "flac",
        b"ac-3" | b"sac3" | b"AC-3" | b"ms\x20\x00" => "ac3",
        b"ec-3" => "eac3",
        b"ac-4" => "ac4",
        b"samr" => "amr_nb",
        b"sawb" => "amr_wb",
        b"sowt" | b"twos" if bits == 8 => "pcm_s8",
        b"sowt" => "pcm_s16le",
        b"in24" => "pcm_s24be",
        b"in32" => "pcm_s32be",
        b"fl32" => "pcm_f32be",
        b"fl64" => "pcm_f64be",
        b"raw " => "pcm_u8",
        b"NONE" if bits == 8 => "pcm_u8",
        b"twos" | b"NONE" => "pcm_s16be",
        b"ulaw" => "pcm_mulaw",
        b"alaw" => "pcm_alaw",
        b"ms\0\x02" => "adpcm_ms",
        b"ms\0\x11" => "adpcm_ima_wav",
        b"ima4" => "adpcm_ima_qt",
        b"MAC3" => "mace3",
        b"MAC6" => "mace6",
        b"QDM2" => "qdm2",
        b"QDMC" => "qdmc",
        b"sqcp" | b"Qclp" => "qcelp",
        b"sevc" => "evrc",
        b"dtsc" | b"dtsh" | b"dtsl" | b"dtse" | b"DTS " => "dts",
        b"mlpa" => "truehd",
        b"mha1" | b"mhm1" => "mpegh_3d_audio",
        b"spex" => "speex",
        b"agsm" => "gsm",
        _ => return None,
    })
}

/// Returns the codec that an `objectTypeIndication` denotes (registry at mp4ra.org); `None` if it is unknown.
pub(super) fn object_type(number: u8) -> Option<&'static str> {
    Some(match number {
        0x20 => "mpeg4",
        0x21 => "h264",
        0x23 => "hevc",
        0x40 | 0x66..=0x68 => "aac",
        0x60..=0x65 => "mpeg2video",
        0x69 | 0x6b => "mp3",
        0x6a => "mpeg1video",
        0x6c => "mjpeg",
        0x6d => "png",
        0x6e => "jpeg2000",
        0xa3 => "vc1",
        0xa4 => "dirac",
        0xa5 => "ac3",
        0xa6 => "eac3",
        0xa9 => "dts",
        0xad => "opus",
        0xb1 => "vp9",
        0xc1 => "flac",
        0xdd => "vorbis",
        0xe1 => "qcelp",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_cameras_have_ffprobes_names() {
        for (code, name) in
            [(b"avc1", "h264"), (b"ai55", "h264"), (b"ai1q", "h264"), (b"aivx", "h264"), (b"MP42", "msmpeg4v2")]
        {
            assert_eq!(video(*code), Some(name));
        }
        assert_eq!(video(*b"ai7p"), None);
    }
}
