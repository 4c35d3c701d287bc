//! Queueing tasks, from the agent and from outside.

use std::time::Duration;

use super::EventLoop;
use crate::delayed::DelayedTask;
use crate::tracker::QueuedBy;
use crate::{ClientId, DropReason, Dropped, GlobalId, Inbox, Queued, TaskSource, TimerId};

impl<T, M> EventLoop<T, M> {
    /// [Queues a task](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-task) on a
    /// source, for a client or for none. Returns the task's stamp.
    ///
    /// # Errors
    /// The client is gone. The error contains the task.
    pub fn queue_task(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        task: impl Into<T>,
    ) -> Result<u64, Dropped<T>> {
        // Steps 1 and 2, the implied event loop and document, are the caller's.
        self.take_in_inbox();
        self.push(source, client, task.into())
    }

    /// [Queues a global task](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-global-task):
    /// a task for the current client of the global. Returns the task's stamp.
    ///
    /// # Errors
    /// The global or its client is gone. The error contains the task.
    pub fn queue_global_task(
        &mut self,
        source: TaskSource,
        global: GlobalId,
        task: impl Into<T>,
    ) -> Result<u64, Dropped<T>> {
        // 1. The event loop is this one.
        // 2. The document is the global's current client.
        match self.client_of(global) {
            // 3. Queue a task.
            Some(client) => self.queue_task(source, Some(client), task),
            None => Err(gone(source, None, task.into())),
        }
    }

    /// Steps 3 to 9 of queue a task.
    pub(super) fn push(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        task: T,
    ) -> Result<u64, Dropped<T>> {
        self.push_by(QueuedBy::RunningTask, source, client, task)
    }

    /// [`push`](Self::push), for a task that something else than the running task queues.
    pub(super) fn push_by(
        &mut self,
        by: QueuedBy,
        source: TaskSource,
        client: Option<ClientId>,
        task: T,
    ) -> Result<u64, Dropped<T>> {
        let place = match client {
            None => None,
            Some(id) => match self.clients.get_mut(id) {
                Some(entry) => Some((id, entry)),
                None => return Err(gone(source, client, task)),
            },
        };
        let stamp = self.queues.push(source, place, task);
        if let Some(tracker) = &mut self.tracker {
            tracker.queued(stamp, source, self.clock.peek(), by);
        }
        Ok(stamp)
    }

    /// Adds a refused task to the list of dropped tasks. Returns whether the task was queued.
    pub fn keep_dropped(&mut self, queued: Result<u64, Dropped<T>>) -> bool {
        match queued {
            Ok(_) => true,
            Err(dropped) => {
                self.dropped.push(dropped);
                false
            }
        }
    }

    /// Removes the tasks for which `which` returns true from one task queue, oldest first.
    pub fn remove_tasks(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        which: impl FnMut(&T) -> bool,
    ) -> Vec<Queued<T>> {
        let removed = self
            .queues
            .remove_tasks(source, client, which, &mut self.clients);
        self.forget_tasks(&removed);
        removed
    }

    /// Takes the tasks that were dropped since the last call, each with its reason.
    #[must_use]
    pub fn take_dropped(&mut self) -> Vec<Dropped<T>> {
        std::mem::take(&mut self.dropped)
    }

    /// Whether [`take_dropped`](Self::take_dropped) would return any.
    #[must_use]
    pub fn has_dropped(&self) -> bool {
        !self.dropped.is_empty()
    }

    /// Takes the timers that ended with their globals since the last call. The embedder can free
    /// their callbacks.
    #[must_use]
    pub fn take_dropped_timers(&mut self) -> Vec<TimerId> {
        std::mem::take(&mut self.dropped_timers)
    }

    /// Queues a task from steps that the specification runs
    /// [in parallel](https://html.spec.whatwg.org/multipage/infrastructure.html#in-parallel). It is
    /// queued when the running task ends, after everything that the running task queues.
    pub fn queue_task_in_parallel(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        task: impl Into<T>,
    ) {
        self.from_parallel.push((source, client, task.into()));
    }

    /// Queues a task after a delay
    /// ([run steps after a timeout](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#run-steps-after-a-timeout)).
    /// It is dropped if its client is destroyed earlier.
    pub fn queue_task_after(
        &mut self,
        delay: Duration,
        source: TaskSource,
        client: Option<ClientId>,
        task: impl Into<T>,
    ) {
        let task = task.into();
        if client.is_some_and(|client| !self.clients.contains(client)) {
            self.dropped.push(gone(source, client, task));
            return;
        }
        let due = self.clock.peek().saturating_add(delay);
        let task = DelayedTask {
            source,
            client,
            task,
        };
        let order = self.delayed.add(due, task);
        if let Some(tracker) = &mut self.tracker {
            tracker.delayed(order, source, due);
        }
    }

    /// A handle with which other threads queue tasks.
    #[must_use]
    pub fn inbox(&self) -> Inbox<T> {
        self.inbox.sender()
    }

    /// Sets the waker to call when a task arrives through an [`Inbox`].
    pub fn set_waker(&self, waker: std::task::Waker) {
        self.inbox.set_waker(waker);
    }

    pub(super) fn take_in_from_parallel(&mut self) {
        if self.from_parallel.is_empty() {
            return;
        }
        for (source, client, task) in std::mem::take(&mut self.from_parallel) {
            let queued = self.push_by(QueuedBy::InParallel, source, client, task);
            self.keep_dropped(queued);
        }
    }

    #[inline]
    pub(super) fn take_in_inbox(&mut self) {
        if self.inbox.may_have_some() {
            self.take_all_in_inbox();
        }
    }

    fn take_all_in_inbox(&mut self) {
        for (source, client, task) in self.inbox.take() {
            let queued = self.push(source, client, task);
            self.keep_dropped(queued);
        }
    }
}

fn gone<T>(source: TaskSource, client: Option<ClientId>, task: T) -> Dropped<T> {
    Dropped {
        queued: Queued {
            stamp: 0,
            source,
            client,
            task,
        },
        reason: DropReason::NoClient,
    }
}
