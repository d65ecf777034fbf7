//! The hosts that are looked at, each with room for so many at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::asset::AssetUrl;

/// The room of each host that somebody waits for.
#[derive(Debug)]
pub(super) struct Hosts {
    rooms: Mutex<HashMap<Key, Arc<Semaphore>>>,
    per_host: usize,
}

impl Hosts {
    pub(super) fn new(per_host: usize) -> Self {
        Self { rooms: Mutex::default(), per_host: per_host.clamp(1, Semaphore::MAX_PERMITS) }
    }

    /// Returns the room of a host.
    pub(super) fn find(&self, address: &AssetUrl) -> Room {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(address);
        let room = rooms.entry(key.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.per_host)));
        Room { room: Arc::clone(room), key }
    }

    /// Forgets a host that nobody waits for any more.
    pub(super) fn leave(&self, Room { key, room }: Room) {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        drop(room);
        if rooms.get(&key).is_some_and(|room| Arc::strong_count(room) == 1) {
            rooms.remove(&key);
        }
    }
}

/// The room of one host.
pub(super) struct Room {
    /// For so many looks.
    pub(super) room: Arc<Semaphore>,
    key: Key,
}

/// A host's name, and its port.
type Key = (String, u16);

/// Hosts are counted by name and port.
fn key(address: &AssetUrl) -> Key {
    let url = address.url();
    (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default().unwrap_or_default())
}
