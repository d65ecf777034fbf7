//! Writes the observed facts about an asset.

use std::io::{self, Write};

use colored::Colorize as _;

use super::{Style, labelled, wrap_to_width};
use crate::finding::Verdict;
use crate::media::{Codec, Media};
use crate::observation::{Observation, RequestOutcome};
use crate::report::Report;
use crate::units::{Bytes, counted, seconds};

/// Writes the facts of the asset in one line: `JPEG image, 1920x1080 (1.778), 812,034 bytes`.
pub(super) fn facts(writer: &mut impl Write, report: &Report, style: Style) -> io::Result<()> {
    let line = line(report).unwrap_or_default();
    wrap_to_width(&line, 2, style).iter().try_for_each(|line| writeln!(writer, "  {}", line.dimmed()))
}

/// Returns the facts of the asset as one line, where its media header was read.
pub(in crate::output) fn line(report: &Report) -> Option<String> {
    let media = report.observed.content.media()?;
    let mut facts = describe(media);
    if let Some(bytes) = report.observed.size.or_else(|| received(&report.observed)) {
        facts.push(counted(bytes, "byte"));
    }
    let accepted = report.by_transport.iter().filter(|(_, verdict)| *verdict == Verdict::Accepted);
    let accepted: Vec<&str> = accepted.map(|(transport, _)| transport.name()).collect();
    let line = facts.join(", ");
    Some(if accepted.is_empty() { line } else { format!("{line}; can be sent as {}", accepted.join(", ")) })
}

/// Returns the length of the body, if known.
fn received(observed: &Observation) -> Option<u64> {
    let response = observed.get.response().or(observed.head.response())?;
    match response.length() {
        crate::observation::ContentLength::Known { bytes, .. } => Some(bytes),
        crate::observation::ContentLength::Missing | crate::observation::ContentLength::Invalid(_) => None,
    }
}

/// Describes a media header.
fn describe(media: &Media) -> Vec<String> {
    let mut facts = vec![media.name().trim_start_matches("a ").trim_start_matches("an ").to_owned()];
    if let Some(stored) = media.coded_size {
        let with_ratio = |size: crate::units::Dimensions| match size.ratio() {
            Some(ratio) => format!("{size} ({ratio})"),
            None => size.to_string(),
        };
        facts.push(with_ratio(stored));
        if let Some(displayed) = media.display_size.filter(|displayed| *displayed != stored) {
            facts.push(format!("displayed as {}", with_ratio(displayed)));
        }
    }
    if let Some(video) = &media.video {
        facts.push(codec(&video.codec));
        if let Some(fps) = video.fps {
            facts.push(format!("{}{:.3} fps", if fps.exact { "" } else { "about " }, fps.value));
        }
    }
    facts.extend(media.audio.as_ref().map(codec));
    if let Some(duration) = media.duration {
        facts.push(format!("{}{} s", if duration.exact { "" } else { "about " }, seconds(duration.value)));
    }
    facts
}

fn codec(codec: &Codec) -> String {
    match codec {
        Codec::Known(name) => (*name).to_owned(),
        Codec::Other(id) => format!("codec {}", id.escaped()),
    }
}

/// Writes the network observations.
pub(super) fn observed(writer: &mut impl Write, observed: &Observation, style: Style) -> io::Result<()> {
    if !observed.addresses.is_empty() {
        let addresses: Vec<String> = observed.addresses.iter().map(ToString::to_string).collect();
        labelled(writer, "addr:", &addresses.join(", "), style)?;
    }
    for (method, outcome) in [("HEAD:", &observed.head), ("GET:", &observed.get)] {
        match outcome {
            RequestOutcome::NotSent => {}
            RequestOutcome::Failed { elapsed, .. } => {
                labelled(writer, method, &format!("failed after {} s", seconds(*elapsed)), style)?;
            }
            RequestOutcome::Response(response) => {
                let line = format!("{} after {} s", response.status, seconds(response.elapsed));
                labelled(writer, method, &line, style)?;
                for (name, value) in response.headers.iter().filter(|(name, _)| is_safe_to_print(name)) {
                    labelled(writer, "", &format!("{name}: {}", value.escaped()), style)?;
                }
            }
        }
    }
    if observed.body.received > 0 {
        let line = format!("{} bytes after {} s", Bytes::new(observed.body.received), seconds(observed.body.elapsed));
        labelled(writer, "body:", &line, style)?;
    }
    Ok(())
}

/// Returns whether a header field can affect the verdict and cannot hold a secret.
fn is_safe_to_print(name: &str) -> bool {
    const SAFE: [&str; 13] = [
        "accept-ranges",
        "cache-control",
        "cf-cache-status",
        "cf-mitigated",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "retry-after",
        "server",
        "transfer-encoding",
        "via",
        "x-cache",
    ];
    SAFE.contains(&name)
}
