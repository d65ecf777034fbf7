//! What must never be printed: a type for it, and the redaction of URLs and of texts with URLs in them.

use std::fmt;

mod path;
mod percent;
mod reflected;

pub use reflected::Echo;

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
pub enum QueryRedaction {
    /// Only the names: `?X-Amz-Signature=[redacted]`.
    #[default]
    Hidden,
    /// Names and values, because the user asked for it.
    Shown,
}

/// Removes what may be secret from a text that is, or was meant as, a URL: user and password, the fragment, the values
/// of the query, and the parts of the path that are known to let their reader in. Works on text, so that a URL that
/// cannot be parsed is covered as well.
#[must_use]
pub fn redact_url(text: &str, queries: QueryRedaction) -> String {
    let parts = Parts::of(text);
    let Parts { scheme, host, rest } = &parts;
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let mut redacted = format!("{scheme}{host}{}", path::redact(host, path));
    if let Some(query) = query {
        redacted.push('?');
        match queries {
            QueryRedaction::Shown => redacted.push_str(query),
            QueryRedaction::Hidden => redacted.push_str(&redact_query(query)),
        }
    }
    redacted
}

/// Removes what may be secret from the path of a local file, which may be a URL whose scheme was forgotten: the values
/// of what looks like a query, and what [`redact_url`] hides in a path.
#[must_use]
pub fn redact_path(text: &str) -> String {
    if text.starts_with("//") {
        return redact_url(text, QueryRedaction::Hidden);
    }
    match text.split_once('?') {
        Some((path, query)) if is_query(query) => {
            let query = query.split('#').next().unwrap_or_default();
            format!("{}?{}", path::redact("", path), redact_query(query))
        }
        Some(_) | None => path::redact("", text),
    }
}

/// Says whether what stands behind a question mark is a query rather than the rest of a file's name.
fn is_query(text: &str) -> bool {
    percent::decode(text).contains('=') || text.len() >= LONG && !text.contains([' ', '.'])
}

/// From how many characters on a word is a token rather than a name.
const LONG: usize = 16;

/// Removes what may be secret from a text that has URLs, data URIs or API keys in it: an error, a log, an answer.
#[must_use]
pub fn redact_text(text: &str) -> String {
    let ends = |character: char| character.is_whitespace() || "\"'<>`()|\\".contains(character);
    unescaped(text).split_inclusive(ends).map(|word| redact_word(word, ends)).collect()
}

/// Undoes what JSON may do to the signs that URLs are made of: `\/` and `\u0026`. Quotes and backslashes stay escaped.
fn unescaped(text: &str) -> String {
    let mut pieces = text.split('\\');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece
            .strip_prefix('u')
            .and_then(|rest| Some((u8::from_str_radix(rest.get(..4)?, 16).ok()?, rest.get(4..)?)));
        match code {
            Some((code, rest)) if code.is_ascii_graphic() && !b"\"\\".contains(&code) => {
                plain.push(char::from(code));
                plain.push_str(rest);
            }
            Some(_) | None => {
                if !piece.starts_with('/') {
                    plain.push('\\');
                }
                plain.push_str(piece);
            }
        }
    }
    plain
}

fn redact_word(word: &str, ends: impl Fn(char) -> bool) -> String {
    let bare = word.trim_end_matches(ends);
    let end = word.get(bare.len()..).unwrap_or_default();
    let lower = bare.to_ascii_lowercase();
    let payload = lower.find("data:").and_then(|at| lower.get(at..)?.find(',').map(|comma| at.saturating_add(comma)));
    if let Some(comma) = payload {
        return format!("{},…{end}", bare.get(..comma).unwrap_or_default());
    }
    if lower.starts_with("key_") && bare.len() > 20 {
        return format!("key_{REDACTED}{end}");
    }
    if bare.contains("://") {
        return format!("{}{end}", redact_url(bare, QueryRedaction::Hidden));
    }
    format!("{}{end}", path::redact("", bare))
}

/// A URL in three: the scheme with its slashes, host and port, and the rest.
struct Parts<'a> {
    scheme: &'a str,
    host: String,
    rest: &'a str,
}

impl<'a> Parts<'a> {
    /// Takes a URL apart and leaves `user:password@` out, wherever the slashes are.
    fn of(text: &'a str) -> Self {
        let (scheme, rest) = scheme(text);
        let (authority, path) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
        if let Some((_, host)) = authority.rsplit_once('@') {
            let is_scheme = !scheme.ends_with(':') || is_known(scheme);
            // What stands before a colon may be the user as well: `user:password@host`.
            return Self { scheme: if is_scheme { scheme } else { "" }, host: host.to_owned(), rest: path };
        }
        if let Some((_, host)) = percent::decode(authority).rsplit_once('@') {
            let host = if is_host(host) { host } else { REDACTED };
            return Self { scheme, host: host.to_owned(), rest: path };
        }
        let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        match authority.rsplit_once(':') {
            // No port: a password that holds one of the signs that end an authority.
            Some((name, port)) if !is_port(port) && !authority.starts_with('[') => match behind_user(rest) {
                Some((host, rest)) => Self { scheme, host: host.to_owned(), rest },
                None => Self { scheme, host: format!("{name}:{REDACTED}"), rest: path },
            },
            Some(_) | None if scheme.ends_with(':') && !is_known(scheme) => {
                // `user:pass/word@host`, which reads as a scheme and a path.
                let behind = behind_user(rest).map(|(host, rest)| ("", host, rest));
                let (scheme, host, rest) = behind.unwrap_or((scheme, authority, path));
                Self { scheme, host: host.to_owned(), rest }
            }
            Some(_) | None => Self { scheme, host: authority.to_owned(), rest: path },
        }
    }
}

/// Splits what stands behind the last `@` into host and rest, for a password that holds a sign that ends an authority.
/// Where the `@` may as well stand in a query, as in `?mail=a@h.com&token=…`, all of it is hidden.
fn behind_user(text: &str) -> Option<(&str, &str)> {
    let (user, behind) = text.rsplit_once('@')?;
    let (host, rest) = behind.split_at(behind.find(['/', '\\', '?', '#']).unwrap_or(behind.len()));
    let path = rest.split('?').next().unwrap_or_default();
    let query = user.find(['?', '#']).and_then(|at| user.get(at..));
    let is_inside = query.is_some_and(|query| query.contains('=') || path.contains(['&', '=']));
    Some(if is_inside || !is_host(host) { (REDACTED, "") } else { (host, rest) })
}

/// Says whether a text has only what hosts and ports are made of.
fn is_host(text: &str) -> bool {
    text.chars().all(|letter| letter.is_alphanumeric() || ".-_:[]".contains(letter))
}

/// Says whether a scheme needs no slashes behind its colon to be one.
fn is_known(scheme: &str) -> bool {
    const SCHEMES: [&str; 6] = ["http", "https", "ftp", "ws", "wss", "runway"];
    let name = scheme.trim_end_matches(':').trim_start();
    SCHEMES.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Splits a text behind its scheme and the slashes that follow; the scheme is empty where there is none.
fn scheme(text: &str) -> (&str, &str) {
    let is_name =
        |name: &str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-. \t\r\n".contains(letter));
    let colon = text.find(':').filter(|at| text.get(..*at).is_some_and(is_name)).map_or(0, |at| at.saturating_add(1));
    let (scheme, rest) = text.split_at(colon);
    let slashes = rest.len().saturating_sub(rest.trim_start_matches(['/', '\\', '\t', '\r', '\n']).len());
    text.split_at(scheme.len().saturating_add(slashes))
}

/// Keeps the names of a query and hides the values. A part without a name is hidden whole, and so is one that only looks
/// as if it had one: a token in base64, with its own signs or at its end.
fn redact_query(query: &str) -> String {
    let is_name = |name: &str, value: &str| {
        let is_token = value.trim_matches('=').is_empty() && name.len() >= LONG;
        !is_token && !percent::decode(name).contains(['/', '+', '='])
    };
    let hide = |part: &str| match part.split_once('=') {
        Some((name, value)) if is_name(name, value) => format!("{name}={REDACTED}"),
        None if part.is_empty() => String::new(),
        Some(_) | None => REDACTED.to_owned(),
    };
    query.split('&').map(hide).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_what_may_be_secret() {
        let case = |text: &str, shown: &str| assert_eq!(redact_url(text, QueryRedaction::Hidden), shown, "{text}");
        case("https://h.com/a.png", "https://h.com/a.png");
        case("https://h.com/a?X-Amz-Signature=abc&x=1", "https://h.com/a?X-Amz-Signature=[redacted]&x=[redacted]");
        case("https://h.com/a?token", "https://h.com/a?[redacted]");
        case("https://h.com/a?dG9rZW4gb2YgaG9ub3Vy==", "https://h.com/a?[redacted]");
        case("https://h.com/a?download=", "https://h.com/a?download=[redacted]");
        case("https://h.com/a?to/k+en=x&a%5B0%5D=y", "https://h.com/a?[redacted]&a%5B0%5D=[redacted]");
        case("https://h.com/?&a=b", "https://h.com/?&a=[redacted]");
        case("https://user:pw@h.com/a", "https://h.com/a");
        case("https://user:p@w@h.com/a@b", "https://h.com/a@b");
        case("https:\\\\u:p@h.com\\a", "https:\\\\h.com\\a");
        case("https:u:p@h.com/a", "https:h.com/a");
        case("https://h.com/a#token=1", "https://h.com/a");
        case("https://h.com/a?b=c?d=e#f?g", "https://h.com/a?b=[redacted]");
        case("https://h.com:8443/a", "https://h.com:8443/a");
        case("https://[::1]/a", "https://[::1]/a");
        case("runway://a?x=y", "runway://a?x=[redacted]");
        case("nonsense", "nonsense");
        case("", "");
    }

    #[test]
    fn users_are_hidden_in_urls_that_are_written_wrong() {
        let case = |text: &str, shown: &str| assert_eq!(redact_url(text, QueryRedaction::Hidden), shown, "{text}");
        case("https://user:p/w@h.com/a", "https://h.com/a");
        case("https://user:p?w@h.com/a", "https://h.com/a");
        case("https://user:p#w@h.com/a?b=c", "https://h.com/a?b=[redacted]");
        case("https://user:p/w", "https://user:[redacted]/w");
        case("https://user%3Apw%40h.com/a", "https://h.com/a");
        case("https://user%253Apw%2540h.com/a", "https://h.com/a");
        case("user:pw@h.com/a?b=c", "h.com/a?b=[redacted]");
        case("user:p/w@h.com/a?b=c", "h.com/a?b=[redacted]");
        case("HTTPS:user:pw@h.com/a", "HTTPS:h.com/a");
        case("ab:cd/e?f=g", "ab:cd/e?f=[redacted]");
        case("//user:pw@h.com/a", "//h.com/a");
        case("https://h.com:8o80/a", "https://h.com:[redacted]/a");
        // An address of mail in a query is no user.
        case("https://h.com:PORT/a?mail=a@h.com&token=b", "https://[redacted]");
        case("https://h.com:PORT/a?a@h.com/b&token=c", "https://[redacted]");
        case("https://h.com:PORT/a?x#https://u@h.com:8443&token=b", "https://[redacted]");
        case("ab:cd/?e#f@h.com:8443&token=b", "[redacted]");
        case("ab:cd?e=f@h.com", "[redacted]");
        case("https://a%40h%3Ftoken=b", "https://[redacted]");
    }

    #[test]
    fn queries_are_shown_on_request_but_never_credentials() {
        assert_eq!(redact_url("https://u:p@h.com/?a=b#c", QueryRedaction::Shown), "https://h.com/?a=b");
    }

    #[test]
    fn a_path_with_a_query_is_a_url_without_its_scheme() {
        let case = |text: &str, shown: &str| assert_eq!(redact_path(text), shown, "{text}");
        case("h.com/a.png?X-Amz-Signature=abc#x", "h.com/a.png?X-Amz-Signature=[redacted]");
        case("a#b?c.png", "a#b?c.png");
        case("who? is this the name of a picture", "who? is this the name of a picture");
        case("what?.is.this.a.name.png", "what?.is.this.a.name.png");
        case("h.com/a.png?0123456789abcde", "h.com/a.png?0123456789abcde");
        case("h.com/a.png?0123456789abcdef", "h.com/a.png?[redacted]");
        case("h.com/a.png?a%3Db", "h.com/a.png?[redacted]");
        case("//u:p@h.com/a.png", "//h.com/a.png");
        case("photo@2x.png", "photo@2x.png");
        case("./a.png", "./a.png");
        case("https%3A%2F%2Fu%3Ap%40h.com%2Fa%3Fb%3Dc", "https%3A%2F%2Fh.com%2Fa%3Fb%3D[redacted]");
    }

    #[test]
    fn texts_lose_the_secrets_of_the_urls_in_them() {
        let case = |text: &str, shown: &str| assert_eq!(redact_text(text), shown, "{text}");
        case(
            "see <https://h.com/a?b=c> or (https://u:p@h.com)",
            "see <https://h.com/a?b=[redacted]> or (https://h.com)",
        );
        case("\"https:\\/\\/h.com\\/a?b=c\\u0026sig=d\"", "\"https://h.com/a?b=[redacted]&sig=[redacted]\"");
        case("\\u0068ttps:\\/\\/h.com?b\\u003Dc\\u0022\\n", "https://h.com?b=[redacted]\\u0022\\n");
        case("data:image/png;base64,AAAA x", "data:image/png;base64,… x");
        case("key_0123456789abcdef0", "key_[redacted]");
        case("key_0123456789abcdef", "key_0123456789abcdef");
        case("KEY_0123456789abcdef0", "key_[redacted]");
        case("next=https%3A%2F%2Fh.com%2Fa%3Fb%3Dc.", "next=https%3A%2F%2Fh.com%2Fa%3Fb%3D[redacted]");
        case("plain: words, and no more.", "plain: words, and no more.");
    }

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", Secret::new("canary")), REDACTED);
    }
}
