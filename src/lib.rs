//! Says beforehand what Runway's API would say about an asset: the reason of a `400 Bad Request` in the API's own
//! words, then what was seen, why, and how to mend it. No API key is needed, and none is read.
//!
//! ```
//! use runway_preflight::{Asset, Verdict, preflight};
//!
//! # fn main() -> std::io::Result<()> {
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let report = runtime.block_on(preflight(Asset::new("http://cdn.example.com/photo.png")));
//!
//! assert_eq!(report.verdict, Verdict::Rejected);
//! assert_eq!(report.first().map(|finding| finding.sentence()).as_deref(), Some("Only HTTPS URLs are allowed."));
//! # Ok(())
//! # }
//! ```
//!
//! [`Engine`] does the same for many assets at once, with the options and the reach that the caller chooses; it hands on
//! each report, in order, as soon as it is known. [`Output`] writes them in any format of the program.
//!
//! ```
//! use std::future::pending;
//! use std::ops::ControlFlow;
//!
//! use runway_preflight::{Asset, Engine, Options, Reach, Report, Rules, Senses, Verdict};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let options = Options { offline: true, ..Options::default() };
//! let engine = Engine::new(Senses::new(Reach::default())?, Rules::embedded(), options);
//! let assets = ["https://cdn.example.com/a.png", "https://11.22.33.44/b.png"].map(Asset::new);
//! let mut verdicts = Vec::new();
//! let sink = |report: Report| {
//!     verdicts.push(report.verdict);
//!     ControlFlow::Continue(())
//! };
//! let summary = runtime.block_on(engine.run(futures_util::stream::iter(assets), pending(), sink));
//!
//! assert_eq!((summary.accepted, summary.rejected), (1, 1));
//! assert_eq!(verdicts, [Verdict::Accepted, Verdict::Rejected]);
//! # Ok(())
//! # }
//! ```
//!
//! [`RequestChecker`] judges whole request bodies, and says what the API would answer:
//!
//! ```
//! use std::future::{pending, ready};
//! use std::ops::ControlFlow;
//!
//! use crate::request::EMBEDDED;
//! use runway_preflight::{Answer, Bodies, Body, Document, Options, Outside, Reach, Rules, Senses};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let text = br#"{"model": "gen4_turbo", "promptImage": "http://h.com/a.png", "ratio": "1280:720"}"#;
//! let body = Body { file: Outside::from("request.json"), document: Document::read(text)? };
//! let options = Options { offline: true, ..Options::default() };
//! let bodies = Bodies::new(Senses::new(Reach::default())?, Rules::embedded(), &EMBEDDED, None, options);
//! let mut answer = None;
//! let each = |judged: Result<_, _>| {
//!     answer = judged.map(|request: runway_preflight::RequestReport| request.answer).ok();
//!     ControlFlow::Continue(())
//! };
//! runtime.block_on(bodies.run(futures_util::stream::once(ready(body)), pending(), each));
//!
//! let Some(Answer::Refused(body)) = answer else { panic!("the API refuses it") };
//! assert_eq!(body["issues"][0]["message"], "Only HTTPS URLs are allowed.");
//! # Ok(())
//! # }
//! ```
//!
//! [`explain`](mod@explain) reads what the API has answered:
//!
//! ```
//! use crate::explain::explain;
//! use crate::report::failure::Retry;
//!
//! let found = explain(r#"{"status": "FAILED", "failure": "Flagged.", "failureCode": "SAFETY.INPUT.TEXT"}"#);
//! assert_eq!((found[0].retry, found[0].credits_refunded), (Some(Retry::Never), Some(false)));
//! ```
//!
//! # The plan of the house
//!
//! Data goes up the floors and never back; `tests/architecture.rs` holds the plan as a table and checks it.
//!
//! | floor | rooms | what happens there |
//! |---|---|---|
//! | 4, the door | `main`, `cli` | words typed become assets and options; the exit code |
//! | 3, outputs | [`output`] | reports become text, lines, JSON, annotations, `JUnit`, SARIF, Markdown |
//! | 2, engine | [`preflight`](mod@preflight), [`diagnose`], [`body`], [`explain`](mod@explain), [`list`] | assets and request bodies become reports: many at once, in order, in flat memory |
//! | 1a, judgement | [`rules`] | what was seen becomes findings; pure, and its numbers are data |
//! | 1b, senses | [`probe`] | URLs, files and data URIs become what was seen; no opinion |
//! | 0, words | [`units`], [`outside`], [`network`], [`media`], [`data_uri`], [`secret`], [`shell`], [`entry`], [`reason`], [`remark`], [`trouble`], [`trace`], [`observation`], [`asset`], [`report`], [`diagnosis`], [`request`], [`row`], [`meaning`] | what all the others speak of |
//!
//! Judgement and senses are neighbours with no door between them: they meet only in [`observation`].

pub mod asset;
#[cfg(feature = "cli")]
mod cli;
pub mod data_uri;
pub mod diagnose;
pub mod engine;
pub mod explain;
pub mod fetch;
pub mod finding;
pub mod media;
pub mod observation;
pub mod output;
pub mod report;
pub mod request;
pub mod rules;
#[cfg(feature = "serve")]
mod serve;
pub mod special_ip;
pub mod text;
pub mod units;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub use cli::run;

pub use asset::list::List;
pub use asset::{Asset, Location, Target, path as local_path};
pub use engine::{Counters, Engine, Ignored, Options, RUNWAY_TIMEOUT, ReportHandler, preflight};
pub use fetch::{
    Depth, LiveProbe, NetworkOptions, NetworkOptionsError, Probe, ProbeOptions, ResolveOverride, TracingProbe,
    guessed_type,
};
pub use finding::code::{CodeInfo, Confidence, Severity, Stage};
pub use finding::lint::Lint;
pub use finding::reason::Reason;
pub use finding::{Finding, Transport, Verdict};
pub use media::{Kind, Media};
pub use observation::Observation;
pub use output::fingerprint::RunFingerprint;
pub use output::resume_log::{AssetLine, RequestLine, ResumeLog, ResumeLogError};
pub use output::{Output, OutputFormat, RulesOrigin, RunInfo, Style, Verbosity};
pub use report::diagnosis::Diagnosis;
pub use report::request_report::{Issue, PredictedResponse, RequestReport};
pub use report::{Delivery, Report, RequestContext, Summary};
pub use request::checker::{EndpointError, RequestChecker, RequestInput, RequestOutline};
pub use request::document::{Document, DocumentError, LONGEST as LONGEST_BODY};
pub use rules::{Expectations, RuleSet};
pub use special_ip::Net;
pub use text::secret::QueryRedaction;
pub use text::untrusted::UntrustedText;
pub use units::{Bytes, Dimensions, Ratio, RatioWindow, Thousandths, parse_duration};
