//! Limits how many assets of one host are checked concurrently.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::asset::AssetUrl;
use crate::lock::lock;

/// The permits of each host that is in use or waited for.
#[derive(Debug)]
pub(super) struct HostLimits {
    hosts: Mutex<HashMap<HostKey, Arc<Semaphore>>>,
    per_host: usize,
}

/// A host's name and its port.
type HostKey = (String, u16);

/// A permit to fetch from a host; released when it is dropped.
pub(super) struct HostPermit<'a> {
    limits: &'a HostLimits,
    key: HostKey,
    /// Taken only by `drop`.
    permit: Option<OwnedSemaphorePermit>,
}

impl HostLimits {
    pub(super) fn new(per_host: usize) -> Self {
        Self { hosts: Mutex::default(), per_host: per_host.clamp(1, Semaphore::MAX_PERMITS) }
    }

    /// Waits for a permit for a host.
    pub(super) async fn acquire(&self, address: &AssetUrl) -> HostPermit<'_> {
        let key = key(address);
        let semaphore =
            Arc::clone(lock(&self.hosts).entry(key.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.per_host))));
        // The semaphore is never closed, so a permit is always acquired in the end.
        HostPermit { limits: self, key, permit: semaphore.acquire_owned().await.ok() }
    }
}

impl Drop for HostPermit<'_> {
    /// Removes a host that is no longer in use.
    fn drop(&mut self) {
        let mut hosts = lock(&self.limits.hosts);
        drop(self.permit.take());
        if hosts.get(&self.key).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            hosts.remove(&self.key);
        }
    }
}

fn key(address: &AssetUrl) -> HostKey {
    let url = address.url();
    (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::asset::{Asset, Target};

    fn address(text: &str) -> AssetUrl {
        let Target::Url(address) = Target::parse(&Asset::new(text)) else { panic!("{text} is a URL") };
        address
    }

    #[tokio::test]
    async fn each_host_has_its_own_permits_and_is_removed_after_use() {
        let limits = HostLimits::new(2);
        let (one, other) = (address("https://h.com/a"), address("https://h.com:8443/a"));
        let (first, second) = (limits.acquire(&one).await, limits.acquire(&one).await);
        let mut third = Box::pin(limits.acquire(&one));
        assert!((&mut third).now_or_never().is_none());
        drop(limits.acquire(&other).now_or_never().expect("another port is another host"));
        assert_eq!(lock(&limits.hosts).len(), 1);
        drop(first);
        let third = third.await;
        drop((second, third));
        assert!(lock(&limits.hosts).is_empty());
    }
}
