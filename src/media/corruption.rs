//! Alterations of media files in transit, after which the bytes no longer begin like a media file.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Format;
use super::sniff::signature;
use crate::units::counted;

/// How the bytes of a media file were wrapped or changed in transit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransferCorruption {
    /// White space or a byte order mark precedes the file.
    Preceded {
        /// What begins after it.
        format: Format,
        /// How many bytes precede it.
        bytes: usize,
    },
    /// A message of a program precedes the file, such as a PHP warning.
    ServerMessage {
        /// What begins after it.
        format: Format,
    },
    /// The envelope of an HTML form was stored with the file.
    FormEnvelope,
    /// The framing of a chunked upload was stored with the file (`aws-chunked`).
    UploadFraming,
    /// The bytes were read as UTF-8 text; those that are not UTF-8 became U+FFFD.
    ReadAsUtf8,
    /// The bytes were read as Latin-1 and written as UTF-8.
    Latin1AsUtf8,
    /// The file is stored as base64 text or as a data URI.
    Base64Text,
    /// The file is stored as the JSON of a Node.js `Buffer`.
    JsonBuffer,
    /// The file is stored as a Python bytes literal.
    PythonBytes,
    /// The file is stored as hexadecimal text.
    HexText,
    /// The first byte of the file is missing.
    FirstByteLost,
}

impl TransferCorruption {
    /// Describes what was found.
    #[must_use]
    pub fn detail(self) -> String {
        match self {
            Self::Preceded { format, bytes } => {
                format!("{} begins {} later", format.name(), counted(bytes as u64, "byte"))
            }
            Self::ServerMessage { format } => format!("the message of a program precedes {}", format.name()),
            Self::FormEnvelope => "the envelope of a form upload was stored with the file".to_owned(),
            Self::UploadFraming => "the framing of a chunked upload was stored with the file".to_owned(),
            Self::ReadAsUtf8 => "the file was read as UTF-8 text in transit, and bytes were lost".to_owned(),
            Self::Latin1AsUtf8 => "the file was read as Latin-1 text in transit and written as UTF-8".to_owned(),
            Self::Base64Text => "the bytes are base64 text of the file".to_owned(),
            Self::JsonBuffer => "the bytes are a Node.js Buffer written as JSON".to_owned(),
            Self::PythonBytes => "the bytes are a Python bytes literal of the file".to_owned(),
            Self::HexText => "the bytes are hexadecimal text of the file".to_owned(),
            Self::FirstByteLost => "the first byte of the PNG is missing".to_owned(),
        }
    }

    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Preceded { .. } => "Remove what the server or the script prints before the file.",
            Self::ServerMessage { .. } => "Fix the program that serves the file, or turn its messages off.",
            Self::FormEnvelope => "Send the raw bytes of the file as the request body (PUT), not a form.",
            Self::UploadFraming => "Upload the file again with a client whose chunked framing the store understands.",
            Self::ReadAsUtf8 | Self::Latin1AsUtf8 => "Upload the original file again as binary data, not as text.",
            Self::Base64Text => "Store the decoded bytes, not their base64 text.",
            Self::JsonBuffer => "Write the Buffer itself, not its JSON.",
            Self::PythonBytes => "Write the bytes in binary mode, not their str() or repr().",
            Self::HexText => "Store the decoded bytes, not their hexadecimal text.",
            Self::FirstByteLost => "Upload the original file again.",
        }
    }
}

/// How many bytes of white space are skipped before a file.
const MAX_SPACE: usize = 16;

/// How many bytes of the file are searched; the rest is not needed.
const SEARCHED: usize = 4096;

/// Detects a corruption by the first bytes of a file; `None` if none is recognized.
pub(crate) fn find(head: &[u8]) -> Option<TransferCorruption> {
    let head = head.get(..SEARCHED).unwrap_or(head);
    let checks = [as_text, preceded, framed, encoded, with_message];
    checks.iter().find_map(|check| check(head))
}

/// Detects bytes that were decoded as text, which inserts U+FFFD or turns each byte outside ASCII into two.
fn as_text(head: &[u8]) -> Option<TransferCorruption> {
    const LOST: &[u8] = "\u{fffd}".as_bytes();
    let lost = head.windows(LOST.len()).filter(|bytes| *bytes == LOST).count();
    if head.starts_with(b"\xef\xbf\xbdPNG")
        || head.starts_with(b"RIFF\xef\xbf\xbd")
        || lost >= 4 && (head.starts_with(b"RIFF") || !head.first().is_some_and(u8::is_ascii_graphic))
    {
        return Some(TransferCorruption::ReadAsUtf8);
    }
    if head.starts_with(b"\xc2\x89PNG") || head.starts_with("\u{ff}\u{d8}\u{ff}".as_bytes()) {
        return Some(TransferCorruption::Latin1AsUtf8);
    }
    head.starts_with(b"PNG\r\n\x1a\n").then_some(TransferCorruption::FirstByteLost)
}

fn preceded(head: &[u8]) -> Option<TransferCorruption> {
    let space = head.iter().take(MAX_SPACE).take_while(|byte| byte.is_ascii_whitespace()).count();
    let starts = [head.strip_prefix(b"\xef\xbb\xbf"), head.get(space..)];
    starts.into_iter().flatten().find_map(|rest| {
        let bytes = head.len().checked_sub(rest.len()).filter(|bytes| *bytes > 0)?;
        signature(rest).map(|format| TransferCorruption::Preceded { format, bytes })
    })
}

/// Detects the envelope of a form (RFC 7578) and the chunk header of an upload.
fn framed(head: &[u8]) -> Option<TransferCorruption> {
    const FORM: &[u8] = b"\r\nContent-Disposition: form-data";
    if head.starts_with(b"--") && head.windows(FORM.len()).any(|bytes| bytes.eq_ignore_ascii_case(FORM)) {
        return Some(TransferCorruption::FormEnvelope);
    }
    let digits = head.iter().take(8).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let line = head.get(digits..).filter(|_| digits > 0)?;
    if line.starts_with(b";chunk-signature=") {
        return Some(TransferCorruption::UploadFraming);
    }
    signature(line.strip_prefix(b"\r\n")?).map(|_| TransferCorruption::UploadFraming)
}

/// Detects text encodings of binary data.
fn encoded(head: &[u8]) -> Option<TransferCorruption> {
    let text = head.trim_ascii_start();
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    if text.starts_with(b"data:") && text.windows(8).take(256).any(|bytes| bytes == b";base64,") {
        return Some(TransferCorruption::Base64Text);
    }
    if text.starts_with(br#"{"type":"Buffer""#) {
        return Some(TransferCorruption::JsonBuffer);
    }
    if [&br"b'\x89PNG"[..], br"b'\xff\xd8", br"b'RIFF", br#"b"\x"#, br"b'\x00\x00"]
        .iter()
        .any(|start| text.starts_with(start))
    {
        return Some(TransferCorruption::PythonBytes);
    }
    let first = text.get(..64)?;
    let hex: Option<Vec<u8>> =
        first.as_chunks().0.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    if hex.is_some_and(|bytes| signature(&bytes).is_some()) {
        return Some(TransferCorruption::HexText);
    }
    let decoded = STANDARD_NO_PAD.decode(first).ok()?;
    signature(&decoded).map(|_| TransferCorruption::Base64Text)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Detects a media file after text that is not a page: what a program prints before the file.
fn with_message(head: &[u8]) -> Option<TransferCorruption> {
    let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let text = head.iter().take_while(|byte| is_text(byte)).count();
    // The signature of a PNG or a JPEG begins with a byte outside ASCII, that of the other formats with letters.
    let starts = text.saturating_sub(16)..text.saturating_add(1);
    starts
        .filter(|at| *at >= 8)
        .find_map(|at| signature(head.get(at..)?))
        .map(|format| TransferCorruption::ServerMessage { format })
}
