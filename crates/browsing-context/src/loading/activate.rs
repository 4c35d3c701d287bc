//! [Make active](https://html.spec.whatwg.org/multipage/document-sequences.html#make-active).

use framepost_event_loop::TaskQueues;

use crate::Contexts;
use crate::lifecycle::destroy_a_window;
use crate::steps::{
    Activation, ContextTask, Effect, HistoryChange, NavigationType, Next, ParsingAction,
};

impl Contexts {
    /// [Makes](https://html.spec.whatwg.org/multipage/document-sequences.html#make-active) a new
    /// document active, with its history entry
    /// ([finalize a cross-document navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#finalize-a-cross-document-navigation);
    /// the numbers are those of this algorithm, unless another one is named).
    /// Destroys the old document and its frames, and then parses the new one.
    // IMPLEMENTATION-DEFINED: there is no session history traversal queue. The document becomes active in the
    // task of its response, at once with its entry.
    pub(super) fn make_active(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        activation: Activation,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let Activation {
            navigable,
            document,
            window,
            old_document,
            old_window,
            history,
            entry,
            resource,
            navigation_state,
        } = activation;
        if self.navigable(navigable).is_none() {
            // A listener of an unload event has removed the frame: the document is destroyed at once.
            let mut actions = Vec::new();
            self.destroy_a_document(queues, document, &mut actions);
            if old_window != Some(window) {
                destroy_a_window(queues, window, &mut actions);
            }
            next.push_all(actions);
            return None;
        }
        let children = self.children(navigable).to_vec();
        // 1. There is no traversal queue.
        // 2. The navigation is no longer ongoing, and delays no load events.
        self.navigation.finish(navigable);
        // 3. There is a document.
        // 4. Empty the target name, if another origin may not learn it.
        self.update_the_target_name(navigable, document, history);
        let url = self.document(document)?.url().clone();
        // The old document is about to be destroyed: its entries keep the data to load it again.
        self.keep_nested_histories(navigable, history);
        if let Some(old) = old_document {
            self.entries_lose_their_document(navigable, old);
        }
        // Make active, 1. and 2. Set the active document, and the window of the WindowProxy.
        // Make active, 3. Every new document is visible.
        // NOT YET: make active, 4. Visibility state entries.
        // Make active, 5. The window is ready for execution.
        self.set_active_document(navigable, document, window);
        match history {
            // 5. to 9. A navigation adds an entry, or replaces the active one.
            HistoryChange::Navigation(handling) => {
                self.add_an_entry(
                    navigable,
                    document,
                    entry,
                    resource,
                    handling,
                    navigation_state,
                );
            }
            // Apply the history step: a traversal reactivates its entry.
            HistoryChange::Traverse(entry) => {
                let how = NavigationType::Traverse;
                self.reactivate_an_entry(navigable, entry, document, url, how);
            }
            // So does a reload.
            HistoryChange::Reload(entry) => {
                let how = NavigationType::Reload;
                self.reactivate_an_entry(navigable, entry, document, url, how);
            }
        }
        // 10. The entry is the current one. Traversals that waited for this go on.
        self.resume_traversals(queues, navigable);
        next.push(ParsingAction::Parse(document));
        // Unload a document, 20. Destroy the old document, and its descendants.
        if let Some(old) = old_document {
            let mut actions = Vec::new();
            for child in children {
                self.destroy_a_navigable_and_its_descendants(queues, child, &mut actions);
            }
            self.destroy_a_document(queues, old, &mut actions);
            if let Some(old_window) = old_window.filter(|old| *old != window) {
                destroy_a_window(queues, old_window, &mut actions);
            }
            next.push_all(actions);
        }
        queues.set_fully_active(document, true);
        Some(Effect::SetActive {
            navigable,
            window,
            document,
        })
    }
}
