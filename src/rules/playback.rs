//! The rules on how long and how fast an asset plays.

use std::time::Duration;

use super::CheckContext;
use super::dimensions::names;
use super::limits::{Limit, Metric};
use crate::finding::Finding;
use crate::finding::code::{Confidence, Severity};
use crate::finding::lint::Lint;
use crate::finding::reason::{DurationBound, Reason};
use crate::media::Measured;
use crate::units::{Thousandths, seconds};

/// The asset must play as long as the model takes, alone and as one of several.
pub(super) fn duration(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(media) = subject.seen.content.media() else { return };
    let rows: Vec<&Limit> = subject.rules.holding(Metric::Duration, subject.scope()).collect();
    let sums: Vec<&Limit> = subject.rules.holding(Metric::DurationSum, subject.scope()).collect();
    let Some(played) = media.duration else {
        if !rows.is_empty() || !sums.is_empty() {
            findings.push(Finding::lint(Lint::MetadataUnknown, "the file does not state how long it plays"));
        }
        return;
    };
    let alone = refusing(&rows, played.value);
    if let Some((bound, row)) = alone.first() {
        let detail = format!(
            "it plays {} seconds{}; this is the bound of {}",
            seconds(played.value),
            about(played),
            names(&[row])
        );
        let finding = subject.weighed(Finding::reason(Reason::DurationOutside { bound: *bound }, detail), row);
        // Where only some fields of the model have such a bound, the asset may be for another.
        let all = alone.len() == rows.len();
        findings.push(if all { softened(finding, *bound, played) } else { finding.with_severity(Severity::Warning) });
        return;
    }
    let together = refusing(&sums, played.value);
    if let Some((bound, row)) = together.first() {
        let fields = row.fields.join(" and ");
        let detail = format!(
            "it alone plays {} seconds{}; all assets of {fields} together have that bound",
            seconds(played.value),
            about(played)
        );
        let finding = Finding::reason(Reason::DurationOutside { bound: *bound }, detail);
        findings.push(softened(finding.with_confidence(Confidence::Inferred), *bound, played));
    }
}

fn refusing<'a>(rows: &[&'a Limit], played: Duration) -> Vec<(DurationBound, &'a Limit)> {
    rows.iter().filter_map(|row| Some((broken(row, played)?, *row))).collect()
}

/// Returns the bound that a duration breaks.
pub(super) fn broken(row: &Limit, played: Duration) -> Option<DurationBound> {
    let outside = |bound: Duration, beyond: bool| beyond || (!row.inclusive() && played == bound);
    let least = row.least().map(time).filter(|least| outside(*least, played < *least)).map(DurationBound::AtLeast);
    least.or_else(|| row.most().map(time).filter(|most| outside(*most, played > *most)).map(DurationBound::AtMost))
}

const fn time(bound: Thousandths) -> Duration {
    Duration::from_millis(bound.thousandths())
}

const fn about(played: Measured<Duration>) -> &'static str {
    if played.exact { "" } else { " by estimate" }
}

/// An estimate within a twentieth of the bound decides nothing.
fn softened(finding: Finding, bound: DurationBound, played: Measured<Duration>) -> Finding {
    let (DurationBound::AtMost(bound) | DurationBound::AtLeast(bound)) = bound;
    let near = bound.abs_diff(played.value) <= bound / 20;
    if !played.exact && near { finding.with_severity(Severity::Undecided) } else { finding }
}

/// The frame rate must be within what the model takes.
pub(super) fn frame_rate(subject: &CheckContext<'_>, findings: &mut Vec<Finding>) {
    let Some(video) = subject.seen.content.media().and_then(|media| media.video.as_ref()) else { return };
    for row in subject.rules.holding(Metric::FrameRate, subject.scope()) {
        let Some(most) = row.most() else { continue };
        let Some(fps) = video.fps else {
            findings.push(Finding::lint(Lint::MetadataUnknown, "the file does not state its frame rate"));
            continue;
        };
        let bound = f64::from(u32::try_from(most.thousandths()).unwrap_or(u32::MAX)) / 1000.0;
        if fps.value > bound + FPS_TOLERANCE {
            let detail = format!("it has {:.3} frames per second; {} takes at most {most}", fps.value, names(&[row]));
            let finding = Finding::lint(Lint::FpsOutside, detail);
            let finding = finding.with_hint(format!("Encode it again: ffmpeg -i IN -r {most} out.mp4"));
            findings.push(subject.weighed(finding, row));
        }
    }
}

/// How far a frame rate may be above its bound, in frames per second: containers round the length of a frame, so that
/// a film of 30 frames per second reads as 30.0003.
const FPS_TOLERANCE: f64 = 0.005;
