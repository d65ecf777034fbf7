//! Why a URL cannot be rewritten.

use crate::units::Dimensions;

/// Why a URL cannot be rewritten.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ServiceError {
    /// The URL is not of a known image service.
    #[error("it is not a URL of a known image service")]
    Unknown,
    /// The service does not support the transformation.
    #[error("{service} URLs cannot {what}")]
    Unsupported { service: &'static str, what: &'static str },
    /// The service delivers no picture of that size.
    #[error("{service} serves images of up to {limit} pixels per side, not {size}")]
    TooLarge { service: &'static str, limit: u32, size: Dimensions },
}
