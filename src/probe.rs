//! The senses: what can be seen of an asset, with no opinion.

mod image;
mod sniff;
mod window;
