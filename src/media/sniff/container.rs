//! Containers that many formats share: RIFF, IFF, ISO base media files and EBML.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::Format;
use crate::media::matroska::ebml::Header as EbmlHeader;

/// Detects a RIFF file by its form type; `None` for an unknown form.
pub(super) fn riff(head: &[u8]) -> Option<Format> {
    match head {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::Webp),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Some(Format::Avi),
        [b'R', b'I', b'F', b'F' | b'X', _, _, _, _, b'W', b'A', b'V', b'E', ..]
        | [b'R', b'F', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E', ..]
        | [b'B', b'W', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Format::Wav),
        _ => None,
    }
}

/// Detects an IFF file: AIFF, uncompressed or compressed.
pub(super) fn iff(head: &[u8]) -> Option<Format> {
    matches!(head, [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C', ..]).then_some(Format::Aiff)
}

/// Detects an ISO base media file by its brands; one without brands, or a bare segment, by its first box.
pub(super) fn isobmff(head: &[u8]) -> Option<Format> {
    let mut rest = head;
    // `ftyp` comes first, but some writers put padding before it.
    for _ in 0..8 {
        let (size, name) = (rest.first_chunk::<4>()?, rest.get(4..8)?);
        let size = usize::try_from(u32::from_be_bytes(*size)).ok()?;
        // Frames can have any length; other boxes are never as long as a text such as `Get free stuff` would claim.
        let sane = matches!(size, 0 | 1) || (8..MAX_BOX).contains(&size);
        match name {
            name if !sane && name != b"mdat" && name != b"ftyp" => return None,
            b"ftyp" => return rest.get(8..12).map(|major| brands(major, rest.get(16..size).or(rest.get(16..)))),
            b"moov" | b"mdat" | b"pnot" => return Some(Format::Mov),
            b"styp" | b"sidx" | b"moof" => return Some(Format::Mp4),
            b"free" | b"skip" | b"wide" => match rest.get(size..) {
                Some(next) if size >= 8 && next.len() >= 8 => rest = next,
                Some(_) | None => return Some(Format::Mov),
            },
            _ => return None,
        }
    }
    Some(Format::Mov)
}

/// No box before the frames is longer, in bytes.
const MAX_BOX: usize = 1 << 24;

/// Returns the format by the major brand; for those that every HEIF image may have, the compatible brands decide.
fn brands(major: &[u8], compatible: Option<&[u8]>) -> Format {
    let mut compatible = compatible.unwrap_or_default().chunks_exact(4).take(64);
    match major {
        b"avif" | b"avis" => Format::Avif,
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Format::Heic,
        b"mif1" | b"msf1" | b"mif2" | b"miaf" => {
            if compatible.any(|brand| matches!(brand, b"avif" | b"avis")) {
                Format::Avif
            } else {
                Format::Heic
            }
        }
        b"qt  " => Format::Mov,
        b"M4A " | b"M4B " | b"M4P " | b"F4A " | b"F4B " => Format::M4a,
        b"kddi" | [b'3', b'g', b'2', ..] => Format::ThreeG2,
        [b'3', b'g', ..] => Format::ThreeGp,
        // A camera's raw image (Canon CR3), which is not a video.
        b"crx " => Format::Unknown,
        _ => Format::Mp4,
    }
}

/// Names an EBML file by its `DocType`; where it has none, or the head ends before it, Matroska, which is its default.
pub(super) fn ebml(head: &[u8]) -> Option<Format> {
    let header = head.strip_prefix(b"\x1a\x45\xdf\xa3")?;
    let at = header.windows(2).position(|id| id == [0x42, 0x82]);
    Some(match at.and_then(|at| doc_type(header.get(at..)?)) {
        None | Some(b"" | b"matroska") => Format::Mkv,
        Some(b"webm") => Format::Webm,
        Some(_) => Format::Unknown,
    })
}

/// Returns the text of the element that starts these bytes, without the zeros that may end it (RFC 8794, section 7.4).
fn doc_type(bytes: &[u8]) -> Option<&[u8]> {
    let header = EbmlHeader::parse(bytes).ok()?;
    let text = bytes.get(header.length..)?.get(..usize::try_from(header.size?).ok()?)?;
    text.split(|byte| *byte == 0).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn riff_and_iff_are_detected_by_their_form() {
        let case = |head: &[u8], format| assert_eq!(riff(head).or_else(|| iff(head)), format, "{head:?}");
        case(b"RIFF\x24\0\0\0WEBPVP8 ", Some(Format::Webp));
        case(b"RIFF\x24\0\0\0WAVEfmt ", Some(Format::Wav));
        case(b"RIFF\x24\0\0\0AVI LIST", Some(Format::Avi));
        case(b"RF64\xff\xff\xff\xffWAVEds64", Some(Format::Wav));
        case(b"RIFX\0\0\0\x24WAVEfmt ", Some(Format::Wav));
        case(b"FORM\0\0\0\x24AIFCFVER", Some(Format::Aiff));
        case(b"FORM\0\0\0\x24ILBM", None);
        case(b"RIFF\x24\0\0\0CDXA", None);
        case(b"RIFF", None);
        case(b"", None);
    }

    #[test]
    fn iso_files_are_detected_by_their_brands() {
        let case = |head: &[u8], format| assert_eq!(isobmff(head), format, "{head:?}");
        case(b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", Some(Format::Mp4));
        case(b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ", Some(Format::Mov));
        case(b"\0\0\0\x14ftyp3gp4\0\0\x02\0isom", Some(Format::ThreeGp));
        case(b"\0\0\0\x14ftyp3g2a\0\0\x02\0isom", Some(Format::ThreeG2));
        case(b"\0\0\0\x14ftypM4A \0\0\x02\0isom", Some(Format::M4a));
        case(b"\0\0\0\x14ftypavis\0\0\0\0msf1", Some(Format::Avif));
        case(b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Some(Format::Avif));
        case(b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Some(Format::Heic));
        case(b"\0\0\0\x14ftypheix\0\0\0\0mif1", Some(Format::Heic));
        case(b"\0\0\0\x14ftypcrx \0\0\0\x01isom", Some(Format::Unknown));
        case(b"\0\0\0\x08wide\0\0\x10\0mdat", Some(Format::Mov));
        case(b"\0\0\0\x08free\0\0\0\x14ftypisom\0\0\0\0", Some(Format::Mp4));
        case(b"\0\0\0\0free\0\0\0\x14", Some(Format::Mov));
        case(b"\0\0\x10\0moov\0\0\0\x6cmvhd", Some(Format::Mov));
        case(b"\0\0\0\x18stypmsdh", Some(Format::Mp4));
        case(b"\0\0\0\x18ftyp", None);
        case(b"\xff\xff\xff\xffftypisom", Some(Format::Mp4));
        case(b"\0\0\0\x18uuid\0\0\0\0", None);
        case(b"", None);
    }

    #[test]
    fn a_brand_after_the_box_is_ignored() {
        assert_eq!(isobmff(b"\0\0\0\x14ftypmif1\0\0\0\0heicavif"), Some(Format::Heic));
    }

    #[test]
    fn ebml_files_are_detected_by_their_doctype() {
        let case = |head: &[u8], format| assert_eq!(ebml(head), format, "{head:?}");
        case(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04", Some(Format::Webm));
        case(b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska\x42\x87", Some(Format::Mkv));
        case(b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x40\x04webm", Some(Format::Webm));
        // GStreamer ends the text with a zero; others may pad it.
        case(b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x14\x42\x82\x89matroska\0\x42\x87", Some(Format::Mkv));
        case(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x85webm\0\x42\x87\x81\x04", Some(Format::Webm));
        case(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88webm\0\0\0\0\x42\x87", Some(Format::Webm));
        case(b"\x1a\x45\xdf\xa3\x9f\x42\x82\x80\x42\x87\x81\x04", Some(Format::Mkv));
        case(b"\x1a\x45\xdf\xa3\x93\x42\x82\x89something", Some(Format::Unknown));
        case(b"\x1a\x45\xdf\xa3\x93\x42\x82\x85webmx", Some(Format::Unknown));
        case(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81", Some(Format::Mkv));
        case(b"\x1a\x45\xdf\xa3", Some(Format::Mkv));
        case(b"\x1a\x45\xdf", None);
    }
}
