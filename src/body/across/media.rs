//! Rules between the fields of a body that need to know the media: how long they play.

use std::time::Duration;

use super::{Conflict, conflict};
use crate::body::path::{Path, Segment};
use crate::report::Report;
use crate::rules::Rules;
use crate::rules::tables::{Bound, Measure};
use crate::units::{Milli, seconds};
use serde_json::Value;

/// An asset of a body with its path.
pub(crate) type Seen<'a> = (&'a Path, &'a Report);

/// Returns the rules between media that a body to `endpoint` breaks. What could not be seen is passed over.
pub(crate) fn conflicts(rules: &Rules, endpoint: &str, body: &Value, assets: &[Seen<'_>]) -> Vec<Conflict> {
    let model = body.get("model").and_then(Value::as_str).unwrap_or_default();
    let rows =
        rules.bounds(Measure::DurationSum).filter(|row| has(&row.models, model) && has(&row.endpoints, endpoint));
    rows.filter_map(|row| too_long_together(row, assets)).chain(keyframes(body, assets)).collect()
}

fn has(names: &[String], name: &str) -> bool {
    names.is_empty() || names.iter().any(|known| known == name)
}

/// All assets of some fields may play only so long together. One that is too long alone has been told already.
fn too_long_together(row: &Bound, assets: &[Seen<'_>]) -> Option<Conflict> {
    let most = Duration::from_millis(row.most().map(Milli::thousandths)?);
    let breaks = |played: Duration| played > most || (!row.inclusive() && played == most);
    let of_row = |(path, report): &&Seen<'_>| {
        has(&row.fields, &stem(path)) && row.kind.is_none_or(|kind| report.kind == Some(kind))
    };
    let played: Vec<(&Path, Duration)> =
        assets.iter().filter(of_row).filter_map(|(path, report)| Some((*path, played(report)?))).collect();
    if played.iter().any(|(_, played)| breaks(*played)) {
        return None;
    }
    let mut total = Duration::ZERO;
    for (path, played) in played {
        total = total.saturating_add(played);
        if breaks(total) {
            let (total, most) = (seconds(total), seconds(most));
            let message = format!(
                "with the assets before it, {total} seconds; all of {} together may play {most}",
                row.fields.join(" and ")
            );
            return Some(conflict(path.clone(), message));
        }
    }
    None
}

/// A keyframe of a video stands within the video: `seconds` no later than its end.
fn keyframes(body: &Value, assets: &[Seen<'_>]) -> Vec<Conflict> {
    let video = Path::root().key("videoUri");
    let clip = assets.iter().find(|(path, _)| **path == video).and_then(|(_, report)| played(report));
    let (Some(clip), Some(keyframes)) = (clip, body.get("keyframes").and_then(Value::as_array)) else {
        return Vec::new();
    };
    let mut conflicts = Vec::new();
    for (index, keyframe) in keyframes.iter().enumerate() {
        let path = Path::root().key("keyframes").index(index);
        let range = |name: &str| keyframe.get("range").and_then(|range| range.get(name));
        let moments = [
            (path.key("seconds"), keyframe.get("seconds")),
            (path.key("range").key("start_seconds"), range("start_seconds")),
        ];
        for (path, moment) in moments {
            let Some(moment) = moment.and_then(Value::as_f64).filter(|moment| *moment > clip.as_secs_f64()) else {
                continue;
            };
            let message =
                format!("{moment} seconds is past the end of videoUri, which plays {} seconds", seconds(clip));
            conflicts.push(conflict(path, message));
        }
    }
    conflicts
}

/// Returns how long an asset plays, where its file says so exactly.
fn played(report: &Report) -> Option<Duration> {
    let duration = report.observed.content.media()?.duration?;
    duration.exact.then_some(duration.value)
}

/// Returns a field without positions and without a final `uri`, as the rules name it.
fn stem(path: &Path) -> String {
    let keys = path.segments().iter().filter_map(|segment| match segment {
        Segment::Key(key) => Some(key.as_str()),
        Segment::Index(_) => None,
    });
    let mut keys: Vec<&str> = keys.collect();
    if keys.len() > 1 && keys.last() == Some(&"uri") {
        keys.pop();
    }
    keys.join(".")
}
