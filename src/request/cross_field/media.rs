//! Rules between the fields of a body that depend on the durations of its media.

use std::time::Duration;

use super::{Conflict, conflict};
use crate::report::Report;
use crate::request::path::{Path, Segment};
use crate::rules::RuleSet;
use crate::rules::limits::{Limit, Metric};
use crate::units::{Thousandths, seconds};
use serde_json::Value;

/// An asset of a body with its path.
pub(crate) type CheckedAsset<'a> = (&'a Path, &'a Report);

/// Returns the broken rules between the media of a body to `endpoint`. Media without a known duration are skipped.
pub(crate) fn conflicts(rules: &RuleSet, endpoint: &str, body: &Value, assets: &[CheckedAsset<'_>]) -> Vec<Conflict> {
    let model = body.get("model").and_then(Value::as_str).unwrap_or_default();
    let rows = rules.limits(Metric::DurationSum).filter(|row| has(&row.models, model) && has(&row.endpoints, endpoint));
    rows.filter_map(|row| too_long_together(row, assets)).chain(keyframes(body, assets)).collect()
}

fn has(names: &[String], name: &str) -> bool {
    names.is_empty() || names.iter().any(|known| known == name)
}

/// Checks the total duration of the assets of some fields. An asset that is too long on its own is reported elsewhere.
fn too_long_together(row: &Limit, assets: &[CheckedAsset<'_>]) -> Option<Conflict> {
    let most = Duration::from_millis(row.max().map(Thousandths::thousandths)?);
    let breaks = |played: Duration| played > most || (!row.inclusive() && played == most);
    let of_row = |(path, report): &&CheckedAsset<'_>| {
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
                "together with the assets before it, it lasts {total} seconds; the limit for all of {} is {most}",
                row.fields.join(" and ")
            );
            return Some(conflict(path.clone(), message));
        }
    }
    None
}

/// Checks that the keyframes of a video are no later than its end.
fn keyframes(body: &Value, assets: &[CheckedAsset<'_>]) -> Vec<Conflict> {
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
                format!("{moment} seconds is past the end of videoUri, which lasts {} seconds", seconds(clip));
            conflicts.push(conflict(path, message));
        }
    }
    conflicts
}

/// Returns the duration of an asset, if its file states it exactly.
fn played(report: &Report) -> Option<Duration> {
    let duration = report.observed.content.media()?.duration?;
    duration.exact.then_some(duration.value)
}

/// Returns a field without indexes and without a final `uri`, as the rules name it.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::media::{ContentState, Format, Kind, Measured, Media};
    use crate::request::findings::tests::report;

    fn playing(kind: Kind, milliseconds: u64, is_exact: bool) -> Report {
        let mut media = Media::new(Format::Mp4);
        let value = Duration::from_millis(milliseconds);
        media.duration = Some(if is_exact { Measured::exact(value) } else { Measured::estimated(value) });
        let mut report = report(Vec::new());
        report.kind = Some(kind);
        std::sync::Arc::make_mut(&mut report.observed).content = ContentState::Media(Box::new(media));
        report
    }

    #[test]
    fn the_total_duration_of_a_field_is_limited() {
        let case = |endpoint: &str, model: &str, kind: Kind, field: &str, played: &[u64], expected: &[&str]| {
            let reports: Vec<(Path, Report)> = played
                .iter()
                .enumerate()
                .map(|(index, played)| (Path::root().key(field).index(index).key("uri"), playing(kind, *played, true)))
                .collect();
            let seen: Vec<CheckedAsset<'_>> = reports.iter().map(|(path, report)| (path, report)).collect();
            let found = conflicts(RuleSet::embedded(), endpoint, &json!({"model": model}), &seen);
            let fields: Vec<String> = found.iter().map(|conflict| conflict.path.to_string()).collect();
            assert_eq!(fields, expected, "{endpoint} {model} {played:?}");
        };
        let sound = |played: &[u64], expected: &[&str]| {
            case("text_to_video", "seedance2", Kind::Audio, "referenceAudio", played, expected);
        };
        sound(&[5_000, 5_000, 5_000], &[]);
        sound(&[5_000, 5_000, 5_001], &["referenceAudio[2].uri"]);
        sound(&[8_000, 8_000, 1_000], &["referenceAudio[1].uri"]);
        // An asset that is too long on its own is reported at the asset itself.
        sound(&[16_000, 1_000], &[]);
        sound(&[], &[]);
        // An exclusive bound.
        let longer = |endpoint: &str, expected: &[&str]| {
            case(endpoint, "seedance2_5", Kind::Audio, "referenceAudio", &[15_000, 15_000], expected);
        };
        longer("image_to_video", &[]);
        longer("text_to_video", &["referenceAudio[1].uri"]);
        case("text_to_video", "wan3", Kind::Video, "referenceVideos", &[9_000, 7_000], &["referenceVideos[1].uri"]);
        case("text_to_video", "gen4.5", Kind::Video, "referenceVideos", &[9_000, 7_000], &[]);
        for endpoint in ["image_to_video", "text_to_video"] {
            let videos = |played: &[u64], expected: &[&str]| {
                case(endpoint, "kling_4", Kind::Video, "referenceVideos", played, expected);
            };
            videos(&[15_000, 15_000], &[]);
            videos(&[15_000, 16_000], &["referenceVideos[1].uri"]);
        }
    }

    #[test]
    fn keyframes_are_within_the_video() {
        let video = Path::root().key("videoUri");
        let case = |is_exact: bool, expected: &[&str]| {
            let clip = playing(Kind::Video, 4_000, is_exact);
            let body = json!({"model": "aleph2", "keyframes": [
                {"seconds": 4}, {"seconds": 4.1}, {"at": 1}, {"seconds": 0, "range": {"start_seconds": 5, "end_seconds": 6}},
            ]});
            let found = conflicts(RuleSet::embedded(), "video_to_video", &body, &[(&video, &clip)]);
            let fields: Vec<String> = found.iter().map(|conflict| conflict.path.to_string()).collect();
            assert_eq!(fields, expected);
        };
        case(true, &["keyframes[1].seconds", "keyframes[3].range.start_seconds"]);
        // An estimated duration causes no finding.
        case(false, &[]);
    }
}
