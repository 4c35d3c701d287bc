//! Responses that all runs of a page share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use framepost_browsing_context::{FetchRequest, LoadError, Loader, Response};

/// The responses to the requests of a page. Each request is loaded once; later runs get the same response.
/// Requests with a body are not kept.
#[derive(Clone, Default)]
pub struct Answers {
    known: Arc<Mutex<BTreeMap<String, Result<Response, LoadError>>>>,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").finish_non_exhaustive()
    }
}

impl Answers {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a response, unless one is known already. Call it for the responses of the network, which no loader sees
    /// ([`PageOptions::rewrite_responses`](crate::PageOptions::rewrite_responses)).
    pub fn add(&self, request: &FetchRequest, response: &Response) {
        if request.post_resource.is_none() {
            let key = request.url.as_str();
            let mut known = self.known();
            if !known.contains_key(key) {
                known.insert(key.to_owned(), Ok(response.clone()));
            }
        }
    }

    /// Sets the answer to a request for a URL.
    pub fn set(&self, url: &str, answer: Result<Response, LoadError>) {
        self.known().insert(url.to_owned(), answer);
    }

    /// Returns all answers, by URL.
    #[must_use]
    pub fn all(&self) -> Vec<(String, Result<Response, LoadError>)> {
        let known = self.known();
        let all = known.iter();
        all.map(|(url, answer)| (url.clone(), answer.clone()))
            .collect()
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Result<Response, LoadError>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a loader that asks `loader` for what is not known yet.
    pub fn loader<L: Loader>(&self, loader: L) -> RecordedLoader<L> {
        RecordedLoader {
            answers: self.clone(),
            loader,
        }
    }
}

/// The loader of [`Answers::loader`].
#[derive(Debug)]
pub struct RecordedLoader<L> {
    answers: Answers,
    loader: L,
}

impl<L: Loader> Loader for RecordedLoader<L> {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        // A response may depend on the body of a form.
        if request.post_resource.is_some() {
            return self.loader.load(request);
        }
        let key = request.url.as_str();
        if let Some(answer) = self.answers.known().get(key) {
            return answer.clone();
        }
        let answer = self.loader.load(request);
        // The network may have an answer to what the loader does not serve.
        if !matches!(answer, Err(LoadError::UnknownOrigin { .. })) {
            self.answers.set(key, answer.clone());
        }
        answer
    }
}
