//! Rules between the settings of a body.

use serde_json::Value;

use super::{Conflict, CrossFieldInput, conflict, conflict_if};
use crate::finding::Confidence;
use crate::request::path::Path;

/// The number of pixels of a free ratio of `seedream5_lite`, inclusive. Source: `OpenAPI` document.
const FREE_RATIO_PIXELS: std::ops::RangeInclusive<u64> = 3_686_400..=16_777_216;
/// The `ProRes` tiers of an HDR mezzanine. Source: `@runwayml/sdk` 4.20.1.
const HDR_PROFILES: [&str; 3] = ["422", "4444", "422 HQ"];

/// The API's sentence for the `ratio` of an edited video, seen live on 2026-09-23.
const RATIO_OF_AN_EDIT: &str = "`ratio` may only be provided in reference mode. In edit mode, output orientation \
    follows the input video and resolution is 720p.";

/// `gemini_omni_flash_1.1` keeps the aspect ratio of a video that it edits.
pub(super) fn edits_keep_the_shape(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let is_edit = input.is("video_to_video", &["gemini_omni_flash_1.1"]) && input.text("mode") == Some("edit");
    let conflicts = conflict_if(is_edit && input.has("ratio"), "ratio", RATIO_OF_AN_EDIT).into_iter();
    conflicts.map(|conflict| conflict.into_api_message(Confidence::Observed)).collect()
}

/// `seedance2_5` extends or edits a video by a prompt, and keeps its aspect ratio.
pub(super) fn extend_and_edit(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let mode = input.text("mode").unwrap_or_default();
    if !input.is("video_to_video", &["seedance2_5"]) || !["extend", "edit"].contains(&mode) {
        return Vec::new();
    }
    let mut conflicts = conflict_if(!input.has("promptText"), "promptText", "this mode needs promptText");
    conflicts.extend(conflict_if(input.has("ratio"), "ratio", "this mode takes no ratio"));
    let fixed = mode == "edit" && input.text("duration") != Some("auto");
    conflicts.extend(conflict_if(fixed, "duration", "mode edit needs duration \"auto\""));
    conflicts
}

/// An edit needs an image.
pub(super) fn edit_needs_reference(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let broken = input.is("text_to_image", &["grok_imagine_image_2"])
        && input.body.get("edit") == Some(&Value::Bool(true))
        && input.list("referenceImages").is_empty();
    conflict_if(broken, "edit", "edit needs at least one reference image")
}

/// The ratio `adaptive` needs a reference.
pub(super) fn adaptive_needs_reference(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let broken = input.is("text_to_video", &["hailuo3"])
        && input.text("ratio") == Some("adaptive")
        && ["references", "referenceVideos"].iter().all(|name| input.list(name).is_empty());
    conflict_if(broken, "ratio", "ratio adaptive needs a reference")
}

/// Audio references need an image reference, and image references allow at most 720p.
pub(super) fn references_of_grok(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("text_to_video", &["grok_imagine_1_5"]) {
        return Vec::new();
    }
    let images = !input.list("references").is_empty();
    let sound = !input.list("referenceAudio").is_empty();
    let mut conflicts =
        conflict_if(sound && !images, "referenceAudio", "audio references need at least one image reference");
    let large = input.text("resolution") == Some("1080p");
    conflicts.extend(conflict_if(images && large, "resolution", "with image references, at most 720p"));
    conflicts
}

/// A `ProRes` tier needs a `ProRes` output.
pub(super) fn profile_needs_prores(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let Some(profile) = input.text("proresProfile") else { return Vec::new() };
    match input.text("outputFormat") {
        Some("prores") => Vec::new(),
        Some("hdr_prores") => {
            let broken = !HDR_PROFILES.contains(&profile);
            conflict_if(broken, "proresProfile", "with hdr_prores, only 422, 422 HQ and 4444")
        }
        Some(_) | None => conflict_if(true, "proresProfile", "only with outputFormat prores or hdr_prores"),
    }
}

/// The shots of a video last as long as the video.
pub(super) fn shots_fill_the_video(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if input.endpoint != "recipes/multi_shot_video" {
        return Vec::new();
    }
    let whole = input.body.get("duration").and_then(Value::as_f64);
    let shots: Option<Vec<f64>> = input.list("shots").iter().map(|shot| shot.get("duration")?.as_f64()).collect();
    let (Some(whole), Some(shots)) = (whole, shots) else { return Vec::new() };
    let sum: f64 = shots.iter().sum();
    if shots.is_empty() || (sum - whole).abs() < 0.001 {
        return Vec::new();
    }
    vec![conflict(
        Path::root().key("shots"),
        format!("the shots last {sum} seconds in total, but the video lasts {whole}"),
    )]
}

/// The prompts of a kling video last 3 to 15 seconds in total.
pub(super) fn prompts_fill_the_video(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let prompts = input.setting("multiPrompt").and_then(Value::as_array);
    let durations = prompts.into_iter().flatten().map(|prompt| prompt.get("duration")?.as_f64());
    let Some(durations) = durations.collect::<Option<Vec<f64>>>() else { return Vec::new() };
    let sum: f64 = durations.iter().sum();
    if durations.is_empty() || (3.0..=15.0).contains(&sum) {
        return Vec::new();
    }
    let path = Path::root().key("providerSettings").key("multiPrompt");
    vec![conflict(path, format!("the prompts last {sum} seconds in total; 3 to 15 are accepted"))]
}

/// A draft is an mp4, and is enhanced with its own settings.
pub(super) fn draft_stands_alone(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let drafts = input.body.get("draft") == Some(&Value::Bool(true));
    let mut conflicts =
        conflict_if(drafts && input.text("outputFormat") == Some("mov"), "outputFormat", "a draft is mp4");
    let others = input.body.as_object().into_iter().flat_map(|members| members.keys());
    let others = others.filter(|key| !["model", "draftTaskId"].contains(&key.as_str())).count();
    let message = "draftTaskId takes no other generation fields";
    conflicts.extend(conflict_if(input.has("draftTaskId") && others > 0, "draftTaskId", message));
    conflicts
}

/// A ratio that is not listed must be within bounds.
pub(super) fn free_ratio_has_enough_pixels(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let Some(ratio) = input.text("ratio").filter(|_| input.is("text_to_image", &["seedream5_lite"])) else {
        return Vec::new();
    };
    let side = |text: &str| text.parse::<u64>().ok();
    let pixels = ratio.split_once(':').and_then(|(width, height)| side(width)?.checked_mul(side(height)?));
    let fine = pixels.is_some_and(|pixels| FREE_RATIO_PIXELS.contains(&pixels));
    conflict_if(!fine, "ratio", "ratio must be width:height with 3,686,400 to 16,777,216 pixels")
}
