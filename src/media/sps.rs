//! Sequence parameter sets: the size in the video stream (ITU-T H.264, section 7.3.2.1; ITU-T H.265, section 7.3.2.2).
//! The size in the container takes precedence, but some containers leave it out.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::bits::Bits;
use super::sample_aspect_ratio;
use crate::units::Dimensions;

/// The facts in a sequence parameter set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpsInfo {
    /// Width and height after cropping.
    pub(crate) size: Dimensions,
    /// Pixel aspect ratio, width to height; `None` if not stated.
    pub(crate) pixel: Option<(u32, u32)>,
}

impl SpsInfo {
    /// Returns the size after the pixel aspect ratio is applied.
    pub(crate) fn display_size(self) -> Dimensions {
        let (across, down) = self.pixel.unwrap_or((1, 1));
        sample_aspect_ratio::shown(self.size, across, down)
    }

    /// Finds the first header in an H.264 configuration record (`avcC`, and FLV's), of which the first few hundred
    /// bytes are enough. `None` if there is none or it is invalid.
    pub(crate) fn in_avc_record(record: &[u8]) -> Option<Self> {
        let length = record.get(6..8).and_then(|bytes| bytes.first_chunk()).map(|two| u16::from_be_bytes(*two))?;
        Self::h264(record.get(8..)?.get(..usize::from(length))?)
    }

    /// Finds the first header in an H.265 configuration record (`hvcC`).
    pub(crate) fn in_hevc_record(record: &[u8]) -> Option<Self> {
        let (arrays, mut rest) = record.get(22..)?.split_first()?;
        for _ in 0..*arrays {
            let (head, units) = rest.split_first_chunk::<3>()?;
            let [kind, high, low] = *head;
            rest = units;
            for _ in 0..u16::from_be_bytes([high, low]) {
                let (length, unit) = rest.split_first_chunk()?;
                let (unit, after) = unit.split_at_checked(u16::from_be_bytes(*length).into())?;
                if kind & 0x3f == 33 {
                    return Self::h265(unit);
                }
                rest = after;
            }
        }
        None
    }

    /// Reads an H.264 sequence parameter set, from its unit header on and without a start code.
    pub(crate) fn h264(unit: &[u8]) -> Option<Self> {
        let (_, rest) = unit.split_first().filter(|(header, _)| **header & 0x1f == 7)?;
        let payload = payload(rest);
        let bits = &mut Bits::new(&payload);
        let profile = bits.number(8)?;
        bits.skip(16)?;
        bits.golomb()?;
        let mut chroma = 1;
        if matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135) {
            chroma = high_profile(bits)?;
        }
        picture_order(bits)?;
        bits.golomb()?;
        bits.skip(1)?;
        let (across, down) = (bits.golomb()?, bits.golomb()?);
        let fields = if bits.flag()? { 1 } else { 2 };
        bits.skip(if fields == 2 { 2 } else { 1 })?;
        let crop = Crop::read(bits)?;
        let pixels = |blocks: u32, each: u32| blocks.checked_add(1)?.checked_mul(each);
        let size = crop.apply(pixels(across, 16)?, pixels(down, 16)?.checked_mul(fields)?, chroma, fields)?;
        let pixel = if bits.flag() == Some(true) { pixel(bits) } else { None };
        Some(Self { size, pixel })
    }

    /// Reads an H.265 sequence parameter set, from its unit header on and without a start code.
    pub(crate) fn h265(unit: &[u8]) -> Option<Self> {
        let (header, rest) = unit.split_first_chunk::<2>()?;
        if header[0] >> 1_u32 & 0x3f != 33 {
            return None;
        }
        let payload = payload(rest);
        let bits = &mut Bits::new(&payload);
        bits.skip(4)?;
        let layers = bits.number(3)?;
        bits.skip(1)?;
        profile_and_level(bits, layers)?;
        bits.golomb()?;
        let chroma = chroma(bits)?;
        let (width, height) = (bits.golomb()?, bits.golomb()?);
        let size = Crop::read(bits)?.apply(width, height, chroma, 1)?;
        Some(Self { size, pixel: None })
    }
}

/// Reads `chroma_format_idc`: 0 for monochrome or separate planes, 1 for 4:2:0, 2 for 4:2:2, 3 for 4:4:4.
fn chroma(bits: &mut Bits) -> Option<u32> {
    match bits.golomb()? {
        3 if bits.flag()? => Some(0),
        chroma @ 0..=3 => Some(chroma),
        4.. => None,
    }
}

/// Skips the fields that only the high profiles of H.264 have, and returns the chroma format.
fn high_profile(bits: &mut Bits) -> Option<u32> {
    let chroma = chroma(bits)?;
    bits.golomb()?;
    bits.golomb()?;
    bits.skip(1)?;
    if bits.flag()? {
        let large = if chroma == 3 { 6 } else { 2 };
        for length in [16; 6].into_iter().chain([64; 6].into_iter().take(large)) {
            if bits.flag()? {
                scaling_list(bits, length)?;
            }
        }
    }
    Some(chroma)
}

fn scaling_list(bits: &mut Bits, length: u8) -> Option<()> {
    let (mut last, mut next) = (8_i64, 8_i64);
    for _ in 0..length {
        if next != 0 {
            next = last.checked_add(bits.signed_golomb()?)?.rem_euclid(256);
        }
        last = if next == 0 { last } else { next };
    }
    Some(())
}

/// Skips the fields of the picture order count.
fn picture_order(bits: &mut Bits) -> Option<()> {
    bits.golomb()?;
    match bits.golomb()? {
        0 => drop(bits.golomb()?),
        1 => {
            bits.skip(1)?;
            bits.golomb()?;
            bits.golomb()?;
            for _ in 0..bits.golomb().filter(|count| *count < 256)? {
                bits.golomb()?;
            }
        }
        2.. => {}
    }
    Some(())
}

/// Skips the profiles and levels of H.265, general and per sub-layer.
fn profile_and_level(bits: &mut Bits, layers: u32) -> Option<()> {
    bits.skip(96)?;
    let present = (0..layers).map(|_| Some((bits.flag()?, bits.flag()?))).collect::<Option<Vec<_>>>()?;
    if layers > 0 {
        (layers..8).try_for_each(|_| bits.skip(2))?;
    }
    present.into_iter().try_for_each(|(profile, level)| {
        bits.skip(if profile { 88 } else { 0 })?;
        bits.skip(if level { 8 } else { 0 })
    })
}

/// Reads the pixel aspect ratio from the start of the VUI parameters: an index into a table, or the ratio itself.
fn pixel(bits: &mut Bits) -> Option<(u32, u32)> {
    if !bits.flag()? {
        return None;
    }
    match bits.number(8)? {
        0 => None,
        255 => Some((bits.number(16)?, bits.number(16)?)),
        number => PIXELS.get(usize::try_from(number).ok()?.checked_sub(1)?).copied(),
    }
}

/// Sample aspect ratios by `aspect_ratio_idc`, which starts at 1. Source: ITU-T H.264, table E-1.
const PIXELS: [(u32, u32); 16] = [
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
];

/// How much is cropped at left and right, and at top and bottom, in units of the chroma format.
#[derive(Clone, Copy, Default)]
struct Crop {
    across: u32,
    down: u32,
}

impl Crop {
    fn read(bits: &mut Bits) -> Option<Self> {
        if !bits.flag()? {
            return Some(Self::default());
        }
        let mut sum = || bits.golomb()?.checked_add(bits.golomb()?);
        Some(Self { across: sum()?, down: sum()? })
    }

    fn apply(self, width: u32, height: u32, chroma: u32, fields: u32) -> Option<Dimensions> {
        let (across, down) = match chroma {
            1 => (2, 2_u32),
            2 => (2_u32, 1),
            _ => (1, 1),
        };
        let width = width.checked_sub(self.across.checked_mul(across)?)?;
        let height = height.checked_sub(self.down.checked_mul(down)?.checked_mul(fields)?)?;
        (width > 0 && height > 0).then_some(Dimensions::new(width, height))
    }
}

/// How many bytes of a unit are read: the size is within the first one or two hundred.
const MAX_UNIT: usize = 512;

/// Returns the bytes of a unit without the emulation prevention bytes.
fn payload(unit: &[u8]) -> Vec<u8> {
    let (mut bytes, mut zeros) = (Vec::new(), 0_u8);
    for byte in unit.iter().take(MAX_UNIT) {
        if *byte == 3 && zeros >= 2 {
            zeros = 0;
        } else {
            zeros = if *byte == 0 { zeros.saturating_add(1) } else { 0 };
            bytes.push(*byte);
        }
    }
    bytes
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
        hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
    }

    type ParseSps = fn(&[u8]) -> Option<SpsInfo>;

    /// The parser, the bytes, the size, the pixel aspect ratio.
    type SpsCase = (ParseSps, &'static str, (u32, u32), Option<(u32, u32)>);

    /// Headers written by x264 and x265, and ffprobe's facts about the files.
    const GOOD: [SpsCase; 5] = [
        // 4:4:4.
        (
            SpsInfo::h264,
            "67f400209196805305fe789ffc1f001efc40000003004000000c83c60ca8",
            (1322, 744),
            Some((1984, 1983)),
        ),
        // Two fields, scaling lists.
        (SpsInfo::h264, "6764001eacd940b820f1111ff8790065888000000300800000190f8a14cb", (722, 484), Some((3872, 3249))),
        // Monochrome.
        (SpsInfo::h264, "6764000cf36505067e37016c800000030080000019078a14cb", (320, 180), Some((1, 1))),
        // The profile without extras.
        (SpsInfo::h264, "6742c00dd901519e226c0440000003004000000c83c50a92", (322, 182), Some((1, 1))),
        (
            SpsInfo::h265,
            "4201010408000003009d0800000300003cb00a480b9c9796566924cafff00d000cf68080000003008000000c84",
            (322, 182),
            None,
        ),
    ];

    #[test]
    fn good() {
        for (read, hex, (width, height), pixel) in GOOD {
            let size = Dimensions::new(width, height);
            assert_eq!(read(&bytes(hex)), Some(SpsInfo { size, pixel }), "{hex}");
        }
    }

    #[test]
    fn wrong_or_empty() {
        for (read, hex, ..) in GOOD {
            let mut other = bytes(hex);
            other[0] = 0x68;
            assert_eq!(read(&other), None, "another unit");
            assert_eq!(read(&[]), None);
            assert_eq!(read(&[[other[0] ^ 0x0f, 1].as_slice(), &[0; 600]].concat()), None, "zeros without end");
            assert_eq!(read(&[0xff; 600]), None);
        }
        assert_eq!((SpsInfo::in_avc_record(&[0xff; 40]), SpsInfo::in_hevc_record(&[0xff; 40])), (None, None));
        assert_eq!((SpsInfo::in_avc_record(&[]), SpsInfo::in_hevc_record(&[])), (None, None));
    }

    #[test]
    fn cut_short() {
        for (read, hex, (width, height), _) in GOOD {
            let whole = bytes(hex);
            for length in 0..whole.len() {
                let size = read(&whole[..length]).map(|sequence| sequence.size);
                assert!(
                    size.is_none_or(|size| size == Dimensions::new(width, height)),
                    "{size:?} at {length} of {hex}"
                );
            }
        }
    }

    #[test]
    fn flipped_bits_do_no_harm() {
        for (read, hex, ..) in GOOD {
            for bit in 0..bytes(hex).len() * 8 {
                let mut flipped = bytes(hex);
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert!(read(&flipped).is_none_or(|sequence| sequence.size.width > 0 && sequence.size.height > 0));
            }
        }
    }
}
