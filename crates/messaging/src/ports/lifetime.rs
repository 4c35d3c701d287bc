//! What an embedder with a garbage collector asks
//! ([ports and garbage collection](https://html.spec.whatwg.org/multipage/web-messaging.html#ports-and-garbage-collection)).
//!
//! An entangled port that somebody listens to is held by its peer: traced from there, not a root,
//! so that two ports that only have each other can be collected. A root it is only while its queue
//! is enabled and not empty, or a task for it waits, or its peer is on the way to somebody.

use super::table::Place;
use super::{HalfId, PortId};
use crate::messaging::Messaging;

/// Who holds a port, besides those that refer to its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keeper {
    /// Nobody.
    Nobody,
    /// This port: it is the peer, or in its queue waits a message that carries the peer, or a
    /// message that carries a port in whose queue and so on.
    Port(PortId),
    /// The peer is on the way, in a task or in the embedder's hands: treat the port as a root.
    Transit,
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

    /// The other end of the port's channel, if it has an owner at the moment.
    #[must_use]
    pub fn entangled_port(&self, port: PortId) -> Option<PortId> {
        let (peer, _) = self.table.owner_of(self.table.peer_of(port)?)?;
        Some(peer)
    }

    /// Which end of a channel the port is; none once it is detached.
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

    /// How many messages wait in the port's queue.
    #[must_use]
    pub fn waiting(&self, port: PortId) -> usize {
        self.table
            .half_of(port)
            .and_then(|half| self.table.halves.get(half))
            .map_or(0, |state| state.queue.len())
    }

    /// Says whether somebody listens to the port: only such a port is held by its peer.
    pub fn set_has_listener(&mut self, port: PortId, has_listener: bool) {
        if let Some(state) = self.table.ports.get_mut(port) {
            state.has_listener = has_listener;
        }
    }

    /// Whether the port has to be kept whatever refers to it.
    #[must_use]
    pub fn is_rooted(&self, port: PortId) -> bool {
        let Some(state) = self.table.ports.get(port) else {
            return false;
        };
        state.tokens > 0
            || (state.enabled && self.waiting(port) > 0)
            || self.keeper(port) == Keeper::Transit
    }

    /// Who holds the port.
    #[must_use]
    pub fn keeper(&self, port: PortId) -> Keeper {
        let Some(state) = self.table.ports.get(port) else {
            return Keeper::Nobody;
        };
        if !state.has_listener {
            return Keeper::Nobody;
        }
        let mut holder = self.table.peer_of(port);
        while let Some(half) = holder {
            match self.table.halves.get(half).map(|state| state.place) {
                Some(Place::Port(port)) => return Keeper::Port(port),
                Some(Place::Transit { inside: None }) => return Keeper::Transit,
                Some(Place::Transit { inside }) => holder = inside,
                None => break,
            }
        }
        Keeper::Nobody
    }

    /// The ports that this port holds: those whose [`keeper`](Self::keeper) it is, in the order of
    /// their messages. What a collector traces from it.
    #[must_use]
    pub fn kept_ports(&self, port: PortId) -> Vec<PortId> {
        let mut kept = Vec::new();
        let mut to_visit: Vec<HalfId> = self.table.half_of(port).into_iter().collect();
        while let Some(half) = to_visit.pop() {
            let Some(state) = self.table.halves.get(half) else {
                continue;
            };
            if let Some((peer, other)) = state.peer.and_then(|peer| self.table.owner_of(peer))
                && other.has_listener
            {
                kept.push(peer);
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
        kept
    }

    /// How many ends of channels exist: owned, or on the way.
    #[must_use]
    pub fn half_count(&self) -> usize {
        self.table.halves.len()
    }

    /// How many ports have an owner.
    #[must_use]
    pub fn port_count(&self) -> usize {
        self.table.ports.len()
    }
}
