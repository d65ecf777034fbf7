//! What the host that keeps the asset says itself: its error, where it redirects to, and walls before it.

use super::providers::begins;
use crate::asset::{AssetUrl, Target};
use crate::observation::ResponseHead;
use crate::text::secret::{Echo, QueryRedaction, redact_text, redact_url};
use crate::text::untrusted::UntrustedText;

/// Returns what an error page says, in a few words: `AccessDenied: Request has expired`. Values of the URL's query and
/// URLs in it are hidden; elements such as `StringToSign` are not looked at.
pub(crate) fn said(response: &ResponseHead, target: &Target) -> Option<String> {
    let excerpt = response.body_snippet.as_ref()?;
    let text = String::from_utf8_lossy(excerpt.as_bytes());
    let words = xml(&text).or_else(|| title(&text)).or_else(|| json(&text)).or_else(|| plain(response, &text))?;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = without_secrets(&words, target);
    (!words.is_empty()).then(|| UntrustedText::new(words).escaped_up_to(160).to_string())
}

/// Reads the errors of S3, Google Cloud Storage and Azure: `<Code>…</Code><Message>…</Message>`.
fn xml(text: &str) -> Option<String> {
    let code = between(text, "<Code>", "</Code>");
    let message = between(text, "<Message>", "</Message>");
    match (code, message) {
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

/// Reads `"message"`, `"error"` or `"detail"` of a JSON error; the text may be cut short, so it is not parsed whole.
fn json(text: &str) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    ["\"message\"", "\"error\"", "\"detail\""].into_iter().find_map(|key| {
        let (_, after) = text.split_once(key)?;
        let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split('"').next().map(str::to_owned)
    })
}

fn plain(response: &ResponseHead, text: &str) -> Option<String> {
    begins(&response.headers, ("content-type", "text/plain"))
        .then(|| text.lines().next().unwrap_or_default().to_owned())
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    Some(text.split_once(open)?.1.split_once(close)?.0)
}

/// Hides what of the URL is secret, in whichever form it is repeated, and what looks like a URL.
fn without_secrets(words: &str, target: &Target) -> String {
    let words = redact_text(words);
    match target {
        Target::Url(address) => echo(address).hide(&words),
        Target::DataUri | Target::Runway | Target::File(_) | Target::NoUrl(_) => words,
    }
}

/// Collects what of a URL is secret: values of the query, user, password and fragment.
fn echo(address: &AssetUrl) -> Echo {
    let url = address.url();
    let parts = url.query().unwrap_or_default().split('&');
    let values = parts.map(|part| part.split_once('=').map_or(part, |(_, value)| value));
    Echo::of(values.chain([url.username()]).chain(url.password()).chain(url.fragment()))
}

/// Where a redirect leads.
#[derive(Debug)]
pub(crate) enum Redirect {
    /// To another URL, absolute and without secrets.
    Elsewhere(String),
    /// To the URL that was asked for.
    Back,
}

/// Returns where a redirect leads.
pub(crate) fn redirect(response: &ResponseHead, address: &AssetUrl) -> Option<Redirect> {
    let location = response.headers.first("location")?;
    let text = String::from_utf8_lossy(location.as_bytes());
    let target = address.url().join(&text);
    if target.as_ref().is_ok_and(|target| target == address.url()) {
        return Some(Redirect::Back);
    }
    // Before a parser writes it in its own way, and after.
    let echo = echo(address);
    let text = echo.hide(&text);
    let target = address.url().join(&text).map_or(text, String::from);
    let shown = echo.hide(&redact_url(&target, QueryRedaction::Hidden));
    Some(Redirect::Elsewhere(UntrustedText::new(shown).escaped_up_to(256).to_string()))
}

/// A wall against bots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wall {
    pub(crate) name: &'static str,
    /// True where it says so itself; else it only stands before the server, which may have answered.
    pub(crate) is_certain: bool,
}

/// Names a wall against bots that answered in the place of the server.
pub(crate) fn wall(response: &ResponseHead) -> Option<Wall> {
    let refusing = matches!(response.status, 401 | 403 | 405 | 406 | 429 | 503);
    let row = WALLS.iter().find(|(_, always, field)| (*always || refusing) && begins(&response.headers, *field));
    row.map(|(name, always, _)| Wall { name, is_certain: *always })
}

/// Walls: name, whether the field alone tells, field and the beginning of its value.
const WALLS: [(&str, bool, (&str, &str)); 9] = [
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
