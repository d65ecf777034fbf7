//! Says beforehand what Runway's API would say about an asset.

pub mod body;
pub mod media;
pub mod outside;
pub mod units;

mod probe;
