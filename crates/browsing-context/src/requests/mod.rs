//! The fetches that the embedder performs, and their receivers.

use crate::Contexts;
use crate::fetch::{LoadError, Response};
use crate::ids::{EmbeddedContentId, ModuleId, RequestId, ScriptId};
use crate::steps::{
    EmbeddedAction, ModuleAction, Navigation, NavigationAction, Next, ScriptAction, WorkerAction,
};
use framepost_event_loop::{Arena, GlobalId};

/// The fetches in progress.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    pending: Arena<RequestId, Pending>,
}

/// A fetch in progress.
#[derive(Debug)]
struct Pending {
    purpose: Purpose,
    /// The response that waits for its task.
    answer: Option<Result<Response, LoadError>>,
}

/// The receiver of a fetch.
#[derive(Debug)]
pub(crate) enum Purpose {
    Navigation(Box<Navigation>),
    Script(ScriptId),
    Module(ModuleId),
    /// The classic script of a worker.
    Worker(GlobalId),
    /// The content of an `object` or `embed`.
    EmbeddedContent(EmbeddedContentId),
}

impl Requests {
    /// Records a fetch before the embedder gets it.
    pub(crate) fn insert(&mut self, purpose: Purpose) -> RequestId {
        self.pending.insert(Pending {
            purpose,
            answer: None,
        })
    }

    /// Records a fetch that already has its response, without the embedder.
    pub(crate) fn insert_answered(
        &mut self,
        purpose: Purpose,
        answer: Result<Response, LoadError>,
    ) -> RequestId {
        self.pending.insert(Pending {
            purpose,
            answer: Some(answer),
        })
    }

    /// Removes a fetch; its response will be dropped.
    pub(crate) fn remove(&mut self, request: RequestId) -> Option<Purpose> {
        Some(self.pending.remove(request)?.purpose)
    }

    /// Removes all fetches without a receiver.
    pub(crate) fn remove_if(&mut self, is_abandoned: impl Fn(&Purpose) -> bool) {
        for request in self.pending.keys_in_order() {
            let pending = self.pending.get(request);
            if pending.is_some_and(|pending| is_abandoned(&pending.purpose)) {
                self.pending.remove(request);
            }
        }
    }

    /// The receiver of a fetch.
    pub(crate) fn purpose(&self, request: RequestId) -> Option<&Purpose> {
        Some(&self.pending.get(request)?.purpose)
    }

    /// Keeps the response to a fetch until its task.
    pub(crate) fn answer(&mut self, request: RequestId, answer: Result<Response, LoadError>) {
        if let Some(pending) = self.pending.get_mut(request) {
            pending.answer = Some(answer);
        }
    }

    /// The receiver of each fetch.
    pub(crate) fn purposes(&self) -> impl Iterator<Item = &Purpose> {
        self.pending.iter().map(|(_, pending)| &pending.purpose)
    }

    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }
}

impl Contexts {
    /// Whether the response to this request still has a receiver.
    #[must_use]
    pub fn is_awaited(&self, request: RequestId) -> bool {
        let pending = self.requests.pending.get(request);
        pending.is_some_and(|pending| pending.answer.is_none())
    }

    /// [Process response](https://fetch.spec.whatwg.org/#process-response): passes the response to its receiver.
    pub(crate) fn process_response(&mut self, request: RequestId, next: &mut Next<'_>) {
        let Some(pending) = self.requests.pending.remove(request) else {
            return;
        };
        let Some(answer) = pending.answer.map(Box::new) else {
            return;
        };
        match pending.purpose {
            Purpose::Navigation(navigation) => {
                next.push(NavigationAction::Answered(navigation, answer));
            }
            Purpose::Script(script) => next.push(ScriptAction::Loaded(script, answer)),
            Purpose::Module(module) => next.push(ModuleAction::Loaded(module, answer)),
            Purpose::Worker(worker) => next.push(WorkerAction::Loaded(worker, answer)),
            Purpose::EmbeddedContent(id) => next.push(EmbeddedAction::Loaded(id, answer)),
        }
    }
}
