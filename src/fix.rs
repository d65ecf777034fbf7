//! Writes a copy of a file so that the API accepts it: the only module that decodes pixels and starts ffmpeg.
//!
//! [`Fixer`] checks a file, plans the fewest changes that meet the rules, writes the result to a draft next to the
//! output, checks the draft against the same rules, and only then renames it to the output.

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
mod output_folder;
mod places;
mod step;
mod urls;

pub use ffmpeg::Trim;
pub use fixer::Fixer;
pub use geometry::{Fill, Gravity, Reshape};
pub use options::{FixDestination, FixFormat, FixOptions};
pub use output_folder::OutputFolder;
pub use places::{PathConflictError, check_places};
