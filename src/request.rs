//! Request bodies: their text with positions, the schema of endpoint and model, issues in the API's words, and assets.

pub mod assets;
pub mod checker;
pub mod cross_field;
mod diff;
pub mod document;
mod embedded;
pub mod endpoint;
mod findings;
pub mod import;
pub mod issue;
pub mod issues;
mod literal;
pub mod overlay;
pub mod path;
mod pattern;
mod prediction;
pub mod schema;
pub mod schemas;
pub mod validate;

#[cfg(test)]
mod differential_tests;
#[cfg(test)]
mod export;
#[cfg(test)]
mod generator;

use serde_json::{Value, json};

pub use self::diff::diff;
pub use self::embedded::EMBEDDED;
pub use self::import::{ImportError, import as from_openapi};
pub use self::schemas::{RequestRulesError, RequestSchemas};

/// The maximum number of findings of one kind, and of assets, that are listed for one body; the rest are counted.
pub const MAX_LISTED: usize = 500;

/// Returns the body of the API's response with status 400, as `--format api` prints it.
#[must_use]
pub fn predicted<T: serde::Serialize>(issues: &[T]) -> Value {
    json!({"error": "Validation of body failed", "issues": issues, "docUrl": "https://docs.dev.runwayml.com/api"})
}

#[cfg(test)]
mod tests;
