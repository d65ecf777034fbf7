//! The outputs of `fix`: standard output, and additional reports.

use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::args::ReportTo;
use super::destination::{Destination, Privacy};
use super::pictures::PreviewLoader;
use crate::output::fix::{FixOutput, FixPreviews, FixReportFormat};
use crate::output::{RunInfo, Style};
use crate::report::Delivery;
use crate::report::fix_report::FixReport;
use crate::text::untrusted::UntrustedText;

/// Every output of a run.
pub(crate) struct FixWriters(Vec<FixWriter>);

/// One output, and the pictures that it shows.
struct FixWriter {
    output: FixOutput<Destination>,
    before: PreviewLoader,
    after: PreviewLoader,
    /// Why it cannot be written any more. The others go on.
    failed: Option<io::Error>,
}

impl FixWriter {
    fn new(destination: Destination, format: FixReportFormat, path: Option<&Path>, info: &RunInfo) -> Self {
        let style = Style { is_single: true, ..Style::plain() };
        let output = FixOutput::new(destination, format, style, info.clone());
        Self { output, before: PreviewLoader::new(path), after: PreviewLoader::new(path), failed: None }
    }

    fn report(&mut self, report: &FixReport) -> io::Result<()> {
        let mut pictures = FixPreviews::default();
        if self.output.shows_pictures() {
            pictures.before = self.before.of(&report.before);
            // A result that was rejected again has not been written.
            let kept = report.after.as_ref().filter(|after| after.transport == Delivery::File);
            pictures.after = kept.and_then(|after| self.after.of(after));
        }
        self.output.report(report, &pictures)
    }
}

impl FixWriters {
    /// Opens what the flags name, standard output first.
    ///
    /// # Errors
    /// Where one cannot be made.
    pub(crate) fn open(
        format: FixReportFormat,
        reports: &[ReportTo<FixReportFormat>],
        info: &RunInfo,
        privacy: Privacy,
    ) -> anyhow::Result<Self> {
        let mut writers = vec![FixWriter::new(Destination::stdout(), format, None, info)];
        for ReportTo { format, path } in reports {
            let shown = || UntrustedText::from(path.to_string_lossy().as_ref()).escaped().to_string();
            let destination = Destination::atomic(path, privacy);
            let destination = destination.with_context(|| format!("--report {} cannot be written", shown()))?;
            writers.push(FixWriter::new(destination, *format, Some(path), info));
        }
        Ok(Self(writers))
    }

    /// Writes what became of one file; `false` where standard output has failed, after which nothing more is fixed.
    pub(crate) fn report(&mut self, report: &FixReport) -> bool {
        for writer in self.0.iter_mut().filter(|writer| writer.failed.is_none()) {
            writer.failed = writer.report(report).err();
        }
        self.0.first().is_none_or(|main| main.failed.is_none())
    }

    /// Finishes every output that has not failed, and renames the files to their final names.
    ///
    /// # Errors
    /// The first error of any output.
    pub(crate) fn commit(self) -> io::Result<()> {
        let commit = |FixWriter { mut output, failed, .. }: FixWriter| {
            failed.map_or(Ok(()), Err)?;
            output.end()?;
            output.into_writer().commit()
        };
        let committed: Vec<io::Result<()>> = self.0.into_iter().map(commit).collect();
        committed.into_iter().collect()
    }
}
