//! The ways of sending an asset.

use strum::{EnumString, IntoStaticStr, VariantNames};

/// How an asset is sent to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Transport {
    /// As an HTTPS URL.
    Url,
    /// As a data URI.
    DataUri,
    /// As an upload, referred to by its `runway://` URI.
    Upload,
}

impl Transport {
    /// Every transport, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Url, Self::DataUri, Self::Upload];

    /// Returns the name used in JSON and flags.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
