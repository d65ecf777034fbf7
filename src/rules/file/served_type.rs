//! The content type that a server would give a local file: most servers derive it from the name.

use super::{unsupported_type, usual_type};
use crate::asset::Target;
use crate::finding::{Finding, Lint, Reason, Severity, Transport};
use crate::media::usual_extension;
use crate::rules::CheckContext;
use crate::rules::content_types::{self, Essence};
use crate::text::untrusted::UntrustedText;

/// Compares the type that follows from the name with the bytes and with the accepted types.
pub(super) fn served_type(context: &CheckContext<'_>) -> Option<Finding> {
    let Some((_, essence, given)) = unsupported_type(context) else { return misleading_name(context) };
    let (sent, essence, given) = match context.guessed_type {
        Some(guess) => {
            let essence = content_types::classify(context.rules, guess, &context.expected_kinds());
            // The server would send an accepted type; the problem is the bytes.
            if let Essence::Accepted(_) = essence {
                return None;
            }
            (guess.to_owned(), essence, format!("{} for this name", UntrustedText::from(guess).escaped()))
        }
        None => (usual_type(context)?.0, essence, given),
    };
    let reason = match essence {
        Essence::Generic => Reason::GenericContentType,
        Essence::Accepted(_) | Essence::OtherKind(_) | Essence::Unknown => {
            Reason::UnsupportedContentType { sent: UntrustedText::new(sent) }
        }
    };
    let finding = Finding::reason(reason, format!("a server would send Content-Type {given}"));
    Some(finding.with_optional_hint(content_types::proposal(context, Transport::Url)))
}

/// The bytes are accepted, but servers that derive the type from the name send another one.
fn misleading_name(context: &CheckContext<'_>) -> Option<Finding> {
    let (name, format) = usual_type(context)?;
    let kind = context.observation.content.media().and_then(crate::media::Media::kind).or(format.kind());
    let own = content_types::container(context.rules, format, kind)?;
    let (misled, is_rejected) = match context.guessed_type {
        Some(guess) if own.types.iter().any(|own| own == guess) => return None,
        Some(guess) => {
            let sent = UntrustedText::from(guess);
            match content_types::classify(context.rules, guess, &[]) {
                Essence::Accepted(_) => {
                    (format!("servers that derive the type from the name send {}", sent.escaped()), false)
                }
                Essence::OtherKind(_) | Essence::Generic | Essence::Unknown => {
                    let reason = Reason::UnsupportedContentType { sent: sent.clone() };
                    (
                        format!(
                            "servers that derive the type from the name send {}, and the API responds: {reason}",
                            sent.escaped()
                        ),
                        true,
                    )
                }
            }
        }
        None => ("servers do not know the extension of the name, and send application/octet-stream".to_owned(), true),
    };
    let finding = Finding::lint(Lint::TypeMismatch, format!("the bytes are {}; {misled}", format.name_as(kind)));
    let extension = usual_extension(format.id());
    let finding = finding.with_hint(if has_extension(context, extension) {
        format!("Set its Content-Type to {name}.")
    } else {
        format!("Rename it to .{extension}, or set its Content-Type to {name}.")
    });
    let is_kind_wrong = context.guessed_type.is_some_and(|guess| guess.split('/').next() != name.split('/').next());
    let is_only = context.expectations.transport == Some(Transport::Url);
    Some(if is_only && (is_rejected || is_kind_wrong) { finding } else { finding.with_severity(Severity::Note) })
}

fn has_extension(context: &CheckContext<'_>, extension: &str) -> bool {
    let Target::File(path) = context.target else { return false };
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}
