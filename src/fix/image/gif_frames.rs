//! Detects an animated GIF by its second frame, which headers do not announce.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

/// Returns whether a file is a GIF with more than one frame.
pub(crate) fn is_animated_gif(path: &Path) -> bool {
    File::open(path).and_then(|file| has_second_frame(&mut BufReader::new(file))).unwrap_or(false)
}

/// The blocks of `GIF89a`: an extension (appendix 24 to 26) and a frame (20).
const EXTENSION: u8 = 0x21;
const FRAME: u8 = 0x2C;

fn has_second_frame(reader: &mut (impl BufRead + Seek)) -> io::Result<bool> {
    let [b'G', b'I', b'F', _, _, _, _, _, _, _, screen, _, _] = read(reader)? else { return Ok(false) };
    skip_colors(reader, screen)?;
    let mut frames = 0;
    for _ in 0..MAX_BLOCKS {
        match read(reader)? {
            [EXTENSION] => _ = read::<1>(reader)?,
            [FRAME] if frames > 0 => return Ok(true),
            [FRAME] => {
                frames += 1;
                let [_, _, _, _, _, _, _, _, frame] = read(reader)?;
                skip_colors(reader, frame)?;
                // The size of codes.
                read::<1>(reader)?;
            }
            _ => return Ok(false),
        }
        skip_data(reader)?;
    }
    Ok(false)
}

/// More blocks than any program writes before the second frame.
const MAX_BLOCKS: u32 = 1024;

/// Skips a color table: its flag and size are bits of a descriptor.
fn skip_colors(reader: &mut (impl BufRead + Seek), flags: u8) -> io::Result<()> {
    if flags & 0x80 == 0 { Ok(()) } else { reader.seek_relative(3 << ((flags & 7) + 1)) }
}

/// Skips the sub-blocks of data, the last of which is empty.
fn skip_data(reader: &mut (impl BufRead + Seek)) -> io::Result<()> {
    loop {
        match read(reader)? {
            [0] => return Ok(()),
            [length] => reader.seek_relative(length.into())?,
        }
    }
}

fn read<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A GIF with a global color table, and as many frames, each with a local one and after an extension.
    fn gif(frames: usize) -> Vec<u8> {
        let frame = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\x81\0\0\0\0\0\0\0\0\0\0\0\0\x02\x02\x4c\x01\0";
        [&b"GIF89a\x01\0\x01\0\x80\0\0\x2c\x2c\x2c\x21\x21\x21"[..], &frame.repeat(frames), b"\x3b"].concat()
    }

    #[test]
    fn the_second_frame_decides() {
        for frames in 0..4 {
            let found = has_second_frame(&mut Cursor::new(gif(frames))).expect("readable");
            assert_eq!(found, frames > 1, "{frames} frames");
        }
        assert!(!has_second_frame(&mut Cursor::new(b"\x89PNG\r\n\x1a\n........")).expect("readable"));
    }

    #[test]
    fn what_ends_early_is_not_animated() {
        let gif = gif(3);
        let frame = 35;
        for length in 0..gif.len() {
            let found = has_second_frame(&mut Cursor::new(&gif[..length])).unwrap_or(false);
            // The start of the second frame is enough.
            assert_eq!(found, length > 19 + frame + 8, "{length} bytes");
        }
    }
}
