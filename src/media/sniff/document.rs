//! Text where media was expected: pages, storage errors, API errors, pointers.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::borrow::Cow;

use crate::media::Format;

/// Detects a text format by its start, after a byte order mark and white space; `None` if the bytes are not text.
pub(super) fn document(head: &[u8]) -> Option<Format> {
    let text = decoded(head);
    let text = text.trim_ascii_start();
    if text.starts_with(b"version https://git-lfs") {
        return Some(Format::LfsPointer);
    }
    markup(text).or_else(|| is_text(text).then(|| if is_json(text) { Format::Json } else { Format::Text }))
}

/// Removes the byte order mark, and converts UTF-16 to UTF-8 if the mark says so.
fn decoded(head: &[u8]) -> Cow<'_, [u8]> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks().0.iter().map(|pair| unit(*pair));
        let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or('\0')).collect();
        Cow::Owned(text.into_bytes())
    };
    match head {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => Cow::Borrowed(head),
    }
}

/// Detects SVG, HTML or XML by the root element, after comments, declarations and a doctype; entities are not expanded.
fn markup(text: &[u8]) -> Option<Format> {
    let mut rest = text;
    let mut declared = false;
    loop {
        rest = rest.trim_ascii_start();
        // A head that ends before its root element is classified as in browsers: by what it starts with.
        let so_far = if declared { Format::Xml } else { Format::Html };
        if rest.starts_with(b"<!--") {
            let Some(next) = after(rest, b"-->") else { return Some(so_far) };
            rest = next;
        } else if rest.starts_with(b"<?") {
            declared = true;
            let Some(next) = after(rest, b"?>") else { return Some(Format::Xml) };
            rest = next;
        } else if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype")) {
            return Some(match name(rest.get(9..).unwrap_or_default().trim_ascii_start()) {
                name if name.eq_ignore_ascii_case(b"html") => Format::Html,
                b"svg" => Format::Svg,
                _ => Format::Xml,
            });
        } else if rest.is_empty() && rest.len() < text.len() {
            return Some(so_far);
        } else {
            return root(name(rest.strip_prefix(b"<")?), declared);
        }
    }
}

/// Returns the format by the name of the root element.
fn root(name: &[u8], declared: bool) -> Option<Format> {
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
    let is_html = |tag: &&[u8]| local.eq_ignore_ascii_case(tag);
    match local {
        [] => None,
        b"svg" => Some(Format::Svg),
        b"html" => Some(Format::Html),
        _ if !declared && HTML.iter().any(is_html) => Some(Format::Html),
        _ => Some(Format::Xml),
    }
}

/// Elements that start a page, or a fragment of one without the enclosing elements.
const HTML: &[&[u8]] = &[
    b"html", b"head", b"body", b"title", b"meta", b"link", b"script", b"style", b"h1", b"h2", b"h3", b"p", b"div",
    b"span", b"a", b"b", b"i", b"br", b"hr", b"img", b"table", b"center", b"font", b"form", b"iframe", b"pre", b"main",
];

/// Returns the name that bytes start with: letters, digits, `:`, `-`, `_` and `.`, the first a letter or `_`.
fn name(bytes: &[u8]) -> &[u8] {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.');
    let length = bytes.iter().position(|byte| !is_part(byte)).unwrap_or(bytes.len());
    match bytes.get(..length) {
        Some(name @ [first, ..]) if first.is_ascii_alphabetic() || *first == b'_' => name,
        Some(_) | None => &[],
    }
}

fn after<'a>(text: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(end.len()).position(|part| part == end)?;
    text.get(at.saturating_add(end.len())..)
}

/// Returns whether bytes are UTF-8 without control characters that text does not have; the last character may be cut.
fn is_text(bytes: &[u8]) -> bool {
    let valid = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    let is_control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    valid && !bytes.is_empty() && !bytes.iter().any(is_control)
}

/// Returns whether text starts like a JSON object or array.
fn is_json(text: &[u8]) -> bool {
    let inside = |rest: &[u8]| rest.trim_ascii_start().first().copied();
    match text {
        [b'{', rest @ ..] => matches!(inside(rest), Some(b'"' | b'}')),
        [b'[', rest @ ..] => {
            matches!(inside(rest), Some(b'{' | b'[' | b'"' | b']' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(head: &[u8], format: Format) {
        assert_eq!(document(head), Some(format), "{:?}", String::from_utf8_lossy(head));
    }

    #[test]
    fn pages_are_detected_in_every_form() {
        case(b"<!DOCTYPE html><title>Sign in</title>", Format::Html);
        case(b"\xef\xbb\xbf\r\n <!doctype HTML>", Format::Html);
        case(b"<HTML><head>", Format::Html);
        case(b"<!-- a comment --> <body>", Format::Html);
        case(b"<h1>502 Bad Gateway</h1>", Format::Html);
        case(b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><html>", Format::Html);
        case(b"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>", Format::Html);
        case(b"<!-- cut in a comment", Format::Html);
        case(b"\xff\xfe<\0h\0t\0m\0l\0>\0", Format::Html);
        case(b"\xfe\xff\0<\0h\0t\0m\0l\0>", Format::Html);
    }

    #[test]
    fn drawings_are_detected_by_their_root() {
        case(b"<svg xmlns='http://www.w3.org/2000/svg'>", Format::Svg);
        case(b"<?xml version='1.0'?><!-- made by hand --><svg:svg>", Format::Svg);
        case(b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' [<!ENTITY a '<html>'>]><svg/>", Format::Svg);
    }

    #[test]
    fn storage_errors_are_xml() {
        case(b"<?xml version='1.0' encoding='UTF-8'?>\n<Error><Code>NoSuchKey</Code></Error>", Format::Xml);
        case(b"<Error><Code>AccessDenied</Code></Error>", Format::Xml);
        case(b"<?xml version='1.0'?><title>not a page</title>", Format::Xml);
        case(b"<!DOCTYPE plist><plist>", Format::Xml);
        case(b"<?xml version", Format::Xml);
        case(b"<?xml version='1.0'?>  ", Format::Xml);
    }

    #[test]
    fn other_text_is_json_a_pointer_or_plain() {
        case(b"{\"error\": 404}", Format::Json);
        case(b" [ ]", Format::Json);
        case(b"[1,2]", Format::Json);
        case(b"{}", Format::Json);
        case(b"{not json}", Format::Text);
        case(b"[section]", Format::Text);
        case(b"version https://git-lfs.github.com/spec/v1\noid", Format::LfsPointer);
        case(b"Not Found", Format::Text);
        case("Zugriff verweigert für Gäste".as_bytes(), Format::Text);
        case(b"caf\xc3", Format::Text);
        case(b"< 5 is less", Format::Text);
    }

    #[test]
    fn binary_data_is_not_text() {
        for head in [&b""[..], b" \n", b"\0", b"ab\0cd", b"\x80\x81", b"caf\xe9 au lait", b"\xff\xfe", b"\x7fELF"] {
            assert_eq!(document(head), None, "{head:?}");
        }
    }
}
