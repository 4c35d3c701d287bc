//! Destroying navigables, documents and windows
//! ([HTML, destroying documents](https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroying-documents)).

use framepost_event_loop::{ClientId, GlobalId, TaskQueues};

use crate::Contexts;
use crate::ids::NavigableId;
use crate::requests::Purpose;
use crate::steps::{
    Action, ContextTask, DocumentAction, Effect, LoadingAction, NavigableAction, Next, Steps,
    UnloadAction,
};

impl Contexts {
    pub(crate) fn run_navigable_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: NavigableAction,
        next: &mut Next<'_>,
    ) {
        match action {
            NavigableAction::RemoveChild(navigable) => {
                next.push(NavigableAction::DestroyChild(navigable));
                for below in self.inclusive_descendant_navigables(navigable) {
                    if let Some(aborted) = self.inform_about_aborting_navigation(below, true) {
                        next.push_effect(aborted);
                    }
                }
                // IMPLEMENTATION-DEFINED: the standard fires no events in a frame that is removed.
                // All browsers unload its documents.
                if let Some(document) = self.active_document(navigable) {
                    next.push(UnloadAction::PageHide(document));
                }
            }
            NavigableAction::DestroyChild(navigable) => {
                self.destroy_a_child_navigable(queues, navigable, next);
            }
            NavigableAction::DestroyTopLevel(navigable) => {
                let steps = self.destroy_top_level(queues, navigable);
                next.push_steps(steps);
            }
        }
    }

    /// [Destroy a child navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#destroy-a-child-navigable).
    fn destroy_a_child_navigable(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        next: &mut Next<'_>,
    ) {
        // 1. and 2. The navigable exists.
        let parent = self.parent(navigable);
        let parent = parent.and_then(|parent| self.active_document(parent));
        if let Some(parent) = parent {
            // The child no longer delays the parent's load event.
            next.push(LoadingAction::CheckLoad(parent));
            // 3. The container has no content navigable any more.
            self.remove_child_navigable(parent, navigable);
        }
        // 4. The navigation API was informed before.
        let mut actions = Vec::new();
        // 5. Destroy the document and its descendants.
        // 6. to 9.1. Their session histories go with them.
        self.destroy_a_navigable_and_its_descendants(queues, navigable, &mut actions);
        next.push_all(actions);
    }

    /// [Destroy a top-level traversable](https://html.spec.whatwg.org/multipage/document-sequences.html#destroy-a-top-level-traversable)
    /// and all navigables below it.
    pub fn destroy_top_level(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
    ) -> Steps {
        // 1. to 5. Destroy its documents, and take it out of the top-level traversables. It keeps no documents for its
        // other entries.
        let mut actions = Vec::new();
        if self.parent(navigable).is_none() {
            self.destroy_a_navigable_and_its_descendants(queues, navigable, &mut actions);
        }
        Steps::sequence(actions)
    }

    /// Destroys a navigable and those below it, children before their parents
    /// ([destroy a document and its descendants](https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroy-a-document-and-its-descendants)).
    pub(crate) fn destroy_a_navigable_and_its_descendants(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        actions: &mut Vec<Action>,
    ) {
        // 1. There is no cache of documents. 2. to 5. Destroy the children first.
        let below = self.inclusive_descendant_navigables(navigable);
        for navigable in below.into_iter().rev() {
            let top = self.top(navigable).filter(|top| *top != navigable);
            let Some(gone) = self.take_out_a_navigable(navigable) else {
                continue;
            };
            self.history_is_gone(top, navigable);
            if let Some(request) = self.navigation.forget(navigable) {
                self.requests.remove(request);
            }
            // 6. Destroy the document.
            if let Some(document) = gone.active_document() {
                self.destroy_a_document(queues, document, actions);
            }
            if let Some(window) = gone.active_window() {
                destroy_a_window(queues, window, actions);
            }
            actions.push(Action::effect(Effect::NavigableDestroyed(navigable)));
        }
    }

    /// [Destroy](https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroy-a-document)
    /// one document, whose child navigables are destroyed already. It can still be looked up while the embedder
    /// performs [`Effect::DocumentDestroyed`].
    pub(crate) fn destroy_a_document(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        actions: &mut Vec<Action>,
    ) {
        if self.document(document).is_none() {
            return;
        }
        // 8. and 9. The navigable and its history are gone already.
        // 2. Abort the document: cancel its loads.
        self.loading.abort(document);
        self.disconnect_the_nodes_of(document);
        self.scripts.forget_scripts_of(document);
        self.modules.forget_client(document);
        self.forget_embedded_contents(document);
        self.forms.forget_planned_navigations_of_document(document);
        self.navigation.forget_javascript_urls_of(document);
        let (scripts, modules, embedded) = (&self.scripts, &self.modules, &self.embedded);
        self.requests.remove_if(|purpose| match purpose {
            Purpose::Script(script) => !scripts.contains(*script),
            Purpose::Module(module) => !modules.contains(*module),
            Purpose::EmbeddedContent(id) => !embedded.contains(*id),
            Purpose::Navigation(_) | Purpose::Worker(_) => false,
        });
        // 3. There is no cache of documents.
        // 7. Drop its tasks.
        queues.destroy_client(document);
        // 10. Remove it from the owner sets of workers. 11. There are no worklets.
        self.disown_workers(queues, document, actions);
        // 4. to 6. The embedder disentangles the ports of its window and cleans up. A port ends after the tasks (7.).
        actions.push(Action::effect(Effect::DocumentDestroyed(document)));
        actions.push(DocumentAction::ForgetDocument(document).into());
    }

    /// The embedder was informed of the end of a document or a window: removes it from every table.
    pub(crate) fn run_document_action(&mut self, action: DocumentAction) {
        match action {
            DocumentAction::ForgetDocument(document) => {
                self.forget_a_document(document);
                self.loading.forget(document);
                self.scripts.forget_document(document);
                self.navigation.forget_document(document);
                self.history.forget_document(document);
                self.navigables.forget_document(document);
            }
            DocumentAction::ForgetWindow(window) => {
                self.forget_a_window(window);
                self.history.forget_window(window);
            }
        }
    }
}

/// Destroys a window. It can still be looked up while the embedder performs [`Effect::WindowDiscarded`].
pub(crate) fn destroy_a_window(
    queues: &mut dyn TaskQueues<ContextTask>,
    window: GlobalId,
    actions: &mut Vec<Action>,
) {
    queues.destroy_global(window);
    actions.push(Action::effect(Effect::WindowDiscarded(window)));
    actions.push(DocumentAction::ForgetWindow(window).into());
}
