//! What the engine hands to the outputs: findings, verdicts, one report an asset, and the summary of a run.

use std::time::Duration;

use crate::asset::Place;
use crate::finding::code::{Confidence, Entry, Severity, Stage};
use crate::finding::lint::Remark;
use crate::finding::reason::Reason;
use crate::media::Kind;
use crate::observation::Observation;
use crate::text::untrusted::Outside;

/// One thing found about an asset.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is.
    pub what: What,
    /// How much it weighs here.
    pub severity: Severity,
    /// How sure it is here.
    pub confidence: Confidence,
    /// True for the one that the API would answer first.
    pub first: bool,
    /// For a local file: the way of sending that it is about; `None` where it holds for every way.
    pub way: Option<Way>,
    /// What was seen, and the cause, as a sentence; text from outside is escaped in it.
    pub detail: String,
    /// How to mend it.
    pub hint: String,
}

/// What a finding is: a refusal in the API's words, or a remark of ours.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum What {
    /// The API has a sentence for it.
    Reason(Reason),
    /// The schema of the request refuses a value, in these words of the API's validator.
    Schema(Outside),
    /// It is ours. `implies` is the API's answer that follows from it, where one does.
    Remark {
        /// What we remark.
        remark: Remark,
        /// The API's answer that follows.
        implies: Option<Reason>,
    },
}

impl Finding {
    /// Starts a finding in the API's words, with the usual weight and hint.
    #[must_use]
    pub fn reason(reason: Reason, detail: impl Into<String>) -> Self {
        let entry = reason.entry();
        Self::new(What::Reason(reason), entry, detail.into())
    }

    /// Starts a remark of ours, with the usual weight and hint.
    #[must_use]
    pub fn remark(remark: Remark, detail: impl Into<String>) -> Self {
        Self::new(What::Remark { remark, implies: None }, remark.entry(), detail.into())
    }

    /// Starts a refusal by the schema of the request.
    #[must_use]
    pub fn schema(message: Outside, detail: impl Into<String>) -> Self {
        Self::new(What::Schema(message), SCHEMA, detail.into())
    }

    fn new(what: What, entry: Entry, detail: String) -> Self {
        let Entry { severity, confidence, hint, .. } = entry;
        Self { what, severity, confidence, first: false, way: None, detail, hint: hint.to_owned() }
    }

    /// Adds the API's answer that follows from a remark.
    #[must_use]
    pub fn implying(mut self, reason: Reason) -> Self {
        if let What::Remark { implies, .. } = &mut self.what {
            *implies = Some(reason);
        }
        self
    }

    /// Replaces the weight.
    #[must_use]
    pub fn weighing(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Replaces the confidence.
    #[must_use]
    pub fn with_confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Replaces the hint.
    #[must_use]
    pub fn mended_by(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Returns the row of what it is.
    #[must_use]
    pub fn entry(&self) -> Entry {
        match &self.what {
            What::Reason(reason) => reason.entry(),
            What::Schema(_) => SCHEMA,
            What::Remark { remark, .. } => remark.entry(),
        }
    }

    /// Returns the public code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.entry().code
    }

    /// Returns the API's refusal of an asset, its own or the one that follows.
    #[must_use]
    pub fn refusal(&self) -> Option<&Reason> {
        match &self.what {
            What::Reason(reason) => Some(reason),
            What::Schema(_) => None,
            What::Remark { implies, .. } => implies.as_ref(),
        }
    }

    /// Says whether the API has a sentence for it.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        match &self.what {
            What::Reason(_) | What::Schema(_) => true,
            What::Remark { implies, .. } => implies.is_some(),
        }
    }

    /// Returns the sentence that stands for it: the API's where there is one, else ours.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.what {
            What::Schema(message) => message.shown_up_to(MESSAGE_CHARACTERS).to_string(),
            What::Reason(_) | What::Remark { .. } => {
                self.refusal().map_or_else(|| self.entry().title.to_owned(), ToString::to_string)
            }
        }
    }
}

/// What is known of every refusal by the schema of a request.
pub const SCHEMA: Entry = Entry {
    code: "schema",
    stage: Stage::Body,
    severity: Severity::Error,
    confidence: Confidence::Documented,
    docs: "https://docs.dev.runwayml.com/api",
    title: "The schema of the request refuses a value.",
    hint: "",
};

/// How many characters of a message are shown: more than the longest list of choices that is published.
const MESSAGE_CHARACTERS: usize = 8192;

/// How many characters of a field are shown.
const FIELD_CHARACTERS: usize = 1024;

/// A way to hand an asset to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// An HTTPS URL.
    Url,
    /// A data URI.
    DataUri,
    /// An upload, named by its `runway://` URI.
    Upload,
}

impl Way {
    /// Every way, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Url, Self::DataUri, Self::Upload];

    /// Returns the name used in JSON and flags.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::DataUri => "data-uri",
            Self::Upload => "upload",
        }
    }
}

/// What would become of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The API would take it, as far as can be seen from outside.
    Accepted,
    /// Something that decides could not be seen.
    Undecided,
    /// The API would refuse it.
    Rejected,
}

impl Verdict {
    /// Returns the name used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Undecided => "undecided",
            Self::Rejected => "rejected",
        }
    }

    /// Decides from findings: one error rejects, else one that hides leaves it undecided.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let worst = findings.iter().map(|finding| finding.severity).min();
        match worst {
            Some(Severity::Error) => Self::Rejected,
            Some(Severity::Undecided) => Self::Undecided,
            Some(Severity::Warning | Severity::Note) | None => Self::Accepted,
        }
    }
}

/// How an asset is handed over: one of the ways, or a local file that has not been sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// No asset at all: another value of a request body.
    Body,
    /// As it stands.
    Sent(Way),
    /// A local file, judged for each way.
    File,
}

impl Transport {
    /// Returns the name used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Sent(way) => way.name(),
            Self::File => "file",
        }
    }
}

/// The request body that an asset stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// The body's place among those of the run, counted from 0.
    pub index: u64,
    /// True where the API would not come as far as this asset: the body has to be mended first.
    pub later: bool,
}

/// Everything about one asset, or about one other value of a request body.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its place among the assets of the run, counted from 0.
    pub index: u64,
    /// The request body it stands in, if any.
    pub request: Option<Within>,
    /// Its text, without secrets.
    pub asset: Outside,
    /// Where it stood.
    pub place: Option<Place>,
    /// The request field it is meant for.
    pub field: Option<Outside>,
    /// The kind it was judged as.
    pub kind: Option<Kind>,
    /// How it is handed over.
    pub transport: Transport,
    /// What would become of it.
    pub verdict: Verdict,
    /// What was found, in the API's order of checks.
    pub findings: Vec<Finding>,
    /// For a local file: what would become of it by each way.
    pub ways: Vec<(Way, Verdict)>,
    /// What was seen.
    pub observed: Observation,
}

impl Report {
    /// Says whether the API would come as far as this only once the request body is mended.
    #[must_use]
    pub fn is_later(&self) -> bool {
        self.request.is_some_and(|within| within.later)
    }

    /// Returns the finding that the API would answer first, or the first one that rejects.
    #[must_use]
    pub fn first(&self) -> Option<&Finding> {
        let rejecting = || self.findings.iter().find(|finding| finding.severity == Severity::Error);
        self.findings.iter().find(|finding| finding.first).or_else(rejecting)
    }

    /// Puts the field before a sentence, as the API's messages do: `promptImage: Invalid URL`.
    #[must_use]
    pub fn prefixed(&self, sentence: &str) -> String {
        match &self.field {
            Some(field) => format!("{}: {sentence}", field.shown_up_to(FIELD_CHARACTERS)),
            None => sentence.to_owned(),
        }
    }
}

/// The count of a run over assets, or over request bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Assets, or bodies, the API would take.
    pub accepted: u64,
    /// Those it would refuse.
    pub rejected: u64,
    /// Those that could not be decided.
    pub undecided: u64,
    /// Of a run over request bodies: how many assets stood in them. `None` where assets themselves were counted.
    pub within: Option<u64>,
    /// Time from the first to the last verdict.
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

    /// Adds what another run has counted. The time is this one's, and so is whether it came to its end.
    pub const fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.undecided += other.undecided;
        if let (Some(within), Some(others)) = (&mut self.within, other.within) {
            *within += others;
        }
    }

    /// Returns how many assets, or bodies, were judged.
    #[must_use]
    pub const fn judged(&self) -> u64 {
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
