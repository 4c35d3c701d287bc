//! Generational keys: small `Copy` names for the entries of an [`Arena`].
//!
//! A key that outlives its entry never names the entry that took its place. The serial number of a
//! key is unique within its arena and grows, so it gives the order of creation, and traces print it.

use slab::Slab;

/// A generational key: the index of an entry in a slab, and the serial number of the entry.
pub trait Key: Copy + Eq {
    /// Makes the key of an entry. Only an [`Arena`] needs to call this. Serial numbers begin with 1.
    fn from_parts(index: u32, serial: u64) -> Self;
    /// The index in the slab.
    fn index(self) -> u32;
    /// The serial number: unique within the arena, in order of creation, from 1.
    fn serial(self) -> u64;
}

/// Defines a key type: `new_key_type! { /// docs pub struct PortId: "port"; }`.
///
/// The type is `Copy`, compares and orders by creation, and prints as `port#7`.
#[macro_export]
macro_rules! new_key_type {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident : $label:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        $vis struct $name {
            // Not zero, so that an optional key takes no more memory than a key.
            serial: ::core::num::NonZeroU64,
            index: u32,
        }

        impl ::core::hash::Hash for $name {
            // The serial number alone is unique.
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                state.write_u64(self.serial.get());
            }
        }

        impl $crate::Key for $name {
            fn from_parts(index: u32, serial: u64) -> Self {
                let serial = ::core::num::NonZeroU64::new(serial);
                let serial = serial.unwrap_or(::core::num::NonZeroU64::MIN);
                Self { serial, index }
            }
            fn index(self) -> u32 {
                self.index
            }
            fn serial(self) -> u64 {
                self.serial.get()
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                write!(f, concat!($label, "#{}"), self.serial)
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    )+};
}

new_key_type! {
    /// Names a global object: a
    /// [`Window`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#window), or the global
    /// scope of a worker. Timers and ports belong to globals. It prints as `window#7` for both.
    pub struct GlobalId: "window";

    /// Names the owner of tasks: a [`Document`](https://dom.spec.whatwg.org/#concept-document), or
    /// the event loop of a worker. It prints as `document#7` for both.
    pub struct ClientId: "document";
}

/// Names an [agent](https://tc39.es/ecma262/#sec-agents) of which clients are a part. In browsers each agent has an
/// event loop of its own, so the order between the tasks of two agents is free. The embedder chooses the numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AgentId(pub u64);

/// A slab with generational keys.
///
/// ```
/// use framepost_event_loop::{Arena, new_key_type};
/// new_key_type! { struct CatId: "cat"; }
///
/// let mut cats: Arena<CatId, &str> = Arena::new();
/// let tom = cats.insert("Tom");
/// assert_eq!(cats.remove(tom), Some("Tom"));
/// let kit = cats.insert("Kit");
/// assert_eq!(cats.get(tom), None, "the stale key does not name Kit, who has Tom's place");
/// assert_eq!(cats.get(kit), Some(&"Kit"));
/// ```
#[derive(Clone, Debug)]
pub struct Arena<K, V> {
    slab: Slab<(K, V)>,
    last_serial: u64,
}

impl<K, V> Default for Arena<K, V> {
    fn default() -> Self {
        Self {
            slab: Slab::new(),
            last_serial: 0,
        }
    }
}

impl<K: Key, V> Arena<K, V> {
    /// Creates an empty arena.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry.
    pub fn insert(&mut self, value: V) -> K {
        self.insert_with(|_| value)
    }

    /// Adds an entry that is made from its key.
    pub fn insert_with(&mut self, make: impl FnOnce(K) -> V) -> K {
        let vacant = self.slab.vacant_entry();
        self.last_serial += 1;
        // No slab has 2^32 entries. The serial number would detect a truncated index.
        #[allow(clippy::cast_possible_truncation)]
        let key = K::from_parts(vacant.key() as u32, self.last_serial);
        vacant.insert((key, make(key)));
        key
    }

    /// The entry with this key; `None` if it is gone.
    #[must_use]
    pub fn get(&self, key: K) -> Option<&V> {
        match self.slab.get(key.index() as usize) {
            Some((held, value)) if *held == key => Some(value),
            _ => None,
        }
    }

    /// The entry with this key, to change; `None` if it is gone.
    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        match self.slab.get_mut(key.index() as usize) {
            Some((held, value)) if *held == key => Some(value),
            _ => None,
        }
    }

    /// Removes the entry.
    pub fn remove(&mut self, key: K) -> Option<V> {
        if !self.contains(key) {
            return None;
        }
        self.slab
            .try_remove(key.index() as usize)
            .map(|(_, value)| value)
    }

    /// Whether the entry still exists.
    #[must_use]
    pub fn contains(&self, key: K) -> bool {
        self.get(key).is_some()
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slab.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slab.is_empty()
    }

    /// The entries, in an order that is the same in each run but is not the order of creation.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.slab.iter().map(|(_, (key, value))| (*key, value))
    }

    /// The entries, to change, in the order of [`iter`](Self::iter).
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (K, &mut V)> {
        self.slab.iter_mut().map(|(_, (key, value))| (*key, value))
    }

    /// The keys in order of creation. This collects and sorts them.
    #[must_use]
    pub fn keys_in_order(&self) -> Vec<K> {
        let mut keys: Vec<K> = self.slab.iter().map(|(_, (key, _))| *key).collect();
        keys.sort_unstable_by_key(|key| key.serial());
        keys
    }
}

/// Values for keys of an [`Arena`], by the index of the key.
///
/// OPTIMIZATION: an access takes ten instructions and hashes nothing. The map takes the memory of a
/// slot for each index of the arena, so use it for keys that mostly have a value.
#[derive(Clone, Debug)]
pub struct KeyMap<K, V> {
    slots: Vec<Option<(K, V)>>,
    len: usize,
}

impl<K, V> Default for KeyMap<K, V> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            len: 0,
        }
    }
}

impl<K: Key, V> KeyMap<K, V> {
    /// Sets the value of a key. It replaces the value of an older key with the same index.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let index = key.index() as usize;
        if index >= self.slots.len() {
            self.slots.resize_with(index + 1, || None);
        }
        let before = self.slots.get_mut(index)?.replace((key, value));
        self.len += usize::from(before.is_none());
        before
            .filter(|(held, _)| *held == key)
            .map(|(_, value)| value)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: K) -> Option<&V> {
        match self.slots.get(key.index() as usize) {
            Some(Some((held, value))) if *held == key => Some(value),
            _ => None,
        }
    }

    /// The value of a key, to change.
    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        match self.slots.get_mut(key.index() as usize) {
            Some(Some((held, value))) if *held == key => Some(value),
            _ => None,
        }
    }

    /// Removes the value of a key.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let slot = self.slots.get_mut(key.index() as usize)?;
        let (_, value) = slot.take_if(|(held, _)| *held == key)?;
        self.len -= 1;
        Some(value)
    }

    /// Whether the key has a value.
    #[must_use]
    pub fn contains(&self, key: K) -> bool {
        self.get(key).is_some()
    }

    /// The keys with a value, in no particular order.
    pub fn keys(&self) -> impl Iterator<Item = K> {
        self.slots.iter().flatten().map(|(key, _)| *key)
    }

    /// Counts the values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_by_keys_keeps_a_value_for_each_key() {
        let mut arena: Arena<GlobalId, ()> = Arena::new();
        let [first, second] = [(), ()].map(|()| arena.insert(()));
        let mut map = KeyMap::default();
        assert_eq!(map.insert(second, 'b'), None);
        assert_eq!(map.insert(first, 'a'), None);
        assert_eq!(map.insert(first, 'A'), Some('a'));
        assert_eq!(
            (map.len(), map.keys().collect::<Vec<_>>()),
            (2, vec![first, second])
        );
        arena.remove(first);
        let third = arena.insert(());
        assert_eq!((third.index(), map.get(third)), (first.index(), None));
        assert_eq!((map.remove(third), map.contains(first)), (None, true));
        assert_eq!(map.insert(third, 'c'), None);
        assert_eq!(map.get(first), None);
        assert_eq!(map.get_mut(third), Some(&mut 'c'));
        assert_eq!(
            (map.remove(third), map.remove(second)),
            (Some('c'), Some('b'))
        );
        assert!(map.is_empty());
    }

    #[test]
    fn stale_key_never_names_another_entry() {
        let mut arena: Arena<GlobalId, u8> = Arena::new();
        let first = arena.insert(1);
        assert_eq!(arena.remove(first), Some(1));
        let second = arena.insert(2);
        assert_eq!(first.index(), second.index());
        assert_eq!(arena.get(first), None);
        assert_eq!(arena.get_mut(first), None);
        assert_eq!(arena.remove(first), None);
        assert_eq!(arena.get(second), Some(&2));
    }

    #[test]
    fn keys_order_by_creation_and_print_their_label() {
        let mut arena: Arena<GlobalId, ()> = Arena::new();
        let keys: Vec<GlobalId> = (0..4).map(|_| arena.insert(())).collect();
        arena.remove(keys[1]);
        let late = arena.insert(());
        assert_eq!(arena.keys_in_order(), [keys[0], keys[2], keys[3], late]);
        assert_eq!(late.to_string(), "window#5");
    }
}
