//! Local pictures for the reports that show them: small ones as they are, within a budget, others by a relative address.

use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use crate::asset::path as local_path;
use crate::report::picture::Picture;
use crate::report::{Delivery, Report};
use crate::text::percent;

/// The largest picture that is embedded, in bytes.
const MAX_EMBEDDED: u64 = 64 << 10;

/// How many bytes of pictures are embedded into one report.
const BUDGET: u64 = 4 << 20;

/// The formats that browsers draw without running anything, and their media types.
const DRAWN: [(&str, &str); 7] = [
    ("png", "image/png"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("ico", "image/x-icon"),
];

/// Finds the pictures of one report.
#[derive(Debug)]
pub(crate) struct PreviewLoader {
    /// The folder of the report, with symbolic links resolved.
    folder: Option<PathBuf>,
    budget: u64,
}

impl PreviewLoader {
    /// Prepares the pictures of a report at a path; without one, of a report in the working directory.
    pub(crate) fn new(report: Option<&Path>) -> Self {
        let folder = report.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        Self { folder: folder.unwrap_or_else(|| Path::new(".")).canonicalize().ok(), budget: BUDGET }
    }

    /// Returns the picture of a local file that is a picture. A name that is shown with something hidden is that of no
    /// file.
    pub(crate) fn of(&mut self, report: &Report) -> Option<Picture> {
        if report.transport != Delivery::File {
            return None;
        }
        let path = local_path(report.asset.as_bytes())?;
        let format = report.observed.content.media()?.format.id();
        let (_, media_type) = DRAWN.into_iter().find(|(drawn, _)| *drawn == format)?;
        self.embedded(&path, media_type).or_else(|| self.linked(&path))
    }

    /// Reads a small file, as long as there is room for it.
    fn embedded(&mut self, path: &Path, media_type: &'static str) -> Option<Picture> {
        let most = MAX_EMBEDDED.min(self.budget);
        let metadata = path.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() <= most)?;
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
        File::open(path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
        let length = u64::try_from(bytes.len()).ok().filter(|length| *length <= most)?;
        self.budget -= length;
        Some(Picture::Embedded { media_type, bytes })
    }

    /// Returns the address of a file, relative to the folder of the report.
    fn linked(&self, path: &Path) -> Option<Picture> {
        let (folder, path) = (self.folder.as_deref()?, path.canonicalize().ok()?);
        let shared = folder.components().zip(path.components()).take_while(|(one, other)| one == other).count();
        let mut segments = vec!["..".to_owned(); folder.components().count() - shared];
        for component in path.components().skip(shared) {
            match component {
                Component::Normal(name) => segments.push(percent::encode(name.as_encoded_bytes())),
                // Another drive has no relative address.
                Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => return None,
            }
        }
        Some(Picture::Linked { address: format!("./{}", segments.join("/")) })
    }
}
