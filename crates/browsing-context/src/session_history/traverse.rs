//! Going back and forward
//! ([HTML, applying the history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#applying-the-history-step)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use super::Traversal;
use super::entries::greatest_not_behind;
use crate::navigable::{HistoryHandling, NavigableId};
use crate::navigation::Navigation;
use crate::steps::{Action, Insertion, Next};
use crate::{ContextTask, Contexts, Diagnostic, Effect, EventTarget, FrameEvent, Steps};

/// What becomes of the history when a navigation has brought its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HistoryChange {
    /// A new entry.
    Navigation(HistoryHandling),
    /// This entry is shown.
    Traverse(u64),
    /// This entry, which was shown before, is shown again.
    Reload(u64),
}

/// One navigable that a traversal changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Changing {
    navigable: NavigableId,
    /// The entry that it will show.
    entry: u64,
    /// The document stays the same.
    same_document: bool,
}

impl Contexts {
    /// [Traverse the history by a delta](https://html.spec.whatwg.org/multipage/browsing-the-web.html#traverse-the-history-by-a-delta):
    /// it happens in a task of its own.
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
            };
            // The document that wants it may be gone before.
            queues.queue_in_parallel(
                TaskSource::NavigationAndTraversal,
                None,
                ContextTask::Traverse(traversal),
            );
        }
    }

    /// The task of a traversal.
    pub(crate) fn traverse(
        &mut self,
        traversal: Traversal,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let top = traversal.traversable;
        if self.is_traversing(top) {
            let held = self.navigables.get_mut(top)?;
            held.traversable.waiting.push_back(traversal);
            return None;
        }
        let steps: Vec<u32> = self.all_used_history_steps(top).into_iter().collect();
        let current = self.current_step(top);
        let current = steps.iter().rposition(|step| *step <= current)?;
        let delta = isize::try_from(traversal.delta).ok()?;
        let step = *steps.get(current.checked_add_signed(delta)?)?;
        let changing = self.navigables_that_change(top, step);
        if let Some(source) = traversal.source {
            for change in &changing {
                if !self.may_navigate(Some(source), false, change.navigable, queues) {
                    let url = self.entry_of(change)?.url.clone().into();
                    return Some(Effect::Report(Diagnostic::NavigationSandboxed { url }));
                }
            }
        }
        let other_documents = changing.iter().filter(|change| !change.same_document);
        let leaving: Vec<NavigableId> = other_documents.map(|change| change.navigable).collect();
        next.push([Action::ApplyHistoryStep(top, step)]);
        for navigable in leaving.into_iter().rev() {
            self.push_beforeunload(navigable, next);
        }
        None
    }

    /// Whether a traversal waits for documents to be loaded.
    fn is_traversing(&self, top: NavigableId) -> bool {
        let navigables = self.inclusive_descendant_navigables(top);
        navigables.into_iter().any(|navigable| {
            self.navigable(navigable)
                .and_then(|held| held.ongoing.as_ref())
                .is_some_and(|ongoing| ongoing.is_traversal)
        })
    }

    /// A traversal has loaded a document, or will not: the next one may begin.
    pub(crate) fn resume_traversals(
        &mut self,
        navigable: NavigableId,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) {
        let Some(top) = self.top(navigable) else {
            return;
        };
        let waits = self
            .navigable(top)
            .is_some_and(|held| !held.traversable.waiting.is_empty());
        if !waits || self.is_traversing(top) {
            return;
        }
        // IMPLEMENTATION-DEFINED: what a script has asked for whose document the last traversal has
        // left is forgotten, as in browsers; the standard goes on from where that has led.
        while let Some(held) = self.navigables.get_mut(top)
            && let Some(traversal) = held.traversable.waiting.pop_front()
        {
            let source = traversal.source;
            if source.is_none_or(|source| self.is_fully_active(source)) {
                let task = ContextTask::Traverse(traversal);
                queues.queue(TaskSource::NavigationAndTraversal, None, task);
                return;
            }
        }
    }

    /// [Get all navigables whose current session history entry will change or reload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#get-all-navigables-whose-current-session-history-entry-will-change-or-reload),
    /// but for those that go with the document that they are in.
    fn navigables_that_change(&self, top: NavigableId, step: u32) -> Vec<Changing> {
        let mut changing = Vec::new();
        let mut to_check = vec![top];
        while let Some(navigable) = to_check.pop() {
            let Some(held) = self.navigable(navigable) else {
                continue;
            };
            let history = &held.history;
            let target = greatest_not_behind(&history.entries, step);
            let target = target.filter(|target| *target != history.current);
            if let Some(target) = target.and_then(|target| history.entries.get(target)) {
                let state = self.document_states.get(target.document_state);
                let same_document = held.document.is_some()
                    && state.is_some_and(|state| state.document == held.document);
                changing.push(Changing {
                    navigable,
                    entry: target.id,
                    same_document,
                });
                if !same_document {
                    continue;
                }
            }
            to_check.extend(self.children(navigable).iter().rev());
        }
        changing
    }

    fn entry_of(&self, change: &Changing) -> Option<&super::HistoryEntry> {
        let history = &self.navigable(change.navigable)?.history;
        history.entries.iter().find(|held| held.id == change.entry)
    }

    /// [Apply the history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#apply-the-history-step).
    // IMPLEMENTATION-DEFINED: of several frames that load at one time each shows its document as
    // soon as that is there; the standard has them wait for one another.
    pub(crate) fn apply_the_history_step(
        &mut self,
        top: NavigableId,
        step: u32,
        next: &mut Next<'_>,
    ) {
        // Listeners of beforeunload may have changed what there is.
        let changing = self.navigables_that_change(top, step);
        self.set_current_step(top, step);
        for change in changing.into_iter().rev() {
            if change.same_document {
                next.push([Action::ShowEntry(change.navigable, change.entry)]);
            } else {
                let history = HistoryChange::Traverse(change.entry);
                next.push([Action::LoadEntry(change.navigable, history)]);
            }
        }
    }

    /// Loads the document of an entry again: it has been left, or is to be reloaded
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
        let unloading = self
            .active_document(navigable)
            .and_then(|document| self.document(document))
            .is_none_or(|document| document.unload_counter > 0);
        let Some(held) = self.navigable(navigable) else {
            return;
        };
        let entry = held.history.entries.iter().find(|held| held.id == id);
        let Some(entry) = entry.filter(|_| !unloading) else {
            return;
        };
        let Some(state) = self.document_states.get(entry.document_state) else {
            return;
        };
        let navigation = Navigation {
            id: 0,
            navigable,
            url: entry.url.clone(),
            srcdoc: state.srcdoc.clone(),
            post_resource: state.post_resource.clone(),
            source: None,
            initiator_origin: state.initiator_origin.clone(),
            initiator_base_url: state.initiator_base_url.clone(),
            initiator_csp_sandbox: state.initiator_csp_sandbox,
            referrer: state.referrer.clone(),
            sandbox: self.creation_sandboxing_flags(navigable),
            history,
            insertion,
            response: None,
        };
        if let Some(navigation) = self.set_ongoing_navigation(navigation) {
            next.push([Action::BeginNavigation(Box::new(navigation))]);
        }
    }

    /// [Reload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#reload): the document
    /// of the entry that is shown is loaded again in its place.
    pub fn reload(
        &mut self,
        _queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
    ) -> Steps {
        let Some(entry) = self.active_entry(navigable) else {
            return Steps::none();
        };
        let history = HistoryChange::Reload(entry.id);
        let mut actions = self.beforeunload_actions(navigable);
        actions.push(Action::LoadEntry(navigable, history));
        Steps::sequence(actions)
    }

    /// [Update document for history step application](https://html.spec.whatwg.org/multipage/browsing-the-web.html#update-document-for-history-step-application),
    /// for a document that was shown before: the entry becomes the active one.
    pub(crate) fn show_an_entry(
        &mut self,
        navigable: NavigableId,
        entry: u64,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Option<Effect> {
        let held = self.navigables.get_mut(navigable)?;
        let at = held
            .history
            .entries
            .iter()
            .position(|held| held.id == entry)?;
        held.history.current = at;
        let entry = held.history.entries.get(at)?.clone();
        let document = self.documents.get_mut(&held.document?)?;
        if document.latest_entry == entry.id {
            return None;
        }
        document.latest_entry = entry.id;
        let old_url = core::mem::replace(&mut document.url, entry.url);
        document.set_history_state(entry.state);
        let (id, window, new_url) = (document.id, document.window, document.url.clone());
        if old_url.fragment() != new_url.fragment() {
            let task = ContextTask::HashChange {
                window,
                old_url,
                new_url,
            };
            queues.queue(TaskSource::DomManipulation, Some(id), task);
        }
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FrameEvent::PopState,
        })
    }
}
