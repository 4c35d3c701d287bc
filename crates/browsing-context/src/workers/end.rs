//! The end of workers
//! ([HTML, the worker's lifetime](https://html.spec.whatwg.org/multipage/workers.html#the-worker's-lifetime)).
//!
//! A worker ends when it is terminated, when it closes itself, or when its owner set is empty and it
//! is no longer [permissible](https://html.spec.whatwg.org/multipage/workers.html#permissible-worker).
//! All workers of an agent take turns, so none is in the middle of a script when another ends it. A worker without a
//! task takes no time, so no worker needs to be suspended.

use core::time::Duration;

use framepost_event_loop::{ClientId, GlobalId, TaskQueues};

use super::table::WORKER;
use super::table::{Stage, Worker};
use crate::Contexts;
use crate::requests::Purpose;
use crate::steps::{Action, ContextTask, Effect, Next, Steps, WorkerAction};

/// The time for which a shared worker with an extended lifetime outlives its owners.
// IMPLEMENTATION-DEFINED: the standard leaves it open; Chromium uses thirty seconds.
const EXTENDED_LIFETIME: Duration = Duration::from_secs(30);

impl Contexts {
    /// [Terminate a worker](https://html.spec.whatwg.org/multipage/workers.html#terminate-a-worker).
    /// The embedder drops the messages that the worker posted and that are not delivered yet (step 4).
    pub fn terminate_a_worker(&mut self, worker: GlobalId) -> Steps {
        // 1. and 2. Set its closing flag, and discard its tasks.
        // 3. No script of it runs: all workers take turns.
        Steps::one(WorkerAction::End(worker))
    }

    /// [Close a worker](https://html.spec.whatwg.org/multipage/workers.html#close-a-worker): drops its tasks, and
    /// ends it after the running task.
    pub fn close_a_worker(&mut self, queues: &mut dyn TaskQueues<ContextTask>, worker: GlobalId) {
        let Some(held) = self.worker_mut(worker).filter(|held| !held.closing) else {
            return;
        };
        // 1. Discard its tasks.
        queues.destroy_client(held.event_loop);
        // 2. Set its closing flag.
        held.closing = true;
        let task = ContextTask::EndWorker(worker);
        queues.queue_in_parallel(WORKER, None, task);
    }

    /// Whether a worker is [protected](https://html.spec.whatwg.org/multipage/workers.html#protected-worker),
    /// within the knowledge of this crate and its event loop: whether a worker that can get no more messages still
    /// has work to do.
    #[must_use]
    pub fn is_protected(&self, queues: &dyn TaskQueues<ContextTask>, worker: GlobalId) -> bool {
        let Some(held) = self.worker(worker) else {
            return false;
        };
        let mut purposes = self.requests.purposes();
        let loads = purposes.any(|purpose| match purpose {
            Purpose::Module(module) => {
                let module = self.module(*module);
                module.is_some_and(|module| module.client == held.event_loop)
            }
            _ => false,
        });
        let owns = |other: &Worker| other.owners.contains(&held.event_loop);
        held.stage != Stage::Running
            || loads
            || self.workers().any(owns)
            || !queues.is_idle_for(worker)
    }

    /// A document or a worker's event loop ends: removes it from all owner sets. Workers whose owner set is empty
    /// then end, together with the workers that they own.
    pub(crate) fn disown_workers(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        owner: ClientId,
        actions: &mut Vec<Action>,
    ) {
        let mut owners = vec![owner];
        while let Some(owner) = owners.pop() {
            let mut orphans = Vec::new();
            for worker in self.workers.workers.values_mut() {
                if !worker.owners.remove(&owner) || !worker.owners.is_empty() {
                    continue;
                }
                if worker.options.extended_lifetime && !worker.closing {
                    let task = ContextTask::EndExtendedLifetime(worker.id);
                    queues.queue_after(EXTENDED_LIFETIME, WORKER, None, task);
                } else {
                    orphans.push(worker.id);
                }
            }
            for orphan in orphans {
                owners.extend(self.end_one_worker(queues, orphan, actions));
            }
        }
    }

    /// Whether a worker has no owner.
    pub(crate) fn has_no_owner(&self, worker: GlobalId) -> bool {
        self.worker(worker)
            .is_some_and(|held| held.owners.is_empty())
    }

    /// Ends a worker and the workers that only it owns.
    pub(super) fn end_a_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        worker: GlobalId,
        next: &mut Next<'_>,
    ) {
        let mut actions = Vec::new();
        if let Some(event_loop) = self.end_one_worker(queues, worker, &mut actions) {
            self.disown_workers(queues, event_loop, &mut actions);
        }
        next.push_all(actions);
    }

    /// Ends one worker, and returns its event loop, which may own others. The worker can still be looked up while the
    /// embedder performs [`Effect::WorkerEnded`].
    ///
    /// These are steps 1 and 2 of [terminate a worker](https://html.spec.whatwg.org/multipage/workers.html#terminate-a-worker),
    /// and the last ones of [run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker)
    /// (`onComplete`, 16 to 18).
    fn end_one_worker(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: GlobalId,
        actions: &mut Vec<Action>,
    ) -> Option<ClientId> {
        let worker = self.worker_mut(id)?;
        // 1. Set its closing flag.
        worker.closing = true;
        // Run a worker, 18. Empty its owner set.
        worker.owners.clear();
        let event_loop = worker.event_loop;
        // Remove the worker from the table of event loops. If it has already ended, return.
        self.workers.by_event_loop.remove(&event_loop)?;
        self.modules.forget_client(event_loop);
        let modules = &self.modules;
        self.requests.remove_if(|purpose| match purpose {
            Purpose::Worker(of) => *of == id,
            Purpose::Module(module) => !modules.contains(*module),
            _ => false,
        });
        // Run a worker, 16. Clear its timers.
        queues.destroy_global(id);
        // 2. Discard its tasks: destroy its event loop, unless the worker closed itself before.
        queues.destroy_client(event_loop);
        // Run a worker, 17. The embedder disentangles its ports.
        actions.push(Action::effect(Effect::WorkerEnded {
            worker: id,
            event_loop,
        }));
        actions.push(WorkerAction::Forget(id).into());
        Some(event_loop)
    }
}
