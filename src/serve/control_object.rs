//! Reads the objects with which a test controls the server, from JSON or TOML, and reports errors in their words.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::request::document::{Document, Warning};
use crate::text::untrusted::UntrustedText;

/// An object with known keys. A member that is `null` counts as absent.
pub(super) struct ControlObject<'v> {
    members: &'v Map<String, Value>,
    /// The key of the object in the object around it.
    parent: Option<&'static str>,
}

/// An error in an object, and its place.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct ControlError {
    /// The keys that lead to the place; none for the whole object.
    pub(super) path: Vec<String>,
    /// True if the last key is wrong, not its value.
    pub(super) is_key: bool,
    pub(super) message: String,
}

impl ControlError {
    /// Returns an error of the whole object.
    pub(super) fn whole(message: impl Into<String>) -> Self {
        Self { path: Vec::new(), is_key: false, message: message.into() }
    }
}

/// Reads a JSON object, each of its keys once.
pub(super) fn json_object(text: &[u8]) -> Result<Map<String, Value>, ControlError> {
    let document = Document::read(text).map_err(|error| ControlError::whole(error.to_string()))?;
    for warning in document.warnings() {
        if let Warning::DuplicateKey { path, position, .. } = warning {
            let path = path.to_string();
            let message = format!("{}:{}: duplicate key `{}`", position.line, position.column, escaped(&path));
            return Err(ControlError::whole(message));
        }
    }
    match document.value() {
        Value::Object(members) => Ok(members.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(ControlError::whole("the body must be one JSON object"))
        }
    }
}

impl<'v> ControlObject<'v> {
    /// Checks that all keys are among `known`.
    pub(super) fn new(members: &'v Map<String, Value>, known: &[&str]) -> Result<Self, ControlError> {
        Self { members, parent: None }.with_keys(known)
    }

    fn with_keys(self, known: &[&str]) -> Result<Self, ControlError> {
        let Some(unknown) = self.members.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(self) };
        let keys: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
        let message = format!("unknown field `{}`, expected {}", escaped(unknown), keys.join(", "));
        Err(ControlError { path: self.path(unknown), is_key: true, message })
    }

    /// Returns an error of the value of `key`; the message follows the key's name.
    pub(super) fn error(&self, key: &str, message: &str) -> ControlError {
        let path = self.path(key);
        let message = format!("`{}` {message}", escaped(&path.join(".")));
        ControlError { path, is_key: false, message }
    }

    /// Returns the value of a key, `null` included.
    pub(super) fn value(&self, key: &str) -> Option<&'v Value> {
        self.members.get(key)
    }

    /// Returns the value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'v Value> {
        self.value(key).filter(|value| !value.is_null())
    }

    /// Reads a boolean; an absent one is false.
    pub(super) fn flag(&self, key: &str) -> Result<bool, ControlError> {
        self.read(key, "must be true or false", Value::as_bool).map(Option::unwrap_or_default)
    }

    /// Reads a string.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'v str>, ControlError> {
        self.read(key, "must be a string", Value::as_str)
    }

    /// Reads a whole number within bounds.
    pub(super) fn whole_number(&self, key: &str, bounds: RangeInclusive<u32>) -> Result<Option<u32>, ControlError> {
        let must = format!("must be a whole number between {} and {}", bounds.start(), bounds.end());
        let within = |value: &Value| u32::try_from(value.as_u64()?).ok().filter(|number| bounds.contains(number));
        self.read(key, &must, within)
    }

    /// Reads the members of an object, whatever their keys.
    pub(super) fn members(&self, key: &str) -> Result<Option<&'v Map<String, Value>>, ControlError> {
        self.read(key, "must be an object, in TOML a table", Value::as_object)
    }

    /// Reads an object with known keys.
    pub(super) fn object(&self, key: &'static str, known: &[&str]) -> Result<Option<Self>, ControlError> {
        let members = self.members(key)?;
        members.map(|members| Self { members, parent: Some(key) }.with_keys(known)).transpose()
    }

    fn read<T>(&self, key: &str, must: &str, read: impl Fn(&'v Value) -> Option<T>) -> Result<Option<T>, ControlError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.error(key, must))
    }

    fn path(&self, key: &str) -> Vec<String> {
        self.parent.into_iter().chain([key]).map(str::to_owned).collect()
    }
}

/// Escapes a name that came from a client.
fn escaped(name: &str) -> String {
    UntrustedText::from(name).escaped().to_string()
}
