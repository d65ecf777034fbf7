//! Rules of the kling models, from the descriptions in `runwayml` 5.24.0.

use serde_json::Value;

use super::{Conflict, CrossFieldInput, conflict, conflict_if};
use crate::request::path::Path;

/// How many images `kling_4` accepts, frames included.
const IMAGES: usize = 10;

/// Frames and references of `kling_4` are counted together.
pub(super) fn few_images_of_kling_4(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if input.endpoint == "video_to_video" || input.model != "kling_4" {
        return Vec::new();
    }
    let is_frame = usize::from(input.text("promptImage").is_some());
    let count = is_frame + input.list("promptImage").len() + input.list("references").len();
    let field = if input.has("references") { "references" } else { "promptImage" };
    conflict_if(count > IMAGES, field, &format!("at most {IMAGES} images, frames included, got {count}"))
}

/// A list of frames must contain a first frame. A frame without a position counts as one.
pub(super) fn frames_of_kling_4_begin_with_the_first(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("image_to_video", &["kling_4"]) {
        return Vec::new();
    }
    let frames = input.list("promptImage");
    let may_be_first = |frame: &Value| match frame.get("position") {
        Some(position) => position == "first",
        None => frame.is_object(),
    };
    let broken = !frames.is_empty() && !frames.iter().any(may_be_first);
    conflict_if(broken, "promptImage", "one of the frames must have position first")
}

/// The shot type `intelligence` needs a prompt.
pub(super) fn intelligence_needs_prompt(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let is_kling = input.model.starts_with("kling3.0_") || input.model.starts_with("klingO3_");
    // The schema of video_to_video requires promptText.
    if !is_kling || input.endpoint == "video_to_video" {
        return Vec::new();
    }
    let shot_type = input.setting("shotType").and_then(Value::as_str);
    let broken = shot_type == Some("intelligence") && !input.has("promptText");
    conflict_if(broken, "promptText", "shotType intelligence needs promptText")
}

/// The first frame determines the aspect ratio; whether a ratio is rejected or ignored is not published.
pub(super) fn turbo_takes_no_ratio(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let broken = input.is("image_to_video", &["kling2.5_turbo_pro"]) && input.text("ratio").is_some();
    let message = "ratio is not supported here: the video has the aspect ratio of the first frame";
    conflict_if(broken, "ratio", message).into_iter().map(Conflict::into_warning).collect()
}

/// The scale is 0 to 1; whether other values are rejected is not published.
pub(super) fn cfg_scale_is_a_share(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let scale = input.body.get("cfgScale").and_then(Value::as_f64);
    if !input.model.starts_with("kling") || scale.is_none_or(|scale| (0.0..=1.0).contains(&scale)) {
        return Vec::new();
    }
    vec![conflict(Path::root().key("cfgScale"), "the published scale runs from 0 to 1").into_warning()]
}
