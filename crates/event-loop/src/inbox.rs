//! Tasks from other threads.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use crate::{ClientId, TaskSource};

#[derive(Debug)]
pub(crate) struct Shared<T> {
    tasks: Vec<(TaskSource, Option<ClientId>, T)>,
    waker: Option<Waker>,
    closed: bool,
}

/// Queues tasks on an event loop from any thread, and wakes the loop.
/// [`EventLoop::inbox`](crate::EventLoop::inbox) creates it.
#[derive(Debug)]
pub struct Inbox<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

impl<T> Clone for Inbox<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

/// The event loop of an [`Inbox`] is gone. The task comes back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event loop of this inbox is gone")]
pub struct InboxClosed<T>(pub T);

impl<T> Inbox<T> {
    /// Gives a task to the loop and wakes the loop. The task gets its stamp when the loop next runs.
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
        // Pushing is the only change, so a panic of another sender cannot leave a broken list.
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.closed {
            return Err(InboxClosed(task));
        }
        shared.tasks.push((source, client, task));
        let waker = shared.waker.clone();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }
}

/// The loop's end of its inbox.
#[derive(Debug)]
pub(crate) struct InboxReceiver<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

impl<T> InboxReceiver<T> {
    pub(crate) fn new() -> Self {
        Self {
            shared: Arc::new(Mutex::new(Shared {
                tasks: Vec::new(),
                waker: None,
                closed: false,
            })),
        }
    }

    pub(crate) fn sender(&self) -> Inbox<T> {
        Inbox {
            shared: Arc::clone(&self.shared),
        }
    }

    pub(crate) fn set_waker(&self, waker: Waker) {
        self.shared
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .waker = Some(waker);
    }

    pub(crate) fn take(&self) -> Vec<(TaskSource, Option<ClientId>, T)> {
        std::mem::take(
            &mut self
                .shared
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .tasks,
        )
    }
}

impl<T> Drop for InboxReceiver<T> {
    fn drop(&mut self) {
        self.shared
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .closed = true;
    }
}
