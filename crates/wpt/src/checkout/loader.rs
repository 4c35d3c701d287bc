//! The loader over the [server](super::server).

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use framepost_browsing_context::{FetchRequest, LoadError, Loader, Response};

use super::server::Server;

/// The requests that a [`WptLoader`] has refused, because only the real server of web-platform-tests can answer them.
/// A test with a refused request has no meaningful result.
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

/// The server for requests that need a handler in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handlers {
    /// None: the requests are refused.
    Absent,
    /// The server of the checkout. Another loader sends it the requests.
    Served,
}

/// Serves a checkout of web-platform-tests at the hosts and ports that its configuration names.
#[derive(Debug)]
pub struct WptLoader(Server);

impl WptLoader {
    /// Serves the checkout at `root`. Refused requests are recorded in `refusals`. The identifiers that
    /// templates create depend on `seed`.
    #[must_use]
    pub fn new(root: &Path, refusals: Refusals, handlers: Handlers, seed: u64) -> Self {
        Self(Server::new(root, refusals, handlers, seed))
    }
}

impl Loader for WptLoader {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        self.0.respond(request)
    }
}
