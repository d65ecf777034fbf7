//! The rules, case by case: observations are literals, nothing is fetched.

use std::time::Duration;

use super::{CheckContext, Expectations, RuleSet, evaluate, evaluate_file, mark_api_answer};
use crate::asset::{Asset, Target};
use crate::finding::{Finding, Severity, Stage, Transport, Verdict};
use crate::media::{ContentState, Format, Kind, Media};
use crate::observation::{BodyEnd, BodyTransfer, FetchError, Headers, Observation, RequestOutcome, ResponseHead};
use crate::text::untrusted::UntrustedText;
use crate::units::Dimensions;

mod applicability;
mod coverage;
mod cropping;
mod file;
mod format;
mod hints;
mod response;
mod url;

/// An asset, what it is for, and what was observed of it.
struct Scene {
    asset: Asset,
    expectations: Expectations,
    observation: Observation,
}

impl Scene {
    /// Starts with the text of an asset in a request body, of which nothing was observed.
    fn new(text: &str) -> Self {
        let mut asset = Asset::new(text);
        asset.allow_local_paths = false;
        Self { asset, expectations: Expectations::default(), observation: Observation::default() }
    }

    /// Starts with a PNG image that HEAD and GET return correctly.
    fn good() -> Self {
        let mut scene = Self::new("https://h.com/a.png");
        let fields = [("content-type", "image/png"), ("content-length", "1000")];
        scene.observation.head = answer(200, &fields);
        scene.observation.get = answer(200, &fields);
        scene.observation.body =
            BodyTransfer { received: 1000, end: BodyEnd::Complete, elapsed: Duration::from_millis(90) };
        scene.observation.content = ContentState::Media(Box::new(image(Format::Png, 1920, 1080)));
        scene
    }

    /// Starts with media that a URL returns correctly.
    fn of(media: Media, content_type: &str) -> Self {
        let mut scene = Self::good();
        scene.both(200, &[("content-type", content_type), ("content-length", "1000")]);
        scene.observation.content = ContentState::Media(Box::new(media));
        scene
    }

    /// Replaces both responses.
    fn both(&mut self, status: u16, fields: &[(&str, &str)]) -> &mut Self {
        self.observation.head = answer(status, fields);
        self.observation.get = answer(status, fields);
        self
    }

    fn model(mut self, model: &str) -> Self {
        self.expectations.model = Some(model.to_owned());
        self
    }

    fn endpoint(mut self, endpoint: &str) -> Self {
        self.expectations.endpoint = Some(endpoint.to_owned());
        self
    }

    fn field(mut self, field: &str) -> Self {
        self.asset.field = Some(field.to_owned());
        self
    }

    fn kind(mut self, kind: Kind) -> Self {
        self.expectations.kind = Some(kind);
        self
    }

    /// Evaluates all stages as the engine does: a rejected address is not fetched.
    fn findings(&self) -> Vec<Finding> {
        let mut findings = self.stage(Stage::Address);
        if Verdict::of(&findings) != Verdict::Rejected {
            findings.extend(self.stage(Stage::Response));
            findings.extend(self.stage(Stage::Content));
        }
        mark_api_answer(&mut findings);
        findings
    }

    fn stage(&self, stage: Stage) -> Vec<Finding> {
        let target = Target::parse(&self.asset);
        evaluate(stage, &self.context(&target))
    }

    fn file(&self) -> (Vec<Finding>, Vec<(Transport, Verdict)>) {
        let target = Target::parse(&self.asset);
        evaluate_file(&self.context(&target))
    }

    fn context<'a>(&'a self, target: &'a Target) -> CheckContext<'a> {
        let transport = match target {
            Target::Url(_) | Target::File(_) | Target::InvalidUrl(_) => Transport::Url,
            Target::DataUri => Transport::DataUri,
            Target::Runway => Transport::Upload,
        };
        CheckContext {
            rules: RuleSet::embedded(),
            asset: &self.asset,
            target,
            expectations: &self.expectations,
            observation: &self.observation,
            transport,
            // All files here are called `a.png`.
            guessed_type: matches!(target, Target::File(_)).then_some("image/png"),
        }
    }

    /// Returns the findings in order, as `code`, `code?`, `code~` or `code.` by severity.
    fn codes(&self) -> String {
        codes(&self.findings())
    }

    /// Returns the sentence that the API would report.
    fn first(&self) -> String {
        let findings = self.findings();
        findings.iter().find(|finding| finding.is_api_finding).map_or_else(String::new, Finding::message)
    }

    /// Returns the detail and the hint of the first finding with a code.
    fn words(&self, code: &str) -> String {
        let findings = self.findings();
        let found = findings.iter().find(|finding| finding.code() == code);
        found.map_or_else(
            || format!("no {code} in {}", codes(&findings)),
            |one| format!("{} | {}", one.detail, one.hint),
        )
    }
}

fn codes(findings: &[Finding]) -> String {
    let mark = |severity: Severity| match severity {
        Severity::Error => "",
        Severity::Undecided => "?",
        Severity::Warning => "~",
        Severity::Note => ".",
    };
    let codes = findings.iter().map(|finding| format!("{}{}", finding.code(), mark(finding.severity)));
    codes.collect::<Vec<_>>().join(" ")
}

fn answer(status: u16, fields: &[(&str, &str)]) -> RequestOutcome {
    RequestOutcome::Response(reply(status, fields))
}

fn reply(status: u16, fields: &[(&str, &str)]) -> ResponseHead {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), UntrustedText::from(*value))).collect();
    ResponseHead {
        status,
        headers: Headers::new(fields),
        elapsed: Duration::from_millis(40),
        body_snippet: None,
        total_length: None,
        anomalies: Vec::new(),
    }
}

fn failed(error: FetchError) -> RequestOutcome {
    RequestOutcome::Failed { error, elapsed: Duration::from_millis(10) }
}

fn image(format: Format, width: u32, height: u32) -> Media {
    let mut media = Media::new(format);
    media.coded_size = Some(Dimensions::new(width, height));
    media.display_size = media.coded_size;
    media
}
