//! Addresses of image services: the one that gives an acceptable picture is written, nothing is downloaded.

mod error;
mod rewrite;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use rewrite::{Transformation, rewrite};
pub(crate) use table::max_side;
