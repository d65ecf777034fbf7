//! A URL that parses.

use std::net::IpAddr;

use url::{Host, Url};

use crate::text::secret::Secret;

/// A URL that parses, and how its text differs from it.
#[derive(Clone, Debug)]
pub struct AssetUrl {
    url: Secret<Url>,
    /// True where the text does not have the form `https://…` that the schema requires, but parsers repair it.
    pub repaired: bool,
    /// True where the text contains tabs, line breaks or other control characters, which parsers remove.
    pub controls: bool,
}

impl AssetUrl {
    /// Creates one from a parsed URL and its text.
    pub(super) fn new(url: Url, text: &str) -> Self {
        // In the query and the fragment, backslashes are sent unchanged.
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let plain = text.starts_with("https://") && !text.starts_with("https:///") && !path.contains('\\');
        let repaired = url.scheme() == "https" && !plain;
        Self { url: Secret::new(url), repaired, controls: text.chars().any(char::is_control) }
    }

    /// Returns the URL; never to be printed.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.url.expose()
    }

    /// Returns the host if it is an IP address.
    #[must_use]
    pub fn literal(&self) -> Option<IpAddr> {
        match self.url().host()? {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(_) => None,
        }
    }

    /// Returns the decoded value of a query parameter, whatever the case of its name; never to be printed.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.url().query_pairs();
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    }

    /// Returns the domain without a trailing dot; `None` for an IP address or no host.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        self.url().domain().map(|domain| domain.strip_suffix('.').unwrap_or(domain))
    }

    /// Reports whether the URL contains a user name or password.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        !self.url().username().is_empty() || self.url().password().is_some()
    }
}
