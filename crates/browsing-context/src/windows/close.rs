//! Closing windows
//! ([HTML, closing navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#closing-browsing-contexts)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use crate::Contexts;
use crate::documents::Document;
use crate::ids::NavigableId;
use crate::steps::{
    Action, ContextTask, LoadingAction, NavigableAction, Next, Steps, UnloadAction,
};

impl Contexts {
    /// The setter of [`window.opener`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-opener)
    /// with null: disowns the opener.
    pub fn disown_opener(&mut self, navigable: NavigableId) {
        if let Some(held) = self.navigable_mut(navigable) {
            held.set_opener(None);
        }
    }

    /// [`window.close()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-close),
    /// called by the document `source`. Returns whether the window will close.
    pub fn window_close(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        source: ClientId,
        navigable: NavigableId,
    ) -> bool {
        let Some(source) = self.document(source) else {
            return false;
        };
        let (by, sandbox) = (source.navigable(), source.sandbox());
        let Some(held) = self.navigable(navigable) else {
            return false;
        };
        // 2. Only a top-level traversable can be closed.
        // 3. If it is already closing, return.
        if held.parent().is_some() || held.is_closing() {
            return false;
        }
        // 6. It has to be script-closable, and the caller familiar with it and allowed by its
        //    sandbox to navigate it.
        let script_closable =
            held.is_opened_by_a_page() || self.history.entries_of(navigable).len() <= 1;
        if !script_closable || !self.is_familiar_with(by, navigable) {
            return false;
        }
        let activated = self.navigable_has_transient_activation(by, queues.now());
        if !self.allowed_by_sandboxing_to_navigate(by, navigable, sandbox, activated) {
            return false;
        }
        // 6.1. It is closing from now on.
        if let Some(held) = self.navigable_mut(navigable) {
            held.begin_to_close();
        }
        // 6.2. A task closes it.
        let task = ContextTask::DefinitelyClose(navigable);
        queues.queue(TaskSource::DomManipulation, None, task);
        true
    }

    /// [Definitely close a top-level traversable](https://html.spec.whatwg.org/multipage/document-sequences.html#definitely-close-a-top-level-traversable).
    pub(crate) fn definitely_close(&mut self, navigable: NavigableId, next: &mut Next<'_>) {
        let Some(document) = self.active_document(navigable) else {
            return;
        };
        self.stop_loading(navigable);
        // SPEC-ISSUE: in the standard the initial about:blank is never shown, and fires nothing when its
        // window closes. In browsers it is shown as any other document is.
        if self
            .document(document)
            .is_some_and(Document::is_initial_about_blank)
        {
            self.loading.set_page_showing(document);
        }
        // 3. Unload the active document and its descendants, and then destroy the traversable.
        next.push_all([
            UnloadAction::PageHide(document).into(),
            NavigableAction::DestroyTopLevel(navigable).into(),
        ]);
        // 1. and 2. Before that, check if unloading is canceled.
        next.push_all(self.check_if_unloading_is_canceled(navigable));
    }

    /// [`window.stop()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-stop):
    /// stops loading the navigable and its descendants.
    pub fn window_stop(&mut self, navigable: NavigableId) -> Steps {
        let mut checks = Vec::new();
        for navigable in self.inclusive_descendant_navigables(navigable) {
            let aborted = self.inform_about_aborting_navigation(navigable, false);
            checks.extend(aborted.map(Action::effect));
            self.stop_loading(navigable);
            // As in browsers, the planned navigation of a form is canceled, too.
            self.forms.forget_planned_navigations_to(navigable);
            // Abort the document.
            // NOT YET: its fetches are not canceled.
            if let Some(document) = self.active_document(navigable)
                && self.loading.abort_the_parser(document)
            {
                self.scripts.forget_the_parser_blocking_script(document);
                checks.push(LoadingAction::BecomeInteractive(document).into());
                checks.push(LoadingAction::BecomeComplete(document).into());
            }
            checks.extend(self.check_load_around(navigable));
        }
        Steps::sequence(checks)
    }
}
