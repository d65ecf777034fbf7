//! What the engine passes to the outputs: findings, verdicts, one report per asset, and the summary of a run.

use std::sync::Arc;
use std::time::Duration;

use crate::asset::Location;
use crate::finding::{Finding, Lint, Severity, Transport, Verdict};
use crate::media::Kind;
use crate::observation::Observation;
use crate::text::untrusted::UntrustedText;
use crate::units::Dimensions;

pub mod diagnosis;
pub mod excerpt;
pub mod explanation;
pub mod failure;
#[cfg(feature = "fix")]
pub mod fix_report;
pub mod picture;
pub mod request_report;
pub mod rule_change;

use excerpt::Excerpt;

/// How many characters of a field are shown.
const FIELD_CHARACTERS: usize = 1024;

/// How an asset is delivered: by a transport, or as a local file that has not been sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// No asset at all: another value of a request body.
    Body,
    /// By this transport.
    Sent(Transport),
    /// A local file, checked for each transport.
    File,
}

impl Delivery {
    /// Returns the name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Sent(transport) => transport.name(),
            Self::File => "file",
        }
    }
}

/// The request body that contains an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestContext {
    /// The body's index in the run, counted from 0.
    pub index: u64,
    /// True if the API would not reach this asset, because the schema errors have to be fixed first.
    pub blocked_by_schema: bool,
}

/// Everything about one asset, or about one other value of a request body.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its index among the assets of the run, counted from 0.
    pub index: u64,
    /// The request body that contains it, if any.
    pub request: Option<RequestContext>,
    /// Its text, without secrets.
    pub asset: UntrustedText,
    /// Its location in a list or body.
    pub location: Option<Location>,
    /// In a request body: the source line around it.
    pub excerpt: Option<Excerpt>,
    /// The request field it is meant for.
    pub field: Option<UntrustedText>,
    /// The kind it was checked as.
    pub kind: Option<Kind>,
    /// The size whose ratio the API cuts a picture to, where the request states one.
    pub crop_to: Option<Dimensions>,
    /// How it is delivered.
    pub transport: Delivery,
    /// What the API would do with it.
    pub verdict: Verdict,
    /// What was found, in the API's order of checks.
    pub findings: Vec<Finding>,
    /// For a local file: the verdict for each transport.
    pub by_transport: Vec<(Transport, Verdict)>,
    /// What was observed; shared by all assets with the same URL.
    pub observed: Arc<Observation>,
}

impl Report {
    /// Returns whether the asset was accepted without a request, by its address alone.
    #[must_use]
    pub fn is_not_fetched(&self) -> bool {
        self.verdict == Verdict::Accepted
            && self.findings.iter().any(|finding| finding.code() == Lint::NotFetched.info().code)
    }

    /// Reports whether the API would reach this only after the schema errors of the body are fixed.
    #[must_use]
    pub fn is_blocked_by_schema(&self) -> bool {
        self.request.is_some_and(|within| within.blocked_by_schema)
    }

    /// Returns the finding that the API would report, or else the first error.
    #[must_use]
    pub fn api_finding(&self) -> Option<&Finding> {
        let rejecting = || self.findings.iter().find(|finding| finding.severity == Severity::Error);
        self.findings.iter().find(|finding| finding.is_api_finding).or_else(rejecting)
    }

    /// Puts the field before a sentence, as the API's messages do: `promptImage: Invalid URL`.
    #[must_use]
    pub fn prefixed(&self, sentence: &str) -> String {
        match &self.field {
            Some(field) => format!("{}: {sentence}", field.escaped_up_to(FIELD_CHARACTERS)),
            None => sentence.to_owned(),
        }
    }
}

/// The counts of a run over assets, or over request bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Assets, or bodies, that the API would accept.
    pub accepted: u64,
    /// Those that it would reject.
    pub rejected: u64,
    /// Those that could not be decided.
    pub undecided: u64,
    /// Those among the accepted ones that were not fetched.
    pub not_fetched: u64,
    /// For a run over request bodies: the number of assets in them. `None` if the run counted assets.
    pub assets_in_requests: Option<u64>,
    /// Time from the start of the run to the last verdict.
    pub elapsed: Duration,
    /// True where the run was stopped before the end.
    pub incomplete: bool,
}

impl Summary {
    /// Counts one more verdict.
    pub fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Accepted => self.accepted += 1,
            Verdict::Undecided => self.undecided += 1,
            Verdict::Rejected => self.rejected += 1,
        }
    }

    /// Adds the counts of another run; `elapsed` and `incomplete` stay those of this one.
    pub const fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.undecided += other.undecided;
        self.not_fetched += other.not_fetched;
        if let (Some(within), Some(others)) = (&mut self.assets_in_requests, other.assets_in_requests) {
            *within += others;
        }
    }

    /// Returns how many assets, or bodies, were checked.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.accepted + self.rejected + self.undecided
    }

    /// Returns the verdict over all: rejected before undecided before accepted.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        if self.rejected > 0 {
            Verdict::Rejected
        } else if self.undecided > 0 {
            Verdict::Undecided
        } else {
            Verdict::Accepted
        }
    }
}
