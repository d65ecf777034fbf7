//! Writes a lossless WebP file of one color: each of its five prefix codes has one symbol, so pixels take no bits.

/// Returns a file of this size, in pixels, at most 16384.
pub(super) fn file(width: u32, height: u32, [red, green, blue]: [u8; 3]) -> Vec<u8> {
    let mut bits = WebpBits::default();
    bits.write(0x2f, 8);
    bits.write(width - 1, 14);
    bits.write(height - 1, 14);
    bits.write(0, 1); // no alpha
    bits.write(0, 3); // version
    bits.write(0b000, 3); // no transform, no color cache, one group of prefix codes
    for symbol in [green, red, blue, 255, 0] {
        bits.write(0b101, 3); // a simple code of one symbol, which has 8 bits
        bits.write(symbol.into(), 8);
    }
    let mut data = bits.bytes;
    let size = u32::try_from(data.len()).unwrap_or_default();
    data.resize(data.len().next_multiple_of(2), 0);
    let padded = u32::try_from(data.len()).unwrap_or_default();
    [b"RIFF".as_slice(), &(padded + 12).to_le_bytes(), b"WEBPVP8L", &size.to_le_bytes(), &data].concat()
}

/// Collects bits, least significant first.
#[derive(Default)]
struct WebpBits {
    bytes: Vec<u8>,
    used: u32,
}

impl WebpBits {
    fn write(&mut self, value: u32, count: u32) {
        for index in 0..count {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from((value >> index) & 1 == 1) << (self.used % 8);
            }
            self.used += 1;
        }
    }
}
