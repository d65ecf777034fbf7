//! The request rules that come with the program.

use std::sync::LazyLock;

use super::overlay::Layer;
use super::schemas::RequestSchemas;

/// What was published after the document of 2026-08-08, oldest first. The SDKs name models, fields and choices, and
/// bounds only in part: what is not known there is not judged. Live answers and excerpts of newer documents stand
/// between them.
pub(super) const LAYERS: [&str; 3] = [
    include_str!("../rules/requests-node-sdk.json"),
    include_str!("../rules/requests-observed.json"),
    include_str!("../rules/requests-python-sdk.json"),
];

/// The rules that come with the program: the `OpenAPI` document of 2026-08-08 and what the SDKs changed after it.
pub static EMBEDDED: LazyLock<RequestSchemas> = LazyLock::new(|| {
    let base = RequestSchemas::read(include_str!("../rules/requests.json")).unwrap_or_else(|_| RequestSchemas::none());
    // All of them are read by a test: rules that cannot be read never leave the house.
    LAYERS.iter().filter_map(|layer| Layer::read(layer).ok()).fold(base, |rules, layer| rules.with(&layer))
});
