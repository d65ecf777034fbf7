//! Objects that clients create, list, update and delete: avatars, documents, voices, routers, sessions.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::limits::MAX_COLLECTION_BYTES;

/// Objects in the order in which they were created.
#[derive(Debug, Default)]
pub(super) struct Collection {
    items: BTreeMap<u64, Item>,
    by_id: HashMap<String, u64>,
    /// How many times an object was created or changed.
    changes: u64,
    bytes: usize,
}

/// An object. Its key in the collection is the number of the change that created it.
#[derive(Debug)]
struct Item {
    id: String,
    object: Map<String, Value>,
    bytes: usize,
    /// The number of its last change.
    changed: u64,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ListOrder {
    /// Sorts by the last change, not by the creation.
    pub(super) by_change: bool,
    pub(super) oldest_first: bool,
}

/// A page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) data: Vec<Map<String, Value>>,
    /// The cursor of the next page, if there is one.
    pub(super) next: Option<u64>,
}

impl Collection {
    /// Adds an object; evicts the oldest objects if the collection is too large.
    pub(super) fn insert(&mut self, id: String, object: Map<String, Value>) {
        self.put(self.changes, id, object);
    }

    /// Returns all objects.
    pub(super) fn objects(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.items.values().map(|item| &item.object)
    }

    /// Returns an object.
    pub(super) fn get(&self, id: &str) -> Option<&Map<String, Value>> {
        self.items.get(self.by_id.get(id)?).map(|item| &item.object)
    }

    /// Changes an object and returns it.
    pub(super) fn update(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Map<String, Value>),
    ) -> Option<&Map<String, Value>> {
        let number = *self.by_id.get(id)?;
        let item = self.items.remove(&number)?;
        self.bytes -= item.bytes;
        let mut object = item.object;
        change(&mut object);
        self.put(number, item.id, object);
        self.items.get(&number).map(|item| &item.object)
    }

    /// Changes all objects for which `concerns` holds.
    pub(super) fn update_all(
        &mut self,
        concerns: impl Fn(&Map<String, Value>) -> bool,
        change: impl Fn(&mut Map<String, Value>),
    ) {
        let items = self.items.values().filter(|item| concerns(&item.object));
        let ids: Vec<String> = items.map(|item| item.id.clone()).collect();
        for id in ids {
            self.update(&id, &change);
        }
    }

    /// Removes an object, and returns whether it existed.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let item = self.by_id.remove(id).and_then(|number| self.items.remove(&number));
        self.bytes -= item.as_ref().map_or(0, |item| item.bytes);
        item.is_some()
    }

    /// Returns at most `limit` objects after the one with the number `cursor`.
    pub(super) fn page(&self, cursor: Option<u64>, limit: usize, order: ListOrder) -> Page {
        let numbered =
            self.items.iter().map(|(number, item)| (if order.by_change { item.changed } else { *number }, item));
        let is_left = |number: u64| {
            cursor.is_none_or(|cursor| if order.oldest_first { number > cursor } else { number < cursor })
        };
        let mut left: Vec<(u64, &Item)> = numbered.filter(|(number, _)| is_left(*number)).collect();
        left.sort_unstable_by_key(|(number, _)| *number);
        if !order.oldest_first {
            left.reverse();
        }
        let next = left.get(limit).and_then(|_| left.get(limit.checked_sub(1)?)).map(|(number, _)| *number);
        Page { data: left.into_iter().take(limit).map(|(_, item)| item.object.clone()).collect(), next }
    }

    /// Stores an object; evicts the oldest others if the collection is too large.
    fn put(&mut self, number: u64, id: String, object: Map<String, Value>) {
        let bytes = object.iter().map(|(name, value)| name.len() + value.to_string().len()).sum();
        self.bytes += bytes;
        self.by_id.insert(id.clone(), number);
        self.items.insert(number, Item { id, object, bytes, changed: self.changes });
        self.changes += 1;
        while self.bytes > MAX_COLLECTION_BYTES
            && let Some(oldest) = self.items.keys().copied().find(|other| *other != number)
            && let Some(evicted) = self.items.remove(&oldest)
        {
            self.by_id.remove(&evicted.id);
            self.bytes -= evicted.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(name: &str) -> Map<String, Value> {
        Map::from_iter([("name".to_owned(), Value::from(name))])
    }

    fn names(page: &Page) -> Vec<&str> {
        page.data.iter().filter_map(|object| object["name"].as_str()).collect()
    }

    #[test]
    fn lists_come_in_pages() {
        let mut collection = Collection::default();
        for name in ["a", "b", "c"] {
            collection.insert(name.to_owned(), object(name));
        }
        let newest = ListOrder::default();
        let first = collection.page(None, 2, newest);
        assert_eq!((names(&first), first.next), (vec!["c", "b"], Some(1)));
        let second = collection.page(first.next, 2, newest);
        assert_eq!((names(&second), second.next), (vec!["a"], None));
        let oldest = ListOrder { oldest_first: true, ..newest };
        let first = collection.page(None, 1, oldest);
        assert_eq!((names(&first), first.next), (vec!["a"], Some(0)));
        assert_eq!(names(&collection.page(first.next, 9, oldest)), ["b", "c"]);
        assert_eq!(collection.page(Some(u64::MAX), 9, oldest).data.len(), 0);
    }

    #[test]
    fn lists_are_sorted_by_the_last_change() {
        let mut collection = Collection::default();
        for name in ["a", "b", "c"] {
            collection.insert(name.to_owned(), object(name));
        }
        collection.update("a", |_| {});
        let changed = ListOrder { by_change: true, ..ListOrder::default() };
        let first = collection.page(None, 2, changed);
        assert_eq!(names(&first), ["a", "c"]);
        assert_eq!(names(&collection.page(first.next, 2, changed)), ["b"]);
        assert_eq!(names(&collection.page(None, 3, ListOrder { oldest_first: true, ..changed })), ["b", "c", "a"]);
        assert_eq!(names(&collection.page(None, 3, ListOrder::default())), ["c", "b", "a"]);
    }

    #[test]
    fn objects_are_updated_and_removed() {
        let mut collection = Collection::default();
        collection.insert("a".to_owned(), object("a"));
        let changed = collection.update("a", |object| _ = object.insert("name".to_owned(), Value::from("b")));
        assert_eq!(changed.map(|object| object["name"].clone()), Some(Value::from("b")));
        assert_eq!(collection.update("x", |_| {}), None);
        assert!(collection.remove("a") && !collection.remove("a"));
        assert_eq!((collection.bytes, collection.get("a")), (0, None));
    }

    #[test]
    fn the_oldest_objects_are_evicted() {
        let mut collection = Collection::default();
        for number in 0..50 {
            collection.insert(number.to_string(), object(&"x".repeat(100_000)));
        }
        assert!(collection.bytes <= MAX_COLLECTION_BYTES);
        assert!(collection.get("0").is_none() && collection.get("49").is_some());
        // An update that makes an object larger evicts others, too.
        let longer = Value::from("x".repeat(1_000_000));
        assert!(collection.update("20", |object| _ = object.insert("name".to_owned(), longer)).is_some());
        assert!(collection.bytes <= MAX_COLLECTION_BYTES && collection.get("11").is_none());
    }
}
