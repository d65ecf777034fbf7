//! `ID3v2` tags, which may precede any kind of audio, and the `ID3v1` tag after it.
//!
//! Skipped by their length: a cover picture of 10 MiB is never read. Layout: id3.org, "ID3 tag version 2.4.0", 3.1.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::media::sparse_buffer::{ReadError, SparseBuffer, malformed};

/// The length of a tag's header, and of its footer, in bytes.
pub(crate) const HEADER: usize = 10;

/// The length of an `ID3v1` tag, which closes a file, in bytes.
pub(crate) const V1: u64 = 128;

/// Returns where the audio begins: after all `ID3v2` tags, of which there may be several in a row.
pub(crate) fn end(buffer: &SparseBuffer) -> Result<u64, ReadError> {
    end_from(buffer, 0)
}

/// Returns how many bytes of white space, such as scripts print, precede the first tag; 0 if no tag follows.
pub(crate) fn space(buffer: &SparseBuffer) -> Result<u64, ReadError> {
    if !buffer.up_to(0, 1)?.first().is_some_and(u8::is_ascii_whitespace) {
        return Ok(0);
    }
    let head = buffer.up_to(0, MAX_SPACE.saturating_add(HEADER))?;
    let space = head.iter().take(MAX_SPACE).take_while(|byte| byte.is_ascii_whitespace()).count();
    Ok(head.get(space..).and_then(length).map_or(0, |_| space as u64))
}

/// How many bytes of white space are skipped before a tag.
const MAX_SPACE: usize = 16;

/// Returns where the audio begins, after all tags that start at an offset.
pub(crate) fn end_from(buffer: &SparseBuffer, start: u64) -> Result<u64, ReadError> {
    let mut at = start;
    loop {
        if buffer.total().is_some_and(|total| at >= total) {
            return if at == start { Ok(at) } else { Err(malformed(at, "the file ends inside its ID3 tag")) };
        }
        let Some(length) = length(buffer.up_to(at, HEADER)?) else { return Ok(at) };
        at = at.saturating_add(length);
    }
}

/// Returns the audio within the first bytes of a file; `None` if it begins after them.
pub(crate) fn end_within(head: &[u8]) -> Option<&[u8]> {
    let mut rest = head;
    while let Some(length) = length(rest) {
        rest = rest.get(usize::try_from(length).ok()?..)?;
    }
    Some(rest)
}

/// Returns the length of the tag that starts these bytes, header and footer included; `None` if there is none.
pub(crate) fn length(bytes: &[u8]) -> Option<u64> {
    let &[b'I', b'D', b'3', version, revision, flags, a, b, c, d, ..] = bytes else { return None };
    if version == 0xff || revision == 0xff || [a, b, c, d].iter().any(|byte| *byte >= 0x80) {
        return None;
    }
    let body = [a, b, c, d].iter().fold(0_u64, |size, byte| (size << 7) | u64::from(*byte));
    let footer = if flags & 0x10 == 0 { 0 } else { HEADER as u64 };
    body.checked_add(HEADER as u64)?.checked_add(footer)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn tags_are_measured_with_header_and_footer() {
        assert_eq!(length(b"ID3\x04\0\0\0\0\0\x05"), Some(15));
        assert_eq!(length(b"ID3\x04\0\x10\0\0\x01\0"), Some(148));
        assert_eq!(length(b"ID3\x04\0\0\x7f\x7f\x7f\x7f"), Some((1 << 28) + 9));
    }

    #[test]
    fn bytes_that_are_not_a_tag_have_no_length() {
        let cases: [&[u8]; 5] =
            [b"", b"ID3", b"ID4\x04\0\0\0\0\0\x05", b"ID3\xff\0\0\0\0\0\x05", b"ID3\x04\0\0\0\0\0\x85"];
        for bytes in cases {
            assert_eq!(length(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn consecutive_tags_are_skipped() {
        let bytes = b"ID3\x04\0\0\0\0\0\x01.ID3\x03\0\0\0\0\0\0fLaC".to_vec();
        assert_eq!(end_within(&bytes), Some(&b"fLaC"[..]));
        assert_eq!(end(&SparseBuffer::new(bytes, Some(25))), Ok(21));
        assert_eq!(end_within(b"ID3\x04\0\0\0\0\0\x01"), None);
    }

    #[test]
    fn m17_a_tag_of_maximum_length_is_skipped_unread() {
        let tag = b"ID3\x04\0\0\x7f\x7f\x7f\x7f".to_vec();
        let behind = (1 << 28) + 9;
        assert_eq!(end(&SparseBuffer::new(tag.clone(), Some(1 << 30))), Err(ReadError::NeedMore(behind..behind + 10)));
        assert_eq!(end(&SparseBuffer::new(tag.clone(), None)), Err(ReadError::NeedMore(behind..behind + 10)));
        assert_eq!(end(&SparseBuffer::new(tag, Some(33))), Err(malformed(behind, "the file ends inside its ID3 tag")));
    }
}
