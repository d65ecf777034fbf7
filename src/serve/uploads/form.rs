//! Reads `multipart/form-data` (RFC 7578) as it arrives, in bounded memory.

use memchr::memmem::find;

/// Parses the bytes of a form into its parts.
#[derive(Debug)]
pub(super) struct FormReader {
    /// `CRLF--boundary`.
    delimiter: Vec<u8>,
    buffer: Vec<u8>,
    state: FormState,
    parts: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FormState {
    Preamble,
    Headers,
    Content,
    End,
}

/// A parsed piece of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FormEvent {
    /// A part with this name begins.
    Part(String),
    /// Bytes of the part.
    Content(Vec<u8>),
}

/// Why a form cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::serve) enum FormError {
    #[error("the Content-Type is not multipart/form-data with a boundary of 1 to 70 characters")]
    NoBoundary,
    #[error("a part has no Content-Disposition with a name")]
    NoName,
    #[error("the headers of a part are longer than 8 KB")]
    LongHeaders,
    #[error("the form has more than 64 parts")]
    ManyParts,
    #[error("a boundary is followed by neither a part nor the end")]
    BadBoundary,
    #[error("the form ends before its last boundary")]
    Incomplete,
}

const MAX_HEADERS: usize = 8 << 10;
const MAX_PARTS: usize = 64;

impl FormReader {
    /// Creates a reader for a form with this Content-Type.
    pub(super) fn new(content_type: Option<&str>) -> Result<Self, FormError> {
        let boundary = content_type.and_then(boundary).ok_or(FormError::NoBoundary)?;
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        // The first boundary has no line break before it.
        Ok(Self { delimiter, buffer: b"\r\n".to_vec(), state: FormState::Preamble, parts: 0 })
    }

    /// Reads the next bytes.
    pub(super) fn read(&mut self, chunk: &[u8]) -> Result<Vec<FormEvent>, FormError> {
        self.buffer.extend_from_slice(chunk);
        let mut events = Vec::new();
        while self.step(&mut events)? {}
        Ok(events)
    }

    /// Checks that the form was complete.
    pub(super) fn finish(self) -> Result<(), FormError> {
        if self.state == FormState::End { Ok(()) } else { Err(FormError::Incomplete) }
    }

    /// Reads until the state changes; returns whether there may be more to read.
    fn step(&mut self, events: &mut Vec<FormEvent>) -> Result<bool, FormError> {
        match self.state {
            FormState::Headers => self.headers(events),
            FormState::Preamble | FormState::Content => self.content(events),
            FormState::End => {
                self.buffer.clear();
                Ok(false)
            }
        }
    }

    fn headers(&mut self, events: &mut Vec<FormEvent>) -> Result<bool, FormError> {
        let Some(end) = find(&self.buffer, b"\r\n\r\n") else {
            return if self.buffer.len() > MAX_HEADERS { Err(FormError::LongHeaders) } else { Ok(false) };
        };
        let headers = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default()).into_owned();
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(FormError::ManyParts);
        }
        events.push(FormEvent::Part(name(&headers).ok_or(FormError::NoName)?));
        self.buffer.drain(..end + 4);
        self.state = FormState::Content;
        Ok(true)
    }

    fn content(&mut self, events: &mut Vec<FormEvent>) -> Result<bool, FormError> {
        let found = find(&self.buffer, &self.delimiter);
        // A boundary may begin in the last bytes.
        let end = found.unwrap_or_else(|| self.buffer.len().saturating_sub(self.delimiter.len() - 1));
        let content: Vec<u8> = self.buffer.drain(..end).collect();
        if self.state == FormState::Content && !content.is_empty() {
            events.push(FormEvent::Content(content));
        }
        let Some(after) = found.and_then(|_| self.buffer.get(self.delimiter.len()..self.delimiter.len() + 2)) else {
            return Ok(false);
        };
        self.state = match after {
            b"--" => FormState::End,
            b"\r\n" => FormState::Headers,
            _ => return Err(FormError::BadBoundary),
        };
        self.buffer.drain(..self.delimiter.len() + 2);
        Ok(true)
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let (media_type, parameters) = content_type.split_once(';')?;
    if !media_type.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    parameter(parameters, "boundary").filter(|boundary| (1..=70).contains(&boundary.len()) && boundary.is_ascii())
}

/// Returns the name of a part.
fn name(headers: &str) -> Option<String> {
    let lines = headers.split("\r\n").filter_map(|line| line.split_once(':'));
    let mut dispositions = lines.filter(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"));
    let (_, disposition) = dispositions.next()?;
    let (kind, parameters) = disposition.split_once(';')?;
    let is_form_data = kind.trim().eq_ignore_ascii_case("form-data");
    parameter(parameters, "name").filter(|_| is_form_data).map(str::to_owned)
}

/// Returns a parameter without its quotes. A quoted value ends at the next quote; file names may contain `;`.
fn parameter<'t>(parameters: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = parameters;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after
                .split_once(';')
                .map_or((after, ""), |(value, _)| (value, after.get(value.len()..).unwrap_or_default())),
        };
        if name.trim_matches([' ', '\t', ';']).eq_ignore_ascii_case(wanted) {
            return Some(value.trim());
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: Option<&str> = Some("multipart/form-data; boundary=\"b1\"");
    const FORM: &str = "--b1\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--b1\r\n\
        content-disposition: form-data; filename=\"a;name=x.png\"; name=\"file\"\r\nContent-Type: image/png\r\n\r\n\
        \x01\r\n--b\r\n2\r\n--b1--\r\nrest";

    /// Reads a form in chunks of this size and joins the contents of each part.
    fn read(form: &str, size: usize) -> Result<Vec<(String, String)>, FormError> {
        let mut reader = FormReader::new(TYPE)?;
        let mut parts: Vec<(String, String)> = Vec::new();
        for chunk in form.as_bytes().chunks(size) {
            for event in reader.read(chunk)? {
                match (event, parts.last_mut()) {
                    (FormEvent::Part(name), _) => parts.push((name, String::new())),
                    (FormEvent::Content(bytes), Some((_, content))) => {
                        content.push_str(&String::from_utf8_lossy(&bytes));
                    }
                    (FormEvent::Content(_), None) => return Err(FormError::NoName),
                }
            }
        }
        reader.finish().map(|()| parts)
    }

    #[test]
    fn chunk_sizes_do_not_affect_the_result() {
        let expected =
            [("key", "k"), ("file", "\x01\r\n--b\r\n2")].map(|(name, content)| (name.to_owned(), content.to_owned()));
        for size in 1..=FORM.len() {
            assert_eq!(read(FORM, size).as_deref(), Ok(expected.as_slice()), "chunks of {size}");
        }
    }

    #[test]
    fn a_form_cut_short_at_any_length_is_incomplete() {
        let end = FORM.find("--\r\nrest").unwrap_or_default() + 2;
        for length in 0..end {
            assert_eq!(read(&FORM[..length], 7), Err(FormError::Incomplete), "{length} bytes");
        }
        assert!(read(&FORM[..end], 7).is_ok());
    }

    #[test]
    fn a_malformed_form_is_rejected() {
        assert_eq!(read("--b1\r\nContent-Type: x\r\n\r\n", 9), Err(FormError::NoName));
        assert_eq!(read("--b1xx", 9), Err(FormError::BadBoundary));
        assert_eq!(read(&format!("--b1\r\n{}", "a".repeat(9000)), 999), Err(FormError::LongHeaders));
        let part = "--b1\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
        assert_eq!(read(&part.repeat(65), 999), Err(FormError::ManyParts));
        for content_type in ["multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=b"] {
            assert_eq!(FormReader::new(Some(content_type)).err(), Some(FormError::NoBoundary), "{content_type}");
        }
        assert_eq!(FormReader::new(None).err(), Some(FormError::NoBoundary));
    }
}
