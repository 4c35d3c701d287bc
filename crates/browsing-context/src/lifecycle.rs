//! From the end of parsing to completion
//! ([HTML, the end](https://html.spec.whatwg.org/multipage/parsing.html#the-end)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use crate::document::{ReadyState, Stage};
use crate::steps::{Action, Next};
use crate::{ContextTask, Contexts, Effect, EventTarget, FrameEvent};

impl Contexts {
    /// [The end](https://html.spec.whatwg.org/multipage/parsing.html#the-end): parsing is done.
    pub(crate) fn the_end(&mut self, document: ClientId, next: &mut Next<'_>) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        held.parser = None;
        held.script_created_parser = false;
        held.stage = Stage::Deferred;
        next.push([
            Action::SetReadyState(document, ReadyState::Interactive),
            Action::RunDeferredScripts(document),
        ]);
    }

    /// [Update the current document readiness](https://html.spec.whatwg.org/multipage/dom.html#update-the-current-document-readiness).
    pub(crate) fn update_the_current_document_readiness(
        &mut self,
        document: ClientId,
        state: ReadyState,
    ) -> Option<Effect> {
        let held = self.documents.get_mut(&document)?;
        if held.ready_state == state {
            return None;
        }
        held.ready_state = state;
        Some(Effect::Fire {
            target: EventTarget::Document(document),
            event: FrameEvent::ReadyStateChange,
        })
    }

    /// Step 5 of the end: runs the scripts that execute when the document has finished parsing,
    /// as far as they are loaded; then queues the task for `DOMContentLoaded`.
    pub(crate) fn run_deferred_scripts(
        &mut self,
        document: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        if held.stage != Stage::Deferred {
            return;
        }
        match held.scripts_after_parsing.front().copied() {
            Some(script) => {
                if self.scripts.get(script).is_none_or(|script| script.ready) {
                    held.scripts_after_parsing.pop_front();
                    next.push([
                        Action::ExecuteScript(script),
                        Action::RunDeferredScripts(document),
                    ]);
                }
            }
            None => {
                held.stage = Stage::ContentLoadedQueued;
                let task = ContextTask::DomContentLoaded(document);
                queues.queue(TaskSource::DomManipulation, Some(document), task);
            }
        }
    }

    /// `DOMContentLoaded` has been fired.
    pub(crate) fn content_loaded_fired(&mut self, document: ClientId, next: &mut Next<'_>) {
        if let Some(held) = self.documents.get_mut(&document)
            && held.stage == Stage::ContentLoadedQueued
        {
            held.stage = Stage::DelayingLoad;
            next.push([Action::CheckLoad(document)]);
        }
    }

    /// Whether anything [delays the load event](https://html.spec.whatwg.org/multipage/parsing.html#delay-the-load-event)
    /// of a document: scripts and embedded content on their way, and frames that are not complete.
    fn delays_the_load_event(&self, document: ClientId) -> bool {
        let Some(held) = self.document(document) else {
            return false;
        };
        !held.scripts_as_soon_as_possible.is_empty()
            || !held.scripts_in_order.is_empty()
            || self.is_determining_embedded_content(document)
            || held.child_navigables.iter().any(|child| {
                let Some(child) = self.navigable(*child) else {
                    return false;
                };
                let loading = child
                    .document
                    .and_then(|document| self.document(document))
                    .is_some_and(|document| !document.is_completely_loaded());
                child.is_delaying_load_events || loading
            })
    }

    /// Steps 7 to 9 of the end: queues the task for `load` as soon as nothing delays it. To be
    /// called whenever something has ceased to.
    pub(crate) fn check_load(
        &mut self,
        document: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) {
        let waits = self
            .document(document)
            .is_some_and(|held| held.stage == Stage::DelayingLoad);
        if !waits || self.delays_the_load_event(document) {
            return;
        }
        if let Some(held) = self.documents.get_mut(&document) {
            held.stage = Stage::LoadQueued;
        }
        let task = ContextTask::Load(document);
        queues.queue(TaskSource::DomManipulation, Some(document), task);
    }

    /// Step 9 of the end.
    pub(crate) fn load(&mut self, document: ClientId, next: &mut Next<'_>) {
        // The standard says "spin the event loop until nothing delays the load event", and looking
        // is left to the implementation: as browsers do, it is looked again, for a frame that was
        // inserted by the load event of another one.
        let delayed = self.delays_the_load_event(document);
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        if held.stage != Stage::LoadQueued {
            return;
        }
        if delayed {
            held.stage = Stage::DelayingLoad;
            return;
        }
        next.push([
            Action::SetReadyState(document, ReadyState::Complete),
            Action::FireLoad(document),
            Action::PageShow(document),
            Action::CompletelyFinishLoading(document),
        ]);
    }

    pub(crate) fn fire_load(&mut self, document: ClientId) -> Option<Effect> {
        let window = self.document(document)?.window;
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FrameEvent::Load,
        })
    }

    pub(crate) fn page_show(&mut self, document: ClientId) -> Option<Effect> {
        let held = self.documents.get_mut(&document)?;
        held.page_showing = true;
        Some(Effect::Fire {
            target: EventTarget::Window(held.window),
            event: FrameEvent::PageShow { persisted: false },
        })
    }

    /// [Completely finish loading](https://html.spec.whatwg.org/multipage/document-lifecycle.html#completely-finish-loading).
    pub(crate) fn completely_finish_loading(
        &mut self,
        document: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        if held.stage != Stage::LoadQueued {
            // The load event's listeners have opened the document again.
            return;
        }
        held.stage = Stage::Complete;
        let navigable = held.navigable;
        self.forget_unclaimed_histories(navigable);
        self.schedule_refresh(document, queues);
        let Some(container) = self.container(navigable) else {
            return;
        };
        if let Some(parent) = self.connected_document(container) {
            let task = ContextTask::FrameLoaded(navigable);
            queues.queue(TaskSource::DomManipulation, Some(parent), task);
            next.push([Action::CheckLoad(parent)]);
        }
    }
}
