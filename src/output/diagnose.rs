//! A diagnosis, for people and for programs: who got what, the way there, and the verdict of `check`.

use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::text::wrap;
use super::{RunInfo, Style, escape, json as document, text};
use crate::observation::timing::{Certificate, PhaseTimings, RequestTrace, TlsSession};
use crate::observation::{BodyTransfer, ContentLength, RequestOutcome};
use crate::report::diagnosis::{ClientResult, Diagnosis};
use crate::text::secret::REDACTED;
use crate::units::{Bytes, seconds};

/// Writes a diagnosis: the sentence, what each client got side by side, the way there, the findings, the commands.
///
/// # Errors
/// Only when `out` refuses.
pub fn diagnosis_text(diagnosis: &Diagnosis, style: Style, mut out: &mut dyn Write) -> io::Result<()> {
    let Diagnosis { report, clients, trace, elapsed: spent, limit, summary, commands } = diagnosis;
    for line in wrap(summary, style.width.unwrap_or(usize::MAX)) {
        writeln!(out, "{line}")?;
    }
    if !clients.is_empty() {
        writeln!(out)?;
        table(clients, style, out)?;
    }
    let addresses = report.observed.addresses.iter().map(ToString::to_string).collect::<Vec<_>>();
    let lines = [("addresses", addresses.join(", "))].into_iter();
    let lines = lines.chain(trace.iter().flat_map(way)).chain(spent.map(|spent| ("time", margin(spent, *limit))));
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
    text::report(&mut out, report, style)?;
    if commands.iter().any(|command| command.contains(REDACTED)) {
        writeln!(out, "To see it yourself, with the hidden values of the query (--show-query shows them):")?;
    } else if !commands.is_empty() {
        writeln!(out, "To see it yourself:")?;
    }
    commands.iter().try_for_each(|command| writeln!(out, "  {}", escape::visible(command)))
}

/// How far what stands behind a label is indented.
const INDENT: usize = 11;

/// Writes what each client got: side by side, or below each other where there is no room for that.
fn table(clients: &[ClientResult], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let rows = clients.iter().map(|ClientResult { agent, head, get, body }| {
        [agent.name().to_owned(), got(head, None), got(get, Some(body))]
    });
    let head = ["client".to_owned(), "HEAD".to_owned(), "GET".to_owned()];
    let rows: Vec<[String; 3]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths = [width(0).unwrap_or_default(), width(1).unwrap_or_default(), width(2).unwrap_or_default()];
    let fits = style.width.is_none_or(|width| widths.iter().sum::<usize>() + 4 <= width);
    let [first, second, _] = widths;
    for [agent, head, get] in rows.iter().skip(usize::from(!fits)) {
        if fits {
            writeln!(out, "{agent:<first$}  {head:<second$}  {get}")?;
        } else {
            writeln!(out, "{agent}\n  HEAD {head}\n  GET  {get}")?;
        }
    }
    Ok(())
}

/// Says in one cell what came.
fn got(answer: &RequestOutcome, body: Option<&BodyTransfer>) -> String {
    match answer {
        RequestOutcome::NotSent => "not asked".to_owned(),
        RequestOutcome::Failed { elapsed, .. } => format!("no answer ({} s)", seconds(*elapsed)),
        RequestOutcome::Response(response) => {
            let kind = response.headers.first("content-type").map(|value| value.escaped_up_to(TYPE).to_string());
            let length = match response.length() {
                ContentLength::Known { bytes, .. } => format!("{} bytes", Bytes::new(bytes)),
                ContentLength::Missing => "no length".to_owned(),
                ContentLength::Invalid(_) => "an invalid length".to_owned(),
            };
            let elapsed = body.map_or(response.elapsed, |body| body.elapsed.max(response.elapsed));
            let kind = kind.unwrap_or_else(|| "no type".to_owned());
            format!("{} {kind}, {length} ({} s)", response.status, seconds(elapsed))
        }
    }
}

/// How many characters of a content type a cell has room for.
const TYPE: usize = 40;

/// Says how the API's requests went on their way.
fn way(trace: &RequestTrace) -> Vec<(&'static str, String)> {
    let RequestTrace { dns, head, get, tls } = trace;
    let mut lines = Vec::new();
    if let Some(TlsSession { version, certificates }) = tls {
        lines.push(("TLS", version.unwrap_or("the handshake did not end").to_owned()));
        lines.extend(certificates.iter().map(|one| ("", certificate(one))));
    }
    let laps = |name: &Option<Duration>, laps: &PhaseTimings| {
        let PhaseTimings { connect, tls, first_byte, body } = laps;
        let phases = [("DNS", name), ("connect", connect), ("TLS", tls), ("first byte", first_byte), ("body", body)];
        let phases = phases.into_iter().filter_map(|(phase, time)| Some(format!("{phase} {}", milliseconds((*time)?))));
        phases.collect::<Vec<_>>().join(", ")
    };
    lines.push(("HEAD", laps(dns, head)));
    lines.push(("GET", laps(&None, get)));
    lines
}

/// Says whom a certificate is for, and when.
fn certificate(certificate: &Certificate) -> String {
    let Certificate { subject, issuer, not_before, not_after } = certificate;
    let day = |time: &Option<u64>| {
        moment(*time).map_or_else(|| "an unknown day".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
    };
    format!("{} by {}, {} to {}", subject.escaped(), issuer.escaped(), day(not_before), day(not_after))
}

fn moment(seconds: Option<u64>) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(seconds?).ok()?).ok()
}

/// Says how much of the API's time is left.
fn margin(spent: Duration, limit: Duration) -> String {
    match limit.checked_sub(spent) {
        Some(left) => format!("{} of {} s, {} s to spare", seconds(spent), seconds(limit), seconds(left)),
        None => format!("{} s, more than the API's {}", seconds(spent), seconds(limit)),
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// Writes a diagnosis as one JSON document; `asset` is that of `check`.
///
/// # Errors
/// Only when `out` refuses.
pub fn diagnosis_json(diagnosis: &Diagnosis, run: &RunInfo, out: &mut dyn Write) -> io::Result<()> {
    let Diagnosis { report, clients, trace, elapsed: spent, limit, summary, commands } = diagnosis;
    let document = document::head(run)
        .with("summary", summary.as_str())
        .with("asset", document::asset(report, run))
        .with("clients", clients.iter().map(client).collect::<Vec<_>>())
        .with("tls", trace.as_ref().and_then(|trace| trace.tls.as_ref()).map(shown))
        .with("timing", trace.as_ref().map(|trace| timing(trace, *spent, *limit)))
        .with("commands", commands.iter().map(String::as_str).collect::<Vec<_>>());
    writeln!(out, "{}", escape::json(&serde_json::to_string_pretty(&document)?))
}

fn client(client: &ClientResult) -> Value {
    let ClientResult { agent, head, get, body } = client;
    json!({
        "user_agent": agent.header_value(),
        "head": document::answer(head, None),
        "get": document::answer(get, Some(body)),
    })
}

fn shown(shown: &TlsSession) -> Value {
    let TlsSession { version, certificates } = shown;
    let entry = |Certificate { subject, issuer, not_before, not_after }: &Certificate| {
        json!({
            "subject": document::text(subject),
            "issuer": document::text(issuer),
            "not_before": moment(*not_before).map(|at| at.to_string()),
            "not_after": moment(*not_after).map(|at| at.to_string()),
        })
    };
    json!({"version": version, "certificates": certificates.iter().map(entry).collect::<Vec<_>>()})
}

fn timing(trace: &RequestTrace, spent: Option<Duration>, limit: Duration) -> Value {
    let RequestTrace { dns, head, get, tls: _ } = trace;
    let millis = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    let laps = |PhaseTimings { connect, tls, first_byte, body }: &PhaseTimings| {
        json!({
            "connect_ms": connect.map(millis),
            "tls_ms": tls.map(millis),
            "first_byte_ms": first_byte.map(millis),
            "body_ms": body.map(millis),
        })
    };
    json!({
        "dns_ms": dns.map(millis),
        "head": laps(head),
        "get": laps(get),
        "total_ms": spent.map(millis),
        "margin_ms": spent.map(|spent| millis(limit) - millis(spent)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::untrusted::UntrustedText;

    #[test]
    fn times_and_certificates_are_plain() {
        let limit = Duration::from_secs(10);
        assert_eq!(margin(Duration::from_millis(1500), limit), "1.5 of 10 s, 8.5 s to spare");
        assert_eq!(margin(Duration::from_secs(12), limit), "12 s, more than the API's 10");
        assert_eq!(milliseconds(Duration::from_micros(1250)), "1.2 ms");
        let one = Certificate {
            subject: UntrustedText::from("\u{1b}[2Jh.com"),
            issuer: UntrustedText::from("R11"),
            not_before: Some(1_795_293_180),
            not_after: None,
        };
        assert_eq!(certificate(&one), "\\x1b[2Jh.com by R11, 2026-11-21 to an unknown day");
    }
}
