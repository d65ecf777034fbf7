//! Why a clip cannot be fixed.

use std::time::Duration;

use crate::fix::geometry::GeometryError;
use crate::units::seconds;

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClipError {
    /// No geometry meets the bounds.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// It plays too long, and nobody said which part to keep.
    #[error("it plays {} seconds, at most {} are accepted: --trim START:END says which part to keep, for example --trim 0:{}", seconds(*.played), seconds(*.limit), seconds(*.limit))]
    TooLong { played: Duration, limit: Duration },
    /// It, or the part that is kept, is too short.
    #[error("it would play {} seconds, at least {} are required", seconds(*.played), seconds(*.limit))]
    TooShort { played: Duration, limit: Duration },
    /// The part that is kept begins after the end.
    #[error("--trim begins at {} seconds, but it plays {}", seconds(*.start), seconds(*.played))]
    TrimAfterEnd { start: Duration, played: Duration },
    /// There is no track of the wanted kind.
    #[error("it has no {0} track")]
    NoTrack(&'static str),
    /// The width and height are not known.
    #[error("its width and height are not known")]
    UnknownSize,
    /// So few bytes are allowed that nothing could be seen or heard.
    #[error("{limit} bytes are too few for {} seconds", seconds(*.played))]
    TooFewBytes { limit: u64, played: Duration },
}
