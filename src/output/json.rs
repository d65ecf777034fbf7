//! The JSON of contract version 1: one document, or one object per line.

use std::io::{self, Write};

use serde::Serialize;

use super::fingerprint::RunFingerprint;
use super::{RunInfo, escape};
use crate::report::{Report, Summary};

mod media_view;
mod requests;
mod views;

pub(super) use requests::{Requests, request_line};
use views::SummaryView;
pub(super) use views::{AssetView, HeadView, ResponseView, SCHEMA_VERSION, text};

/// Writes one element of the document's `assets`, opening the document before the first.
pub(super) fn element(writer: &mut impl Write, report: &Report, run: &RunInfo, first: bool) -> io::Result<()> {
    if first {
        begin(writer, run, "assets")?;
    } else {
        writer.write_all(b",")?;
    }
    write!(writer, "\n    {}", indented(&AssetView::new(report, run))?)
}

/// Writes a value as an element of a list of the document.
fn indented(value: &impl Serialize) -> io::Result<String> {
    Ok(escape::json(&serde_json::to_string_pretty(value)?).replace('\n', "\n    "))
}

/// Opens the document: everything that is known before the first verdict, up to the list called `list`.
fn begin(writer: &mut impl Write, run: &RunInfo, list: &str) -> io::Result<()> {
    let text = escape::json(&serde_json::to_string_pretty(&HeadView::new(run))?);
    // The document stays open: the closing brace comes with the summary.
    write!(writer, "{},\n  \"{list}\": [", text.trim_end_matches(['}', '\n']))
}

/// Closes the document with the summary.
pub(super) fn end(writer: &mut impl Write, summary: &Summary, run: &RunInfo, empty: bool) -> io::Result<()> {
    if empty {
        begin(writer, run, "assets")?;
    }
    let close = if empty { "]" } else { "\n  ]" };
    writeln!(writer, "{close},\n  \"summary\": {}\n}}", summary_text(summary)?)
}

/// Writes the counts, indented as a member of the document.
fn summary_text(summary: &Summary) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(&SummaryView::new(summary))?.replace('\n', "\n  "))
}

/// Writes one asset as one line.
pub(super) fn line(
    writer: &mut impl Write,
    report: &Report,
    run: &RunInfo,
    fingerprint: Option<&RunFingerprint>,
) -> io::Result<()> {
    let view = AssetView::new(report, run).with_fingerprint(fingerprint);
    let mut line = escape::json(&serde_json::to_string(&view)?);
    line.push('\n');
    writer.write_all(line.as_bytes())
}
