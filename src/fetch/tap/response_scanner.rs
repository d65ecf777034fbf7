//! Scans the bytes of one response as they arrive, in chunks of any size, and keeps only the anomalies.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::{HeadLimit, MAX_HEAD, MAX_INTERIM_RESPONSES};
use crate::observation::ProtocolAnomaly;

/// Scans one response and the interim responses before it.
#[derive(Debug, Default)]
pub(super) struct ResponseScanner {
    /// Whether it answers a HEAD, so that it has no body regardless of its header fields.
    answers_head: bool,
    part: ResponsePart,
    line: HeaderLine,
    head: HeadFacts,
    /// The bytes of all heads so far.
    head_bytes: usize,
    interim_responses: u32,
    anomalies: Vec<ProtocolAnomaly>,
}

/// The part of the response that the next byte belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ResponsePart {
    /// The status line, or an empty line before it.
    #[default]
    Status,
    /// The header fields.
    Fields,
    /// The body, of which this many bytes remain.
    Body(u64),
    /// Bytes whose end the scanner does not know: a body without a valid Content-Length, or bytes that are not HTTP.
    Undelimited,
}

/// The facts of a head that matter at its end.
#[derive(Debug, Default)]
struct HeadFacts {
    status: u16,
    length: BodyLength,
}

/// The length of the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum BodyLength {
    #[default]
    Unknown,
    Bytes(u64),
    /// Not a number that all clients interpret the same way.
    Ambiguous,
}

impl ResponseScanner {
    /// Creates a scanner for the response to a request.
    pub(super) fn new(answers_head: bool) -> Self {
        Self { answers_head, ..Self::default() }
    }

    /// Returns the anomalies so far, each once.
    pub(super) fn anomalies(&self) -> &[ProtocolAnomaly] {
        &self.anomalies
    }

    /// Returns whether a head has begun and has not ended.
    pub(super) fn is_in_head(&self) -> bool {
        self.head_bytes > 0 && matches!(self.part, ResponsePart::Status | ResponsePart::Fields)
    }

    /// Scans the next bytes.
    pub(super) fn scan(&mut self, mut bytes: &[u8]) -> Result<(), HeadLimit> {
        while !bytes.is_empty() {
            match self.part {
                ResponsePart::Status | ResponsePart::Fields => bytes = self.scan_head(bytes)?,
                ResponsePart::Body(0) => {
                    self.note(ProtocolAnomaly::ExcessBytes);
                    return Ok(());
                }
                ResponsePart::Body(left) => {
                    let passed = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    self.part = ResponsePart::Body(left.saturating_sub(passed as u64));
                    bytes = bytes.get(passed..).unwrap_or_default();
                }
                ResponsePart::Undelimited => return Ok(()),
            }
        }
        Ok(())
    }

    fn note(&mut self, anomaly: ProtocolAnomaly) {
        if !self.anomalies.contains(&anomaly) {
            self.anomalies.push(anomaly);
        }
    }

    /// Scans one line of a head, or a part of it, and returns the rest.
    fn scan_head<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], HeadLimit> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (piece, rest) = match end.and_then(|end| bytes.split_at_checked(end.saturating_add(1))) {
            Some((line, rest)) => (line, rest),
            None => (bytes, Default::default()),
        };
        self.head_bytes = self.head_bytes.saturating_add(piece.len());
        if self.head_bytes > MAX_HEAD {
            return Err(HeadLimit::Size);
        }
        self.line.push(piece);
        if end.is_some() {
            self.end_line()?;
        }
        Ok(rest)
    }

    fn end_line(&mut self) -> Result<(), HeadLimit> {
        let line = std::mem::take(&mut self.line);
        let (text, is_bare) = line.text();
        match self.part {
            ResponsePart::Status if text.is_empty() => return Ok(()),
            ResponsePart::Status => self.status(text),
            ResponsePart::Fields if text.is_empty() => self.end_head()?,
            ResponsePart::Fields => self.field(text, line.is_cut),
            ResponsePart::Body(_) | ResponsePart::Undelimited => {}
        }
        if is_bare && self.part != ResponsePart::Undelimited {
            self.note(ProtocolAnomaly::BareLineFeed);
        }
        Ok(())
    }

    fn status(&mut self, line: &[u8]) {
        let Some(status) = status(line) else {
            self.part = ResponsePart::Undelimited;
            return;
        };
        self.head = HeadFacts { status, ..HeadFacts::default() };
        self.part = ResponsePart::Fields;
        // A status other than 200 rejects the asset regardless of its phrase.
        if status == 200 && line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            self.note(ProtocolAnomaly::ControlCharInReasonPhrase);
        }
    }

    fn field(&mut self, line: &[u8], is_cut: bool) {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            self.note(ProtocolAnomaly::ObsoleteLineFolding);
            // It may continue a Content-Length.
            self.head.length = BodyLength::Ambiguous;
            return;
        }
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { return };
        if name.ends_with(b" ") || name.ends_with(b"\t") {
            self.note(ProtocolAnomaly::WhitespaceBeforeColon);
        }
        let name = name.trim_ascii_end();
        if name.eq_ignore_ascii_case(b"content-length") {
            // The rest of a truncated number is not known.
            let value = if is_cut { &[] } else { value.trim_ascii() };
            self.head.length = self.head.length.and(value);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.head.length = BodyLength::Ambiguous;
        }
    }

    fn end_head(&mut self) -> Result<(), HeadLimit> {
        let HeadFacts { status, length, .. } = std::mem::take(&mut self.head);
        self.part = match (status, length) {
            (101, _) => ResponsePart::Undelimited,
            (100..=199, _) => return self.end_interim(status),
            _ if self.answers_head => ResponsePart::Body(0),
            (204 | 304, _) => ResponsePart::Body(0),
            (_, BodyLength::Bytes(bytes)) => ResponsePart::Body(bytes),
            (_, BodyLength::Unknown | BodyLength::Ambiguous) => ResponsePart::Undelimited,
        };
        Ok(())
    }

    fn end_interim(&mut self, status: u16) -> Result<(), HeadLimit> {
        self.part = ResponsePart::Status;
        if status == 100 {
            self.note(ProtocolAnomaly::UnexpectedContinue);
        }
        self.interim_responses = self.interim_responses.saturating_add(1);
        if self.interim_responses > MAX_INTERIM_RESPONSES { Err(HeadLimit::InterimResponses) } else { Ok(()) }
    }
}

impl BodyLength {
    /// Adds the value of another Content-Length field.
    fn and(self, value: &[u8]) -> Self {
        let digits = std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        match (self, digits.and_then(|text| text.parse().ok())) {
            (Self::Unknown, Some(bytes)) => Self::Bytes(bytes),
            (Self::Bytes(earlier), Some(bytes)) if bytes == earlier => self,
            (Self::Unknown | Self::Bytes(_) | Self::Ambiguous, _) => Self::Ambiguous,
        }
    }
}

/// Parses `HTTP/1.1 200 Phrase`.
fn status(line: &[u8]) -> Option<u16> {
    let rest = line.strip_prefix(b"HTTP/1.1 ").or_else(|| line.strip_prefix(b"HTTP/1.0 "))?;
    let (digits, rest) = rest.split_at_checked(3)?;
    let status = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (digits.iter().all(u8::is_ascii_digit) && (rest.is_empty() || rest.starts_with(b" "))).then_some(status)
}

/// One line of a head, of which only the start is kept.
#[derive(Debug, Default)]
struct HeaderLine {
    /// Each run of blanks is reduced to its first, so that padding does not push a value past the limit.
    start: Vec<u8>,
    /// Whether something other than blanks was cut off.
    is_cut: bool,
    /// The last byte so far and the one before it.
    last: [u8; 2],
}

/// The maximum number of bytes kept of a line: more than any status line or length has.
const MAX_LINE: usize = 1 << 10;

impl HeaderLine {
    fn push(&mut self, piece: &[u8]) {
        let is_blank = |byte: u8| byte == b' ' || byte == b'\t';
        for byte in piece.iter().copied() {
            if is_blank(byte) && self.start.last().copied().is_some_and(is_blank) {
                continue;
            }
            if self.start.len() < MAX_LINE {
                self.start.push(byte);
            } else {
                self.is_cut |= !byte.is_ascii_whitespace();
            }
        }
        match piece {
            [] => {}
            [last] => self.last = [self.last[1], *last],
            [.., before, last] => self.last = [*before, *last],
        }
    }

    /// Returns the text without its line end, and whether that is a bare line feed.
    fn text(&self) -> (&[u8], bool) {
        let text = self.start.strip_suffix(b"\n").unwrap_or(&self.start);
        let is_bare = self.last[0] != b'\r';
        (if is_bare { text } else { text.strip_suffix(b"\r").unwrap_or(text) }, is_bare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scans a response as a whole and in chunks of many sizes, and checks that the results are the same.
    fn scanned(is_head: bool, text: &str) -> (Result<(), HeadLimit>, Vec<ProtocolAnomaly>, ResponsePart) {
        let whole = in_pieces(is_head, text, text.len().max(1));
        for length in 1..text.len().min(40) {
            assert_eq!(in_pieces(is_head, text, length), whole, "in pieces of {length}: {text:?}");
        }
        whole
    }

    fn in_pieces(
        is_head: bool,
        text: &str,
        length: usize,
    ) -> (Result<(), HeadLimit>, Vec<ProtocolAnomaly>, ResponsePart) {
        let mut scanner = ResponseScanner::new(is_head);
        let end = text.as_bytes().chunks(length).try_for_each(|piece| scanner.scan(piece));
        (end, scanner.anomalies, scanner.part)
    }

    #[test]
    fn anomalies_are_noted_once() {
        use ProtocolAnomaly::{
            BareLineFeed, ControlCharInReasonPhrase, ExcessBytes, ObsoleteLineFolding, UnexpectedContinue,
            WhitespaceBeforeColon,
        };
        let rows: &[(&str, &[ProtocolAnomaly])] = &[
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", &[]),
            ("\r\n\r\nHTTP/1.0 200\r\nContent-Length: 2\r\n\r\nab", &[]),
            ("HTTP/1.1 200 OK\nContent-Length: 2\n\nab", &[BareLineFeed]),
            ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc\r\n\r\n", &[ObsoleteLineFolding]),
            ("HTTP/1.1 200 OK\r\nX : a\r\nY\t: b\r\n\r\n", &[WhitespaceBeforeColon]),
            ("HTTP/1.1 200 O\x1bK\r\n\r\n", &[ControlCharInReasonPhrase]),
            ("HTTP/1.1 404 O\x1bK\r\n\r\n", &[]),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", &[UnexpectedContinue]),
            ("HTTP/1.1 103 Early Hints\r\nContent-Length: 1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", &[ExcessBytes]),
            ("HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\nabc", &[WhitespaceBeforeColon, ExcessBytes]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nabc", &[ExcessBytes]),
            ("HTTP/1.1 204 No Content\r\n\r\na", &[ExcessBytes]),
            // If the end of the body is not known, no byte is known to follow it.
            ("HTTP/1.1 200 OK\r\n\r\nabc", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nabc", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 1\r\n\r\nabc", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nabc", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 0\r\n\r\nabc", &[ObsoleteLineFolding]),
            ("HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n\r\nabc", &[]),
            ("SSH-2.0-x\n\n", &[]),
            ("HTTP/1.1 2000 OK\n\n", &[]),
        ];
        for (text, anomalies) in rows {
            let (end, found, _) = scanned(false, text);
            assert_eq!((end, found.as_slice()), (Ok(()), *anomalies), "{text:?}");
        }
    }

    #[test]
    fn padding_does_not_hide_a_length() {
        let surplus = |field: &str| {
            let text = format!("HTTP/1.1 200 OK\r\n{field}\r\n\r\nabc");
            in_pieces(false, &text, 700).1.contains(&ProtocolAnomaly::ExcessBytes)
        };
        let (blanks, tabs, zeros) = (" ".repeat(3000), "\t".repeat(3000), "0".repeat(3000));
        assert!(surplus(&format!("Content-Length:{blanks}2")));
        assert!(surplus(&format!("Content-Length:{tabs}2{blanks}")));
        assert!(surplus(&format!("Content-Length{blanks}: 2")));
        assert!(surplus(&format!("Content-Length: 2{blanks}")));
        assert!(!surplus(&format!("Content-Length: {zeros}3")), "the number is not known");
        assert!(!surplus(&format!("Content-Length: 2{blanks}x")), "it is not a number");
        assert!(!surplus(&format!("Content-Length: 1{blanks}2")), "it is not a number");
    }

    #[test]
    fn a_response_to_head_has_no_body() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(scanned(true, head), (Ok(()), vec![], ResponsePart::Body(0)));
        assert_eq!(scanned(true, &format!("{head}a")).1, [ProtocolAnomaly::ExcessBytes]);
    }

    #[test]
    fn at_most_eight_interim_responses_are_accepted() {
        let interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
        let last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(scanned(false, &format!("{}{last}", interim.repeat(8))), (Ok(()), vec![], ResponsePart::Body(0)));
        assert_eq!(scanned(false, &format!("{}{last}", interim.repeat(9))).0, Err(HeadLimit::InterimResponses));
    }

    #[test]
    fn heads_are_accepted_up_to_their_limits() {
        let of = |bytes: usize| format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(bytes.saturating_sub(24)));
        assert_eq!(in_pieces(true, &of(MAX_HEAD), 1000).0, Ok(()));
        assert_eq!(in_pieces(true, &of(MAX_HEAD.saturating_add(1)), 1000).0, Err(HeadLimit::Size));
        let of = |fields: usize| format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(fields));
        assert_eq!(in_pieces(true, &of(10_000), 1000).0, Ok(()));
        assert_eq!(in_pieces(true, &of(11_000), 1000).0, Err(HeadLimit::Size));
    }

    #[test]
    fn an_unfinished_head_is_detected() {
        let mut scanner = ResponseScanner::new(false);
        let mut case = |text: &str, expected: bool| {
            assert_eq!(scanner.scan(text.as_bytes()), Ok(()));
            assert_eq!(scanner.is_in_head(), expected, "{text:?}");
        };
        case("", false);
        case("HTTP", true);
        case("/1.1 200 OK\r\nContent-Length: 5\r\n", true);
        case("\r\n", false);
        case("ab", false);
    }
}
