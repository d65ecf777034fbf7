//! The hosts that are looked at, each with room for so many at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::asset::Address;

/// The room of each host that somebody waits for.
#[derive(Debug)]
pub(super) struct Hosts {
    rooms: Mutex<HashMap<String, Arc<Semaphore>>>,
    per_host: usize,
}

impl Hosts {
    pub(super) fn new(per_host: usize) -> Self {
        Self { rooms: Mutex::default(), per_host: per_host.clamp(1, Semaphore::MAX_PERMITS) }
    }

    /// Returns the room of a host.
    pub(super) fn find(&self, address: &Address) -> Arc<Semaphore> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(rooms.entry(key(address)).or_insert_with(|| Arc::new(Semaphore::new(self.per_host))))
    }

    /// Forgets a host that nobody waits for any more.
    pub(super) fn leave(&self, address: &Address, room: Arc<Semaphore>) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        drop(room);
        let key = key(address);
        if rooms.get(&key).is_some_and(|room| Arc::strong_count(room) == 1) {
            rooms.remove(&key);
        }
    }
}

/// Hosts are counted by name and port.
fn key(address: &Address) -> String {
    let url = address.url();
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}
