//! Rules between the images of a body.

use std::collections::HashMap;

use serde_json::Value;

use super::{Conflict, CrossFieldInput, conflict, conflict_if};
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
const FRAMES_OR_REFERENCES: [&str; 7] =
    ["hailuo3", "seedance2", "seedance2_fast", "seedance2_mini", "seedance2_5", "wan3", "wan3_prime"];
/// Models whose reference images must have tags of their own.
const TAGS: [&str; 3] = ["gpt_image_2", "gpt_image_2_5_flare", "gpt_image_2_5_sunburst"];
/// Models that tell people from objects.
const SUBJECT_MODELS: [&str; 2] = ["gemini_image3_pro", "gemini_image3.1_flash_lite"];
/// How many people and objects they take.
const SUBJECTS: [(&str, usize); 2] = [("human", 5), ("object", 9)];

/// A position, or a role, is taken at most once.
pub(super) fn each_position_once(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let frames = subject.is("image_to_video", &FRAMES) || subject.is("image_to_video", &FRAMES_OR_REFERENCES);
    if frames {
        return repeated(subject.list("promptImage"), "position", &["first", "last"], &Path::root().key("promptImage"));
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
    let broken = subject.is("image_to_video", &FRAMES) && has("last") && !has("first");
    conflict_if(broken, "promptImage", "a last frame needs a first frame")
}

/// Frames and references cannot be mixed.
pub(super) fn keyframes_and_references_apart(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !subject.is("image_to_video", &FRAMES_OR_REFERENCES) {
        return Vec::new();
    }
    let images = subject.list("promptImage").iter().filter(|image| image.is_object());
    let (frames, references): (Vec<&Value>, Vec<&Value>) = images.partition(|image| image.get("position").is_some());
    let broken = !frames.is_empty() && !references.is_empty();
    conflict_if(broken, "promptImage", "images with a position (frames) and without one (references) cannot be mixed")
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

/// There is a bound on people and one on objects; an image without `subject` is an object.
pub(super) fn few_of_each_subject(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !subject.is("text_to_image", &SUBJECT_MODELS) {
        return Vec::new();
    }
    let images = subject.list("referenceImages");
    let count = |name: &str| images.iter().filter(|image| text(image, "subject").unwrap_or("object") == name).count();
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
