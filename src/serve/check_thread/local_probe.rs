//! The probe for the assets of request bodies.

use std::future::pending;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::asset::{Asset, AssetUrl};
use crate::fetch::{LiveProbe, Probe, ProbeOptions};
use crate::media::header_reader::HeaderReader;
use crate::observation::Observation;
use crate::serve::local_files::{LocalFiles, NamedOutputs};
use crate::serve::output::GeneratedOutput;
use crate::serve::uploads::UploadedFile;

/// Probes the network as `check` does, and resolves the uploads and outputs of this server.
pub(super) struct LocalProbe {
    /// `None` if a check must not wait: then nothing is fetched or read, and the check does not complete.
    pub(super) live: Option<Arc<LiveProbe>>,
    pub(super) files: LocalFiles,
    /// The outputs that the body names. They have no paths; their URIs take the place of these.
    pub(super) outputs: NamedOutputs,
}

impl LocalProbe {
    /// Returns the output with this URI.
    fn output(&self, uri: &Path) -> Option<&GeneratedOutput> {
        self.outputs.get(uri.to_str()?)
    }
}

/// Reads a file in memory.
fn observation(file: &[u8]) -> Observation {
    let size = file.len() as u64;
    let mut reader = HeaderReader::near(size);
    let bytes = |range: Range<u64>| {
        let [start, end] = [range.start, range.end].map(|at| usize::try_from(at).unwrap_or(usize::MAX).min(file.len()));
        file.get(start..end).unwrap_or_default()
    };
    while let Some(wanted) = reader.wanted_range()
        && wanted.start < size
    {
        reader.feed(wanted.start, bytes(wanted));
    }
    if reader.is_scanning() {
        let passed = reader.stream_position();
        reader.feed(passed, bytes(passed..size));
    }
    Observation { content: reader.finish(Some(size)), size: Some(size), ..Observation::default() }
}

impl Probe for LocalProbe {
    async fn url(&self, address: &AssetUrl, options: ProbeOptions) -> Arc<Observation> {
        match &self.live {
            Some(live) => live.url(address, options).await,
            None => pending().await,
        }
    }

    async fn file(&self, path: &Path) -> Observation {
        match (&self.live, self.output(path)) {
            (Some(_), Some(output)) => observation(&self.files.rendered.file(output).await),
            (Some(live), None) => live.file(path).await,
            (None, _) => pending().await,
        }
    }

    async fn data_uri(&self, asset: &Arc<Asset>) -> Observation {
        match &self.live {
            Some(live) => live.data_uri(asset).await,
            None => pending().await,
        }
    }

    fn upload(&self, uri: &Asset) -> Option<Result<PathBuf, String>> {
        let uri = std::str::from_utf8(uri.text()).unwrap_or_default();
        let missing = |why: &str| Err(why.to_owned());
        if self.outputs.contains_key(uri) {
            return Some(Ok(PathBuf::from(uri)));
        }
        Some(match self.files.uploads.find(uri) {
            UploadedFile::Stored(path) => Ok(path),
            UploadedFile::Empty => missing("no bytes were sent for this upload"),
            UploadedFile::Expired => missing("the upload is older than 24 hours"),
            UploadedFile::Unknown => missing("this server did not issue the URI, or has discarded the upload"),
        })
    }
}
