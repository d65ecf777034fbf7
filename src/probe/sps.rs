//! The sequence parameter set of H.264: the size of the picture and the shape of its pixels.
//!
//! Layout: ITU-T H.264, 7.3.2.1.1 and Annex E; the wrapper is the AVC configuration record of ISO/IEC 14496-15, 5.3.3.1.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::bits::Bits;
use super::pixel_shape;
use crate::units::Dimensions;

/// What a sequence parameter set tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sps {
    /// The size of the picture after cropping.
    pub(crate) stored: Dimensions,
    /// The size after the shape of the pixels.
    pub(crate) displayed: Dimensions,
}

impl Sps {
    /// Reads the first set in an AVC configuration record (`avcC`).
    pub(crate) fn of_record(record: &[u8]) -> Option<Self> {
        let &[1, _, _, _, _, sets, high, low, ref rest @ ..] = record else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        Self::of_nal(rest.get(..length).filter(|_| sets & 0x1f > 0)?)
    }

    /// Reads a NAL unit, its first byte being the header: type 7.
    pub(crate) fn of_nal(nal: &[u8]) -> Option<Self> {
        let (header, body) = nal.split_first()?;
        if header & 0x1f != 7 {
            return None;
        }
        let body = unescaped(body);
        Self::parse(&mut Bits::new(&body))
    }

    fn parse(bits: &mut Bits) -> Option<Self> {
        let profile = bits.number(8)?;
        bits.skip(16)?;
        bits.exp_golomb()?;
        let chroma = if HIGH_PROFILES.contains(&profile) { chroma(bits)? } else { 1 };
        bits.exp_golomb()?;
        order_count(bits)?;
        bits.exp_golomb()?;
        bits.skip(1)?;
        let across = bits.exp_golomb()?.checked_add(1)?;
        let down = bits.exp_golomb()?.checked_add(1)?;
        let fields = if bits.flag()? { 1 } else { 2 };
        bits.skip(if fields == 2 { 2 } else { 1 })?;
        let crop = if bits.flag()? { crop(bits, chroma, fields)? } else { Dimensions::new(0, 0) };
        let width = across.checked_mul(16)?.checked_sub(crop.width).filter(|side| *side > 0)?;
        let height = down.checked_mul(16)?.checked_mul(fields)?.checked_sub(crop.height).filter(|side| *side > 0)?;
        let stored = Dimensions::new(width, height);
        let (wide, high) = pixel_ratio(bits).unwrap_or((1, 1));
        Some(Self { stored, displayed: pixel_shape::shown(stored, wide, high) })
    }
}

/// The longest set that is looked at, in bytes; real ones have some 30.
const LONGEST: usize = 1024;

/// Takes out the byte 3 that keeps `00 00 00` to `00 00 03` from looking like a start code (7.3.1).
fn unescaped(body: &[u8]) -> Vec<u8> {
    let mut zeros = 0_u32;
    let mut plain = Vec::new();
    for byte in body.iter().copied().take(LONGEST) {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros.saturating_add(1) } else { 0 };
        plain.push(byte);
    }
    plain
}

/// The profiles that state a chroma format.
const HIGH_PROFILES: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// Reads what the high profiles add, and returns the chroma format (0 for planes of their own, which count as grey).
fn chroma(bits: &mut Bits) -> Option<u32> {
    let format = bits.exp_golomb()?;
    let planes = format == 3 && bits.flag()?;
    bits.exp_golomb()?;
    bits.exp_golomb()?;
    bits.skip(1)?;
    if bits.flag()? {
        for list in 0..if format == 3 { 12 } else { 8 } {
            if bits.flag()? {
                skip_scaling(bits, if list < 6 { 16 } else { 64 })?;
            }
        }
    }
    Some(if planes { 0 } else { format })
}

fn skip_scaling(bits: &mut Bits, entries: u32) -> Option<()> {
    let (mut last, mut next) = (8_i64, 8_i64);
    for _ in 0..entries {
        if next != 0 {
            next = last.checked_add(bits.signed_exp_golomb()?)? & 0xff;
        }
        if next != 0 {
            last = next;
        }
    }
    Some(())
}

/// Passes over the picture order count.
fn order_count(bits: &mut Bits) -> Option<()> {
    match bits.exp_golomb()? {
        0 => bits.exp_golomb().map(|_| ()),
        1 => {
            bits.skip(1)?;
            bits.exp_golomb()?;
            bits.exp_golomb()?;
            let cycle = bits.exp_golomb().filter(|cycle| *cycle < 256)?;
            (0..cycle).try_for_each(|_| bits.exp_golomb().map(|_| ()))
        }
        _ => Some(()),
    }
}

/// Reads the cropping and returns the pixels it takes away in all.
fn crop(bits: &mut Bits, chroma: u32, fields: u32) -> Option<Dimensions> {
    let mut side = || bits.exp_golomb()?.checked_add(bits.exp_golomb()?);
    let (across, down) = (side()?, side()?);
    let (unit_across, unit_down) = match chroma {
        1 => (2_u32, 2_u32),
        2 => (2, 1),
        _ => (1, 1),
    };
    let down = down.checked_mul(unit_down)?.checked_mul(fields)?;
    Some(Dimensions::new(across.checked_mul(unit_across)?, down))
}

/// Pixel shapes by their index (Table E-1), from 1.
const RATIOS: [(u32, u32); 16] = [
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

/// Reads the start of the usability information, as far as the shape of the pixels.
fn pixel_ratio(bits: &mut Bits) -> Option<(u32, u32)> {
    if !bits.flag()? || !bits.flag()? {
        return None;
    }
    match bits.number(8)? {
        255 => Some((bits.number(16)?, bits.number(16)?)),
        index => RATIOS.get(usize::try_from(index).ok()?.checked_sub(1)?).copied(),
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests;
