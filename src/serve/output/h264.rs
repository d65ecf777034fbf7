//! Writes an H.264 stream without an encoder: a flat picture with a vertical bar that moves by 16 pixels per frame.
//!
//! Constrained Baseline, one slice per frame. Every macroblock is Intra 16x16 with at most one DC coefficient: it copies
//! the macroblock above it, or the one to its left plus a brightness difference. A P frame codes the two columns that
//! changed and skips everything else. At QP 28 one quantization step of the DC coefficient is one step of brightness.

use super::bits::BitWriter;

/// The stream of one video.
#[derive(Clone, Copy, Debug)]
pub(super) struct H264Stream {
    /// In pixels, even.
    pub(super) width: u32,
    /// In pixels, even.
    pub(super) height: u32,
    /// Frames per second; decides the level.
    pub(super) fps: u32,
    /// The brightness of the picture and of the bar.
    pub(super) luma: (u8, u8),
    /// The distance of Cb and Cr from gray, in steps of two.
    pub(super) chroma: (i8, i8),
}

/// Frames from one IDR picture to the next.
pub(super) const GROUP: u32 = 48;

/// The prediction modes of an Intra 16x16 macroblock; luma and chroma number them differently (tables 8-4 and 8-5).
#[derive(Clone, Copy)]
enum Prediction {
    Above,
    Left,
    Gray,
}

impl H264Stream {
    /// Returns the sequence parameter set (7.3.2.1.1).
    pub(super) fn sequence_parameters(&self) -> Vec<u8> {
        let mut bits = BitWriter::default();
        bits.bits(66, 8);
        bits.bits(0b1100_0000, 8);
        bits.bits(self.level().into(), 8);
        bits.unsigned(0);
        bits.unsigned(0); // frame_num has 4 bits
        bits.unsigned(2); // output order is decoding order
        bits.unsigned(1); // one reference frame
        bits.bit(false);
        bits.unsigned(self.columns() - 1);
        bits.unsigned(self.rows() - 1);
        bits.bit(true); // frames only
        bits.bit(true); // direct_8x8_inference
        let (right, bottom) = (self.columns() * 16 - self.width, self.rows() * 16 - self.height);
        let is_cropped = right + bottom > 0;
        bits.bit(is_cropped);
        if is_cropped {
            for offset in [0, right / 2, 0, bottom / 2] {
                bits.unsigned(offset);
            }
        }
        bits.bit(false); // no VUI
        bits.into_nal(0x67)
    }

    /// Returns the picture parameter set (7.3.2.2).
    pub(super) fn picture_parameters() -> Vec<u8> {
        let mut bits = BitWriter::default();
        bits.unsigned(0);
        bits.unsigned(0);
        bits.bits(0b00, 2); // CAVLC, no field order
        for value in [0, 0, 0] {
            bits.unsigned(value);
        }
        bits.bits(0b000, 3); // no weighted prediction
        for value in [2, 0, 0] {
            bits.signed(value);
        } // QP 26 + 2
        bits.bits(0b100, 3); // the slices disable the deblocking filter
        bits.into_nal(0x68)
    }

    /// Returns the frame with this number.
    pub(super) fn frame(&self, number: u32) -> Vec<u8> {
        let is_idr = number.is_multiple_of(GROUP);
        let mut bits = BitWriter::default();
        bits.unsigned(0);
        bits.unsigned(if is_idr { 7 } else { 5 });
        bits.unsigned(0);
        bits.bits(number % GROUP % 16, 4);
        if is_idr {
            bits.unsigned(number / GROUP % 2);
            bits.bits(0b00, 2); // keep earlier output, short-term reference
        } else {
            bits.bits(0b000, 3); // one reference, in order, sliding window
        }
        bits.signed(0);
        bits.unsigned(1); // no deblocking filter
        if is_idr {
            self.whole_picture(&mut bits, number);
        } else {
            self.changed_columns(&mut bits, number);
        }
        bits.into_nal(if is_idr { 0x65 } else { 0x41 })
    }

    fn whole_picture(&self, bits: &mut BitWriter, number: u32) {
        for row in 0..self.rows() {
            for column in 0..self.columns() {
                self.macroblock(bits, number, (column, row), 0);
            }
        }
    }

    fn changed_columns(&self, bits: &mut BitWriter, number: u32) {
        let (from, to) = (self.bar(number - 1), self.bar(number));
        let mut skipped = 0;
        for row in 0..self.rows() {
            for column in 0..self.columns() {
                if from != to && (Some(column) == from || Some(column) == to) {
                    bits.unsigned(skipped);
                    skipped = 0;
                    self.macroblock(bits, number, (column, row), 5);
                } else {
                    skipped += 1;
                }
            }
        }
        if skipped > 0 {
            bits.unsigned(skipped);
        }
    }

    /// Writes one macroblock; `first_intra` is the number of the first intra type in this kind of slice.
    fn macroblock(&self, bits: &mut BitWriter, number: u32, (column, row): (u32, u32), first_intra: u32) {
        let wanted = i32::from(self.brightness(number, column));
        let (prediction, predicted) = match (column, row) {
            (0, 0) => (Prediction::Gray, 128),
            (_, 0) => (Prediction::Left, i32::from(self.brightness(number, column - 1))),
            (_, _) => (Prediction::Above, wanted),
        };
        let (luma_mode, chroma_mode) = match prediction {
            Prediction::Above => (0, 2),
            Prediction::Left => (1, 1),
            Prediction::Gray => (2, 0),
        };
        // Only the first macroblock has chroma coefficients: all others copy it.
        let has_chroma = (column, row) == (0, 0);
        bits.unsigned(first_intra + 1 + luma_mode + 4 * u32::from(has_chroma));
        bits.unsigned(chroma_mode);
        bits.signed(0);
        luma_coefficient(bits, wanted - predicted);
        if has_chroma {
            chroma_coefficient(bits, self.chroma.0.into());
            chroma_coefficient(bits, self.chroma.1.into());
        }
    }

    fn brightness(&self, number: u32, column: u32) -> u8 {
        if self.bar(number) == Some(column) { self.luma.1 } else { self.luma.0 }
    }

    /// Returns the column of the bar. It is never the first column, so that every P frame can copy from the left.
    fn bar(&self, number: u32) -> Option<u32> {
        let places = self.columns() - 1;
        (places > 0).then(|| 1 + number % places)
    }

    fn columns(&self) -> u32 {
        self.width.div_ceil(16).max(1)
    }

    fn rows(&self) -> u32 {
        self.height.div_ceil(16).max(1)
    }

    /// Returns the lowest level that allows the picture size and the macroblock rate (table A-1).
    fn level(&self) -> u8 {
        const LEVELS: [(u8, u32, u32); 8] = [
            (30, 1_620, 40_500),
            (31, 3_600, 108_000),
            (40, 8_192, 245_760),
            (42, 8_704, 522_240),
            (50, 22_080, 589_824),
            (51, 36_864, 983_040),
            (52, 36_864, 2_073_600),
            (60, 139_264, 4_177_920),
        ];
        let size = self.columns() * self.rows();
        let rate = size * self.fps;
        let fitting = LEVELS.iter().find(|(_, sizes, rates)| size <= *sizes && rate <= *rates);
        fitting.map_or(62, |(level, _, _)| *level)
    }
}

/// Writes a block of luma DC coefficients whose first one is `level` (9.2, nC 0).
fn luma_coefficient(bits: &mut BitWriter, level: i32) {
    match level {
        0 => bits.bits(0b1, 1),
        1 | -1 => one(bits, (0b01, 2), level),
        _ => more(bits, (0b00_0101, 6), level),
    }
}

/// Writes a block of chroma DC coefficients whose first one is `level` (9.2, nC -1).
fn chroma_coefficient(bits: &mut BitWriter, level: i32) {
    match level {
        0 => bits.bits(0b01, 2),
        1 | -1 => one(bits, (0b1, 1), level),
        _ => more(bits, (0b00_0111, 6), level),
    }
}

/// Writes a coefficient of 1 or -1: the token, the sign, no zeros before it.
fn one(bits: &mut BitWriter, (token, length): (u32, u32), level: i32) {
    bits.bits(token, length);
    bits.bit(level < 0);
    bits.bit(true);
}

/// Writes a larger coefficient: the token, `level_prefix` and `level_suffix` (9.2.2.1), no zeros before it.
fn more(bits: &mut BitWriter, (token, length): (u32, u32), level: i32) {
    bits.bits(token, length);
    let code = 2 * level.unsigned_abs() - 4 + u32::from(level < 0);
    let (prefix, suffix, suffix_length) = match code {
        0..14 => (code, 0, 0),
        14..30 => (14, code - 14, 4),
        _ => (15, code - 30, 12),
    };
    bits.bits(1, prefix + 1);
    bits.bits(suffix, suffix_length);
    bits.bit(true);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(width: u32, height: u32) -> H264Stream {
        H264Stream { width, height, fps: 24, luma: (90, 200), chroma: (3, -2) }
    }

    #[test]
    fn levels_are_written_as_the_standard_codes_them() {
        let coded = |level| {
            let mut bits = BitWriter::default();
            luma_coefficient(&mut bits, level);
            bits.into_nal(0)
        };
        assert_eq!(coded(0), [0, 0b1100_0000]);
        assert_eq!(coded(-1), [0, 0b0111_1000]);
        // Token, prefix 0, no zeros before it.
        assert_eq!(coded(2), [0, 0b0001_0111, 0b1000_0000]);
        assert_eq!(coded(-2), [0, 0b0001_0101, 0b1100_0000]);
    }

    #[test]
    fn the_level_fits_the_picture() {
        assert_eq!(stream(1280, 720).level(), 31);
        assert_eq!(stream(1920, 1080).level(), 40);
        assert_eq!(stream(3840, 2160).level(), 51);
        assert_eq!(stream(3840, 3840).level(), 60);
    }

    #[test]
    fn a_frame_that_changes_little_is_small() {
        let stream = stream(1280, 720);
        assert!(stream.frame(0).len() < 5_000);
        assert!(stream.frame(1).len() < 500);
        // A single column has no room for a moving bar.
        assert!(H264Stream { width: 16, ..stream }.frame(1).len() < 16);
    }
}
