//! What windows and workers have in common: global objects, each with settings
//! ([HTML, environment settings objects](https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object)).

use framepost_event_loop::{ClientId, GlobalId};
use url::Url;

use super::{Stage, Worker};
use crate::window::AgentClusterKey;
use crate::{Contexts, DomError, Origin};

/// Who asks for a load on behalf of a global.
pub(crate) struct Client {
    pub(crate) origin: Origin,
    /// What the referrer is made of.
    pub(crate) url: Url,
}

impl Contexts {
    /// The worker whose global scope has this name, unless it is gone.
    #[must_use]
    pub fn worker(&self, worker: GlobalId) -> Option<&Worker> {
        self.workers.get(&worker)
    }

    /// The workers there are, in the order in which they were made.
    pub fn workers(&self) -> impl Iterator<Item = &Worker> {
        self.workers.values()
    }

    /// The worker whose event loop has this name.
    pub(crate) fn worker_of(&self, event_loop: ClientId) -> Option<&Worker> {
        let worker = self.workers_by_event_loop.get(&event_loop)?;
        self.workers.get(worker)
    }

    /// Where the tasks of a global object are queued: for its document, or a worker's event loop.
    #[must_use]
    pub fn document_of_global(&self, global: GlobalId) -> Option<ClientId> {
        match self.window(global) {
            Some(window) => Some(window.document),
            None => self.worker(global).map(|worker| worker.event_loop),
        }
    }

    /// The global object of a document, or of a worker's event loop.
    #[must_use]
    pub fn global_of(&self, document: ClientId) -> Option<GlobalId> {
        match self.document(document) {
            Some(document) => Some(document.window),
            None => self.worker_of(document).map(|worker| worker.id),
        }
    }

    /// The URL of a window's document, or of a worker.
    #[must_use]
    pub fn url_of_global(&self, global: GlobalId) -> Option<&Url> {
        match self.window(global) {
            Some(window) => self.document(window.document).map(|held| &held.url),
            None => self.worker(global).map(|worker| &worker.url),
        }
    }

    /// The [API base URL](https://html.spec.whatwg.org/multipage/webappapis.html#api-base-url) of a
    /// window or a worker.
    #[must_use]
    pub fn api_base_url(&self, global: GlobalId) -> Option<Url> {
        match self.window(global) {
            Some(window) => self.base_url(window.document),
            None => self.worker(global).map(|worker| worker.url.clone()),
        }
    }

    /// [Encoding-parse a URL](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url)
    /// relative to a global.
    ///
    /// # Errors
    /// `SyntaxError` when it cannot be parsed.
    pub fn parse_url_for_global(&self, global: GlobalId, url: &str) -> Result<Url, DomError> {
        let syntax_error = || DomError::Syntax {
            input: url.to_owned(),
            expected: "a URL",
        };
        let base = self.api_base_url(global).ok_or_else(syntax_error)?;
        let options = Url::options();
        let options = options.base_url(Some(&base));
        options.parse(url).map_err(|_| syntax_error())
    }

    /// The [key](AgentClusterKey) of the agent cluster that a window or a worker is in: with that
    /// it may share memory.
    #[must_use]
    pub fn agent_cluster_key(&self, global: GlobalId) -> Option<&AgentClusterKey> {
        match self.window(global) {
            Some(window) => Some(window.agent_cluster_key()),
            None => self.worker(global).map(|worker| &worker.agent_cluster_key),
        }
    }

    /// Who asks for the modules of a document or a worker.
    pub(crate) fn client(&self, document: ClientId) -> Option<Client> {
        if let Some(held) = self.document(document) {
            return Some(Client {
                origin: held.origin.clone(),
                url: held.url.clone(),
            });
        }
        let worker = self.worker_of(document)?;
        let (origin, url) = match worker.stage {
            // Its own script, and what that imports by declarations, is fetched by who made it.
            Stage::Loading => (&worker.constructor_origin, &worker.creator_url),
            _ => (&worker.origin, &worker.url),
        };
        Some(Client {
            origin: origin.clone(),
            url: url.clone(),
        })
    }
}
