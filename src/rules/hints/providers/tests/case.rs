//! A response in the documented form of a provider, and the hint that follows.

use crate::asset::{Asset, Target};
use crate::finding::{Finding, Transport};
use crate::media::{ContentState, Format};
use crate::observation::{Headers, Observation, RequestOutcome, ResponseHead};
use crate::rules::{CheckContext, Expectations, RuleSet, evaluate};
use crate::text::untrusted::UntrustedText;

/// A response: the URL, the status of HEAD and GET, headers, the bytes of an error page, the format of the bytes.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) url: &'static str,
    pub(super) status: (u16, u16),
    pub(super) fields: &'static [(&'static str, &'static str)],
    pub(super) body: &'static str,
    pub(super) format: Option<Format>,
    /// The code of the finding with the hint, and the beginning of that hint.
    pub(super) code: &'static str,
    pub(super) hint: &'static str,
}

impl Case {
    fn findings(self) -> Vec<Finding> {
        let asset = Asset::new(self.url);
        let target = Target::parse(&asset);
        let answer = |status: u16| {
            let fields = self.fields.iter().map(|(name, value)| ((*name).to_owned(), UntrustedText::from(*value)));
            let snippet = (!self.body.is_empty()).then(|| UntrustedText::from(self.body));
            let elapsed = std::time::Duration::from_millis(9);
            let headers = Headers::new(fields.collect());
            RequestOutcome::Response(ResponseHead {
                status,
                headers,
                elapsed,
                body_snippet: snippet,
                total_length: None,
                anomalies: Vec::new(),
            })
        };
        let state = match self.format {
            Some(format) => ContentState::Incomplete { format },
            None => ContentState::NotSeen,
        };
        let (head, get) = (answer(self.status.0), answer(self.status.1));
        let observation =
            Observation { head, get, content: state, observed_at: Some(1_795_293_180), ..Observation::default() };
        let (expectations, rules) = (Expectations::default(), RuleSet::embedded());
        let context = CheckContext {
            rules,
            asset: &asset,
            target: &target,
            expectations: &expectations,
            observation: &observation,
            transport: Transport::Url,
            guessed_type: None,
        };
        evaluate(crate::finding::Stage::Response, &context)
    }

    pub(super) fn hint(self) -> String {
        let findings = self.findings();
        let found = findings.iter().find(|finding| finding.code() == self.code);
        found.map_or_else(|| format!("no {}: {findings:?}", self.code), |finding| finding.hint.clone())
    }
}

const BAD: &str = "unsupported-content-type";
const STATUS: &str = "http-status";
pub(super) const TYPE: &[(&str, &str)] = &[("content-type", "binary/octet-stream"), ("content-length", "9")];
const HTML: &[(&str, &str)] = &[("content-type", "text/html"), ("content-length", "9")];

/// A wrong type of a PNG image.
pub(super) const fn typed(
    url: &'static str,
    fields: &'static [(&'static str, &'static str)],
    hint: &'static str,
) -> Case {
    Case { url, status: (200, 200), fields, body: "", format: Some(Format::Png), code: BAD, hint }
}

/// A web page in place of the asset.
pub(super) const fn page(url: &'static str, hint: &'static str) -> Case {
    Case { format: Some(Format::Html), ..typed(url, HTML, hint) }
}

/// A status, with headers and the text of the page.
pub(super) const fn status(
    url: &'static str,
    status: u16,
    fields: &'static [(&'static str, &'static str)],
    body: &'static str,
    hint: &'static str,
) -> Case {
    Case { url, status: (status, status), fields, body, format: None, code: STATUS, hint }
}

/// HEAD is rejected where GET succeeds.
pub(super) const fn headless(url: &'static str, hint: &'static str) -> Case {
    Case { status: (403, 200), ..status(url, 403, &[("content-type", "image/png"), ("content-length", "9")], "", hint) }
}

/// A missing length.
pub(super) const fn endless(
    url: &'static str,
    fields: &'static [(&'static str, &'static str)],
    hint: &'static str,
) -> Case {
    Case { code: "missing-content-length", ..typed(url, fields, hint) }
}

/// A compressed response.
pub(super) const fn coded(fields: &'static [(&'static str, &'static str)], hint: &'static str) -> Case {
    Case { code: "content-encoded", ..typed(CDN, fields, hint) }
}

/// HEAD is rejected by a web server.
pub(super) const fn headed(fields: &'static [(&'static str, &'static str)], hint: &'static str) -> Case {
    Case { status: (405, 200), ..status(CDN, 405, fields, "", hint) }
}

/// A redirect to the same URL.
pub(super) const fn looped(fields: &'static [(&'static str, &'static str)], hint: &'static str) -> Case {
    status(CDN, 301, fields, "", hint)
}

pub(super) const NGINX: &[(&str, &str)] =
    &[("content-type", "application/x-png"), ("content-length", "9"), ("server", "nginx/1.27")];
pub(super) const APACHE: &[(&str, &str)] =
    &[("content-type", "application/x-png"), ("content-length", "9"), ("server", "Apache")];
/// A URL without an extension.
pub(super) const BARE: &str = "https://cdn.h.com/files/picture";

pub(super) const S3: &str = "https://b.s3.eu-west-1.amazonaws.com/a/b.png";
pub(super) const S3_SIGNED: &str = "https://b.s3.eu-west-1.amazonaws.com/a/b.png?X-Amz-Signature=abcdef";
pub(super) const STORE: &str = "https://store.h.com:9000/b/a/c.png?X-Amz-Signature=abcdef";
pub(super) const AZURE: &str = "https://acct.blob.core.windows.net/c/a.png";
pub(super) const CDN: &str = "https://cdn.h.com/a.png";
pub(super) const GITHUB: &str = "https://github.com/o/r/blob/main/a.png";
