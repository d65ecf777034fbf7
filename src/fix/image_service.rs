//! Rewrites URLs of image services so that they deliver an accepted picture; nothing is downloaded.

mod error;
mod rewrite;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use rewrite::{Transformation, rewrite};
pub(crate) use table::max_side;
