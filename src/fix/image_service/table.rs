//! The table of image services: rows of `services.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use url::Url;

use crate::rules::limits::RuleSource;

/// The rows, in the order in which they are tried.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceTable {
    service: Vec<Service>,
}

/// One service: how its URLs are recognized and rewritten.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    /// The name of the service.
    pub(super) name: String,
    hosts: Vec<String>,
    /// A text that the path contains.
    #[serde(default)]
    pub(super) path: String,
    pub(super) placement: Placement,
    /// Where a suffix begins.
    pub(super) cut: Option<String>,
    /// The end of a suffix.
    pub(super) end: Option<String>,
    pub(super) exact: Option<String>,
    pub(super) within: String,
    pub(super) pad: Option<String>,
    #[serde(default)]
    pub(super) gravity: BTreeMap<String, String>,
    pub(super) format: Option<String>,
    /// The service's names of formats, keyed by ours.
    #[serde(default)]
    pub(super) formats: BTreeMap<String, String>,
    pub(super) quality: Option<String>,
    /// Parameters or options that are replaced.
    #[serde(default)]
    pub(super) drops: Vec<String>,
    /// The parameter that signs the others.
    pub(super) signature: Option<String>,
    signed_path: Option<String>,
    /// The only widths that are served; empty: all.
    #[serde(default)]
    pub(super) widths: Vec<u32>,
    /// A part of the path, and its replacement.
    pub(super) replace: Option<[String; 2]>,
    pub(super) max_side: u32,
    /// The documentation of the transformation.
    pub(super) source: RuleSource,
}

/// The position of a transformation in the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Placement {
    Query,
    Chain,
    Options,
    Suffix,
}

/// Returns the longest side that the service of a URL delivers; `None` for an unknown service.
pub(crate) fn max_side(url: &Url) -> Option<u32> {
    Service::of(url).map(|service| service.max_side)
}

const TEXT: &str = include_str!("services.toml");

impl Service {
    /// Returns the service that a URL belongs to.
    pub(super) fn of(url: &Url) -> Option<&'static Self> {
        static TABLE: LazyLock<ServiceTable> = LazyLock::new(|| {
            // A test parses the table, so the fallback is never used.
            toml::from_str(TEXT).unwrap_or(ServiceTable { service: Vec::new() })
        });
        TABLE.service.iter().find(|service| service.knows(url))
    }

    fn knows(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let named = |pattern: &String| match pattern.strip_prefix('*') {
            Some(ending) => host.len() > ending.len() && host.ends_with(ending),
            None => host == pattern,
        };
        self.hosts.iter().any(named) && url.path().contains(&self.path)
    }

    /// Returns whether the URL has a signature that covers the transformation.
    pub(super) fn is_signed(&self, url: &Url) -> bool {
        let by_path = self.signed_path.as_ref().is_some_and(|text| url.path().contains(text));
        by_path || self.signature.as_ref().is_some_and(|name| url.query_pairs().any(|(key, _)| key == **name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_valid() {
        let table: ServiceTable = toml::from_str(TEXT).expect("TOML");
        assert_eq!(table.service.len(), 8);
        for service in table.service {
            let source = service.source;
            assert!(source.page.starts_with("https://") && source.date.len() == 10, "{}", service.name);
        }
    }

    #[test]
    fn hosts_are_compared_by_whole_labels() {
        let service = |url: &str| Service::of(&Url::parse(url).expect("a URL")).map(|service| service.name.as_str());
        assert_eq!(service("https://acme.imgix.net/a.png"), Some("imgix"));
        assert_eq!(service("https://imgix.net.example.com/a.png"), None);
        assert_eq!(service("https://evilimgix.net/a.png"), None);
        assert_eq!(service("https://example.com/cdn-cgi/image/width=80/a.png"), Some("Cloudflare Images"));
        assert_eq!(service("https://res.cloudinary.com/acme/raw/upload/a.png"), None);
    }
}
