//! The senses: what can be seen of an asset, with no opinion.

mod aac;
mod audio_frame;
mod avi;
mod bits;
mod clock;
mod flac;
mod flv;
mod four_cc;
mod id3;
mod mp3;
mod mpeg;
mod mpeg_video;
mod ogg;
mod pixel_shape;
mod scan;
#[cfg(test)]
mod second_opinion;
mod sps;
#[cfg(test)]
mod trial;
mod wav;
mod wave_format;
mod window;
