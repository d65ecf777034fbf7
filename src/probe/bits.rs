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
    fn nothing_can_be_read_from_nothing() {
        assert_eq!(Bits::new(&[]).flag(), None);
        assert_eq!(Bits::new(&[]).number(1), None);
        let mut bits = Bits::new(&[0xff]);
        assert_eq!(bits.skip(usize::MAX), Some(()));
        assert_eq!(bits.skip(1), None);
        assert_eq!(bits.flag(), None);
    }
}
