//! The microtask queue and its checkpoint's guard
//! ([HTML, microtask queue](https://html.spec.whatwg.org/multipage/webappapis.html#microtask-queue)).

use std::collections::VecDeque;

/// Microtasks, and whether a checkpoint is under way.
#[derive(Debug)]
pub(crate) struct MicrotaskQueue<M> {
    pub(crate) queue: VecDeque<M>,
    pub(crate) performing_a_checkpoint: bool,
    /// Microtasks run by the checkpoint that is under way.
    pub(crate) run_in_this_checkpoint: u64,
}

impl<M> Default for MicrotaskQueue<M> {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            performing_a_checkpoint: false,
            run_in_this_checkpoint: 0,
        }
    }
}
