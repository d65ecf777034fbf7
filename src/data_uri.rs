//! Data URIs: `data:image/png;base64,…`, read by hand and decoded in pieces, never through a URL parser.
//!
//! Two readings exist. The WHATWG's (what browsers and Node's `fetch` do) forgives white space, missing padding and
//! percent-encoding; RFC 4648 does not. What the API's decoder does with the difference is not published, so a URI
//! that only the forgiving reading takes passes with a remark.

use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_url::forgiving_base64;
use data_url::mime::Mime;
/// A data URI whose head was understood; the payload is still encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataUri<'a> {
    head: &'a str,
    payload: &'a [u8],
    /// True where only the forgiving reading takes the head: `DATA:`, `; base64`.
    lenient: bool,
}

/// Why a data URI cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataUriFault {
    /// There is no comma between the head and the payload.
    NoComma,
    /// The head does not end in `;base64`.
    NotBase64,
    /// The payload is not base64: the place is counted in bytes from the comma.
    Payload {
        /// Bytes from the comma to the fault.
        at: usize,
    },
    /// The head is not UTF-8 or holds control characters.
    Head,
}

impl DataUriFault {
    /// Says what is wrong, as a sentence without its full stop.
    #[must_use]
    pub fn detail(self) -> String {
        match self {
            Self::NoComma => "there is no comma between the content type and the encoded bytes".to_owned(),
            Self::NotBase64 => "the content type is not followed by ;base64".to_owned(),
            Self::Payload { at } => format!("the payload is not base64: see character {} after the comma", at + 1),
            Self::Head => "the part before the comma holds characters that no content type has".to_owned(),
        }
    }
}

/// Which reading of base64 takes a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64Form {
    /// Every decoder.
    Strict,
    /// Only decoders that forgive white space, missing padding or percent-encoding.
    Forgiving,
}

/// The longest head that is read, in bytes; real ones have thirty.
const HEAD_LIMIT: usize = 1024;

/// How much of the payload is decoded in one call, in characters: a multiple of four that fits a processor's cache.
const PIECE: usize = 64 << 10;

/// Says whether a text is meant as a data URI.
#[must_use]
pub fn is_data_uri(text: &[u8]) -> bool {
    text.trim_ascii_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"data:"))
}

/// Returns what stands before the payload: `data:image/png;base64,`.
#[must_use]
pub fn head(content_type: &str) -> String {
    format!("data:{content_type};base64,")
}

/// Encodes a piece of the payload. Every piece but the last must be a multiple of three bytes, so that they join.
#[must_use]
pub fn encode(piece: &[u8]) -> String {
    STANDARD.encode(piece)
}

impl<'a> DataUri<'a> {
    /// Splits a data URI into head and payload. The payload is not read yet.
    ///
    /// # Errors
    /// Where the comma or `;base64` is missing, or the head is no text.
    pub fn parse(text: &'a [u8]) -> Result<Self, DataUriFault> {
        let trimmed = text.trim_ascii_start();
        let rest = trimmed.get(5..).ok_or(DataUriFault::NoComma)?;
        let comma = rest.iter().take(HEAD_LIMIT).position(|byte| *byte == b',').ok_or(DataUriFault::NoComma)?;
        let (head, payload) = rest.split_at(comma);
        let head = std::str::from_utf8(head).map_err(|_| DataUriFault::Head)?;
        if head.contains(|character: char| character.is_control()) {
            return Err(DataUriFault::Head);
        }
        let payload = payload.get(1..).unwrap_or_default();
        // What a URL parser takes away from the end of any text.
        let ends_at = payload.iter().rposition(|byte| *byte > b' ').map_or(0, |last| last.saturating_add(1));
        let (payload, behind) = payload.split_at(ends_at);
        let (media_type, extension) = head.rsplit_once(';').ok_or(DataUriFault::NotBase64)?;
        if !extension.trim_matches(' ').eq_ignore_ascii_case("base64") {
            return Err(DataUriFault::NotBase64);
        }
        let is_spaced = trimmed.len() != text.len() || !behind.is_empty();
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

    /// Returns the payload, still encoded; never to be printed.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// Decodes the payload in pieces of at most 48 KiB, handing each to `sink`, and says which reading took it.
    ///
    /// # Errors
    /// Where neither reading takes it; what was decoded before the fault has been handed out by then.
    pub fn decode(&self, mut sink: impl FnMut(&[u8])) -> Result<Base64Form, DataUriFault> {
        let measured = self.measure(|piece| {
            sink(piece);
            ControlFlow::Continue(())
        });
        measured.map(|(reading, _)| reading)
    }

    /// Decodes as [`Self::decode`] does until `sink` has seen enough; what follows is only checked. Also returns how many
    /// bytes the payload stands for.
    ///
    /// # Errors
    /// As for [`Self::decode`].
    pub fn measure(&self, mut sink: impl FnMut(&[u8]) -> ControlFlow<()>) -> Result<(Base64Form, u64), DataUriFault> {
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
                return Err(DataUriFault::Payload { at: strict_to + first_foreign(rest, from) });
            }
        }
        decoder.finish().map_err(|_| DataUriFault::Payload { at: self.payload.len().saturating_sub(1) })?;
        Ok((Base64Form::Forgiving, measure.bytes))
    }

    /// Decodes strictly piece by piece and returns how many characters of the payload that covered.
    fn decode_strictly<S: FnMut(&[u8]) -> ControlFlow<()>>(&self, measure: &mut Measure<'_, S>) -> usize {
        let mut buffer = vec![0; PIECE / 4 * 3];
        let mut done = 0;
        for piece in self.payload.chunks(PIECE) {
            // A padded piece may only be the last one.
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

/// Counts what is decoded, and hands it on as long as it is wanted.
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

/// Says whether a text holds the 64 letters of base64 alone. Of four of them any is three bytes.
#[expect(clippy::needless_bitwise_bool, reason = "a branch costs more than the comparison it saves")]
fn is_alphabet(text: &[u8]) -> bool {
    // Few at a time and without branches, so that processors compare many together; the slash stands before the digits.
    const FEW: usize = 256;
    let is_odd = |byte: &u8| {
        let (letter, digit) = ((byte | 0x20).wrapping_sub(b'a') < 26, byte.wrapping_sub(b'/') < 11);
        !(letter | digit | (*byte == b'+'))
    };
    let (many, rest) = text.as_chunks::<FEW>();
    !many.iter().any(|few| few.iter().fold(false, |any, byte| any | is_odd(byte))) && !rest.iter().any(is_odd)
}

/// Decodes base64 as the forgiving reading does; `None` where it does not take the text.
#[must_use]
pub fn forgiving(text: &str) -> Option<Vec<u8>> {
    forgiving_base64::decode_to_vec(text.as_bytes()).ok()
}

/// The place of the first byte from `from` on that no reading of base64 takes.
fn first_foreign(bytes: &[u8], from: usize) -> usize {
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=%".contains(byte) || byte.is_ascii_whitespace();
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !belongs(byte)).unwrap_or(0)
}

/// Undoes percent-encoding; a `%` that starts no escape stays.
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

/// Returns the essence of a content type, in lower case and without parameters: `image/png`. Reads as the WHATWG's
/// MIME Sniffing section 4.4 does; `None` for what that does not take.
#[must_use]
pub fn essence(content_type: &str) -> Option<String> {
    // Most are of this form already.
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

    fn decoded(text: &str) -> Result<(Vec<u8>, Base64Form), DataUriFault> {
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
        case("data:", DataUriFault::NoComma);
        case("data:image/png;base64", DataUriFault::NoComma);
        case("data:image/png,AAAA", DataUriFault::NotBase64);
        case("data:image/png;base64;charset=x,AAAA", DataUriFault::NotBase64);
        case("data:im\0age/png;base64,AAAA", DataUriFault::Head);
        case(&format!("data:{},", "a".repeat(2000)), DataUriFault::NoComma);
        assert!(DataUri::parse(b"data:image/\xff;base64,AAAA").is_err());
    }

    #[test]
    fn both_readings_are_told_apart() {
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
    fn what_neither_reading_takes_is_located() {
        let case = |text: &str, at| assert_eq!(decoded(text), Err(DataUriFault::Payload { at }), "{text}");
        case("data:a/b;base64,aG-_", 2);
        case("data:a/b;base64,aGkA!aGk", 4);
        case("data:a/b;base64,a", 0);
        assert!(decoded("data:a/b;base64,aGk=aGk=").is_err());
        assert!(decoded("data:a/b;base64,aGk==").is_err());
        assert!(decoded("data:a/b;base64,%").is_err());
    }

    #[test]
    fn pieces_of_three_bytes_join() {
        let bytes: Vec<u8> = (0..=255).collect();
        let payload: String = bytes.chunks(48).map(encode).collect();
        assert_eq!(decoded(&format!("{}{payload}", head("image/png"))), Ok((bytes, Base64Form::Strict)));
        assert_eq!((head("a/b").as_str(), encode(b"").as_str()), ("data:a/b;base64,", ""));
    }

    #[test]
    fn what_nobody_wants_is_checked_all_the_same() {
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
