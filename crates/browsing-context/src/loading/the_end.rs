//! [The end](https://html.spec.whatwg.org/multipage/parsing.html#the-end) of parsing, and the steps until the
//! document is completely loaded.

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use super::progress::{ReadyState, Stage};
use crate::Contexts;
use crate::documents::Document;
use crate::steps::{
    ContextTask, Effect, EventTarget, FiredEvent, LoadingAction, Next, ScriptAction,
};

impl Contexts {
    /// [The end](https://html.spec.whatwg.org/multipage/parsing.html#the-end), from its beginning.
    pub(super) fn the_end(&mut self, document: ClientId, next: &mut Next<'_>) {
        let Some(held) = self.loading.by_document.get_mut(&document) else {
            return;
        };
        // 1. There is no speculative parser.
        // 2. and 4. The parser is done: it has no insertion point and no open elements.
        held.parser = None;
        held.is_script_created = false;
        held.stage = Stage::DeferredScripts;
        next.push_all([
            // 3. Update the current document readiness to "interactive".
            LoadingAction::BecomeInteractive(document).into(),
            // 5. Run the scripts that execute when the document has finished parsing.
            LoadingAction::RunDeferredScripts(document).into(),
        ]);
    }

    /// [Update the current document readiness](https://html.spec.whatwg.org/multipage/dom.html#update-the-current-document-readiness).
    pub(super) fn update_the_current_document_readiness(
        &mut self,
        document: ClientId,
        state: ReadyState,
    ) -> Option<Effect> {
        // 1. If it is the same, return.
        let held = self.loading.by_document.get_mut(&document)?;
        if held.ready_state == state {
            return None;
        }
        // 2. Set it.
        held.ready_state = state;
        // NOT YET: 3. The document's load timing info.
        // 4. Fire readystatechange.
        Some(Effect::Fire {
            target: EventTarget::Document(document),
            event: FiredEvent::ReadyStateChange,
        })
    }

    /// Steps 5 and 6 of [the end](https://html.spec.whatwg.org/multipage/parsing.html#the-end).
    pub(super) fn run_deferred_scripts(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        next: &mut Next<'_>,
    ) {
        if !self.loading.runs_deferred_scripts(document) {
            return;
        }
        // 5. While there is a script that executes when the document has finished parsing:
        if self.scripts.has_deferred_scripts(document) {
            // 5.1. Wait until the first one is ready.
            // 5.3. Remove it from the list.
            if let Some(script) = self.scripts.take_ready_deferred_script(document) {
                // 5.2. Execute it, then look for the next one.
                next.push_all([
                    ScriptAction::Execute(script).into(),
                    LoadingAction::RunDeferredScripts(document).into(),
                ]);
            }
            return;
        }
        // 6. Queue the task that fires DOMContentLoaded.
        if let Some(held) = self.loading.by_document.get_mut(&document) {
            held.stage = Stage::ContentLoadedQueued;
        }
        let task = ContextTask::DomContentLoaded(document);
        queues.queue(TaskSource::EndOfLoading, Some(document), task);
    }

    /// Step 6 of [the end](https://html.spec.whatwg.org/multipage/parsing.html#the-end): the task
    /// that fires `DOMContentLoaded`.
    pub(crate) fn fire_dom_content_loaded(
        &mut self,
        document: ClientId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // NOT YET: 6.1. and 6.3. Load timing info. 6.4. Service workers. 6.5. WebDriver BiDi.
        next.push(LoadingAction::ContentLoadedFired(document));
        // 6.2. Fire DOMContentLoaded.
        self.document(document).map(|_| Effect::Fire {
            target: EventTarget::Document(document),
            event: FiredEvent::DomContentLoaded,
        })
    }

    /// `DOMContentLoaded` is fired: steps 7 and 8 wait for everything that delays the load event.
    pub(super) fn content_loaded_is_fired(&mut self, document: ClientId, next: &mut Next<'_>) {
        if let Some(held) = self.loading.by_document.get_mut(&document)
            && held.stage == Stage::ContentLoadedQueued
        {
            held.stage = Stage::DelayingLoad;
            next.push(LoadingAction::CheckLoad(document));
        }
    }

    /// Whether anything [delays the load event](https://html.spec.whatwg.org/multipage/parsing.html#delay-the-load-event)
    /// of a document: its scripts, its embedded content and its frames.
    fn delays_the_load_event(&self, document: ClientId) -> bool {
        let Some(held) = self.document(document) else {
            return false;
        };
        // IMPLEMENTATION-DEFINED: as in browsers, a document fires no load event while a navigation is replacing it.
        let navigable = held.navigable();
        let is_left = self.active_document(navigable) == Some(document)
            && (self.is_navigating(navigable) || self.forms.plan_to_navigate(navigable));
        is_left
            || self.scripts.delay_the_load_event(document)
            || self.embedded.delays_the_load_event(document)
            || self.child_navigables_of(document).iter().any(|child| {
                if self.navigable(*child).is_none() {
                    return false;
                }
                let loading = self
                    .active_document(*child)
                    .filter(|document| self.document(*document).is_some())
                    .is_some_and(|document| !self.is_completely_loaded(document));
                self.navigation.is_delaying_load_events(*child)
                    || self.forms.plan_to_navigate(*child)
                    || loading
            })
    }

    /// Steps 7 to 9 of [the end](https://html.spec.whatwg.org/multipage/parsing.html#the-end): queues
    /// the task that fires `load` when nothing delays it. This is called whenever one cause of the delay has ended.
    pub(super) fn check_load(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
    ) {
        let held = self.loading.by_document.get(&document);
        let waits = held.is_some_and(|held| held.stage == Stage::DelayingLoad);
        // 7. Wait for the scripts that execute as soon as possible.
        // 8. Wait for all else that delays the load event.
        if !waits || self.delays_the_load_event(document) {
            return;
        }
        // 9. Queue the task.
        if let Some(held) = self.loading.by_document.get_mut(&document) {
            held.stage = Stage::LoadQueued;
        }
        let task = ContextTask::Load(document);
        queues.queue(TaskSource::EndOfLoading, Some(document), task);
    }

    /// Step 9 of [the end](https://html.spec.whatwg.org/multipage/parsing.html#the-end), in its task.
    pub(super) fn load(&mut self, document: ClientId, next: &mut Next<'_>) {
        // IMPLEMENTATION-DEFINED: the standard spins the event loop until nothing delays the load
        // event, and leaves open when it checks. As in browsers, a frame that the load event of another frame
        // inserted still delays it.
        let delayed = self.delays_the_load_event(document);
        let Some(held) = self.loading.by_document.get_mut(&document) else {
            return;
        };
        if held.stage != Stage::LoadQueued {
            return;
        }
        if delayed {
            held.stage = Stage::DelayingLoad;
            return;
        }
        next.push_all([
            // 9.1. Update the current document readiness to "complete".
            LoadingAction::BecomeComplete(document).into(),
            // NOT YET: 9.4. Load timing info.
            // 9.5. Fire load.
            LoadingAction::FireLoad(document).into(),
            // NOT YET: 9.6. and 9.7. WebDriver BiDi. 9.8. Load timing info.
            // 9.9. to 9.11. Set page showing, and fire pageshow.
            LoadingAction::PageShow(document).into(),
            // 9.12. Completely finish loading.
            LoadingAction::CompletelyFinish(document).into(),
            // NOT YET: 9.13. Navigation timing. 10. Printing.
            // 11. A document that is completely loaded is ready for post-load tasks.
        ]);
    }

    pub(super) fn fire_load(&mut self, document: ClientId) -> Option<Effect> {
        // 9.2. A document that was destroyed gets no event.
        // 9.3. Find its window.
        let window = self.document(document)?.window();
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FiredEvent::Load,
        })
    }

    pub(super) fn page_show(&mut self, document: ClientId) -> Option<Effect> {
        let window = self.document(document)?.window();
        // 9.10. Set page showing.
        self.loading.by_document.get_mut(&document)?.page_showing = true;
        // 9.11. Fire pageshow.
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FiredEvent::PageShow { persisted: false },
        })
    }

    /// [Completely finish loading](https://html.spec.whatwg.org/multipage/document-lifecycle.html#completely-finish-loading).
    pub(super) fn completely_finish_loading(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        next: &mut Next<'_>,
    ) {
        // 1. It has a browsing context.
        let Some(navigable) = self.document(document).map(Document::navigable) else {
            return;
        };
        let Some(held) = self.loading.by_document.get_mut(&document) else {
            return;
        };
        if held.stage != Stage::LoadQueued {
            // A listener of the load event has opened the document again.
            return;
        }
        // 2. The document is completely loaded.
        held.stage = Stage::Complete;
        self.forget_unclaimed_histories(navigable);
        self.schedule_the_refresh(queues, document);
        // 3. Find the container.
        let Some(container) = self.container(navigable) else {
            return;
        };
        // 4. Queue a task for the iframe load event steps.
        // 5. At any other container, only load is fired. The task distinguishes the two.
        if let Some(parent) = self.connected_document(container) {
            let task = ContextTask::FrameLoaded(navigable);
            queues.queue(TaskSource::EndOfLoading, Some(parent), task);
            next.push(LoadingAction::CheckLoad(parent));
        }
    }
}
