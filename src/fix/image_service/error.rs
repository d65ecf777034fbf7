//! Why an address cannot be rewritten.

use crate::units::Dimensions;

/// Why an address cannot be rewritten.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ServiceError {
    /// The host is none whose addresses carry a transformation.
    #[error("it is not the address of an image service that is known here")]
    Unknown,
    /// The service has no transformation for it.
    #[error("addresses of {service} cannot {what}")]
    Unsupported { service: &'static str, what: &'static str },
    /// The service delivers no picture of that size.
    #[error("{service} delivers pictures up to {limit} pixels a side, not {size}")]
    TooLarge { service: &'static str, limit: u32, size: Dimensions },
}
