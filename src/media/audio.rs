//! Audio files: headers and frames of MP3, AAC and FLAC.

pub(crate) mod aac;
mod duration_estimate;
pub(crate) mod duration_scan;
pub(crate) mod flac;
pub(crate) mod flac_frames;
mod id3;
pub(crate) mod mp3;
pub(crate) mod mpeg_audio;
