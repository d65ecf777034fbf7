//! Media files: kinds, formats, and the facts in their headers.

use std::borrow::Cow;
use std::time::Duration;

use crate::text::untrusted::UntrustedText;
use crate::units::Dimensions;

mod asf;
mod audio;
mod bits;
mod content_state;
mod corruption;
mod flv;
pub(crate) mod header_reader;
pub(crate) mod image;
mod isobmff;
mod matroska;
mod mpeg;
mod ogg;
mod registry;
mod riff;
mod sample_aspect_ratio;
mod sniff;
mod sparse_buffer;
mod sps;
mod steps;
mod stream_cursor;
mod stream_scan;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod testing;
mod timebase;

pub use content_state::ContentState;
pub use corruption::TransferCorruption;

/// The three kinds of asset that the API accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(strum::EnumString, strum::IntoStaticStr, strum::VariantArray, strum::VariantNames)]
#[strum(serialize_all = "kebab-case", ascii_case_insensitive)]
pub enum Kind {
    /// A still picture.
    Image,
    /// A video, with or without sound.
    Video,
    /// Audio without video.
    Audio,
}

impl Kind {
    /// Every kind, in the order of the documentation.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Returns the name used in JSON, flags and media types: `image`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Parses a [`Kind::name`], or the top-level part of a media type.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// A file format, detected from the first bytes: those that the API accepts, and others that people often send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::VariantArray)]
#[non_exhaustive]
pub enum Format {
    /// JPEG, any coding.
    Jpeg,
    /// PNG, APNG included.
    Png,
    /// `WebP`, lossy, lossless or extended.
    Webp,
    /// MP4 and its brands.
    Mp4,
    /// Apple `QuickTime`.
    Mov,
    /// 3GPP.
    ThreeGp,
    /// 3GPP2.
    ThreeG2,
    /// Matroska.
    Mkv,
    /// `WebM`.
    Webm,
    /// Audio Video Interleave.
    Avi,
    /// Flash Video.
    Flv,
    /// MPEG program stream or elementary video.
    Mpeg,
    /// MPEG transport stream.
    MpegTs,
    /// Ogg, audio or video.
    Ogg,
    /// MPEG audio, layer III.
    Mp3,
    /// RIFF WAVE, RF64 included.
    Wav,
    /// Free Lossless Audio Codec.
    Flac,
    /// MPEG-4 audio.
    M4a,
    /// ADTS AAC.
    Aac,
    /// Graphics Interchange Format.
    Gif,
    /// AV1 image.
    Avif,
    /// HEIF image, HEVC coded.
    Heic,
    /// Scalable Vector Graphics.
    Svg,
    /// Tagged Image File Format.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// Windows icon.
    Ico,
    /// JPEG XL.
    Jxl,
    /// JPEG 2000.
    Jp2,
    /// Adobe Photoshop.
    Psd,
    /// Portable Document Format.
    Pdf,
    /// Apple icon.
    Icns,
    /// AIFF audio.
    Aiff,
    /// Apple Core Audio.
    Caf,
    /// Sony Wave64.
    W64,
    /// Windows Media (ASF).
    Asf,
    /// An HTML page, most often an error or log-in page.
    Html,
    /// An XML document, most often a storage error.
    Xml,
    /// A JSON document, most often an API error.
    Json,
    /// Plain text.
    Text,
    /// A Git LFS pointer instead of the file.
    LfsPointer,
    /// A ZIP archive or an office document.
    Zip,
    /// gzip-compressed data.
    Gzip,
    /// None of these.
    Unknown,
}

impl Format {
    /// Returns the name used in JSON: `jpeg`, `3gp`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.row().0
    }

    /// Returns the name for a sentence: `a JPEG image`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().1
    }

    /// Returns the name for a sentence about a file of this kind: `an MP4 file without a video track`.
    #[must_use]
    pub fn name_as(self, kind: Option<Kind>) -> Cow<'static, str> {
        let name = self.name();
        match name.strip_suffix(" video") {
            Some(container) if kind == Some(Kind::Audio) => format!("{container} file without a video track").into(),
            Some(_) | None => name.into(),
        }
    }

    /// Returns the kind of asset that a file of this format is; `None` if it is not media, and for [`Format::Ogg`],
    /// whose kind depends on its tracks.
    #[must_use]
    pub const fn kind(self) -> Option<Kind> {
        self.row().2
    }

    #[allow(clippy::too_many_lines, reason = "a table with one line for each format")]
    const fn row(self) -> (&'static str, &'static str, Option<Kind>) {
        use Kind::{Audio, Image, Video};
        match self {
            Self::Jpeg => ("jpeg", "a JPEG image", Some(Image)),
            Self::Png => ("png", "a PNG image", Some(Image)),
            Self::Webp => ("webp", "a WebP image", Some(Image)),
            Self::Mp4 => ("mp4", "an MP4 video", Some(Video)),
            Self::Mov => ("mov", "a QuickTime video", Some(Video)),
            Self::ThreeGp => ("3gp", "a 3GPP video", Some(Video)),
            Self::ThreeG2 => ("3g2", "a 3GPP2 video", Some(Video)),
            Self::Mkv => ("mkv", "a Matroska video", Some(Video)),
            Self::Webm => ("webm", "a WebM video", Some(Video)),
            Self::Avi => ("avi", "an AVI video", Some(Video)),
            Self::Flv => ("flv", "a Flash video", Some(Video)),
            Self::Mpeg => ("mpeg", "an MPEG video", Some(Video)),
            Self::MpegTs => ("mpegts", "an MPEG transport stream", Some(Video)),
            Self::Ogg => ("ogg", "an Ogg file", None),
            Self::Mp3 => ("mp3", "an MP3 file", Some(Audio)),
            Self::Wav => ("wav", "a WAV file", Some(Audio)),
            Self::Flac => ("flac", "a FLAC file", Some(Audio)),
            Self::M4a => ("m4a", "an M4A file", Some(Audio)),
            Self::Aac => ("aac", "an AAC file", Some(Audio)),
            Self::Gif => ("gif", "a GIF image", Some(Image)),
            Self::Avif => ("avif", "an AVIF image", Some(Image)),
            Self::Heic => ("heic", "a HEIC image", Some(Image)),
            Self::Svg => ("svg", "an SVG drawing", Some(Image)),
            Self::Tiff => ("tiff", "a TIFF image", Some(Image)),
            Self::Bmp => ("bmp", "a BMP image", Some(Image)),
            Self::Ico => ("ico", "an ICO icon", Some(Image)),
            Self::Jxl => ("jxl", "a JPEG XL image", Some(Image)),
            Self::Jp2 => ("jp2", "a JPEG 2000 image", Some(Image)),
            Self::Psd => ("psd", "a Photoshop document", Some(Image)),
            Self::Pdf => ("pdf", "a PDF document", None),
            Self::Icns => ("icns", "an Apple icon", Some(Image)),
            Self::Caf => ("caf", "a Core Audio file", Some(Audio)),
            Self::W64 => ("w64", "a Wave64 file", Some(Audio)),
            Self::Aiff => ("aiff", "an AIFF file", Some(Audio)),
            Self::Asf => ("asf", "a Windows Media file", Some(Video)),
            Self::Html => ("html", "an HTML page", None),
            Self::Xml => ("xml", "an XML document", None),
            Self::Json => ("json", "a JSON document", None),
            Self::Text => ("text", "plain text", None),
            Self::LfsPointer => ("lfs-pointer", "a Git LFS pointer", None),
            Self::Zip => ("zip", "a ZIP archive", None),
            Self::Gzip => ("gzip", "gzip-compressed data", None),
            Self::Unknown => ("unknown", "an unknown format", None),
        }
    }
}

/// Returns the usual file extension of the format with this name: `jpg`.
pub(crate) fn usual_extension(id: &'static str) -> &'static str {
    if id == "jpeg" { "jpg" } else { id }
}

/// A value read from a header, and how far it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured<T> {
    /// The value.
    pub value: T,
    /// False if it was estimated from a part of the file, such as a bit rate.
    pub exact: bool,
}

impl<T> Measured<T> {
    /// Marks a value that the file states.
    pub const fn exact(value: T) -> Self {
        Self { value, exact: true }
    }

    /// Marks a value estimated from a part of the file.
    pub const fn estimated(value: T) -> Self {
        Self { value, exact: false }
    }
}

/// The codec of a track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Codec {
    /// A known codec, by the name that ffprobe gives it: `h264`, `pcm_s16le`.
    Known(&'static str),
    /// Any other, by the identifier in the file.
    Other(UntrustedText),
}

/// One video track.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoTrack {
    /// How it is coded.
    pub codec: Codec,
    /// The profile, by ffprobe's short name, if the rules distinguish the codec's profiles (ProRes).
    pub profile: Option<&'static str>,
    /// Frames per second; `None` if the file does not state them.
    pub fps: Option<Measured<f64>>,
}

/// The facts that a file's header states. Unknown facts are `None`, never guessed.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    /// The format or container.
    pub format: Format,
    /// Width and height of the coded pictures, as stored.
    pub coded_size: Option<Dimensions>,
    /// Width and height as a viewer shows them: after EXIF orientation, rotation, pixel shape and clean aperture.
    pub display_size: Option<Dimensions>,
    /// EXIF orientation, 1 to 8; `None` if the file has none.
    pub orientation: Option<u8>,
    /// Clockwise rotation of a video in degrees, 0 to 359.
    pub rotation: Option<u16>,
    /// True for APNG and animated `WebP`.
    pub animated: bool,
    /// An unusual coding in words, such as `arithmetic-coded`; `None` for the ordinary ones.
    pub encoding_note: Option<&'static str>,
    /// The first video track.
    pub video: Option<VideoTrack>,
    /// The codec of the first audio track.
    pub audio: Option<Codec>,
    /// How long it plays.
    pub duration: Option<Measured<Duration>>,
    /// The durations that parts of the file state, if they differ so much that clients disagree; otherwise empty.
    pub stated_durations: Vec<StatedDuration>,
    /// The frame rate of most frames, if the duration of frames varies.
    pub nominal_fps: Option<f64>,
    /// True if the samples are in fragments (`moof` boxes), so that the header alone does not list them.
    pub fragmented: bool,
    /// The evidence that the file is truncated; `None` if there is none.
    pub truncated: Option<&'static str>,
    /// Bytes before the first frame of an MP3 or AAC stream, without those of tags.
    pub leading_bytes: u64,
}

/// The duration that one part of a file states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatedDuration {
    /// The part, by its name in the format's standard: `mvhd`.
    pub source: &'static str,
    /// What it states.
    pub duration: Duration,
}

impl StatedDuration {
    /// Returns whether the durations of one file differ so much that it matters which one a client reads. Encoders
    /// round them, and an audio track is often a frame longer than its video track.
    fn disagree(stated: &[(&'static str, Duration)]) -> bool {
        let durations = stated.iter().map(|(_, duration)| *duration);
        let (Some(shortest), Some(longest)) = (durations.clone().min(), durations.max()) else { return false };
        let apart = longest.saturating_sub(shortest);
        apart > Duration::from_millis(500) || (apart > Duration::from_millis(100) && apart > longest / 10)
    }

    fn list(stated: &[(&'static str, Duration)]) -> Vec<Self> {
        stated.iter().map(|(source, duration)| Self { source, duration: *duration }).collect()
    }
}

impl Media {
    /// Creates the facts of a file of which only the format is known.
    #[must_use]
    pub const fn new(format: Format) -> Self {
        Self {
            format,
            coded_size: None,
            display_size: None,
            orientation: None,
            rotation: None,
            animated: false,
            encoding_note: None,
            video: None,
            audio: None,
            duration: None,
            stated_durations: Vec::new(),
            nominal_fps: None,
            fragmented: false,
            truncated: None,
            leading_bytes: 0,
        }
    }

    /// Returns the kind of asset: that of the tracks where there are any, else that of the format.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match (self.video.is_some(), self.audio.is_some()) {
            (true, _) => Some(Kind::Video),
            (false, true) => Some(Kind::Audio),
            (false, false) => self.format.kind(),
        }
    }

    /// Returns the name of its format for a sentence.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        self.format.name_as(self.kind())
    }
}
