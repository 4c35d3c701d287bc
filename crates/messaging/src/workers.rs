//! The ports of workers
//! ([HTML, communicating with a dedicated worker](https://html.spec.whatwg.org/multipage/workers.html#communicating-with-a-dedicated-worker)).
//!
//! What a page and a worker say to each other goes through a channel as any other. Of a dedicated
//! worker both its ends are implicit: no script has them, and the events of their messages are fired
//! at the `Worker` object and at the worker's global scope.

use std::collections::{BTreeMap, BTreeSet};

use framepost_event_loop::GlobalId;

use crate::accounting::DropReason;
use crate::host::MessageTarget;
use crate::messaging::{Messaging, Queues};
use crate::ports::{Owner, PortId};

/// The implicit ports of a dedicated worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerPorts {
    /// The [outside port](https://html.spec.whatwg.org/multipage/workers.html#concept-abstractworker-outside-port),
    /// at the global of the `Worker` object.
    pub outside: PortId,
    /// The [inside port](https://html.spec.whatwg.org/multipage/workers.html#concept-WorkerGlobalScope-inside-port),
    /// at the worker.
    pub inside: PortId,
}

/// The workers that messages go to or come from; with the ports of the dedicated ones.
#[derive(Debug, Default)]
pub(crate) struct Workers(BTreeMap<GlobalId, Option<WorkerPorts>>);

impl Workers {
    pub(crate) fn is_one(&self, global: GlobalId) -> bool {
        self.0.contains_key(&global)
    }
}

impl Messaging {
    /// Makes the implicit ports of a dedicated worker whose `Worker` object is of the global
    /// `owner`. Both are disabled until [the worker's script has run](Self::enable_worker_ports).
    pub fn create_worker_ports(&mut self, owner: GlobalId, worker: GlobalId) -> WorkerPorts {
        let (outside, inside) =
            self.create_channel_between(Owner::Window(owner), Owner::Window(worker));
        let targets = [
            (outside, MessageTarget::Worker(worker)),
            (inside, MessageTarget::Window(worker)),
        ];
        for (port, target) in targets {
            if let Some(state) = self.table.ports.get_mut(port) {
                state.event_target = Some(target);
            }
        }
        let ports = WorkerPorts { outside, inside };
        self.workers.0.insert(worker, Some(ports));
        ports
    }

    /// Makes the channel between a `SharedWorker` object of the global `owner` and the worker:
    /// first the port of the object, then that which the worker is told of by `connect`.
    pub fn create_shared_worker_ports(
        &mut self,
        owner: GlobalId,
        worker: GlobalId,
    ) -> (PortId, PortId) {
        self.workers.0.entry(worker).or_default();
        self.create_channel_between(Owner::Window(owner), Owner::Window(worker))
    }

    /// The implicit ports of a dedicated worker that is not gone.
    #[must_use]
    pub fn worker_ports(&self, worker: GlobalId) -> Option<WorkerPorts> {
        self.workers.0.get(&worker).copied().flatten()
    }

    /// The dedicated worker whose outside port this is.
    #[must_use]
    pub fn worker_of_outside_port(&self, port: PortId) -> Option<GlobalId> {
        // Workers are few, and this is asked when one is forgotten.
        let mut workers = self.workers.0.iter();
        let is_it = |ports: &WorkerPorts| ports.outside == port;
        let found = workers.find(|(_, ports)| ports.as_ref().is_some_and(is_it))?;
        Some(*found.0)
    }

    /// Whether a worker has a port besides the implicit one, or a broadcast channel that is open: it
    /// can then hear of others.
    #[must_use]
    pub fn can_be_reached(&self, worker: GlobalId) -> bool {
        let ports = self.table.of_window.get(&worker).map_or(0, BTreeSet::len);
        let implicit = usize::from(self.worker_ports(worker).is_some());
        let channels = self.broadcast_channels_of(worker);
        ports > implicit || channels.into_iter().any(|channel| self.is_open(channel))
    }

    /// [Run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker), the steps
    /// after its script has run: enables the message queues of both its ports.
    pub fn enable_worker_ports(&mut self, worker: GlobalId, queues: &mut Queues<'_>) {
        if let Some(WorkerPorts { outside, inside }) = self.worker_ports(worker) {
            self.start(outside, queues);
            self.start(inside, queues);
        }
    }

    /// [Terminate a worker](https://html.spec.whatwg.org/multipage/workers.html#terminate-a-worker),
    /// step 4: what the worker has posted and what has not been delivered never is.
    pub fn empty_worker_port(&mut self, worker: GlobalId, queues: &mut Queues<'_>) {
        if let Some(ports) = self.worker_ports(worker) {
            self.end_port(ports.outside, DropReason::WorkerTerminated, queues);
        }
    }

    /// The worker has ended: its ports and broadcast channels end, in the order in which they came
    /// to it. The tasks that went with it are to be [handed back](Self::task_dropped) before.
    pub fn worker_gone(&mut self, worker: GlobalId, queues: &mut Queues<'_>) {
        self.end_ports_of_worker(worker, queues);
        self.workers.0.remove(&worker);
    }
}

#[cfg(test)]
mod tests {
    use framepost_event_loop::EventLoop;

    use super::*;
    use crate::{DropReason, MessagingTask, Serialized, Whereabouts};

    #[derive(Debug)]
    struct Task;

    impl From<MessagingTask> for Task {
        fn from(_: MessagingTask) -> Self {
            Self
        }
    }

    impl From<framepost_event_loop::TimerTask> for Task {
        fn from(_: framepost_event_loop::TimerTask) -> Self {
            Self
        }
    }

    type Loop = EventLoop<Task, ()>;

    fn global(event_loop: &mut Loop) -> GlobalId {
        let global = event_loop.create_global();
        let document = event_loop.create_client(global);
        event_loop.set_fully_active(document, true);
        global
    }

    fn post(messaging: &mut Messaging, port: PortId, event_loop: &mut Loop) {
        let message = Serialized::from_bytes(vec![0]).into();
        let _ = messaging.post(port, message, event_loop).unwrap();
    }

    fn reasons(messaging: &mut Messaging) -> Vec<DropReason> {
        let dropped = messaging.take_dropped().into_iter();
        dropped.map(|dropped| dropped.reason).collect()
    }

    #[test]
    fn nothing_is_delivered_before_the_script_has_run() {
        let (mut messaging, mut event_loop) = (Messaging::new(), Loop::new());
        let (page, worker) = (global(&mut event_loop), global(&mut event_loop));
        let ports = messaging.create_worker_ports(page, worker);
        assert_eq!(
            messaging.worker_of_outside_port(ports.outside),
            Some(worker)
        );
        post(&mut messaging, ports.outside, &mut event_loop);
        post(&mut messaging, ports.inside, &mut event_loop);
        assert!(!messaging.has_tasks(ports.inside));
        messaging.enable_worker_ports(worker, &mut event_loop);
        assert!(messaging.has_tasks(ports.inside) && messaging.has_tasks(ports.outside));
        assert!(!messaging.can_be_reached(worker), "but by its object");
        let other = messaging.create_channel(Owner::Window(worker)).0;
        assert!(messaging.can_be_reached(worker));
        let half = messaging.half_of(other).unwrap();
        assert_eq!(messaging.whereabouts(half), Some(Whereabouts::Port(other)));
    }

    #[test]
    fn each_end_of_a_worker_has_its_reason() {
        let (mut messaging, mut event_loop) = (Messaging::new(), Loop::new());
        let page = global(&mut event_loop);
        // Terminated: what it has said and what it was told.
        let worker = global(&mut event_loop);
        let ports = messaging.create_worker_ports(page, worker);
        post(&mut messaging, ports.inside, &mut event_loop);
        post(&mut messaging, ports.outside, &mut event_loop);
        messaging.empty_worker_port(worker, &mut event_loop);
        assert_eq!(reasons(&mut messaging), [DropReason::WorkerTerminated]);
        event_loop.destroy_global(worker);
        messaging.worker_gone(worker, &mut event_loop);
        assert_eq!(reasons(&mut messaging), [DropReason::WorkerGone]);
        // Closed by itself: what it has said still arrives.
        let worker = global(&mut event_loop);
        let ports = messaging.create_worker_ports(page, worker);
        messaging.enable_worker_ports(worker, &mut event_loop);
        post(&mut messaging, ports.inside, &mut event_loop);
        event_loop.destroy_global(worker);
        messaging.worker_gone(worker, &mut event_loop);
        assert_eq!(reasons(&mut messaging), []);
        assert!(messaging.has_tasks(ports.outside));
        assert_eq!(messaging.worker_ports(worker), None);
        assert_eq!(messaging.counters().pending(), 1);
    }
}
