//! [Event listener lists](https://dom.spec.whatwg.org/#eventtarget-event-listener-list).

use core::fmt;

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
    listeners: Vec<Listener<C>>,
    last_id: u64,
}

impl<C> Default for ListenerList<C> {
    fn default() -> Self {
        Self {
            listeners: Vec::new(),
            last_id: 0,
        }
    }
}

impl<C> ListenerList<C> {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Removes a listener by its key, as the abort of a
    /// [signal](https://dom.spec.whatwg.org/#dom-addeventlisteneroptions-signal) does.
    pub fn remove_by_id(&mut self, id: ListenerId) -> Option<Listener<C>> {
        let at = self.listeners.iter().position(|held| held.id == id)?;
        Some(self.listeners.remove(at))
    }

    /// [Remove all event listeners](https://dom.spec.whatwg.org/#remove-all-event-listeners).
    pub fn clear(&mut self) {
        self.listeners.clear();
    }

    /// The listener with this key, unless it was removed.
    #[must_use]
    pub fn get(&self, id: ListenerId) -> Option<&Listener<C>> {
        self.listeners.iter().find(|held| held.id == id)
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
        let from = self.listeners.partition_point(|held| held.id <= after);
        let behind = self.listeners.get(from..)?.iter();
        behind
            .take_while(|held| held.id <= last)
            .find(|held| held.options.capture == capture && held.event_type == event_type)
    }

    /// All listeners, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Listener<C>> {
        self.listeners.iter()
    }

    /// Whether there is a listener for events of this type.
    #[must_use]
    pub fn listens_for(&self, event_type: &str) -> bool {
        self.iter().any(|held| held.event_type == event_type)
    }
}

impl<C: PartialEq> ListenerList<C> {
    /// [Add an event listener](https://dom.spec.whatwg.org/#add-an-event-listener). Returns `None` if the list
    /// already contains a listener with this type, callback and `capture`.
    pub fn add(
        &mut self,
        event_type: &str,
        callback: C,
        options: ListenerOptions,
    ) -> Option<ListenerId> {
        if self.find(event_type, &callback, options.capture).is_some() {
            return None;
        }
        self.last_id += 1;
        let id = ListenerId(self.last_id);
        self.listeners.push(Listener {
            id,
            event_type: event_type.to_owned(),
            callback,
            options,
        });
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
        let at = self.find(event_type, callback, options.capture)?;
        Some(self.listeners.remove(at))
    }

    fn find(&self, event_type: &str, callback: &C, capture: bool) -> Option<usize> {
        self.listeners.iter().position(|held| {
            held.event_type == event_type
                && held.callback == *callback
                && held.options.capture == capture
        })
    }
}

#[cfg(test)]
mod tests {
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
}
