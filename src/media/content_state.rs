//! What the bytes of an asset turned out to be.

use crate::media::{Format, Media};

/// What the bytes turned out to be.
#[derive(Clone, Debug, Default)]
pub enum ContentState {
    /// No bytes were looked at.
    #[default]
    NotSeen,
    /// A header was read.
    Media(Box<Media>),
    /// The bytes begin like a format but are broken, or are no media at all.
    Unreadable {
        /// What they begin like.
        format: Format,
        /// Where it breaks, in bytes from the start.
        at: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// The bytes that would tell were not reached.
    Incomplete {
        /// What they begin like.
        format: Format,
    },
}

impl ContentState {
    /// Returns what the bytes begin like, where any were seen.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        match self {
            Self::NotSeen => None,
            Self::Media(media) => Some(media.format),
            Self::Unreadable { format, .. } | Self::Incomplete { format } => Some(*format),
        }
    }

    /// Returns the facts of the header, where it was read.
    #[must_use]
    pub fn media(&self) -> Option<&Media> {
        match self {
            Self::Media(media) => Some(media),
            Self::NotSeen | Self::Unreadable { .. } | Self::Incomplete { .. } => None,
        }
    }
}
