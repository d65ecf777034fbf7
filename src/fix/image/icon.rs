//! Icons: the best picture of the directory. The library refuses a PNG that is not RGBA in there, although other programs
//! write and show it, so a PNG is decoded by itself.

use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};

use image::codecs::ico::IcoDecoder;
use image::{ImageDecoder, ImageFormat, ImageReader};

use super::error::ImageFixError;

/// Returns the decoder of the best picture.
pub(super) fn decoder<R: Read + Seek + 'static>(
    mut file: BufReader<R>,
) -> Result<Box<dyn ImageDecoder>, ImageFixError> {
    if let Some(png) = best_png(&mut file)? {
        let decoder = ImageReader::with_format(Cursor::new(png), ImageFormat::Png).into_decoder();
        return Ok(Box::new(decoder.map_err(ImageFixError::Decode)?));
    }
    file.rewind()?;
    Ok(Box::new(IcoDecoder::new(file).map_err(ImageFixError::Decode)?))
}

/// Returns the bytes of the best picture if it is a PNG.
fn best_png(file: &mut (impl Read + Seek)) -> Result<Option<Vec<u8>>, ImageFixError> {
    file.rewind()?;
    let mut head = [0; 6];
    file.read_exact(&mut head)?;
    let [_, _, _, _, count @ ..] = head;
    let mut directory = Vec::new();
    file.take(u64::from(u16::from_le_bytes(count)) * ENTRY as u64).read_to_end(&mut directory)?;
    let entries = directory.chunks_exact(ENTRY).filter_map(|entry| entry.first_chunk::<ENTRY>());
    let Some(best) = best(entries) else { return Ok(None) };
    let [.., l0, l1, l2, l3, o0, o1, o2, o3] = *best;
    let (length, offset) = (u32::from_le_bytes([l0, l1, l2, l3]), u32::from_le_bytes([o0, o1, o2, o3]));
    file.seek(SeekFrom::Start(offset.into()))?;
    let mut bytes = Vec::new();
    file.take(u64::from(length).min(MAX_PNG)).read_to_end(&mut bytes)?;
    Ok(bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(bytes))
}

/// Returns the best entry by the order of the library: of equals the last one in the file, then the first one.
fn best<'e>(mut entries: impl DoubleEndedIterator<Item = &'e [u8; ENTRY]>) -> Option<&'e [u8; ENTRY]> {
    let last = entries.next_back()?;
    Some(entries.fold(last, |best, entry| if score(entry) > score(best) { entry } else { best }))
}

/// The length of an entry of the directory, in bytes.
const ENTRY: usize = 16;

/// The largest PNG that is read from an icon, in bytes; pictures in icons have some 256 pixels per side.
const MAX_PNG: u64 = 64 << 20;

/// Ranks an entry by bits per pixel, then by size; a side of 0 stands for 256.
fn score(entry: &[u8; ENTRY]) -> (u16, u32) {
    let [width, height, _, _, _, _, b0, b1, ..] = *entry;
    let side = |side: u8| if side == 0 { 256 } else { u32::from(side) };
    (u16::from_le_bytes([b0, b1]), side(width) * side(height))
}
