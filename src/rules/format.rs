//! The rules on the bytes: their format, the declared type, and encodings that decoders do not support.

use super::content_types::Essence;
use super::dimensions::names;
use super::headers::compression;
use super::hints::{providers, server_message};
use super::limits::{Limit, Metric};
use super::{CheckContext, MethodOutcome, content_types, effective_kind};
use crate::asset::Target;
use crate::data_uri::DataUri;
use crate::finding::{Finding, Lint, Severity};
use crate::media::{Codec, ContentState, Format, Kind, Media};
use crate::observation::BodyEnd;
use crate::text::untrusted::UntrustedText;

/// Reports whether the bytes are those of the asset, not of an error page.
pub(super) fn is_asset_body(context: &CheckContext<'_>) -> bool {
    let get = MethodOutcome::get(context);
    get.outcome.response().is_none() || get.ok_response().is_some()
}

/// The bytes must be a complete header of an accepted format.
pub(super) fn media_readable(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    if is_empty(context) {
        let finding = Finding::lint(Lint::UnreadableMedia, "the file is empty");
        return findings.push(finding.with_hint(match context.target {
            Target::File(_) => "Save the file again: it is empty.",
            Target::DataUri => "Encode the file again: there is nothing after the comma.",
            Target::Url(_) | Target::Runway | Target::InvalidUrl(_) => {
                "Store the file again: the stored object is empty."
            }
        }));
    }
    // Of a payload that does not decode, only the beginning is known.
    if let Some(Err(_)) = context.observation.base64_decoding {
        return;
    }
    let state = &context.observation.content;
    let Some(format) = state.format() else { return };
    if let ContentState::Corrupted { corruption, .. } = state {
        return findings.push(Finding::lint(Lint::UnreadableMedia, corruption.detail()).with_hint(corruption.hint()));
    }
    let kind = state.media().and_then(Media::kind).or(format.kind());
    if content_types::container(context.rules, format, kind).is_none() {
        return findings.push(unsupported_format(context, format, kind));
    }
    if let Some(finding) = kind.and_then(|kind| wrong_kind(context, format, kind)) {
        return findings.push(finding);
    }
    match state {
        ContentState::Unreadable { at, what, .. } => {
            let detail = format!("the bytes begin like {}, but {what} (at byte {at})", format.name());
            findings.push(Finding::lint(Lint::UnreadableMedia, detail));
        }
        ContentState::Incomplete { .. } => findings.extend(incomplete(context, format)),
        ContentState::Corrupted { .. }
        | ContentState::Media(_)
        | ContentState::NotMedia { .. }
        | ContentState::NotSeen => {}
    }
}

/// Reports a header that was not read as a whole: undecided if a limit of the model cannot be checked without it.
fn incomplete(context: &CheckContext<'_>, format: Format) -> Option<Finding> {
    let begin = format!("the bytes begin like {}", format.name());
    let metrics = [Metric::Side, Metric::Pixels, Metric::AspectRatio, Metric::Duration, Metric::DurationSum];
    let rows = metrics.into_iter().flat_map(|metric| context.rules.applicable(metric, context.scope()));
    let unchecked: Vec<&Limit> = rows.filter(|row| !(row.models.is_empty() && row.endpoints.is_empty())).collect();
    if !unchecked.is_empty() {
        let detail = format!("{begin}, and what follows is limited for {}", names(&unchecked));
        return Some(Finding::lint(Lint::IncompleteMedia, detail).with_severity(Severity::Undecided));
    }
    // A data URI is always read in full; its errors are reported elsewhere.
    (!matches!(context.target, Target::DataUri)).then(|| Finding::lint(Lint::IncompleteMedia, begin))
}

/// Rejects media that is not of the expected kind. Without an expected kind, the kind of the declared type counts,
/// because a field that accepts that type does not accept these bytes.
fn wrong_kind(context: &CheckContext<'_>, format: Format, kind: Kind) -> Option<Finding> {
    let is = format!("the bytes are {}, which is {}", format.name_as(Some(kind)), content_types::with_article(kind));
    let expected = context.expected_kinds();
    let rejected = |detail: String| Finding::lint(Lint::UnreadableMedia, detail);
    if !expected.is_empty() {
        let names = content_types::any_of(&expected);
        let finding = || rejected(format!("{is}; expected {names}")).with_hint(format!("Send {names}."));
        return (!expected.contains(&kind)).then(finding);
    }
    let (essence, sent) = declared(context)?;
    match content_types::classify(context.rules, &essence, &[]) {
        Essence::Accepted(other) if other != kind => {
            let other = content_types::with_article(other);
            let finding = rejected(format!("{is}; the declared type is {}, that of {other}", sent.escaped()));
            Some(finding.with_hint(format!("Declare the type that matches the bytes, or send {other}.")))
        }
        Essence::Accepted(_) | Essence::OtherKind(_) | Essence::Generic | Essence::Unknown => None,
    }
}

fn is_empty(context: &CheckContext<'_>) -> bool {
    let observation = context.observation;
    let is_empty_body = matches!(observation.body.end, BodyEnd::Complete) && observation.body.received == 0;
    observation.size == Some(0) || is_empty_body
}

/// Describes bytes of a format that is not media.
pub(super) fn unknown_format(content: &ContentState) -> String {
    let ContentState::NotMedia { name } = content else { return "the format of the bytes is unknown".to_owned() };
    format!("the bytes begin like another kind of file: {name}")
}

/// Reports a format that is not accepted.
fn unsupported_format(context: &CheckContext<'_>, format: Format, kind: Option<Kind>) -> Finding {
    let get = MethodOutcome::get(context);
    let coding = get.ok_response().and_then(compression);
    let mut detail = match (format, coding) {
        (Format::Unknown, _) => unknown_format(&context.observation.content),
        (format, Some(coding)) => {
            format!("the bytes are {} (Content-Encoding {})", format.name_as(kind), coding.escaped())
        }
        (format, None) => format!("the bytes are {}", format.name_as(kind)),
    };
    let response = get.outcome.response();
    let message = response.and_then(|response| server_message::message_from_server(response, context.target));
    if let Some(message) = message {
        detail = format!("{detail} that says: {message}");
    }
    let finding = Finding::lint(Lint::UnreadableMedia, detail);
    let conversion = || {
        let is_sound = kind == Some(Kind::Audio) && format.kind() == Some(Kind::Video);
        if is_sound { Some(content_types::convert("ffmpeg -i IN out.mp3")) } else { content_types::conversion(format) }
    };
    if coding.is_some() {
        // A client that decodes the response gets other bytes than these.
        return finding.with_severity(Severity::Undecided).with_hint(Lint::ContentEncoded.info().hint);
    }
    finding.with_optional_hint(providers::error_page_recipe(context).or_else(conversion))
}

/// The bytes should be of the declared type.
pub(super) fn declared_type(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = context.observation.content.media() else { return };
    let Some(actual) = content_types::container(context.rules, media.format, media.kind()) else { return };
    let Some((declared, sent)) = declared(context) else { return };
    let is_accepted = context.rules.containers().any(|container| container.types.contains(&declared));
    if !is_accepted || actual.types.contains(&declared) {
        return;
    }
    let detail = format!("the declared type is {}, but the bytes are {}", sent.escaped(), media.name());
    let name = actual.types.first().map_or("", String::as_str);
    findings.push(Finding::lint(Lint::TypeMismatch, detail).with_hint(format!("Declare {name}.")));
}

/// Returns the declared type, normalized for comparison and as sent.
fn declared(context: &CheckContext<'_>) -> Option<(String, UntrustedText)> {
    match context.target {
        Target::DataUri => {
            let uri = DataUri::parse(context.asset.text()).ok()?;
            Some((uri.essence()?, UntrustedText::from(uri.content_type())))
        }
        Target::Url(_) => {
            let [head, get] = MethodOutcome::both(context);
            let value = get.ok_response().or(head.ok_response()).and_then(content_types::declared)?;
            Some((content_types::essence(value), value.clone()))
        }
        Target::Runway | Target::File(_) | Target::InvalidUrl(_) => None,
    }
}

/// Encodings and animation that many decoders do not support.
pub(super) fn image_encoding(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = context.observation.content.media() else { return };
    if let Some(coding) = media.encoding_note {
        findings.push(Finding::lint(Lint::UnusualEncoding, format!("{} is {coding}", media.format.name())));
    }
    if media.animated {
        findings.push(Finding::lint(Lint::Animated, format!("{} with several frames", media.format.name())));
    }
}

/// The codec must be on the list of the container.
pub(super) fn codec(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = context.observation.content.media() else { return };
    let kind = media.kind().or(effective_kind(context));
    let Some(container) = content_types::container(context.rules, media.format, kind) else { return };
    let codec = match kind {
        Some(Kind::Video) => media.video.as_ref().map(|track| &track.codec),
        Some(Kind::Audio) => media.audio.as_ref(),
        Some(Kind::Image) | None => None,
    };
    let Some(codec) = codec else { return };
    let (name, shown) = match codec {
        Codec::Known(name) => (*name, (*name).to_owned()),
        Codec::Other(id) => ("", id.escaped().to_string()),
    };
    let lists = |names: &[String]| names.iter().any(|pattern| matches_pattern(pattern, name));
    if lists(&container.codecs) || container.codecs.is_empty() && container.discouraged.is_empty() {
        return;
    }
    let detail = format!("the codec in {} is {shown}", media.name());
    if lists(&container.discouraged) {
        findings.push(Finding::lint(Lint::DiscouragedCodec, detail));
    } else {
        let accepted = container.codecs.iter().chain(&container.discouraged).map(String::as_str).collect::<Vec<_>>();
        let hint = match kind {
            Some(Kind::Audio) => "Re-encode it: `ffmpeg -i IN -c:a libmp3lame out.mp3`",
            Some(Kind::Video | Kind::Image) | None => {
                "Re-encode it: `ffmpeg -i IN -c:v libx264 -pix_fmt yuv420p out.mp4`"
            }
        };
        let detail = format!("{detail}; accepted are {}", accepted.join(", "));
        findings.push(Finding::lint(Lint::UnsupportedCodec, detail).with_hint(hint));
    }
}

/// Reports whether a codec matches a name, or a prefix that ends with `*`.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| !name.is_empty() && name.starts_with(start))
}
