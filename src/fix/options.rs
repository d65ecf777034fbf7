//! The user's options.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::ffmpeg::{ClipFormat, Trim};
use super::geometry::Reshape;
use super::image::ImageOutputFormat;
use super::output_folder::OutputFolder;
use crate::media::{Kind, Media};
use crate::rules::Expectations;
use crate::text::secret::QueryRedaction;

/// What the files are for, and how they may be changed.
#[derive(Clone, Debug)]
pub struct FixOptions {
    /// What the files are for.
    pub expectations: Expectations,
    /// The request field.
    pub field: Option<String>,
    /// How an aspect ratio outside the window is changed.
    pub reshape: Option<Reshape>,
    /// The format of the result.
    pub to: Option<FixFormat>,
    /// The maximum JPEG quality, 1 to 100.
    pub quality: Option<u8>,
    /// The part of a clip that is kept.
    pub trim: Option<Trim>,
    /// The ffmpeg program.
    pub ffmpeg: OsString,
    /// Where results are written.
    pub place: FixDestination,
    /// True if nothing is written.
    pub dry_run: bool,
    /// True if existing files are overwritten.
    pub force: bool,
    /// True if no URL is fetched.
    pub offline: bool,
    /// Whether reports show the values of query parameters.
    pub queries: QueryRedaction,
    /// Time for downloading an address.
    pub timeout: Duration,
}

/// Where results are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FixDestination {
    /// Next to the input: `photo.png` becomes `photo.fixed.png`.
    NextToInput,
    /// To this file.
    File(PathBuf),
    /// Into this folder, under the name of the input.
    Folder(OutputFolder),
}

impl FixDestination {
    /// Returns the path of a result.
    pub(super) fn path(&self, input: &Path, extension: &str) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::NextToInput => {
                let mut name = input.file_stem().unwrap_or_default().to_owned();
                name.push(".fixed.");
                name.push(extension);
                input.with_file_name(name)
            }
            Self::Folder(folder) => folder.path(input, extension),
        }
    }

    /// Returns the folder that results do not leave, if there is one.
    pub(super) fn root(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder.root()),
            Self::NextToInput | Self::File(_) => None,
        }
    }

    /// Says why a result with this usual extension cannot have the name that the user chose; `None` if it can.
    pub(super) fn extension_mismatch(&self, extension: &str) -> Option<String> {
        let Self::File(path) = self else { return None };
        let named = path.extension()?.to_str()?.to_ascii_lowercase();
        // Other formats are made as they are named.
        let is_wrong = matches!(&*named, "m4a" | "flac") && named != extension;
        is_wrong.then(|| format!("the result would be {extension}, not {named}: choose another name"))
    }
}

/// A format that results may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum FixFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// Lossless `WebP`.
    Webp,
    /// MP4.
    Mp4,
    /// `QuickTime`.
    Mov,
    /// MP3.
    Mp3,
    /// WAV.
    Wav,
}

impl FixFormat {
    /// Returns the name used in flags and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns the kind of asset.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => Kind::Image,
            Self::Mp4 | Self::Mov => Kind::Video,
            Self::Mp3 | Self::Wav => Kind::Audio,
        }
    }

    /// Finds a format by file extension.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        let ending = if matches!(&*ending, "jpg" | "jpe" | "jfif") { "jpeg" } else { &ending };
        ending.parse().ok()
    }

    /// Returns it as a format of images, if it is one.
    pub(super) fn as_image(self) -> Option<ImageOutputFormat> {
        self.name().parse().ok()
    }

    /// Returns it as a format of clips, if it is one.
    pub(super) fn as_clip(self) -> Option<ClipFormat> {
        self.name().parse().ok()
    }
}

impl FixOptions {
    /// Returns the format requested by flag or by the name of the output.
    pub(super) fn format(&self) -> Option<FixFormat> {
        self.to.or_else(|| match &self.place {
            FixDestination::File(path) => FixFormat::of_path(path),
            FixDestination::NextToInput | FixDestination::Folder(_) => None,
        })
    }

    /// Returns whether the options request changes that the rules do not require: another format, or trimming.
    pub(super) fn requests_more_than_rules(&self, media: &Media) -> bool {
        let is_clip = media.kind().is_some_and(|kind| kind != Kind::Image);
        let played = media.duration.map(|duration| duration.value);
        let is_cut = is_clip && self.trim.is_some_and(|trim| trim.shortens(played));
        is_cut || self.to.is_some_and(|to| to.name() != media.format.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_named_after_their_input() {
        let case = |place: &FixDestination, expected: &str| {
            assert_eq!(place.path(Path::new("a/photo.b.gif"), "png"), PathBuf::from(expected));
        };
        case(&FixDestination::NextToInput, "a/photo.b.fixed.png");
        case(&FixDestination::File("x/y.jpg".into()), "x/y.jpg");
    }

    #[test]
    fn the_format_is_found_by_the_name_of_the_output() {
        assert_eq!(FixFormat::of_path(Path::new("a.JPG")), Some(FixFormat::Jpeg));
        assert_eq!(FixFormat::of_path(Path::new("a.webp")), Some(FixFormat::Webp));
        assert_eq!(FixFormat::of_path(Path::new("a.tiff")), None);
        assert_eq!(FixFormat::of_path(Path::new("jpg")), None);
    }
}
