//! Responses that all runs of a page share, or that a recording keeps.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use framepost_browsing_context::{FetchRequest, LoadError, Loader, Response};

type Answer = Result<Response, LoadError>;

/// The answers to the requests of a page: one for all runs, or those of a recorded run, in order.
#[derive(Clone, Default)]
pub struct Answers {
    known: Arc<Mutex<BTreeMap<String, Known>>>,
}

/// The answers to one request that was sent again and again.
#[derive(Default)]
struct Known {
    answers: Vec<Answer>,
    /// The number of answers that were given.
    given: usize,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").finish_non_exhaustive()
    }
}

/// Whether a request only asks for what is there. All runs can share the answer to it.
fn is_plain(request: &FetchRequest) -> bool {
    request.method() == "GET" && request.body_bytes().is_none()
}

/// The name of a request: its URL, and its method and a hash of its body if it does more than ask for the URL.
fn name(request: &FetchRequest) -> String {
    let url = request.url.as_str();
    match is_plain(request) {
        true => url.to_owned(),
        false => {
            let bytes = request.body_bytes().unwrap_or_default();
            // FNV-1a.
            let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            });
            format!("{} {url} {hash:016x}", request.method())
        }
    }
}

impl Answers {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a response for all runs, unless one is known already. Call it for the responses of the network, which no
    /// loader sees ([`PageOptions::rewrite_responses`](crate::PageOptions::rewrite_responses)). Responses to requests
    /// with a body are not shared.
    pub fn add(&self, request: &FetchRequest, response: &Response) {
        if is_plain(request) {
            let mut known = self.known();
            let known = known.entry(name(request)).or_default();
            if known.answers.is_empty() {
                known.answers.push(Ok(response.clone()));
            }
        }
    }

    /// Adds the next answer to a request of a recorded run. Call it for all answers
    /// ([`PageOptions::on_answer`](crate::PageOptions::on_answer)).
    pub fn record(&self, request: &FetchRequest, answer: &Result<Response, LoadError>) {
        // The page itself contains the others.
        if !matches!(request.url.scheme(), "data" | "blob" | "about") {
            self.push(&name(request), answer.clone());
        }
    }

    /// Adds the next answer to the request with this name, which [`all`](Self::all) returns.
    pub fn push(&self, name: &str, answer: Result<Response, LoadError>) {
        let mut known = self.known();
        known
            .entry(name.to_owned())
            .or_default()
            .answers
            .push(answer);
    }

    /// Returns all answers, with the names of their requests, in order.
    #[must_use]
    pub fn all(&self) -> Vec<(String, Result<Response, LoadError>)> {
        let known = self.known();
        let of_request = |(name, known): (&String, &Known)| -> Vec<(String, Answer)> {
            let answers = known.answers.iter();
            answers
                .map(|answer| (name.clone(), answer.clone()))
                .collect()
        };
        known.iter().flat_map(of_request).collect()
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a loader that asks `loader` for what is not known yet. If several answers to a request are known, it gives
    /// them in turn, and then the last one again.
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
        let name = name(request);
        if let Some(known) = self.answers.known().get_mut(&name) {
            let next = known.answers.get(known.given).or(known.answers.last());
            if let Some(answer) = next.cloned() {
                known.given += 1;
                return answer;
            }
        }
        let answer = self.loader.load(request);
        // A response may depend on the body, and the network may have an answer to what the loader does not serve.
        if is_plain(request) && !matches!(answer, Err(LoadError::UnknownOrigin { .. })) {
            self.answers.push(&name, answer.clone());
        }
        answer
    }
}
