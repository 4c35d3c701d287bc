//! The interface for garbage collectors
//! ([ports and garbage collection](https://html.spec.whatwg.org/multipage/web-messaging.html#ports-and-garbage-collection)).
//!
//! An entangled port with a listener is reachable from its peer. The peer's reference is traced and
//! is not a root, so two ports that only have each other can be collected. A port is a root only
//! while its queue is enabled and not empty, while a task for it waits, or while its peer is in
//! transit.

use framepost_event_loop::GlobalId;

use crate::accounting::MessageInfo;
use crate::identity::{HalfId, Owner, PortId};
use crate::state::{HalfLocation, Messaging, PortTable, ReachabilityChange};

/// The thing that keeps a port alive, besides references to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retainer {
    /// Nothing.
    None,
    /// This port. It is the peer, or the peer is in a message that waits in its queue, directly or
    /// through other ports in transit.
    Port(PortId),
    /// The event loop or the embedder: the peer is in a task or in a value of the embedder. Treat the
    /// port as a root.
    Root,
}

impl Messaging {
    /// Whether the port has a peer.
    #[must_use]
    pub fn is_entangled(&self, port: PortId) -> bool {
        self.table.peer_of(port).is_some()
    }

    /// The other end of the port's channel.
    #[must_use]
    pub fn entangled_half(&self, port: PortId) -> Option<HalfId> {
        self.table.peer_of(port)
    }

    /// The other end of the port's channel, unless it is in transit.
    #[must_use]
    pub fn entangled_port(&self, port: PortId) -> Option<PortId> {
        let (peer, _) = self.table.owner_of(self.table.peer_of(port)?)?;
        Some(peer)
    }

    /// The half that the port names; `None` once it is detached.
    #[must_use]
    pub fn half_of(&self, port: PortId) -> Option<HalfId> {
        self.table.half_of(port)
    }

    /// Whether the port message queue is enabled.
    #[must_use]
    pub fn is_enabled(&self, port: PortId) -> bool {
        self.table
            .ports
            .get(port)
            .is_some_and(|state| state.enabled)
    }

    /// Counts the messages in the port's queue.
    #[must_use]
    pub fn waiting(&self, port: PortId) -> usize {
        self.table
            .half_of(port)
            .and_then(|half| self.table.halves.get(half))
            .map_or(0, |state| state.queue.len())
    }

    /// Returns the messages that wait at ports whose queue is not enabled, in order of creation of the ports: the
    /// global that owns each port, and the message. No task delivers them before the port is started.
    #[must_use]
    pub fn waiting_at_disabled_ports(&self) -> Vec<(Option<GlobalId>, MessageInfo)> {
        let mut found = Vec::new();
        for port in self.table.ports.keys_in_order() {
            let Some(state) = self.table.ports.get(port).filter(|state| !state.enabled) else {
                continue;
            };
            let owner = match state.owner {
                Owner::Global(global) => Some(global),
                Owner::Host => continue,
            };
            if let Some(half) = self.table.halves.get(state.half) {
                found.extend(half.queue.iter().map(|envelope| (owner, envelope.info())));
            }
        }
        found
    }

    /// Returns the ports that have a listener but can get no message any more, with the globals that own them, in order of
    /// creation: the other end is closed or gone, and nothing waits in the queue.
    #[must_use]
    pub fn listeners_without_peer(&self) -> Vec<(GlobalId, PortId)> {
        let ports = self.table.ports.keys_in_order().into_iter();
        let without_peer = ports.filter_map(|port| {
            let state = self.table.ports.get(port)?;
            let Owner::Global(global) = state.owner else {
                return None;
            };
            let half = self.table.halves.get(state.half)?;
            let waits = state.has_listener && half.queue.is_empty();
            (waits && self.table.peer_of(port).is_none()).then_some((global, port))
        });
        without_peer.collect()
    }

    /// Records whether the port has a listener. Its peer keeps only such a port alive.
    pub fn set_has_listener(&mut self, port: PortId, has_listener: bool) {
        if let Some(state) = self.table.ports.get_mut(port)
            && state.has_listener != has_listener
        {
            state.has_listener = has_listener;
            self.table.port_changed(port);
        }
    }

    /// Whether the port has a listener, as last recorded.
    #[must_use]
    pub fn has_listener(&self, port: PortId) -> bool {
        let state = self.table.ports.get(port);
        state.is_some_and(|state| state.has_listener)
    }

    /// Whether a task for the port is queued, or was queued when the running task began. An enabled queue
    /// with messages has a queued task.
    #[must_use]
    pub fn has_tasks(&self, port: PortId) -> bool {
        let state = self.table.ports.get(port);
        state.is_some_and(|state| state.tasks_reported)
    }

    /// The place of a half; `None` once it has ended.
    #[must_use]
    pub fn half_location(&self, half: HalfId) -> Option<HalfLocation> {
        Some(self.table.halves.get(half)?.location)
    }

    /// The other end of a channel.
    #[must_use]
    pub fn peer_of_half(&self, half: HalfId) -> Option<HalfId> {
        self.table.halves.get(half)?.peer
    }

    /// Starts to record changes for [`take_reachability_changes`](Self::take_reachability_changes).
    /// An embedder whose collector traces ports calls this once, at the start.
    pub fn track_reachability(&mut self) {
        self.table.reachability_changes.get_or_insert_default();
    }

    /// Records that a task has ended. An embedder whose collector traces ports calls this between tasks, when
    /// [`takes_of_last_tasks`](Self::takes_of_last_tasks) is not 0: after each task, or later. Ports whose tasks have
    /// ended are kept until then.
    ///
    /// OPTIMIZATION: a port that answers each message is reported once as having tasks, and not twice for
    /// each message.
    pub fn task_ended(&mut self) {
        self.table.report_ports_without_tasks();
    }

    /// Returns how often the last task of a port was taken since the last [`task_ended`](Self::task_ended).
    #[must_use]
    pub fn takes_of_last_tasks(&self) -> usize {
        self.table.without_tasks.len()
    }

    /// Takes the changes since the last call.
    ///
    /// Call it after each use of the ports, before anything may be collected, and update the
    /// references of your collector: then no port is collected too early. A change costs the same
    /// for any depth of ports in messages of other ports.
    #[must_use]
    pub fn take_reachability_changes(&mut self) -> Vec<ReachabilityChange> {
        std::iter::from_fn(|| self.next_reachability_change()).collect()
    }

    /// Whether there is a change that was not taken yet.
    #[must_use]
    pub fn has_reachability_changes(&self) -> bool {
        let changes = self.table.reachability_changes.as_ref();
        changes.is_some_and(|changes| !changes.is_empty())
    }

    /// Takes the oldest change that was not taken yet.
    pub fn next_reachability_change(&mut self) -> Option<ReachabilityChange> {
        self.table.reachability_changes.as_mut()?.pop_front()
    }

    /// Whether the port is a root.
    #[must_use]
    pub fn is_rooted(&self, port: PortId) -> bool {
        let Some(state) = self.table.ports.get(port) else {
            return false;
        };
        state.tokens > 0
            || (state.enabled && self.waiting(port) > 0)
            || self.retainer(port) == Retainer::Root
    }

    /// What keeps the port alive.
    #[must_use]
    pub fn retainer(&self, port: PortId) -> Retainer {
        let Some(state) = self.table.ports.get(port) else {
            return Retainer::None;
        };
        if !state.has_listener {
            return Retainer::None;
        }
        let mut holder = self.table.peer_of(port);
        while let Some(half) = holder {
            match self.table.halves.get(half).map(|state| state.location) {
                Some(HalfLocation::Owned(port)) => return Retainer::Port(port),
                Some(HalfLocation::InTransit) => return Retainer::Root,
                Some(HalfLocation::InQueueOf(outer)) => holder = Some(outer),
                None => break,
            }
        }
        Retainer::None
    }

    /// The ports that this port keeps alive: those whose [`retainer`](Self::retainer) it is, in the
    /// order of their messages. A collector traces them from this port.
    #[must_use]
    pub fn retained_ports(&self, port: PortId) -> Vec<PortId> {
        let half = self.table.half_of(port);
        half.map_or_else(Vec::new, |half| self.table.retained_by(half))
    }

    /// Counts the ends of channels: owned, and in transit.
    #[must_use]
    pub fn half_count(&self) -> usize {
        self.table.halves.len()
    }

    /// Counts the ports that have an owner.
    #[must_use]
    pub fn port_count(&self) -> usize {
        self.table.ports.len()
    }
}

impl PortTable {
    /// The ports with a listener that this half keeps alive, directly or through other halves in transit.
    fn retained_by(&self, half: HalfId) -> Vec<PortId> {
        let mut retained = Vec::new();
        let mut to_visit = vec![half];
        while let Some(half) = to_visit.pop() {
            let Some(state) = self.halves.get(half) else {
                continue;
            };
            if let Some((peer, other)) = state.peer.and_then(|peer| self.owner_of(peer))
                && other.has_listener
            {
                retained.push(peer);
            }
            if state.carriers > 0 {
                let messages = state.queue.iter().rev().filter_map(|it| it.message());
                to_visit.extend(messages.flat_map(|message| {
                    let mut halves: Vec<HalfId> = message.halves().collect();
                    halves.reverse();
                    halves
                }));
            }
        }
        retained
    }
}
