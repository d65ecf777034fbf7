//! Data URIs, `data:image/png;base64,…`: parsed and decoded in chunks, without a URL parser.
//!
//! There are two base64 decoders. The WHATWG's (in browsers and Node's `fetch`) forgives white space, missing padding
//! and percent-encoding; RFC 4648's does not. It is not documented which of them the API uses, so a URI that only the
//! forgiving decoder accepts passes with a lint.

use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_url::forgiving_base64;
use data_url::mime::Mime;

/// A data URI with a parsed head; the payload is still encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataUri<'a> {
    head: &'a str,
    payload: &'a [u8],
    /// True if only the forgiving decoder accepts the head: `DATA:`, `; base64`.
    lenient: bool,
}

/// Why a data URI cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataUriError {
    /// There is no comma between the head and the payload.
    NoComma,
    /// The head does not end in `;base64`.
    NotBase64,
    /// The payload is not base64.
    Payload {
        /// The offset of the first invalid byte, counted from the comma.
        at: usize,
    },
    /// The head is not UTF-8 or holds control characters.
    Head,
}

impl DataUriError {
    /// Describes the fault, as a sentence without a period.
    #[must_use]
    pub fn detail(self) -> String {
        match self {
            Self::NoComma => "there is no comma between the content type and the encoded bytes".to_owned(),
            Self::NotBase64 => "the content type is not followed by ;base64".to_owned(),
            Self::Payload { at } => format!("the payload is not base64: see character {} after the comma", at + 1),
            Self::Head => "the part before the comma has characters that are not allowed in a content type".to_owned(),
        }
    }
}

/// Which base64 decoders accept a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64Form {
    /// Every decoder.
    Strict,
    /// Only decoders that forgive white space, missing padding or percent-encoding.
    Forgiving,
}

/// The maximum length of the head, in bytes; real ones have about thirty.
const HEAD_LIMIT: usize = 1024;

/// How many characters of the payload are decoded per call: a multiple of four that fits in the CPU cache.
const PIECE: usize = 64 << 10;

/// Returns whether a text starts with `data:`, in any case.
#[must_use]
pub fn is_data_uri(text: &[u8]) -> bool {
    text.trim_ascii_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"data:"))
}

/// Returns the head of a data URI: `data:image/png;base64,`.
#[must_use]
pub fn head(content_type: &str) -> String {
    format!("data:{content_type};base64,")
}

/// Encodes a chunk of the payload. The length of every chunk but the last must be a multiple of three bytes, so that
/// the results can be concatenated.
#[must_use]
pub fn encode(piece: &[u8]) -> String {
    STANDARD.encode(piece)
}

impl<'a> DataUri<'a> {
    /// Splits a data URI into head and payload. The payload is not read yet.
    ///
    /// # Errors
    /// If the comma or `;base64` is missing, or the head is not valid text.
    pub fn parse(text: &'a [u8]) -> Result<Self, DataUriError> {
        let trimmed = text.trim_ascii_start();
        let rest = trimmed.get(5..).ok_or(DataUriError::NoComma)?;
        let comma = rest.iter().take(HEAD_LIMIT).position(|byte| *byte == b',').ok_or(DataUriError::NoComma)?;
        let (head, payload) = rest.split_at(comma);
        let head = std::str::from_utf8(head).map_err(|_| DataUriError::Head)?;
        if head.contains(|character: char| character.is_control()) {
            return Err(DataUriError::Head);
        }
        let payload = payload.get(1..).unwrap_or_default();
        // URL parsers strip control characters and spaces from the end of any text.
        let ends_at = payload.iter().rposition(|byte| *byte > b' ').map_or(0, |last| last.saturating_add(1));
        let (payload, trailing) = payload.split_at(ends_at);
        let (media_type, extension) = head.rsplit_once(';').ok_or(DataUriError::NotBase64)?;
        if !extension.trim_matches(' ').eq_ignore_ascii_case("base64") {
            return Err(DataUriError::NotBase64);
        }
        let is_spaced = trimmed.len() != text.len() || !trailing.is_empty();
        let lenient = is_spaced || extension != "base64" || !trimmed.starts_with(b"data:");
        Ok(Self { head: media_type, payload, lenient })
    }

    /// Returns the essence of the content type in lower case, `image/png`; `None` where none is stated.
    #[must_use]
    pub fn essence(&self) -> Option<String> {
        essence(self.head.trim_matches(' '))
    }

    /// Returns the content type as written, parameters included.
    #[must_use]
    pub fn content_type(&self) -> &'a str {
        self.head
    }

    /// Returns the payload, still encoded. It must never be printed.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// Decodes the payload in chunks of at most 48 KiB, passes each to `sink`, and returns which decoders accept it.
    ///
    /// # Errors
    /// If neither decoder accepts it; `sink` has already received the bytes before the fault.
    pub fn decode(&self, mut sink: impl FnMut(&[u8])) -> Result<Base64Form, DataUriError> {
        let measured = self.measure(|piece| {
            sink(piece);
            ControlFlow::Continue(())
        });
        measured.map(|(reading, _)| reading)
    }

    /// Decodes like [`Self::decode`] until `sink` breaks; the rest is only validated. Also returns the decoded size in
    /// bytes.
    ///
    /// # Errors
    /// As for [`Self::decode`].
    pub fn measure(&self, mut sink: impl FnMut(&[u8]) -> ControlFlow<()>) -> Result<(Base64Form, u64), DataUriError> {
        let mut measure = Measure { wanted: true, bytes: 0, sink: &mut sink };
        let strict_to = self.decode_strictly(&mut measure);
        if strict_to == self.payload.len() {
            return Ok((if self.lenient { Base64Form::Forgiving } else { Base64Form::Strict }, measure.bytes));
        }
        let rest = self.payload.get(strict_to..).unwrap_or_default();
        let rest = rest.split(|byte| *byte == b'#').next().unwrap_or_default();
        let mut decoder = forgiving_base64::Decoder::new(|bytes: &[u8]| {
            measure.take(bytes);
            Ok::<(), std::convert::Infallible>(())
        });
        let mut buffered = Vec::with_capacity(PIECE);
        let mut unescaped = Unescaped { bytes: rest, at: 0 };
        loop {
            buffered.clear();
            let from = unescaped.at;
            buffered.extend(unescaped.by_ref().take(PIECE));
            if buffered.is_empty() {
                break;
            }
            if decoder.feed(&buffered).is_err() {
                return Err(DataUriError::Payload { at: strict_to + first_invalid(rest, from) });
            }
        }
        decoder.finish().map_err(|_| DataUriError::Payload { at: self.payload.len().saturating_sub(1) })?;
        Ok((Base64Form::Forgiving, measure.bytes))
    }

    /// Decodes chunks strictly until one is invalid, and returns how many characters of the payload were decoded.
    fn decode_strictly<S: FnMut(&[u8]) -> ControlFlow<()>>(&self, measure: &mut Measure<'_, S>) -> usize {
        let mut buffer = vec![0; PIECE / 4 * 3];
        let mut done = 0;
        for piece in self.payload.chunks(PIECE) {
            // Only the last chunk may end in padding.
            let inner = done + piece.len() < self.payload.len();
            if inner && piece.ends_with(b"=") {
                return done;
            }
            if inner && !measure.wanted && is_alphabet(piece) {
                measure.bytes += piece.len() as u64 / 4 * 3;
            } else {
                match STANDARD.decode_slice(piece, &mut buffer) {
                    Ok(length) => measure.take(buffer.get(..length).unwrap_or_default()),
                    Err(_) => return done,
                }
            }
            done += piece.len();
        }
        done
    }
}

/// Counts the decoded bytes, and passes them to the sink until it breaks.
struct Measure<'a, S> {
    wanted: bool,
    bytes: u64,
    sink: &'a mut S,
}

impl<S: FnMut(&[u8]) -> ControlFlow<()>> Measure<'_, S> {
    fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.wanted = self.wanted && (self.sink)(bytes).is_continue();
    }
}

/// Returns whether a text consists of base64's 64 characters alone. Any four of them encode three bytes.
#[expect(clippy::needless_bitwise_bool, reason = "a branch costs more than the comparison it saves")]
fn is_alphabet(text: &[u8]) -> bool {
    // In small blocks without branches, so that the compiler vectorizes the loop. In ASCII, `/` precedes the digits.
    const FEW: usize = 256;
    let is_invalid = |byte: &u8| {
        let (letter, digit) = ((byte | 0x20).wrapping_sub(b'a') < 26, byte.wrapping_sub(b'/') < 11);
        !(letter | digit | (*byte == b'+'))
    };
    let (many, rest) = text.as_chunks::<FEW>();
    !many.iter().any(|few| few.iter().fold(false, |any, byte| any | is_invalid(byte))) && !rest.iter().any(is_invalid)
}

/// Decodes base64 with the forgiving decoder; `None` if it rejects the text.
#[must_use]
pub fn forgiving(text: &str) -> Option<Vec<u8>> {
    forgiving_base64::decode_to_vec(text.as_bytes()).ok()
}

/// Returns the offset of the first byte at or after `from` that no base64 decoder accepts.
fn first_invalid(bytes: &[u8], from: usize) -> usize {
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=%".contains(byte) || byte.is_ascii_whitespace();
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !belongs(byte)).unwrap_or(0)
}

/// Decodes percent-encoding; a `%` that does not start an escape is kept.
struct Unescaped<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Iterator for Unescaped<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        if byte != b'%' {
            return Some(byte);
        }
        let digit = |at: usize| self.bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(self.at), digit(self.at + 1)) else { return Some(byte) };
        self.at += 2;
        u8::try_from(high * 16 + low).ok()
    }
}

/// Returns the essence of a content type, in lower case and without parameters: `image/png`. Parses by the WHATWG's
/// MIME Sniffing standard, section 4.4; `None` if that fails.
#[must_use]
pub fn essence(content_type: &str) -> Option<String> {
    // Fast path for the common form.
    let is_plain =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if content_type.split_once('/').is_some_and(|(main, sub)| is_plain(main) && is_plain(sub)) {
        return Some(content_type.to_ascii_lowercase());
    }
    content_type.parse().ok().map(|mime: Mime| format!("{}/{}", mime.type_, mime.subtype))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Result<(Vec<u8>, Base64Form), DataUriError> {
        let mut bytes = Vec::new();
        let reading = DataUri::parse(text.as_bytes())?.decode(|piece| bytes.extend_from_slice(piece))?;
        Ok((bytes, reading))
    }

    #[test]
    fn heads_are_split_and_typed() {
        let case = |text: &str, essence: Option<&str>| {
            let uri = DataUri::parse(text.as_bytes()).expect(text);
            assert_eq!(uri.essence().as_deref(), essence, "{text}");
        };
        case("data:image/png;base64,AAAA", Some("image/png"));
        case("data:IMAGE/PNG;base64,AAAA", Some("image/png"));
        case("data:image/png;charset=x;base64,AAAA", Some("image/png"));
        case("data:;base64,AAAA", None);
        case("data:image;base64,AAAA", None);
        case("data:image/;base64,AAAA", None);
        case("data:/png;base64,AAAA", None);
        case("data:image/png/x;base64,AAAA", None);
        case("data://image/png;base64,AAAA", None);
    }

    #[test]
    fn heads_without_comma_or_base64_are_faults() {
        let case = |text: &str, fault| assert_eq!(DataUri::parse(text.as_bytes()), Err(fault), "{text}");
        case("data:", DataUriError::NoComma);
        case("data:image/png;base64", DataUriError::NoComma);
        case("data:image/png,AAAA", DataUriError::NotBase64);
        case("data:image/png;base64;charset=x,AAAA", DataUriError::NotBase64);
        case("data:im\0age/png;base64,AAAA", DataUriError::Head);
        case(&format!("data:{},", "a".repeat(2000)), DataUriError::NoComma);
        assert!(DataUri::parse(b"data:image/\xff;base64,AAAA").is_err());
    }

    #[test]
    fn strict_and_forgiving_base64_are_distinguished() {
        let strict = |text: &str| assert_eq!(decoded(text), Ok((b"hi\0".to_vec(), Base64Form::Strict)), "{text}");
        strict("data:a/b;base64,aGkA");
        let forgiving = |text: &str, bytes: &[u8]| {
            assert_eq!(decoded(text), Ok((bytes.to_vec(), Base64Form::Forgiving)), "{text}");
        };
        forgiving("data:a/b;base64,aG kA", b"hi\0");
        forgiving("data:a/b;base64,aGk", b"hi");
        forgiving("data:a/b;base64,aGk%3D", b"hi");
        forgiving("data:a/b;base64,aGl=", b"hi");
        forgiving("data:a/b;BASE64,aGk=", b"hi");
        forgiving("DATA:a/b; base64,aGk=", b"hi");
        forgiving("data:a/b;base64,aGkA#aGkA", b"hi\0");
        forgiving("data:a/b;base64,aGkA \0\x1f\n", b"hi\0");
        assert_eq!(decoded("data:a/b;base64,"), Ok((Vec::new(), Base64Form::Strict)));
    }

    #[test]
    fn faults_in_the_payload_are_located() {
        let case = |text: &str, at| assert_eq!(decoded(text), Err(DataUriError::Payload { at }), "{text}");
        case("data:a/b;base64,aG-_", 2);
        case("data:a/b;base64,aGkA!aGk", 4);
        case("data:a/b;base64,a", 0);
        assert!(decoded("data:a/b;base64,aGk=aGk=").is_err());
        assert!(decoded("data:a/b;base64,aGk==").is_err());
        assert!(decoded("data:a/b;base64,%").is_err());
    }

    #[test]
    fn chunks_of_three_bytes_can_be_concatenated() {
        let bytes: Vec<u8> = (0..=255).collect();
        let payload: String = bytes.chunks(48).map(encode).collect();
        assert_eq!(decoded(&format!("{}{payload}", head("image/png"))), Ok((bytes, Base64Form::Strict)));
        assert_eq!((head("a/b").as_str(), encode(b"").as_str()), ("data:a/b;base64,", ""));
    }

    #[test]
    fn the_payload_after_a_break_is_validated() {
        let letters: Vec<u8> = (0..=255).filter(|byte| is_alphabet(&[*byte])).collect();
        let known: Vec<u8> = (0..=255).filter(|byte| STANDARD.decode([*byte, b'A', b'A', b'A']).is_ok()).collect();
        assert_eq!(letters, known);
        let whole = STANDARD.encode(vec![7; 300_001]);
        for at in [0, 70_000, 131_071, 131_072, 399_999, whole.len() - 1] {
            for wrong in [None, Some('!'), Some('='), Some(' '), Some('\u{e9}')] {
                let mut payload = whole.clone();
                if let Some(wrong) = wrong {
                    payload.replace_range(at..=at, &wrong.to_string());
                }
                let text = format!("data:a/b;base64,{payload}");
                let uri = DataUri::parse(text.as_bytes()).expect("a head");
                let mut size = 0_u64;
                let decoded = uri.decode(|piece| size += piece.len() as u64).map(|reading| (reading, size));
                let mut pieces = 0;
                let measured = uri.measure(|_| {
                    pieces += 1;
                    ControlFlow::Break(())
                });
                assert_eq!(measured, decoded, "{wrong:?} at {at}");
                assert!(pieces <= 1, "{wrong:?} at {at}");
            }
        }
    }

    #[test]
    fn long_payloads_are_decoded_in_pieces() {
        let bytes: Vec<u8> = (0..300_000_u32).map(|index| u8::try_from(index % 251).expect("below 251")).collect();
        let encoded = STANDARD.encode(&bytes);
        assert_eq!(decoded(&format!("data:a/b;base64,{encoded}")), Ok((bytes.clone(), Base64Form::Strict)));
        let spaced: String =
            encoded.as_bytes().chunks(76).flat_map(|line| [std::str::from_utf8(line).expect("ASCII"), "\n"]).collect();
        assert_eq!(decoded(&format!("data:a/b;base64,{spaced}")), Ok((bytes, Base64Form::Forgiving)));
    }
}
