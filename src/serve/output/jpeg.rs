//! Writes a JPEG file: a flat picture with a vertical bar.
//!
//! Baseline, three components of full size. Every block has only its DC coefficient; all quantization steps are 8, so that
//! one step of the coefficient is one level of brightness or color.

/// Returns a file of this size, in pixels; the bar covers the blocks of 8 columns in `bar`. Colors are Y, Cb and Cr.
pub(super) fn file(width: u16, height: u16, [flat, accent]: [[u8; 3]; 2], bar: std::ops::Range<u16>) -> Vec<u8> {
    let mut file = b"\xff\xd8".to_vec();
    segment(&mut file, 0xe0, b"JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00");
    segment(&mut file, 0xdb, &[&[0], [8; 64].as_slice()].concat());
    let [[height_1, height_2], [width_1, width_2]] = [height.to_be_bytes(), width.to_be_bytes()];
    segment(&mut file, 0xc0, &[8, height_1, height_2, width_1, width_2, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    // DC: size 0 is `0`, sizes 1 to 9 are `1` and four more bits. AC: the end of the block is `0`.
    segment(&mut file, 0xc4, &[0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    segment(&mut file, 0xc4, &[0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    segment(&mut file, 0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    let mut scan = Scan::default();
    let mut before = [128; 3];
    for _ in 0..height.div_ceil(8) {
        for column in 0..width.div_ceil(8) {
            let color = if bar.contains(&column) { accent } else { flat };
            for (level, before) in color.into_iter().zip(&mut before) {
                scan.coefficient(i32::from(level) - i32::from(*before));
                *before = level;
            }
        }
    }
    file.extend(scan.finish());
    file.extend(b"\xff\xd9");
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    file.extend([0xff, marker]);
    file.extend(u16::try_from(content.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    file.extend(content);
}

/// The entropy-coded part.
#[derive(Default)]
struct Scan {
    bytes: Vec<u8>,
    bits: u32,
    count: u32,
}

impl Scan {
    /// Writes a block whose DC coefficient differs this much from the one before.
    fn coefficient(&mut self, difference: i32) {
        let size = 32 - difference.unsigned_abs().leading_zeros();
        if size == 0 {
            self.write(0, 1);
        } else {
            self.write(0b1_0000 + size - 1, 5);
            // A negative number is coded as its distance from the smallest number of its size.
            let smallest = if difference < 0 { (1 << size) - 1 } else { 0 };
            self.write(u32::try_from(difference + smallest).unwrap_or_default(), size);
        }
        self.write(0, 1);
    }

    fn write(&mut self, value: u32, count: u32) {
        self.bits = self.bits << count | value;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.bits >> self.count).to_le_bytes()[0];
            self.bytes.push(byte);
            if byte == 0xff {
                self.bytes.push(0);
            }
        }
    }

    /// Fills the last byte with ones.
    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            let missing = 8 - self.count;
            self.write((1 << missing) - 1, missing);
        }
        self.bytes
    }
}
