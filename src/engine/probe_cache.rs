//! One look at a URL for all who ask for it: a request may name the same asset many times, and so may many requests.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::asset::{Asset, AssetUrl};
use crate::fetch::{Probe, ProbeOptions};
use crate::observation::Observation;
use crate::text::secret::Secret;
use crate::units::Bytes;

/// How many looks are remembered. An observation takes a few kilobytes.
const REMEMBERED: usize = 1024;

/// A way of looking at the world that remembers the last URLs, and lets those who ask at the same time wait for one
/// look.
#[derive(Debug)]
pub(crate) struct Once<P> {
    probe: P,
    looks: Mutex<Looks>,
}

/// A URL, and what differs of plans within a run: a look again is no look that was had.
type Key = (Secret<String>, Bytes, u8);

#[derive(Debug, Default)]
struct Looks {
    known: HashMap<Key, Arc<OnceCell<Observation>>>,
    /// The oldest first.
    order: VecDeque<Key>,
}

impl<P> Once<P> {
    pub(crate) fn new(probe: P) -> Self {
        Self { probe, looks: Mutex::default() }
    }

    fn look(&self, key: Key) -> Arc<OnceCell<Observation>> {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(look) = looks.known.get(&key) {
            return Arc::clone(look);
        }
        if looks.order.len() >= REMEMBERED
            && let Some(oldest) = looks.order.pop_front()
        {
            looks.known.remove(&oldest);
        }
        let look = Arc::<OnceCell<Observation>>::default();
        looks.order.push_back(key.clone());
        looks.known.insert(key, Arc::clone(&look));
        look
    }
}

impl<P: Probe> Probe for Once<P> {
    async fn url(&self, address: &AssetUrl, plan: ProbeOptions) -> Observation {
        let look = self.look((Secret::new(address.url().as_str().to_owned()), plan.size_limit, plan.attempt));
        look.get_or_init(|| self.probe.url(address, plan)).await.clone()
    }

    fn file(&self, path: &Path) -> Observation {
        self.probe.file(path)
    }

    fn data_uri(&self, asset: &Asset) -> Observation {
        self.probe.data_uri(asset)
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

    /// Counts how often it looks, and takes a while.
    #[derive(Debug, Default)]
    struct Slow(AtomicUsize);

    impl Probe for Slow {
        async fn url(&self, _: &AssetUrl, _: ProbeOptions) -> Observation {
            self.0.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            Observation { size: Some(7), ..Observation::default() }
        }

        fn file(&self, _: &Path) -> Observation {
            Observation::default()
        }

        fn data_uri(&self, _: &Asset) -> Observation {
            Observation::default()
        }
    }

    fn address(text: &str) -> AssetUrl {
        let Target::Url(address) = Target::parse(&Asset::new(text)) else { panic!("{text} is no URL") };
        address
    }

    #[tokio::test]
    async fn the_same_url_is_looked_at_once_even_at_the_same_time() {
        let once = Once::new(Slow::default());
        let plan = |limit| ProbeOptions {
            depth: Depth::Full,
            timeout: Duration::from_secs(1),
            size_limit: Bytes::mib(limit),
            attempt: 0,
            at_once: false,
        };
        let photo = address("https://h.example/a.png");
        let seen = join_all((0..100).map(|_| once.url(&photo, plan(16)))).await;
        assert!(seen.iter().all(|seen| seen.size == Some(7)));
        assert_eq!(once.probe.0.load(Ordering::SeqCst), 1);
        once.url(&photo, plan(32)).await;
        once.url(&address("https://h.example/b.png"), plan(16)).await;
        once.url(&photo, ProbeOptions { attempt: 1, ..plan(16) }).await;
        assert_eq!(once.probe.0.load(Ordering::SeqCst), 4, "another kind, URL or attempt is looked at anew");
    }

    #[test]
    fn only_so_many_are_remembered() {
        let once = Once::new(Slow::default());
        for count in 0..3 * REMEMBERED {
            once.look((Secret::new(count.to_string()), Bytes::mib(1), 0));
        }
        let looks = once.looks.lock().expect("nobody panicked");
        assert_eq!((looks.known.len(), looks.order.len()), (REMEMBERED, REMEMBERED));
    }
}
