//! Where values that were dropped report their end.
//!
//! A port in transit or an undelivered message may be dropped anywhere: in a task that the loop
//! gave up, in a queue that goes with its port, in the embedder's own variables, on another
//! thread. `Drop` cannot return anything and must not touch the port table (which may be what is
//! dropping it), so it leaves a note here, and the table reads the notes when it is next used.
//! This also makes dropping iterative: a message with ports whose queues hold messages with ports
//! and so on is taken apart note by note.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::MessageInfo;
use crate::ports::HalfId;

/// What was dropped.
#[derive(Debug)]
pub(crate) enum Thrown {
    /// A half in transit.
    Half(HalfId),
    /// A message that nobody gave a reason for.
    Message(MessageInfo),
}

/// The notes of one [`Messaging`](crate::Messaging).
#[derive(Debug, Default)]
pub(crate) struct Bin {
    /// Whether there may be a note. OPTIMIZATION: spares the lock on every use of the ports.
    used: AtomicBool,
    thrown: Mutex<Vec<Thrown>>,
}

impl Bin {
    pub(crate) fn throw(&self, what: Thrown) {
        self.thrown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(what);
        self.used.store(true, Ordering::Release);
    }

    /// Takes all notes, oldest first.
    pub(crate) fn empty(&self) -> Vec<Thrown> {
        if !self.used.load(Ordering::Acquire) {
            return Vec::new();
        }
        self.used.store(false, Ordering::Release);
        std::mem::take(&mut *self.thrown.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
