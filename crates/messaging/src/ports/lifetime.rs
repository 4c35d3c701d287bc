//! What an embedder with a garbage collector asks
//! ([ports and garbage collection](https://html.spec.whatwg.org/multipage/web-messaging.html#ports-and-garbage-collection)).
//!
//! An entangled port that somebody listens to is held by its peer: traced from there, not a root,
//! so that two ports that only have each other can be collected. A root it is only while its queue
//! is enabled and not empty, or a task for it waits, or its peer is on the way to somebody.

use super::table::{Place, Table};
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

/// Where an end of a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Whereabouts {
    /// Owned, under this name.
    Port(PortId),
    /// In a message that waits in the queue of this other end.
    Inside(HalfId),
    /// In a message or a value that somebody will still come to.
    Transit,
}

/// Something to look at again for who traces ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LifetimeChange {
    /// This end of a channel is elsewhere, has no peer any more, or has ended.
    Half(HalfId),
    /// The port is listened to or no longer, or has tasks or none any more, or is detached.
    Port(PortId),
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
        if let Some(state) = self.table.ports.get_mut(port)
            && state.has_listener != has_listener
        {
            state.has_listener = has_listener;
            self.table.port_changed(port);
        }
    }

    /// Whether somebody listens to the port, as the embedder last said.
    #[must_use]
    pub fn has_listener(&self, port: PortId) -> bool {
        let state = self.table.ports.get(port);
        state.is_some_and(|state| state.has_listener)
    }

    /// Whether a task for the port is queued, as it is while its queue is enabled and not empty.
    #[must_use]
    pub fn has_tasks(&self, port: PortId) -> bool {
        let state = self.table.ports.get(port);
        state.is_some_and(|state| state.tokens > 0)
    }

    /// Where an end of a channel is; `None` once it has ended.
    #[must_use]
    pub fn whereabouts(&self, half: HalfId) -> Option<Whereabouts> {
        Some(match self.table.halves.get(half)?.place {
            Place::Port(port) => Whereabouts::Port(port),
            Place::Transit { inside: Some(half) } => Whereabouts::Inside(half),
            Place::Transit { inside: None } => Whereabouts::Transit,
        })
    }

    /// The other end of a channel.
    #[must_use]
    pub fn peer_of_half(&self, half: HalfId) -> Option<HalfId> {
        self.table.halves.get(half)?.peer
    }

    /// From now on [`take_lifetime_changes`](Self::take_lifetime_changes) has something to tell:
    /// for an embedder whose collector traces ports, once, at the start.
    pub fn watch_lifetimes(&mut self) {
        self.table.lifetime_changes.get_or_insert_default();
    }

    /// What has changed for a collector since this was last called. Who asks after each use of the
    /// ports, before anything may be collected, and keeps its references by the answers, never
    /// lets go of a port too soon. Each change costs the same, however many ports wait inside of
    /// one another.
    #[must_use]
    pub fn take_lifetime_changes(&mut self) -> Vec<LifetimeChange> {
        self.table
            .lifetime_changes
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
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
        let half = self.table.half_of(port);
        half.map_or_else(Vec::new, |half| self.table.kept_by(half))
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

impl Table {
    /// The ports that somebody listens to whose chain of holders goes through this half.
    fn kept_by(&self, half: HalfId) -> Vec<PortId> {
        let mut kept = Vec::new();
        let mut to_visit = vec![half];
        while let Some(half) = to_visit.pop() {
            let Some(state) = self.halves.get(half) else {
                continue;
            };
            if let Some((peer, other)) = state.peer.and_then(|peer| self.owner_of(peer))
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

    pub(crate) fn port_changed(&mut self, port: PortId) {
        if let Some(changes) = &mut self.lifetime_changes {
            changes.push(LifetimeChange::Port(port));
        }
    }

    pub(crate) fn half_changed(&mut self, half: HalfId) {
        if let Some(changes) = &mut self.lifetime_changes {
            changes.push(LifetimeChange::Half(half));
        }
    }
}
