//! Secrets in the path of a URL. A secret in a path looks like a name, so nothing is guessed: the tables list where
//! known services put secrets, and the forms of tokens that are recognized anywhere.

use std::borrow::Cow;

use super::url::{misspelled_scheme, redact_nested};
use super::{QueryRedaction, REDACTED, query, token};
use crate::text::percent;

/// A service that puts a secret into the path.
struct PathSecret {
    /// The host; with a leading `*.`, its subdomains.
    host: &'static str,
    /// The path: `{}` is any segment, `{secret}` one that is redacted, except for what is before it in the segment.
    path: &'static str,
    /// The page that documents it, and the date on which it was read.
    #[cfg_attr(not(test), expect(dead_code, reason = "rows name their source; a test reads it"))]
    source: (&'static str, &'static str),
}

const SERVICES: &[PathSecret] = &[
    PathSecret { host: "api.telegram.org", path: "file/bot{secret}", source: TELEGRAM },
    PathSecret { host: "api.telegram.org", path: "bot{secret}", source: TELEGRAM },
    PathSecret { host: "hooks.slack.com", path: "services/{}/{}/{secret}", source: SLACK },
    PathSecret { host: "hooks.slack.com", path: "workflows/{}/{}/{}/{secret}", source: SLACK },
    PathSecret { host: "hooks.slack.com", path: "triggers/{}/{}/{secret}", source: SLACK },
    PathSecret { host: "discord.com", path: "api/webhooks/{}/{secret}", source: DISCORD },
    PathSecret { host: "discord.com", path: "api/{}/webhooks/{}/{secret}", source: DISCORD },
    PathSecret { host: "discordapp.com", path: "api/webhooks/{}/{secret}", source: DISCORD },
    PathSecret { host: "*.dropboxusercontent.com", path: "apitl/{}/{secret}", source: DROPBOX },
    PathSecret { host: "*.dropboxusercontent.com", path: "cd/{}/{}/{secret}", source: DROPBOX },
    PathSecret {
        host: "*.airtableusercontent.com",
        path: "v3/u/{}/{}/{}/{secret}/{secret}/{secret}",
        source: AIRTABLE,
    },
];

const TELEGRAM: (&str, &str) = ("https://core.telegram.org/bots/api#getfile", "2026-11-21");
const SLACK: (&str, &str) = ("https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks", "2026-11-21");
const DISCORD: (&str, &str) = ("https://discord.com/developers/docs/resources/webhook", "2026-11-21");
const DROPBOX: (&str, &str) =
    ("https://www.dropbox.com/developers/documentation/http/documentation#files-get_temporary_link", "2026-11-21");
const AIRTABLE: (&str, &str) = ("https://support.airtable.com/docs/airtable-attachment-url-behavior", "2024-09-30");

/// Names whose value is a secret, where a segment is `name=value`, and the page that documents it. Akamai, bunny.net and
/// Google Media CDN sign a path that way, so that the files below it inherit the signature; servlets keep a session.
const NAMES: &[(&str, (&str, &str))] = &[
    ("hmac", AKAMAI),
    ("hdnts", AKAMAI),
    ("hdntl", AKAMAI),
    ("bcdn_token", BUNNY),
    ("token", BUNNY),
    ("edge-cache-token", MEDIA_CDN),
    ("signature", MEDIA_CDN),
    ("x-amz-signature", SIGV4),
    ("x-amz-security-token", SIGV4),
    ("x-goog-signature", SIGV4_GOOGLE),
    ("jsessionid", SERVLET),
    ("sig", AZURE),
];

const AKAMAI: (&str, &str) = (
    "https://learn.akamai.com/en-us/webhelp/download-delivery/download-delivery-implementation-guide/GUID-EB3329D1-C7C5-4F23-9B69-1B1FBFEBF436.html",
    "2026-11-21",
);
const BUNNY: (&str, &str) = ("https://docs.bunny.net/cdn/security/token-authentication/advanced", "2026-11-21");
const MEDIA_CDN: (&str, &str) = ("https://cloud.google.com/media-cdn/docs/generate-signatures", "2026-11-21");
const SIGV4: (&str, &str) =
    ("https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html", "2026-11-21");
const SIGV4_GOOGLE: (&str, &str) = ("https://cloud.google.com/storage/docs/authentication/signatures", "2026-11-21");
const SERVLET: (&str, &str) =
    ("https://jakarta.ee/specifications/servlet/6.0/jakarta-servlet-spec-6.0#url-rewriting", "2026-11-21");
const AZURE: (&str, &str) =
    ("https://learn.microsoft.com/en-us/rest/api/storageservices/create-service-sas", "2026-11-21");

/// Redacts known secrets in the path of a host; for a text without a host, the path is the whole text. `depth` counts
/// the URLs around it.
pub(super) fn redact(host: &str, path: &str, depth: usize) -> String {
    if let Some((before, nested)) = nested(path) {
        let nested = redact_nested(nested, QueryRedaction::Redact, depth + 1);
        return format!("{}{nested}", redact_segments(host, before, depth));
    }
    redact_segments(host, path, depth)
}

fn redact_segments(host: &str, path: &str, depth: usize) -> String {
    let placed = placed(host, path);
    let mut redacted = String::with_capacity(path.len());
    for (at, piece) in path.split_inclusive(['/', '\\']).enumerate() {
        let segment = piece.strip_suffix(['/', '\\']).unwrap_or(piece);
        match placed.get(at).copied().flatten() {
            Some(shown) if !segment.is_empty() => {
                redacted.push_str(segment.get(..shown).unwrap_or_default());
                redacted.push_str(REDACTED);
            }
            Some(_) | None => redacted.push_str(&redact_segment(segment, depth)),
        }
        redacted.push_str(piece.get(segment.len()..).unwrap_or_default());
    }
    redacted
}

/// Splits a path before a URL that is in it without encoding: `/fetch/https://user:password@host/a`.
fn nested(path: &str) -> Option<(&str, &str)> {
    let at = path.find("://")?;
    let before = path.get(..at)?;
    let letters = before.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
    let start = at.checked_sub(letters)?;
    (letters > 0).then(|| path.split_at_checked(start))?
}

/// Returns for each segment, counted with the empty one before the first slash, how many of its bytes are before the
/// secret of a service.
fn placed(host: &str, path: &str) -> Vec<Option<usize>> {
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    // Most hosts are not in the table.
    if !SERVICES.iter().any(|row| row.is_at(&host)) {
        return Vec::new();
    }
    let segments: Vec<&str> = path.split(['/', '\\']).collect();
    let rows = SERVICES.iter().filter(|row| row.is_at(&host)).filter_map(|row| row.matches(&segments));
    rows.max_by_key(|hidden| hidden.iter().flatten().count()).unwrap_or_default()
}

impl PathSecret {
    fn is_at(&self, host: &str) -> bool {
        match self.host.strip_prefix("*.") {
            Some(parent) => host.strip_suffix(parent).is_some_and(|label| label.ends_with('.')),
            None => host == self.host,
        }
    }

    /// Matches a path; the first segment is the empty one before the slash.
    fn matches(&self, segments: &[&str]) -> Option<Vec<Option<usize>>> {
        let (first, segments) = segments.split_first()?;
        let mut hidden = vec![None];
        let mut segments = segments.iter().filter(|_| first.is_empty());
        for part in self.path.split('/') {
            let segment = segments.next()?;
            hidden.push(match part.strip_suffix("{secret}") {
                Some(before) => segment.starts_with(before).then_some(Some(before.len()))?,
                None => (part == "{}" || part == *segment).then_some(None)?,
            });
        }
        Some(hidden)
    }
}

/// Redacts the parts of a segment that have the form of a secret.
fn redact_segment(segment: &str, depth: usize) -> Cow<'_, str> {
    let decoded = percent::decode(segment);
    let is_query = decoded.split_once('?').is_some_and(|(_, query)| query.contains('='));
    let user = decoded.rsplit_once('@').filter(|(user, _)| user.contains(':'));
    if decoded != segment && (is_query || user.is_some() || is_url(&decoded)) {
        let (before, url) = nested(&decoded).unwrap_or(("", &decoded));
        let redacted = redact_nested(url, QueryRedaction::Redact, depth + 1);
        if redacted != url {
            // What is before the URL stays as it was, where it was not encoded.
            let before = if segment.starts_with(before) { before.to_owned() } else { percent::encode(before) };
            return (before + &redacted.split(REDACTED).map(percent::encode).collect::<Vec<_>>().join(REDACTED)).into();
        }
    }
    // `user:password@host` after a misspelled scheme, whose slashes are not where they should be.
    if let Some((_, host)) = user {
        return format!("{REDACTED}@{host}").into();
    }
    if let Some(redacted) = token::redact(&decoded).or_else(|| token::redact_keys(segment, true)) {
        return redacted.into();
    }
    // Most segments have no `=`.
    if segment.contains('=') { redact_values(segment) } else { segment.into() }
}

/// Redacts the values of known names in a segment, and those of a query whose `?` is missing.
fn redact_values(segment: &str) -> Cow<'_, str> {
    let value = NAMES.iter().filter_map(|(name, _)| value_at(segment, name)).min();
    let query = segment.split_once('&').filter(|(_, query)| query.contains('='));
    let is_first = |at: &usize| query.is_none_or(|(before, _)| *at <= before.len());
    if let Some(shown) = value.filter(is_first).and_then(|at| segment.get(..at)) {
        return format!("{shown}{REDACTED}").into();
    }
    match query {
        Some((before, query)) => format!("{before}&{}", query::redact(query)).into(),
        None => segment.into(),
    }
}

/// Reports whether a text contains a URL, or begins with one whose scheme is misspelled.
pub(super) fn is_url(text: &str) -> bool {
    text.contains("://") || misspelled_scheme(text).is_some()
}

/// Finds `name=` at the start of a segment or after a separator, in any case; returns the start of its value.
fn value_at(segment: &str, name: &str) -> Option<usize> {
    let lower = segment.to_ascii_lowercase();
    let assigned = format!("{name}=");
    lower.match_indices(&assigned).find_map(|(at, found)| {
        let before = lower.get(..at)?;
        let is_encoded = before.len().checked_sub(3).and_then(|at| before.as_bytes().get(at)) == Some(&b'%');
        let last = before.chars().next_back();
        let starts = is_encoded || last.is_none_or(|last| !last.is_ascii_alphanumeric() && !"_-".contains(last));
        let end = at.saturating_add(found.len());
        (starts && end < lower.len()).then_some(end)
    })
}

/// Redacts the words of a path that is none: a header, or a command with one.
pub(super) fn redact_words(text: &str) -> String {
    let redact_word = |piece: &str| {
        let word = piece.trim_matches(|letter: char| letter.is_whitespace() || "\"'`".contains(letter));
        let (before, after) = piece.split_once(word).unwrap_or_default();
        format!("{before}{}{after}", redact("", word, 0))
    };
    text.split_inclusive(char::is_whitespace).map(redact_word).collect()
}

/// Returns the segments of a path that are secret, as they are in the URL.
pub(super) fn secrets<'a>(host: &str, path: &'a str) -> Vec<&'a str> {
    let placed = placed(host, path);
    let segments = path.split(['/', '\\']).enumerate().filter(|(_, segment)| !segment.is_empty());
    let is_secret = |(index, segment): &(usize, &str)| {
        placed.get(*index).copied().flatten().is_some() || redact_segment(segment, 0) != *segment
    };
    segments.filter(is_secret).map(|(_, segment)| segment).collect()
}

#[cfg(test)]
mod tests;
