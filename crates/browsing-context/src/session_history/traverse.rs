//! Traversing the history
//! ([HTML, applying the history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#applying-the-history-step)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use super::HistoryEntry;
use super::entries::greatest_up_to;
use super::navigation_api::Firing;
use crate::Contexts;
use crate::dom::DomError;
use crate::ids::NavigableId;
use crate::origin::{equals_excluding_fragments, matches_about_blank};
use crate::steps::{
    Action, AfterNavigateEvent, ContextTask, Diagnostic, Effect, EventTarget, FiredEvent,
    HashChange, HistoryAction, HistoryChange, Insertion, Navigation, NavigationAction,
    NavigationType, Next, SerializedState, Steps, Traversal, UnloadAction,
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
            HistoryAction::GoOn(top, step) => {
                self.after_a_traverse_navigate_event(top, step, next);
            }
            HistoryAction::Reload(navigable, state) => {
                next.push_steps(self.go_on_with_a_reload(navigable, state));
            }
            HistoryAction::ApplyStep(top, step) => self.apply_the_history_step(top, step, next),
            HistoryAction::LoadEntry(navigable, change) => {
                self.load_an_entry(navigable, change, Insertion::Later, next);
            }
            HistoryAction::ShowEntry(navigable, entry) => {
                return self.show_an_entry(queues, navigable, entry, next);
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
    /// appends (4.), and [apply the history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#apply-the-history-step)
    /// up to the cancelation (1. to 5.). An earlier traversal ends first.
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
        let step = match traversal.asked {
            // The navigation API requests an entry.
            Some((window, key)) => match self.step_of_key(window, key) {
                Ok(step) => step?,
                Err(error) => return Some(Effect::TraversalFailed { window, key, error }),
            },
            // Traverse the history by a delta, 4.1. to 4.4. Find the target step among all used steps.
            None => {
                let steps: Vec<u32> = self.all_used_history_steps(top).into_iter().collect();
                let current = self.current_step(top);
                let current = steps.iter().rposition(|step| *step <= current)?;
                let delta = isize::try_from(traversal.delta).ok()?;
                *steps.get(current.checked_add_signed(delta)?)?
            }
        };
        // Traverse the history by a delta, 4.5. Apply the step. The numbers below are those of "apply the history step".
        // 1. and 2. Each step that is found is used.
        // 3. The sandbox of the initiator has to allow navigating all navigables that change.
        let changing = self.navigables_that_change(top, step);
        if let Some(source) = traversal.source {
            for change in &changing {
                if !self.may_navigate_by_its_sandbox(queues, Some(source), change.navigable, false)
                {
                    let url = self.entry_of(change)?.url.clone().into();
                    if let Some((window, key)) = traversal.asked {
                        let error = "SecurityError";
                        next.push_effect(Effect::TraversalFailed { window, key, error });
                    }
                    return Some(Effect::Report(Diagnostic::NavigationSandboxed { url }));
                }
            }
        }
        // 4. The navigables that lose their document are among those that change.
        // 5. Check if unloading is canceled. First fire navigate at the traversable (4.3.4. of that algorithm), whose
        // listeners may cancel the traversal.
        let of_top = changing
            .iter()
            .find(|change| change.navigable == top)
            .copied();
        let fire = of_top.and_then(|change| {
            self.fire_a_traverse_navigate_event(top, change.entry, Some((top, step)))
        });
        let Some(fire) = fire else {
            self.go_on_with_a_traversal(top, step, &changing, next);
            return None;
        };
        let after = AfterNavigateEvent::Traverse { top, step };
        next.push(NavigationAction::AfterNavigateEvent(after));
        next.push_effect(fire);
        if let Some(document) = self.active_document(top)
            && of_top.is_some_and(|change| !change.same_document)
        {
            next.push(UnloadAction::BeforeUnload(document));
        }
        None
    }

    /// The traversable's `navigate` event is fired: the rest of
    /// [check if unloading is canceled](https://html.spec.whatwg.org/multipage/browsing-the-web.html#checking-if-unloading-is-canceled).
    fn after_a_traverse_navigate_event(
        &mut self,
        top: NavigableId,
        step: u32,
        next: &mut Next<'_>,
    ) {
        // 4.3.3. beforeunload was already fired at the traversable's own document.
        let mut changing = self.navigables_that_change(top, step);
        let leaves_top = |change: &Changing| change.navigable == top && !change.same_document;
        let top_is_left = changing.iter().any(leaves_top);
        changing.retain(|change| !leaves_top(change));
        self.go_on_with_a_traversal(top, step, &changing, next);
        if top_is_left {
            let below = self.check_if_unloading_is_canceled(top);
            next.push_all(below.into_iter().skip(1).collect::<Vec<_>>());
        }
    }

    /// Continues a traversal that was deferred when its `navigate` event was intercepted
    /// ([resume applying the traverse history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#resume-applying-the-traverse-history-step)).
    pub fn resume_applying_the_traverse_history_step(
        &mut self,
        top: NavigableId,
        step: u32,
    ) -> Steps {
        Steps::one(HistoryAction::ApplyStep(top, step))
    }

    /// Checks if unloading is canceled in the navigables that lose their document, then applies the step.
    fn go_on_with_a_traversal(
        &mut self,
        top: NavigableId,
        step: u32,
        changing: &[Changing],
        next: &mut Next<'_>,
    ) {
        next.push(HistoryAction::ApplyStep(top, step));
        let other_documents = changing.iter().filter(|change| !change.same_document);
        let leaving: Vec<NavigableId> = other_documents.map(|change| change.navigable).collect();
        for navigable in leaving.into_iter().rev() {
            next.push_all(self.check_if_unloading_is_canceled(navigable));
        }
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
    // IMPLEMENTATION-DEFINED: if several frames load, each shows its document as soon as it is loaded. In the
    // standard they wait for each other.
    fn apply_the_history_step(&mut self, top: NavigableId, step: u32, next: &mut Next<'_>) {
        // 1. to 5. `traverse` has done these steps.
        // 6. Find the navigables that change. Listeners of beforeunload may have changed the history.
        let changing = self.navigables_that_change(top, step);
        self.set_current_step(top, step);
        // 7. and 9. to 11. The history object asks for its length and its index when they are needed.
        // 8. An entry becomes the current one when it is shown.
        // 12. For each navigable that changes:
        for change in changing.into_iter().rev() {
            if change.same_document {
                next.push(HistoryAction::ShowEntry(change.navigable, change.entry));
            } else {
                // 12.8. Load the document of the entry again.
                let history = HistoryChange::Traverse(change.entry);
                next.push(HistoryAction::LoadEntry(change.navigable, history));
            }
            // 12.7. Fire navigate, before 12.8. Frames below the traversable cannot cancel it.
            if change.navigable != top {
                let navigable = change.navigable;
                let fire = self.fire_a_traverse_navigate_event(navigable, change.entry, None);
                if let Some(fire) = fire {
                    next.push_effect(fire);
                }
            }
        }
    }

    /// Loads the document of an entry again
    /// ([attempt to populate the history entry's document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#attempt-to-populate-the-history-entry's-document),
    /// 3. and 4., with the parameters of
    /// [apply the history step](https://html.spec.whatwg.org/multipage/browsing-the-web.html#apply-the-history-step), 12.8.).
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
        // A document that is unloading stays.
        let document = self.active_document(navigable);
        if document.is_none_or(|document| self.is_unloading(document)) {
            return;
        }
        // 3. Find the resource.
        let held = self.session_history(navigable);
        let Some(entry) = held.and_then(|held| held.entry(id)) else {
            return;
        };
        let Some(state) = self.history.document_states.get(entry.document_state) else {
            return;
        };
        // Apply the history step, 12.8.2. to 12.8.6. The target has its sandbox, and there is no source.
        let navigation = Navigation {
            id: 0,
            navigable,
            url: entry.url.clone(),
            resource: state.resource.clone(),
            source: None,
            sandbox: self.creation_sandboxing_flags(navigable),
            history,
            insertion,
            navigation_state: None,
            response: None,
        };
        // 4. Create the navigation params by loading.
        self.begin_a_navigation_unless_traversing(navigation, next);
    }

    /// After a traversal back, a new frame loads the document of its entry and ignores its attributes. Returns
    /// whether it does.
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
    pub fn reload(&mut self, navigable: NavigableId) -> Steps {
        self.reload_with_state(navigable, None)
    }

    /// [Reload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#reload), with the navigation API state
    /// that the entry gets; `None` if it keeps its own.
    pub fn reload_with_state(
        &mut self,
        navigable: NavigableId,
        state: Option<SerializedState>,
    ) -> Steps {
        let Some(entry) = self.active_entry(navigable) else {
            return Steps::none();
        };
        // 1.1. to 1.4. Fire navigate, with the state that the entry will have.
        let url = entry.url.clone();
        let own = entry.navigation_state.clone();
        let firing = Firing {
            navigation_type: NavigationType::Reload,
            state: state.clone().or(own),
            ..Firing::default()
        };
        let document = self.active_document(navigable);
        let fire = document.and_then(|document| self.fire_a_navigate_event(document, &url, firing));
        match fire {
            Some(fire) => {
                let after = AfterNavigateEvent::Reload { navigable, state };
                Steps::sequence(vec![
                    Action::effect(fire),
                    NavigationAction::AfterNavigateEvent(after).into(),
                ])
            }
            None => self.go_on_with_a_reload(navigable, state),
        }
    }

    /// The `navigate` event of a reload is fired (1.5.).
    fn go_on_with_a_reload(
        &mut self,
        navigable: NavigableId,
        state: Option<SerializedState>,
    ) -> Steps {
        let Some(history) = self.history.by_navigable.get_mut(&navigable) else {
            return Steps::none();
        };
        let Some(entry) = history.entries.get_mut(history.current) else {
            return Steps::none();
        };
        if state.is_some() {
            entry.navigation_state = state;
        }
        // 2. to 4. Load the document of the entry again, unless unloading is canceled.
        let history = HistoryChange::Reload(entry.id);
        let mut actions = self.check_if_unloading_is_canceled(navigable);
        actions.push(HistoryAction::LoadEntry(navigable, history).into());
        Steps::sequence(actions)
    }

    /// [Update document for history step application](https://html.spec.whatwg.org/multipage/browsing-the-web.html#update-document-for-history-step-application),
    /// for a document that is already active.
    fn show_an_entry(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        entry: u64,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let history = self.history.by_navigable.get_mut(&navigable)?;
        let at = history.entries.iter().position(|held| held.id == entry)?;
        history.current = at;
        let entry = history.entries.get(at)?.clone();
        let document = self.active_document(navigable)?;
        // 1. and 2. If it is the document's latest entry, return.
        let held = self.history.of_document(document);
        if held.latest_entry == entry.id {
            return None;
        }
        // It is the latest entry from now on. Restore the history object state.
        held.latest_entry = entry.id;
        held.restore_the_history_object_state(entry.state);
        let held = self.document_mut(document)?;
        let (window, new_url) = (held.window(), entry.url.clone());
        let old_url = held.url().clone();
        held.set_target_fragment(entry.url.fragment());
        held.set_url(entry.url);
        // If the fragment differs, queue a task to fire hashchange.
        // SPEC-ISSUE: the standard does so even if other parts differ. Browsers fire it only if no other part
        // differs.
        if old_url.fragment() != new_url.fragment()
            && equals_excluding_fragments(&old_url, &new_url)
        {
            let task = ContextTask::HashChange(Box::new(HashChange {
                window,
                old_url,
                new_url,
            }));
            queues.queue(TaskSource::DomManipulation, Some(document), task);
        }
        // Update the navigation API's entries, then fire popstate.
        let popstate = Effect::Fire {
            target: EventTarget::Window(window),
            event: FiredEvent::PopState,
        };
        let Some(changed) = self.current_entry_changed(document, NavigationType::Traverse) else {
            return Some(popstate);
        };
        next.push_effect(popstate);
        Some(changed)
    }
}
