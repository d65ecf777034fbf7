//! A bit reader, most significant bit first.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

/// A position in a bit string. Every read fails at the end and otherwise advances.
#[derive(Clone, Debug)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    /// Starts at the first bit.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Reads one bit.
    pub(crate) fn flag(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let flag = (byte << (self.at % 8)) & 0x80 != 0;
        self.at = self.at.checked_add(1)?;
        Some(flag)
    }

    /// Reads a number of at most 32 bits.
    pub(crate) fn number(&mut self, bits: u32) -> Option<u32> {
        (0..bits.min(32)).try_fold(0, |number, _| Some((number << 1) | u32::from(self.flag()?)))
    }

    /// Reads an Exp-Golomb number: `ue(v)` of ITU-T H.264, section 9.1. `None` also beyond 2³² − 2, the largest.
    pub(crate) fn golomb(&mut self) -> Option<u32> {
        let mut zeros = 0_u32;
        while !self.flag()? {
            zeros = zeros.checked_add(1).filter(|zeros| *zeros < 32)?;
        }
        let rest = self.number(zeros)?;
        (1_u32 << zeros).checked_sub(1)?.checked_add(rest)
    }

    /// Reads a signed Exp-Golomb number: `se(v)`.
    pub(crate) fn signed_golomb(&mut self) -> Option<i64> {
        let number = i64::from(self.golomb()?);
        let half = number.checked_add(1)?.checked_div(2)?;
        Some(if number & 1 == 1 { half } else { half.checked_neg()? })
    }

    /// Skips bits.
    pub(crate) fn skip(&mut self, bits: usize) -> Option<()> {
        self.at = self.at.checked_add(bits)?;
        Some(())
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_most_significant_bit_is_read_first() {
        let mut bits = Bits::new(&[0b1010_0000, 0xff]);
        assert_eq!(bits.flag(), Some(true));
        assert_eq!(bits.number(3), Some(0b010));
        assert_eq!(bits.skip(3), Some(()));
        assert_eq!(bits.number(9), Some(0b0_1111_1111));
        assert_eq!(bits.flag(), None);
        assert_eq!(bits.number(0), Some(0));
    }

    #[test]
    fn golomb_numbers_match_the_tables_of_h264() {
        // Tables 9-2 and 9-3: 0, 1, 2, 3 and so on, and 0, 1, -1, 2, -2 and so on.
        let bytes = [0b1010_0110, 0b0100_0010, 0b1000_0000];
        let mut bits = Bits::new(&bytes);
        assert_eq!([0; 5].map(|_| bits.golomb()), [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        let mut bits = Bits::new(&bytes);
        assert_eq!([0; 5].map(|_| bits.signed_golomb()), [Some(0), Some(1), Some(-1), Some(2), Some(-2)]);
        let largest = [0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(Bits::new(&largest).golomb(), Some(u32::MAX - 1));
        assert_eq!(Bits::new(&largest).signed_golomb(), Some(-(1 << 31) + 1));
        assert_eq!(Bits::new(&largest[..7]).golomb(), None, "cut short");
        assert_eq!(Bits::new(&[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff]).golomb(), None, "33 bits");
    }

    #[test]
    fn reads_past_the_end_fail() {
        assert_eq!(Bits::new(&[]).flag(), None);
        assert_eq!(Bits::new(&[]).number(1), None);
        let mut bits = Bits::new(&[0xff]);
        assert_eq!(bits.skip(usize::MAX), Some(()));
        assert_eq!(bits.skip(1), None);
        assert_eq!(bits.flag(), None);
    }
}
