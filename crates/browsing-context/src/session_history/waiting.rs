//! Waiting traversals.

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use crate::Contexts;
use crate::ids::NavigableId;
use crate::steps::{ContextTask, Traversal};

impl Contexts {
    /// [Traverse the history by a delta](https://html.spec.whatwg.org/multipage/browsing-the-web.html#traverse-the-history-by-a-delta).
    pub fn traverse_the_history_by_a_delta(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        delta: i32,
        source: Option<ClientId>,
    ) {
        if let Some(traversable) = self.top(navigable) {
            let traversal = Traversal {
                traversable,
                delta,
                source,
                asked: None,
            };
            // Append session history traversal steps. The task belongs to no document, because the requesting
            // document may be destroyed before.
            queues.queue_in_parallel(
                TaskSource::NavigationAndTraversal,
                None,
                ContextTask::Traverse(Box::new(traversal)),
            );
        }
    }

    /// Whether a traversal waits for its documents to load.
    pub(super) fn is_traversing(&self, top: NavigableId) -> bool {
        let navigables = self.inclusive_descendant_navigables(top);
        navigables
            .into_iter()
            .any(|navigable| self.navigation.is_traversing(navigable))
    }

    /// Ends a traversal that has loaded its document or failed: the next one may begin.
    pub(crate) fn resume_traversals(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
    ) {
        let Some(top) = self.top(navigable) else {
            return;
        };
        let held = self.history.traversables.get(&top);
        let waits = held.is_some_and(|held| !held.waiting.is_empty());
        if !waits || self.is_traversing(top) {
            return;
        }
        // IMPLEMENTATION-DEFINED: as in browsers, a traversal is dropped if the previous one unloaded the document
        // whose script requested it. In the standard it continues from the result of the previous one.
        while let Some(held) = self.history.traversables.get_mut(&top)
            && let Some(traversal) = held.waiting.pop_front()
        {
            let source = traversal.source;
            if source.is_none_or(|source| self.is_fully_active(source)) {
                let task = ContextTask::Traverse(Box::new(traversal));
                queues.queue(TaskSource::NavigationAndTraversal, None, task);
                return;
            }
        }
    }
}
