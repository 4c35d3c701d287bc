//! Changing the entries of a traversable's navigables
//! ([HTML, centralized modifications of session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html#centralized-modifications-of-session-history)).

use std::collections::BTreeSet;

use framepost_event_loop::ClientId;
use url::Url;

use super::history_api::navigation_type_of;
use super::{DocumentState, Histories, HistoryEntry, ScrollRestoration, SessionHistory};
use crate::Contexts;
use crate::fetch::ReferrerPolicy;
use crate::ids::{DocumentStateId, NavigableId};
use crate::steps::{
    DocumentResource, HistoryChange, HistoryHandling, NavigationType, SerializedState,
};

impl Contexts {
    /// Gives a new navigable its first entry, for its initial `about:blank`. The entry has the step
    /// of the first entry of its parent's document. After a traversal back, a frame gets its former entries.
    pub(crate) fn initialize_session_history(
        &mut self,
        navigable: NavigableId,
        url: Url,
        document: ClientId,
    ) {
        let parent = self.parent(navigable);
        if let Some(parent) = parent
            && let Some(mut restored) = self.take_nested_history(parent)
        {
            let step = self.current_step(parent);
            restored.restoring = true;
            restored.current = greatest_up_to(&restored.entries, step).unwrap_or(0);
            self.history.by_navigable.insert(navigable, restored);
            return;
        }
        let step = parent.and_then(|parent| {
            let history = self.session_history(parent)?;
            let state = history.current()?.document_state;
            let mut entries = history.entries.iter();
            let first = entries.find(|entry| entry.document_state == state)?;
            Some(first.step)
        });
        // A reload gives the document its origin and base URL again.
        let held = self.document(document);
        let origin = held.map(|held| held.origin().clone());
        let resource = DocumentResource {
            initiator_origin: held.map(|held| held.origin().clone()),
            initiator_base_url: held.and_then(|held| held.about_base_url().cloned()),
            initiator_policies: held.map(|held| held.policies().clone()).unwrap_or_default(),
            ..DocumentResource::default()
        };
        let histories = &mut self.history;
        let id = histories.next_entry_id();
        let entry = HistoryEntry {
            id,
            key: id,
            navigation_state: None,
            step: step.unwrap_or(0),
            url,
            document_state: histories.document_states.insert(DocumentState {
                document: Some(document),
                origin,
                resource,
                ..DocumentState::default()
            }),
            state: None,
            scroll_restoration: ScrollRestoration::Auto,
        };
        histories.of_document(document).latest_entry = entry.id;
        let history = histories.by_navigable.entry(navigable).or_default();
        history.entries.push(entry);
    }

    /// Takes the history that the next new frame of a document had when the document was unloaded.
    // IMPLEMENTATION-DEFINED: the standard does not identify the frames of a document that is loaded again; here
    // their order does.
    fn take_nested_history(&mut self, parent: NavigableId) -> Option<SessionHistory> {
        let state = self.active_entry(parent)?.document_state;
        let state = self.history.document_states.get_mut(state)?;
        let document = state.document?;
        let history = state.nested_histories.pop_front()?;
        if self.is_completely_loaded(document) {
            self.history.forget_histories(vec![history]);
            return None;
        }
        Some(history)
    }

    /// The [current session history step](https://html.spec.whatwg.org/multipage/document-sequences.html#tn-current-session-history-step)
    /// of the traversable that a navigable is in.
    #[must_use]
    pub fn current_step(&self, navigable: NavigableId) -> u32 {
        let top = self.top(navigable);
        let top = top.and_then(|top| self.history.traversables.get(&top));
        top.map_or(0, |top| top.step)
    }

    pub(super) fn set_current_step(&mut self, navigable: NavigableId, step: u32) {
        if let Some(top) = self.top(navigable) {
            let held = self.history.traversables.entry(top).or_default();
            held.step = step;
            held.greatest_step = held.greatest_step.max(step);
        }
    }

    /// [Get all used history steps](https://html.spec.whatwg.org/multipage/browsing-the-web.html#getting-all-used-history-steps)
    /// of the traversable that a navigable is in.
    #[must_use]
    pub fn all_used_history_steps(&self, navigable: NavigableId) -> BTreeSet<u32> {
        let mut steps = BTreeSet::new();
        let Some(top) = self.top(navigable) else {
            return steps;
        };
        let navigables = self.inclusive_descendant_navigables(top);
        let mut histories: Vec<&SessionHistory> = navigables
            .iter()
            .filter_map(|navigable| self.session_history(*navigable))
            .collect();
        // 1. to 3. Begin with the entries of all navigables.
        // 4. Take the steps of all entries, and of all nested histories of their document states.
        while let Some(history) = histories.pop() {
            for entry in &history.entries {
                steps.insert(entry.step);
                if let Some(state) = self.history.document_states.get(entry.document_state) {
                    histories.extend(&state.nested_histories);
                }
            }
        }
        // 5. Return them, in order.
        steps
    }

    /// [Clear the forward session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html#clear-the-forward-session-history).
    fn clear_the_forward_session_history(&mut self, top: NavigableId) {
        // 1. and 2. Find the step.
        let step = self.current_step(top);
        // OPTIMIZATION: a page that pushes entry after entry has none ahead.
        match self.history.traversables.get_mut(&top) {
            Some(held) if held.greatest_step > step => held.greatest_step = step,
            _ => return,
        }
        // 3. and 4. Remove the later entries of all navigables.
        let mut states: Vec<DocumentStateId> = Vec::new();
        let navigables = self.inclusive_descendant_navigables(top);
        let histories = &mut self.history;
        for navigable in navigables {
            let Some(history) = histories.by_navigable.get_mut(&navigable) else {
                continue;
            };
            let ahead = take_entries_after(history, step);
            let last = history.entries.len().saturating_sub(1);
            history.current = history.current.min(last);
            let kept = states_of(&history.entries);
            states.extend(&kept);
            histories.forget_entries(ahead, &kept);
        }
        // 4.2. Remove those of their nested histories, too.
        while let Some(state) = states.pop() {
            let Some(held) = histories.document_states.get_mut(state) else {
                continue;
            };
            let mut nested = core::mem::take(&mut held.nested_histories);
            for history in &mut nested {
                let ahead = take_entries_after(history, step);
                let kept = states_of(&history.entries);
                states.extend(&kept);
                histories.forget_entries(ahead, &kept);
            }
            if let Some(held) = histories.document_states.get_mut(state) {
                held.nested_histories = nested;
            }
        }
    }

    /// Puts the entry of a navigation into the history, and sets its step
    /// ([finalize a cross-document navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#finalize-a-cross-document-navigation),
    /// [finalize a same-document navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#finalize-a-same-document-navigation)).
    /// The numbers are those of the first one; those of the second one stand behind them.
    // 10. (6.) The caller shows the entry: it applies no history step.
    pub(super) fn finalize_a_navigation(
        &mut self,
        navigable: NavigableId,
        mut entry: HistoryEntry,
        handling: HistoryHandling,
    ) {
        // 5. Only a navigation that replaces has an entry to replace.
        // 7. and 8. (3. and 4.) The steps and the entries are those of the traversable and the navigable.
        // 9. (5.) Without an entry to replace:
        if handling == HistoryHandling::Push {
            // 6. Find the traversable.
            let Some(top) = self.top(navigable) else {
                return;
            };
            // 9.1. (5.1.) Clear the forward session history.
            self.clear_the_forward_session_history(top);
            // 9.2. and 9.3. (5.2. and 5.3.) The entry has the next step.
            let step = self.current_step(top).saturating_add(1);
            entry.step = step;
            self.set_current_step(top, step);
            // 9.4. (5.4.) Append it.
            if let Some(history) = self.history.by_navigable.get_mut(&navigable) {
                history.entries.push(entry);
                history.current = history.entries.len() - 1;
            }
            return;
        }
        // 9. (5.) Otherwise:
        let Some(history) = self.history.by_navigable.get_mut(&navigable) else {
            return;
        };
        let Some(active) = history.entries.get_mut(history.current) else {
            history.entries.push(entry);
            return;
        };
        // 9.2. and 9.4. (5.2. and 5.3.) The entry has the step of the replaced one.
        entry.step = active.step;
        // 9.3. It keeps the navigation API key, if the origin is the same.
        let (old, new) = (active.document_state, entry.document_state);
        let states = &self.history.document_states;
        let origin_of = |state| states.get(state).and_then(|state| state.origin.as_ref());
        if let (Some(old), Some(new)) = (origin_of(old), origin_of(new))
            && old.same_origin(new)
        {
            entry.key = active.key;
        }
        // 9.1. (5.1.) Replace the old entry.
        let replaced = core::mem::replace(active, entry);
        if old != new {
            let kept = states_of(&history.entries);
            self.history.forget_entries(vec![replaced], &kept);
        }
    }

    /// The document of an entry was loaded again: the entry becomes the current one.
    pub(crate) fn reactivate_an_entry(
        &mut self,
        navigable: NavigableId,
        entry: u64,
        document: ClientId,
        url: Url,
        how: NavigationType,
    ) {
        let left = self.active_entry(navigable).cloned();
        self.note_the_activation(document, left, how);
        let origin = self.document(document).map(|held| held.origin().clone());
        let histories = &mut self.history;
        let Some(history) = histories.by_navigable.get_mut(&navigable) else {
            return;
        };
        // If the entry is gone, the current one gets the document.
        if let Some(at) = history.entries.iter().position(|held| held.id == entry) {
            history.current = at;
        }
        let Some(active) = history.entries.get_mut(history.current) else {
            return;
        };
        active.url = url;
        let (id, state) = (active.id, active.state.clone());
        if let Some(held) = histories.document_states.get_mut(active.document_state) {
            held.document = Some(document);
            held.origin = origin;
        }
        let held = histories.of_document(document);
        held.latest_entry = id;
        held.restore_the_history_object_state(state);
    }

    /// A new document becomes active: it gets an entry.
    pub(crate) fn add_an_entry(
        &mut self,
        navigable: NavigableId,
        document: ClientId,
        id: u64,
        resource: DocumentResource,
        handling: HistoryHandling,
        navigation_state: Option<SerializedState>,
    ) {
        let Some(held) = self.document(document) else {
            return;
        };
        let (url, origin) = (held.url().clone(), Some(held.origin().clone()));
        let left = self.active_entry(navigable).cloned();
        self.note_the_activation(document, left, navigation_type_of(handling));
        let histories = &mut self.history;
        let entry = HistoryEntry {
            id,
            key: id,
            navigation_state,
            step: 0,
            url,
            document_state: histories.document_states.insert(DocumentState {
                document: Some(document),
                origin,
                resource,
                ..DocumentState::default()
            }),
            state: None,
            scroll_restoration: ScrollRestoration::Auto,
        };
        histories.of_document(document).latest_entry = entry.id;
        self.finalize_a_navigation(navigable, entry, handling);
    }

    /// Sets the target name of a navigable that is about to show another document. A page of another origin does not
    /// get the name of the previous page, unless there is an opener ([finalize a cross-document
    /// navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#finalize-a-cross-document-navigation),
    /// step 4). After a traversal, a page gets its former name.
    pub(crate) fn update_the_target_name(
        &mut self,
        navigable: NavigableId,
        new: ClientId,
        change: HistoryChange,
    ) {
        let Some(held) = self.navigable(navigable) else {
            return;
        };
        let old = held.active_document();
        let old = old.and_then(|old| self.document(old));
        let is_alone = held.parent().is_none() && held.opener().is_none();
        // SPEC-ISSUE: in the standard, a window that was opened without an opener loses its name with its first page.
        // No browser does that, and web-platform-tests forbid it.
        let same_origin = match (old, self.document(new)) {
            (Some(old), Some(new)) => {
                old.is_initial_about_blank() || old.origin().same_origin(new.origin())
            }
            _ => true,
        };
        let history = self.session_history(navigable);
        let left = history.and_then(|history| Some(history.current()?.document_state));
        let name = match change {
            HistoryChange::Navigation(_) if is_alone && !same_origin => String::new(),
            HistoryChange::Traverse(id) => {
                let entry = history.and_then(|history| history.entry(id));
                let state = entry.map(|entry| entry.document_state);
                let state = state.and_then(|state| self.history.document_states.get(state));
                let kept = state.and_then(|state| state.target_name.clone());
                kept.unwrap_or_else(|| held.name().to_owned())
            }
            _ => held.name().to_owned(),
        };
        let Some(held) = self.navigable_mut(navigable) else {
            return;
        };
        let before = held.replace_name(name);
        let left = left.and_then(|left| self.history.document_states.get_mut(left));
        if let Some(left) = left {
            left.target_name = Some(before);
        }
    }

    /// The document of a navigable is unloaded: keeps the histories of its frames in the states of the documents that
    /// contain them.
    pub(crate) fn keep_nested_histories(&mut self, navigable: NavigableId, change: HistoryChange) {
        let mut below = self.inclusive_descendant_navigables(navigable);
        if matches!(change, HistoryChange::Reload(_)) || below.len() == 1 {
            // A reloaded document creates its frames again.
            return;
        }
        below.remove(0);
        // From the end, so that children come before the parents that take them.
        for child in below.into_iter().rev() {
            let parent = self.parent(child);
            let Some(state) = parent.and_then(|parent| self.active_entry(parent)) else {
                continue;
            };
            let state = state.document_state;
            if let Some(history) = self.history.by_navigable.get_mut(&child) {
                let history = core::mem::take(history);
                if let Some(state) = self.history.document_states.get_mut(state) {
                    state.nested_histories.push_front(history);
                }
            }
        }
    }

    /// A navigable is destroyed, and its history with it
    /// ([update for navigable creation/destruction](https://html.spec.whatwg.org/multipage/browsing-the-web.html#update-for-navigable-creation/destruction)).
    /// `top` is the traversable that it was in.
    pub(crate) fn history_is_gone(&mut self, top: Option<NavigableId>, navigable: NavigableId) {
        self.history.traversables.remove(&navigable);
        let Some(history) = self.history.by_navigable.remove(&navigable) else {
            return;
        };
        // OPTIMIZATION: a single entry has a step of its parent's document, so that no step is lost
        // with it.
        let steps_may_go = history.entries.len() > 1;
        self.history.forget_histories(vec![history]);
        if let Some(top) = top.filter(|_| steps_may_go) {
            let step = self.current_step(top);
            let used = self.all_used_history_steps(top);
            if let Some(used) = used.range(..=step).next_back() {
                self.set_current_step(top, *used);
            }
        }
    }

    /// A document is unloaded and destroyed: its entries have to load it again.
    pub(crate) fn entries_lose_their_document(
        &mut self,
        navigable: NavigableId,
        document: ClientId,
    ) {
        let policy = self
            .document(document)
            .map(|held| held.policies().referrer_policy);
        let hides_url = matches!(
            policy,
            Some(ReferrerPolicy::NoReferrer | ReferrerPolicy::Origin)
        );
        let Some(history) = self.history.by_navigable.get(&navigable) else {
            return;
        };
        for entry in &history.entries {
            if let Some(state) = self.history.document_states.get_mut(entry.document_state)
                && state.document == Some(document)
            {
                state.document = None;
                state.hides_url = hides_url;
            }
        }
    }

    /// A document is completely loaded: removes the histories of frames that it did not create again.
    pub(crate) fn forget_unclaimed_histories(&mut self, navigable: NavigableId) {
        let Some(state) = self.active_entry(navigable) else {
            return;
        };
        let state = state.document_state;
        if let Some(state) = self.history.document_states.get_mut(state) {
            let unclaimed = core::mem::take(&mut state.nested_histories);
            self.history.forget_histories(unclaimed.into());
        }
    }
}

impl Histories {
    /// Removes the document states of entries that are gone, except those that other entries share.
    fn forget_entries(&mut self, entries: Vec<HistoryEntry>, kept: &[DocumentStateId]) {
        for entry in entries {
            if !kept.contains(&entry.document_state)
                && let Some(state) = self.document_states.remove(entry.document_state)
            {
                self.forget_histories(state.nested_histories.into());
            }
        }
    }

    fn forget_histories(&mut self, mut histories: Vec<SessionHistory>) {
        while let Some(history) = histories.pop() {
            for entry in history.entries {
                if let Some(state) = self.document_states.remove(entry.document_state) {
                    histories.extend(state.nested_histories);
                }
            }
        }
    }
}

fn states_of(entries: &[HistoryEntry]) -> Vec<DocumentStateId> {
    entries.iter().map(|entry| entry.document_state).collect()
}

fn take_entries_after(history: &mut SessionHistory, step: u32) -> Vec<HistoryEntry> {
    history
        .entries
        .extract_if(.., |entry| entry.step > step)
        .collect()
}

/// [Get the target history entry](https://html.spec.whatwg.org/multipage/browsing-the-web.html#getting-the-target-history-entry):
/// the index of the entry with the greatest step that is not greater than `step`.
pub(super) fn greatest_up_to(entries: &[HistoryEntry], step: u32) -> Option<usize> {
    entries.iter().rposition(|entry| entry.step <= step)
}
