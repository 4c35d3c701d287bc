//! [Event listener lists](https://dom.spec.whatwg.org/#eventtarget-event-listener-list).

use core::fmt;

/// Names a listener within its list. A listener that is removed and added again is another one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListenerId(u64);

impl fmt::Debug for ListenerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "listener#{}", self.0)
    }
}

/// How a listener listens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListenerOptions {
    /// On the way down rather than up.
    pub capture: bool,
    /// At most once.
    pub once: bool,
    /// Without a say in what the event does; `None` is the event's
    /// [default](https://dom.spec.whatwg.org/#default-passive-value).
    pub passive: Option<bool>,
}

/// An [event listener](https://dom.spec.whatwg.org/#concept-event-listener). Its *removed* flag is
/// its absence from the list.
#[derive(Clone, Debug)]
pub struct Listener<C> {
    /// Its name.
    pub id: ListenerId,
    /// The type of event.
    pub event_type: String,
    /// Whom to call.
    pub callback: C,
    /// How it listens.
    pub options: ListenerOptions,
}

/// The listeners of one target, in the order they were added.
#[derive(Clone, Debug)]
pub struct ListenerList<C> {
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
    /// No listener.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a listener out by name, as the abort of a
    /// [signal](https://dom.spec.whatwg.org/#dom-addeventlisteneroptions-signal) does.
    pub fn remove_by_id(&mut self, id: ListenerId) -> Option<Listener<C>> {
        let at = self.listeners.iter().position(|held| held.id == id)?;
        Some(self.listeners.remove(at))
    }

    /// [Remove all event listeners](https://dom.spec.whatwg.org/#remove-all-event-listeners).
    pub fn clear(&mut self) {
        self.listeners.clear();
    }

    /// The listener of that name, unless it was removed.
    #[must_use]
    pub fn get(&self, id: ListenerId) -> Option<&Listener<C>> {
        self.listeners.iter().find(|held| held.id == id)
    }

    /// All listeners in order, for tracing and counting.
    pub fn iter(&self) -> impl Iterator<Item = &Listener<C>> {
        self.listeners.iter()
    }

    /// Whether somebody listens for events of that type.
    #[must_use]
    pub fn listens_for(&self, event_type: &str) -> bool {
        self.iter().any(|held| held.event_type == event_type)
    }
}

impl<C: PartialEq> ListenerList<C> {
    /// [Add an event listener](https://dom.spec.whatwg.org/#add-an-event-listener). `None`: one of
    /// the same type, callback and capture is there already, and stays as it is.
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

    /// [Remove an event listener](https://dom.spec.whatwg.org/#remove-an-event-listener).
    pub fn remove(&mut self, event_type: &str, callback: &C, capture: bool) -> Option<Listener<C>> {
        let at = self.find(event_type, callback, capture)?;
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
    fn the_same_listener_is_added_once_and_the_first_one_stays() {
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
        assert!(list.remove("x", &1, false).is_some());
        assert!(list.remove("x", &1, false).is_none());
        assert!(list.get(first).is_none());
        let again = list.add("x", 1, once).unwrap();
        assert_ne!(first, again);
        assert!(list.listens_for("x") && !list.listens_for("z"));
        assert!(list.remove_by_id(again).is_some());
        list.clear();
        assert_eq!(list.iter().count(), 0);
    }
}
