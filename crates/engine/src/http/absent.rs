//! The HTTP client of a build without the feature `http`.

use framepost_browsing_context::LoadError;

use super::{FetchId, Fetched, HttpOptions, HttpRequest, TakeAnswer};

/// Fails every request with an error that names the missing feature.
pub(crate) struct Client {
    take_answer: TakeAnswer,
}

impl Client {
    pub(crate) fn new(_options: &HttpOptions, take_answer: TakeAnswer) -> Self {
        Self { take_answer }
    }

    pub(crate) fn send(&self, id: FetchId, request: HttpRequest) {
        let answer = Err(LoadError::Failed {
            url: request.url.into(),
            message: String::from("this build has no http: its feature \"http\" is off"),
        });
        (self.take_answer)(Fetched { id, answer });
    }

    #[allow(clippy::unused_self, reason = "what the other client has as a method")]
    pub(crate) fn forget(&self, _id: FetchId) {}
}
