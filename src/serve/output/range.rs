//! Reads the `Range` header of a request (RFC 9110, section 14).

/// The bytes that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteRange {
    /// All bytes: there is no `Range` header, or one that is ignored.
    All,
    /// From the first to the last of these offsets, both included.
    Part(usize, usize),
    /// None of the file's bytes: the response is 416.
    Unsatisfiable,
}

/// Parses the header for a file of `length` bytes. Multiple and invalid ranges are ignored, as the standard allows.
pub(crate) fn parse(header: Option<&str>, length: usize) -> ByteRange {
    let Some(range) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else { return ByteRange::All };
    let Some((first, last)) = range.split_once('-') else { return ByteRange::All };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => part(first, last, length),
        (Some(first), None) if last.trim().is_empty() => part(first, usize::MAX, length),
        (None, Some(0)) if first.trim().is_empty() => ByteRange::Unsatisfiable,
        (None, Some(count)) if first.trim().is_empty() => part(length.saturating_sub(count), usize::MAX, length),
        (Some(_) | None, Some(_) | None) => ByteRange::All,
    }
}

fn part(first: usize, last: usize, length: usize) -> ByteRange {
    if first >= length { ByteRange::Unsatisfiable } else { ByteRange::Part(first, last.min(length - 1)) }
}

fn number(text: &str) -> Option<usize> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_has_them() {
        use ByteRange::{All, Part, Unsatisfiable};
        let case = |header: &str, expected: ByteRange| assert_eq!(parse(Some(header), 1000), expected, "{header}");
        case("bytes=0-", Part(0, 999));
        case("bytes=0-0", Part(0, 0));
        case("bytes=10-19", Part(10, 19));
        case("bytes=990-5000", Part(990, 999));
        case("bytes=-10", Part(990, 999));
        case("bytes=-5000", Part(0, 999));
        case("bytes=1000-", Unsatisfiable);
        case("bytes=-0", Unsatisfiable);
        // Ignored: reversed, several, another unit, not a number.
        case("bytes=5-1", All);
        case("bytes=0-1,5-9", All);
        case("items=0-1", All);
        case("bytes=a-b", All);
        case("bytes=-", All);
        case("", All);
        assert_eq!(parse(None, 1000), All);
        assert_eq!(parse(Some("bytes=0-"), 0), Unsatisfiable);
    }
}
