//! What the rules bound.

/// What a bound bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Metric {
    /// The text in the request, in UTF-16 units.
    TextLength,
    /// The file, in bytes.
    FileSize,
    /// Each side, in pixels.
    Side,
    /// Width times height, in pixels.
    Pixels,
    /// Width divided by height.
    AspectRatio,
    /// How long one asset plays, in seconds.
    Duration,
    /// How long all assets of the fields play together, in seconds.
    DurationSum,
    /// Frames per second.
    FrameRate,
}

impl Metric {
    /// Every measure, in the order in which the API checks.
    pub const ALL: [Self; 8] = [
        Self::TextLength,
        Self::FileSize,
        Self::Side,
        Self::Pixels,
        Self::AspectRatio,
        Self::Duration,
        Self::DurationSum,
        Self::FrameRate,
    ];

    /// Returns the name of its table, and its unit.
    #[must_use]
    pub const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::TextLength => ("text-length", "characters"),
            Self::FileSize => ("file-size", "bytes"),
            Self::Side => ("side", "pixels"),
            Self::Pixels => ("pixels", "pixels"),
            Self::AspectRatio => ("aspect-ratio", "width / height"),
            Self::Duration => ("duration", "seconds"),
            Self::DurationSum => ("duration-sum", "seconds"),
            Self::FrameRate => ("frame-rate", "frames per second"),
        }
    }
}
