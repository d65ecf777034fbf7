//! Why a clip cannot be fixed.

use std::time::Duration;

use crate::fix::geometry::GeometryError;
use crate::units::seconds;

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClipError {
    /// No geometry meets the limits.
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    /// The duration is too long, and no part was selected.
    #[error(
        "it lasts {}, but at most {limit} are accepted: select a part with --trim START:END, for example \
         --trim 0:{limit}",
        spelled(*.played),
        limit = seconds(*.limit)
    )]
    TooLong { played: Duration, limit: Duration },
    /// The selected part is too long.
    #[error("the selected part lasts {}, but at most {} are accepted", spelled(*.plays), seconds(*.limit))]
    PartTooLong { plays: Duration, limit: Duration },
    /// The duration, or that of the selected part, is too short.
    #[error("the result would last {}, but at least {} are required", spelled(*.played), seconds(*.limit))]
    TooShort { played: Duration, limit: Duration },
    /// The selected part begins after the end of the clip.
    #[error("--trim starts at {}, but the clip lasts only {}", spelled(*.start), seconds(*.played))]
    TrimAfterEnd { start: Duration, played: Duration },
    /// There is no track of the requested kind.
    #[error("it has no {0} track")]
    NoTrack(&'static str),
    /// The width and height are not known.
    #[error("its width and height are not known")]
    UnknownSize,
    /// The size limit is too low for a usable bit rate.
    #[error("{limit} bytes are too few for {}", spelled(*.played))]
    TooFewBytes { limit: u64, played: Duration },
}

fn spelled(duration: Duration) -> String {
    let count = seconds(duration).to_string();
    let unit = if count == "1" { "second" } else { "seconds" };
    format!("{count} {unit}")
}
