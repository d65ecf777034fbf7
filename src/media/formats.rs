//! The readers on their shelf: which plain function reads which format. A new reader is put here and nowhere else.

use std::time::Duration;

use crate::media::audio::duration_scan::FrameCount;
use crate::media::audio::{aac, flac, mp3};
use crate::media::riff::{avi, wav};
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::{Format, Media};
use crate::media::{flv, image, isobmff, matroska, mpeg, ogg, sniff};

/// A reader of one format: a plain function from the bytes at hand to the facts.
pub(crate) type Reader = fn(&SparseBuffer) -> Result<Media, ReadError>;

/// Measures how long sound plays while every byte of the file passes by.
pub(crate) trait Scan: Send {
    /// Takes the next bytes of the file.
    fn feed(&mut self, bytes: &[u8]);

    /// Returns the time once the file has ended; `None` where it was no whole stream.
    fn duration(&self) -> Option<Duration>;
}

/// The readers that there are; tests put others on the shelf.
#[derive(Clone, Copy)]
pub(crate) struct Shelf {
    /// Tells the format from the first bytes.
    pub(crate) sniff: fn(&[u8]) -> Format,
    /// Returns the reader of a format; `None` where there is none.
    pub(crate) reader: fn(Format) -> Option<Reader>,
    /// Returns the scan that gives a format's exact duration, where its header does not state it.
    pub(crate) scan: fn(Format) -> Option<Box<dyn Scan>>,
}

/// The readers of this program.
pub(crate) const SHELF: Shelf = Shelf { sniff: sniff::sniff, reader, scan };

fn reader(format: Format) -> Option<Reader> {
    use Format as F;
    match format {
        F::Jpeg => Some(|window| image::read(window, F::Jpeg)),
        F::Png => Some(|window| image::read(window, F::Png)),
        F::Webp => Some(|window| image::read(window, F::Webp)),
        F::Gif => Some(|window| image::read(window, F::Gif)),
        F::Bmp => Some(|window| image::read(window, F::Bmp)),
        F::Tiff => Some(|window| image::read(window, F::Tiff)),
        F::Ico => Some(|window| image::read(window, F::Ico)),
        F::Avif => Some(|window| image::read(window, F::Avif)),
        F::Heic => Some(|window| image::read(window, F::Heic)),
        F::Mp4 | F::Mov | F::ThreeGp | F::M4a => Some(isobmff::read),
        F::Mkv | F::Webm => Some(matroska::read),
        F::Avi => Some(avi::read),
        F::Flv => Some(flv::read),
        F::Mpeg | F::MpegTs => Some(mpeg::read),
        F::Ogg => Some(ogg::read),
        F::Mp3 => Some(mp3::read),
        F::Wav => Some(wav::read),
        F::Flac => Some(flac::read),
        F::Aac => Some(aac::read),
        F::Svg
        | F::Jxl
        | F::Jp2
        | F::Psd
        | F::Pdf
        | F::Aiff
        | F::Asf
        | F::Html
        | F::Xml
        | F::Json
        | F::Text
        | F::LfsPointer
        | F::Zip
        | F::Gzip
        | F::Unknown => None,
    }
}

/// Only bare MPEG sound has to be counted: its header does not say how long it plays.
fn scan(format: Format) -> Option<Box<dyn Scan>> {
    matches!(format, Format::Mp3 | Format::Aac).then(|| Box::new(FrameCount::default()) as Box<dyn Scan>)
}

impl Scan for FrameCount {
    fn feed(&mut self, bytes: &[u8]) {
        self.feed(bytes);
    }

    fn duration(&self) -> Option<Duration> {
        self.duration()
    }
}
