//! Frames of MPEG audio (layers I to III) and of ADTS AAC: a header of four to seven bytes states the length of each.
//!
//! The two share one sync word; the layer field, which is zero in ADTS only, distinguishes them.
//! Layouts: ISO/IEC 11172-3, 2.4.1.3; ISO/IEC 13818-3, 2.4.2.3; ISO/IEC 14496-3, 1.A.2.2.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

/// The longest header, in bytes.
pub(crate) const HEADER: usize = 7;

/// One frame, as its header describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// ffprobe's name: `mp3`, `mp2`, `mp1` or `aac`.
    pub(crate) codec: &'static str,
    /// The whole frame in bytes, header included; never zero.
    pub(crate) length: usize,
    /// Samples per channel.
    pub(crate) samples: u32,
    /// Samples per second; never zero.
    pub(crate) rate: u32,
    /// The offset of a Xing header in the frame, if there is one: after the side information of layer III.
    pub(crate) xing: usize,
}

impl Frame {
    /// Parses the header that starts these bytes; `None` if there is none or its format is free, which has no length.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, second, ..] if second & 0xf6 == 0xf0 => adts(bytes),
            [0xff, second, ..] if second & 0xe0 == 0xe0 => mpeg(bytes),
            _ => None,
        }
    }

    /// Returns whether two frames can belong to one stream.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self.codec == other.codec && self.rate == other.rate
    }

    /// Says whether a file of a known length ends inside this frame, which begins at an offset.
    pub(crate) fn is_cut(&self, begin: u64, total: Option<u64>) -> bool {
        total.is_some_and(|total| begin.saturating_add(self.length as u64) > total)
    }

    /// Parses a frame that is followed by one that agrees with it. If the bytes end before the next header does, an MP3
    /// or AAC frame is accepted without it.
    pub(crate) fn confirmed(bytes: &[u8]) -> Option<Self> {
        let frame = Self::parse(bytes)?;
        match bytes.get(frame.length..) {
            Some(next) if next.len() >= HEADER => Self::parse(next).filter(|next| next.agrees(&frame)).map(|_| frame),
            Some(_) | None => matches!(frame.codec, "mp3" | "aac").then_some(frame),
        }
    }
}

/// Frames that follow each other without a gap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FrameRun {
    /// How many.
    pub(crate) frames: u64,
    /// Their total length, in bytes.
    pub(crate) bytes: u64,
    /// Their total samples per channel.
    pub(crate) samples: u64,
}

impl FrameRun {
    /// Follows whole frames from the start of these bytes as far as they agree.
    pub(crate) fn along(bytes: &[u8]) -> Self {
        let mut run = Self::default();
        let mut rest = bytes;
        let mut first = None;
        while let Some(frame) = Frame::parse(rest) {
            let Some(behind) = rest.get(frame.length..) else { break };
            if !first.get_or_insert(frame).agrees(&frame) {
                break;
            }
            run.frames = run.frames.saturating_add(1);
            run.bytes = run.bytes.saturating_add(frame.length as u64);
            run.samples = run.samples.saturating_add(u64::from(frame.samples));
            rest = behind;
        }
        run
    }
}

/// How far the first frame is searched for in a stream that begins inside a frame, in bytes: more than the longest
/// frame, which has 8,191 bytes.
const MAX_LEADING: usize = 10 * 1024;

/// Finds the first frame that two others follow directly, which is very unlikely by chance.
pub(crate) fn first_run(bytes: &[u8]) -> Option<(usize, Frame)> {
    let offsets = bytes.iter().enumerate().take(MAX_LEADING).filter(|(_, byte)| **byte == 0xff);
    offsets.map(|(at, _)| at).find_map(|at| {
        let first = Frame::parse(bytes.get(at..)?).filter(|frame| matches!(frame.codec, "mp3" | "aac"))?;
        let second = at.checked_add(first.length)?;
        let third =
            second.checked_add(Frame::parse(bytes.get(second..)?).filter(|next| next.agrees(&first))?.length)?;
        Frame::parse(bytes.get(third..)?).filter(|next| next.agrees(&first)).map(|_| (at, first))
    })
}

/// Says whether frames of the free format follow each other in these bytes: headers that are right but for the bit rate,
/// which is left open, at equal distances, as the rate is constant.
pub(crate) fn has_free_format(bytes: &[u8]) -> bool {
    let starts = (0..bytes.len()).filter(|at| bytes.get(*at..).is_some_and(is_free_format)).take(MAX_FREE_STARTS);
    starts.filter_map(|at| bytes.get(at..)).any(|frame| {
        let at = |place: usize| frame.get(place..place.saturating_add(3));
        let agrees = |place: usize| at(place).zip(at(0)).is_none_or(|(other, first)| is_same_header(first, other));
        FREE_LENGTHS.filter(|length| at(*length).is_some() && agrees(*length)).any(|length| {
            let third = length.saturating_mul(2);
            agrees(third) || agrees(third.saturating_add(1)) || agrees(third.saturating_sub(1))
        })
    })
}

/// How many places are tried as the first frame of the free format.
const MAX_FREE_STARTS: usize = 8;

/// Bytes of a frame in the free format, whose bit rate is 8 to 640 kbit/s.
const FREE_LENGTHS: std::ops::RangeInclusive<usize> = 24..=5760;

fn is_free_format(bytes: &[u8]) -> bool {
    let &[0xff, second, third, fourth, ..] = bytes else { return false };
    let guess = [0xff, second, third | 0x10, fourth];
    second & 0xe6 == 0xe2 && third >> 4 == 0 && mpeg(&guess).is_some()
}

/// Says whether two headers are the same but for the padding of their frames.
fn is_same_header(first: &[u8], other: &[u8]) -> bool {
    let differ = first.iter().zip(other).map(|(first, other)| first ^ other);
    differ.zip([0xff, 0xff, 0xfd]).all(|(bits, mask)| bits & mask == 0)
}

/// Sampling rates by the index in an ADTS header.
const ADTS_RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];

/// Samples per channel in one AAC block.
const AAC_BLOCK: u32 = 1024;

fn adts(bytes: &[u8]) -> Option<Frame> {
    let &[_, second, third, fourth, fifth, sixth, seventh, ..] = bytes else { return None };
    let rate = *ADTS_RATES.get(usize::from((third >> 2) & 0x0f))?;
    let length = (usize::from(fourth & 3) << 11) | (usize::from(fifth) << 3) | usize::from(sixth >> 5);
    let header = if second & 1 == 0 { 9 } else { HEADER };
    let blocks = u32::from(seventh & 3).saturating_add(1);
    let samples = AAC_BLOCK.saturating_mul(blocks);
    (length > header).then_some(Frame { codec: "aac", length, samples, rate, xing: usize::MAX })
}

/// Kilobits per second by header index: MPEG-1 layers I, II, III, then MPEG-2 layer I, then its layers II and III.
const KILOBITS: [[u32; 15]; 5] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

fn mpeg(bytes: &[u8]) -> Option<Frame> {
    let &[_, second, third, fourth, ..] = bytes else { return None };
    // 0 is MPEG-2.5 with a quarter of the MPEG-1 rates, 2 is MPEG-2 with half of them, 3 is MPEG-1, 1 is reserved.
    let version = (second >> 3) & 3;
    let slower = match version {
        0 => 2,
        2 => 1,
        3 => 0,
        _ => return None,
    };
    let rate = [44_100_u32, 48_000, 32_000].get(usize::from((third >> 2) & 3))? >> slower;
    let halved = version != 3;
    // A slot is four bytes in layer I and one byte in the others; a frame has 12, 144 or 72 times bit rate divided by
    // sampling rate slots (2.4.3.1).
    let (codec, row, samples, slots, slot) = match ((second >> 1) & 3, halved) {
        (3, false) => ("mp1", 0, 384, 12_u32, 4_u32),
        (3, true) => ("mp1", 3, 384, 12, 4),
        (2, false) => ("mp2", 1, 1152, 144, 1),
        (2, true) => ("mp2", 4, 1152, 144, 1),
        (1, false) => ("mp3", 2, 1152, 144, 1),
        (1, true) => ("mp3", 4, 576, 72, 1),
        _ => return None,
    };
    let bits = KILOBITS.get(row)?.get(usize::from(third >> 4)).filter(|rate| **rate > 0)?.checked_mul(1000)?;
    let padding = u32::from((third >> 1) & 1);
    let slots = slots.checked_mul(bits)?.checked_div(rate)?.checked_add(padding)?;
    let length = usize::try_from(slots.checked_mul(slot)?).ok()?;
    let xing = match (codec, halved, fourth >> 6 == 3) {
        ("mp3", false, false) => 36,
        ("mp3", false, true) | ("mp3", true, false) => 21,
        ("mp3", true, true) => 13,
        _ => usize::MAX,
    };
    (fourth & 3 != 2).then_some(Frame { codec, length, samples, rate, xing })
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn headers_determine_length_samples_and_rate() {
        let case = |header: &[u8], codec, length, samples, rate| {
            let frame = Frame::parse(header).expect("a frame");
            let got = (frame.codec, frame.length, frame.samples, frame.rate);
            assert_eq!(got, (codec, length, samples, rate), "{header:x?}");
        };
        case(b"\xff\xfb\x90\x64", "mp3", 417, 1152, 44_100);
        case(b"\xff\xfb\x92\x64", "mp3", 418, 1152, 44_100);
        case(b"\xff\xf3\x84\xc4", "mp3", 192, 576, 24_000);
        case(b"\xff\xe3\x18\xc4", "mp3", 72, 576, 8000);
        case(b"\xff\xfd\x84\x04", "mp2", 384, 1152, 48_000);
        case(b"\xff\xff\x44\x04", "mp1", 128, 384, 48_000);
        case(b"\xff\xf1\x50\x80\x02\x1f\xfc", "aac", 16, 1024, 44_100);
        case(b"\xff\xf9\x60\x40\x03\x3f\xfd", "aac", 25, 2048, 16_000);
    }

    #[test]
    fn invalid_headers_are_none() {
        let cases: [&[u8]; 9] = [
            b"",
            b"\xff\xfb\x90",
            b"\xff\xeb\x90\x64",
            b"\xff\xfb\xf0\x64",
            b"\xff\xfb\x9c\x64",
            b"\xff\xfb\x90\x66",
            b"\xff\xfb\x00\x64",
            b"\xff\xf1\x50\x80\0\x1f\xfc",
            b"\xff\xf1\x74\x80\x02\x1f\xfc",
        ];
        for bytes in cases {
            assert_eq!(Frame::parse(bytes), None, "{bytes:x?}");
        }
        assert!(is_free_format(b"\xff\xfb\x00\x64") && !is_free_format(b"\xff\xfb\x90\x64"));
    }

    #[test]
    fn a_lone_sync_word_is_not_a_frame() {
        let mut bytes = b"\xff\xfb\x90\x64".to_vec();
        bytes.resize(417, 0);
        assert!(Frame::confirmed(&bytes).is_some(), "the only frame of a file");
        bytes.extend(b"no frame");
        assert_eq!(Frame::confirmed(&bytes), None);
        bytes.truncate(417);
        bytes.extend(b"\xff\xfb\x92\x64\0\0\0");
        assert!(Frame::confirmed(&bytes).is_some());
        let utf16 = b"\xff\xfeH\0e\0l\0l\0o\0";
        assert_eq!(Frame::confirmed(utf16), None, "a byte order mark looks like a frame of layer I");
    }

    #[test]
    fn a_run_counts_whole_frames_only() {
        let mut bytes = Vec::new();
        for _ in 0..3 {
            bytes.extend(b"\xff\xfb\x90\x64");
            bytes.resize(bytes.len() + 413, 0);
        }
        assert_eq!(FrameRun::along(&bytes), FrameRun { frames: 3, bytes: 1251, samples: 3456 });
        assert_eq!(FrameRun::along(&bytes[..1250]).frames, 2);
        assert_eq!(FrameRun::along(b""), FrameRun::default());
    }
}
