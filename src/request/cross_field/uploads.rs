//! The rule for the names of uploads.

use std::path::Path as FilePath;

use super::{Conflict, CrossFieldInput, conflict_if};
use crate::fetch::guessed_type;

/// The name of an upload has the extension of an image, a video or audio. Source: `OpenAPI` document.
pub(super) fn names_have_a_media_type(input: &CrossFieldInput<'_>) -> Vec<Conflict> {
    let Some(name) = input.text("filename").filter(|_| input.endpoint == "uploads") else { return Vec::new() };
    let guessed = guessed_type(FilePath::new(name)).unwrap_or_default();
    let is_media = ["image/", "video/", "audio/"].iter().any(|kind| guessed.starts_with(kind));
    conflict_if(!is_media, "filename", "filename needs the extension of an image, a video or audio")
}
