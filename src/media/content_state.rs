//! The result of reading the bytes of an asset.

use crate::media::{Format, Media, TransferCorruption};

/// What is known about the bytes.
#[derive(Clone, Debug, Default)]
pub enum ContentState {
    /// No bytes were read.
    #[default]
    NotSeen,
    /// A header was read.
    Media(Box<Media>),
    /// The bytes begin like a format but are malformed, or are not media at all.
    Unreadable {
        /// What they begin like.
        format: Format,
        /// The offset of the error, in bytes from the start.
        at: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// The bytes are a file, but not of media: a program, an archive, a font.
    NotMedia {
        /// The name of their format.
        name: String,
    },
    /// A media file was wrapped or changed in transit.
    Corrupted {
        /// What the bytes begin like.
        format: Format,
        /// What happened to them.
        corruption: TransferCorruption,
    },
    /// The bytes that the reader needs were not reached, or the file has more parts than a reader visits.
    Incomplete {
        /// What they begin like.
        format: Format,
    },
}

impl ContentState {
    /// Returns the format that the bytes begin like, if any were read.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        match self {
            Self::NotSeen => None,
            Self::Media(media) => Some(media.format),
            Self::NotMedia { .. } => Some(Format::Unknown),
            Self::Unreadable { format, .. } | Self::Corrupted { format, .. } | Self::Incomplete { format } => {
                Some(*format)
            }
        }
    }

    /// Returns the facts of the header, if it was read.
    #[must_use]
    pub fn media(&self) -> Option<&Media> {
        match self {
            Self::Media(media) => Some(media),
            Self::NotSeen
            | Self::Unreadable { .. }
            | Self::NotMedia { .. }
            | Self::Corrupted { .. }
            | Self::Incomplete { .. } => None,
        }
    }
}
