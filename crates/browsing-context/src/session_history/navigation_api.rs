//! The navigation API: its view of the history, and its notifications about navigations
//! ([HTML, the navigation API](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api)).
//!
//! The embedder keeps the objects of the API, their promises and their events. A window whose `Navigation` was never
//! used has no listeners: no events are fired there, and none are prepared.

use std::collections::BTreeSet;

use framepost_event_loop::{ClientId, GlobalId, TaskQueues, TaskSource};
use url::Url;

use super::HistoryEntry;

use super::history_api::{can_have_its_url_rewritten, navigation_type_of};
use crate::Contexts;
use crate::documents::{Document, Window};
use crate::ids::NavigableId;
use crate::origin::equals_excluding_fragments;
use crate::steps::{
    Activation, ContextTask, Effect, HistoryChange, HistoryHandling, NavigateEvent,
    NavigateEventOutcome, NavigationEntry, NavigationType, PageSwap, SerializedState, Traversal,
};

/// The state of the navigation API.
#[derive(Debug, Default)]
pub(crate) struct NavigationApi {
    /// The windows whose `Navigation` script has used.
    windows: BTreeSet<GlobalId>,
    /// The embedder's result of the last `navigate` event.
    goes_on: bool,
}

impl NavigationApi {
    pub(super) fn forget_window(&mut self, window: GlobalId) {
        self.windows.remove(&window);
    }
}

/// The inputs of a `navigate` event that do not follow from the destination.
#[derive(Default)]
pub(crate) struct Firing {
    pub(crate) navigation_type: NavigationType,
    pub(crate) same_document: bool,
    pub(crate) state: Option<SerializedState>,
    pub(crate) classic_state: Option<SerializedState>,
    pub(crate) source_element: Option<crate::dom::Node>,
    pub(crate) form_data: Option<SerializedState>,
    pub(crate) download: Option<String>,
    pub(crate) user_initiated: bool,
}

impl Contexts {
    /// Records that script uses the `Navigation` of this window.
    pub fn use_the_navigation_api(&mut self, window: GlobalId) {
        self.history.navigation_api.windows.insert(window);
    }

    /// The window of a document whose navigation API is in use, unless it
    /// [has entries and events disabled](https://html.spec.whatwg.org/multipage/nav-history-apis.html#has-entries-and-events-disabled).
    fn listening_window(&self, document: ClientId) -> Option<GlobalId> {
        if self.history.navigation_api.windows.is_empty() {
            return None;
        }
        let window = self.document(document)?.window();
        let listens = self.history.navigation_api.windows.contains(&window);
        (listens && !self.has_entries_and_events_disabled(window)).then_some(window)
    }

    /// [Has entries and events disabled](https://html.spec.whatwg.org/multipage/nav-history-apis.html#has-entries-and-events-disabled)
    #[must_use]
    pub fn has_entries_and_events_disabled(&self, window: GlobalId) -> bool {
        // 1. Find the document.
        let Some(document) = self.window(window).map(Window::document) else {
            return true;
        };
        // 2. to 4. The document is not fully active, is an initial about:blank, or is opaque.
        !self.is_fully_active(document)
            || self.document(document).is_none_or(|document| {
                document.is_initial_about_blank() || document.origin().is_opaque()
            })
    }

    /// The entries of a window's navigation API, and the index of the current one
    /// ([get session history entries for the navigation API](https://html.spec.whatwg.org/multipage/browsing-the-web.html#getting-session-history-entries-for-the-navigation-api)).
    #[must_use]
    pub fn navigation_api_entries(&self, window: GlobalId) -> (Vec<NavigationEntry>, usize) {
        let none = (Vec::new(), 0);
        if self.has_entries_and_events_disabled(window) {
            return none;
        }
        let Some(held) = self.window(window) else {
            return none;
        };
        let (document, navigable) = (held.document(), held.navigable());
        let Some(history) = self.session_history(navigable) else {
            return none;
        };
        // 1. to 5. Begin with the current entry, whose origin is that of the document.
        // 6. to 9. Add the contiguous entries around it that have its origin.
        // SPEC-ISSUE: the standard stops (7.) before it reaches the first entry. Browsers include it.
        let same_origin = |entry: &&HistoryEntry| {
            let origin = self.origin_of_entry(entry);
            let own = self.document(document).map(Document::origin);
            matches!((origin, own), (Some(origin), Some(own)) if origin.same_origin(own))
        };
        let before = history.entries[..history.current.min(history.entries.len())]
            .iter()
            .rev();
        let before = before.take_while(same_origin).count();
        let first = history.current - before;
        let after = history
            .entries
            .get(history.current + 1..)
            .unwrap_or_default();
        let last = history.current + after.iter().take_while(same_origin).count();
        let shown = history.entries.get(first..=last).unwrap_or_default().iter();
        // 10. Return them.
        let entries = shown.map(|entry| self.navigation_entry(entry, document));
        (entries.collect(), before)
    }

    fn origin_of_entry(&self, entry: &HistoryEntry) -> Option<&crate::origin::Origin> {
        let state = self.history.document_states.get(entry.document_state)?;
        state.origin.as_ref()
    }

    fn navigation_entry(&self, entry: &HistoryEntry, document: ClientId) -> NavigationEntry {
        let state = self.history.document_states.get(entry.document_state);
        let same_document = state.is_some_and(|state| state.document == Some(document));
        let hides_url = state.is_some_and(|state| state.hides_url);
        NavigationEntry {
            id: entry.id,
            key: entry.key,
            url: (same_document || !hides_url).then(|| entry.url.clone()),
            same_document,
            state: entry.navigation_state.clone(),
        }
    }

    /// The data of `navigation.activation` of a window: the entry that was current before, and how the document
    /// became active.
    #[must_use]
    pub fn navigation_activation(
        &self,
        window: GlobalId,
    ) -> Option<(Option<NavigationEntry>, NavigationType)> {
        if self.has_entries_and_events_disabled(window) {
            return None;
        }
        let document = self.window(window)?.document();
        let (from, how) = self
            .history
            .by_document
            .get(&document)?
            .activation
            .as_ref()?;
        let from = from
            .as_ref()
            .map(|entry| self.navigation_entry(entry, document));
        // The entry before a traversal is included only if it is in the list.
        let (entries, _) = self.navigation_api_entries(window);
        let is_shown = |from: &NavigationEntry| entries.iter().any(|entry| entry.id == from.id);
        let from = from.filter(|from| *how != NavigationType::Traverse || is_shown(from));
        Some((from, *how))
    }

    /// The target entry of a navigation, for the `pageswap` event of the document that is left
    /// ([fire the pageswap event](https://html.spec.whatwg.org/multipage/browsing-the-web.html#fire-the-pageswap-event)).
    pub(crate) fn target_of_a_page_swap(
        &self,
        left: ClientId,
        activation: &Activation,
        is_redirected_across_origins: bool,
    ) -> Option<PageSwap> {
        // 2. and 3. Without a current entry, there is no activation.
        let held = self.document(left)?;
        if self.has_entries_and_events_disabled(held.window()) {
            return None;
        }
        // 4. There is none for another origin. After a redirect through another origin, there is one only of a known
        // entry.
        let new = self.document(activation.document)?;
        let HistoryChange::Navigation(handling) = activation.history else {
            let history = self.session_history(activation.navigable)?;
            let entry = history.entry(activation.entry)?;
            // 4.1. and 4.2. It is the current entry, or the target of the traversal.
            return new.origin().same_origin(held.origin()).then(|| PageSwap {
                entry: self.navigation_entry(entry, left),
                navigation_type: match activation.history {
                    HistoryChange::Traverse(_) => NavigationType::Traverse,
                    _ => NavigationType::Reload,
                },
            });
        };
        if is_redirected_across_origins || !new.origin().same_origin(held.origin()) {
            return None;
        }
        // 4.3. Otherwise it is a new entry.
        let replaced = self.active_entry(activation.navigable);
        let replaced = replaced.filter(|_| handling == HistoryHandling::Replace);
        Some(PageSwap {
            entry: NavigationEntry {
                id: activation.entry,
                key: replaced.map_or(activation.entry, |entry| entry.key),
                url: Some(new.url().clone()),
                same_document: false,
                state: activation.navigation_state.clone(),
            },
            navigation_type: navigation_type_of(handling),
        })
    }

    /// Records how a document became active.
    pub(super) fn note_the_activation(
        &mut self,
        document: ClientId,
        from: Option<HistoryEntry>,
        how: NavigationType,
    ) {
        let from = from.filter(|entry| {
            let own = self.document(document).map(Document::origin);
            let origin = self.origin_of_entry(entry);
            matches!((origin, own), (Some(origin), Some(own)) if origin.same_origin(own))
        });
        self.history.of_document(document).activation = Some((from, how));
    }

    /// Sets the navigation API state of the entry with this number in the history of a window's navigable.
    pub fn set_navigation_api_state(
        &mut self,
        window: GlobalId,
        entry: u64,
        state: Option<SerializedState>,
    ) {
        let Some(navigable) = self.window(window).map(Window::navigable) else {
            return;
        };
        if let Some(history) = self.history.by_navigable.get_mut(&navigable)
            && let Some(entry) = history.entries.iter_mut().find(|held| held.id == entry)
        {
            entry.navigation_state = state;
        }
    }

    /// The `navigate` event of [`Effect::FireNavigate`] is fired, with this outcome.
    pub fn navigate_event_fired(&mut self, outcome: NavigateEventOutcome) {
        self.history.navigation_api.goes_on = outcome == NavigateEventOutcome::Continue;
    }

    /// Takes the embedder's result of the event that was just fired.
    pub(crate) fn goes_on_after_the_navigate_event(&self) -> bool {
        self.history.navigation_api.goes_on
    }

    /// [Fire a push/replace/reload navigate event](https://html.spec.whatwg.org/multipage/nav-history-apis.html#fire-a-push/replace/reload-navigate-event),
    /// if anybody can listen.
    pub(crate) fn fire_a_navigate_event(
        &mut self,
        document: ClientId,
        url: &Url,
        firing: Firing,
    ) -> Option<Effect> {
        // 1. The document is given.
        // 2. The embedder informs the navigation API about aborting navigation before it fires the event.
        // 3. and 4. The document has to be fully active, with events enabled.
        let window = self.listening_window(document)?;
        self.history.navigation_api.goes_on = true;
        let current = self.document(document)?.url();
        // Steps 19 and 20 of the "inner navigate event firing algorithm": it is true only if the fragments differ, and not
        // for history.pushState().
        let hash_change = firing.classic_state.is_none()
            && firing.same_document
            && equals_excluding_fragments(url, current)
            && url.fragment() != current.fragment();
        // 5. to 12. The embedder creates the event and its destination, and fires it.
        Some(Effect::FireNavigate {
            window,
            event: Box::new(NavigateEvent {
                navigation_type: firing.navigation_type,
                can_intercept: can_have_its_url_rewritten(current, url),
                cancelable: true,
                hash_change,
                url: url.clone(),
                same_document: firing.same_document,
                entry: None,
                state: firing.state,
                classic_state: firing.classic_state,
                source_element: firing.source_element,
                form_data: firing.form_data,
                download: firing.download,
                user_initiated: firing.user_initiated,
                traversal: None,
            }),
        })
    }

    /// [Fire a traverse navigate event](https://html.spec.whatwg.org/multipage/nav-history-apis.html#fire-a-traverse-navigate-event)
    /// at the active document of a navigable that is about to show this entry of the same origin, if there can be a
    /// listener.
    pub(super) fn fire_a_traverse_navigate_event(
        &mut self,
        navigable: NavigableId,
        entry: u64,
        traversal: Option<(NavigableId, u32)>,
    ) -> Option<Effect> {
        let document = self.active_document(navigable)?;
        let window = self.listening_window(document)?;
        let entry = self.session_history(navigable)?.entry(entry)?;
        let held = self.document(document)?;
        let origin = self.origin_of_entry(entry)?;
        if !origin.same_origin(held.origin()) {
            return None;
        }
        // 4. to 8. The destination is the entry.
        let shown = self.navigation_entry(entry, document);
        let (url, current) = (entry.url.clone(), held.url());
        let same_document = shown.same_document;
        // 1. to 3. The embedder creates the event and its destination. The numbers below are those of the "inner navigate
        // event firing algorithm".
        let event = NavigateEvent {
            navigation_type: NavigationType::Traverse,
            // 7. A traversal to another document cannot be intercepted.
            can_intercept: same_document && can_have_its_url_rewritten(current, &url),
            // 8. and 9. Only that of a traversable can be canceled. NOT YET: a user's own traversal is canceled only after
            // an activation.
            cancelable: same_document && traversal.is_some(),
            // 19. and 20. It is true only if the fragments differ.
            hash_change: same_document
                && equals_excluding_fragments(&url, current)
                && url.fragment() != current.fragment(),
            url,
            same_document,
            state: shown.state.clone(),
            entry: Some(shown),
            classic_state: None,
            source_element: None,
            form_data: None,
            download: None,
            user_initiated: false,
            traversal,
        };
        // Fire a traverse navigate event, 9. Fire the event.
        self.history.navigation_api.goes_on = true;
        let event = Box::new(event);
        Some(Effect::FireNavigate { window, event })
    }

    /// [Inform the navigation API about aborting navigation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#inform-the-navigation-api-about-aborting-navigation)
    /// in a navigable, if it can have been informed of one.
    pub(crate) fn inform_about_aborting_navigation(
        &self,
        navigable: NavigableId,
        destroyed: bool,
    ) -> Option<Effect> {
        if self.history.navigation_api.windows.is_empty() {
            return None;
        }
        let window = self.navigable(navigable)?.active_window()?;
        let listens = self.history.navigation_api.windows.contains(&window);
        listens.then_some(Effect::NavigationAborted { window, destroyed })
    }

    /// Reports that the document has another current entry, if script can observe it.
    pub(crate) fn current_entry_changed(
        &self,
        document: ClientId,
        navigation_type: NavigationType,
    ) -> Option<Effect> {
        let window = self.listening_window(document)?;
        Some(Effect::CurrentEntryChanged {
            window,
            navigation_type,
        })
    }

    /// Commits a navigation that was intercepted: the
    /// [URL and history update steps](https://html.spec.whatwg.org/multipage/browsing-the-web.html#url-and-history-update-steps).
    /// The embedder updates the entries of its `Navigation` then.
    pub fn commit_an_intercepted_navigation(
        &mut self,
        window: GlobalId,
        url: Url,
        classic_state: Option<SerializedState>,
        state: Option<SerializedState>,
        navigation_type: NavigationType,
    ) {
        let Some(document) = self.window(window).map(Window::document) else {
            return;
        };
        let handling = match navigation_type {
            NavigationType::Push => HistoryHandling::Push,
            _ => HistoryHandling::Replace,
        };
        let is_classic = classic_state.is_some();
        self.url_and_history_update_steps(document, url, classic_state, handling);
        let Some(navigable) = self.window(window).map(Window::navigable) else {
            return;
        };
        // IMPLEMENTATION-DEFINED: as in browsers, `history.state` becomes null unless a method of `History`
        // navigates. In the standard it does not change.
        if !is_classic {
            self.history
                .of_document(document)
                .restore_the_history_object_state(None);
        }
        if let Some(history) = self.history.by_navigable.get_mut(&navigable)
            && let Some(entry) = history.entries.get_mut(history.current)
        {
            if !is_classic {
                entry.state = None;
            }
            entry.navigation_state = state;
        }
    }

    /// [Can have its URL rewritten](https://html.spec.whatwg.org/multipage/nav-history-apis.html#can-have-its-url-rewritten)
    #[must_use]
    pub fn can_have_its_url_rewritten(&self, document: ClientId, target: &Url) -> bool {
        let url = self.document(document).map(Document::url);
        url.is_some_and(|url| can_have_its_url_rewritten(url, target))
    }

    /// [Perform a navigation API traversal](https://html.spec.whatwg.org/multipage/nav-history-apis.html#performing-a-navigation-api-traversal),
    /// from step 11: appends the traversal to the entry with this key.
    pub fn traverse_to_a_key(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        window: GlobalId,
        key: u64,
    ) {
        let Some(held) = self.window(window) else {
            return;
        };
        let (source, navigable) = (held.document(), held.navigable());
        if let Some(traversable) = self.top(navigable) {
            let traversal = Traversal {
                traversable,
                delta: 0,
                source: Some(source),
                asked: Some((window, key)),
            };
            queues.queue_in_parallel(
                TaskSource::NavigationAndTraversal,
                None,
                ContextTask::Traverse(Box::new(traversal)),
            );
        }
    }

    /// The step of the entry that a navigation API requested.
    ///
    /// # Errors
    /// The name of the exception for the rejection of its promise, if there is no such entry.
    pub(super) fn step_of_key(
        &self,
        window: GlobalId,
        key: u64,
    ) -> Result<Option<u32>, &'static str> {
        let history = self.window(window).map(Window::navigable);
        let Some(history) = history.and_then(|navigable| self.session_history(navigable)) else {
            return Ok(None);
        };
        // IMPLEMENTATION-DEFINED: in the standard it is an `InvalidStateError`.
        let at = history.entries.iter().position(|entry| entry.key == key);
        let at = at.ok_or("AbortError")?;
        let Some(target) = history.entries.get(at).filter(|_| at != history.current) else {
            return Ok(None);
        };
        // IMPLEMENTATION-DEFINED: as in browsers, going back leads to the nearest step at which the entry is
        // the current one. The standard goes to the first.
        let next = history.entries.get(at + 1).map(|next| next.step);
        let navigable = self.window(window).map(Window::navigable);
        if let (Some(next), Some(navigable)) = (next, navigable)
            && at < history.current
        {
            let used = self.all_used_history_steps(navigable);
            let nearest = used.range(target.step..next).next_back();
            return Ok(Some(nearest.copied().unwrap_or(target.step)));
        }
        Ok(Some(target.step))
    }
}
