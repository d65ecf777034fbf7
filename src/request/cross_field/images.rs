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
/// Models whose reference images must have unique tags.
const TAGS: [&str; 3] = ["gpt_image_2", "gpt_image_2_5_flare", "gpt_image_2_5_sunburst"];
/// Models whose responses about frames were seen live, on 2026-08-13.
const FRAMES_SEEN: [&str; 3] = ["hailuo3", "seedance2", "seedance2_5"];
/// The API's sentence for a last frame without a first one.
const NO_FIRST_FRAME: &str = "You must specify a frame in position `first`.";
/// The API's sentence for a duplicate position.
const POSITION_TWICE: &str =
    "Duplicate position values are not allowed. Each position (`first`, `last`) may only be used once.";
/// Models that distinguish people from objects, and whether an image without `subject` is an object.
const SUBJECT_MODELS: [(&str, bool); 3] =
    [("gemini_image3_pro", true), ("gemini_image3.1_flash", true), ("gemini_image3.1_flash_lite", false)];
/// How many people and objects they accept.
const SUBJECTS: [(&str, usize); 2] = [("human", 5), ("object", 9)];

/// Each position, or role, occurs at most once.
pub(super) fn each_position_once(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let (images, list) = (input.list("promptImage"), Path::root().key("promptImage"));
    if input.is("image_to_video", &FRAMES) || input.is("image_to_video", &["kling_4"]) {
        return repeated(images, "position", &["first", "last"], &list);
    }
    if input.is("image_to_video", &FRAMES_OR_REFERENCES) {
        let is_repeated = !repeated(images, "position", &["first", "last"], &list).is_empty();
        return answered_if(is_repeated, input, POSITION_TWICE);
    }
    if input.endpoint != "generate/video" {
        return Vec::new();
    }
    let path = Path::root().key("input");
    let list = |name: &str| {
        input.body.pointer(&format!("/input/{name}")).and_then(Value::as_array).map_or(&[][..], Vec::as_slice)
    };
    let mut conflicts = repeated(list("referenceImages"), "role", &["first", "last"], &path.key("referenceImages"));
    conflicts.extend(repeated(list("referenceVideos"), "role", &["source"], &path.key("referenceVideos")));
    conflicts
}

/// A last frame alone is not supported.
pub(super) fn last_needs_first(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if input.endpoint != "image_to_video" {
        return Vec::new();
    }
    let images = input.list("promptImage");
    let has = |position: &str| images.iter().any(|image| text(image, "position") == Some(position));
    let broken = has("last") && !has("first");
    if input.is("image_to_video", &FRAMES_OR_REFERENCES) {
        return answered_if(broken, input, NO_FIRST_FRAME);
    }
    let broken = broken && input.is("image_to_video", &FRAMES);
    conflict_if(broken, "promptImage", "a last frame needs a first frame")
}

/// Frames and references cannot be mixed. The references of wan3 include videos and audio (docs of 2026-09-16).
pub(super) fn keyframes_and_references_apart(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("image_to_video", &FRAMES_OR_REFERENCES) {
        return Vec::new();
    }
    let images = input.list("promptImage").iter().filter(|image| image.is_object());
    let (frames, references): (Vec<&Value>, Vec<&Value>) = images.partition(|image| image.get("position").is_some());
    let broken = !frames.is_empty() && !references.is_empty();
    let message = "images with a position (frames) and without one (references) cannot be mixed";
    let mut conflicts = conflict_if(broken, "promptImage", message);
    if input.is("image_to_video", &["wan3", "wan3_prime"]) && !frames.is_empty() {
        let media = ["referenceVideos", "referenceAudio"].into_iter().filter(|name| !input.list(name).is_empty());
        let message = "images with a position (frames) exclude references";
        conflicts.extend(media.map(|name| conflict(Path::root().key(name), message)));
    }
    conflicts
}

/// The frames of wan3 determine the aspect ratio of the video.
pub(super) fn keyframes_take_automatic_ratio(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let broken = input.is("image_to_video", &["wan3", "wan3_prime"])
        && input.list("promptImage").iter().any(|image| image.get("position").is_some())
        && input.text("ratio").is_some_and(|ratio| !ratio.starts_with("auto_"));
    conflict_if(broken, "ratio", "with frames, ratio must be auto_480p, auto_720p or auto_1080p")
}

/// No two images share a tag.
pub(super) fn one_image_a_tag(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("text_to_image", &TAGS) {
        return Vec::new();
    }
    let mut seen = HashMap::new();
    let images = input.list("referenceImages").iter().enumerate();
    let repeats = images.filter_map(|(index, image)| Some((index, seen.insert(text(image, "tag")?, index)?)));
    let repeats: Vec<(usize, usize)> = repeats.collect();
    let path = |index| Path::root().key("referenceImages").index(index).key("tag");
    repeats
        .into_iter()
        .map(|(index, before)| conflict(path(index), format!("the same tag as referenceImages[{before}]")))
        .collect()
}

/// The numbers of people and of objects are bounded.
pub(super) fn few_of_each_subject(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let known = SUBJECT_MODELS.iter().find(|(model, _)| input.is("text_to_image", &[model]));
    let Some((_, is_object_by_default)) = known else { return Vec::new() };
    let default = if *is_object_by_default { "object" } else { "" };
    let images = input.list("referenceImages");
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
pub(super) fn all_keyframes_have_ranges_or_none(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("video_to_video", &["aleph2"]) {
        return Vec::new();
    }
    let keyframes = input.list("keyframes");
    let with_range = keyframes.iter().filter(|keyframe| keyframe.get("range").is_some()).count();
    conflict_if(
        with_range > 0 && with_range < keyframes.len(),
        "keyframes",
        "either every keyframe has a range, or none",
    )
}

/// A keyframe lies within its own range. The end is exclusive, but a keyframe exactly at the end is not reported.
pub(super) fn keyframes_stand_in_their_range(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("video_to_video", &["aleph2"]) {
        return Vec::new();
    }
    let is_outside = |keyframe: &Value| {
        let range = |name: &str| keyframe.get("range")?.get(name)?.as_f64();
        let seconds = keyframe.get("seconds").and_then(Value::as_f64);
        let (start, end) = (range("start_seconds"), range("end_seconds"));
        seconds.zip(start.zip(end)).is_some_and(|(seconds, (start, end))| !(start..=end).contains(&seconds))
    };
    let outside = input.list("keyframes").iter().enumerate().filter(|(_, keyframe)| is_outside(keyframe));
    let path = |index| Path::root().key("keyframes").index(index).key("seconds");
    outside.map(|(index, _)| conflict(path(index), "the keyframe lies outside its range")).collect()
}

/// Keyframes of a routed request need a source video.
pub(super) fn keyframes_need_a_source(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if input.endpoint != "generate/video" {
        return Vec::new();
    }
    let list = |name: &str| input.body.get("input").and_then(|input| input.get(name)).and_then(Value::as_array);
    let has_keyframes = list("keyframes").is_some_and(|keyframes| !keyframes.is_empty());
    let videos = list("referenceVideos").map_or(&[][..], Vec::as_slice);
    let has_source = videos.iter().any(|video| text(video, "role") == Some("source"));
    if !has_keyframes || has_source {
        return Vec::new();
    }
    vec![conflict(Path::root().key("input").key("keyframes"), "keyframes need a reference video with role source")]
}

/// Returns a conflict of the images with the API's sentence, which is inferred for models that were not observed live.
fn answered_if(broken: bool, input: &CrossFieldInput<'_>, sentence: &str) -> Vec<Conflict> {
    let is_seen = FRAMES_SEEN.contains(&input.model);
    let confidence = if is_seen { Confidence::Observed } else { Confidence::Inferred };
    let conflicts = conflict_if(broken, "promptImage", sentence).into_iter();
    conflicts.map(|conflict| conflict.into_api_message(confidence)).collect()
}

/// Returns the elements whose member `name` repeats a value of an earlier element, out of the given `values`.
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
