//! Tasks from other threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crate::{ClientId, TaskSource};

#[derive(Debug)]
struct Shared<T> {
    /// Whether there may be tasks. OPTIMIZATION: most turns of the loop need no lock.
    used: AtomicBool,
    contents: Mutex<Contents<T>>,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, Contents<T>> {
        // Each change is one step, so a panic of another thread cannot leave a broken state.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Contents<T> {
    tasks: Vec<(TaskSource, Option<ClientId>, T)>,
    waker: Option<Waker>,
    closed: bool,
}

/// Queues tasks on an event loop from any thread, and wakes the loop.
/// [`EventLoop::inbox`](crate::EventLoop::inbox) creates it.
#[derive(Debug)]
pub struct Inbox<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Clone for Inbox<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

/// The event loop of an [`Inbox`] is gone. The error contains the task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event loop of this inbox is gone")]
pub struct InboxClosed<T>(pub T);

impl<T> Inbox<T> {
    /// Queues a task on the loop and wakes the loop. The task gets its stamp when the loop next runs.
    ///
    /// # Errors
    /// [`InboxClosed`] with the task, if the loop was dropped.
    pub fn queue_task(
        &self,
        source: TaskSource,
        client: Option<ClientId>,
        task: impl Into<T>,
    ) -> Result<(), InboxClosed<T>> {
        let task = task.into();
        let mut contents = self.shared.lock();
        if contents.closed {
            return Err(InboxClosed(task));
        }
        contents.tasks.push((source, client, task));
        self.shared.used.store(true, Ordering::Release);
        let waker = contents.waker.clone();
        drop(contents);
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }
}

/// The loop's end of its inbox.
#[derive(Debug)]
pub(crate) struct InboxReceiver<T> {
    shared: Arc<Shared<T>>,
}

impl<T> InboxReceiver<T> {
    pub(crate) fn new() -> Self {
        Self {
            shared: Arc::new(Shared {
                used: AtomicBool::new(false),
                contents: Mutex::new(Contents {
                    tasks: Vec::new(),
                    waker: None,
                    closed: false,
                }),
            }),
        }
    }

    pub(crate) fn sender(&self) -> Inbox<T> {
        Inbox {
            shared: Arc::clone(&self.shared),
        }
    }

    pub(crate) fn set_waker(&self, waker: Waker) {
        self.shared.lock().waker = Some(waker);
    }

    /// Whether there may be tasks.
    #[inline]
    pub(crate) fn may_have_some(&self) -> bool {
        self.shared.used.load(Ordering::Acquire)
    }

    pub(crate) fn take(&self) -> Vec<(TaskSource, Option<ClientId>, T)> {
        let mut contents = self.shared.lock();
        self.shared.used.store(false, Ordering::Release);
        std::mem::take(&mut contents.tasks)
    }
}

impl<T> Drop for InboxReceiver<T> {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
    }
}
