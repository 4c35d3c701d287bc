//! The common properties of windows and workers as global objects
//! ([HTML, environment settings objects](https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object)).
//!
//! A [`GlobalId`] names a window or a worker's global scope. A [`ClientId`] names the owner of its tasks: a document
//! or a worker's event loop.

mod isolation;
mod storage_key;
mod websocket;

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use crate::Contexts;
use crate::documents::{AgentClusterKey, Document, parse_relative};
use crate::dom::DomError;
use crate::fetch::{FetchClient, Fetching, Request};
use crate::origin::Origin;
use crate::workers::table::Worker;

impl Contexts {
    /// The client of a global object: a window's document or a worker's event loop.
    #[must_use]
    pub fn client_of_global(&self, global: GlobalId) -> Option<ClientId> {
        match self.window(global) {
            Some(window) => Some(window.document()),
            None => self.worker(global).map(Worker::event_loop),
        }
    }

    /// The global object of a document or of a worker's event loop.
    #[must_use]
    pub fn global_of_client(&self, client: ClientId) -> Option<GlobalId> {
        match self.document(client) {
            Some(document) => Some(document.window()),
            None => self.worker_of_event_loop(client).map(Worker::id),
        }
    }

    /// The [origin](https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-origin)
    /// of a window's document or of a worker.
    #[must_use]
    pub fn origin_of_global(&self, global: GlobalId) -> Option<&Origin> {
        match self.window(global) {
            Some(window) => Some(self.document(window.document())?.origin()),
            None => self.worker(global).map(Worker::origin),
        }
    }

    /// [Check if we can run script](https://html.spec.whatwg.org/multipage/webappapis.html#check-if-we-can-run-script)
    #[must_use]
    pub fn can_run_script(&self, global: GlobalId) -> bool {
        // 1. and 2. A window needs a fully active document that enables scripting.
        let runs = self.is_in_a_fully_active_document(global);
        runs && self.scripting_is_enabled(global)
    }

    /// Whether this is a window with a fully active document, or a worker that has not ended.
    #[must_use]
    pub fn is_in_a_fully_active_document(&self, global: GlobalId) -> bool {
        // OPTIMIZATION: the active window of a navigable is that of its active document, so this finds the window, and
        // not the document too. Each message asks twice.
        match self.window(global) {
            Some(window) => self.active_window(window.navigable()) == Some(global),
            None => self.worker(global).is_some(),
        }
    }

    /// Whether [scripting is enabled](https://html.spec.whatwg.org/multipage/webappapis.html#concept-environment-script)
    /// for a global object.
    #[must_use]
    pub fn scripting_is_enabled(&self, global: GlobalId) -> bool {
        let Some(window) = self.window(global) else {
            return self.worker(global).is_some();
        };
        let document = self.document(window.document());
        document.is_some_and(Document::scripting_enabled)
    }

    /// The [creation URL](https://html.spec.whatwg.org/multipage/webappapis.html#concept-environment-creation-url)
    /// of a global object: the URL of a window's document or of a worker.
    #[must_use]
    pub fn url_of_global(&self, global: GlobalId) -> Option<&Url> {
        match self.window(global) {
            Some(window) => self.document(window.document()).map(Document::url),
            None => self.worker(global).map(Worker::url),
        }
    }

    /// The [API base URL](https://html.spec.whatwg.org/multipage/webappapis.html#api-base-url) of a
    /// window or a worker.
    #[must_use]
    pub fn api_base_url(&self, global: GlobalId) -> Option<Url> {
        match self.window(global) {
            Some(window) => self.base_url(window.document()),
            None => self.worker(global).map(|worker| worker.url().clone()),
        }
    }

    /// [Encoding-parse a URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url)
    /// relative to a global object.
    ///
    /// # Errors
    /// `SyntaxError` when it cannot be parsed.
    pub fn parse_url_for_global(&self, global: GlobalId, url: &str) -> Result<Url, DomError> {
        parse_relative(url, self.api_base_url(global))
    }

    /// [Encoding-parses a URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url)
    /// relative to a window or a worker. The encoding of a worker is UTF-8.
    ///
    /// # Errors
    /// `SyntaxError` when it cannot be parsed.
    pub fn encoding_parse_url_for_global(
        &self,
        global: GlobalId,
        url: &str,
    ) -> Result<Url, DomError> {
        match self.window(global) {
            Some(window) => self.parse_url(window.document(), url),
            None => self.parse_url_for_global(global, url),
        }
    }

    /// The [key](AgentClusterKey) of the agent cluster of a window or a worker. Only members of one
    /// cluster share memory.
    #[must_use]
    pub fn agent_cluster_key(&self, global: GlobalId) -> Option<&AgentClusterKey> {
        match self.window(global) {
            Some(window) => Some(window.agent_cluster_key()),
            None => self.worker(global).map(Worker::agent_cluster_key),
        }
    }

    /// Prepares to [fetch](https://fetch.spec.whatwg.org/#concept-fetch) a request of a script. `None` if the global is
    /// gone. The embedder sends what [`Fetching`] asks for.
    #[must_use]
    pub fn begin_fetch(&self, global: GlobalId, request: Request) -> Option<Fetching> {
        let client = self.client_of_global(global)?;
        Some(Fetching::new(request, client, self.fetch_client(client)?))
    }

    /// The fetch client that loads the modules of a document or a worker.
    pub(crate) fn fetch_client(&self, client: ClientId) -> Option<FetchClient> {
        if let Some(document) = self.document(client) {
            let url = self.referrer_source(document).unwrap_or(document.url());
            return Some(FetchClient {
                origin: document.origin().clone(),
                url: url.clone(),
                policies: document.policies().clone(),
            });
        }
        Some(self.worker_of_event_loop(client)?.fetch_client())
    }
}
