//! The URLs of a provider, as patterns: `{bucket}.s3.{region}.amazonaws.com/{key}`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::asset::AssetUrl;

/// A URL with placeholders.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct UrlPattern {
    labels: Vec<Component>,
    /// The segments of the path; `None` where any path matches.
    path: Option<Vec<Component>>,
    /// The number of literal characters.
    pub(super) length: usize,
}

/// A label of a host, or a segment of a path.
#[derive(Debug)]
enum Component {
    Literal(String),
    Placeholder(String),
}

/// The values of the placeholders, percent-encoded.
pub(super) type PlaceholderValues = BTreeMap<String, String>;

impl UrlPattern {
    /// Matches a URL: returns the values of the placeholders if it matches.
    pub(super) fn values(&self, url: &AssetUrl) -> Option<PlaceholderValues> {
        let mut values = PlaceholderValues::new();
        // From the right, because customers choose the labels on the left.
        let labels: Vec<&str> = url.domain()?.rsplit('.').collect();
        let parts: Vec<&Component> = self.labels.iter().rev().collect();
        fit(&labels, &parts, ".", true, &mut values)?;
        if let Some(path) = &self.path {
            let parts: Vec<&str> = url.url().path().trim_start_matches('/').split('/').collect();
            fit(&parts, &path.iter().collect::<Vec<_>>(), "/", false, &mut values)?;
        }
        Some(values)
    }
}

/// Matches texts against parts one by one; a placeholder at the end matches the rest, which must not be empty.
fn fit(
    texts: &[&str],
    parts: &[&Component],
    joint: &str,
    reversed: bool,
    values: &mut PlaceholderValues,
) -> Option<()> {
    let (last, parts) = parts.split_last()?;
    let (first, rest) = texts.split_at_checked(parts.len())?;
    for (text, part) in first.iter().zip(parts) {
        match part {
            Component::Literal(literal) if text.eq_ignore_ascii_case(literal) => {}
            Component::Literal(_) => return None,
            Component::Placeholder(name) => {
                values.insert(name.clone(), (*text).to_owned()).is_none().then_some(())?;
            }
        }
    }
    match (last, rest) {
        (Component::Literal(literal), [text]) if text.eq_ignore_ascii_case(literal) => Some(()),
        (Component::Literal(_), _) => None,
        (Component::Placeholder(name), rest) => {
            let ordered: Vec<&str> = if reversed { rest.iter().rev().copied().collect() } else { rest.to_vec() };
            let value = ordered.join(joint);
            (!value.is_empty()).then(|| values.insert(name.clone(), value)).map(drop)
        }
    }
}

impl TryFrom<String> for UrlPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (host, path) = text.split_once('/').map_or((text.as_str(), None), |(host, path)| (host, Some(path)));
        let read = |text: &str, joint: char| text.split(joint).map(component).collect::<Result<Vec<_>, _>>();
        let (labels, path) = (read(host, '.')?, path.map(|path| read(path, '/')).transpose()?);
        let literals = labels.iter().chain(path.iter().flatten()).map(|part| match part {
            Component::Literal(literal) => literal.len(),
            Component::Placeholder(_) => 0,
        });
        let length = literals.sum();
        match labels.as_slice() {
            [.., Component::Literal(_), Component::Literal(_)] => Ok(Self { labels, path, length }),
            _ => Err(format!("{text}: the last two labels of a host must be literal")),
        }
    }
}

fn component(text: &str) -> Result<Component, String> {
    let inside = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match inside {
        Some(name) if !name.is_empty() => Ok(Component::Placeholder(name.to_owned())),
        None if !text.is_empty() && !text.contains(['{', '}']) => Ok(Component::Literal(text.to_owned())),
        Some(_) | None => Err(format!("{text}: neither a literal nor a placeholder")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::{Asset, Target};

    fn fits(pattern: &str, url: &str) -> Option<String> {
        let pattern = UrlPattern::try_from(pattern.to_owned()).expect(pattern);
        let Target::Url(address) = Target::parse(&Asset::new(url)) else { panic!("{url}") };
        let values = pattern.values(&address)?;
        Some(values.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn placeholders_match_labels_and_segments() {
        let case = |pattern: &str, url: &str, expected: Option<&str>| {
            assert_eq!(fits(pattern, url).as_deref(), expected, "{pattern} {url}");
        };
        let s3 = "{bucket}.s3.{region}.amazonaws.com/{key}";
        case(
            s3,
            "https://b.s3.eu-west-1.amazonaws.com/a/b%20c.png?x=y",
            Some("bucket=b key=a/b%20c.png region=eu-west-1"),
        );
        case(s3, "https://my.own.b.S3.eu-west-1.AmazonAWS.com./k", Some("bucket=my.own.b key=k region=eu-west-1"));
        case(s3, "https://s3.eu-west-1.amazonaws.com/k", None);
        case(s3, "https://b.s3.eu-west-1.amazonaws.com/", None);
        case("s3.amazonaws.com/{bucket}/{key}", "https://s3.amazonaws.com/b/k/l", Some("bucket=b key=k/l"));
        case("s3.amazonaws.com/{bucket}/{key}", "https://s3.amazonaws.com/b", None);
        case("h.com", "https://h.com/any", Some(""));
        case("h.com", "https://a.h.com/", None);
        case("h.com/a/{p}", "https://h.com/b/c", None);
    }

    #[test]
    fn look_alikes_do_not_fit() {
        for url in [
            "https://b.s3.amazonaws.com.example.org/k",
            "https://evil-s3.amazonaws.com/k",
            "https://b.evil-s3.amazonaws.com/k",
            "https://amazonaws.com/b.s3.amazonaws.com/k",
            "https://b.s3.amazonaws.com.evil/k",
            "https://b.s3-amazonaws.com/k",
        ] {
            assert_eq!(fits("{bucket}.s3.amazonaws.com/{key}", url), None, "{url}");
        }
    }

    #[test]
    fn patterns_that_match_too_much_are_rejected() {
        for text in ["", "com", "{host}", "{host}.com", "h.{tld}", "h.com/", "h.com/a{b}", "a..com", "h.com/{}"] {
            assert!(UrlPattern::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
