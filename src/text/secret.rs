//! Secrets, which must never be printed: a type for them, and the redaction of URLs, data URIs and texts with secrets.

use std::fmt;

mod message;
mod normalize;
mod path;
mod payload;
mod query;
mod reflected;
mod token;
mod url;

pub use message::redact_text;
pub use payload::payload_head;
pub use reflected::ReflectedSecrets;
pub use url::{redact_path, redact_url};

/// A value that holds a secret: `Debug` and reports show `[redacted]`, only [`Secret::expose`] returns it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value, to be sent or compared, never to be printed.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// The text that replaces a secret.
pub const REDACTED: &str = "[redacted]";

/// Whether the values of a query are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum QueryRedaction {
    /// Only the names, and the values of harmless parameters: `?w=100&X-Amz-Signature=[redacted]`.
    #[default]
    Redact,
    /// Names and values, because the user asked for it.
    Show,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("canary")), REDACTED);
    }
}
