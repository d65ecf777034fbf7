//! The senses: what can be seen of an asset, with no opinion.

mod isobmff;
mod matroska;
mod sequence_header;
#[cfg(test)]
mod trial;
mod window;
