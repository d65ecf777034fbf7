//! The rules on duration and frame rate.

use std::time::Duration;

use super::dimensions::names;
use super::limits::{Limit, Metric};
use super::{CheckContext, effective_kind};
use crate::finding::{Confidence, DurationBound, Finding, Lint, Reason, Severity};
use crate::media::{Kind, Measured, StatedDuration};
use crate::units::{Thousandths, seconds};

/// The duration must be within the bounds of the model, alone and as one of several assets.
pub(super) fn duration(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = context.observation.content.media() else { return };
    let rows: Vec<&Limit> = context.rules.applicable(Metric::Duration, context.scope()).collect();
    let sums: Vec<&Limit> = context.rules.applicable(Metric::DurationSum, context.scope()).collect();
    if let Some((finding, is_decisive)) = stated_durations(&media.stated_durations, &rows, &sums) {
        findings.push(finding);
        if is_decisive {
            return;
        }
    }
    let Some(played) = media.duration else {
        if !rows.is_empty() || !sums.is_empty() {
            let limits: Vec<&Limit> = rows.iter().chain(&sums).copied().collect();
            let detail = format!("the file does not state its duration, which is limited for {}", names(&limits));
            // The limit applies, but cannot be checked.
            findings.push(Finding::lint(Lint::MetadataUnknown, detail).with_severity(Severity::Undecided));
        }
        return;
    };
    let alone = violated_rows(&rows, played.value);
    if let Some((bound, row)) = alone.first() {
        let detail =
            format!("duration {} s{}; limit of {}", seconds(played.value), estimate_note(played), names(&[row]));
        let finding = outside(context, *bound, row, detail);
        let finding = context.with_confidence_of(finding, row);
        // Where only some fields of the model have such a bound, the asset may be for another field.
        let all = alone.len() == rows.len();
        findings.push(if all { softened(finding, *bound, played) } else { finding.with_severity(Severity::Warning) });
        return;
    }
    let together = violated_rows(&sums, played.value);
    if let Some((bound, row)) = together.first() {
        let fields = row.fields.join(" and ");
        let detail = format!(
            "duration {} s{}; the limit is for all assets of {fields} together",
            seconds(played.value),
            estimate_note(played)
        );
        let finding = outside(context, *bound, row, detail);
        findings.push(softened(finding.with_confidence(Confidence::Inferred), *bound, played));
    }
}

/// Reports a duration outside of a bound.
fn outside(context: &CheckContext<'_>, bound: DurationBound, row: &Limit, detail: String) -> Finding {
    let hint = hint(bound, row, effective_kind(context));
    Finding::reason(Reason::DurationOutside { bound }, detail).with_hint(hint)
}

/// Checks the durations that different parts of the file state. If all are within the limits, the finding is a warning;
/// if only some are, it is undecided. In both cases it is decisive (`true`). If all are outside, the limits decide.
fn stated_durations(stated: &[StatedDuration], rows: &[&Limit], sums: &[&Limit]) -> Option<(Finding, bool)> {
    let is_outside =
        |stated: &&StatedDuration| rows.iter().chain(sums).any(|row| violated(row, stated.duration).is_some());
    let outside = stated.iter().filter(is_outside).count();
    let each = stated.iter().map(|stated| format!("{} states {} s", stated.source, seconds(stated.duration)));
    let finding = Finding::lint(Lint::DurationsDiffer, each.collect::<Vec<_>>().join(", "));
    match outside {
        _ if stated.is_empty() => None,
        0 => Some((finding, true)),
        count if count < stated.len() => Some((finding.with_severity(Severity::Undecided), true)),
        _ => Some((finding, false)),
    }
}

fn violated_rows<'a>(rows: &[&'a Limit], played: Duration) -> Vec<(DurationBound, &'a Limit)> {
    rows.iter().filter_map(|row| Some((violated(row, played)?, *row))).collect()
}

/// Returns the bound that a duration violates.
fn violated(row: &Limit, played: Duration) -> Option<DurationBound> {
    let outside = |bound: Duration, beyond: bool| beyond || (!row.inclusive() && played == bound);
    let min = row.min().map(time).filter(|min| outside(*min, played < *min)).map(DurationBound::AtLeast);
    min.or_else(|| row.max().map(time).filter(|max| outside(*max, played > *max)).map(DurationBound::AtMost))
}

const fn time(bound: Thousandths) -> Duration {
    Duration::from_millis(bound.thousandths())
}

const fn estimate_note(played: Measured<Duration>) -> &'static str {
    if played.exact { "" } else { " (estimated)" }
}

/// Returns the longest duration that passes an upper bound of the asset.
#[cfg(feature = "fix")]
pub(super) fn longest_passing(context: &CheckContext<'_>, bound: Duration) -> Duration {
    let is_it = |row: &&Limit| row.max().map(time) == Some(bound);
    let row = context.rules.applicable(Metric::Duration, context.scope()).find(is_it);
    if row.is_none_or(Limit::inclusive) { bound } else { bound.saturating_sub(MILLISECOND) }
}

/// The precision of durations in reports and flags.
const MILLISECOND: Duration = Duration::from_millis(1);

/// Returns a hint on how to meet a bound.
fn hint(bound: DurationBound, row: &Limit, kind: Option<Kind>) -> String {
    match bound {
        DurationBound::AtLeast(min) if !row.inclusive() => {
            format!("Make it longer than {} s (loop it, slow it down or send a longer cut).", seconds(min))
        }
        DurationBound::AtMost(max) => {
            let most = if row.inclusive() { max } else { max.saturating_sub(MILLISECOND) };
            let name = if kind == Some(Kind::Audio) { "out.mp3" } else { "out.mp4" };
            format!("Cut it: `ffmpeg -i IN -t {} {name}`", seconds(most))
        }
        DurationBound::AtLeast(min) => {
            format!("Lengthen it to {} s (loop it, slow it down or send a longer cut).", seconds(min))
        }
    }
}

/// An estimate within 5 % of the bound makes the finding undecided.
fn softened(finding: Finding, bound: DurationBound, played: Measured<Duration>) -> Finding {
    let (DurationBound::AtMost(bound) | DurationBound::AtLeast(bound)) = bound;
    let near = bound.abs_diff(played.value) <= bound / 20;
    if !played.exact && near { finding.with_severity(Severity::Undecided) } else { finding }
}

/// The frame rate must be within the limit of the model.
pub(super) fn frame_rate(context: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(video) = context.observation.content.media().and_then(|media| media.video.as_ref()) else { return };
    for row in context.rules.applicable(Metric::FrameRate, context.scope()) {
        let Some(max) = row.max() else { continue };
        let Some(fps) = video.fps else {
            findings.push(Finding::lint(Lint::MetadataUnknown, "the file does not state its frame rate"));
            continue;
        };
        let limit = f64::from(u32::try_from(max.thousandths()).unwrap_or(u32::MAX)) / 1000.0;
        if fps.value <= limit + FPS_TOLERANCE {
            continue;
        }
        let (detail, is_near) = if fps.value <= limit + FPS_ROUNDING {
            (
                format!("average {:.3} fps, which rounds to {max}; whether the API rounds is not published", fps.value),
                true,
            )
        } else {
            (format!("{:.3} fps; {} accepts at most {max}", fps.value, names(&[row])), false)
        };
        let finding = Finding::lint(Lint::FpsOutside, detail);
        let finding = finding.with_hint(format!("Re-encode it: `ffmpeg -i IN -r {max} out.mp4`"));
        let finding = context.with_confidence_of(finding, row);
        findings.push(if is_near { finding.with_severity(Severity::Warning) } else { finding });
    }
}

/// How far a frame rate may be above its limit without a finding, in frames per second: containers round the duration of
/// a frame, so that 30 fps reads as 30.0003.
const FPS_TOLERANCE: f64 = 0.005;

/// How far a frame rate may be above its limit without an error, in frames per second: phones record at a variable rate
/// that averages a little above its nominal value, and Matroska rounds frames to whole milliseconds (33 ms are 30.303
/// fps).
const FPS_ROUNDING: f64 = 0.5;
