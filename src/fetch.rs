//! The senses: what can be seen of an asset, with no opinion. [`Probe`] is the seam between engine and world.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::asset::{Asset, AssetUrl};
use crate::fetch::http::Http;
use crate::observation::Observation;
use crate::observation::timing::RequestTrace;
use crate::units::Bytes;

pub use crate::fetch::dns::ResolveOverride;
pub use crate::fetch::file::guessed_type;
pub use crate::fetch::http::{NetworkOptions, NetworkOptionsError};

mod data_uri;
mod dns;
mod file;
mod http;
mod local_error;
pub(crate) mod tap;
mod tls;
mod tracker;

/// How far a URL is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Depth {
    /// HEAD alone.
    Head,
    /// HEAD, then as many bytes as the media header needs.
    Header,
    /// HEAD, then the whole body, as the API does.
    #[default]
    Full,
}

/// What one look may cost.
#[derive(Clone, Copy, Debug)]
pub struct ProbeOptions {
    /// How far to look.
    pub depth: Depth,
    /// Time for HEAD and GET together, from the first byte sent for the name to the last byte of the body.
    pub timeout: Duration,
    /// The size from which on a body is not downloaded: only its media header is read.
    pub size_limit: Bytes,
    /// How many looks at the same asset went before this one.
    pub attempt: u8,
    /// Whether there is room for a second connection, so that the GET need not wait for the answer to the HEAD.
    pub at_once: bool,
}

/// Looks at the world for the engine; tests script it.
pub trait Probe: Send + Sync {
    /// Looks at what a URL leads to. The URL has passed the judgement of its address.
    fn url(&self, address: &AssetUrl, plan: ProbeOptions) -> impl Future<Output = Observation> + Send;

    /// Looks at a local file.
    fn file(&self, path: &Path) -> Observation;

    /// Looks into a data URI.
    fn data_uri(&self, asset: &Asset) -> Observation;

    /// Finds the file of an ephemeral upload, or says why there is none. `None` where uploads are out of reach.
    fn upload(&self, _uri: &Asset) -> Option<Result<PathBuf, String>> {
        None
    }
}

/// Looks closer at one URL than the engine needs; tests script it.
pub trait TracingProbe: Probe {
    /// Looks at what a URL leads to, and says how it went on the way.
    fn traced(
        &self,
        address: &AssetUrl,
        plan: ProbeOptions,
    ) -> impl Future<Output = (Observation, RequestTrace)> + Send;

    /// Looks at what a URL leads to for a client that sends another User-Agent than the API.
    fn url_from(
        &self,
        agent: &'static str,
        address: &AssetUrl,
        plan: ProbeOptions,
    ) -> impl Future<Output = Observation> + Send;
}

/// The senses of this program: the network and the disk.
#[derive(Debug)]
pub struct LiveProbe {
    http: Http,
}

impl LiveProbe {
    /// Gets ready; nothing is dialled or read yet.
    ///
    /// # Errors
    /// Where the roots or the proxy in `reach` are of no use.
    pub fn new(reach: NetworkOptions) -> Result<Self, NetworkOptionsError> {
        Http::new(reach).map(|http| Self { http })
    }
}

impl Probe for LiveProbe {
    async fn url(&self, address: &AssetUrl, plan: ProbeOptions) -> Observation {
        self.http.look(address, plan).await
    }

    fn file(&self, path: &Path) -> Observation {
        file::look(path)
    }

    fn data_uri(&self, asset: &Asset) -> Observation {
        data_uri::look(asset)
    }
}

impl TracingProbe for LiveProbe {
    async fn traced(&self, address: &AssetUrl, plan: ProbeOptions) -> (Observation, RequestTrace) {
        self.http.trace(address, plan).await
    }

    async fn url_from(&self, agent: &'static str, address: &AssetUrl, plan: ProbeOptions) -> Observation {
        self.http.look_from(agent, address, plan).await
    }
}
