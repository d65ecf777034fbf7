//! Objects that clients create, list, update and delete: avatars, documents, voices, routers, sessions.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::limits::MAX_COLLECTION_BYTES;

/// Objects in the order in which they were created.
#[derive(Debug, Default)]
pub(super) struct Collection {
    items: BTreeMap<u64, Item>,
    by_id: HashMap<String, u64>,
    created: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Item {
    id: String,
    object: Map<String, Value>,
    bytes: usize,
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
        let number = self.created;
        self.created += 1;
        self.put(number, id, object);
        while self.bytes > MAX_COLLECTION_BYTES
            && let Some((_, oldest)) = self.items.pop_first()
        {
            self.by_id.remove(&oldest.id);
            self.bytes -= oldest.bytes;
        }
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

    /// Removes an object, and returns whether it existed.
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let item = self.by_id.remove(id).and_then(|number| self.items.remove(&number));
        self.bytes -= item.as_ref().map_or(0, |item| item.bytes);
        item.is_some()
    }

    /// Returns at most `limit` objects after the one with the number `cursor`, the newest or the oldest first.
    pub(super) fn page(&self, cursor: Option<u64>, limit: usize, oldest_first: bool) -> Page {
        let items: Box<dyn Iterator<Item = (&u64, &Item)>> = if oldest_first {
            Box::new(self.items.range(cursor.map_or(0, |cursor| cursor.saturating_add(1))..))
        } else {
            Box::new(self.items.range(..cursor.unwrap_or(u64::MAX)).rev())
        };
        let mut items = items.peekable();
        let (mut data, mut last) = (Vec::new(), None);
        while data.len() < limit
            && let Some((number, item)) = items.next()
        {
            data.push(item.object.clone());
            last = Some(*number);
        }
        Page { data, next: last.filter(|_| items.peek().is_some()) }
    }

    fn put(&mut self, number: u64, id: String, object: Map<String, Value>) {
        let bytes = object.iter().map(|(name, value)| name.len() + value.to_string().len()).sum();
        self.bytes += bytes;
        self.by_id.insert(id.clone(), number);
        self.items.insert(number, Item { id, object, bytes });
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
        let first = collection.page(None, 2, false);
        assert_eq!((names(&first), first.next), (vec!["c", "b"], Some(1)));
        let second = collection.page(first.next, 2, false);
        assert_eq!((names(&second), second.next), (vec!["a"], None));
        let oldest = collection.page(None, 1, true);
        assert_eq!((names(&oldest), oldest.next), (vec!["a"], Some(0)));
        assert_eq!(names(&collection.page(oldest.next, 9, true)), ["b", "c"]);
        assert_eq!(collection.page(Some(u64::MAX), 9, true).data.len(), 0);
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
    }
}
