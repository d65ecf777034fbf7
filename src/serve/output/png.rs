//! Writes a PNG file: a flat picture with a vertical bar.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// Returns a file of this size, in pixels; the bar covers the columns `bar`.
pub(super) fn file(width: u32, height: u32, [flat, accent]: [[u8; 3]; 2], bar: std::ops::Range<u32>) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]); // 8 bits, RGB, not interlaced
    let row: Vec<u8> = (0..width).flat_map(|column| if bar.contains(&column) { accent } else { flat }).collect();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &compressed(&row, height));
    chunk(&mut file, b"IEND", &[]);
    file
}

/// Compresses `height` equal rows: the first is unfiltered, the others are differences from the row above, which are 0.
fn compressed(row: &[u8], height: u32) -> Vec<u8> {
    let same = [&[2], vec![0; row.len()].as_slice()].concat();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let written = (|| {
        encoder.write_all(&[0])?;
        encoder.write_all(row)?;
        (1..height).try_for_each(|_| encoder.write_all(&same))?;
        encoder.finish()
    })();
    // Writing to memory does not fail.
    written.unwrap_or_default()
}

fn chunk(file: &mut Vec<u8>, name: &[u8], content: &[u8]) {
    let mut sum = Crc::new();
    sum.update(name);
    sum.update(content);
    file.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    file.extend(name);
    file.extend(content);
    file.extend(sum.sum().to_be_bytes());
}
