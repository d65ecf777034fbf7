//! A request body: its text with places, the schema of its endpoint and model, its issues in the API's words, its assets.

pub mod document;
pub mod import;
pub mod issue;
pub mod layer;
pub mod path;
pub mod pattern;
pub mod requests;
pub mod schema;
pub mod validate;
