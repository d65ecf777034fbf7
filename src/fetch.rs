//! Fetches URLs and reads local files and data URIs, without interpretation. [`Probe`] is the interface between the
//! engine and the network and disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::asset::{Asset, AssetUrl};
use crate::fetch::http::Http;
use crate::fetch::network_thread::NetworkThread;
use crate::fetch::workers::Workers;
use crate::observation::timing::RequestTrace;
use crate::observation::{FetchError, Observation, RequestOutcome};
use crate::units::Bytes;

pub use crate::fetch::dns::ResolveOverride;
pub use crate::fetch::file::guessed_type;
pub use crate::fetch::http::{NetworkOptions, NetworkOptionsError};

mod data_uri;
mod dns;
mod file;
mod http;
mod local_error;
mod loop_clock;
mod network_thread;
pub(crate) mod once_map;
pub(crate) mod tap;
mod tls;
mod tracker;
pub(crate) mod workers;

/// How much of a URL is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum Depth {
    /// HEAD only.
    Head,
    /// HEAD, then as many bytes as the media header needs.
    Header,
    /// HEAD, then the whole body, as the API does.
    #[default]
    Full,
}

impl Depth {
    /// Returns the name used in flags.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The limits of one fetch.
#[derive(Clone, Copy, Debug)]
pub struct ProbeOptions {
    /// How much to fetch.
    pub depth: Depth,
    /// Time for HEAD and GET together, from the DNS query to the last byte of the body.
    pub timeout: Duration,
    /// A body that is larger is not downloaded: only its media header is read.
    pub size_limit: Bytes,
    /// How many attempts were made before this one.
    pub attempt: u8,
}

/// Fetches URLs and reads files for the engine; tests implement it with scripted observations.
pub trait Probe: Send + Sync {
    /// Fetches a URL that has passed the address stage.
    fn url(&self, address: &AssetUrl, options: ProbeOptions) -> impl Future<Output = Arc<Observation>> + Send;

    /// Reads a local file.
    fn file(&self, path: &Path) -> impl Future<Output = Observation> + Send;

    /// Decodes a data URI.
    fn data_uri(&self, asset: &Arc<Asset>) -> impl Future<Output = Observation> + Send;

    /// Finds the file of an ephemeral upload, or says why there is none. `None` if this probe has no access to uploads.
    fn upload(&self, _uri: &Asset) -> Option<Result<PathBuf, String>> {
        None
    }
}

/// Fetches URLs in more detail than the engine needs.
pub trait TracingProbe: Probe {
    /// Fetches a URL and records the timings.
    fn traced(
        &self,
        address: &AssetUrl,
        options: ProbeOptions,
    ) -> impl Future<Output = (Observation, RequestTrace)> + Send;

    /// Fetches a URL with a User-Agent other than the API's.
    fn url_from(
        &self,
        agent: &'static str,
        address: &AssetUrl,
        options: ProbeOptions,
    ) -> impl Future<Output = Observation> + Send;
}

/// Fetches URLs and keeps the bodies. Tests implement it with scripted responses.
pub trait DownloadingProbe: Probe {
    /// Fetches a URL, and returns its body if it arrived complete.
    fn download(
        &self,
        address: &AssetUrl,
        options: ProbeOptions,
    ) -> impl Future<Output = (Observation, Option<Vec<u8>>)> + Send;
}

/// The probe that uses the network and the disk.
#[derive(Debug)]
pub struct LiveProbe {
    http: Arc<Http>,
    network: NetworkThread,
    /// Files and data URIs are read on threads of their own, so that a slow disk delays nothing else.
    readers: Workers,
}

/// How many files and data URIs are read at the same time.
const MAX_READERS: usize = 8;

impl LiveProbe {
    /// Creates a probe without opening a connection.
    ///
    /// # Errors
    /// If the trusted roots or the proxy cannot be used.
    pub fn new(options: NetworkOptions) -> Result<Self, NetworkOptionsError> {
        let http = Arc::new(Http::new(options)?);
        Ok(Self { http, network: NetworkThread::default(), readers: Workers::new(MAX_READERS) })
    }
}

/// Returns the observation of a URL for which this machine could not start a thread.
fn not_started(error: &std::io::Error) -> Observation {
    let error = FetchError::LocalResourcesExhausted(error.to_string());
    Observation { head: RequestOutcome::Failed { error, elapsed: Duration::ZERO }, ..Observation::default() }
}

impl Probe for LiveProbe {
    async fn url(&self, address: &AssetUrl, options: ProbeOptions) -> Arc<Observation> {
        let (http, address) = (Arc::clone(&self.http), address.clone());
        let fetched = self.network.run(async move { http.probe(&address, options).await }).await;
        Arc::new(fetched.unwrap_or_else(|error| not_started(&error)))
    }

    async fn file(&self, path: &Path) -> Observation {
        let path = path.to_owned();
        self.readers.run(move || file::probe(&path)).await
    }

    async fn data_uri(&self, asset: &Arc<Asset>) -> Observation {
        let asset = Arc::clone(asset);
        self.readers.run(move || data_uri::probe(&asset)).await
    }
}

impl TracingProbe for LiveProbe {
    async fn traced(&self, address: &AssetUrl, options: ProbeOptions) -> (Observation, RequestTrace) {
        let (http, address) = (Arc::clone(&self.http), address.clone());
        let fetched = self.network.run(async move { http.trace(&address, options).await }).await;
        fetched.unwrap_or_else(|error| (not_started(&error), RequestTrace::default()))
    }

    async fn url_from(&self, agent: &'static str, address: &AssetUrl, options: ProbeOptions) -> Observation {
        let (http, address) = (Arc::clone(&self.http), address.clone());
        let fetched = self.network.run(async move { http.probe_as(agent, &address, options).await }).await;
        fetched.unwrap_or_else(|error| not_started(&error))
    }
}

impl DownloadingProbe for LiveProbe {
    async fn download(&self, address: &AssetUrl, options: ProbeOptions) -> (Observation, Option<Vec<u8>>) {
        let (http, address) = (Arc::clone(&self.http), address.clone());
        let fetched = self.network.run(async move { http.download(&address, options).await }).await;
        fetched.unwrap_or_else(|error| (not_started(&error), None))
    }
}
