//! Rules of the kling models, as the texts of `runwayml` 5.24.0 have them.

use serde_json::Value;

use super::{Conflict, CrossFieldInput, conflict, conflict_if};
use crate::request::path::Path;

/// How many images `kling_4` takes, frames included.
const IMAGES: usize = 10;

/// Frames and references of `kling_4` are counted together.
pub(super) fn few_images_of_kling_4(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let is_frame = usize::from(subject.text("promptImage").is_some());
    let count = is_frame + subject.list("promptImage").len() + subject.list("references").len();
    let broken = subject.endpoint != "video_to_video" && subject.model == "kling_4" && count > IMAGES;
    let field = if subject.has("references") { "references" } else { "promptImage" };
    conflict_if(broken, field, &format!("at most {IMAGES} images, frames included, got {count}"))
}

/// A list of frames has a first one. A frame without a position may be it.
pub(super) fn frames_of_kling_4_begin_with_the_first(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let frames = subject.list("promptImage");
    let may_be_first = |frame: &Value| match frame.get("position") {
        Some(position) => position == "first",
        None => frame.is_object(),
    };
    let broken = !frames.is_empty() && !frames.iter().any(may_be_first);
    let message = "the frames need one with position first";
    conflict_if(broken && subject.is("image_to_video", &["kling_4"]), "promptImage", message)
}

/// A video whose shots the model chooses needs a prompt of its own.
pub(super) fn intelligence_needs_prompt(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let is_kling = subject.model.starts_with("kling3.0_") || subject.model.starts_with("klingO3_");
    let shot_type = subject.body.pointer("/providerSettings/shotType").and_then(Value::as_str);
    let broken = is_kling && shot_type == Some("intelligence") && !subject.has("promptText");
    // video_to_video demands promptText by its schema.
    let broken = broken && subject.endpoint != "video_to_video";
    conflict_if(broken, "promptText", "shotType intelligence needs promptText")
}

/// The first frame decides on the shape; whether a ratio is refused or passed over is not published.
pub(super) fn turbo_takes_no_ratio(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let broken = subject.is("image_to_video", &["kling2.5_turbo_pro"]) && subject.text("ratio").is_some();
    let message = "ratio is not supported here: the video has the shape of the first frame";
    conflict_if(broken, "ratio", message).into_iter().map(Conflict::into_warning).collect()
}

/// The scale runs from 0 to 1; what lies outside is not said to be refused.
pub(super) fn cfg_scale_is_a_share(subject: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let scale = subject.body.get("cfgScale").and_then(Value::as_f64);
    if !subject.model.starts_with("kling") || scale.is_none_or(|scale| (0.0..=1.0).contains(&scale)) {
        return Vec::new();
    }
    vec![conflict(Path::root().key("cfgScale"), "the published scale runs from 0 to 1").into_warning()]
}
