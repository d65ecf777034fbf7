//! Commands of this program that give more details about a response, with placeholders in capital letters.

use crate::finding::Reason;
use crate::report::explanation::ExplanationKind;

/// Returns the commands for a reason: all check the asset, and where its server is the cause, `diagnose` shows more.
pub(super) fn for_reason(reason: &Reason, field: Option<&str>) -> Vec<String> {
    // A field that could mean something to a shell is left out.
    let is_plain =
        |field: &&str| field.chars().all(|character| character.is_ascii_alphanumeric() || "_.-".contains(character));
    let field = field
        .filter(is_plain)
        .filter(|field| field.starts_with(|first: char| first.is_ascii_alphabetic()))
        .map_or_else(String::new, |field| format!(" --field {field}"));
    let check = |asset: &str| format!("runway-preflight check{field} {asset}");
    match reason {
        Reason::FetchFailed
        | Reason::Timeout
        | Reason::HttpStatus { .. }
        | Reason::GenericContentType
        | Reason::UnsupportedContentType { .. }
        | Reason::MissingContentLength => vec![check("'URL'"), "runway-preflight diagnose 'URL'".to_owned()],
        Reason::InvalidDataUri | Reason::UnsupportedAssetType => vec!["runway-preflight encode FILE".to_owned()],
        Reason::TooLarge { .. }
        | Reason::DimensionsTooLarge { .. }
        | Reason::AspectRatioOutside { .. }
        | Reason::DurationOutside { .. } => vec![check("'URL' --model MODEL")],
        Reason::InvalidUrl | Reason::NotHttps | Reason::NotADomain => vec![check("'URL'")],
        Reason::UrlTooLong { .. } | Reason::DataUriTooLong { .. } | Reason::RunwayUriTooLong { .. } => Vec::new(),
    }
}

/// Returns the commands for explanations that are not about an asset.
pub(super) fn for_kind(kind: ExplanationKind) -> Vec<String> {
    match kind {
        ExplanationKind::Schema => vec!["runway-preflight body request.json".to_owned()],
        ExplanationKind::Reason | ExplanationKind::Failure | ExplanationKind::Http => Vec::new(),
    }
}
