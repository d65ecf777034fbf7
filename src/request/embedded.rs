//! The embedded request rules.

use std::sync::LazyLock;

use super::overlay::Overlay;
use super::schemas::RequestSchemas;

/// The changes published after the document of 2026-08-08, oldest first. The SDKs name models, fields and choices, but
/// only some bounds; the others are not checked. Live responses and excerpts of newer documents come between the SDKs.
pub(super) const OVERLAYS: [&str; 3] = [
    include_str!("../rules/requests-node-sdk.json"),
    include_str!("../rules/requests-observed.json"),
    include_str!("../rules/requests-python-sdk.json"),
];

/// The embedded rules: the `OpenAPI` document of 2026-08-08 and what the SDKs changed after it.
pub static EMBEDDED: LazyLock<RequestSchemas> = LazyLock::new(|| {
    let base = RequestSchemas::read(include_str!("../rules/requests.json")).unwrap_or_else(|_| RequestSchemas::none());
    // A test reads all of them, so none is skipped here.
    OVERLAYS.iter().filter_map(|text| Overlay::read(text).ok()).fold(base, |rules, overlay| rules.with(&overlay))
});
