//! Writes the bit strings of H.264: fixed-length fields, Exp-Golomb codes and NAL units.

/// Collects bits, most significant first.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits of the last byte that are in use, 1 to 8; 0 where there is no byte.
    used: u8,
}

impl BitWriter {
    /// Appends the lowest `count` bits of `value`.
    pub(super) fn bits(&mut self, value: u32, count: u32) {
        for shift in (0..count).rev() {
            self.bit((value >> shift) & 1 == 1);
        }
    }

    /// Appends one bit.
    pub(super) fn bit(&mut self, is_set: bool) {
        if self.used == 0 || self.used == 8 {
            self.bytes.push(0);
            self.used = 0;
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(is_set) << (7 - self.used);
        }
        self.used += 1;
    }

    /// Appends `value` as ue(v).
    pub(super) fn unsigned(&mut self, value: u32) {
        let code = value.saturating_add(1);
        let length = 32 - code.leading_zeros();
        self.bits(0, length - 1);
        self.bits(code, length);
    }

    /// Appends `value` as se(v).
    pub(super) fn signed(&mut self, value: i32) {
        let magnitude = value.unsigned_abs() * 2;
        self.unsigned(if value > 0 { magnitude - 1 } else { magnitude });
    }

    /// Ends the RBSP with its stop bit and returns the NAL unit, with emulation prevention (7.4.1.1).
    pub(super) fn into_nal(mut self, header: u8) -> Vec<u8> {
        self.bit(true);
        let mut nal = vec![header];
        let mut zeros = 0;
        for byte in self.bytes {
            if zeros == 2 && byte <= 3 {
                nal.push(3);
                zeros = 0;
            }
            nal.push(byte);
            zeros = if byte == 0 { zeros + 1 } else { 0 };
        }
        nal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut BitWriter)) -> Vec<u8> {
        let mut bits = BitWriter::default();
        write(&mut bits);
        bits.into_nal(0x65)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // ue: 0 -> 1, 1 -> 010, 3 -> 00100; then the stop bit.
        let unsigned = written(|bits| [0, 1, 3].into_iter().for_each(|value| bits.unsigned(value)));
        assert_eq!(unsigned, [0x65, 0b1010_0010, 0b0100_0000]);
        // se: 1 -> 010, -1 -> 011, 2 -> 00100.
        let signed = written(|bits| [1, -1, 2].into_iter().for_each(|value| bits.signed(value)));
        assert_eq!(signed, [0x65, 0b0100_1100, 0b1001_0000]);
    }

    #[test]
    fn a_start_code_cannot_appear_inside_a_unit() {
        let nal = written(|bits| bits.bits(1, 32));
        assert_eq!(nal, [0x65, 0, 0, 3, 0, 1, 0x80]);
    }
}
