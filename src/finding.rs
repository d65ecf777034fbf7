//! What is said about an asset: the reasons of the API, our own lints, and the codes of both.

pub mod code;
pub mod lint;
pub mod reason;
