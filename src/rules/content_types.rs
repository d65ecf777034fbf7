//! Content types: what is accepted for which kind, and what to propose in place of others.

use super::CheckContext;
use super::hints::providers;
use super::limits::{Container, RuleSet};
use crate::data_uri;
use crate::finding::Transport;
use crate::media::{Format, Kind};
use crate::observation::ResponseHead;
use crate::text::untrusted::UntrustedText;

/// What a content type means to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Essence {
    /// It is accepted, for this kind.
    Accepted(Kind),
    /// It is accepted, but not for the expected kind.
    OtherKind(Kind),
    /// It is `application/octet-stream`.
    Generic,
    /// It is not accepted for any kind.
    Unknown,
}

/// Classifies a content type in lower case, without parameters; without an expected kind, every kind passes.
pub(super) fn classify(rules: &RuleSet, essence: &str, expected: &[Kind]) -> Essence {
    let named = |container: &&Container| container.types.iter().any(|name| name == essence);
    let kinds: Vec<Kind> = rules.containers().filter(named).filter_map(|container| container.kind).collect();
    let matching = kinds.iter().find(|kind| expected.is_empty() || expected.contains(kind));
    match (matching, kinds.first()) {
        (Some(kind), _) => Essence::Accepted(*kind),
        (None, Some(kind)) => Essence::OtherKind(*kind),
        (None, None) if essence == "application/octet-stream" => Essence::Generic,
        (None, None) => Essence::Unknown,
    }
}

/// Returns the essence of a Content-Type header, in lower case and without parameters, by MIME Sniffing section 4.4; an
/// invalid value is cut at the first semicolon.
pub(super) fn essence(value: &UntrustedText) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    let cut = || text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    data_uri::essence(&text).unwrap_or_else(cut)
}

/// Returns the first Content-Type of a response, unless it is empty.
pub(super) fn declared(response: &ResponseHead) -> Option<&UntrustedText> {
    response.headers.first("content-type").filter(|value| !value.as_bytes().trim_ascii().is_empty())
}

/// Returns the container of a format, for a kind where that is known.
pub(super) fn container(rules: &RuleSet, format: Format, kind: Option<Kind>) -> Option<&Container> {
    let is_mp4 = matches!(format, Format::Mp4 | Format::Mov | Format::ThreeGp | Format::ThreeG2);
    let format = if is_mp4 && kind == Some(Kind::Audio) {
        // The documentation calls an MP4 file without a video track M4A. Decoders read all brands of the format alike, and
        // recorders of phones write others.
        Format::M4a
    } else if format == Format::ThreeG2 {
        // The documentation does not distinguish 3GPP2 from 3GPP, and decoders read both alike.
        Format::ThreeGp
    } else {
        format
    };
    rules.containers().find(|row| row.format == format && (kind.is_none() || row.kind == kind))
}

/// Proposes a fix that follows from the bytes: the type to declare, or a conversion.
pub(super) fn proposal(context: &CheckContext<'_>, transport: Transport) -> Option<String> {
    let format = context.observation.content.format()?;
    let kind = context.observation.content.media().and_then(crate::media::Media::kind).or(format.kind());
    let Some(accepted) = container(context.rules, format, kind).and_then(|row| row.types.first()) else {
        return conversion(format);
    };
    let expected = context.expected_kinds();
    if !expected.is_empty() && kind.is_some_and(|kind| !expected.contains(&kind)) {
        return Some(format!("Send {}.", any_of(&expected)));
    }
    Some(match transport {
        Transport::DataUri => format!("Write data:{accepted};base64, before the payload."),
        Transport::Url | Transport::Upload => providers::set_type(context, accepted),
    })
}

/// Returns a hint with a command.
pub(super) fn convert(command: &str) -> String {
    format!("Convert it: `{command}`")
}

/// Returns a hint with a command that converts a file to an accepted format.
pub(super) fn conversion(format: Format) -> Option<String> {
    use Format as F;
    let command = match format {
        F::Icns => Some("magick IN out.png"),
        F::Gif | F::Tiff | F::Bmp | F::Ico | F::Jp2 | F::Psd => Some("ffmpeg -i IN -frames:v 1 out.png"),
        F::Avif | F::Heic | F::Jxl => Some("magick IN out.jpg"),
        F::Svg => Some("rsvg-convert IN -o out.png"),
        F::Pdf => Some("pdftoppm -png -singlefile IN out"),
        F::MpegTs | F::Asf => Some("ffmpeg -i IN -c:v libx264 -c:a aac out.mp4"),
        F::Aiff | F::Caf | F::W64 | F::Ogg => Some("ffmpeg -i IN out.mp3"),
        F::Gzip => Some("gunzip -c IN > OUT"),
        F::Zip => Some("unzip IN"),
        F::Json => return Some("If it is a request body, check it with `runway-preflight body IN`.".to_owned()),
        F::LfsPointer => return Some("Fetch the file that the pointer stands for: `git lfs pull`".to_owned()),
        F::Jpeg
        | F::Png
        | F::Webp
        | F::Mp4
        | F::Mov
        | F::ThreeGp
        | F::ThreeG2
        | F::Mkv
        | F::Webm
        | F::Avi
        | F::Flv
        | F::Mpeg
        | F::Mp3
        | F::Wav
        | F::Flac
        | F::M4a
        | F::Aac
        | F::Html
        | F::Xml
        | F::Text
        | F::Unknown => None,
    };
    command.map(convert)
}

/// Returns the type that servers give to files of a format, accepted or not.
pub(super) fn usual_type(rules: &RuleSet, format: Format, kind: Option<Kind>) -> String {
    if let Some(name) = container(rules, format, kind).and_then(|row| row.types.first()) {
        return name.clone();
    }
    let kind = kind.or(format.kind());
    match (format, kind) {
        (Format::ThreeG2, _) => "video/3gpp2".to_owned(),
        (Format::Svg, _) => "image/svg+xml".to_owned(),
        (Format::Ico, _) => "image/vnd.microsoft.icon".to_owned(),
        (Format::MpegTs, _) => "video/mp2t".to_owned(),
        (Format::Asf, Some(Kind::Audio)) => "audio/x-ms-wma".to_owned(),
        (Format::Asf, _) => "video/x-ms-wmv".to_owned(),
        (Format::Psd, _) => "image/vnd.adobe.photoshop".to_owned(),
        (Format::Html, _) => "text/html".to_owned(),
        (Format::Text | Format::LfsPointer, _) => "text/plain".to_owned(),
        (Format::Xml | Format::Json | Format::Zip | Format::Gzip | Format::Pdf, _) => {
            format!("application/{}", format.id())
        }
        (_, Some(kind)) => format!("{}/{}", kind.name(), format.id()),
        (_, None) => "application/octet-stream".to_owned(),
    }
}

/// Returns kinds as part of a sentence: `an image or a video`.
pub(super) fn any_of(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| with_article(*kind)).collect::<Vec<_>>().join(" or ")
}

/// Returns a kind as part of a sentence: `an image`.
pub(super) const fn with_article(kind: Kind) -> &'static str {
    match kind {
        Kind::Image => "an image",
        Kind::Video => "a video",
        Kind::Audio => "an audio file",
    }
}
