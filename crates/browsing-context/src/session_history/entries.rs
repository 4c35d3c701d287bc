//! The entries of all navigables of one top-level traversable as one joint history
//! ([HTML, centralized modifications of session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html#centralized-modifications-of-session-history)).

use std::collections::BTreeSet;

use framepost_event_loop::ClientId;
use url::Url;

use super::{DocumentState, DocumentStateId, HistoryChange, HistoryEntry, SessionHistory};
use crate::Contexts;
use crate::navigable::{HistoryHandling, NavigableId};

impl Contexts {
    pub(crate) fn next_entry_id(&mut self) -> u64 {
        self.last_history_entry += 1;
        self.last_history_entry
    }

    /// The session history entry that a navigable shows.
    #[must_use]
    pub fn active_entry(&self, navigable: NavigableId) -> Option<&HistoryEntry> {
        self.navigable(navigable)?.history.current()
    }

    pub(crate) fn active_entry_mut(&mut self, navigable: NavigableId) -> Option<&mut HistoryEntry> {
        let history = &mut self.navigables.get_mut(navigable)?.history;
        history.entries.get_mut(history.current)
    }

    /// The first entry of a new navigable, for its initial `about:blank`: it has the step of the
    /// first entry of the document that it is in. A frame of a document that was come back to gets
    /// the entries that it had.
    pub(crate) fn initialize_session_history(
        &mut self,
        navigable: NavigableId,
        url: Url,
        document: ClientId,
    ) {
        let parent = self.parent(navigable);
        if let Some(parent) = parent
            && let Some(restored) = self.take_nested_history(parent)
        {
            let step = self.current_step(parent);
            if let Some(held) = self.navigables.get_mut(navigable) {
                held.history = restored;
                held.history.restoring = true;
                let entries = &held.history.entries;
                held.history.current = greatest_not_behind(entries, step).unwrap_or(0);
                return;
            }
        }
        let step = parent.and_then(|parent| {
            let history = &self.navigable(parent)?.history;
            let state = history.current()?.document_state;
            let first = history
                .entries
                .iter()
                .find(|entry| entry.document_state == state)?;
            Some(first.step)
        });
        let entry = HistoryEntry {
            id: self.next_entry_id(),
            step: step.unwrap_or(0),
            url,
            document_state: self.document_states.insert(DocumentState {
                document: Some(document),
                ..DocumentState::default()
            }),
            state: None,
            scroll_restoration: super::ScrollRestoration::Auto,
        };
        if let Some(held) = self.documents.get_mut(&document) {
            held.latest_entry = entry.id;
        }
        if let Some(held) = self.navigables.get_mut(navigable) {
            held.history.entries.push(entry);
        }
    }

    /// What the next new frame of a document had when the document was left.
    // IMPLEMENTATION-DEFINED: the standard does not say which frame of the document that is loaded
    // anew is which; here they are counted.
    fn take_nested_history(&mut self, parent: NavigableId) -> Option<SessionHistory> {
        let state = self.active_entry(parent)?.document_state;
        let state = self.document_states.get_mut(state)?;
        let document = state.document?;
        let history = state.nested_histories.pop_front()?;
        if self.document(document)?.is_completely_loaded() {
            self.forget_histories(vec![history]);
            return None;
        }
        Some(history)
    }

    /// The [current session history step](https://html.spec.whatwg.org/multipage/document-sequences.html#tn-current-session-history-step)
    /// of the traversable that a navigable is in.
    #[must_use]
    pub fn current_step(&self, navigable: NavigableId) -> u32 {
        let top = self.top(navigable).and_then(|top| self.navigable(top));
        top.map_or(0, |top| top.traversable.step)
    }

    pub(crate) fn set_current_step(&mut self, navigable: NavigableId, step: u32) {
        if let Some(top) = self.top(navigable)
            && let Some(top) = self.navigables.get_mut(top)
        {
            top.traversable.step = step;
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
            .filter_map(|navigable| Some(&self.navigable(*navigable)?.history))
            .collect();
        while let Some(history) = histories.pop() {
            for entry in &history.entries {
                steps.insert(entry.step);
                if let Some(state) = self.document_states.get(entry.document_state) {
                    histories.extend(&state.nested_histories);
                }
            }
        }
        steps
    }

    /// [Clear the forward session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html#clear-the-forward-session-history).
    fn clear_the_forward_session_history(&mut self, top: NavigableId) {
        let step = self.current_step(top);
        let mut states: Vec<DocumentStateId> = Vec::new();
        let states_of = |entries: &[HistoryEntry]| -> Vec<DocumentStateId> {
            entries.iter().map(|entry| entry.document_state).collect()
        };
        for navigable in self.inclusive_descendant_navigables(top) {
            let Some(held) = self.navigables.get_mut(navigable) else {
                continue;
            };
            let ahead = held
                .history
                .entries
                .extract_if(.., |entry| entry.step > step)
                .collect::<Vec<_>>();
            let last = held.history.entries.len().saturating_sub(1);
            held.history.current = held.history.current.min(last);
            let kept = states_of(&held.history.entries);
            states.extend(&kept);
            self.forget_entries(ahead, &kept);
        }
        while let Some(state) = states.pop() {
            let Some(held) = self.document_states.get_mut(state) else {
                continue;
            };
            let mut nested = core::mem::take(&mut held.nested_histories);
            for history in &mut nested {
                let ahead = history
                    .entries
                    .extract_if(.., |entry| entry.step > step)
                    .collect::<Vec<_>>();
                let kept = states_of(&history.entries);
                states.extend(&kept);
                self.forget_entries(ahead, &kept);
            }
            if let Some(held) = self.document_states.get_mut(state) {
                held.nested_histories = nested;
            }
        }
    }

    /// Puts the entry of a navigation into the history
    /// ([finalize a cross-document navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#finalize-a-cross-document-navigation),
    /// [finalize a same-document navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#finalize-a-same-document-navigation)).
    /// Its step is set here.
    pub(crate) fn finalize_a_navigation(
        &mut self,
        navigable: NavigableId,
        mut entry: HistoryEntry,
        handling: HistoryHandling,
    ) {
        if handling == HistoryHandling::Push {
            let Some(top) = self.top(navigable) else {
                return;
            };
            self.clear_the_forward_session_history(top);
            let step = self.current_step(top).saturating_add(1);
            entry.step = step;
            self.set_current_step(top, step);
            if let Some(held) = self.navigables.get_mut(navigable) {
                held.history.entries.push(entry);
                held.history.current = held.history.entries.len() - 1;
            }
            return;
        }
        let Some(held) = self.navigables.get_mut(navigable) else {
            return;
        };
        let current = held.history.current;
        let Some(active) = held.history.entries.get_mut(current) else {
            held.history.entries.push(entry);
            return;
        };
        entry.step = active.step;
        let replaced = core::mem::replace(active, entry);
        let kept: Vec<_> = held
            .history
            .entries
            .iter()
            .map(|entry| entry.document_state)
            .collect();
        self.forget_entries(vec![replaced], &kept);
    }

    /// The document of an entry has been loaded again: the entry is shown.
    pub(crate) fn reactivate_an_entry(
        &mut self,
        navigable: NavigableId,
        entry: u64,
        document: ClientId,
        url: Url,
    ) {
        let Some(held) = self.navigables.get_mut(navigable) else {
            return;
        };
        let history = &mut held.history;
        // The entry may be gone: then that which is shown gets the document.
        if let Some(at) = history.entries.iter().position(|held| held.id == entry) {
            history.current = at;
        }
        let Some(active) = history.entries.get_mut(history.current) else {
            return;
        };
        active.url = url;
        let (id, state) = (active.id, active.state.clone());
        if let Some(held) = self.document_states.get_mut(active.document_state) {
            held.document = Some(document);
        }
        if let Some(held) = self.documents.get_mut(&document) {
            held.latest_entry = id;
            held.set_history_state(state);
        }
    }

    /// A new document is shown, by a new entry.
    pub(crate) fn add_an_entry(
        &mut self,
        navigable: NavigableId,
        url: Url,
        state: DocumentState,
        handling: HistoryHandling,
    ) {
        let document = state.document;
        let entry = HistoryEntry {
            id: self.next_entry_id(),
            step: 0,
            url,
            document_state: self.document_states.insert(state),
            state: None,
            scroll_restoration: super::ScrollRestoration::Auto,
        };
        if let Some(held) = document.and_then(|document| self.documents.get_mut(&document)) {
            held.latest_entry = entry.id;
        }
        self.finalize_a_navigation(navigable, entry, handling);
    }

    /// Keeps the histories of the frames of a navigable, whose document is left, in the states of
    /// the documents that they are in.
    pub(crate) fn keep_nested_histories(&mut self, navigable: NavigableId, change: HistoryChange) {
        let mut below = self.inclusive_descendant_navigables(navigable);
        if matches!(change, HistoryChange::Reload(_)) || below.len() == 1 {
            // A document that is loaded again in place has new frames.
            return;
        }
        below.remove(0);
        // From the end: children before their parents, which take them.
        for child in below.into_iter().rev() {
            let parent = self.parent(child);
            let Some(state) = parent.and_then(|parent| self.active_entry(parent)) else {
                continue;
            };
            let state = state.document_state;
            if let Some(held) = self.navigables.get_mut(child) {
                let history = core::mem::take(&mut held.history);
                if let Some(state) = self.document_states.get_mut(state) {
                    state.nested_histories.push_front(history);
                }
            }
        }
    }

    /// The navigable is gone, and its history with it
    /// ([update for navigable creation/destruction](https://html.spec.whatwg.org/multipage/browsing-the-web.html#update-for-navigable-creation/destruction)).
    /// `top` is the traversable that it was in.
    pub(crate) fn history_gone(&mut self, top: Option<NavigableId>, history: SessionHistory) {
        // OPTIMIZATION: a single entry shares its step with the document that the frame was in, so
        // that no step goes with it.
        let steps_may_go = history.entries.len() > 1;
        self.forget_histories(vec![history]);
        if let Some(top) = top.filter(|_| steps_may_go) {
            let step = self.current_step(top);
            let used = self.all_used_history_steps(top);
            if let Some(used) = used.range(..=step).next_back() {
                self.set_current_step(top, *used);
            }
        }
    }

    /// The document that is left is gone; entries that show it have to load it again.
    pub(crate) fn entries_lose_their_document(
        &mut self,
        navigable: NavigableId,
        document: ClientId,
    ) {
        let Some(held) = self.navigables.get(navigable) else {
            return;
        };
        for entry in &held.history.entries {
            if let Some(state) = self.document_states.get_mut(entry.document_state)
                && state.document == Some(document)
            {
                state.document = None;
            }
        }
    }

    /// Forgets what frames had that were not made again.
    pub(crate) fn forget_unclaimed_histories(&mut self, navigable: NavigableId) {
        let Some(state) = self.active_entry(navigable) else {
            return;
        };
        let state = state.document_state;
        if let Some(state) = self.document_states.get_mut(state) {
            let unclaimed = core::mem::take(&mut state.nested_histories);
            self.forget_histories(unclaimed.into());
        }
    }

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

/// [Get the target history entry](https://html.spec.whatwg.org/multipage/browsing-the-web.html#getting-the-target-history-entry)
pub(super) fn greatest_not_behind(entries: &[HistoryEntry], step: u32) -> Option<usize> {
    entries.iter().rposition(|entry| entry.step <= step)
}
