//! HTML: one self-contained page, whose verdicts, codes and hosts can be filtered. Assets are written as they
//! come; the summary follows them and is shown first.
//!
//! The page is well-formed XML as well, so that any reader can check it.

use std::io::{self, Write};

use super::RunInfo;
use crate::report::picture::Picture;
use crate::report::request_report::RequestReport;
use crate::report::{Report, Summary};

mod article;
mod figure;
#[cfg(feature = "fix")]
pub(super) mod fix;
mod frame;
mod page;

/// The page of a run.
#[derive(Debug, Default)]
pub(super) struct HtmlPage {
    is_begun: bool,
    /// The picture of the next asset.
    picture: Option<Picture>,
}

impl HtmlPage {
    /// Takes the picture of the next asset.
    pub(super) fn set_picture(&mut self, picture: Option<Picture>) {
        self.picture = picture;
    }

    /// Writes one asset.
    pub(super) fn report(&mut self, writer: &mut impl Write, report: &Report, run: &RunInfo) -> io::Result<()> {
        self.begin(writer, run)?;
        article::asset(writer, report, self.picture.take().as_ref())
    }

    /// Writes one request and its assets.
    pub(super) fn request(
        &mut self,
        writer: &mut impl Write,
        request: &RequestReport,
        run: &RunInfo,
    ) -> io::Result<()> {
        self.begin(writer, run)?;
        article::request(writer, request)?;
        request.reports().iter().try_for_each(|report| article::asset(writer, report, None))
    }

    /// Writes the summary, and closes the page.
    pub(super) fn end(&mut self, writer: &mut impl Write, summary: &Summary, run: &RunInfo) -> io::Result<()> {
        self.begin(writer, run)?;
        page::end(writer, &page::tiles(summary))
    }

    fn begin(&mut self, writer: &mut impl Write, run: &RunInfo) -> io::Result<()> {
        if std::mem::replace(&mut self.is_begun, true) { Ok(()) } else { page::begin(writer, "Preflight report", run) }
    }
}
