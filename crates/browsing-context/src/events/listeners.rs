//! [Event listener lists](https://dom.spec.whatwg.org/#eventtarget-event-listener-list).

use core::fmt;
use core::hash::{BuildHasher, Hash};

use framepost_event_loop::{FxBuildHasher, FxHashMap};

/// Names a listener within its list. A listener that is removed and added again has a new key.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListenerId(u64);

impl fmt::Debug for ListenerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "listener#{}", self.0)
    }
}

/// The options of a listener
/// ([AddEventListenerOptions](https://dom.spec.whatwg.org/#dictdef-addeventlisteneroptions)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListenerOptions {
    /// Whether it is called in the capturing phase instead of the bubbling phase.
    pub capture: bool,
    /// Whether it is removed when it is called.
    pub once: bool,
    /// Whether it may not cancel the event. `None` is the
    /// [default passive value](https://dom.spec.whatwg.org/#default-passive-value).
    pub passive: Option<bool>,
}

impl ListenerOptions {
    /// Sets `capture`.
    #[must_use]
    pub fn with_capture(mut self, capture: bool) -> Self {
        self.capture = capture;
        self
    }

    /// Sets `once`.
    #[must_use]
    pub fn with_once(mut self, once: bool) -> Self {
        self.once = once;
        self
    }

    /// Sets `passive`.
    #[must_use]
    pub fn with_passive(mut self, passive: bool) -> Self {
        self.passive = Some(passive);
        self
    }
}

/// An [event listener](https://dom.spec.whatwg.org/#concept-event-listener). Its *removed* flag is
/// its absence from the list.
#[derive(Clone, Debug)]
pub struct Listener<C> {
    /// Its key.
    pub id: ListenerId,
    /// The type of its events.
    pub event_type: String,
    /// Its callback.
    pub callback: C,
    /// Its options.
    pub options: ListenerOptions,
}

/// The listeners of one target, in the order of their addition.
#[derive(Clone, Debug)]
pub struct ListenerList<C> {
    // The keys grow.
    entries: Vec<Entry<C>>,
    /// How many entries have no listener any more.
    gaps: usize,
    last_id: u64,
    /// Finds a listener among many; `None` while there are few.
    index: Option<Box<Index>>,
}

/// The place of a listener.
#[derive(Clone, Debug)]
struct Entry<C> {
    id: ListenerId,
    /// A hash of the listener's type, callback and `capture`.
    fingerprint: u64,
    /// `None` after its removal.
    listener: Option<Listener<C>>,
}

/// With so many listeners a list has an index.
const MANY: usize = 16;

/// The listeners by their fingerprints.
///
/// OPTIMIZATION: to add or remove a listener costs the same however many others there are. Without the
/// index, to add and remove 20,000 listeners took two seconds.
type Index = FxHashMap<u64, Indexed>;

/// The listeners with one fingerprint.
#[derive(Clone, Copy, Debug)]
enum Indexed {
    One(ListenerId),
    /// There are, or were, several.
    Several,
}

fn add_to_index(index: &mut Index, fingerprint: u64, id: ListenerId) {
    let held = index.entry(fingerprint);
    held.and_modify(|held| *held = Indexed::Several)
        .or_insert(Indexed::One(id));
}

impl<C> Default for ListenerList<C> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            gaps: 0,
            last_id: 0,
            index: None,
        }
    }
}

impl<C> ListenerList<C> {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts the listeners.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() - self.gaps
    }

    /// Whether there is no listener.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes a listener by its key, as the abort of a
    /// [signal](https://dom.spec.whatwg.org/#dom-addeventlisteneroptions-signal) does.
    pub fn remove_by_id(&mut self, id: ListenerId) -> Option<Listener<C>> {
        let at = self.place_of(id)?;
        self.remove_at(at)
    }

    /// [Remove all event listeners](https://dom.spec.whatwg.org/#remove-all-event-listeners).
    pub fn clear(&mut self) {
        self.entries.clear();
        self.gaps = 0;
        self.index = None;
    }

    /// The listener with this key, unless it was removed.
    #[must_use]
    pub fn get(&self, id: ListenerId) -> Option<&Listener<C>> {
        self.entries.get(self.place_of(id)?)?.listener.as_ref()
    }

    fn place_of(&self, id: ListenerId) -> Option<usize> {
        self.entries.binary_search_by_key(&id, |held| held.id).ok()
    }

    fn remove_at(&mut self, at: usize) -> Option<Listener<C>> {
        let Entry {
            id,
            fingerprint,
            listener,
        } = self.entries.get_mut(at)?;
        let (id, fingerprint, removed) = (*id, *fingerprint, listener.take()?);
        if let Some(index) = &mut self.index
            && matches!(index.get(&fingerprint), Some(Indexed::One(held)) if *held == id)
        {
            index.remove(&fingerprint);
        }
        self.gaps += 1;
        // Each removal leaves one gap, so that it costs the same however long the list is.
        if 2 * self.gaps > self.entries.len() {
            self.entries.retain(|held| held.listener.is_some());
            self.gaps = 0;
        }
        Some(removed)
    }

    /// The key of the listener that was added last; smaller than any key if there was none.
    pub(super) fn last_id(&self) -> ListenerId {
        ListenerId(self.last_id)
    }

    /// The first listener after `after`, up to and including `last`, for events of this type.
    pub(super) fn next_for(
        &self,
        event_type: &str,
        capture: bool,
        after: ListenerId,
        last: ListenerId,
    ) -> Option<&Listener<C>> {
        let from = self.entries.partition_point(|held| held.id <= after);
        let behind = self.entries.get(from..)?.iter();
        behind
            .take_while(|held| held.id <= last)
            .filter_map(|held| held.listener.as_ref())
            .find(|held| held.options.capture == capture && held.event_type == event_type)
    }

    /// All listeners, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Listener<C>> {
        self.entries
            .iter()
            .filter_map(|held| held.listener.as_ref())
    }

    /// Whether there is a listener for events of this type.
    #[must_use]
    pub fn listens_for(&self, event_type: &str) -> bool {
        self.iter().any(|held| held.event_type == event_type)
    }
}

impl<C: Eq + Hash> ListenerList<C> {
    /// [Add an event listener](https://dom.spec.whatwg.org/#add-an-event-listener). Returns `None` if the list
    /// already contains a listener with this type, callback and `capture`.
    pub fn add(
        &mut self,
        event_type: &str,
        callback: C,
        options: ListenerOptions,
    ) -> Option<ListenerId> {
        // 1. There are no service workers. 2. to 4. and 6. The embedder knows the signal, the callback and the default
        // value of `passive`.
        // 5. Append the listener, unless the list contains the same.
        let fingerprint = fingerprint(event_type, &callback, options.capture);
        let held = self.find(fingerprint, event_type, &callback, options.capture);
        if held.is_some() {
            return None;
        }
        self.last_id += 1;
        let id = ListenerId(self.last_id);
        self.entries.push(Entry {
            id,
            fingerprint,
            listener: Some(Listener {
                id,
                event_type: event_type.to_owned(),
                callback,
                options,
            }),
        });
        match &mut self.index {
            Some(index) => add_to_index(index, fingerprint, id),
            None if self.entries.len() >= MANY => {
                let mut index = Box::<Index>::default();
                for held in self.entries.iter().filter(|held| held.listener.is_some()) {
                    add_to_index(&mut index, held.fingerprint, held.id);
                }
                self.index = Some(index);
            }
            None => {}
        }
        Some(id)
    }

    /// [Remove an event listener](https://dom.spec.whatwg.org/#remove-an-event-listener): the one with
    /// this type, callback and `capture`. The other options are ignored.
    pub fn remove(
        &mut self,
        event_type: &str,
        callback: &C,
        options: ListenerOptions,
    ) -> Option<Listener<C>> {
        let fingerprint = fingerprint(event_type, callback, options.capture);
        let at = self.find(fingerprint, event_type, callback, options.capture)?;
        self.remove_at(at)
    }

    fn find(
        &self,
        fingerprint: u64,
        event_type: &str,
        callback: &C,
        capture: bool,
    ) -> Option<usize> {
        let is_it = |held: &Entry<C>| {
            held.fingerprint == fingerprint
                && held.listener.as_ref().is_some_and(|held| {
                    held.event_type == event_type
                        && held.callback == *callback
                        && held.options.capture == capture
                })
        };
        if let Some(index) = &self.index {
            match index.get(&fingerprint)? {
                Indexed::One(id) => {
                    let at = self.place_of(*id)?;
                    return is_it(self.entries.get(at)?).then_some(at);
                }
                Indexed::Several => {}
            }
        }
        self.entries.iter().position(is_it)
    }
}

fn fingerprint<C: Hash>(event_type: &str, callback: &C, capture: bool) -> u64 {
    FxBuildHasher.hash_one((event_type, callback, capture))
}

#[cfg(test)]
mod tests {
    use core::hash::Hasher;

    use super::*;

    #[test]
    fn same_listener_is_added_once_and_the_first_one_stays() {
        let mut list = ListenerList::new();
        let once = ListenerOptions {
            once: true,
            ..ListenerOptions::default()
        };
        let first = list.add("x", 1, once).unwrap();
        assert_eq!(list.add("x", 1, ListenerOptions::default()), None);
        assert!(list.get(first).unwrap().options.once);
        let capture = ListenerOptions {
            capture: true,
            ..ListenerOptions::default()
        };
        assert!(list.add("x", 1, capture).is_some());
        assert!(list.add("y", 1, once).is_some());
        assert!(list.remove("x", &1, ListenerOptions::default()).is_some());
        assert!(list.remove("x", &1, ListenerOptions::default()).is_none());
        assert!(list.get(first).is_none());
        let again = list.add("x", 1, once).unwrap();
        assert_ne!(first, again);
        assert!(list.listens_for("x") && !list.listens_for("z"));
        assert!(list.remove_by_id(again).is_some());
        list.clear();
        assert_eq!(list.iter().count(), 0);
    }

    #[test]
    fn many_listeners_are_found_as_few_are() {
        // Callbacks with few hashes, so that several have one fingerprint.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        struct Callback(u32);
        impl Hash for Callback {
            fn hash<H: Hasher>(&self, state: &mut H) {
                (self.0 % 3).hash(state);
            }
        }
        let options = ListenerOptions::default();
        let mut list = ListenerList::new();
        let mut plain: Vec<(u32, ListenerId)> = Vec::new();
        // The numbers go round and meet listeners that are there, were removed, or are new.
        for step in 0..2_000_u32 {
            let number = step * 37 % 50;
            let held = plain.iter().position(|(held, _)| *held == number);
            if step % 3 == 0 {
                let removed = list.remove("x", &Callback(number), options);
                assert_eq!(removed.map(|it| it.id), held.map(|at| plain.remove(at).1));
            } else {
                let added = list.add("x", Callback(number), options);
                assert_eq!(added.is_none(), held.is_some());
                plain.extend(added.map(|id| (number, id)));
            }
            if step % 7 == 0
                && let Some((_, id)) = plain.first().copied()
            {
                assert_eq!(list.remove_by_id(id).map(|it| it.id), Some(id));
                plain.remove(0);
            }
            let held: Vec<_> = list.iter().map(|it| (it.callback.0, it.id)).collect();
            assert_eq!((held, list.len()), (plain.clone(), plain.len()));
        }
    }
}
