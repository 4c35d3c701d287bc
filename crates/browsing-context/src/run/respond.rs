//! Responses to the fetches that the embedder performs.

use std::time::Duration;

use framepost_event_loop::{TaskQueues, TaskSource};

use crate::Contexts;
use crate::fetch::{LoadError, Response};
use crate::ids::RequestId;
use crate::requests::Purpose;
use crate::steps::ContextTask;

impl Contexts {
    /// Takes the embedder's response to an [`Effect::Fetch`](crate::Effect::Fetch), at once or later. Returns whether
    /// it still has a receiver; if not, the response is dropped.
    ///
    /// The response is processed in a networking task of the client. That task runs after all tasks that the running
    /// task queues, because a fetch runs in parallel.
    pub fn respond(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        request: RequestId,
        response: Result<Response, LoadError>,
    ) -> bool {
        let Some(purpose) = self.requests.purpose(request) else {
            return false;
        };
        let client = match purpose {
            Purpose::Navigation(navigation) => self.active_document(navigation.navigable),
            Purpose::Script(script) => self.script(*script).map(|script| script.document),
            Purpose::Module(module) => self.module(*module).map(|module| module.client),
            Purpose::EmbeddedContent(id) => self.document_of_embedded_content(*id),
            Purpose::Worker(worker) => self.client_of_global(*worker),
        };
        let is_script_of_a_data_url = match purpose {
            Purpose::Script(script) => self
                .script(*script)
                .is_some_and(|script| script.url.scheme() == "data"),
            _ => false,
        };
        let Some(client) = client else {
            self.requests.remove(request);
            return false;
        };
        let delay = response
            .as_ref()
            .map_or(Duration::ZERO, |response| response.delay);
        self.requests.answer(request, response);
        let task = ContextTask::Response(request);
        if is_script_of_a_data_url {
            // IMPLEMENTATION-DEFINED: as in browsers, it is not fetched in parallel.
            queues.queue(TaskSource::Networking, Some(client), task);
        } else if delay.is_zero() {
            queues.queue_in_parallel(TaskSource::Networking, Some(client), task);
        } else {
            queues.queue_after(delay, TaskSource::Networking, Some(client), task);
        }
        true
    }
}
