//! One storage area: the map of a `Storage` object.

use std::collections::BTreeMap;

use framepost_event_loop::FxHashMap;

use super::text::StorageText;

/// Strings by their keys, in the order in which the keys were added.
#[derive(Clone, Debug, Default)]
pub(crate) struct Area {
    items: BTreeMap<u64, (StorageText, StorageText)>,
    /// The place of each key. Looked up, never iterated.
    places: FxHashMap<StorageText, u64>,
    last_place: u64,
    bytes: usize,
}

impl Area {
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The number of bytes of all keys and values.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn get(&self, key: &StorageText) -> Option<&StorageText> {
        let (_, value) = self.items.get(self.places.get(key)?)?;
        Some(value)
    }

    /// The number of bytes after this key got this value.
    pub(crate) fn bytes_with(&self, key: &StorageText, value: &StorageText) -> usize {
        match self.get(key) {
            Some(old) => self.bytes - old.bytes() + value.bytes(),
            None => self.bytes + key.bytes() + value.bytes(),
        }
    }

    pub(crate) fn set(&mut self, key: StorageText, value: StorageText) {
        self.bytes = self.bytes_with(&key, &value);
        let place = *self.places.entry(key.clone()).or_insert_with(|| {
            self.last_place += 1;
            self.last_place
        });
        self.items.insert(place, (key, value));
    }

    /// Removes a key, and returns its value.
    pub(crate) fn remove(&mut self, key: &StorageText) -> Option<StorageText> {
        let place = self.places.remove(key)?;
        let (key, value) = self.items.remove(&place)?;
        self.bytes -= key.bytes() + value.bytes();
        Some(value)
    }

    /// The keys and values, in their order.
    pub(crate) fn items(&self) -> impl Iterator<Item = &(StorageText, StorageText)> {
        self.items.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_bytes_are_counted() {
        let mut area = Area::default();
        for (key, value) in [("b", "1"), ("a", "22"), ("c", ""), ("b", "4444")] {
            let (key, value) = (StorageText::from(key), StorageText::from(value));
            let expected = area.bytes_with(&key, &value);
            area.set(key, value);
            assert_eq!(area.bytes(), expected);
        }
        let keys: Vec<String> = area.items().map(|(key, _)| key.to_string()).collect();
        assert_eq!((keys.concat().as_str(), area.bytes()), ("bac", 18));
        assert_eq!(area.remove(&"b".into()), Some("4444".into()));
        area.set("b".into(), "5".into());
        let keys: Vec<String> = area.items().map(|(key, _)| key.to_string()).collect();
        assert_eq!((keys.concat().as_str(), area.len()), ("acb", 3));
        for key in ["a", "b", "c", "d"] {
            area.remove(&key.into());
        }
        assert!(area.is_empty() && area.bytes() == 0);
    }
}
