//! A bounded map of values that are computed once, even if several tasks request them concurrently.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use tokio::sync::OnceCell;

use crate::lock::lock;

/// A map from keys to cells. The oldest key is evicted first; tasks that hold its cell keep it.
pub(crate) struct OnceMap<K, V> {
    capacity: usize,
    entries: Mutex<Entries<K, V>>,
}

struct Entries<K, V> {
    cells: HashMap<K, Arc<OnceCell<V>>>,
    /// The keys in the order they were added.
    order: VecDeque<K>,
}

impl<K: Clone + Eq + Hash, V> OnceMap<K, V> {
    /// Creates an empty map for this many keys.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::new(Entries { cells: HashMap::new(), order: VecDeque::new() }) }
    }

    /// Returns the cell of a key, empty if the key is new.
    pub(crate) fn entry(&self, key: &K) -> Arc<OnceCell<V>> {
        let mut entries = lock(&self.entries);
        if let Some(cell) = entries.cells.get(key) {
            return Arc::clone(cell);
        }
        if entries.order.len() >= self.capacity
            && let Some(oldest) = entries.order.pop_front()
        {
            entries.cells.remove(&oldest);
        }
        entries.order.push_back(key.clone());
        Arc::clone(entries.cells.entry(key.clone()).or_default())
    }

    /// Replaces this cell of a key by an empty one, unless another task has replaced it already.
    pub(crate) fn renew(&self, key: &K, stale: &Arc<OnceCell<V>>) -> Arc<OnceCell<V>> {
        if let Some(cell) = lock(&self.entries).cells.get_mut(key)
            && Arc::ptr_eq(cell, stale)
        {
            *cell = Arc::default();
        }
        self.entry(key)
    }
}

impl<K, V> fmt::Debug for OnceMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceMap").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_cell_until_it_is_renewed_or_evicted() {
        let map = OnceMap::<u32, ()>::new(3);
        let first = map.entry(&0);
        assert!(Arc::ptr_eq(&first, &map.entry(&0)));
        let second = map.renew(&0, &first);
        assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&second, &map.entry(&0)));
        assert!(Arc::ptr_eq(&second, &map.renew(&0, &first)), "it was renewed already");
        for key in 1..=3 {
            map.entry(&key);
        }
        assert!(!Arc::ptr_eq(&second, &map.entry(&0)), "it was the oldest");
        let entries = lock(&map.entries);
        assert_eq!((entries.cells.len(), entries.order.len()), (3, 3));
    }
}
