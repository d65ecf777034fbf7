//! Sets that x264 wrote, and sets built bit by bit.

use proptest::prelude::*;

use super::*;

/// 1920x1080, high profile, square pixels: coded as 1920x1088 and cropped by four units of two lines.
const FULL_HD: &[u8] =
    b"\x67\x64\x00\x28\xac\xd9\x40\x78\x02\x27\xe5\xc0\x44\x00\x00\x03\x00\x04\x00\x00\x03\x00\xca\x3c\x60\xc6\x58";

/// Writes bits, the highest first.
#[derive(Default)]
struct Writer(Vec<bool>);

impl Writer {
    fn number(&mut self, value: u32, bits: u32) -> &mut Self {
        self.0.extend((0..bits).rev().map(|bit| value >> bit & 1 == 1));
        self
    }

    fn exp_golomb(&mut self, value: u32) -> &mut Self {
        let bits = (value + 1).ilog2();
        self.number(0, bits).number(value + 1, bits + 1)
    }

    /// Returns the unit, escaped as the standard asks.
    fn nal(&self) -> Vec<u8> {
        let mut nal = vec![0x67];
        let mut zeros = 0;
        for bits in self.0.chunks(8) {
            let byte = bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << (7 - at));
            if zeros == 2 && byte <= 3 {
                nal.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            nal.push(byte);
        }
        nal
    }
}

/// A baseline set with a size in blocks of 16, cropping right and below, and a shape of pixels.
fn set(across: u32, down: u32, crop: (u32, u32), interlaced: bool, shape: Option<(u32, u32)>) -> Vec<u8> {
    let mut bits = Writer::default();
    bits.number(66, 8).number(0, 8).number(30, 8).exp_golomb(0).exp_golomb(0).exp_golomb(0).exp_golomb(2).exp_golomb(1);
    bits.number(0, 1).exp_golomb(across - 1).exp_golomb(down - 1);
    if interlaced {
        bits.number(0b00, 2);
    } else {
        bits.number(1, 1);
    }
    bits.number(1, 1).number(1, 1).exp_golomb(0).exp_golomb(crop.0).exp_golomb(0).exp_golomb(crop.1);
    match shape {
        Some((wide, high)) => bits.number(0b11, 2).number(255, 8).number(wide, 16).number(high, 16),
        None => bits.number(0, 1),
    };
    bits.number(1, 1);
    bits.nal()
}

#[test]
fn good_sets_are_read() {
    let sps = Sps::of_nal(FULL_HD).expect("a set");
    assert_eq!((sps.stored, sps.displayed), (Dimensions::new(1920, 1080), Dimensions::new(1920, 1080)));
    let record =
        [&b"\x01\x64\x00\x28\xff\xe1\x00"[..], &[u8::try_from(FULL_HD.len()).expect("short")], FULL_HD].concat();
    assert_eq!(Sps::of_record(&record), Some(sps));
}

#[test]
fn fields_double_the_height_and_the_cropping() {
    let sps = Sps::of_nal(&set(45, 18, (0, 4), true, Some((16, 15)))).expect("a set");
    assert_eq!((sps.stored, sps.displayed), (Dimensions::new(720, 560), Dimensions::new(768, 560)));
}

#[test]
fn wrong_and_empty_sets_are_none() {
    for nal in [&b""[..], b"\x67", b"\x68\x64\x00\x28", b"\x67\x64\x00\x28\0\0\0\0\0\0\0\0"] {
        assert_eq!(Sps::of_nal(nal), None, "{nal:?}");
    }
    for record in
        [&b""[..], b"\x01\x64\x00\x28\xff\xe0\0\0", b"\x01\x64\x00\x28\xff\xe1\xff\xff\x67", b"\x02\0\0\0\0\0\0\0"]
    {
        assert_eq!(Sps::of_record(record), None, "{record:?}");
    }
    assert_eq!(Sps::of_nal(&set(1, 1, (8, 0), false, None)), None, "all is cropped away");
}

#[test]
fn cut_sets_never_tell_anything_else() {
    let full = Sps::of_nal(FULL_HD);
    for cut in 0..FULL_HD.len() {
        let part = Sps::of_nal(&FULL_HD[..cut]);
        assert!(part.is_none() || part == full, "cut at {cut}");
    }
}

proptest! {
    #[test]
    fn any_size_comes_back(across in 1_u32..600, down in 1_u32..600, right in 0_u32..8, below in 0_u32..8) {
        let sps = Sps::of_nal(&set(across, down, (right, below), false, None));
        let (width, height) = (across * 16 - right * 2, down * 16 - below * 2);
        let expected = (width > 0 && height > 0).then(|| Dimensions::new(width, height));
        prop_assert_eq!(sps.map(|sps| sps.stored), expected);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = Sps::of_nal(&[b"\x67", &bytes[..]].concat());
        let _ = Sps::of_nal(&[b"\x67\x64", &bytes[..]].concat());
        let _ = Sps::of_record(&[b"\x01\x64\x00\x28\xff\xe1\x00\x20\x67", &bytes[..]].concat());
    }
}
