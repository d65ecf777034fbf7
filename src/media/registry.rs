//! The registry of formats: which function reads which format. Register a new reader here.

use crate::media::audio::duration_scan::FrameCount;
use crate::media::audio::flac_frames::FlacFrameScan;
use crate::media::audio::{aac, flac, mp3};
use crate::media::image::end_scan::{JpegEndScan, PngEndScan};
use crate::media::image::unsupported;
use crate::media::isobmff::fragment_scan::FragmentScan;
use crate::media::matroska::cluster_scan::ClusterScan;
use crate::media::riff::frame_scan::AviFrameScan;
use crate::media::riff::{avi, wav};
use crate::media::sparse_buffer::{ReadError, SparseBuffer};
use crate::media::stream_scan::StreamScan;
use crate::media::{Format, Media, asf, flv, image, isobmff, matroska, mpeg, ogg, sniff};

/// A reader of one format: a plain function from the buffered bytes to the facts.
pub(crate) type ReadFn = fn(&SparseBuffer) -> Result<Media, ReadError>;

/// The readers of all formats; tests use others.
#[derive(Clone, Copy)]
pub(crate) struct Registry {
    /// Detects the format by the first bytes.
    pub(crate) sniff: fn(&[u8]) -> Format,
    /// Returns the reader of a format; `None` if there is none.
    pub(crate) reader: fn(Format) -> Option<ReadFn>,
    /// Returns the scan that completes the header of a format; `None` if the header is sufficient.
    pub(crate) scan: fn(Format) -> Option<Box<dyn StreamScan>>,
}

/// The readers of this program.
pub(crate) const FORMATS: Registry = Registry { sniff: sniff::sniff, reader, scan };

fn reader(format: Format) -> Option<ReadFn> {
    use Format as F;
    match format {
        F::Jpeg => Some(image::jpeg::read),
        F::Png => Some(image::png::read),
        F::Webp => Some(image::webp::read),
        F::Gif => Some(|buffer| unsupported::raster(buffer, F::Gif)),
        F::Bmp => Some(|buffer| unsupported::raster(buffer, F::Bmp)),
        F::Tiff => Some(unsupported::tiff),
        F::Ico => Some(|buffer| unsupported::raster(buffer, F::Ico)),
        F::Avif => Some(|buffer| unsupported::heif(buffer, F::Avif)),
        F::Heic => Some(|buffer| unsupported::heif(buffer, F::Heic)),
        F::Mp4 | F::Mov | F::ThreeGp | F::ThreeG2 | F::M4a => Some(isobmff::read),
        F::Mkv | F::Webm => Some(matroska::read),
        F::Avi => Some(avi::read),
        F::Flv => Some(flv::read),
        F::Asf => Some(asf::read),
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
        | F::Icns
        | F::Aiff
        | F::Caf
        | F::W64
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

#[allow(clippy::wildcard_enum_match_arm, reason = "only these formats leave something to a scan")]
fn scan(format: Format) -> Option<Box<dyn StreamScan>> {
    use Format as F;
    Some(match format {
        F::Jpeg => Box::<JpegEndScan>::default(),
        F::Png => Box::<PngEndScan>::default(),
        F::Mp4 | F::Mov | F::ThreeGp | F::ThreeG2 | F::M4a => Box::<FragmentScan>::default(),
        F::Mkv | F::Webm => Box::<ClusterScan>::default(),
        F::Avi => Box::<AviFrameScan>::default(),
        F::Flac => Box::<FlacFrameScan>::default(),
        F::Mp3 | F::Aac => Box::<FrameCount>::default(),
        _ => return None,
    })
}
