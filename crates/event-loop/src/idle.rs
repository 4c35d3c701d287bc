//! Idle periods and idle callbacks
//! ([requestIdleCallback](https://w3c.github.io/requestidlecallback/)).

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::GlobalId;

/// The longest idle period
/// ([start an idle period, step 4](https://w3c.github.io/requestidlecallback/#start-an-idle-period-algorithm)).
pub(crate) const LONGEST_IDLE_PERIOD: Duration = Duration::from_millis(50);

/// The idle callbacks of one global. The embedder keeps the callbacks; this struct keeps their handles.
#[derive(Debug, Default)]
struct CallbackLists {
    /// The [idle callback identifier](https://w3c.github.io/requestidlecallback/#dfn-idle-callback-identifier).
    last_handle: u32,
    /// The [list of idle request callbacks](https://w3c.github.io/requestidlecallback/#dfn-list-of-idle-request-callbacks).
    requested: VecDeque<u32>,
    /// The [list of runnable idle callbacks](https://w3c.github.io/requestidlecallback/#dfn-list-of-runnable-idle-callbacks).
    runnable: VecDeque<u32>,
}

/// The state of idle periods of one event loop.
#[derive(Debug)]
pub(crate) struct Idle<T> {
    callbacks: BTreeMap<GlobalId, CallbackLists>,
    /// The task that begins the next idle period, if one was requested.
    pub(crate) requested: Option<T>,
    /// The [last idle period deadline](https://w3c.github.io/requestidlecallback/#dfn-last-idle-period-deadline).
    pub(crate) deadline: Duration,
}

impl<T> Default for Idle<T> {
    fn default() -> Self {
        Self {
            callbacks: BTreeMap::new(),
            requested: None,
            deadline: Duration::ZERO,
        }
    }
}

impl<T> Idle<T> {
    pub(crate) fn add(&mut self, global: GlobalId) -> u32 {
        let lists = self.callbacks.entry(global).or_default();
        lists.last_handle = lists.last_handle.wrapping_add(1);
        lists.requested.push_back(lists.last_handle);
        lists.last_handle
    }

    pub(crate) fn remove(&mut self, global: GlobalId, handle: u32) -> bool {
        let Some(lists) = self.callbacks.get_mut(&global) else {
            return false;
        };
        [&mut lists.requested, &mut lists.runnable]
            .into_iter()
            .any(|list| {
                let place = list.iter().position(|of| *of == handle);
                place.and_then(|place| list.remove(place)).is_some()
            })
    }

    pub(crate) fn remove_global(&mut self, global: GlobalId) {
        self.callbacks.remove(&global);
    }

    /// Moves the requested callbacks of all globals to the end of the runnable ones. Returns the globals
    /// that have runnable callbacks.
    pub(crate) fn make_runnable(&mut self) -> Vec<GlobalId> {
        let mut globals = Vec::new();
        for (&global, lists) in &mut self.callbacks {
            lists.runnable.append(&mut lists.requested);
            if !lists.runnable.is_empty() {
                globals.push(global);
            }
        }
        globals
    }

    pub(crate) fn take_runnable(&mut self, global: GlobalId) -> Option<u32> {
        self.callbacks.get_mut(&global)?.runnable.pop_front()
    }

    pub(crate) fn has_runnable(&self, global: GlobalId) -> bool {
        let lists = self.callbacks.get(&global);
        lists.is_some_and(|lists| !lists.runnable.is_empty())
    }
}
