//! Writes a copy of a file that the API accepts: the only place that decodes pixels and starts ffmpeg.

mod action;
mod ffmpeg;
mod geometry;
mod image;
mod image_service;
mod output_file;
