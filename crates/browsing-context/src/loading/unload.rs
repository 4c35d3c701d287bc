//! [Unloading documents](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unloading-documents).

use framepost_event_loop::ClientId;

use crate::Contexts;
use crate::ids::NavigableId;
use crate::steps::{Action, Effect, EventTarget, FiredEvent, Next, UnloadAction};

impl Contexts {
    pub(crate) fn run_unload_action(
        &mut self,
        action: UnloadAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            UnloadAction::BeforeUnload(document) => self.fire_beforeunload(document, next),
            UnloadAction::BeforeUnloadFired(document) => {
                // Decrease the unload counter.
                if let Some(held) = self.loading.by_document.get_mut(&document) {
                    held.unload_counter = held.unload_counter.saturating_sub(1);
                }
                None
            }
            UnloadAction::PageHide(document) => {
                self.unload_a_document_and_its_descendants(document, next);
                None
            }
            UnloadAction::Hide(document) => self.update_the_visibility_state_to_hidden(document),
            UnloadAction::Unload(document) => self.fire_unload(document),
        }
    }

    /// [Check if unloading is canceled](https://html.spec.whatwg.org/multipage/browsing-the-web.html#checking-if-unloading-is-canceled)
    /// for a navigable and all below it.
    // IMPLEMENTATION-DEFINED: there is no user to ask, so unloading is never canceled.
    pub(crate) fn check_if_unloading_is_canceled(&self, navigable: NavigableId) -> Vec<Action> {
        self.inclusive_descendant_navigables(navigable)
            .into_iter()
            .filter_map(|navigable| self.active_document(navigable))
            .map(|document| UnloadAction::BeforeUnload(document).into())
            .collect()
    }

    /// [Steps to fire beforeunload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#steps-to-fire-beforeunload).
    fn fire_beforeunload(&mut self, document: ClientId, next: &mut Next<'_>) -> Option<Effect> {
        // Increase the unload counter.
        let window = self.document(document)?.window();
        let held = self.loading.by_document.get_mut(&document)?;
        held.unload_counter += 1;
        // Fire beforeunload at the window, and decrease the unload counter then.
        next.push(UnloadAction::BeforeUnloadFired(document));
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FiredEvent::BeforeUnload,
        })
    }

    /// The events of [unload a document and its descendants](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document-and-its-descendants):
    /// the events of descendants come first.
    fn unload_a_document_and_its_descendants(&mut self, document: ClientId, next: &mut Next<'_>) {
        let Some(held) = self.document(document) else {
            return;
        };
        let window = held.window();
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
        // Unload the document: increase the unload counter.
        held.unload_counter += 1;
        // If the page is showing, fire pagehide, and update the visibility state. Then fire unload.
        next.push(UnloadAction::Unload(document));
        if core::mem::take(&mut held.page_showing) {
            next.push(UnloadAction::Hide(document));
            next.push_effect(Effect::Fire {
                target: EventTarget::Window(window),
                event: FiredEvent::PageHide { persisted: false },
            });
        }
        // Before that, unload the children.
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
        // 4. NOT YET: visibility state entries.
        // 5. to 7. NOT YET: screen orientation, view transitions and other specifications.
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
