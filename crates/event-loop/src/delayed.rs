//! Tasks that are queued after a delay
//! ([run steps after a timeout](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#run-steps-after-a-timeout)).
//! Libraries use them where script has no timer to see or clear.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{ClientId, TaskSource};

/// A task that is not due yet.
#[derive(Debug)]
pub(crate) struct DelayedTask<T> {
    pub(crate) source: TaskSource,
    pub(crate) client: Option<ClientId>,
    pub(crate) task: T,
}

/// All delayed tasks, in the order of their times; of two with the same time, the older first.
#[derive(Debug)]
pub(crate) struct Delayed<T> {
    waiting: BTreeMap<(Duration, u64), DelayedTask<T>>,
    last_order: u64,
}

impl<T> Default for Delayed<T> {
    fn default() -> Self {
        Self {
            waiting: BTreeMap::new(),
            last_order: 0,
        }
    }
}

impl<T> Delayed<T> {
    /// Adds a task. Returns its number.
    pub(crate) fn add(&mut self, due: Duration, task: DelayedTask<T>) -> u64 {
        self.last_order += 1;
        self.waiting.insert((due, self.last_order), task);
        self.last_order
    }

    /// The time of the next task.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.waiting.first_key_value().map(|((due, _), _)| *due)
    }

    /// Takes the next task that is due by `now`, with its number.
    pub(crate) fn take_due(&mut self, now: Duration) -> Option<(u64, DelayedTask<T>)> {
        self.next_due().filter(|due| *due <= now)?;
        let first = self.waiting.pop_first();
        first.map(|((_, order), task)| (order, task))
    }

    /// Takes out the tasks of a client that ends, next first.
    pub(crate) fn remove_client(&mut self, client: ClientId) -> Vec<DelayedTask<T>> {
        self.waiting
            .extract_if(.., |_, task| task.client == Some(client))
            .map(|(_, task)| task)
            .collect()
    }

    /// All tasks with their times, next first.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (Duration, &DelayedTask<T>)> {
        self.waiting.iter().map(|((due, _), task)| (*due, task))
    }
}
