//! Says beforehand what Runway's API would say about an asset.

pub mod asset;
pub mod data_uri;
pub mod entry;
pub mod media;
pub mod network;
pub mod observation;
pub mod outside;
pub mod reason;
pub mod remark;
pub mod report;
pub mod rules;
pub mod secret;
pub mod units;

pub mod probe;
