//! The probe for the assets of request bodies.

use std::future::pending;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::asset::{Asset, AssetUrl};
use crate::fetch::{LiveProbe, Probe, ProbeOptions};
use crate::observation::Observation;
use crate::serve::uploads::{UploadedFile, Uploads};

/// Probes the network as `check` does, and resolves the uploads of this server.
pub(super) struct UploadProbe {
    /// `None` if a check must not wait: then nothing is fetched or read, and the check does not complete.
    pub(super) live: Option<Arc<LiveProbe>>,
    pub(super) uploads: Arc<Uploads>,
}

impl Probe for UploadProbe {
    async fn url(&self, address: &AssetUrl, options: ProbeOptions) -> Arc<Observation> {
        match &self.live {
            Some(live) => live.url(address, options).await,
            None => pending().await,
        }
    }

    async fn file(&self, path: &Path) -> Observation {
        match &self.live {
            Some(live) => live.file(path).await,
            None => pending().await,
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
        Some(match self.uploads.find(uri) {
            UploadedFile::Stored(path) => Ok(path),
            UploadedFile::Empty => missing("no bytes were sent for this upload"),
            UploadedFile::Expired => missing("the upload is older than 24 hours"),
            UploadedFile::Unknown => missing("this server did not issue the URI, or has discarded the upload"),
        })
    }
}
