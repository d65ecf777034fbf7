//! Fetches each URL once: a request may name the same asset many times, and so may many requests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::asset::{Asset, AssetUrl};
use crate::fetch::once_map::OnceMap;
use crate::fetch::{Probe, ProbeOptions};
use crate::observation::Observation;
use crate::text::secret::Secret;
use crate::units::Bytes;

/// How many observations are kept. Each takes a few kilobytes.
const MAX_OBSERVATIONS: usize = 1024;

/// A probe that shares the observation of a URL among all callers.
#[derive(Debug)]
pub(crate) struct CachedProbe<P> {
    probe: P,
    cache: OnceMap<FetchKey, Arc<Observation>>,
}

/// A URL and the options that differ within a run: a retry is a new fetch.
type FetchKey = (Secret<String>, Bytes, u8);

impl<P> CachedProbe<P> {
    pub(crate) fn new(probe: P) -> Self {
        Self { probe, cache: OnceMap::new(MAX_OBSERVATIONS) }
    }
}

impl<P: Probe> Probe for CachedProbe<P> {
    async fn url(&self, address: &AssetUrl, options: ProbeOptions) -> Arc<Observation> {
        let key = (Secret::new(address.url().as_str().to_owned()), options.size_limit, options.attempt);
        let cell = self.cache.entry(&key);
        Arc::clone(cell.get_or_init(|| self.probe.url(address, options)).await)
    }

    async fn file(&self, path: &Path) -> Observation {
        self.probe.file(path).await
    }

    async fn data_uri(&self, asset: &Arc<Asset>) -> Observation {
        self.probe.data_uri(asset).await
    }

    fn upload(&self, uri: &Asset) -> Option<Result<PathBuf, String>> {
        self.probe.upload(uri)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;
    use crate::asset::Target;
    use crate::fetch::Depth;

    /// Counts its fetches, and takes a while for each.
    #[derive(Debug, Default)]
    struct SlowProbe(AtomicUsize);

    impl Probe for SlowProbe {
        async fn url(&self, _: &AssetUrl, _: ProbeOptions) -> Arc<Observation> {
            self.0.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            Arc::new(Observation { size: Some(7), ..Observation::default() })
        }

        async fn file(&self, _: &Path) -> Observation {
            Observation::default()
        }

        async fn data_uri(&self, _: &Arc<Asset>) -> Observation {
            Observation::default()
        }
    }

    fn address(text: &str) -> AssetUrl {
        let Target::Url(address) = Target::parse(&Asset::new(text)) else { panic!("{text} is a URL") };
        address
    }

    #[tokio::test]
    async fn a_url_is_fetched_once_and_its_observation_shared() {
        let cached = CachedProbe::new(SlowProbe::default());
        let timeout = Duration::from_secs(1);
        let options = |limit| ProbeOptions { depth: Depth::Full, timeout, size_limit: Bytes::mib(limit), attempt: 0 };
        let photo = address("https://h.example/a.png");
        let seen = join_all((0..100).map(|_| cached.url(&photo, options(16)))).await;
        assert!(seen.iter().all(|one| Arc::ptr_eq(one, &seen[0]) && one.size == Some(7)));
        assert_eq!(cached.probe.0.load(Ordering::SeqCst), 1);
        cached.url(&photo, options(32)).await;
        cached.url(&address("https://h.example/b.png"), options(16)).await;
        cached.url(&photo, ProbeOptions { attempt: 1, ..options(16) }).await;
        assert_eq!(cached.probe.0.load(Ordering::SeqCst), 4, "another kind, URL or attempt is fetched again");
    }
}
