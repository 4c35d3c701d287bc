//! What `History` needs
//! ([HTML, the History interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface)).

use framepost_event_loop::{ClientId, TaskQueues};
use url::Url;

use super::{HistoryEntry, ScrollRestoration, SerializedState};
use crate::document::Document;
use crate::navigable::{HistoryHandling, NavigableId};
use crate::{ContextTask, Contexts, DomError, Steps};

impl Contexts {
    /// The navigable of a document, for a member of its `History`.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    fn history_of(&self, document: ClientId) -> Result<NavigableId, DomError> {
        match self.document(document) {
            Some(held) if self.is_fully_active(document) => Ok(held.navigable),
            _ => Err(DomError::Security {
                reason: "the history of a document that is not fully active".to_owned(),
            }),
        }
    }

    /// [`history.length`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-length)
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn history_length(&self, document: ClientId) -> Result<usize, DomError> {
        let navigable = self.history_of(document)?;
        Ok(self.all_used_history_steps(navigable).len())
    }

    /// [`history.state`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-state)
    /// before it is deserialized, and how many times it was set: the deserialized value is to be
    /// kept until that number changes.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn history_state(
        &self,
        document: ClientId,
    ) -> Result<(u64, Option<SerializedState>), DomError> {
        self.history_of(document)?;
        let held = self.document(document);
        Ok(held.map_or((0, None), |held| {
            (held.history_state_version, held.history_state.clone())
        }))
    }

    /// The getter of [`history.scrollRestoration`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-scroll-restoration).
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn scroll_restoration(&self, document: ClientId) -> Result<ScrollRestoration, DomError> {
        let navigable = self.history_of(document)?;
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
        let navigable = self.history_of(document)?;
        if let Some(entry) = self.active_entry_mut(navigable) {
            entry.scroll_restoration = mode;
        }
        Ok(())
    }

    /// [Delta traverse](https://html.spec.whatwg.org/multipage/nav-history-apis.html#delta-traverse):
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
        let navigable = self.history_of(document)?;
        if delta == 0 {
            return Ok(self.reload(queues, navigable));
        }
        self.traverse_the_history_by_a_delta(queues, navigable, delta, Some(document));
        Ok(Steps::none())
    }

    /// The checks of the [shared history push/replace steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps)
    /// that come before the state is serialized.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active.
    pub fn check_history_push_or_replace(&self, document: ClientId) -> Result<(), DomError> {
        self.history_of(document).map(|_| ())
    }

    /// The rest of the [shared history push/replace steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps):
    /// `pushState()` and `replaceState()` with the state that the embedder has serialized.
    ///
    /// # Errors
    /// `SecurityError` when the document is not fully active, or may not have this URL.
    pub fn history_push_or_replace(
        &mut self,
        document: ClientId,
        state: SerializedState,
        url: Option<&str>,
        handling: HistoryHandling,
    ) -> Result<(), DomError> {
        self.history_of(document)?;
        let Some(held) = self.document(document) else {
            return Ok(());
        };
        let mut new_url = held.url.clone();
        if let Some(url) = url.filter(|url| !url.is_empty()) {
            let refused = || DomError::Security {
                reason: format!("the document {} cannot have the URL {url:?}", held.url),
            };
            new_url = self.parse_url(document, url).map_err(|_| refused())?;
            if !can_have_its_url_rewritten(&held.url, &new_url) {
                return Err(refused());
            }
        }
        self.url_and_history_update_steps(document, new_url, Some(state), handling);
        Ok(())
    }

    /// [URL and history update steps](https://html.spec.whatwg.org/multipage/browsing-the-web.html#url-and-history-update-steps).
    pub(crate) fn url_and_history_update_steps(
        &mut self,
        document: ClientId,
        new_url: Url,
        state: Option<SerializedState>,
        handling: HistoryHandling,
    ) {
        let id = self.next_entry_id();
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        let navigable = held.navigable;
        let handling = if held.is_initial_about_blank {
            HistoryHandling::Replace
        } else {
            handling
        };
        held.url.clone_from(&new_url);
        held.latest_entry = id;
        if state.is_some() {
            held.set_history_state(state.clone());
        }
        if let Some(active) = self.active_entry(navigable) {
            let entry = HistoryEntry {
                id,
                url: new_url,
                state: state.or_else(|| active.state.clone()),
                ..active.clone()
            };
            self.finalize_a_navigation(navigable, entry, handling);
        }
    }
}

impl Document {
    /// [Restore the history object state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#restore-the-history-object-state).
    pub(crate) fn set_history_state(&mut self, state: Option<SerializedState>) {
        self.history_state = state;
        self.history_state_version += 1;
    }
}

/// [Can have its URL rewritten](https://html.spec.whatwg.org/multipage/nav-history-apis.html#can-have-its-url-rewritten)
fn can_have_its_url_rewritten(document: &Url, target: &Url) -> bool {
    let authority = |url: &Url| {
        let user = (url.username().to_owned(), url.password().map(str::to_owned));
        let host = (url.host_str().map(str::to_owned), url.port());
        (url.scheme().to_owned(), user, host)
    };
    if authority(document) != authority(target) {
        return false;
    }
    match target.scheme() {
        "http" | "https" => true,
        "file" => document.path() == target.path(),
        _ => document.path() == target.path() && document.query() == target.query(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn urls_that_a_document_can_have() {
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
