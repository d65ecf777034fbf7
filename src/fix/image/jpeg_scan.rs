//! Detects progressive JPEG by the markers before the first scan.

use std::io::{self, BufRead, Seek};

/// Returns whether a file is a progressive JPEG; false for every other format.
pub(super) fn is_progressive(reader: &mut (impl BufRead + Seek)) -> io::Result<bool> {
    match first_frame(reader) {
        Ok(marker) => Ok(marker == Some(SOF2)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// ITU-T T.81, table B.1: a progressive frame with Huffman coding.
const SOF2: u8 = 0xC2;

/// Returns the marker of the first frame header (T.81, B.2.2).
fn first_frame(reader: &mut (impl BufRead + Seek)) -> io::Result<Option<u8>> {
    if read::<2>(reader)? != [0xFF, 0xD8] {
        return Ok(None);
    }
    for _ in 0..MAX_SEGMENTS {
        let [start, mut marker] = read::<2>(reader)?;
        if start != 0xFF {
            return Ok(None);
        }
        while marker == 0xFF {
            [marker] = read::<1>(reader)?;
        }
        // DHT, JPG and DAC share the range of the frame headers.
        if (0xC0..=0xCF).contains(&marker) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            return Ok(Some(marker));
        }
        let length = u16::from_be_bytes(read::<2>(reader)?);
        reader.seek_relative(i64::from(length.saturating_sub(2)))?;
    }
    Ok(None)
}

/// More segments than any camera writes before the frame; a color profile alone takes up to 255.
const MAX_SEGMENTS: u32 = 4096;

fn read<const N: usize>(reader: &mut impl BufRead) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn progressive(bytes: &[u8]) -> bool {
        is_progressive(&mut Cursor::new(bytes)).expect("a cursor reads")
    }

    #[test]
    fn progressive_frames_are_detected() {
        assert!(progressive(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC2, 0, 17]));
        assert!(progressive(&[0xFF, 0xD8, 0xFF, 0xC4, 0, 2, 0xFF, 0xC2]));
        assert!(!progressive(&[0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 0xFF, 0xC2]));
    }

    #[test]
    fn truncated_and_other_files_are_not_progressive() {
        for length in 0..8 {
            assert!(!progressive(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2][..length]));
        }
        assert!(!progressive(b"GIF89a"));
        assert!(!progressive(&[0xFF, 0xD8, 0, 0xC2]));
    }
}
