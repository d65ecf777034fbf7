//! Writes a diagnosis as text and JSON: the clients' responses, addresses, TLS, timings, and the findings of `check`.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::json::{self as document, AssetView, HeadView, ResponseView};
use super::text::TextReports;
use super::wrap;
use super::{RunInfo, Style, escape};
use crate::observation::timing::{Certificate, PhaseTimings, RequestTrace, TlsSession};
use crate::observation::{BodyEnd, BodyTransfer, ContentLength, Observation, RequestOutcome};
use crate::report::diagnosis::{ClientResult, Diagnosis};
use crate::text::secret::REDACTED;
use crate::units::{Bytes, counted, seconds};

/// Writes a diagnosis after the rows of its clients: the summary, addresses and timings, the findings, the commands.
///
/// # Errors
/// Only when `out` fails.
pub fn diagnosis_text(diagnosis: &Diagnosis, style: Style, mut out: &mut dyn Write) -> io::Result<()> {
    let Diagnosis { report, clients, trace, elapsed: _, limit, summary, commands } = diagnosis;
    if !clients.is_empty() {
        writeln!(out)?;
    }
    for line in wrap(summary, style.width.unwrap_or(usize::MAX)) {
        writeln!(out, "{line}")?;
    }
    let addresses = report.observed.addresses.iter().map(ToString::to_string).collect::<Vec<_>>();
    let lines = [("addresses", addresses.join(", "))].into_iter();
    let lines = lines
        .chain(trace.iter().flat_map(connection))
        .chain(completed(diagnosis).map(|elapsed| ("time", margin(elapsed, *limit))));
    let lines: Vec<(&str, String)> = lines.filter(|(_, text)| !text.is_empty()).collect();
    if !lines.is_empty() {
        writeln!(out)?;
    }
    for (label, line) in lines {
        let room = style.width.map_or(usize::MAX, |width| width.saturating_sub(INDENT).max(20));
        for (nth, line) in wrap(&line, room).iter().enumerate() {
            writeln!(out, "{:<INDENT$}{line}", if nth == 0 { label } else { "" })?;
        }
    }
    writeln!(out)?;
    TextReports::default().report(&mut out, report, style)?;
    if commands.iter().any(|command| command.contains(REDACTED)) {
        writeln!(out, "To reproduce, with the hidden values of the query (--show-query shows them):")?;
    } else if !commands.is_empty() {
        writeln!(out, "To reproduce:")?;
    }
    commands.iter().try_for_each(|command| writeln!(out, "  {}", escape::visible(command)))
}

/// The width of a label, in columns.
const INDENT: usize = 11;

/// Writes what one client got, as soon as that is known: side by side, or one below the other where there is no room.
///
/// # Errors
/// Only when `out` fails.
pub fn diagnosis_row(client: &ClientResult, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let ClientResult { agent, head, get, body } = client;
    let (agent, head, get) = (agent.name(), got(head, None), got(get, Some(body)));
    if style.width.is_some_and(|width| width < AGENT + HEAD + GET) {
        return writeln!(out, "{agent}\n  HEAD {head}\n  GET  {get}");
    }
    writeln!(out, "{agent:<AGENT$}HEAD {head:<HEAD$}  GET {get}")
}

/// The columns of a client's name, of what it got for HEAD, and of what follows. A longer text moves the rest.
const AGENT: usize = 20;
const HEAD: usize = 48;
const GET: usize = 72;

/// Describes a response in one cell.
fn got(answer: &RequestOutcome, body: Option<&BodyTransfer>) -> String {
    match answer {
        RequestOutcome::NotSent => "not sent".to_owned(),
        RequestOutcome::Failed { elapsed, .. } => format!("no response ({} s)", seconds(*elapsed)),
        RequestOutcome::Response(response) => {
            let kind = response.headers.first("content-type").map(|value| value.escaped_up_to(TYPE).to_string());
            let length = match response.length() {
                ContentLength::Known { bytes, .. } => counted(bytes, "byte"),
                ContentLength::Missing => "no length".to_owned(),
                ContentLength::Invalid(_) => "an invalid length".to_owned(),
            };
            let elapsed = body.map_or(response.elapsed, |body| body.elapsed.max(response.elapsed));
            let kind = kind.unwrap_or_else(|| "no type".to_owned());
            if let Some(BodyTransfer { received, end: BodyEnd::Interrupted(_), .. }) = body {
                let received = Bytes::new(*received);
                return format!(
                    "{} {kind}, broke off after {received} of {length} ({} s)",
                    response.status,
                    seconds(elapsed)
                );
            }
            format!("{} {kind}, {length} ({} s)", response.status, seconds(elapsed))
        }
    }
}

/// How many characters of a content type are shown in a cell.
const TYPE: usize = 40;

/// Describes TLS and the timings of the API's requests.
fn connection(trace: &RequestTrace) -> Vec<(&'static str, String)> {
    let RequestTrace { dns, head, get, tls } = trace;
    let mut lines = Vec::new();
    if let Some(TlsSession { version, certificates }) = tls {
        lines.push(("TLS", version.unwrap_or("the handshake was not completed").to_owned()));
        lines.extend(certificates.iter().map(|one| ("", certificate(one))));
    }
    let phases_of = |name: &Option<Duration>, timings: &PhaseTimings| {
        let PhaseTimings { connect, tls, first_byte, body } = timings;
        let phases = [("DNS", name), ("connect", connect), ("TLS", tls), ("first byte", first_byte), ("body", body)];
        let phases = phases.into_iter().filter_map(|(phase, time)| Some(format!("{phase} {}", milliseconds((*time)?))));
        phases.collect::<Vec<_>>().join(", ")
    };
    lines.push(("HEAD", phases_of(dns, head)));
    lines.push(("GET", phases_of(&None, get)));
    lines
}

/// Describes a certificate.
fn certificate(certificate: &Certificate) -> String {
    let Certificate { subject, issuer, not_before, not_after } = certificate;
    let day = |time: &Option<u64>| {
        timestamp(*time).map_or_else(|| "an unknown date".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
    };
    format!("{} by {}, {} to {}", subject.escaped(), issuer.escaped(), day(not_before), day(not_after))
}

fn timestamp(seconds: Option<u64>) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(seconds?).ok()?).ok()
}

/// Describes how much of the API's time is left.
fn margin(elapsed: Duration, limit: Duration) -> String {
    match limit.checked_sub(elapsed) {
        Some(left) => format!("{} of {} s, {} s to spare", seconds(elapsed), seconds(limit), seconds(left)),
        None => format!("{} s, more than the API's limit of {} s", seconds(elapsed), seconds(limit)),
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// A diagnosis in JSON; `asset` is that of `check`.
#[derive(Serialize)]
struct DiagnosisView<'a> {
    #[serde(flatten)]
    head: HeadView<'a>,
    summary: &'a str,
    asset: AssetView<'a>,
    clients: Vec<ClientView<'a>>,
    tls: Option<TlsView<'a>>,
    timing: Option<TimingView>,
    commands: &'a [String],
}

#[derive(Serialize)]
struct ClientView<'a> {
    user_agent: &'static str,
    head: Option<ResponseView<'a>>,
    get: Option<ResponseView<'a>>,
}

#[derive(Serialize)]
struct TlsView<'a> {
    version: Option<&'static str>,
    certificates: Vec<CertificateView<'a>>,
}

#[derive(Serialize)]
struct CertificateView<'a> {
    subject: Cow<'a, str>,
    issuer: Cow<'a, str>,
    not_before: Option<String>,
    not_after: Option<String>,
}

#[derive(Serialize)]
struct TimingView {
    dns_ms: Option<f64>,
    head: PhasesView,
    get: PhasesView,
    total_ms: Option<f64>,
    margin_ms: Option<f64>,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of the JSON")]
struct PhasesView {
    connect_ms: Option<f64>,
    tls_ms: Option<f64>,
    first_byte_ms: Option<f64>,
    body_ms: Option<f64>,
}

/// Writes a diagnosis as one JSON document.
///
/// # Errors
/// Only when `out` fails.
pub fn diagnosis_json(diagnosis: &Diagnosis, run: &RunInfo, out: &mut dyn Write) -> io::Result<()> {
    let Diagnosis { report, clients, trace, elapsed: _, limit: _, summary, commands } = diagnosis;
    let view = DiagnosisView {
        head: HeadView::new(run),
        summary,
        asset: AssetView::new(report, run),
        clients: clients.iter().map(client).collect(),
        tls: trace.as_ref().and_then(|trace| trace.tls.as_ref()).map(tls),
        timing: trace.as_ref().map(|trace| timing(trace, diagnosis)),
        commands,
    };
    writeln!(out, "{}", escape::json(&serde_json::to_string_pretty(&view)?))
}

fn client(client: &ClientResult) -> ClientView<'_> {
    let ClientResult { agent, head, get, body } = client;
    ClientView {
        user_agent: agent.header_value(),
        head: ResponseView::new(head, None),
        get: ResponseView::new(get, Some(body)),
    }
}

fn tls(session: &TlsSession) -> TlsView<'_> {
    let TlsSession { version, certificates } = session;
    let certificates =
        certificates.iter().map(|Certificate { subject, issuer, not_before, not_after }| CertificateView {
            subject: document::text(subject),
            issuer: document::text(issuer),
            not_before: timestamp(*not_before).map(|at| at.to_string()),
            not_after: timestamp(*not_after).map(|at| at.to_string()),
        });
    TlsView { version: *version, certificates: certificates.collect() }
}

fn timing(trace: &RequestTrace, diagnosis: &Diagnosis) -> TimingView {
    let RequestTrace { dns, head, get, tls: _ } = trace;
    let millis = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    let phases = |PhaseTimings { connect, tls, first_byte, body }: &PhaseTimings| PhasesView {
        connect_ms: connect.map(millis),
        tls_ms: tls.map(millis),
        first_byte_ms: first_byte.map(millis),
        body_ms: body.map(millis),
    };
    TimingView {
        dns_ms: dns.map(millis),
        head: phases(head),
        get: phases(get),
        total_ms: diagnosis.elapsed.map(millis),
        margin_ms: completed(diagnosis).map(|elapsed| millis(diagnosis.limit) - millis(elapsed)),
    }
}

/// Returns the time of the API's requests, if their responses are complete.
fn completed(diagnosis: &Diagnosis) -> Option<Duration> {
    let Observation { head, get, body, .. } = &*diagnosis.report.observed;
    let is_answered = head.response().is_some() && get.response().is_some();
    diagnosis.elapsed.filter(|_| is_answered && !matches!(body.end, BodyEnd::Interrupted(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::untrusted::UntrustedText;

    #[test]
    fn times_and_certificates_are_plain() {
        let limit = Duration::from_secs(10);
        assert_eq!(margin(Duration::from_millis(1500), limit), "1.5 of 10 s, 8.5 s to spare");
        assert_eq!(margin(Duration::from_secs(12), limit), "12 s, more than the API's limit of 10 s");
        assert_eq!(milliseconds(Duration::from_micros(1250)), "1.2 ms");
        let one = Certificate {
            subject: UntrustedText::from("\u{1b}[2Jh.com"),
            issuer: UntrustedText::from("R11"),
            not_before: Some(1_795_293_180),
            not_after: None,
        };
        assert_eq!(certificate(&one), "\\x1b[2Jh.com by R11, 2026-11-21 to an unknown date");
    }
}
