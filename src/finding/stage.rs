//! The stages of a check.

/// The stages of checking a request and its assets, in the API's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Stage {
    /// The request body around the assets; needs no network.
    Body,
    /// The text of the asset; needs no network.
    Address,
    /// The server's response.
    Response,
    /// The bytes of the asset.
    Content,
}

impl Stage {
    /// Returns the name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}
