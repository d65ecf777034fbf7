//! A request body: its text with places, the schema of its endpoint and model, its issues in the API's words, its assets.

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
mod literal;
pub mod overlay;
pub mod path;
mod pattern;
mod prediction;
pub mod schema;
pub mod schemas;
pub mod validate;

#[cfg(test)]
mod export;
#[cfg(test)]
mod judged_alike;
#[cfg(test)]
mod samples;

use serde_json::{Value, json};

pub use self::diff::diff;
pub use self::embedded::EMBEDDED;
pub use self::import::{ImportError, import as from_openapi};
pub use self::schemas::{RequestRulesError, RequestSchemas};

/// Returns the body that the API answers with status 400; what is printed for `--format api`.
#[must_use]
pub fn predicted<T: serde::Serialize>(issues: &[T]) -> Value {
    json!({"error": "Validation of body failed", "issues": issues, "docUrl": "https://docs.dev.runwayml.com/api"})
}

#[cfg(test)]
mod tests;
