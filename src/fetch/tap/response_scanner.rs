//! The bytes of one answer as they come, in whatever pieces: only what is odd in them is kept.
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::{Excess, FIELDS, HEAD_LIMIT, INTERIMS};
use crate::observation::ProtocolAnomaly;

/// One answer, interim responses before it included.
#[derive(Debug, Default)]
pub(super) struct Reply {
    /// Whether it is to a HEAD, and has no body whatever its head says.
    is_to_head: bool,
    part: Part,
    line: Line,
    head: Head,
    /// The bytes of all heads so far.
    taken: usize,
    interims: u32,
    oddities: Vec<ProtocolAnomaly>,
}

/// Where in the answer the next byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    /// In the line of the status, or an empty line before it.
    #[default]
    Status,
    /// In the fields.
    Fields,
    /// In the body, of which so many bytes are to come.
    Body(u64),
    /// Where nobody here can tell: in a body that says itself where it ends, or in what is no HTTP.
    Elsewhere,
}

/// What has to be known of a head at its end.
#[derive(Debug, Default)]
struct Head {
    status: u16,
    fields: usize,
    length: Length,
}

/// How long the body is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Length {
    #[default]
    Unsaid,
    Bytes(u64),
    /// Not by a number that all read alike.
    Otherwise,
}

impl Reply {
    /// Awaits the answer to a request.
    pub(super) fn to(is_head: bool) -> Self {
        Self { is_to_head: is_head, ..Self::default() }
    }

    /// Returns what is odd so far, each once.
    pub(super) fn oddities(&self) -> &[ProtocolAnomaly] {
        &self.oddities
    }

    /// Says whether a head has begun and has not ended.
    pub(super) fn is_in_head(&self) -> bool {
        self.taken > 0 && matches!(self.part, Part::Status | Part::Fields)
    }

    /// Reads on.
    pub(super) fn hear(&mut self, mut bytes: &[u8]) -> Result<(), Excess> {
        while !bytes.is_empty() {
            match self.part {
                Part::Status | Part::Fields => bytes = self.head(bytes)?,
                Part::Body(0) => {
                    self.note(ProtocolAnomaly::Surplus);
                    return Ok(());
                }
                Part::Body(left) => {
                    let passed = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    self.part = Part::Body(left.saturating_sub(passed as u64));
                    bytes = bytes.get(passed..).unwrap_or_default();
                }
                Part::Elsewhere => return Ok(()),
            }
        }
        Ok(())
    }

    fn note(&mut self, oddity: ProtocolAnomaly) {
        if !self.oddities.contains(&oddity) {
            self.oddities.push(oddity);
        }
    }

    /// Takes one line of a head, or what is there of it, and returns the rest.
    fn head<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Excess> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (piece, rest) = match end.and_then(|end| bytes.split_at_checked(end.saturating_add(1))) {
            Some((line, rest)) => (line, rest),
            None => (bytes, Default::default()),
        };
        self.taken = self.taken.saturating_add(piece.len());
        if self.taken > HEAD_LIMIT {
            return Err(Excess::Head);
        }
        self.line.push(piece);
        if end.is_some() {
            self.end_line()?;
        }
        Ok(rest)
    }

    fn end_line(&mut self) -> Result<(), Excess> {
        let line = std::mem::take(&mut self.line);
        let (text, is_bare) = line.text();
        match self.part {
            Part::Status if text.is_empty() => return Ok(()),
            Part::Status => self.status(text),
            Part::Fields if text.is_empty() => self.end_head()?,
            Part::Fields => self.field(text)?,
            Part::Body(_) | Part::Elsewhere => {}
        }
        if is_bare && self.part != Part::Elsewhere {
            self.note(ProtocolAnomaly::BareLineFeed);
        }
        Ok(())
    }

    fn status(&mut self, line: &[u8]) {
        let Some(status) = status(line) else {
            self.part = Part::Elsewhere;
            return;
        };
        self.head = Head { status, ..Head::default() };
        self.part = Part::Fields;
        // Where the status refuses the asset by itself, its phrase decides nothing.
        if status == 200 && line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            self.note(ProtocolAnomaly::ControlInPhrase);
        }
    }

    fn field(&mut self, line: &[u8]) -> Result<(), Excess> {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            self.note(ProtocolAnomaly::FoldedField);
            // It may be a length that goes on.
            self.head.length = Length::Otherwise;
            return Ok(());
        }
        self.head.fields = self.head.fields.saturating_add(1);
        if self.head.fields > FIELDS {
            return Err(Excess::Head);
        }
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { return Ok(()) };
        if name.ends_with(b" ") || name.ends_with(b"\t") {
            self.note(ProtocolAnomaly::SpaceBeforeColon);
        }
        let name = name.trim_ascii_end();
        if name.eq_ignore_ascii_case(b"content-length") {
            self.head.length = self.head.length.and(value.trim_ascii());
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.head.length = Length::Otherwise;
        }
        Ok(())
    }

    fn end_head(&mut self) -> Result<(), Excess> {
        let Head { status, length, .. } = std::mem::take(&mut self.head);
        self.part = match (status, length) {
            (101, _) => Part::Elsewhere,
            (100..=199, _) => return self.end_interim(status),
            _ if self.is_to_head => Part::Body(0),
            (204 | 304, _) => Part::Body(0),
            (_, Length::Bytes(bytes)) => Part::Body(bytes),
            (_, Length::Unsaid | Length::Otherwise) => Part::Elsewhere,
        };
        Ok(())
    }

    fn end_interim(&mut self, status: u16) -> Result<(), Excess> {
        self.part = Part::Status;
        if status == 100 {
            self.note(ProtocolAnomaly::UnaskedContinue);
        }
        self.interims = self.interims.saturating_add(1);
        if self.interims > INTERIMS { Err(Excess::Interims) } else { Ok(()) }
    }
}

impl Length {
    /// Adds what another field says.
    fn and(self, value: &[u8]) -> Self {
        let digits = std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        match (self, digits.and_then(|text| text.parse().ok())) {
            (Self::Unsaid, Some(bytes)) => Self::Bytes(bytes),
            (Self::Bytes(earlier), Some(bytes)) if bytes == earlier => self,
            (Self::Unsaid | Self::Bytes(_) | Self::Otherwise, _) => Self::Otherwise,
        }
    }
}

/// Reads `HTTP/1.1 200 Phrase`; `None` where it is no such line.
fn status(line: &[u8]) -> Option<u16> {
    let rest = line.strip_prefix(b"HTTP/1.1 ").or_else(|| line.strip_prefix(b"HTTP/1.0 "))?;
    let (digits, rest) = rest.split_at_checked(3)?;
    let status = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (digits.iter().all(u8::is_ascii_digit) && (rest.is_empty() || rest.starts_with(b" "))).then_some(status)
}

/// One line of a head, of which the beginning tells all there is to tell.
#[derive(Debug, Default)]
struct Line {
    beginning: Vec<u8>,
    /// The last byte so far and the one before it.
    last: [u8; 2],
}

/// How much of a line is kept, in bytes: longer than any status line or length is.
const KEPT: usize = 1 << 10;

impl Line {
    fn push(&mut self, piece: &[u8]) {
        let room = KEPT.saturating_sub(self.beginning.len()).min(piece.len());
        self.beginning.extend_from_slice(piece.get(..room).unwrap_or_default());
        match piece {
            [] => {}
            [last] => self.last = [self.last[1], *last],
            [.., before, last] => self.last = [*before, *last],
        }
    }

    /// Returns the text without its end, and whether that is a line feed alone.
    fn text(&self) -> (&[u8], bool) {
        let text = self.beginning.strip_suffix(b"\n").unwrap_or(&self.beginning);
        let is_bare = self.last[0] != b'\r';
        (if is_bare { text } else { text.strip_suffix(b"\r").unwrap_or(text) }, is_bare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hears an answer whole and in pieces of every length; both must come to the same.
    fn heard(is_head: bool, text: &str) -> (Result<(), Excess>, Vec<ProtocolAnomaly>, Part) {
        let whole = in_pieces(is_head, text, text.len().max(1));
        for length in 1..text.len().min(40) {
            assert_eq!(in_pieces(is_head, text, length), whole, "in pieces of {length}: {text:?}");
        }
        whole
    }

    fn in_pieces(is_head: bool, text: &str, length: usize) -> (Result<(), Excess>, Vec<ProtocolAnomaly>, Part) {
        let mut reply = Reply::to(is_head);
        let end = text.as_bytes().chunks(length).try_for_each(|piece| reply.hear(piece));
        (end, reply.oddities, reply.part)
    }

    #[test]
    fn what_is_odd_is_noted_once() {
        use ProtocolAnomaly::{BareLineFeed, ControlInPhrase, FoldedField, SpaceBeforeColon, Surplus, UnaskedContinue};
        let rows: &[(&str, &[ProtocolAnomaly])] = &[
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", &[]),
            ("\r\n\r\nHTTP/1.0 200\r\nContent-Length: 2\r\n\r\nab", &[]),
            ("HTTP/1.1 200 OK\nContent-Length: 2\n\nab", &[BareLineFeed]),
            ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc\r\n\r\n", &[FoldedField]),
            ("HTTP/1.1 200 OK\r\nX : a\r\nY\t: b\r\n\r\n", &[SpaceBeforeColon]),
            ("HTTP/1.1 200 O\x1bK\r\n\r\n", &[ControlInPhrase]),
            ("HTTP/1.1 404 O\x1bK\r\n\r\n", &[]),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", &[UnaskedContinue]),
            ("HTTP/1.1 103 Early Hints\r\nContent-Length: 1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", &[Surplus]),
            ("HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\nabc", &[SpaceBeforeColon, Surplus]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nabc", &[Surplus]),
            ("HTTP/1.1 204 No Content\r\n\r\na", &[Surplus]),
            // Where the end of the body is not known, nothing is said of what comes behind it.
            ("HTTP/1.1 200 OK\r\n\r\nabc", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nabc", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 1\r\n\r\nabc", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nabc", &[]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 0\r\n\r\nabc", &[FoldedField]),
            ("HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n\r\nabc", &[]),
            ("SSH-2.0-x\n\n", &[]),
            ("HTTP/1.1 2000 OK\n\n", &[]),
        ];
        for (text, oddities) in rows {
            let (end, found, _) = heard(false, text);
            assert_eq!((end, found.as_slice()), (Ok(()), *oddities), "{text:?}");
        }
    }

    #[test]
    fn an_answer_to_head_has_no_body() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(heard(true, head), (Ok(()), vec![], Part::Body(0)));
        assert_eq!(heard(true, &format!("{head}a")).1, [ProtocolAnomaly::Surplus]);
    }

    #[test]
    fn eight_interim_responses_are_taken_and_no_more() {
        let interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
        let last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(heard(false, &format!("{}{last}", interim.repeat(8))), (Ok(()), vec![], Part::Body(0)));
        assert_eq!(heard(false, &format!("{}{last}", interim.repeat(9))).0, Err(Excess::Interims));
    }

    #[test]
    fn heads_are_taken_up_to_their_limits() {
        let of = |bytes: usize| format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(bytes.saturating_sub(24)));
        assert_eq!(in_pieces(true, &of(HEAD_LIMIT), 1000).0, Ok(()));
        assert_eq!(in_pieces(true, &of(HEAD_LIMIT.saturating_add(1)), 1000).0, Err(Excess::Head));
        let of = |fields: usize| format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(fields));
        assert_eq!(in_pieces(true, &of(FIELDS), 1000).0, Ok(()));
        assert_eq!(in_pieces(true, &of(FIELDS.saturating_add(1)), 1000).0, Err(Excess::Head));
    }

    #[test]
    fn the_middle_of_a_head_is_known() {
        let mut reply = Reply::to(false);
        let mut case = |text: &str, expected: bool| {
            assert_eq!(reply.hear(text.as_bytes()), Ok(()));
            assert_eq!(reply.is_in_head(), expected, "{text:?}");
        };
        case("", false);
        case("HTTP", true);
        case("/1.1 200 OK\r\nContent-Length: 5\r\n", true);
        case("\r\n", false);
        case("ab", false);
    }
}
