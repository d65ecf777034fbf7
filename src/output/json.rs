//! The JSON of contract version 1: one document, or one object a line. Every struct is taken apart in full, so that
//! a new field does not compile until it is written or left out on purpose.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use serde_json::json;

use super::fingerprint::RunFingerprint;
use super::{RulesOrigin, RunInfo, escape};
use crate::asset::Location;
use crate::finding::{Finding, Transport, Verdict};
use crate::media::{Codec, Kind, Media, VideoTrack};
use crate::observation::{
    BodyEnd, BodyTransfer, ContentLength, FetchError, Observation, Phase, RequestOutcome, ResponseHead,
};
use crate::report::{Report, Summary};
use crate::text::untrusted::UntrustedText;
use crate::units::Dimensions;

mod node;
mod requests;

use node::{Node, Object};
pub(super) use requests::{Requests, request_line};

/// The version of the shape that is written. It grows only by new keys.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// Writes one element of the document's `assets`, opening the document before the first.
pub(super) fn element(writer: &mut impl Write, report: &Report, run: &RunInfo, first: bool) -> io::Result<()> {
    if first {
        begin(writer, run, "assets")?;
    } else {
        writer.write_all(b",")?;
    }
    let text = serde_json::to_string_pretty(&asset(report, run))?;
    write!(writer, "\n    {}", escape::json(&text).replace('\n', "\n    "))
}

/// Opens the document: everything that is known before the first verdict, up to the list called `list`.
fn begin(writer: &mut impl Write, run: &RunInfo, list: &str) -> io::Result<()> {
    let text = escape::json(&serde_json::to_string_pretty(&head(run))?);
    // The document stays open: the closing brace comes with the summary.
    write!(writer, "{},\n  \"{list}\": [", text.trim_end_matches(['}', '\n']))
}

/// Says what every document begins with.
pub(super) fn head(run: &RunInfo) -> Object<'_> {
    let RunInfo { rules_read, rules_origin, request_rules, config, matches_api: faithful } = run;
    let requests = request_rules.as_ref().map(|RulesOrigin { read, origin }| json!({"read": read, "origin": origin}));
    let rules = Object::default().with("read", rules_read.as_str()).with("origin", rules_origin.as_str());
    Object::default()
        .with("schema_version", SCHEMA_VERSION)
        .with("tool", json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")}))
        .with("rules", rules.maybe("requests", requests))
        .maybe("config", config.as_deref())
        .with("faithful", *faithful)
}

/// Closes the document with the summary.
pub(super) fn end(writer: &mut impl Write, summary: &Summary, run: &RunInfo, empty: bool) -> io::Result<()> {
    if empty {
        begin(writer, run, "assets")?;
    }
    let text = summed(summary)?;
    let close = if empty { "]" } else { "\n  ]" };
    writeln!(writer, "{close},\n  \"summary\": {text}\n}}")
}

/// Writes the counts, indented as a member of the document.
fn summed(summary: &Summary) -> io::Result<String> {
    let Summary { accepted, rejected, undecided, assets_in_requests: within, elapsed, incomplete } = summary;
    let summary = Object::default()
        .maybe("requests", within.map(|_| summary.total()))
        .with("assets", within.unwrap_or(summary.total()))
        .with("accepted", *accepted)
        .with("rejected", *rejected)
        .with("undecided", *undecided)
        .with("elapsed_ms", milliseconds(*elapsed))
        .maybe("incomplete", incomplete.then_some(true));
    Ok(serde_json::to_string_pretty(&summary)?.replace('\n', "\n  "))
}

/// Writes one asset as one line.
pub(super) fn line(
    writer: &mut impl Write,
    report: &Report,
    run: &RunInfo,
    stamp: Option<&RunFingerprint>,
) -> io::Result<()> {
    let mut line = escape::json(&serde_json::to_string(&stamped(asset(report, run), stamp)?)?);
    line.push('\n');
    writer.write_all(line.as_bytes())
}

/// Adds the stamp of the run to an object.
fn stamped<'a>(object: Object<'a>, stamp: Option<&RunFingerprint>) -> io::Result<Object<'a>> {
    Ok(object.maybe("run", stamp.map(serde_json::to_value).transpose()?))
}

/// Puts the object of one asset together.
pub(super) fn asset<'a>(report: &'a Report, run: &RunInfo) -> Object<'a> {
    let Report {
        index,
        request,
        asset,
        location: place,
        field,
        kind,
        transport,
        verdict,
        findings,
        by_transport: ways,
        observed,
    } = report;
    let answer = report.api_answer().filter(|_| *verdict == Verdict::Rejected).and_then(Finding::api_reason);
    let verdicts = |object: Object<'a>, (way, verdict): &(Transport, Verdict)| object.with(way.name(), verdict.name());
    let ways = (!ways.is_empty()).then(|| ways.iter().fold(Object::default(), verdicts));
    Object::of(16)
        .with("index", *index)
        .maybe("request_index", request.map(|within| within.index))
        .maybe("blocked_by_schema", report.is_blocked_by_schema().then_some(true))
        .with("asset", text(asset))
        .maybe("location", place.as_ref().map(location))
        .maybe("field", field.as_ref().map(text))
        .maybe("kind", kind.map(Kind::name))
        .with("transport", transport.name())
        .with("verdict", verdict.name())
        .with("reason", answer.map(ToString::to_string))
        .maybe("ways", ways)
        .maybe("faithful", (!run.matches_api).then_some(false))
        .with("findings", findings.iter().map(finding).collect::<Vec<_>>())
        .with("observed", observation(observed))
}

fn location(place: &Location) -> Object<'_> {
    let Location { file, line, column } = place;
    Object::of(3).with("file", text(file)).with("line", *line).with("column", *column)
}

fn finding(finding: &Finding) -> Object<'_> {
    let Finding { kind: _, severity, confidence, is_api_answer: first, transport: way, detail, hint } = finding;
    let entry = finding.info();
    let also_seen = finding.api_reason().map(crate::finding::Reason::alternate_messages).unwrap_or_default();
    Object::of(12)
        .with("code", entry.code)
        .with("severity", severity.name())
        .with("stage", entry.stage.name())
        .with("first", *first)
        .maybe("as", way.map(Transport::name))
        .with("reason", finding.api_reason().map(ToString::to_string))
        .with("also_seen", also_seen)
        .with("confidence", confidence.name())
        .with("title", entry.title)
        .with("detail", detail.as_str())
        .with("hint", hint.as_str())
        .maybe("docs", (!entry.docs.is_empty()).then_some(entry.docs))
}

fn observation(observed: &Observation) -> Object<'_> {
    let Observation { addresses, head, get, body, content, size, .. } = observed;
    let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let content_format = content.format().map(crate::media::Format::id);
    Object::default()
        .maybe("addresses", (!addresses.is_empty()).then_some(addresses))
        .maybe("head", answer(head, None))
        .maybe("get", answer(get, Some(body)))
        .maybe("size", *size)
        .maybe("media", content.media().map(media).or(content_format.map(named)))
}

/// What is known where no header was read.
fn named(format: &'static str) -> Object<'static> {
    Object::default().with("format", format)
}

pub(super) fn answer<'a>(answer: &'a RequestOutcome, body: Option<&'a BodyTransfer>) -> Option<Object<'a>> {
    match answer {
        RequestOutcome::NotSent => None,
        RequestOutcome::Failed { error: trouble, elapsed } => {
            let failed = self::trouble(Object::default().with("failed", true), Some(trouble));
            Some(failed.with("elapsed_ms", milliseconds(*elapsed)))
        }
        RequestOutcome::Response(response) => Some(self::response(response, body)),
    }
}

/// Adds what went wrong, and how far one had come.
fn trouble<'a>(object: Object<'a>, trouble: Option<&'a FetchError>) -> Object<'a> {
    let phase = trouble.and_then(FetchError::phase).map(Phase::name);
    object.maybe("error", trouble.map(FetchError::code)).maybe("phase", phase)
}

fn response<'a>(response: &'a ResponseHead, body: Option<&'a BodyTransfer>) -> Object<'a> {
    let length = match response.length() {
        ContentLength::Known { bytes, .. } => Some(bytes),
        ContentLength::Missing | ContentLength::Invalid(_) => None,
    };
    let elapsed = body.map_or(response.elapsed, |body| body.elapsed.max(response.elapsed));
    let broken = body.and_then(|body| match &body.end {
        BodyEnd::Interrupted(trouble) => Some(trouble),
        BodyEnd::NotRead | BodyEnd::Complete | BodyEnd::StoppedEarly => None,
    });
    let object = Object::of(6)
        .with("status", response.status)
        .maybe("content_type", response.headers.first("content-type").map(text))
        .maybe("content_length", length)
        .maybe("bytes", body.map(|body| body.received));
    trouble(object, broken).with("elapsed_ms", milliseconds(elapsed))
}

fn media(media: &Media) -> Object<'_> {
    let Media { format, coded_size, display_size, orientation, rotation, animated, encoding_note, .. } = media;
    let Media { video, audio, duration, nominal_fps, truncated, .. } = media;
    let container = (video.is_some() || audio.is_some()).then(|| format.id());
    let seconds = |duration: Duration| (duration.as_secs_f64() * 1000.0).round() / 1000.0;
    let ratio = coded_size.and_then(Dimensions::ratio).and_then(|ratio| ratio.to_string().parse::<f64>().ok());
    Object::of(18)
        .with("format", format.id())
        .maybe("container", container)
        .maybe("width", coded_size.map(|size| size.width))
        .maybe("height", coded_size.map(|size| size.height))
        .maybe("ratio", ratio)
        .maybe("displayed_width", display_size.map(|size| size.width))
        .maybe("displayed_height", display_size.map(|size| size.height))
        .maybe("orientation", *orientation)
        .maybe("rotation", *rotation)
        .maybe("animated", animated.then_some(true))
        .maybe("coding", *encoding_note)
        .maybe("video_codec", video.as_ref().map(|video| codec(&video.codec)))
        .maybe("video_profile", video.as_ref().and_then(|video| video.profile))
        .maybe("fps", video.as_ref().and_then(fps))
        .maybe("nominal_fps", nominal_fps.map(thousandths))
        .maybe("audio_codec", audio.as_ref().map(codec))
        .maybe("duration_s", duration.map(|duration| seconds(duration.value)))
        .maybe("duration_exact", duration.map(|duration| duration.exact))
        .maybe("truncated", truncated.map(|_| true))
}

fn fps(video: &VideoTrack) -> Option<f64> {
    video.fps.map(|fps| thousandths(fps.value))
}

fn thousandths(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn codec(codec: &Codec) -> Node<'_> {
    match codec {
        Codec::Known(name) => Node::from(*name),
        Codec::Other(id) => Node::from(text(id)),
    }
}

/// Text from outside as a JSON string: the same text where it is UTF-8, escaped bytes where not.
pub(super) fn text(text: &UntrustedText) -> Cow<'_, str> {
    text.as_str().map_or_else(|| text.escaped_up_to(usize::MAX).to_string().into(), Cow::Borrowed)
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
