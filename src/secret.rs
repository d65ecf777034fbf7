//! What must never be printed: a type for it, and the redaction of URLs.

use std::fmt;

/// A value that holds a secret: `Debug` and reports show `[redacted]`, only [`Secret::expose`] gives it out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Gives the value out, to be sent or compared, never to be printed.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Whether the values of a query are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Queries {
    /// Only the names: `?X-Amz-Signature=[redacted]`.
    #[default]
    Hidden,
    /// Names and values, because the user asked for it.
    Shown,
}

/// Removes what may be secret from a text that is, or was meant as, a URL: user and password, the fragment, and the
/// values of the query. Works on text, so that a URL that cannot be parsed is covered as well.
#[must_use]
pub fn redact_url(text: &str, queries: Queries) -> String {
    let text = text.split('#').next().unwrap_or_default();
    let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
    let mut redacted = without_userinfo(path);
    if let Some(query) = query {
        redacted.push('?');
        match queries {
            Queries::Shown => redacted.push_str(query),
            Queries::Hidden => redacted.push_str(&redact_query(query)),
        }
    }
    redacted
}

/// Cuts `user:password@` out of the authority, wherever the slashes are.
fn without_userinfo(path: &str) -> String {
    let Some((scheme, rest)) = path.split_once(':') else { return path.to_owned() };
    let authority_at = rest.len() - rest.trim_start_matches(['/', '\\', '\t', '\r', '\n']).len();
    let (slashes, rest) = rest.split_at(authority_at);
    let end = rest.find(['/', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}:{slashes}{host}{path}")
}

/// Keeps the names of a query and hides the values; a part without a name is hidden whole.
fn redact_query(query: &str) -> String {
    let hide = |part: &str| match part.split_once('=') {
        Some((name, _)) => format!("{name}={REDACTED}"),
        None if part.is_empty() => String::new(),
        None => REDACTED.to_owned(),
    };
    query.split('&').map(hide).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_what_may_be_secret() {
        let case = |text: &str, shown: &str| assert_eq!(redact_url(text, Queries::Hidden), shown, "{text}");
        case("https://h.com/a.png", "https://h.com/a.png");
        case("https://h.com/a?X-Amz-Signature=abc&x=1", "https://h.com/a?X-Amz-Signature=[redacted]&x=[redacted]");
        case("https://h.com/a?token", "https://h.com/a?[redacted]");
        case("https://h.com/?&a=b", "https://h.com/?&a=[redacted]");
        case("https://user:pw@h.com/a", "https://h.com/a");
        case("https://user:p@w@h.com/a@b", "https://h.com/a@b");
        case("https:\\\\u:p@h.com\\a", "https:\\\\h.com\\a");
        case("https:u:p@h.com/a", "https:h.com/a");
        case("https://h.com/a#token=1", "https://h.com/a");
        case("https://h.com/a?b=c?d=e#f?g", "https://h.com/a?b=[redacted]");
        case("nonsense", "nonsense");
        case("", "");
    }

    #[test]
    fn queries_are_shown_on_request_but_never_credentials() {
        assert_eq!(redact_url("https://u:p@h.com/?a=b#c", Queries::Shown), "https://h.com/?a=b");
    }

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", Secret::new("canary")), REDACTED);
    }
}
