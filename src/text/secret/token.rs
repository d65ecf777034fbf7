//! Tokens that are recognized by their form: API keys by their prefix, and JSON Web Tokens.

use super::REDACTED;

/// The form of a token, in any text.
struct TokenForm {
    /// Its prefix; it is shown.
    prefix: &'static str,
    /// The characters of the secret, in addition to letters and digits.
    symbols: &'static str,
    /// The minimum length of the secret.
    min: usize,
    /// Its suffix; it is shown.
    suffix: &'static str,
    /// The page that documents it, and the date on which it was read.
    #[cfg_attr(not(test), expect(dead_code, reason = "rows name their source; a test reads it"))]
    source: (&'static str, &'static str),
}

/// Tokens that are recognized by their form.
const TOKENS: &[TokenForm] = &[
    TokenForm { prefix: "key_", symbols: "", min: 128, suffix: "", source: RUNWAY },
    TokenForm { prefix: "ghp_", symbols: "_", min: 36, suffix: "", source: GITHUB },
    TokenForm { prefix: "gho_", symbols: "_", min: 36, suffix: "", source: GITHUB },
    TokenForm { prefix: "ghu_", symbols: "_", min: 36, suffix: "", source: GITHUB },
    TokenForm { prefix: "ghs_", symbols: "_", min: 36, suffix: "", source: GITHUB },
    TokenForm { prefix: "ghr_", symbols: "_", min: 36, suffix: "", source: GITHUB },
    TokenForm { prefix: "github_pat_", symbols: "_", min: 22, suffix: "", source: GITHUB },
    TokenForm { prefix: "glpat-", symbols: "_-.", min: 20, suffix: "", source: GITLAB },
    TokenForm { prefix: "xoxb-", symbols: "-", min: 10, suffix: "", source: SLACK_TOKENS },
    TokenForm { prefix: "xoxp-", symbols: "-", min: 10, suffix: "", source: SLACK_TOKENS },
    TokenForm { prefix: "sk_live_", symbols: "", min: 16, suffix: "", source: STRIPE },
    TokenForm { prefix: "s--", symbols: "_-", min: 8, suffix: "--", source: CLOUDINARY },
];

const RUNWAY: (&str, &str) = ("https://docs.dev.runwayml.com/api", "2026-09-23");
const GITHUB: (&str, &str) = (
    "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    "2026-11-21",
);
const GITLAB: (&str, &str) = ("https://docs.gitlab.com/security/tokens/", "2026-11-21");
const SLACK_TOKENS: (&str, &str) = ("https://docs.slack.dev/authentication/tokens", "2026-11-21");
const STRIPE: (&str, &str) = ("https://docs.stripe.com/keys", "2026-11-21");
const CLOUDINARY: (&str, &str) = ("https://cloudinary.com/documentation/delivery_url_signatures", "2025-12-13");

/// Redacts a text that is a token as a whole; `None` for any other.
pub(super) fn redact(text: &str) -> Option<String> {
    if let Some(form) = TOKENS.iter().find(|form| form.is_in(text)) {
        return Some(format!("{}{REDACTED}{}", form.prefix, form.suffix));
    }
    is_signed_token(text).then(|| REDACTED.to_owned())
}

/// Redacts API keys with a known prefix, after any separator; in a text, shorter ones as well as in a path, where they
/// may be names. `None` where there are none.
pub(super) fn redact_keys(text: &str, is_path: bool) -> Option<String> {
    let min = |form: &TokenForm| if is_path || form.prefix != "key_" { form.min } else { MIN_RUNWAY_KEY };
    // Most words are shorter than any key.
    let may_be_in = |form: &&TokenForm| form.suffix.is_empty() && form.prefix.len() + min(form) <= text.len();
    if !TOKENS.iter().any(|form| may_be_in(&form)) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let forms = TOKENS.iter().filter(may_be_in);
    let mut found: Vec<(usize, usize)> = forms.flat_map(|form| form.find_in(text, &lower, min(form))).collect();
    found.sort_unstable();
    let (mut redacted, mut from) = (String::with_capacity(text.len()), 0);
    for (start, end) in &found {
        if *start >= from {
            redacted.push_str(text.get(from..*start).unwrap_or_default());
            redacted.push_str(REDACTED);
            from = *end;
        }
    }
    (from > 0).then(|| redacted + text.get(from..).unwrap_or_default())
}

impl TokenForm {
    fn is_in(&self, segment: &str) -> bool {
        let inner = segment.strip_prefix(self.prefix).and_then(|rest| rest.strip_suffix(self.suffix));
        let fits = |letter: char| letter.is_ascii_alphanumeric() || self.symbols.contains(letter);
        inner.is_some_and(|inner| inner.len() >= self.min && inner.chars().all(fits))
    }

    /// Finds it anywhere in a text, after a separator; `lower` is the text in lower case.
    fn find_in<'a>(&'a self, text: &'a str, lower: &'a str, min: usize) -> impl Iterator<Item = (usize, usize)> + 'a {
        let mut covered = 0;
        lower.match_indices(self.prefix).filter_map(move |(at, prefix)| {
            let start = at + prefix.len();
            let before = text.get(..at)?.chars().next_back();
            // The rest of a secret that was found already may contain the prefix again.
            if start < covered || before.is_some_and(char::is_alphanumeric) {
                return None;
            }
            let is_part =
                |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || self.symbols.contains(letter);
            let rest = text.get(start..)?;
            let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            covered = start + length;
            (length >= min).then_some((start, covered))
        })
    }
}

/// The minimum length of the secret of a Runway key in a text; shorter ones are examples.
const MIN_RUNWAY_KEY: usize = 17;

/// Reports whether a text is a JSON Web Token, RFC 7519 section 3. Cloudflare Stream, for example, accepts one in place
/// of a video's name.
fn is_signed_token(text: &str) -> bool {
    if !text.starts_with("eyJ") {
        return false;
    }
    let is_part = |part: &&str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let parts: Vec<&str> = text.split('.').collect();
    matches!(parts.as_slice(), [_, body, _] if body.starts_with("eyJ")) && parts.iter().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_its_source() {
        for TokenForm { source: (page, date), .. } in TOKENS {
            assert!(page.starts_with("https://") && date.len() == 10 && date.starts_with("202"), "{page} {date}");
        }
    }
}
