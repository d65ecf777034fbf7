//! Writes a copy of a file that the API accepts: the only place that decodes pixels and starts ffmpeg.
//!
//! [`Fixer`] checks a file, plans the least that the rules require, carries the plan out into a draft next to the
//! output, checks the draft by the same rules, and only then gives it its name.

mod bounds;
mod clips;
mod converters;
mod downloads;
mod ffmpeg;
mod fixer;
mod geometry;
mod image;
mod image_service;
mod images;
mod options;
mod output_file;
mod step;
mod urls;

pub use ffmpeg::Trim;
pub use fixer::Fixer;
pub use geometry::{Fill, Gravity, Reshape};
pub use options::{FixFormat, FixOptions, OutputPlace};
