//! The [microtask queue](https://html.spec.whatwg.org/multipage/webappapis.html#microtask-queue).

use std::collections::VecDeque;

/// The microtask queue and the state of the checkpoint.
#[derive(Debug)]
pub(crate) struct MicrotaskQueue<M> {
    pub(crate) queue: VecDeque<M>,
    pub(crate) performing_a_checkpoint: bool,
    /// The number of microtasks that this checkpoint has run.
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
