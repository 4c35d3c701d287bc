//! The HTTP client of a build without the feature `http`.

use framepost_browsing_context::LoadError;

use super::connection::{
    Connection, ConnectionEvent, ConnectionId, News, SocketRequest, TakeNews, Unwanted,
};
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
        let answer = Err(absent(request.url.into()));
        (self.take_answer)(Fetched { id, answer });
    }

    #[allow(clippy::unused_self, reason = "what the other client has as a method")]
    pub(crate) fn stream(
        &self,
        id: ConnectionId,
        request: HttpRequest,
        take: TakeNews,
    ) -> Connection {
        refused(id, request.url.into(), &take)
    }

    #[allow(clippy::unused_self, reason = "what the other client has as a method")]
    pub(crate) fn forget(&self, _id: FetchId) {}
}

/// Fails a WebSocket.
pub(crate) fn connect(
    _options: &HttpOptions,
    id: ConnectionId,
    request: SocketRequest,
    take: TakeNews,
) -> Connection {
    refused(id, request.url.into(), &take)
}

fn refused(id: ConnectionId, url: String, take: &TakeNews) -> Connection {
    let event = ConnectionEvent::Ended(Err(absent(url)));
    take(News { id, event });
    Connection::Stream(Unwanted::default())
}

fn absent(url: String) -> LoadError {
    let message = String::from("this build has no http: its feature \"http\" is off");
    LoadError::Failed { url, message }
}
