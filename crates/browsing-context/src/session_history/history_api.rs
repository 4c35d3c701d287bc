//! The algorithms of the `History` object
//! ([HTML, the History interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};
use url::Url;

use super::navigation_api::Firing;
use super::{HistoryEntry, ScrollRestoration, SerializedState};
use crate::Contexts;
use crate::dom::DomError;
use crate::ids::NavigableId;
use crate::steps::{
    Action, AfterNavigateEvent, ContextTask, Effect, EventTarget, FiredEvent, HashChange,
    HistoryHandling, NavigationAction, NavigationType, Steps,
};

impl Contexts {
    /// The navigable of a document, for a member of its `History`.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub(super) fn navigable_of_history(&self, document: ClientId) -> Result<NavigableId, DomError> {
        match self.document(document) {
            Some(held) if self.is_fully_active(document) => Ok(held.navigable()),
            _ => Err(DomError::Security {
                reason: "the document of this history is not fully active".to_owned(),
            }),
        }
    }

    /// [`history.length`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-length)
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn history_length(&self, document: ClientId) -> Result<usize, DomError> {
        let navigable = self.navigable_of_history(document)?;
        Ok(self.all_used_history_steps(navigable).len())
    }

    /// [`history.state`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-state)
    /// before it is deserialized, and the number of times that it was set. Keep the deserialized
    /// value until that number changes.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn history_state(
        &self,
        document: ClientId,
    ) -> Result<(u64, Option<SerializedState>), DomError> {
        self.navigable_of_history(document)?;
        let held = self.history.by_document.get(&document);
        Ok(held.map_or((0, None), |held| (held.state_version, held.state.clone())))
    }

    /// The getter of [`history.scrollRestoration`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-scroll-restoration).
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn scroll_restoration(&self, document: ClientId) -> Result<ScrollRestoration, DomError> {
        let navigable = self.navigable_of_history(document)?;
        let entry = self.active_entry(navigable);
        Ok(entry.map_or_else(ScrollRestoration::default, |entry| entry.scroll_restoration))
    }

    /// The setter of [`history.scrollRestoration`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-scroll-restoration).
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn set_scroll_restoration(
        &mut self,
        document: ClientId,
        mode: ScrollRestoration,
    ) -> Result<(), DomError> {
        let navigable = self.navigable_of_history(document)?;
        if let Some(history) = self.history.by_navigable.get_mut(&navigable)
            && let Some(entry) = history.entries.get_mut(history.current)
        {
            entry.scroll_restoration = mode;
        }
        Ok(())
    }

    /// The part of the [shared history push/replace steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps)
    /// before the state is serialized.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    // NOT YET: 6. A limit on how often a page may call this.
    pub fn check_history_push_or_replace(&self, document: ClientId) -> Result<(), DomError> {
        // 1. and 2. The document has to be fully active.
        self.navigable_of_history(document).map(|_| ())
    }

    /// The rest of the [shared history push/replace steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps):
    /// `pushState()` and `replaceState()` with the state that the embedder has serialized.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active, or cannot have this URL.
    pub fn history_push_or_replace(
        &mut self,
        document: ClientId,
        state: SerializedState,
        url: Option<&str>,
        handling: HistoryHandling,
    ) -> Result<Steps, DomError> {
        self.navigable_of_history(document)?;
        let Some(held) = self.document(document) else {
            return Ok(Steps::none());
        };
        // 3. The embedder has serialized the state.
        // 4. Without a URL, the document keeps its own.
        let mut new_url = held.url().clone();
        // 5. With one: parse it (5.1. and 5.2.), and check that the document can have it (5.3.).
        if let Some(url) = url.filter(|url| !url.is_empty()) {
            let refused = || DomError::Security {
                reason: format!("the document {} cannot have the URL {url:?}", held.url()),
            };
            new_url = self.parse_url(document, url).map_err(|_| refused())?;
            if !can_have_its_url_rewritten(held.url(), &new_url) {
                return Err(refused());
            }
        }
        // 7. and 8. Fire navigate.
        let firing = Firing {
            navigation_type: navigation_type_of(handling),
            same_document: true,
            classic_state: Some(state.clone()),
            ..Firing::default()
        };
        let fire = self.fire_a_navigate_event(document, &new_url, firing);
        // 9. and 10. Unless it was canceled, run the URL and history update steps.
        let Some(fire) = fire else {
            self.url_and_history_update_steps(document, new_url, Some(state), handling);
            return Ok(Steps::none());
        };
        let after = AfterNavigateEvent::PushOrReplace {
            document,
            url: new_url,
            state,
            history: handling,
        };
        Ok(Steps::sequence(vec![
            Action::effect(fire),
            NavigationAction::AfterNavigateEvent(after).into(),
        ]))
    }

    /// [URL and history update steps](https://html.spec.whatwg.org/multipage/browsing-the-web.html#url-and-history-update-steps).
    pub(crate) fn url_and_history_update_steps(
        &mut self,
        document: ClientId,
        new_url: Url,
        state: Option<SerializedState>,
        handling: HistoryHandling,
    ) {
        let id = self.history.next_entry_id();
        let Some(held) = self.document_mut(document) else {
            return;
        };
        // 1. Find the navigable.
        let navigable = held.navigable();
        // 4. Replace an initial about:blank.
        let handling = if held.is_initial_about_blank() {
            HistoryHandling::Replace
        } else {
            handling
        };
        // 8. Set the document's URL.
        held.set_url(new_url.clone());
        // 7. Restore the history object state, if there is a new one.
        let held = self.history.of_document(document);
        // 9. Set the latest entry.
        held.latest_entry = id;
        if state.is_some() {
            held.restore_the_history_object_state(state.clone());
        }
        // 2. and 3. Make the new entry from the active one.
        if let Some(active) = self.active_entry(navigable) {
            let entry = HistoryEntry {
                id,
                key: id,
                url: new_url,
                state: state.or_else(|| active.state.clone()),
                navigation_state: None,
                ..active.clone()
            };
            // 5., 11. and 12. Finalize the navigation: it becomes the active entry.
            // 10. The caller updates the navigation API.
            self.finalize_a_navigation(navigable, entry, handling);
        }
    }

    /// [Navigate to a fragment](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid).
    ///
    /// Its `navigate` event has been fired. `api_state` is the entry's navigation API state.
    // NOT YET: scrolling to the fragment.
    pub(crate) fn navigate_to_a_fragment(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        url: Url,
        history: HistoryHandling,
        api_state: Option<SerializedState>,
    ) -> Steps {
        let id = self.history.next_entry_id();
        let Some(held) = self.document_mut(document) else {
            return Steps::none();
        };
        let (navigable, window) = (held.navigable(), held.window());
        let old_url = held.url().clone();
        // 8. to 10. The history object asks for its index and its length when they are needed.
        // 12. Set the URL of the document.
        held.set_url(url.clone());
        held.set_target_fragment(url.fragment());
        let held = self.history.of_document(document);
        held.latest_entry = id;
        // 11. and 11.1. Set the state of the history object to null.
        // IMPLEMENTATION-DEFINED: also if the navigation replaces, which 14. would do.
        held.restore_the_history_object_state(None);
        if let Some(active) = self.active_entry(navigable) {
            // 6. Make the new entry from the active one.
            let entry = HistoryEntry {
                id,
                key: id,
                url: url.clone(),
                state: None,
                navigation_state: api_state,
                ..active.clone()
            };
            // 7. and 13. Replace the active entry, or add the new one behind it.
            // 16. and 17.1. Finalize the navigation.
            self.finalize_a_navigation(navigable, entry, history);
        }
        // 14. Update the document for history step application: queue a task to fire hashchange, and
        // fire popstate.
        // NOT YET: 15. Scroll to the fragment.
        if old_url.fragment() != url.fragment() {
            let task = ContextTask::HashChange(Box::new(HashChange {
                window,
                old_url,
                new_url: url,
            }));
            queues.queue(TaskSource::DomManipulation, Some(document), task);
        }
        let changed = self.current_entry_changed(document, navigation_type_of(history));
        let mut actions: Vec<Action> = changed.map(Action::effect).into_iter().collect();
        actions.push(Action::effect(Effect::Fire {
            target: EventTarget::Window(window),
            event: FiredEvent::PopState,
        }));
        Steps::sequence(actions)
    }
}

/// The navigation type of a navigation that changes the history in this way.
pub(crate) fn navigation_type_of(handling: HistoryHandling) -> NavigationType {
    match handling {
        HistoryHandling::Replace => NavigationType::Replace,
        HistoryHandling::Auto | HistoryHandling::Push => NavigationType::Push,
    }
}

/// [Can have its URL rewritten](https://html.spec.whatwg.org/multipage/nav-history-apis.html#can-have-its-url-rewritten)
pub(super) fn can_have_its_url_rewritten(document: &Url, target: &Url) -> bool {
    // 1. and 2. The parts up to the port have to be the same.
    let authority = |url: &Url| {
        let user = (url.username().to_owned(), url.password().map(str::to_owned));
        let host = (url.host_str().map(str::to_owned), url.port());
        (url.scheme().to_owned(), user, host)
    };
    if authority(document) != authority(target) {
        return false;
    }
    match target.scheme() {
        // 3. HTTP allows every path.
        "http" | "https" => true,
        // 4. A file keeps its path.
        "file" => document.path() == target.path(),
        // 5. and 6. Other URLs also keep their query.
        _ => document.path() == target.path() && document.query() == target.query(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn document_can_have_urls_that_differ_after_the_host() {
        for (document, target, expected) in [
            ("https://a.test/x", "https://a.test/y?z#w", true),
            ("https://a.test/x", "https://a.test:444/x", false),
            ("https://a.test/x", "https://u@a.test/x", false),
            ("https://a.test/x", "http://a.test/x", false),
            ("file:///a", "file:///a?q", true),
            ("file:///a", "file:///b", false),
            ("about:blank", "about:blank#x", true),
            ("about:blank", "about:blank?x", false),
            ("about:blank", "about:srcdoc", false),
            ("data:text/html,x", "data:text/html,x#y", true),
            ("data:text/html,x", "data:text/html,y", false),
        ] {
            let (document, target) = (Url::parse(document).unwrap(), Url::parse(target).unwrap());
            let allowed = can_have_its_url_rewritten(&document, &target);
            assert_eq!(allowed, expected, "{document} {target}");
        }
    }
}
