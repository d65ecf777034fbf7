//! A local picture, as a report that shows pictures refers to it. Its bytes are passed on as they are.

/// A picture of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// The file itself.
    Embedded {
        /// Its media type: `image/png`.
        media_type: &'static str,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// A file next to the report.
    Linked {
        /// Its address relative to the report, with every unusual byte percent-encoded.
        address: String,
    },
}
