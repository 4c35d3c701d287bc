//! The ports of workers
//! ([HTML, communicating with a dedicated worker](https://html.spec.whatwg.org/multipage/workers.html#communicating-with-a-dedicated-worker)).
//!
//! A page and a worker communicate through an ordinary channel. Both ports of a dedicated worker's
//! channel are implicit: no script has an object for them, and the events of their messages are
//! fired at the `Worker` object and at the worker's global scope.

use std::collections::BTreeSet;

use framepost_event_loop::GlobalId;

use crate::accounting::{MessageDropReason, TraceRecord};
use crate::identity::{MessageTarget, Owner, PortId};
use crate::state::{Messaging, Queues};

pub use crate::state::WorkerPorts;

impl Messaging {
    /// Creates the implicit ports of a dedicated worker. `owner` is the global of the `Worker`
    /// object. Both ports are disabled until
    /// [the worker's script has run](Self::enable_worker_ports).
    pub fn create_worker_ports(&mut self, owner: GlobalId, worker: GlobalId) -> WorkerPorts {
        let (outside, inside) =
            self.create_channel_between(Owner::Global(owner), Owner::Global(worker));
        let targets = [
            (outside, MessageTarget::Worker(worker)),
            (inside, MessageTarget::Global(worker)),
        ];
        for (port, target) in targets {
            if let Some(state) = self.table.ports.get_mut(port) {
                state.event_target = Some(target);
            }
        }
        let ports = WorkerPorts { outside, inside };
        self.workers.add_dedicated(worker, ports);
        ports
    }

    /// Creates the channel between a `SharedWorker` object and its worker. `owner` is the global
    /// of the object. The first port belongs to the object, the second goes to the worker with
    /// `connect`.
    pub fn create_shared_worker_ports(
        &mut self,
        owner: GlobalId,
        worker: GlobalId,
    ) -> (PortId, PortId) {
        self.workers.add_shared(worker);
        self.create_channel_between(Owner::Global(owner), Owner::Global(worker))
    }

    /// The implicit ports of a dedicated worker; `None` once it is gone.
    #[must_use]
    pub fn worker_ports(&self, worker: GlobalId) -> Option<WorkerPorts> {
        self.workers.ports(worker)
    }

    /// The dedicated worker that this outside port belongs to.
    #[must_use]
    pub fn worker_of_outside_port(&self, port: PortId) -> Option<GlobalId> {
        self.workers.of_outside_port(port)
    }

    /// Whether a worker can receive messages besides those of its implicit port: it has
    /// another port, or an open broadcast channel.
    #[must_use]
    pub fn is_reachable(&self, worker: GlobalId) -> bool {
        let ports = self.table.of_global.get(&worker).map_or(0, BTreeSet::len);
        let implicit = usize::from(self.worker_ports(worker).is_some());
        ports > implicit
            || self
                .channels
                .of(worker)
                .any(|channel| self.is_open(channel))
    }

    /// Enables the port message queue of the outside port, before the script runs.
    // IMPLEMENTATION-DEFINED: the standard enables it after the script has run. In browsers the worker's messages and its
    // errors arrive in the order in which they happened, also those of its first script.
    pub fn enable_outside_port(&mut self, queues: &mut Queues<'_>, worker: GlobalId) {
        if let Some(WorkerPorts { outside, .. }) = self.worker_ports(worker) {
            self.start(queues, outside);
        }
    }

    /// The part of [run a worker](https://html.spec.whatwg.org/multipage/workers.html#run-a-worker)
    /// after the script has run (`onComplete`, 11 and 12): enables the port message queues of both implicit ports.
    pub fn enable_worker_ports(&mut self, queues: &mut Queues<'_>, worker: GlobalId) {
        if let Some(WorkerPorts { outside, inside }) = self.worker_ports(worker) {
            self.start(queues, outside);
            self.start(queues, inside);
        }
    }

    /// [Terminate a worker](https://html.spec.whatwg.org/multipage/workers.html#terminate-a-worker),
    /// step 4: empties the port message queue of the outside port. The worker's messages that are
    /// not yet delivered are dropped.
    pub fn empty_worker_port_message_queue(&mut self, queues: &mut Queues<'_>, worker: GlobalId) {
        if let Some(ports) = self.worker_ports(worker) {
            self.end_port(queues, ports.outside, MessageDropReason::WorkerTerminated);
        }
    }

    /// Ends the broadcast channels of a global that is gone, and its ports.
    ///
    /// The ports of a worker end. First [return](Self::task_dropped) the tasks that were dropped
    /// with it. Those of a window only lose their other ports
    /// ([destroy a document](https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroy-a-document)):
    /// script of another window may still have one and transfer it. Each ends when it is closed or
    /// [collected](Self::port_collected).
    pub fn global_ended(&mut self, queues: &mut Queues<'_>, global: GlobalId) {
        self.process_drops(queues);
        self.accounting
            .record(TraceRecord::GlobalDestroyed { global });
        if self.workers.remove(global) {
            self.end_ports(queues, global, MessageDropReason::WorkerEnded);
        } else {
            self.disentangle_ports(queues, global, MessageDropReason::WindowDiscarded);
        }
        self.channels.global_ended(global);
        #[cfg(feature = "locks")]
        self.terminate_remaining_locks_and_requests(queues, global);
        self.process_drops(queues);
    }
}

#[cfg(test)]
mod tests {
    use framepost_event_loop::EventLoop;

    use super::*;
    use crate::accounting::MessageDropReason;
    use crate::state::{HalfLocation, MessagingTask};
    use crate::structured_clone::Serialized;

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
        let _ = messaging.post(event_loop, port, message).unwrap();
    }

    fn reasons(messaging: &mut Messaging) -> Vec<MessageDropReason> {
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
        messaging.enable_worker_ports(&mut event_loop, worker);
        assert!(messaging.has_tasks(ports.inside) && messaging.has_tasks(ports.outside));
        assert!(!messaging.is_reachable(worker), "but by its object");
        let other = messaging.create_channel(Owner::Global(worker)).0;
        assert!(messaging.is_reachable(worker));
        let half = messaging.half_of(other).unwrap();
        assert_eq!(
            messaging.half_location(half),
            Some(HalfLocation::Owned(other))
        );
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
        messaging.empty_worker_port_message_queue(&mut event_loop, worker);
        assert_eq!(
            reasons(&mut messaging),
            [MessageDropReason::WorkerTerminated]
        );
        event_loop.destroy_global(worker);
        messaging.global_ended(&mut event_loop, worker);
        assert_eq!(reasons(&mut messaging), [MessageDropReason::WorkerEnded]);
        // Closed by itself: what it has said still arrives.
        let worker = global(&mut event_loop);
        let ports = messaging.create_worker_ports(page, worker);
        messaging.enable_worker_ports(&mut event_loop, worker);
        post(&mut messaging, ports.inside, &mut event_loop);
        event_loop.destroy_global(worker);
        messaging.global_ended(&mut event_loop, worker);
        assert_eq!(reasons(&mut messaging), []);
        assert!(messaging.has_tasks(ports.outside));
        assert_eq!(messaging.worker_ports(worker), None);
        assert_eq!(messaging.counters().pending(), 1);
    }
}
