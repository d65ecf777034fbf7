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
}

impl FixWriter {
    fn new(destination: Destination, format: FixReportFormat, path: Option<&Path>, info: &RunInfo) -> Self {
        let style = Style { is_single: true, ..Style::plain() };
        let output = FixOutput::new(destination, format, style, info.clone());
        Self { output, before: PreviewLoader::new(path), after: PreviewLoader::new(path) }
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

    /// Writes what became of one file.
    ///
    /// # Errors
    /// When an output refuses.
    pub(crate) fn report(&mut self, report: &FixReport) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|writer| writer.report(report))
    }

    /// Finishes every output, and renames the files to their final names.
    ///
    /// # Errors
    /// When an output refuses.
    pub(crate) fn commit(self) -> io::Result<()> {
        self.0.into_iter().try_for_each(|mut writer| {
            writer.output.end()?;
            writer.output.into_writer().commit()
        })
    }
}
