//! Detects the format by the first bytes, regardless of the file's name.
//!
//! The leading signature decides: anything may follow it (a ZIP archive, a script) without changing the format.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod container;
mod document;
mod sync;

use file_format::FileFormat;

use crate::media::Format;

/// Detects the format of a file by its first bytes. 4,096 are enough for every known format except streams whose frames
/// begin later; with fewer, as much as possible is detected.
pub(crate) fn sniff(head: &[u8]) -> Format {
    by_magic(head).or_else(|| CHECKS.iter().find_map(|check| check(head))).unwrap_or(Format::Unknown)
}

/// Detects a media file by a signature that does not occur by chance; `None` for formats without one.
pub(super) fn signature(head: &[u8]) -> Option<Format> {
    let has_brands = head.get(4..8) == Some(b"ftyp");
    let format = by_magic(head)
        .or_else(|| container::riff(head))
        .or_else(|| container::ebml(head))
        .or_else(|| container::isobmff(head).filter(|_| has_brands))?;
    // Two of the signatures are too short to search for.
    let is_media = format == Format::Ogg || format.kind().is_some();
    (is_media && !matches!(format, Format::Jxl | Format::Mpeg)).then_some(format)
}

/// Returns the name of the format of a file that is not media, if it has a signature.
pub(super) fn other_format(head: &[u8]) -> Option<String> {
    let format = FileFormat::from_bytes(head);
    let is_known = !matches!(format, FileFormat::ArbitraryBinaryData | FileFormat::Empty | FileFormat::PlainText);
    // The four bytes of a cursor are also those of an uncompressed TGA, whose next field is usually zero; that of a
    // cursor is the number of its pictures.
    let is_tga = format == FileFormat::WindowsCursor && head.get(4..6) == Some(&[0, 0]);
    (is_known && !is_tga).then(|| format.name().to_owned())
}

fn by_magic(head: &[u8]) -> Option<Format> {
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, format)| *format)
}

/// The signatures that alone decide the format.
const MAGIC: &[(&[u8], Format)] = &[
    (b"\xff\xd8\xff", Format::Jpeg),
    // Only the first half of the signature: its other half shows whether a text-mode transfer broke the file.
    (b"\x89PNG", Format::Png),
    (b"GIF87a", Format::Gif),
    (b"GIF89a", Format::Gif),
    (b"II*\0", Format::Tiff),
    (b"MM\0*", Format::Tiff),
    (b"II+\0\x08\0\0\0", Format::Tiff),
    (b"MM\0+\0\x08\0\0", Format::Tiff),
    (b"\xff\x0a", Format::Jxl),
    (b"\0\0\0\x0cJXL \r\n\x87\n", Format::Jxl),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Format::Jp2),
    (b"\xff\x4f\xff\x51", Format::Jp2),
    (b"8BPS\0\x01", Format::Psd),
    (b"8BPS\0\x02", Format::Psd),
    // The start of the identifier that Wave64 has in place of a four-letter code.
    (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", Format::W64),
    (b"%PDF-", Format::Pdf),
    (b"icns", Format::Icns),
    (b"caff\0\x01", Format::Caf),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Format::Asf),
    (b"FLV\x01", Format::Flv),
    (b"\0\0\x01\xba", Format::Mpeg),
    (b"\0\0\x01\xb3", Format::Mpeg),
    (b"OggS\0", Format::Ogg),
    (b"fLaC", Format::Flac),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"\x1f\x8b", Format::Gzip),
];

/// A check of the first bytes; `None` if they are of another format.
type SniffCheck = fn(&[u8]) -> Option<Format>;

/// The checks after the signatures, in this order: the most reliable ones first, plain text before frames that begin
/// later.
const CHECKS: &[SniffCheck] = &[
    container::riff,
    container::iff,
    container::isobmff,
    container::ebml,
    sync::id3,
    sync::mp3,
    sync::adts,
    sync::transport_stream,
    bitmap,
    icon,
    document::document,
    sync::later_frames,
];

/// Detects a bitmap by `BM` and one of the existing header sizes; the two letters alone also start words.
fn bitmap(head: &[u8]) -> Option<Format> {
    let size = head.strip_prefix(b"BM")?.get(12..16)?;
    matches!(size, [12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]).then_some(Format::Bmp)
}

/// Detects an icon or a cursor by its first entry: the four bytes before it also start an MPEG picture.
fn icon(head: &[u8]) -> Option<Format> {
    match head.get(..22)? {
        [0, 0, 1 | 2, 0, low, high, _, _, _, 0, .., a, b, c, d] => {
            let images = u32::from(u16::from_le_bytes([*low, *high]));
            let directory = images.saturating_mul(16).saturating_add(6);
            (images > 0 && u32::from_le_bytes([*a, *b, *c, *d]) >= directory).then_some(Format::Ico)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fixture_is_named_by_its_bytes() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/images");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).expect("the fixtures") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            let expected = match (name, path.extension().and_then(|extension| extension.to_str())) {
                ("png-named.jpg", _) => "png",
                ("jpeg-named.png", _) | (_, Some("jpg")) if name != "junk-first.jpg" => "jpeg",
                ("junk-first.jpg" | "empty.png", _) => "unknown",
                ("lfs-pointer.png", _) => "lfs-pointer",
                (_, Some(extension)) => extension,
                (_, None) => "none",
            };
            let bytes = std::fs::read(&path).expect("a fixture");
            let head = bytes.get(..4096).unwrap_or(&bytes);
            assert_eq!(sniff(head).id(), expected, "{name}");
            seen += 1;
        }
        assert!(seen > 60, "only {seen} fixtures");
    }

    #[test]
    fn the_signature_decides_regardless_of_what_follows() {
        let case = |head: &[u8], format| assert_eq!(sniff(head), format, "{head:?}");
        case(b"", Format::Unknown);
        case(b"\0", Format::Unknown);
        case(b"GIF89a<script>alert(1)</script>", Format::Gif);
        case(b"\xff\xd8\xff\xe0<?php __HALT_COMPILER();", Format::Jpeg);
        case(b"\xff\xd8", Format::Unknown);
        case(b"\x89PNG\n\x1a\n", Format::Png);
        case(b"II+\0\x08\0\0\0", Format::Tiff);
        case(b"%PDF-1.7\n<html>", Format::Pdf);
        case(b"\x1f\x8b\x08\0", Format::Gzip);
        case(b"PK\x03\x04\x14\0", Format::Zip);
        case(b"OggS\0\x02", Format::Ogg);
        case(b"fLaC\0\0\0\x22", Format::Flac);
        case(b"FLV\x01\x05", Format::Flv);
        case(b"\0\0\x01\xba\x44", Format::Mpeg);
        case(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", Format::Asf);
        case(b"\0\0\0\x0cJXL \r\n\x87\n", Format::Jxl);
        case(b"\xff\x0a\xf9\x1f", Format::Jxl);
    }

    #[test]
    fn words_and_images_with_the_same_start_are_distinguished() {
        let case = |head: &[u8], format| assert_eq!(sniff(head), format, "{head:?}");
        case(b"BMW is a maker of cars", Format::Text);
        case(b"BM\xca\x06\0\0\0\0\0\0\xca\0\0\0\x28\0\0\0\x40", Format::Bmp);
        case(b"\0\0\x01\0\x01\0\x20\x20\x10\0\x01\0\x04\0\xe8\x02\0\0\x16\0\0\0", Format::Ico);
        case(b"\0\0\x01\0\0\0\x20\x20\x10\0\x01\0\x04\0\xe8\x02\0\0\x16\0\0\0", Format::Unknown);
        case(b"\0\0\x01\0\x09\0\x20\x20\x10\0\x01\0\x04\0\xe8\x02\0\0\x16\0\0\0", Format::Unknown);
    }

    #[test]
    fn no_head_of_any_length_panics() {
        for name in ["photo.avif", "old.ico", "drawing.svg", "animated.webp", "old.bmp"] {
            let path = format!("{}/fixtures/images/{name}", env!("CARGO_MANIFEST_DIR"));
            let bytes = std::fs::read(path).expect("a fixture");
            let whole = sniff(&bytes);
            for length in 0..bytes.len().min(600) {
                let format = sniff(bytes.get(..length).expect("a prefix"));
                assert!(length < 64 || format == whole, "{name} cut at {length} is {format:?}");
            }
        }
    }
}
