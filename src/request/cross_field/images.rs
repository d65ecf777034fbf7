//! Rules between the images of a body.

use std::collections::HashMap;

use serde_json::Value;

use super::{Conflict, CrossFieldInput, conflict, conflict_if};
use crate::finding::Confidence;
use crate::request::path::Path;

/// Models whose `promptImage` is a first frame and at most one last frame.
const FRAMES: [&str; 11] = [
    "veo3.1",
    "veo3.1_fast",
    "gemini_omni_flash_1.1",
    "h3_max",
    "kling2.5_turbo_pro",
    "kling3.0_standard",
    "kling3.0_pro",
    "kling3.0_4k",
    "klingO3_standard",
    "klingO3_pro",
    "klingO3_4k",
];
/// Models whose `promptImage` is either frames, with positions, or references, without.
pub(super) const FRAMES_OR_REFERENCES: [&str; 7] =
    ["hailuo3", "seedance2", "seedance2_fast", "seedance2_mini", "seedance2_5", "wan3", "wan3_prime"];
/// Models whose reference images must have tags of their own.
const TAGS: [&str; 3] = ["gpt_image_2", "gpt_image_2_5_flare", "gpt_image_2_5_sunburst"];
/// Models whose answers about frames were seen live, on 2026-08-13.
const FRAMES_SEEN: [&str; 3] = ["hailuo3", "seedance2", "seedance2_5"];
/// What the API answers to a last frame without a first one.
const NO_FIRST_FRAME: &str = "You must specify a frame in position `first`.";
/// What the API answers to a position that stands twice.
const POSITION_TWICE: &str =
    "Duplicate position values are not allowed. Each position (`first`, `last`) may only be used once.";
/// Models that tell people from objects, and whether an image without `subject` is an object.
const SUBJECT_MODELS: [(&str, bool); 3] =
    [("gemini_image3_pro", true), ("gemini_image3.1_flash", true), ("gemini_image3.1_flash_lite", false)];
/// How many people and objects they take.
const SUBJECTS: [(&str, usize); 2] = [("human", 5), ("object", 9)];

/// A position, or a role, is taken at most once.
pub(super) fn each_position_once(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let (images, list) = (subject.list("promptImage"), Path::root().key("promptImage"));
    if subject.is("image_to_video", &FRAMES) || subject.is("image_to_video", &["kling_4"]) {
        return repeated(images, "position", &["first", "last"], &list);
    }
    if subject.is("image_to_video", &FRAMES_OR_REFERENCES) {
        let is_repeated = !repeated(images, "position", &["first", "last"], &list).is_empty();
        return answered_if(is_repeated, subject, POSITION_TWICE);
    }
    if subject.endpoint != "generate/video" {
        return Vec::new();
    }
    let input = Path::root().key("input");
    let list = |name: &str| {
        subject.body.pointer(&format!("/input/{name}")).and_then(Value::as_array).map_or(&[][..], Vec::as_slice)
    };
    let mut conflicts = repeated(list("referenceImages"), "role", &["first", "last"], &input.key("referenceImages"));
    conflicts.extend(repeated(list("referenceVideos"), "role", &["source"], &input.key("referenceVideos")));
    conflicts
}

/// A last frame alone is not supported.
pub(super) fn last_needs_first(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let images = subject.list("promptImage");
    let has = |position: &str| images.iter().any(|image| text(image, "position") == Some(position));
    let broken = has("last") && !has("first");
    if subject.is("image_to_video", &FRAMES_OR_REFERENCES) {
        return answered_if(broken, subject, NO_FIRST_FRAME);
    }
    let broken = broken && subject.is("image_to_video", &FRAMES);
    conflict_if(broken, "promptImage", "a last frame needs a first frame")
}

/// Frames and references cannot be mixed. References of wan3 are videos and sound as well (docs of 2026-09-16).
pub(super) fn keyframes_and_references_apart(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !subject.is("image_to_video", &FRAMES_OR_REFERENCES) {
        return Vec::new();
    }
    let images = subject.list("promptImage").iter().filter(|image| image.is_object());
    let (frames, references): (Vec<&Value>, Vec<&Value>) = images.partition(|image| image.get("position").is_some());
    let broken = !frames.is_empty() && !references.is_empty();
    let message = "images with a position (frames) and without one (references) cannot be mixed";
    let mut conflicts = conflict_if(broken, "promptImage", message);
    if subject.is("image_to_video", &["wan3", "wan3_prime"]) && !frames.is_empty() {
        let media = ["referenceVideos", "referenceAudio"].into_iter().filter(|name| !subject.list(name).is_empty());
        let message = "images with a position (frames) exclude references";
        conflicts.extend(media.map(|name| conflict(Path::root().key(name), message)));
    }
    conflicts
}

/// Frames give wan3's video its shape.
pub(super) fn keyframes_take_automatic_ratio(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let frames = subject.list("promptImage").iter().any(|image| image.get("position").is_some());
    let fixed = subject.text("ratio").is_some_and(|ratio| !ratio.starts_with("auto_"));
    let broken = subject.is("image_to_video", &["wan3", "wan3_prime"]) && frames && fixed;
    conflict_if(broken, "ratio", "with frames, ratio must be auto_480p, auto_720p or auto_1080p")
}

/// No two images share a tag.
pub(super) fn one_image_a_tag(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !subject.is("text_to_image", &TAGS) {
        return Vec::new();
    }
    let mut seen = HashMap::new();
    let images = subject.list("referenceImages").iter().enumerate();
    let repeats = images.filter_map(|(index, image)| Some((index, seen.insert(text(image, "tag")?, index)?)));
    let repeats: Vec<(usize, usize)> = repeats.collect();
    let path = |index| Path::root().key("referenceImages").index(index).key("tag");
    repeats
        .into_iter()
        .map(|(index, before)| conflict(path(index), format!("the same tag as referenceImages[{before}]")))
        .collect()
}

/// There is a bound on people and one on objects.
pub(super) fn few_of_each_subject(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let known = SUBJECT_MODELS.iter().find(|(model, _)| subject.is("text_to_image", &[model]));
    let Some((_, is_object_by_default)) = known else { return Vec::new() };
    let default = if *is_object_by_default { "object" } else { "" };
    let images = subject.list("referenceImages");
    let count = |name: &str| images.iter().filter(|image| text(image, "subject").unwrap_or(default) == name).count();
    let over =
        SUBJECTS.into_iter().map(|(name, most)| (name, most, count(name))).filter(|(_, most, count)| count > most);
    let path = Path::root().key("referenceImages");
    over.map(|(name, most, count)| {
        conflict(path.clone(), format!("at most {most} images of subject {name}, got {count}"))
    })
    .collect()
}

/// Either every keyframe of aleph2 has a range, or none.
pub(super) fn all_keyframes_have_ranges_or_none(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let keyframes = subject.list("keyframes");
    let with_range = keyframes.iter().filter(|keyframe| keyframe.get("range").is_some()).count();
    let broken = subject.is("video_to_video", &["aleph2"]) && with_range > 0 && with_range < keyframes.len();
    conflict_if(broken, "keyframes", "either every keyframe has a range, or none")
}

/// A keyframe stands within its own range. The end is exclusive; what stands exactly there is not refused.
pub(super) fn keyframes_stand_in_their_range(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !subject.is("video_to_video", &["aleph2"]) {
        return Vec::new();
    }
    let is_outside = |keyframe: &Value| {
        let range = |name: &str| keyframe.get("range")?.get(name)?.as_f64();
        let seconds = keyframe.get("seconds").and_then(Value::as_f64);
        let (start, end) = (range("start_seconds"), range("end_seconds"));
        seconds.zip(start.zip(end)).is_some_and(|(seconds, (start, end))| !(start..=end).contains(&seconds))
    };
    let outside = subject.list("keyframes").iter().enumerate().filter(|(_, keyframe)| is_outside(keyframe));
    let path = |index| Path::root().key("keyframes").index(index).key("seconds");
    outside.map(|(index, _)| conflict(path(index), "the keyframe lies outside its range")).collect()
}

/// Keyframes of a routed request guide a source video.
pub(super) fn keyframes_need_a_source(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let list = |name: &str| subject.body.get("input").and_then(|input| input.get(name)).and_then(Value::as_array);
    let has_keyframes = list("keyframes").is_some_and(|keyframes| !keyframes.is_empty());
    let videos = list("referenceVideos").map_or(&[][..], Vec::as_slice);
    let has_source = videos.iter().any(|video| text(video, "role") == Some("source"));
    if subject.endpoint != "generate/video" || !has_keyframes || has_source {
        return Vec::new();
    }
    vec![conflict(Path::root().key("input").key("keyframes"), "keyframes need a reference video with role source")]
}

/// Makes a conflict of the images in the API's words; those of a model that was not seen live are inferred.
fn answered_if(broken: bool, subject: &CrossFieldInput<'_>, sentence: &str) -> Vec<Conflict> {
    let is_seen = FRAMES_SEEN.contains(&subject.model);
    let confidence = if is_seen { Confidence::Observed } else { Confidence::Inferred };
    let conflicts = conflict_if(broken, "promptImage", sentence).into_iter();
    conflicts.map(|conflict| conflict.in_words_of_the_api(confidence)).collect()
}

/// Returns the elements whose member `name` has one of `values` that an element before them has.
fn repeated(elements: &[Value], name: &str, values: &[&str], list: &Path) -> Vec<Conflict> {
    let mut seen: Vec<&str> = Vec::new();
    let mut conflicts = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let Some(value) = text(element, name).filter(|value| values.contains(value)) else { continue };
        if seen.contains(&value) {
            conflicts.push(conflict(list.index(index).key(name), format!("only one {name} may be {value}")));
        } else {
            seen.push(value);
        }
    }
    conflicts
}

fn text<'a>(element: &'a Value, name: &str) -> Option<&'a str> {
    element.get(name).and_then(Value::as_str)
}
