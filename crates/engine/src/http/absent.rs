//! The client of an engine that was built without one.

use framepost_browsing_context::LoadError;
use framepost_event_loop::{Inbox, TaskSource};

use super::{HttpOptions, HttpRequest};
use crate::fetches::{FetchId, Fetched};
use crate::world::Task;

/// Answers every request with an error that says why.
pub(crate) struct Client {
    inbox: Inbox<Task>,
}

impl Client {
    pub(crate) fn new(_options: &HttpOptions, inbox: Inbox<Task>) -> Self {
        Self { inbox }
    }

    pub(crate) fn send(&self, id: FetchId, request: HttpRequest) {
        let answer = Err(LoadError::Failed {
            url: request.url.into(),
            message: String::from("this build has no http: its feature \"http\" is off"),
        });
        let task = Task::Fetched(Box::new(Fetched { id, answer }));
        // The loop owns this client: while there is one, there is the other.
        let _ = self.inbox.queue_task(TaskSource::Networking, None, task);
    }

    #[allow(clippy::unused_self, reason = "what the other client has as a method")]
    pub(crate) fn forget(&self, _id: FetchId) {}
}
