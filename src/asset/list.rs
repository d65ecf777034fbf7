//! Lists of assets: one per line, `#` comments on lines of their own or after a URL, blank lines skipped. Lines are
//! read in chunks, however long they are.

use std::io::{self, BufRead, Read as _};

use memchr::memchr;

use crate::asset::{Asset, Location, utf16_length};
use crate::text::secret::payload_head;
use crate::text::untrusted::UntrustedText;

/// How many bytes of a line are kept: more than any data URI that the API accepts (5,242,880 characters). Of a longer line
/// only the beginning and the length count.
pub(crate) const MAX_LINE: usize = 6 << 20;

/// The assets of one list, in order, each with its location.
#[derive(Debug)]
pub struct List<R> {
    reader: R,
    name: UntrustedText,
    line: u64,
    /// A line that was read to see whether it continues a data URI.
    pending: Option<(Vec<u8>, u64)>,
    /// A line that has carriage returns in it, from this byte on, and the length of the part that was not kept.
    rest: Option<(Vec<u8>, usize, u64)>,
    /// What ends an asset: a line feed, or NUL.
    separator: u8,
}

impl<R: BufRead> List<R> {
    /// Reads a list; `name` is its name in locations.
    pub const fn new(reader: R, name: UntrustedText) -> Self {
        Self { reader, name, line: 0, pending: None, rest: None, separator: b'\n' }
    }

    /// Separates assets by this byte instead of line ends.
    #[must_use]
    pub const fn separated_by(mut self, separator: u8) -> Self {
        self.separator = separator;
        self
    }

    /// Returns the name of the list in locations.
    pub const fn name(&self) -> &UntrustedText {
        &self.name
    }

    /// Returns the reader, to see whether the next line is available without waiting.
    pub const fn reader(&self) -> &R {
        &self.reader
    }

    /// Returns one line without its end, and the UTF-16 length of the part that was not kept; `None` after the last. A
    /// carriage return ends a line as well, as in files of old spreadsheets.
    fn line(&mut self) -> io::Result<Option<(Vec<u8>, u64)>> {
        if let Some(pending) = self.pending.take() {
            return Ok(Some(pending));
        }
        let (text, from, more) = match self.rest.take() {
            Some(rest) => rest,
            None => match self.next_separated()? {
                Some((text, more)) => (text, 0, more),
                None => return Ok(None),
            },
        };
        let left = text.get(from..).unwrap_or_default();
        let inner = memchr(b'\r', left).filter(|at| self.separator == b'\n' && at + 1 < left.len());
        Ok(Some(match inner.and_then(|at| Some((left.get(..at)?.to_vec(), at))) {
            Some((line, at)) => {
                self.rest = Some((text, from + at + 1, more));
                (line, 0)
            }
            None if from == 0 => (text, more),
            None => (left.to_vec(), more),
        }))
    }

    /// Reads up to the next separator.
    fn next_separated(&mut self) -> io::Result<Option<(Vec<u8>, u64)>> {
        let mut kept = Vec::new();
        if self.reader.by_ref().take(MAX_LINE as u64).read_until(self.separator, &mut kept)? == 0 {
            return Ok(None);
        }
        if kept.last() == Some(&self.separator) {
            kept.pop();
            return Ok(Some((kept, 0)));
        }
        let mut length = 0;
        loop {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            let end = buffer.iter().position(|byte| *byte == self.separator);
            let piece = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
            length += utf16_length(piece);
            let used = piece.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if used == 0 || end.is_some() {
                return Ok(Some((kept, length)));
            }
        }
    }

    /// Appends the lines that continue a data URI which is folded into lines: they are not assets, and must not be printed.
    ///
    /// Encoders fold at one width. A line of another length, or one after padding, may be the name of a file.
    fn join_folded(&mut self, text: &mut Vec<u8>) -> io::Result<()> {
        let head = payload_head(text).map_or(0, |head| head.len());
        let payload = text.len().saturating_sub(head);
        // What is printed of a broken head may be longer than the head.
        if head == 0 || payload > MAX_FOLD {
            return Ok(());
        }
        // The width of the payload alone, or that of the whole text.
        let (line, mut fold) = (text.len(), None);
        while !(text.len() > head && text.ends_with(b"=")) {
            let Some((next, more)) = self.line()? else { break };
            let part = next.trim_ascii();
            let is_payload = more == 0 && part.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte));
            let is_first = (MIN_FOLD..=MAX_FOLD).contains(&part.len()) && [0, part.len()].contains(&payload)
                || part.len() == line && part.len() >= MIN_FOLD;
            let is_next = fold.map_or(is_first, |fold| (1..=fold).contains(&part.len()));
            if !is_payload || !is_next {
                self.pending = Some((next, more));
                break;
            }
            text.push(b'\n');
            text.extend_from_slice(part);
            self.line += 1;
            if fold.is_some_and(|fold| part.len() < fold) {
                break;
            }
            fold = Some(part.len());
        }
        Ok(())
    }
}

/// The shortest and the longest lines that encoders fold base64 into, in characters.
const MIN_FOLD: usize = 40;
const MAX_FOLD: usize = 128;

impl<R> List<R> {
    /// Makes an asset from the text that begins on a line; `more` is the length of the part that was not kept.
    fn asset(&self, text: Vec<u8>, more: u64, line: u64) -> Asset {
        let mut asset = if more == 0 {
            Asset::new(text)
        } else {
            let length = utf16_length(&text) + more;
            Asset::truncated(text, length)
        };
        asset.location = Some(Location { file: self.name.clone(), line, column: 1 });
        asset
    }
}

impl<R: BufRead> Iterator for List<R> {
    type Item = io::Result<Asset>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (mut text, more) = match self.line() {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            self.line += 1;
            if self.line == 1 && text.starts_with(b"\xef\xbb\xbf") {
                text.drain(..3);
            }
            if self.line == 1 && self.separator != b'\0' && is_utf16(&text) {
                return Some(Err(io::Error::new(io::ErrorKind::InvalidData, UTF_16)));
            }
            if self.separator == b'\0' && !text.is_empty() {
                return Some(Ok(self.asset(text, more, self.line)));
            }
            let trimmed = text.trim_ascii();
            if trimmed.is_empty() || trimmed.starts_with(b"#") {
                continue;
            }
            let trimmed = if more == 0 { without_quotes(without_comment(trimmed)) } else { trimmed };
            if trimmed.len() < text.len() {
                text = trimmed.to_vec();
            }
            let first = self.line;
            if more == 0
                && let Err(error) = self.join_folded(&mut text)
            {
                return Some(Err(error));
            }
            return Some(Ok(self.asset(text, more, first)));
        }
    }
}

/// Says whether a text is UTF-16, by its byte order mark or the zero byte of its first character.
pub(crate) fn is_utf16(text: &[u8]) -> bool {
    matches!(text, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, 1..=255, ..] | [1..=255, 0, ..])
}

/// The error message for a list in UTF-16.
pub(crate) const UTF_16: &str = "the text is UTF-16; save it as UTF-8";

/// Removes the quotation marks around a line, as in exported tables, and a comma after them.
fn without_quotes(line: &[u8]) -> &[u8] {
    let bare = line.strip_suffix(b",").unwrap_or(line);
    for mark in [b"\"", b"'"] {
        let inner = bare.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
        if let Some(inner) = inner.filter(|inner| !inner.is_empty() && !inner.contains(&mark[0])) {
            return inner;
        }
    }
    line
}

/// Removes the comment after a URL: a URL contains no blank, but a file name may contain one before a `#`.
fn without_comment(line: &[u8]) -> &[u8] {
    let scheme = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
    if !line.get(scheme..).is_some_and(|rest| rest.starts_with(b"://")) {
        return line;
    }
    let comment = line.windows(2).position(|pair| matches!(pair, [b' ' | b'\t', b'#']));
    comment.and_then(|at| line.get(..at)).map_or(line, <[u8]>::trim_ascii_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(String, u64)> {
        List::new(text, UntrustedText::from("list"))
            .map(|asset| asset.expect("no error"))
            .map(|asset| (String::from_utf8_lossy(asset.text()).into_owned(), asset.location.expect("a location").line))
            .collect()
    }

    #[test]
    fn lines_keep_their_numbers() {
        let text = b"\xef\xbb\xbfa.png\r\n\n  # comment\n  https://h.com/#x \nlast";
        let expected = [("a.png", 1), ("https://h.com/#x", 4), ("last", 5)];
        assert_eq!(lines(text), expected.map(|(text, line)| (text.to_owned(), line)));
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n\n#\n"), []);
    }

    #[test]
    fn comments_follow_urls_but_not_file_names() {
        let case = |line: &str, kept: &str| assert_eq!(lines(line.as_bytes()), [(kept.to_owned(), 1)], "{line}");
        case("https://h.com/a.png # the first", "https://h.com/a.png");
        case("runway://5a6b7c8d-0e1f\t  #upload", "runway://5a6b7c8d-0e1f");
        case("https://h.com/a.png#part # x # y", "https://h.com/a.png#part");
        case("https://h.com/a b.png", "https://h.com/a b.png");
        case("photo #1.jpg", "photo #1.jpg");
        case("a:b #1.jpg", "a:b #1.jpg");
        case("data:image/png;base64,AAAA #1", "data:image/png;base64,AAAA #1");
    }

    #[test]
    fn a_folded_data_uri_is_one_asset() {
        let fold = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
        let head = "data:image/png;base64,";
        let case = |text: &str, expected: &[(&str, u64)]| {
            let expected: Vec<(String, u64)> =
                expected.iter().map(|(text, line)| ((*text).to_owned(), *line)).collect();
            assert_eq!(lines(text.as_bytes()), expected, "{text}");
        };
        let folded = format!("{head}\n{fold}\n{fold}\nAElFTkSuQmCC");
        case(&format!("{folded}\nb.png\n"), &[(&folded, 1), ("b.png", 5)]);
        case(&format!("{head}\n\n\nb.png\n"), &[(head, 1), ("b.png", 4)]);
        let short = format!("{head}{fold}\n{fold}");
        case(&format!("{short}\nhttps://h.com/a.png"), &[(&short, 1), ("https://h.com/a.png", 3)]);
        // A whole data URI, and names of files after it.
        case(&format!("{head}AAAA\nphotos\n"), &[(&format!("{head}AAAA"), 1), ("photos", 2)]);
        case(&format!("photo.png\n{fold}\n"), &[("photo.png", 1), (fold, 2)]);
        let gif = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
        for hash in ["3f786850e387550fdab836ed7e6dc881de23001b", &"d2a84f4b".repeat(8)] {
            for uri in [gif, "data:image/png;base64,iVBORw0KGgo="] {
                case(&format!("{uri}\n{hash}\nb.png"), &[(uri, 1), (hash, 2), ("b.png", 3)]);
            }
        }
        let padded = format!("{head}{}A=", fold.get(..58).expect("a part"));
        case(&format!("{padded}\n{fold}"), &[(&padded, 1), (fold, 2)]);
        let below = format!("{head}\n{padded}", padded = padded.get(head.len()..).expect("a payload"));
        case(&format!("{below}\n{fold}"), &[(&below, 1), (fold, 3)]);
        // All of it folded, the head as well.
        let whole = format!("{head}{}\n{fold}\nAAAA", fold.get(..38).expect("a part"));
        case(&format!("{whole}\nb.png"), &[(&whole, 1), ("b.png", 4)]);
    }

    #[test]
    fn a_carriage_return_ends_a_line() {
        let expected = |names: &[&str]| -> Vec<(String, u64)> {
            names.iter().zip(1..).map(|(name, line)| ((*name).to_owned(), line)).collect()
        };
        for text in ["a.png\rb.png\rc.png", "a.png\rb.png\r\nc.png\r\n", "a.png\r\nb.png\nc.png\r"] {
            assert_eq!(lines(text.as_bytes()), expected(&["a.png", "b.png", "c.png"]), "{text:?}");
        }
        assert_eq!(lines(b"a.png\r\r# no\r\rb.png"), [("a.png".to_owned(), 1), ("b.png".to_owned(), 5)]);
        assert_eq!(lines(&b"\r".repeat(1 << 20)), []);
        let nul = List::new(&b"a\rb\0c"[..], UntrustedText::default()).separated_by(b'\0').next();
        assert_eq!(nul.expect("a name").expect("no error").text(), b"a\rb");
    }

    #[test]
    fn utf_16_is_named() {
        for text in [&b"\xff\xfeh\0t\0\n\0"[..], b"\xfe\xff\0h\0t\0\n", b"h\0t\0\n\0", b"\0h\0t\0\n"] {
            let first = List::new(text, UntrustedText::default()).next();
            assert!(first.is_some_and(|read| read.is_err_and(|error| error.to_string() == UTF_16)), "{text:?}");
        }
        assert_eq!(List::new(&b"a\0b\0"[..], UntrustedText::default()).separated_by(b'\0').count(), 2);
    }

    #[test]
    fn a_head_of_no_text_is_one_asset() {
        let bytes: &[u8] = b"\xff\xfd;base64,";
        let mut list = List::new(bytes, UntrustedText::default());
        assert_eq!(list.next().expect("a line").expect("no error").text(), bytes);
        assert!(list.next().is_none());
    }

    #[test]
    fn the_end_of_an_overlong_line_is_counted_but_not_kept() {
        let mut text = b"data:image/png;base64,".to_vec();
        text.resize(20 << 20, b'A');
        let asset = List::new(&text[..], UntrustedText::default()).next().expect("a line").expect("no error");
        assert_eq!((asset.length(), asset.text().len()), (20 << 20, MAX_LINE));
        assert!(asset.is_truncated());
    }
}
