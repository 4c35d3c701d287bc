//! The loader over the [server](super::server).

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use framepost_browsing_context::{FetchRequest, LoadError, Loader, Response};

use super::server::Server;

/// What a page has asked a [`WptLoader`] for and was refused, because it would need what only the
/// server of web-platform-tests has. A test that was refused something shows nothing by failing.
///
/// Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Refusals(Arc<Mutex<Vec<String>>>);

impl Refusals {
    pub(super) fn add(&self, what: String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(what);
    }

    /// What was refused and why, in the order of the requests.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Serves a checkout of web-platform-tests at the hosts and ports that its configuration names.
pub struct WptLoader(Server);

impl WptLoader {
    /// Serves the checkout at `root`. What is refused is noted in `refusals`.
    #[must_use]
    pub fn new(root: &Path, refusals: Refusals) -> Self {
        Self(Server::new(root, refusals))
    }
}

impl Loader for WptLoader {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        self.0.respond(request)
    }
}
