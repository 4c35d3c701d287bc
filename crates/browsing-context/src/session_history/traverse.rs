//! Traversing the history
//! ([HTML, applying the history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#applying-the-history-step)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use super::HistoryEntry;
use super::entries::greatest_up_to;
use crate::Contexts;
use crate::dom::DomError;
use crate::ids::NavigableId;
use crate::origin::{equals_excluding_fragments, matches_about_blank};
use crate::steps::{
    ContextTask, Diagnostic, Effect, EventTarget, FiredEvent, HistoryAction, HistoryChange,
    Insertion, Navigation, Next, Steps, Traversal,
};

/// One navigable that a traversal changes.
#[derive(Clone, Copy, Debug)]
struct Changing {
    navigable: NavigableId,
    /// Its target entry.
    entry: u64,
    /// Whether it keeps its document.
    same_document: bool,
}

impl Contexts {
    pub(crate) fn run_history_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: HistoryAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            HistoryAction::ApplyStep(top, step) => self.apply_the_history_step(top, step, next),
            HistoryAction::LoadEntry(navigable, change) => {
                self.load_an_entry(navigable, change, Insertion::Later, next);
            }
            HistoryAction::ShowEntry(navigable, entry) => {
                return self.show_an_entry(queues, navigable, entry);
            }
        }
        None
    }

    /// `history.go()`, `back()` and `forward()`.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn delta_traverse(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        delta: i32,
    ) -> Result<Steps, DomError> {
        // 1. and 2. The document has to be fully active.
        let navigable = self.navigable_of_history(document)?;
        // 3. A delta of 0 reloads.
        if delta == 0 {
            return Ok(self.reload(navigable));
        }
        // 4. Otherwise traverse the history.
        self.traverse_the_history_by_a_delta(queues, navigable, delta, Some(document));
        Ok(Steps::none())
    }

    /// The steps that [traverse the history by a delta](https://html.spec.whatwg.org/multipage/browsing-the-web.html#traverse-the-history-by-a-delta)
    /// appends.
    pub(crate) fn traverse(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        traversal: Traversal,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let top = traversal.traversable;
        if self.is_traversing(top) {
            self.navigable(top)?;
            let held = self.history.traversables.entry(top).or_default();
            held.waiting.push_back(traversal);
            return None;
        }
        // Find the target step among all used steps.
        let steps: Vec<u32> = self.all_used_history_steps(top).into_iter().collect();
        let current = self.current_step(top);
        let current = steps.iter().rposition(|step| *step <= current)?;
        let delta = isize::try_from(traversal.delta).ok()?;
        let step = *steps.get(current.checked_add_signed(delta)?)?;
        // The initiator has to be allowed by its sandbox to navigate all that change.
        let changing = self.navigables_that_change(top, step);
        if let Some(source) = traversal.source {
            for change in &changing {
                if !self.may_navigate(queues, Some(source), change.navigable, false) {
                    let url = self.entry_of(change)?.url.clone().into();
                    return Some(Effect::Report(Diagnostic::NavigationSandboxed { url }));
                }
            }
        }
        // Check if unloading is canceled in those that lose their document, then apply the step.
        next.push(HistoryAction::ApplyStep(top, step));
        let other_documents = changing.iter().filter(|change| !change.same_document);
        let leaving: Vec<NavigableId> = other_documents.map(|change| change.navigable).collect();
        for navigable in leaving.into_iter().rev() {
            next.push_all(self.check_if_unloading_is_canceled(navigable));
        }
        None
    }

    /// [Get all navigables whose current session history entry will change or reload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#get-all-navigables-whose-current-session-history-entry-will-change-or-reload),
    /// except those below a navigable that loses its document.
    fn navigables_that_change(&self, top: NavigableId, step: u32) -> Vec<Changing> {
        // 1. and 2. Begin with the traversable.
        let mut changing = Vec::new();
        let mut to_check = vec![top];
        // 3. For each navigable to check:
        while let Some(navigable) = to_check.pop() {
            let Some(held) = self.navigable(navigable) else {
                continue;
            };
            let Some(history) = self.session_history(navigable) else {
                continue;
            };
            // 3.1. Get its target history entry.
            let target = greatest_up_to(&history.entries, step);
            // 3.2. It changes if that is not its current entry.
            let target = target.filter(|target| *target != history.current);
            if let Some(target) = target.and_then(|target| history.entries.get(target)) {
                let state = self.history.document_states.get(target.document_state);
                let document = held.active_document();
                let same_document =
                    document.is_some() && state.is_some_and(|state| state.document == document);
                changing.push(Changing {
                    navigable,
                    entry: target.id,
                    same_document,
                });
                if !same_document {
                    continue;
                }
            }
            // 3.3. If it keeps its document, check its children.
            to_check.extend(self.children(navigable).iter().rev());
        }
        // 4. Return those that change.
        changing
    }

    fn entry_of(&self, change: &Changing) -> Option<&HistoryEntry> {
        self.session_history(change.navigable)?.entry(change.entry)
    }

    /// [Apply the history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#apply-the-history-step).
    // IMPLEMENTATION-DEFINED: of several frames that load, each shows its document as soon as it is
    // there. In the standard they wait for one another.
    fn apply_the_history_step(&mut self, top: NavigableId, step: u32, next: &mut Next<'_>) {
        // Listeners of beforeunload may have changed the history, so look again.
        let changing = self.navigables_that_change(top, step);
        self.set_current_step(top, step);
        for change in changing.into_iter().rev() {
            if change.same_document {
                next.push(HistoryAction::ShowEntry(change.navigable, change.entry));
            } else {
                let history = HistoryChange::Traverse(change.entry);
                next.push(HistoryAction::LoadEntry(change.navigable, history));
            }
        }
    }

    /// Loads the document of an entry again
    /// ([attempt to populate the history entry's document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#attempt-to-populate-the-history-entry's-document)).
    pub(crate) fn load_an_entry(
        &mut self,
        navigable: NavigableId,
        history: HistoryChange,
        insertion: Insertion,
        next: &mut Next<'_>,
    ) {
        let (HistoryChange::Traverse(id) | HistoryChange::Reload(id)) = history else {
            return;
        };
        let document = self.active_document(navigable);
        if document.is_none_or(|document| self.is_unloading(document)) {
            return;
        }
        let held = self.session_history(navigable);
        let Some(entry) = held.and_then(|held| held.entry(id)) else {
            return;
        };
        let Some(state) = self.history.document_states.get(entry.document_state) else {
            return;
        };
        let navigation = Navigation {
            id: 0,
            navigable,
            url: entry.url.clone(),
            resource: state.resource.clone(),
            source: None,
            sandbox: self.creation_sandboxing_flags(navigable),
            history,
            insertion,
            response: None,
        };
        self.begin_a_navigation_unless_traversing(navigation, next);
    }

    /// A frame of a document that was traversed back to loads the document of its entry, whatever
    /// its attributes say. Returns whether it does.
    pub(crate) fn restore_a_frame(
        &mut self,
        navigable: NavigableId,
        insertion: Insertion,
        next: &mut Next<'_>,
    ) -> bool {
        let Some(history) = self.history.by_navigable.get_mut(&navigable) else {
            return false;
        };
        if !core::mem::take(&mut history.restoring) {
            return false;
        }
        let Some(entry) = history.current() else {
            return false;
        };
        if matches_about_blank(&entry.url) {
            return false;
        }
        let change = HistoryChange::Traverse(entry.id);
        self.load_an_entry(navigable, change, insertion, next);
        true
    }

    /// [Reload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#reload): loads the
    /// document of the current entry again, in its place.
    // NOT YET: the navigation API's event.
    pub fn reload(&mut self, navigable: NavigableId) -> Steps {
        let Some(entry) = self.active_entry(navigable) else {
            return Steps::none();
        };
        let history = HistoryChange::Reload(entry.id);
        let mut actions = self.check_if_unloading_is_canceled(navigable);
        actions.push(HistoryAction::LoadEntry(navigable, history).into());
        Steps::sequence(actions)
    }

    /// [Update document for history step application](https://html.spec.whatwg.org/multipage/browsing-the-web.html#update-document-for-history-step-application),
    /// for a document that is the active one already.
    fn show_an_entry(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        entry: u64,
    ) -> Option<Effect> {
        let history = self.history.by_navigable.get_mut(&navigable)?;
        let at = history.entries.iter().position(|held| held.id == entry)?;
        history.current = at;
        let entry = history.entries.get(at)?.clone();
        let document = self.active_document(navigable)?;
        // 1. and 2. Nothing changes if it is the document's latest entry.
        let held = self.history.of_document(document);
        if held.latest_entry == entry.id {
            return None;
        }
        // It is the latest entry from now on. Restore the history object state.
        held.latest_entry = entry.id;
        held.restore_the_history_object_state(entry.state);
        // NOT YET: the navigation API's entries.
        let held = self.document_mut(document)?;
        let (window, new_url) = (held.window(), entry.url.clone());
        let old_url = held.url().clone();
        held.set_url(entry.url);
        // If the fragment differs, queue a task to fire hashchange.
        // SPEC-ISSUE: the standard does so whatever else differs. Browsers fire it if only the fragment
        // does.
        if old_url.fragment() != new_url.fragment()
            && equals_excluding_fragments(&old_url, &new_url)
        {
            let task = ContextTask::HashChange {
                window,
                old_url,
                new_url,
            };
            queues.queue(TaskSource::DomManipulation, Some(document), task);
        }
        // Fire popstate.
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FiredEvent::PopState,
        })
    }
}
