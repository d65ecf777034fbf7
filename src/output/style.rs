//! Verbosity, color, links and filters of the output.

use crate::finding::{Severity, Verdict};
use crate::report::Report;
use crate::report::request_report::RequestReport;

/// The style of the output.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is independent of the others")]
pub struct Style {
    /// Columns to wrap at; `None` if lines are not wrapped.
    pub width: Option<usize>,
    /// Whether color is used.
    pub color: bool,
    /// Whether codes and pages are hyperlinks of the terminal.
    pub links: bool,
    /// How much is written.
    pub verbosity: Verbosity,
    /// Whether a single asset was named, which is then shown even if it is accepted.
    pub is_single: bool,
    /// Whether the findings are in another output as well.
    pub is_supplement: bool,
    /// Which results are written.
    pub only: Filter,
}

impl Style {
    /// Returns the style of files and pipes: everything at the normal verbosity, without color.
    #[must_use]
    pub fn plain() -> Self {
        let verbosity = Verbosity::Normal;
        let only = Filter::default();
        Self { width: None, color: false, links: false, verbosity, is_single: false, is_supplement: false, only }
    }
}

/// How much is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Nothing.
    Silent,
    /// Problems without the summary.
    Quiet,
    /// Problems and the summary.
    Normal,
    /// Accepted assets and what was observed as well.
    Verbose,
}

impl Verbosity {
    /// Returns the verbosity of an additional report: the normal one, unless more was requested.
    #[must_use]
    pub fn of_report(self) -> Self {
        self.max(Self::Normal)
    }
}

/// A class of results to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Only {
    /// Rejected assets.
    Rejected,
    /// Undecided assets.
    Undecided,
    /// Assets with warnings.
    Warnings,
}

impl Only {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::Rejected, Self::Undecided, Self::Warnings];
}

/// The classes of results to write; if empty, all results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter([Option<Only>; 3]);

impl FromIterator<Only> for Filter {
    fn from_iter<I: IntoIterator<Item = Only>>(classes: I) -> Self {
        let classes: Vec<Only> = classes.into_iter().collect();
        Self(Only::ALL.map(|class| classes.contains(&class).then_some(class)))
    }
}

impl Filter {
    /// Returns whether a report is written.
    pub(super) fn accepts(self, report: &Report) -> bool {
        let has_warning = report.findings.iter().any(|finding| finding.severity == Severity::Warning);
        self.selects(report.verdict, has_warning)
    }

    /// Returns whether a request is written.
    pub(super) fn accepts_request(self, request: &RequestReport) -> bool {
        let reports = request.lints.iter().chain(&request.assets);
        let mut findings = reports.flat_map(|report| &report.findings);
        self.selects(request.verdict, findings.any(|finding| finding.severity == Severity::Warning))
    }

    fn selects(self, verdict: Verdict, has_warning: bool) -> bool {
        let mut classes = self.0.into_iter().flatten().peekable();
        classes.peek().is_none()
            || classes.any(|class| match class {
                Only::Rejected => verdict == Verdict::Rejected,
                Only::Undecided => verdict == Verdict::Undecided,
                Only::Warnings => has_warning,
            })
    }
}
