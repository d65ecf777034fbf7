//! RIFF containers: AVI and WAV.

pub(crate) mod avi;
mod fourcc;
pub(crate) mod wav;
mod wave_format;
