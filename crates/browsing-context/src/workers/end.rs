//! The end of workers
//! ([HTML, the worker's lifetime](https://html.spec.whatwg.org/multipage/workers.html#the-worker's-lifetime)).
//!
//! A worker ends when it is terminated, when it closes itself, or when nobody is left in its owner
//! set: then it is not
//! [permissible](https://html.spec.whatwg.org/multipage/workers.html#permissible-worker) any more.
//! Since all workers of an agent take turns, none is in the middle of a script when another ends
//! it. A worker that has nothing to do costs no turn, so that none needs to be suspended.

use framepost_event_loop::{ClientId, GlobalId, TaskQueues};

use super::Stage;
use crate::contexts::Purpose;
use crate::steps::{Action, Next};
use crate::{ContextTask, Contexts, Effect, Steps};

impl Contexts {
    /// [Terminate a worker](https://html.spec.whatwg.org/multipage/workers.html#terminate-a-worker).
    /// What it has posted and what was not delivered yet is the embedder's to drop.
    pub fn terminate_a_worker(&mut self, worker: GlobalId) -> Steps {
        Steps::one(Action::EndWorker(worker))
    }

    /// [Close a worker](https://html.spec.whatwg.org/multipage/workers.html#close-a-worker): its
    /// tasks are dropped, and it ends when the running one has.
    pub fn close_a_worker(&mut self, queues: &mut dyn TaskQueues<ContextTask>, worker: GlobalId) {
        let Some(held) = self.workers.get_mut(&worker) else {
            return;
        };
        if std::mem::replace(&mut held.closing, true) {
            return;
        }
        queues.destroy_client(held.event_loop);
        let task = ContextTask::EndWorker(worker);
        queues.queue_in_parallel(super::WORKER, None, task);
    }

    /// Whether a worker that nobody can send a message to any more has something to do yet: whether
    /// it is [protected](https://html.spec.whatwg.org/multipage/workers.html#protected-worker), as
    /// far as this crate and its event loop know.
    #[must_use]
    pub fn is_protected(&self, queues: &dyn TaskQueues<ContextTask>, worker: GlobalId) -> bool {
        let Some(held) = self.worker(worker) else {
            return false;
        };
        let loads = self
            .requests
            .iter()
            .any(|(_, pending)| match pending.purpose {
                Purpose::Module(module) => {
                    let module = self.module(module);
                    module.is_some_and(|module| module.document == held.event_loop)
                }
                _ => false,
            });
        let owns = |other: &super::Worker| other.owners.contains(&held.event_loop);
        held.stage != Stage::Running
            || loads
            || self.workers.values().any(owns)
            || !queues.is_idle_for(worker)
    }

    /// A document, or a worker's event loop, owns no worker any more: those that nobody else owns
    /// end, and those that these own.
    pub(crate) fn disown_workers(
        &mut self,
        owner: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
        actions: &mut Vec<Action>,
    ) {
        let mut owners = vec![owner];
        while let Some(owner) = owners.pop() {
            let mut orphans = Vec::new();
            for worker in self.workers.values_mut() {
                if worker.owners.remove(&owner) && worker.owners.is_empty() {
                    orphans.push(worker.id);
                }
            }
            for orphan in orphans {
                owners.extend(self.end_one_worker(orphan, queues, actions));
            }
        }
    }

    /// Ends a worker and those that only it owns.
    pub(crate) fn end_worker(
        &mut self,
        worker: GlobalId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        let mut actions = Vec::new();
        if let Some(event_loop) = self.end_one_worker(worker, queues, &mut actions) {
            self.disown_workers(event_loop, queues, &mut actions);
        }
        next.push_all(actions);
    }

    /// Ends a worker but for those that it owns. What is known of it can still be read while the
    /// embedder carries out its end.
    fn end_one_worker(
        &mut self,
        id: GlobalId,
        queues: &mut dyn TaskQueues<ContextTask>,
        actions: &mut Vec<Action>,
    ) -> Option<ClientId> {
        let worker = self.workers.get_mut(&id)?;
        worker.closing = true;
        worker.owners.clear();
        let event_loop = worker.event_loop;
        // From now on nobody owned by it finds it.
        self.workers_by_event_loop.remove(&event_loop)?;
        self.forget_modules(event_loop);
        for request in self.requests.keys_in_order() {
            let purpose = self.requests.get(request).map(|pending| &pending.purpose);
            let forgotten = match purpose {
                Some(Purpose::Worker(of)) => *of == id,
                Some(Purpose::Module(module)) => !self.modules.contains(*module),
                _ => false,
            };
            if forgotten {
                self.requests.remove(request);
            }
        }
        queues.destroy_global(id);
        // The document has gone with it, unless the worker had closed itself before.
        queues.destroy_client(event_loop);
        let gone = Effect::WorkerGone {
            worker: id,
            event_loop,
        };
        actions.push(Action::Effect(Box::new(gone)));
        actions.push(Action::ForgetWorker(id));
        Some(event_loop)
    }
}
