//! Images in this container: AVIF and HEIC (ISO/IEC 23008-12). The API accepts neither; their size is read so that a
//! report can say what was sent.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::atom::{Atom, ignore_malformed};
use super::geometry::scaled;
use crate::media::sparse_buffer::ReadError;
use crate::media::{Format, Media};
use crate::units::Dimensions;

/// Reads the size of the primary image from a top-level `meta` box; `None` if the box does not state it.
pub(super) fn read(meta: Atom, format: Format) -> Result<Media, ReadError> {
    let mut media = Media::new(format);
    let Some(properties) = ignore_malformed(properties(meta))? else { return Ok(media) };
    let (mut seen, mut turned) = (None, false);
    for property in properties {
        match &property.kind {
            b"ispe" => media.coded_size = Some(Dimensions::new(property.be32(4)?, property.be32(8)?)),
            b"clap" => {
                let (width, height) =
                    (scaled(property.be32(0)?, 1, property.be32(4)?), scaled(property.be32(8)?, 1, property.be32(12)?));
                seen = width.zip(height).map(|(width, height)| Dimensions::new(width, height));
            }
            b"irot" => turned = property.u8(0)? & 1 == 1,
            _ => {}
        }
    }
    let seen = seen.or(media.coded_size);
    media.display_size = seen.map(|seen| if turned { seen.swapped() } else { seen });
    Ok(media)
}

/// Returns the properties of the primary picture.
fn properties(meta: Atom) -> Result<Option<Vec<Atom>>, ReadError> {
    let (mut primary, mut listed, mut used) = (None, None, None);
    for atom in meta.children(4) {
        let atom = atom?;
        match &atom.kind {
            b"pitm" => {
                primary = Some(if atom.u8(0)? == 0 { atom.be16(4)?.into() } else { atom.be32(4)? });
            }
            b"iprp" => (listed, used) = (atom.child(*b"ipco")?, atom.child(*b"ipma")?),
            _ => {}
        }
    }
    let (Some(primary), Some(listed), Some(used)) = (primary, listed, used) else { return Ok(None) };
    let numbers = associated(used, primary)?;
    let mut properties = Vec::new();
    for (atom, number) in listed.children(0).zip(1_u16..) {
        let atom = atom?;
        if numbers.contains(&number) {
            properties.push(atom);
        }
    }
    Ok(Some(properties))
}

/// Returns the numbers of the properties that an `ipma` box associates with an item.
fn associated(ipma: Atom, item: u32) -> Result<Vec<u16>, ReadError> {
    let (version, wide) = (ipma.u8(0)?, ipma.u8(3)? & 1 == 1);
    let mut at = 8_u64;
    for _ in 0..ipma.be32(4)?.min(ITEMS) {
        let (id, after) = match version {
            0 => (ipma.be16(at)?.into(), at.saturating_add(2)),
            1.. => (ipma.be32(at)?, at.saturating_add(4)),
        };
        let count = ipma.u8(after)?;
        let (size, start) = (if wide { 2_u64 } else { 1 }, after.saturating_add(1));
        if id == item {
            let offset = |index: u8| start.saturating_add(u64::from(index).saturating_mul(size));
            let number = |at| if wide { Ok(ipma.be16(at)? & 0x7fff) } else { Ok((ipma.u8(at)? & 0x7f).into()) };
            return (0..count).map(|index| number(offset(index))).collect();
        }
        at = start.saturating_add(u64::from(count).saturating_mul(size));
    }
    Ok(Vec::new())
}

/// The maximum number of items searched for the primary one, which comes first in nearly every file.
const ITEMS: u32 = 65_536;
