//! Request bodies in JSON: one document with the requests and all their assets, or one request a line with its own.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::super::fingerprint::RunFingerprint;
use super::super::{RunInfo, escape};
use super::node::Object;
use super::{asset, begin, finding, location, stamped, summed, text};
use crate::report::request_report::{Issue, PredictedResponse, RequestReport};
use crate::report::{Report, Summary};

/// The document of a run over request bodies: requests are written as they come, their assets are kept for the list
/// behind them.
#[derive(Debug, Default)]
pub(in crate::output) struct Requests {
    written: u64,
    assets: Vec<String>,
}

impl Requests {
    /// Writes one element of `requests`, opening the document before the first.
    pub(in crate::output) fn add(
        &mut self,
        writer: &mut impl Write,
        request: &RequestReport,
        run: &RunInfo,
    ) -> io::Result<()> {
        if self.written == 0 {
            begin(writer, run, "requests")?;
        } else {
            writer.write_all(b",")?;
        }
        self.written += 1;
        write!(writer, "\n    {}", indented(&self::request(request))?)?;
        for report in &request.assets {
            self.assets.push(indented(&asset(report, run))?);
        }
        Ok(())
    }

    /// Closes the document with the assets and the summary.
    pub(in crate::output) fn end(
        &mut self,
        writer: &mut impl Write,
        summary: &Summary,
        run: &RunInfo,
    ) -> io::Result<()> {
        if self.written == 0 {
            begin(writer, run, "requests")?;
        }
        let close = |empty: bool| if empty { "]" } else { "\n  ]" };
        write!(writer, "{},\n  \"assets\": [", close(self.written == 0))?;
        let mut before = "";
        for asset in &self.assets {
            write!(writer, "{before}\n    {asset}")?;
            before = ",";
        }
        writeln!(writer, "{},\n  \"summary\": {}\n}}", close(self.assets.is_empty()), summed(summary)?)
    }
}

/// Writes a value as an element of a list of the document.
fn indented(value: &Object<'_>) -> io::Result<String> {
    Ok(escape::json(&serde_json::to_string_pretty(value)?).replace('\n', "\n    "))
}

/// Writes one request as one line, with its assets inside.
pub(in crate::output) fn request_line(
    writer: &mut impl Write,
    request: &RequestReport,
    run: &RunInfo,
    stamp: Option<&RunFingerprint>,
) -> io::Result<()> {
    let assets: Vec<Object<'_>> = request.assets.iter().map(|report| asset(report, run)).collect();
    let line = self::request(request).with("assets", assets).maybe("faithful", (!run.matches_api).then_some(false));
    writeln!(writer, "{}", escape::json(&serde_json::to_string(&stamped(line, stamp)?)?))
}

fn request(request: &RequestReport) -> Object<'_> {
    let RequestReport {
        index,
        location: place,
        endpoint,
        is_detected: is_recognised,
        model,
        verdict,
        issues,
        lints: remarks,
        assets: _,
        predicted: answer,
    } = request;
    Object::default()
        .with("index", *index)
        .with("file", text(&place.file))
        .with("line", place.line)
        .with("endpoint", endpoint.as_deref())
        .with("recognised", *is_recognised)
        .with("model", model.as_ref().map(text))
        .with("verdict", verdict.name())
        .with("issues", issues.iter().map(issue).collect::<Vec<_>>())
        .with("findings", remarks.iter().flat_map(remark).collect::<Vec<_>>())
        .with("predicted", predicted(answer))
}

fn issue(issue: &Issue) -> Object<'_> {
    let Issue { code, path, report } = issue;
    let finding = report.findings.first();
    Object::default()
        .with("code", code.as_str())
        .with("path", path.clone())
        .with("field", report.field.as_ref().map(text))
        .with("message", finding.map(crate::finding::Finding::message))
        .maybe("location", report.location.as_ref().map(location))
        .maybe("confidence", finding.map(|finding| finding.confidence.name()))
        .maybe("detail", finding.map(|finding| finding.detail.as_str()).filter(|detail| !detail.is_empty()))
        .maybe("hint", finding.map(|finding| finding.hint.as_str()).filter(|hint| !hint.is_empty()))
}

/// Writes what is ours to say of a value, as findings of an asset are written, with its field and place.
fn remark<'a>(report: &'a Report) -> Vec<Object<'a>> {
    let Report { field, location: place, findings, .. } = report;
    let beside = |object: Object<'a>| {
        object.maybe("field", field.as_ref().map(text)).maybe("location", place.as_ref().map(location))
    };
    findings.iter().map(finding).map(beside).collect()
}

fn predicted(answer: &PredictedResponse) -> Value {
    match answer {
        PredictedResponse::Taken => json!({"status": 200, "body": null}),
        PredictedResponse::Refused(body) => json!({"status": 400, "body": body}),
        PredictedResponse::Open => Value::Null,
    }
}
