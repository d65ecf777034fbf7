//! What the server of the asset says: its error message, its redirects, and bot checks in front of it.

use super::providers::has_header;
use crate::asset::{AssetUrl, Target};
use crate::observation::ResponseHead;
use crate::rules::expiry::is_signature;
use crate::text::secret::{QueryRedaction, ReflectedSecrets, redact_text, redact_url};
use crate::text::untrusted::UntrustedText;
use url::Url;

/// Returns the error message of a response in a few words: `AccessDenied: Request has expired`. Secrets of the URL and
/// URLs in the message are redacted; elements such as `StringToSign` are not read.
pub(in crate::rules) fn message_from_server(response: &ResponseHead, target: &Target) -> Option<String> {
    let snippet = response.body_snippet.as_ref()?;
    let text = String::from_utf8_lossy(snippet.as_bytes());
    let message = xml(&text).or_else(|| title(&text)).or_else(|| json(&text)).or_else(|| plain(response, &text))?;
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = without_secrets(&message, target);
    // A message that only repeats the status line adds nothing.
    let status = http::StatusCode::from_u16(response.status).ok().and_then(|status| status.canonical_reason());
    let repeats = status.is_some_and(|phrase| {
        let message = message.trim_start_matches(response.status.to_string().as_str()).trim();
        message.is_empty() || message.eq_ignore_ascii_case(phrase)
    });
    (!message.is_empty() && !repeats).then(|| UntrustedText::new(message).escaped_up_to(160).to_string())
}

/// Reads the errors of S3, Google Cloud Storage and Azure: `<Code>…</Code><Message>…</Message>`.
fn xml(text: &str) -> Option<String> {
    let code = between(text, "<Code>", "</Code>");
    let message = between(text, "<Message>", "</Message>");
    match (code, message) {
        // `AccessDenied: Access Denied` says it twice.
        (Some(code), Some(message)) if message.replace(' ', "").trim_end_matches('.') == code => Some(code.to_owned()),
        (Some(code), Some(message)) => Some(format!("{code}: {}", message.lines().next().unwrap_or_default())),
        (Some(words), None) | (None, Some(words)) => Some(words.to_owned()),
        (None, None) => None,
    }
}

fn title(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let open = start + lower.get(start..)?.find('>')? + 1;
    let end = open + lower.get(open..)?.find("</title")?;
    Some(text.get(open..end)?.to_owned())
}

/// Reads `"message"`, `"error"` or `"detail"` of a JSON error. The text may be truncated, so it is not parsed whole.
fn json(text: &str) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    ["\"message\"", "\"error\"", "\"detail\""].into_iter().find_map(|key| {
        let (_, after) = text.split_once(key)?;
        let value = after.trim_start().strip_prefix(':')?.trim_start();
        value.starts_with('"').then(|| json_string(value))
    })
}

/// Reads a JSON string that may be truncated, its quotes and escapes undone.
fn json_string(text: &str) -> String {
    if let Some(Ok(whole)) = serde_json::Deserializer::from_str(text).into_iter::<String>().next() {
        return whole;
    }
    text.trim_start_matches('"').to_owned()
}

fn plain(response: &ResponseHead, text: &str) -> Option<String> {
    has_header(&response.headers, ("content-type", "text/plain"))
        .then(|| text.lines().next().unwrap_or_default().to_owned())
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    Some(text.split_once(open)?.1.split_once(close)?.0)
}

/// Redacts the secrets of the URL in any encoding, and URLs.
fn without_secrets(text: &str, target: &Target) -> String {
    match target {
        Target::Url(url) => redact_text(&ReflectedSecrets::of_url(url.url()).redact(text)),
        Target::DataUri | Target::Runway | Target::File(_) | Target::InvalidUrl(_) => redact_text(text),
    }
}

/// Returns the seconds of a `Retry-After` header that is a number.
pub(in crate::rules) fn retry_after(response: &ResponseHead) -> Option<u32> {
    response.headers.first("retry-after")?.as_str()?.trim().parse().ok()
}

/// Where a redirect leads; URLs are absolute and without secrets.
#[derive(Debug)]
pub(in crate::rules) enum Redirect {
    /// To the requested URL.
    SameUrl,
    /// To a login page.
    Login(String),
    /// To a signed URL, which expires.
    Signed(String),
    /// To another URL.
    Elsewhere(String),
}

/// Returns where a redirect leads.
pub(in crate::rules) fn redirect(response: &ResponseHead, url: &AssetUrl) -> Option<Redirect> {
    let location = response.headers.first("location")?;
    let text = String::from_utf8_lossy(location.as_bytes());
    let target = url.url().join(&text);
    if target.as_ref().is_ok_and(|target| target == url.url()) {
        return Some(Redirect::SameUrl);
    }
    // Redact both before and after a parser rewrites it.
    let reflected = ReflectedSecrets::of_url(url.url());
    let text = reflected.redact(&text);
    let absolute = url.url().join(&text).map_or(text, String::from);
    let shown = reflected.redact(&redact_url(&absolute, QueryRedaction::Redact));
    let shown = UntrustedText::new(shown).escaped_up_to(256).to_string();
    Some(match target {
        Ok(target) if target.query_pairs().any(|(name, _)| is_signature(&name)) => Redirect::Signed(shown),
        Ok(target) if is_login(&target, url.url()) => Redirect::Login(shown),
        Ok(_) | Err(_) => Redirect::Elsewhere(shown),
    })
}

/// Reports whether a redirect leads to a login rather than to the file: by its host, by a segment of its path, or by a
/// parameter with the URL to return to, unless the path ends with the name of the file.
fn is_login(target: &Url, from: &Url) -> bool {
    let host = target.host_str().unwrap_or_default();
    let is_login_host = LOGIN_HOSTS
        .iter()
        .any(|known| host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.')));
    let name = |url: &Url| url.path().rsplit('/').next().unwrap_or_default().to_owned();
    if is_login_host || name(target) == name(from) && !name(from).is_empty() {
        return is_login_host;
    }
    let segments = target.path().split('/').map(|segment| segment.to_ascii_lowercase().replace(['-', '_'], ""));
    let mut plain = segments.map(|segment| segment.split('.').next().unwrap_or_default().to_owned());
    let mut parameters = target.query_pairs().map(|(name, _)| name.to_ascii_lowercase().replace(['-', '_'], ""));
    plain.any(|segment| LOGIN_SEGMENTS.contains(&segment.as_str()))
        || parameters.any(|name| RETURN_PARAMETERS.contains(&name.as_str()))
}

/// Hosts of login pages, including their subdomains.
const LOGIN_HOSTS: [&str; 7] = [
    "accounts.google.com",
    "login.microsoftonline.com",
    "login.live.com",
    "cloudflareaccess.com",
    "okta.com",
    "auth0.com",
    "amazoncognito.com",
];

/// Path segments of login pages, in lower case without hyphens and underscores.
const LOGIN_SEGMENTS: [&str; 10] =
    ["login", "signin", "logon", "sso", "ssoapi", "oauth", "oauth2", "saml", "auth", "authorize"];

/// Parameters with the URL to return to after a login, in lower case without hyphens and underscores.
const RETURN_PARAMETERS: [&str; 10] = [
    "next",
    "redir",
    "redirect",
    "redirecturi",
    "redirecturl",
    "returnto",
    "returnurl",
    "samlrequest",
    "relaystate",
    "continue",
];

/// A bot check in front of a server.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct BotChallenge {
    pub(in crate::rules) name: &'static str,
    /// True if the response says so; otherwise the service is in front of the server, which may itself have responded.
    pub(in crate::rules) is_certain: bool,
}

/// Names the bot check that answered in place of the server.
pub(in crate::rules) fn bot_challenge(response: &ResponseHead) -> Option<BotChallenge> {
    let refuses = matches!(response.status, 401 | 403 | 405 | 406 | 429 | 503);
    let row = CHALLENGES
        .iter()
        .find(|(_, is_certain, header)| (*is_certain || refuses) && has_header(&response.headers, *header));
    row.map(|(name, is_certain, _)| BotChallenge { name, is_certain: *is_certain })
}

/// Bot checks: name, whether the header alone is proof, header and the beginning of its value.
const CHALLENGES: [(&str, bool, (&str, &str)); 9] = [
    ("Cloudflare's bot check", true, ("cf-mitigated", "")),
    ("Vercel's bot check", true, ("x-vercel-mitigated", "")),
    ("AWS WAF", true, ("x-amzn-waf-action", "")),
    ("DataDome", false, ("x-datadome", "")),
    ("Imperva", false, ("x-iinfo", "")),
    ("Sucuri", false, ("x-sucuri-id", "")),
    ("Akamai", false, ("server", "akamaighost")),
    ("Cloudflare", false, ("server", "cloudflare")),
    ("CloudFront", false, ("x-cache", "error from cloudfront")),
];
