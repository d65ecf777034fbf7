//! What the rules limit.

/// The quantity that a rule limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
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
    /// The duration of one asset, in seconds.
    Duration,
    /// The total duration of all assets of the fields, in seconds.
    DurationSum,
    /// Frames per second.
    FrameRate,
}

impl Metric {
    /// Every metric, in the order in which the API checks.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Returns the name of its table.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns its unit.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::TextLength => "characters",
            Self::FileSize => "bytes",
            Self::Side | Self::Pixels => "pixels",
            Self::AspectRatio => "width / height",
            Self::Duration | Self::DurationSum => "seconds",
            Self::FrameRate => "frames per second",
        }
    }
}
