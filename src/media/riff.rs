//! RIFF containers: AVI and WAV.

pub(crate) mod avi;
pub(super) mod fourcc;
pub(crate) mod frame_scan;
pub(crate) mod wav;
pub(super) mod wave_format;
