//! [Unloading documents](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unloading-documents).

use framepost_event_loop::ClientId;

use crate::Contexts;
use crate::ids::NavigableId;
use crate::steps::{Action, Effect, EventTarget, FiredEvent, Next, PageSwap, UnloadAction};

impl Contexts {
    pub(crate) fn run_unload_action(
        &mut self,
        action: UnloadAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            UnloadAction::BeforeUnload(document) => self.fire_beforeunload(document, next),
            UnloadAction::BeforeUnloadFired(document) => {
                // 7. of the steps to fire beforeunload: decrease the unload counter.
                if let Some(held) = self.loading.by_document.get_mut(&document) {
                    held.unload_counter = held.unload_counter.saturating_sub(1);
                }
                None
            }
            UnloadAction::Deactivate(document, target) => {
                self.deactivate_a_document(document, target, next);
                None
            }
            UnloadAction::PageSwap(document, target) => {
                self.fire_the_pageswap_event(document, target)
            }
            UnloadAction::PageHide(document) => {
                self.unload_a_document_and_its_descendants(document, None, next);
                None
            }
            UnloadAction::Hide(document) => self.update_the_visibility_state_to_hidden(document),
            UnloadAction::Unload(document) => self.fire_unload(document),
        }
    }

    /// [Check if unloading is canceled](https://html.spec.whatwg.org/multipage/browsing-the-web.html#checking-if-unloading-is-canceled)
    /// for a navigable and all below it.
    // IMPLEMENTATION-DEFINED: there is no user to ask, so unloading is never canceled and there is no status (2., 3.
    // and 9.). The traversal fires the navigate event of a traversal (4.).
    pub(crate) fn check_if_unloading_is_canceled(&self, navigable: NavigableId) -> Vec<Action> {
        // 1. Find the documents.
        // 5. to 8. Fire beforeunload at one after the other.
        self.inclusive_descendant_navigables(navigable)
            .into_iter()
            .filter_map(|navigable| self.active_document(navigable))
            .map(|document| UnloadAction::BeforeUnload(document).into())
            .collect()
    }

    /// [Steps to fire beforeunload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#steps-to-fire-beforeunload).
    fn fire_beforeunload(&mut self, document: ClientId, next: &mut Next<'_>) -> Option<Effect> {
        // 1. and 6. Nobody is asked, so unloading is not canceled.
        let window = self.document(document)?.window();
        let held = self.loading.by_document.get_mut(&document)?;
        // 2. Increase the unload counter.
        // 3. and 5. The termination nesting level is the sum of these counters.
        held.unload_counter += 1;
        // 4. Fire beforeunload at the window. 7. and 8. follow then.
        next.push(UnloadAction::BeforeUnloadFired(document));
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FiredEvent::BeforeUnload,
        })
    }

    /// [Deactivate a document for a cross-document navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#deactivate-a-document-for-a-cross-document-navigation).
    /// `target` is what the `pageswap` event shows of the navigation.
    fn deactivate_a_document(
        &mut self,
        document: ClientId,
        target: Option<Box<PageSwap>>,
        next: &mut Next<'_>,
    ) {
        // 1. The navigable is that of the document.
        // 2. to 4. and 6. There are no view transitions.
        // 5. Fire pageswap, and unload the document.
        let page_swap = UnloadAction::PageSwap(document, target);
        self.unload_a_document_and_its_descendants(document, Some(page_swap), next);
    }

    /// [Fire the pageswap event](https://html.spec.whatwg.org/multipage/browsing-the-web.html#fire-the-pageswap-event).
    fn fire_the_pageswap_event(
        &self,
        document: ClientId,
        activation: Option<Box<PageSwap>>,
    ) -> Option<Effect> {
        // 1. This runs in a task.
        // 2. to 4. Without entries, there is no activation.
        // 5. Fire pageswap at the window.
        let window = self.document(document)?.window();
        Some(Effect::FirePageSwap { window, activation })
    }

    /// The events of [unload a document and its descendants](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document-and-its-descendants):
    /// the events of descendants come first. All run in the task of the new document, so nothing is counted or
    /// waited for (1., 3. and 5.).
    fn unload_a_document_and_its_descendants(
        &mut self,
        document: ClientId,
        page_swap: Option<UnloadAction>,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.document(document) else {
            return;
        };
        let window = held.window();
        // 2. Find the child navigables.
        let children: Vec<ClientId> = self
            .children(held.navigable())
            .iter()
            .filter_map(|child| self.active_document(*child))
            .collect();
        let Some(held) = self.loading.by_document.get_mut(&document) else {
            return;
        };
        if held.unload_counter > 0 {
            return;
        }
        // 6.2. Unload the document. The following numbers are those of its steps.
        // NOT YET: 2. to 4., 11., 13. and 22. Unload timing info.
        // 5. and 9. No document is kept for later, so none is salvageable.
        // 6. and 7. The termination nesting level is the sum of the unload counters.
        // 8. Increase the unload counter. It is never decreased (14. and 21.), since the document is destroyed.
        held.unload_counter += 1;
        // The action that is pushed last is carried out first:
        // 18. to 20. `make_active` destroys the document afterwards, with the cleanup steps.
        // 15. to 17. Nothing is kept of it.
        // 12. Fire unload.
        next.push(UnloadAction::Unload(document));
        // 10. and 10.1. If the page is showing, it no longer is.
        if core::mem::take(&mut held.page_showing) {
            // 10.3. Update the visibility state.
            next.push(UnloadAction::Hide(document));
            // 10.2. Fire pagehide.
            next.push_effect(Effect::Fire {
                target: EventTarget::Window(window),
                event: FiredEvent::PageHide { persisted: false },
            });
        }
        // 6.1. Fire pageswap.
        if let Some(page_swap) = page_swap {
            next.push(page_swap);
        }
        // 4. Unload the descendants.
        for child in children.into_iter().rev() {
            next.push(UnloadAction::PageHide(child));
        }
    }

    /// [Update the visibility state](https://html.spec.whatwg.org/multipage/interaction.html#update-the-visibility-state)
    /// of a document to "hidden".
    fn update_the_visibility_state_to_hidden(&mut self, document: ClientId) -> Option<Effect> {
        let held = self.loading.by_document.get_mut(&document)?;
        // 1. If it is already hidden, return.
        if core::mem::replace(&mut held.is_hidden, true) {
            return None;
        }
        // 2. and 3. It is hidden now.
        // NOT YET: 4. Visibility state entries.
        // NOT YET: 5. to 7. Screen orientation, view transitions and other specifications.
        // 8. Fire visibilitychange at the document.
        Some(Effect::Fire {
            target: EventTarget::Document(document),
            event: FiredEvent::VisibilityChange,
        })
    }

    fn fire_unload(&self, document: ClientId) -> Option<Effect> {
        let window = self.document(document)?.window();
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FiredEvent::Unload,
        })
    }
}
