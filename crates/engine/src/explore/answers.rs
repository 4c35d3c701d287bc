//! Responses that all runs of a page share, or that a recording keeps.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use framepost_browsing_context::{FetchRequest, LoadError, Loader, Response};

type Answer = Result<Response, LoadError>;

/// The answers to the requests of a page: one for all runs, or those of a recorded run, in order.
#[derive(Clone, Default)]
pub struct Answers {
    /// The answers to each request, in the order in which a run asks for them.
    known: Arc<Mutex<BTreeMap<String, Vec<Answer>>>>,
}

/// The most answers that are kept for a request that all runs send again and again.
const KEPT: usize = 100;

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

    /// Returns a function for [`PageOptions::on_answer`](crate::PageOptions::on_answer) of one run. It keeps the answers
    /// of the network, which no loader sees, for the runs after it.
    pub fn observer(
        &self,
    ) -> impl FnMut(&FetchRequest, &Result<Response, LoadError>) + Send + use<> {
        let answers = self.clone();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        move |request, answer| {
            if matches!(request.url.scheme(), "http" | "https") {
                let name = name(request);
                let turn = seen.entry(name.clone()).or_default();
                answers.keep(name, *turn, answer);
                *turn += 1;
            }
        }
    }

    /// Keeps an answer, unless one is known for this turn of the request.
    fn keep(&self, name: String, turn: usize, answer: &Answer) {
        let mut known = self.known();
        let answers = known.entry(name).or_default();
        if answers.len() <= turn && turn < KEPT {
            answers.push(answer.clone());
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
        known.entry(name.to_owned()).or_default().push(answer);
    }

    /// Returns all answers, with the names of their requests, in order.
    #[must_use]
    pub fn all(&self) -> Vec<(String, Result<Response, LoadError>)> {
        let known = self.known();
        let of_request = |(name, answers): (&String, &Vec<Answer>)| -> Vec<(String, Answer)> {
            let answers = answers.iter();
            answers
                .map(|answer| (name.clone(), answer.clone()))
                .collect()
        };
        known.iter().flat_map(of_request).collect()
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Vec<Answer>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a loader of one run, which asks `loader` for what is not known yet. If several answers to a request are
    /// known, it gives them in turn. After the last one, a request that only asks for its URL gets it again.
    pub fn loader<L: Loader>(&self, loader: L) -> RecordedLoader<L> {
        RecordedLoader {
            answers: self.clone(),
            given: BTreeMap::new(),
            loader,
        }
    }
}

/// The loader of [`Answers::loader`].
#[derive(Debug)]
pub struct RecordedLoader<L> {
    answers: Answers,
    /// The number of answers that were given to each request.
    given: BTreeMap<String, usize>,
    loader: L,
}

impl<L: Loader> Loader for RecordedLoader<L> {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        let name = name(request);
        let given = self.given.entry(name.clone()).or_default();
        let turn = *given;
        *given += 1;
        if let Some(answers) = self.answers.known().get(&name) {
            let last = answers.last().filter(|_| is_plain(request));
            if let Some(answer) = answers.get(turn).or(last) {
                return answer.clone();
            }
        }
        let answer = self.loader.load(request);
        // A response may depend on the body, and the network may have an answer to what the loader does not serve.
        if is_plain(request) && !matches!(answer, Err(LoadError::UnknownOrigin { .. })) {
            self.answers.keep(name, turn, &answer);
        }
        answer
    }
}
