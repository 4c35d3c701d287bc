//! The state of all ports: both ends of every channel, and the ports that name them.

use std::collections::{BTreeSet, VecDeque};

use framepost_event_loop::{Arena, FxHashMap, GlobalId};

use crate::accounting::{Endpoint, Envelope, Load};
use crate::identity::{HalfId, MessageTarget, Owner, PortId};
use crate::structured_clone::Message;

/// The place of one end of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HalfLocation {
    /// An owner has it, under this name.
    Owned(PortId),
    /// It is in a message that waits in the queue of this other end.
    InQueueOf(HalfId),
    /// It is in a task, or in a value that the embedder holds.
    InTransit,
}

/// A change that matters to a garbage collector which traces ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReachabilityChange {
    /// This end of a channel moved, lost its peer, or ended.
    Half(HalfId),
    /// This port gained or lost its listener, or was detached.
    Port(PortId),
    /// This port gained its first task or lost its last one.
    PortTasks(PortId),
}

#[derive(Debug)]
pub(crate) struct HalfState {
    pub(crate) location: HalfLocation,
    /// The other end while the two are entangled. That end names this one as its peer.
    pub(crate) peer: Option<HalfId>,
    /// Whether the peer has ended and `close` has not fired here yet. Never true with a peer.
    pub(crate) closing: bool,
    /// The port message queue.
    pub(crate) queue: VecDeque<Envelope<Message>>,
    pub(crate) load: Load,
    /// How many messages in the queue carry halves.
    pub(crate) carriers: usize,
}

/// A half at its owner.
#[derive(Debug)]
pub(crate) struct PortState {
    pub(crate) half: HalfId,
    pub(crate) owner: Owner,
    pub(crate) enabled: bool,
    /// How many tokens of this port are in the event loop.
    pub(crate) tokens: usize,
    /// Whether it was reported to the collector that the port has a task.
    pub(crate) tasks_reported: bool,
    /// Whether the embedder has recorded that the port has a listener.
    pub(crate) has_listener: bool,
    /// Its [message event target](https://html.spec.whatwg.org/multipage/web-messaging.html#message-event-target),
    /// if that is not the port itself.
    pub(crate) event_target: Option<MessageTarget>,
}

#[derive(Debug, Default)]
pub(crate) struct PortTable {
    pub(crate) halves: Arena<HalfId, HalfState>,
    pub(crate) ports: Arena<PortId, PortState>,
    /// The ports of each global, in order of creation. Looked up, never iterated.
    pub(crate) of_global: FxHashMap<GlobalId, BTreeSet<PortId>>,
    /// Detached ports whose tokens still have to be removed from the event loop.
    pub(crate) disowned_with_tokens: Vec<(PortId, Owner)>,
    /// The ports whose last token the running task has taken.
    pub(crate) without_tasks: Vec<PortId>,
    /// The changes to report to a collector; `None` if the embedder did not request them.
    pub(crate) reachability_changes: Option<VecDeque<ReachabilityChange>>,
}

impl PortTable {
    /// Adds a half without a peer and gives it to an owner.
    pub(crate) fn add(&mut self, owner: Owner) -> (PortId, HalfId) {
        let half = self.halves.insert(HalfState {
            location: HalfLocation::InTransit,
            peer: None,
            closing: false,
            queue: VecDeque::new(),
            load: Load::default(),
            carriers: 0,
        });
        (self.own(owner, half), half)
    }

    /// Gives a half to an owner. The new port is disabled.
    pub(crate) fn own(&mut self, owner: Owner, half: HalfId) -> PortId {
        let port = self.ports.insert(PortState {
            half,
            owner,
            enabled: false,
            tokens: 0,
            tasks_reported: false,
            has_listener: false,
            event_target: None,
        });
        if let Some(state) = self.halves.get_mut(half) {
            state.location = HalfLocation::Owned(port);
        }
        if let Owner::Global(global) = owner {
            self.of_global.entry(global).or_default().insert(port);
        }
        port
    }

    /// Takes a port from its owner.
    pub(crate) fn disown(&mut self, port: PortId) -> Option<PortState> {
        let state = self.ports.remove(port)?;
        if state.tokens > 0 {
            self.disowned_with_tokens.push((port, state.owner));
        }
        self.port_changed(port);
        if let Owner::Global(global) = state.owner
            && let Some(ports) = self.of_global.get_mut(&global)
        {
            ports.remove(&port);
            if ports.is_empty() {
                self.of_global.remove(&global);
            }
        }
        Some(state)
    }

    pub(crate) fn half_of(&self, port: PortId) -> Option<HalfId> {
        self.ports.get(port).map(|state| state.half)
    }

    pub(crate) fn peer_of(&self, port: PortId) -> Option<HalfId> {
        self.halves.get(self.half_of(port)?)?.peer
    }

    /// The owner's name and state of a half; `None` in transit.
    pub(crate) fn owner_of(&self, half: HalfId) -> Option<(PortId, &PortState)> {
        match self.halves.get(half)?.location {
            HalfLocation::Owned(port) => Some((port, self.ports.get(port)?)),
            HalfLocation::InQueueOf(_) | HalfLocation::InTransit => None,
        }
    }

    pub(crate) fn global_of(&self, half: HalfId) -> Option<GlobalId> {
        self.owner_of(half)
            .and_then(|(_, port)| port.owner.global())
    }

    pub(crate) fn endpoint(&self, half: HalfId) -> Endpoint {
        Endpoint::Port {
            half,
            global: self.global_of(half),
        }
    }

    /// Reports a changed port to the collector.
    pub(crate) fn port_changed(&mut self, port: PortId) {
        if let Some(changes) = &mut self.reachability_changes {
            changes.push_back(ReachabilityChange::Port(port));
        }
    }

    /// Notes that a token of the port was queued. Its first one is reported to the collector.
    pub(crate) fn token_queued(&mut self, port: PortId) {
        let Some(state) = self.ports.get_mut(port) else {
            return;
        };
        state.tokens += 1;
        if !std::mem::replace(&mut state.tasks_reported, true) {
            self.port_tasks_changed(port);
        }
    }

    /// Notes that a token of the port ran or was dropped.
    pub(crate) fn token_ended(&mut self, port: PortId) {
        let Some(state) = self.ports.get_mut(port) else {
            return;
        };
        debug_assert!(state.tokens > 0, "a token of {port} that was not queued");
        state.tokens = state.tokens.saturating_sub(1);
        if state.tokens > 0 {
            return;
        }
        match self.reachability_changes {
            Some(_) => self.without_tasks.push(port),
            None => state.tasks_reported = false,
        }
    }

    /// Reports to the collector the ports whose last token the running task has taken.
    pub(crate) fn report_ports_without_tasks(&mut self) {
        while let Some(port) = self.without_tasks.pop() {
            if let Some(state) = self.ports.get_mut(port)
                && state.tokens == 0
                && std::mem::take(&mut state.tasks_reported)
            {
                self.port_tasks_changed(port);
            }
        }
    }

    fn port_tasks_changed(&mut self, port: PortId) {
        if let Some(changes) = &mut self.reachability_changes {
            changes.push_back(ReachabilityChange::PortTasks(port));
        }
    }

    /// Reports a changed half to the collector.
    pub(crate) fn half_changed(&mut self, half: HalfId) {
        if let Some(changes) = &mut self.reachability_changes {
            changes.push_back(ReachabilityChange::Half(half));
        }
    }
}
