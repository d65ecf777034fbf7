//! Brands: the format according to the `ftyp` box (ISO/IEC 14496-12, section 4.3, and the registry at mp4ra.org).

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::atom::Atom;
use crate::media::Format;
use crate::media::sparse_buffer::ReadError;

/// Returns the format by the brands: the major brand, otherwise the first known compatible brand, otherwise MP4.
pub(super) fn format(ftyp: Atom) -> Result<Format, ReadError> {
    let compatible = usize::try_from(ftyp.length().saturating_sub(8)).unwrap_or(0).min(COMPATIBLE);
    let (major, minor) = (ftyp.array::<4>(0)?, ftyp.bytes(8, compatible)?.chunks_exact(4));
    let mut brands = std::iter::once(major.as_slice()).chain(minor.clone());
    let format = brands.find_map(known).unwrap_or(Format::Mp4);
    // `mif1` denotes an image of any coding in this container; AVIF files may have it as the major brand.
    if major == *b"mif1" && minor.clone().any(|brand| known(brand) == Some(Format::Avif)) {
        return Ok(Format::Avif);
    }
    Ok(format)
}

/// How many bytes of compatible brands are read; real files list fewer than twenty.
const COMPATIBLE: usize = 256;

fn known(brand: &[u8]) -> Option<Format> {
    match brand {
        b"qt  " => Some(Format::Mov),
        b"M4A " | b"M4B " | b"M4P " => Some(Format::M4a),
        b"avif" | b"avis" => Some(Format::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" | b"mif1" | b"msf1" => {
            Some(Format::Heic)
        }
        [b'3', b'g', b'2', ..] => Some(Format::ThreeG2),
        [b'3', b'g', ..] => Some(Format::ThreeGp),
        b"isom"
        | b"mp41"
        | b"mp42"
        | b"avc1"
        | b"M4V "
        | b"M4VH"
        | b"M4VP"
        | b"f4v "
        | b"F4V "
        | b"MSNV"
        | b"mmp4"
        | b"dash"
        | b"cmfc"
        | b"cmf2"
        | b"av01"
        | [b'i', b's', b'o', b'2'..=b'9' | b'a'..=b'c'] => Some(Format::Mp4),
        _ => None,
    }
}
