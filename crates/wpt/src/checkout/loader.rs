//! The loader over the [server](super::server).

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use framepost_browsing_context::{FetchRequest, LoadError, Loader, Response};

use super::server::Server;

/// The requests that a [`WptLoader`] has refused, because only the real server of web-platform-tests can
/// answer them. A test with a refused request has no meaningful result.
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

    /// The refused requests with the reasons, in their order.
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
    /// Serves the checkout at `root`. Refused requests are recorded in `refusals`.
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
