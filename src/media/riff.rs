//! RIFF containers: AVI and WAV.

pub(crate) mod avi;
mod fourcc;
pub(crate) mod frame_scan;
pub(crate) mod wav;
pub(super) mod wave_format;
