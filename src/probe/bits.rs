//! Bits of a byte string, the highest of each byte first.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

/// A place in a string of bits; every reading fails at the end and moves on otherwise.
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

    /// Passes over bits.
    pub(crate) fn skip(&mut self, bits: usize) -> Option<()> {
        self.at = self.at.checked_add(bits)?;
        Some(())
    }

    /// Reads an Exp-Golomb number (ITU-T H.264, 9.1), at most 2^32 - 2.
    pub(crate) fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0_u32;
        while !self.flag()? {
            zeros = zeros.checked_add(1).filter(|zeros| *zeros < 32)?;
        }
        let rest = u64::from(self.number(zeros)?);
        u32::try_from((1_u64 << zeros).checked_sub(1)?.checked_add(rest)?).ok()
    }

    /// Reads a signed Exp-Golomb number: 0, 1, -1, 2, -2 and so on.
    pub(crate) fn signed_exp_golomb(&mut self) -> Option<i64> {
        let code = i64::from(self.exp_golomb()?);
        let size = code.checked_add(1)? / 2;
        if code % 2 == 1 { Some(size) } else { size.checked_neg() }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn bits_are_read_from_the_highest() {
        let mut bits = Bits::new(&[0b1010_0000, 0xff]);
        assert_eq!(bits.flag(), Some(true));
        assert_eq!(bits.number(3), Some(0b010));
        assert_eq!(bits.skip(3), Some(()));
        assert_eq!(bits.number(9), Some(0b0_1111_1111));
        assert_eq!(bits.flag(), None);
        assert_eq!(bits.number(0), Some(0));
    }

    #[test]
    fn exp_golomb_numbers() {
        // 1, 010, 011, 00100, 00101 are 0, 1, 2, 3, 4.
        let mut bits = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        let codes: Vec<_> = (0..5).map_while(|_| bits.exp_golomb()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4]);
        let mut bits = Bits::new(&[0b0100_1100, 0b1000_0101, 0]);
        let codes: Vec<_> = (0..4).map_while(|_| bits.signed_exp_golomb()).collect();
        assert_eq!(codes, [1, -1, 2, -2]);
        assert_eq!(Bits::new(&[0; 9]).exp_golomb(), None, "no number has that many zeros");
        assert_eq!(Bits::new(&[0; 2]).exp_golomb(), None, "cut short");
    }

    #[test]
    fn nothing_can_be_read_from_nothing() {
        assert_eq!(Bits::new(&[]).flag(), None);
        assert_eq!(Bits::new(&[]).number(1), None);
        let mut bits = Bits::new(&[0xff]);
        assert_eq!(bits.skip(usize::MAX), Some(()));
        assert_eq!(bits.skip(1), None);
        assert_eq!(bits.flag(), None);
    }
}
