//! Checks images, videos and audio before they are sent to Runway's API: the library predicts the reason of a
//! `400 Bad Request` in the API's own words, and adds what the API leaves out: what was found, why it was rejected and
//! how to fix it. No API key is needed, and none is read.
//!
//! ```
//! use runway_preflight::{Asset, Verdict, preflight};
//!
//! # fn main() -> std::io::Result<()> {
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let report = runtime.block_on(preflight(Asset::new("http://cdn.example.com/photo.png")));
//!
//! assert_eq!(report.verdict, Verdict::Rejected);
//! let message = report.api_finding().map(|finding| finding.message());
//! assert_eq!(message.as_deref(), Some("Only HTTPS URLs are allowed."));
//! # Ok(())
//! # }
//! ```
//!
//! [`Engine`] checks many assets concurrently, with the options and the network that the caller chooses, and passes on
//! each report, in order, as soon as it is known. [`Output`] writes reports in any format of the program.
//!
//! ```
//! use std::future::pending;
//! use std::ops::ControlFlow;
//!
//! use runway_preflight::{Asset, Engine, LiveProbe, NetworkOptions, CheckOptions, Report, RuleSet, Verdict};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let options = CheckOptions { offline: true, ..CheckOptions::default() };
//! let engine = Engine::new(LiveProbe::new(NetworkOptions::default())?, RuleSet::embedded(), options);
//! let assets = ["https://cdn.example.com/a.png", "https://11.22.33.44/b.png"].map(Asset::new);
//! let mut verdicts = Vec::new();
//! let handler = |report: Report| {
//!     verdicts.push(report.verdict);
//!     ControlFlow::Continue(())
//! };
//! let summary = runtime.block_on(engine.run(futures_util::stream::iter(assets), pending(), handler));
//!
//! assert_eq!((summary.accepted, summary.rejected), (1, 1));
//! assert_eq!(verdicts, [Verdict::Accepted, Verdict::Rejected]);
//! # Ok(())
//! # }
//! ```
//!
//! [`RequestChecker`] checks whole request bodies, and predicts the API's response:
//!
//! ```
//! use std::future::{pending, ready};
//! use std::ops::ControlFlow;
//!
//! use runway_preflight::request::EMBEDDED;
//! use runway_preflight::{
//!     Document, LiveProbe, NetworkOptions, CheckOptions, PredictedResponse, RequestChecker, RequestInput, RequestReport,
//!     RuleSet, UntrustedText,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let text = br#"{"model": "gen4_turbo", "promptImage": "http://h.com/a.png", "ratio": "1280:720"}"#;
//! let body = RequestInput { file: UntrustedText::from("request.json"), document: Document::read(text)? };
//! let options = CheckOptions { offline: true, ..CheckOptions::default() };
//! let probe = LiveProbe::new(NetworkOptions::default())?;
//! let checker = RequestChecker::new(probe, RuleSet::embedded(), &EMBEDDED, None, options);
//! let mut predicted = None;
//! let handler = |checked: Result<RequestReport, _>| {
//!     predicted = checked.map(|request| request.predicted).ok();
//!     ControlFlow::Continue(())
//! };
//! runtime.block_on(checker.run(futures_util::stream::once(ready(body)), pending(), handler));
//!
//! let Some(PredictedResponse::Rejected(body)) = predicted else { panic!("the API rejects it") };
//! assert_eq!(body["issues"][0]["message"], "Only HTTPS URLs are allowed.");
//! # Ok(())
//! # }
//! ```
//!
//! [`explain`](mod@explain) interprets a response of the API:
//!
//! ```
//! use runway_preflight::explain::explain;
//! use runway_preflight::report::failure::Retry;
//!
//! let found = explain(r#"{"status": "FAILED", "failure": "Flagged.", "failureCode": "SAFETY.INPUT.TEXT"}"#);
//! assert_eq!((found[0].retry, found[0].credits_refunded), (Some(Retry::Never), Some(false)));
//! ```
//!
//! `docs/architecture.md` describes the modules and the layers that they form.

#![cfg_attr(test, allow(clippy::too_many_lines, reason = "a test is a table of cases or a sequence of steps"))]

pub mod asset;
#[cfg(feature = "cli")]
mod cli;
pub mod data_uri;
pub mod diagnose;
pub mod engine;
pub mod explain;
pub mod fetch;
pub mod finding;
#[cfg(feature = "fix")]
pub mod fix;
mod lock;
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
#[cfg(all(feature = "cli", fuzzing))]
#[doc(hidden)]
pub use cli::{ConfigSummary, read_config};

pub use asset::Asset;
pub use engine::{CheckOptions, Engine, preflight};
pub use fetch::{LiveProbe, NetworkOptions};
pub use finding::{Finding, Lint, Reason, Severity, Verdict};
pub use media::{Kind, Media};
pub use observation::Observation;
pub use output::{Output, OutputFormat};
pub use report::request_report::{PredictedResponse, RequestReport};
pub use report::{Report, Summary};
pub use request::checker::{RequestChecker, RequestInput};
pub use request::document::Document;
pub use rules::RuleSet;
pub use text::untrusted::UntrustedText;
