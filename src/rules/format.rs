//! The rules on what the bytes are: their format, the declared type, and codings that decoders stumble over.

use super::content_types::Essence;
use super::headers::coding;
use super::hints::{providers, server_message};
use super::response::Heard;
use super::{CheckContext, content_types, kind_of};
use crate::asset::Target;
use crate::data_uri::DataUri;
use crate::finding::Finding;
use crate::finding::code::Severity;
use crate::finding::lint::Lint;
use crate::media::ContentState;
use crate::media::{Format, Kind, Media};
use crate::observation::BodyEnd;
use crate::text::untrusted::UntrustedText;

/// Says whether the bytes are those of the asset: an error page is not judged as if it were.
pub(super) fn counts(subject: &CheckContext<'_>) -> bool {
    let [_, get] = Heard::both(subject);
    get.answer.response().is_none() || get.good().is_some()
}

/// The bytes must be a whole header of an accepted format.
pub(super) fn readable(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    if is_empty(subject) {
        let finding = Finding::lint(Lint::UnreadableMedia, "there are no bytes at all");
        return findings.push(finding.with_hint(match subject.target {
            Target::File(_) => "Save the file again: it is empty.",
            Target::DataUri => "Encode the file again: nothing stands behind the comma.",
            Target::Url(_) | Target::Runway | Target::NoUrl(_) => "Store the file again: what is served is empty.",
        }));
    }
    let content = &subject.seen.content;
    let Some(format) = content.format() else { return };
    let kind = content.media().and_then(Media::kind).or(format.kind());
    if content_types::container(subject.rules, format, kind).is_none() {
        return findings.push(foreign(subject, format));
    }
    if let Some(misfit) = kind.and_then(|kind| misfit(subject, format, kind)) {
        return findings.push(misfit);
    }
    match content {
        ContentState::Unreadable { at, what, .. } => {
            let detail = format!("the bytes begin like {}, but {what} (at byte {at})", format.name());
            findings.push(Finding::lint(Lint::UnreadableMedia, detail));
        }
        ContentState::Incomplete { .. } => {
            let detail = format!("the bytes begin like {}", format.name());
            findings.push(Finding::lint(Lint::IncompleteMedia, detail));
        }
        ContentState::Media(_) | ContentState::NotSeen => {}
    }
}

/// Refuses media of another kind than the wanted one; where that is open, than the kind that the declared type is of,
/// because whatever field takes that type has no use for these bytes.
fn misfit(subject: &CheckContext<'_>, format: Format, kind: Kind) -> Option<Finding> {
    let is = format!("the bytes are {}, which is {}", format.name(), content_types::with_article(kind));
    let wanted = subject.wanted_kinds();
    let refused = |detail: String| Finding::lint(Lint::UnreadableMedia, detail);
    if !wanted.is_empty() {
        let named = content_types::any_of(&wanted);
        let finding = || refused(format!("{is}; {named} is wanted")).with_hint(format!("Send {named}."));
        return (!wanted.contains(&kind)).then(finding);
    }
    let (essence, sent) = declared(subject)?;
    match content_types::classify(subject.rules, &essence, &[]) {
        Essence::Accepted(other) if other != kind => {
            let other = content_types::with_article(other);
            let finding = refused(format!("{is}; declared is {}, the type of {other}", sent.escaped()));
            Some(finding.with_hint(format!("Declare the type that the bytes have, or send {other}.")))
        }
        Essence::Accepted(_) | Essence::OtherKind(_) | Essence::Generic | Essence::Unknown => None,
    }
}

fn is_empty(subject: &CheckContext<'_>) -> bool {
    let seen = subject.seen;
    seen.size == Some(0) || matches!(seen.body.end, BodyEnd::Complete) && seen.body.received == 0
}

/// Names what is not accepted for what it is.
fn foreign(subject: &CheckContext<'_>, format: Format) -> Finding {
    let [_, get] = Heard::both(subject);
    let coding = get.good().and_then(coding);
    let mut detail = match (format, coding) {
        (Format::Unknown, _) => "the bytes begin like no format known here".to_owned(),
        (format, Some(coding)) => format!("the bytes are {} (Content-Encoding {})", format.name(), coding.escaped()),
        (format, None) => format!("the bytes are {}", format.name()),
    };
    let words = get.answer.response().and_then(|response| server_message::said(response, subject.target));
    if let Some(words) = words {
        detail = format!("{detail} that says: {words}");
    }
    let finding = Finding::lint(Lint::UnreadableMedia, detail);
    let conversion =
        || content_types::conversion(format).map(|command| format!("Make an accepted file of it: {command}"));
    if coding.is_some() {
        // A client that undoes the coding would see other bytes than these.
        return finding.with_severity(Severity::Undecided).with_hint(Lint::ContentEncoded.info().hint);
    }
    match providers::replaced(subject).or_else(conversion) {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    }
}

/// The bytes should be of the declared type.
pub(super) fn declared_type(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = subject.seen.content.media() else { return };
    let Some(actual) = content_types::container(subject.rules, media.format, media.kind()) else { return };
    let Some((declared, sent)) = declared(subject) else { return };
    let on_a_list = subject.rules.containers().any(|container| container.types.contains(&declared));
    if !on_a_list || actual.types.contains(&declared) {
        return;
    }
    let detail = format!("declared is {}, but the bytes are {}", sent.escaped(), media.format.name());
    let mend = actual.types.first().map_or("", String::as_str);
    findings.push(Finding::lint(Lint::TypeMismatch, detail).with_hint(format!("Declare {mend}.")));
}

/// Returns the declared type, as it is compared and as it was sent.
fn declared(subject: &CheckContext<'_>) -> Option<(String, UntrustedText)> {
    match subject.target {
        Target::DataUri => {
            let uri = DataUri::parse(subject.asset.text()).ok()?;
            Some((uri.essence()?, UntrustedText::from(uri.content_type())))
        }
        Target::Url(_) => {
            let [head, get] = Heard::both(subject);
            let value = get.good().or(head.good()).and_then(content_types::declared)?;
            Some((content_types::essence(value), value.clone()))
        }
        Target::Runway | Target::File(_) | Target::NoUrl(_) => None,
    }
}

/// Codings and animation that many decoders refuse.
pub(super) fn coding_of_image(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = subject.seen.content.media() else { return };
    if let Some(coding) = media.coding {
        findings.push(Finding::lint(Lint::UnusualEncoding, format!("{} is {coding}", media.format.name())));
    }
    if media.animated {
        findings.push(Finding::lint(Lint::Animated, format!("{} with several frames", media.format.name())));
    }
}

/// The codec must be on the list of the container.
pub(super) fn codec(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    use crate::media::Codec;
    let Some(media) = subject.seen.content.media() else { return };
    let kind = media.kind().or(kind_of(subject));
    let Some(container) = content_types::container(subject.rules, media.format, kind) else { return };
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
    let lists = |names: &[String]| names.iter().any(|pattern| fits(pattern, name));
    if lists(&container.codecs) || container.codecs.is_empty() && container.discouraged.is_empty() {
        return;
    }
    let detail = format!("the codec in {} is {shown}", media.format.name());
    if lists(&container.discouraged) {
        findings.push(Finding::lint(Lint::DiscouragedCodec, detail));
    } else {
        let accepted = container.codecs.iter().chain(&container.discouraged).map(String::as_str).collect::<Vec<_>>();
        let hint = match kind {
            Some(Kind::Audio) => "Encode it again: ffmpeg -i IN -c:a libmp3lame out.mp3",
            Some(Kind::Video | Kind::Image) | None => {
                "Encode it again: ffmpeg -i IN -c:v libx264 -pix_fmt yuv420p out.mp4"
            }
        };
        let detail = format!("{detail}; accepted are {}", accepted.join(", "));
        findings.push(Finding::lint(Lint::UnsupportedCodec, detail).with_hint(hint));
    }
}

/// Says whether a codec fits a name, or one that ends in `*`.
fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| !name.is_empty() && name.starts_with(start))
}
