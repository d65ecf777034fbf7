//! Rules of the models that edit images, from the descriptions in `runwayml` 5.24.0.

use serde_json::Value;

use super::{Conflict, CrossFieldInput, conflict, conflict_if};
use crate::request::path::Path;

/// Wide sizes of `ideogram_4_5` without reference images, and with them.
const WITHOUT_REFERENCES: [&str; 4] = ["1280:720", "720:1280", "1440:720", "720:1440"];
const WITH_REFERENCES: [&str; 4] = ["1024:576", "576:1024", "1408:704", "704:1408"];

/// A precise edit and the lowest quality of `ideogram_4_5` need an image.
pub(super) fn edits_of_ideogram_need_an_image(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("text_to_image", &["ideogram_4_5"]) {
        return Vec::new();
    }
    let has_image = !input.list("referenceImages").is_empty();
    let is_precise = edits_precisely(input);
    let is_lowest = input.text("quality") == Some("very_low");
    let mut conflicts = conflict_if(is_precise && !has_image, "preciseEdit", "preciseEdit needs a reference image");
    conflicts.extend(conflict_if(is_lowest && !has_image, "quality", "quality very_low needs a reference image"));
    conflicts.extend(conflict_if(is_lowest && is_precise, "quality", "preciseEdit does not take quality very_low"));
    conflicts
}

/// An edit by `ideogram_4_5` keeps the size of its image.
pub(super) fn edits_of_ideogram_keep_the_size(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let broken = input.is("text_to_image", &["ideogram_4_5"])
        && (input.has("maskUri") || edits_precisely(input))
        && input.text("ratio").is_some_and(|ratio| ratio != "auto");
    conflict_if(broken, "ratio", "with maskUri or preciseEdit, the output has the size of the first reference image")
}

/// The wide sizes of `ideogram_4_5` depend on reference images.
pub(super) fn sizes_of_ideogram_depend_on_references(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("text_to_image", &["ideogram_4_5"]) {
        return Vec::new();
    }
    let has_image = !input.list("referenceImages").is_empty();
    let is_among = |sizes: &[&str]| input.text("ratio").is_some_and(|ratio| sizes.contains(&ratio));
    let message = format!("with reference images, wide sizes are {}", WITH_REFERENCES.join(", "));
    let conflicts = conflict_if(has_image && is_among(&WITHOUT_REFERENCES), "ratio", &message);
    let message = format!("without reference images, wide sizes are {}", WITHOUT_REFERENCES.join(", "));
    let warnings = conflict_if(!has_image && is_among(&WITH_REFERENCES), "ratio", &message).into_iter();
    conflicts.into_iter().chain(warnings.map(Conflict::into_warning)).collect()
}

/// `ideogram_4_0` accepts "an image to remix"; whether more are rejected is not published.
pub(super) fn ideogram_4_0_remixes_one_image(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let broken = input.is("text_to_image", &["ideogram_4_0"]) && input.list("referenceImages").len() > 1;
    let conflicts = conflict_if(broken, "referenceImages", "the documentation mentions only one image").into_iter();
    conflicts.map(Conflict::into_warning).collect()
}

/// `bria_fibo_edit_1_5` edits images, and chooses the size only where there are several.
pub(super) fn bria_edits_images(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("text_to_image", &["bria_fibo_edit_1_5"]) {
        return Vec::new();
    }
    let missing = !input.has("referenceImages");
    let mut conflicts = conflict_if(missing, "referenceImages", "there must be 1 to 4 images to edit");
    let is_fixed = input.text("ratio").is_some_and(|ratio| ratio != "auto");
    let is_alone = input.list("referenceImages").len() == 1;
    let message = "a size needs at least 2 reference images; a single one keeps its own";
    conflicts.extend(conflict_if(is_fixed && is_alone, "ratio", message));
    conflicts
}

/// Colors of the recraft models are six hexadecimal digits, with or without `#`.
pub(super) fn colors_are_six_hex_digits(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    if !input.is("text_to_image", &["recraft_v4_1_flash", "recraft_v4_1_vector"]) {
        return Vec::new();
    }
    let colors = input.list("colors").iter().enumerate();
    let colors = colors.map(|(index, color)| (Path::root().key("colors").index(index), color));
    let background = input.body.get("backgroundColor").map(|color| (Path::root().key("backgroundColor"), color));
    let bad = colors.chain(background).filter(|(_, color)| color.as_str().is_some_and(|color| !is_hex_color(color)));
    bad.map(|(path, _)| conflict(path, "a color is six hexadecimal digits, such as #FF8800")).collect()
}

fn is_hex_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or(text);
    digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn edits_precisely(input: &CrossFieldInput<'_>) -> bool {
    input.body.get("preciseEdit") == Some(&Value::Bool(true))
}
