//! Orientations that neither JPEG nor WebP states: those of TIFF, and those after the pixels of a PNG.

use std::io::Cursor;

use image::ImageFormat;
use image::metadata::Orientation;

use super::Folder;
use super::images::noise;

#[test]
fn the_orientation_of_tiff_is_applied() {
    let folder = Folder::new();
    for orientation in 1..=8_u16 {
        // Little-endian, one strip of 3x2 gray pixels, the first of which is white.
        let entry = |tag: u16, kind: u16, value: u32| {
            [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &1_u32.to_le_bytes(), &value.to_le_bytes()].concat()
        };
        let entries = [
            entry(256, 3, 300),
            entry(257, 3, 200),
            entry(258, 3, 8),
            entry(259, 3, 1),
            entry(262, 3, 1),
            entry(273, 4, 8),
            entry(274, 3, orientation.into()),
            entry(277, 3, 1),
            entry(278, 3, 200),
            entry(279, 4, 60_000),
        ];
        let mut pixels = vec![0; 60_000];
        for row in pixels.chunks_mut(300).take(100) {
            row[..150].fill(255);
        }
        let head = [&b"II*\0"[..], &60_008_u32.to_le_bytes()].concat();
        let bytes = [&head[..], &pixels, b"\x0a\0", &entries.concat(), &[0; 4]].concat();
        std::fs::write(folder.path("o.tif"), bytes).expect("written");
        let outcome = folder.fix(&["--force", "--ratio", "0.5:2", "--to", "png", "o.tif", "-o", "o.png"]).exit_code(0);
        let picture = image::open(folder.path("o.png")).expect("decodes").into_luma8();
        let (width, height) = picture.dimensions();
        assert_eq!((width, height), if orientation < 5 { (300, 200) } else { (200, 300) }, "{orientation}");
        let corners = [(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)];
        let white = corners.iter().position(|(x, y)| picture.get_pixel(*x, *y).0 == [255]).expect("a white corner");
        assert_eq!(white, [0, 1, 2, 3, 0, 1, 2, 3][usize::from(orientation) - 1], "{orientation}");
        if orientation > 1 {
            outcome.stdout_contains(&format!("rotate: EXIF orientation {orientation} to pixels as shown"));
        }
    }
}

/// A checksum of a PNG chunk.
fn crc(bytes: &[u8]) -> u32 {
    let shifted = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shifted(crc)))
}

#[test]
fn an_orientation_after_the_pixels_of_a_png_is_applied() {
    let folder = Folder::new();
    let mut png = Cursor::new(Vec::new());
    noise(90, 60).write_to(&mut png, ImageFormat::Png).expect("encodes");
    let png = png.into_inner();
    let (before, end) = png.split_at(png.len() - 12);
    for orientation in 1..=8_u8 {
        let entry = [&b"eXIfMM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..], &[orientation], &[0; 6]].concat();
        let length = u32::try_from(entry.len() - 4).expect("small").to_be_bytes();
        let bytes = [before, &length, &entry, &crc(&entry).to_be_bytes(), end].concat();
        std::fs::write(folder.path("late.png"), bytes).expect("written");
        folder.fix(&["--force", "--to", "webp", "late.png"]).exit_code(0);
        let mut expected = noise(90, 60);
        expected.apply_orientation(Orientation::from_exif(orientation).expect("1 to 8"));
        let result = image::open(folder.path("late.fixed.webp")).expect("decodes").into_rgb8();
        assert!(result == expected.into_rgb8(), "orientation {orientation}");
    }
}
