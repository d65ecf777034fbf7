//! Content types: what is accepted for which kind, and what to propose in place of what is not.

use super::CheckContext;
use super::hints::providers;
use super::limits::{Container, RuleSet};
use crate::data_uri;
use crate::finding::Transport;
use crate::media::{Format, Kind};
use crate::observation::ResponseHead;
use crate::text::untrusted::UntrustedText;

/// What a content type is for the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Essence {
    /// It is accepted, for this kind.
    Accepted(Kind),
    /// It is accepted for another kind than the wanted one.
    OtherKind(Kind),
    /// It is `application/octet-stream`.
    Generic,
    /// It is on no list.
    Unknown,
}

/// Judges a content type in lower case, without parameters; no wanted kind means that every kind passes.
pub(super) fn classify(rules: &RuleSet, essence: &str, wanted: &[Kind]) -> Essence {
    let named = |container: &&Container| container.types.iter().any(|name| name == essence);
    let kinds: Vec<Kind> = rules.containers().filter(named).filter_map(|container| container.kind).collect();
    let fitting = kinds.iter().find(|kind| wanted.is_empty() || wanted.contains(kind));
    match (fitting, kinds.first()) {
        (Some(kind), _) => Essence::Accepted(*kind),
        (None, Some(kind)) => Essence::OtherKind(*kind),
        (None, None) if essence == "application/octet-stream" => Essence::Generic,
        (None, None) => Essence::Unknown,
    }
}

/// Returns the essence of a Content-Type field, in lower case and without parameters, by the rules of MIME Sniffing
/// section 4.4; what those do not take is cut at the first semicolon.
pub(super) fn essence(value: &UntrustedText) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    let cut = || text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    data_uri::essence(&text).unwrap_or_else(cut)
}

/// Returns the one Content-Type of a response, if it has one that is not empty.
pub(super) fn declared(response: &ResponseHead) -> Option<&UntrustedText> {
    response.headers.first("content-type").filter(|value| !value.as_bytes().trim_ascii().is_empty())
}

/// Returns the container of a format, for a kind where that is known.
pub(super) fn container(rules: &RuleSet, format: Format, kind: Option<Kind>) -> Option<&Container> {
    // An MP4 file without pictures is what the documentation calls M4A.
    let format = if format == Format::Mp4 && kind == Some(Kind::Audio) { Format::M4a } else { format };
    rules.containers().find(|row| row.format == format && (kind.is_none() || row.kind == kind))
}

/// Proposes what to declare, from what the bytes are: the type to set, or the conversion to make.
pub(super) fn proposal(subject: &CheckContext<'_>, way: Transport) -> Option<String> {
    let format = subject.seen.content.format()?;
    let kind = subject.seen.content.media().and_then(crate::media::Media::kind).or(format.kind());
    let Some(accepted) = container(subject.rules, format, kind).and_then(|row| row.types.first()) else {
        return conversion(format).map(|command| format!("Convert {}: {command}", format.name()));
    };
    let wanted = subject.wanted_kinds();
    if !wanted.is_empty() && kind.is_some_and(|kind| !wanted.contains(&kind)) {
        return Some(format!("Send {} here.", any_of(&wanted)));
    }
    Some(match way {
        Transport::DataUri => format!("Write data:{accepted};base64, before the payload."),
        Transport::Url | Transport::Upload => providers::set_type(subject, accepted),
    })
}

/// Returns a command that makes an accepted file of one that is not.
pub(super) fn conversion(format: Format) -> Option<&'static str> {
    use Format as F;
    match format {
        F::Gif | F::Tiff | F::Bmp | F::Ico | F::Jp2 | F::Psd => Some("ffmpeg -i IN -frames:v 1 out.png"),
        F::Avif | F::Heic | F::Jxl => Some("magick IN out.jpg"),
        F::Svg => Some("rsvg-convert IN -o out.png"),
        F::Pdf => Some("pdftoppm -png -singlefile IN out"),
        F::MpegTs | F::Asf => Some("ffmpeg -i IN -c:v libx264 -c:a aac out.mp4"),
        F::Aiff | F::Ogg => Some("ffmpeg -i IN out.mp3"),
        F::Gzip => Some("gunzip IN"),
        F::Zip => Some("unzip IN"),
        F::LfsPointer => Some("git lfs pull"),
        F::Jpeg | F::Png | F::Webp | F::Mp4 | F::Mov | F::ThreeGp | F::Mkv | F::Webm | F::Avi | F::Flv | F::Mpeg => {
            None
        }
        F::Mp3 | F::Wav | F::Flac | F::M4a | F::Aac | F::Html | F::Xml | F::Json | F::Text | F::Unknown => None,
    }
}

/// Returns the type that servers give files of a format, accepted or not.
pub(super) fn usual_type(rules: &RuleSet, format: Format, kind: Option<Kind>) -> String {
    if let Some(name) = container(rules, format, kind).and_then(|row| row.types.first()) {
        return name.clone();
    }
    let kind = kind.or(format.kind());
    match (format, kind) {
        (Format::Svg, _) => "image/svg+xml".to_owned(),
        (Format::Ico, _) => "image/vnd.microsoft.icon".to_owned(),
        (Format::MpegTs, _) => "video/mp2t".to_owned(),
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

/// Names kinds for a sentence: `an image or a video`.
pub(super) fn any_of(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| with_article(*kind)).collect::<Vec<_>>().join(" or ")
}

/// Names a kind for a sentence: `an image`.
pub(super) const fn with_article(kind: Kind) -> &'static str {
    match kind {
        Kind::Image => "an image",
        Kind::Video => "a video",
        Kind::Audio => "an audio file",
    }
}
