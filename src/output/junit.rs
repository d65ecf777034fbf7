//! `JUnit`: one test case per asset, one suite per list. A rejected asset is a failure, an undecided one an error.
//!
//! The document begins with its counts, so nothing can be written before the last verdict. For a very long list, only
//! the worst results are kept, and a property of the first suite counts the others.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::escape::xml;
use super::message::SourceLocation;
use super::top_n::TopN;
use super::{RunInfo, causes, message};
use crate::finding::{Severity, Verdict};
use crate::observation::{Observation, RequestOutcome};
use crate::report::{Report, Summary};

/// How many test cases are kept.
const CASES: usize = 20_000;

/// The test cases of a run.
#[derive(Debug)]
pub(super) struct TestCases(TopN<(Reverse<Verdict>, u64), SuiteCase>);

/// A test case and the suite that it belongs to.
#[derive(Debug)]
struct SuiteCase {
    suite: String,
    case: TestCase,
}

impl TestCases {
    pub(super) const fn new() -> Self {
        Self(TopN::new(CASES))
    }

    /// Adds one asset.
    pub(super) fn add(&mut self, report: &Report) {
        let _ = self.0.push((Reverse(report.verdict), report.index), case(report));
    }

    /// Writes the document, suites and cases in the order of the input.
    pub(super) fn write(&mut self, writer: &mut impl Write, summary: &Summary, run: &RunInfo) -> io::Result<()> {
        let mut rows = self.0.take();
        rows.sort_by_key(|((_, index), _)| *index);
        let (mut suites, mut places) = (Vec::new(), HashMap::new());
        for (_, SuiteCase { suite, case }) in rows {
            let place = *places.entry(suite.clone()).or_insert(suites.len());
            if place == suites.len() {
                suites.push(TestSuite::new(suite));
            }
            suites[place].add_test_case(case);
        }
        if suites.is_empty() {
            suites.push(TestSuite::new(ARGUMENTS));
        }
        if let Some(first) = suites.first_mut() {
            self.properties(first, summary, run);
        }
        let mut document = quick_junit::Report::new(env!("CARGO_PKG_NAME"));
        document.set_time(summary.elapsed).add_test_suites(suites);
        let text = document.to_string().map_err(io::Error::other)?;
        writer.write_all(text.as_bytes())
    }

    /// Adds the properties of the run.
    fn properties(&self, suite: &mut TestSuite, summary: &Summary, run: &RunInfo) {
        suite.add_property(("summary", message::count(summary).as_str()));
        suite.add_property(("rules", xml(&format!("{} ({})", run.rules.read, run.rules.origin)).as_str()));
        for (name, is_false) in [("faithful", !run.matches_api), ("complete", summary.incomplete)] {
            if is_false {
                suite.add_property((name, "false"));
            }
        }
        if self.0.omitted() > 0 {
            suite.add_property(("omitted", self.0.omitted().to_string().as_str()));
        }
    }
}

/// The suite of assets named on the command line.
const ARGUMENTS: &str = "command line";

/// The suite of assets read from standard input.
const STANDARD_INPUT: &str = "standard input";

fn case(report: &Report) -> SuiteCase {
    let suite = match &report.location {
        None => ARGUMENTS.to_owned(),
        Some(place) if place.file.as_bytes() == b"-" => STANDARD_INPUT.to_owned(),
        Some(place) => xml(&place.file.escaped().to_string()),
    };
    let mut case = TestCase::new(xml(&name(report)), status(report));
    case.set_classname(report.field.as_ref().map_or_else(|| suite.clone(), |field| xml(&field.escaped().to_string())));
    case.set_time(elapsed(&report.observed));
    if let Some(SourceLocation { file, at }) = SourceLocation::of(report) {
        case.extra.insert("file".into(), xml(&file.escaped().to_string()).into());
        if let Some((line, _)) = at {
            case.extra.insert("line".into(), line.to_string().into());
        }
    }
    if report.verdict == Verdict::Accepted {
        let text = describe(report);
        if !text.is_empty() {
            case.set_system_out(text);
        }
    }
    SuiteCase { suite, case }
}

/// Converts the verdict to a status, with the code as its type and the API's sentence as its message.
fn status(report: &Report) -> TestCaseStatus {
    let mut status = match report.verdict {
        Verdict::Accepted => return TestCaseStatus::success(),
        Verdict::Undecided => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::Rejected => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if let Some(finding) = message::deciding(report) {
        status.set_type(finding.code()).set_message(xml(&message::sentence(report, finding)));
    }
    status.set_description(describe(report));
    status
}

/// Returns the name of the test case. Tools that compare runs need unique names within a class, but assets may be equal
/// once their secrets are redacted, so the location is added.
fn name(report: &Report) -> String {
    let asset = message::asset(report);
    match &report.location {
        Some(place) => format!("{}:{} {asset}", place.file.escaped(), place.line),
        None => asset,
    }
}

/// Describes all causes except notes, separated by blank lines.
fn describe(report: &Report) -> String {
    let groups = causes::causes(report);
    let groups = groups.iter().filter(|group| group.main.severity < Severity::Note);
    let describe = |group: &causes::CauseGroup<'_>| {
        let lines: Vec<String> = message::lines(report, group).iter().map(|line| xml(line)).collect();
        format!("{}[{}]\n{}", group.main.severity.name(), group.main.code(), lines.join("\n"))
    };
    groups.map(describe).collect::<Vec<_>>().join("\n\n")
}

/// The time from the first request to the last byte.
fn elapsed(observed: &Observation) -> Duration {
    let of = |answer: &RequestOutcome| match answer {
        RequestOutcome::NotSent => Duration::ZERO,
        RequestOutcome::Failed { elapsed, .. } => *elapsed,
        RequestOutcome::Response(response) => response.elapsed,
    };
    of(&observed.head).saturating_add(of(&observed.get).max(observed.body.elapsed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_junit::Report as Document;

    use super::*;
    use crate::output::escape::visible;

    proptest! {
        #[test]
        fn any_text_comes_back_from_a_parser(text in "(\\]\\]>|&amp;|&#27;|<!--|\"|'|\u{fffe}|\x1b\\[2J|[\0-\x1f]|\\PC| ){1,30}") {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(xml(&text)).set_description(xml(&text));
            let mut suite = TestSuite::new(xml(&text));
            suite.add_test_case(TestCase::new(xml(&text), status));
            let mut document = Document::new("x");
            document.add_test_suite(suite);
            let written = document.to_string().expect("XML");
            let read = roxmltree::Document::parse(&written).expect("well-formed");
            let element = |name: &str| {
                read.descendants().find(|node| node.has_tag_name(name)).expect("an element")
            };
            let shown = visible(&text);
            prop_assert_eq!(element("testsuite").attribute("name"), Some(shown.as_str()));
            prop_assert_eq!(element("testcase").attribute("name"), Some(shown.as_str()));
            prop_assert_eq!(element("failure").attribute("message"), Some(shown.as_str()));
            prop_assert_eq!(element("failure").text(), Some(shown.as_str()));
        }
    }
}
