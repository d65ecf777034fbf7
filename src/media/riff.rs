//! RIFF containers: AVI and WAV.

pub(crate) mod avi;
mod fourcc;
pub(crate) mod frame_scan;
pub(crate) mod wav;
mod wave_format;
