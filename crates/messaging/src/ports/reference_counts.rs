//! What keeps ports alive, for script engines that count references.

use framepost_event_loop::{FxHashMap, FxHashSet};

use crate::identity::{HalfId, PortId};
use crate::ports::Retainer;
use crate::state::{HalfLocation, Messaging, ReachabilityChange};

/// A change of the references to the object of a port. It may repeat what is so already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceChange {
    /// The embedder refers to the object: it is a root.
    Root(PortId),
    /// The embedder does not refer to the object.
    NoRoot(PortId),
    /// The object of `holder` refers to the object of `port`. The engine's collector of cycles has to see the reference.
    Keep {
        /// The port that keeps the other one alive.
        holder: PortId,
        /// The port that is kept alive.
        port: PortId,
    },
    /// The object of `holder` no longer refers to the object of `port`.
    Release {
        /// The port that kept the other one alive.
        holder: PortId,
        /// The port that was kept alive.
        port: PortId,
    },
    /// The port is detached: its object names no port any more.
    Detached(PortId),
}

/// The references between the objects of ports: a port with a listener is kept alive by the port at the other end, or by
/// the port in whose queue that end waits. If nothing of the kind has the other end, or a task for the port waits, the
/// port is a root.
///
/// ```
/// use framepost_event_loop::EventLoop;
/// use framepost_messaging::ports::{Owner, PortReferences, ReferenceChange};
/// use framepost_messaging::{State, Task};
///
/// let mut state: State<Task, ()> = State::default();
/// state.messaging.track_reachability();
/// let mut references = PortReferences::default();
/// let global = state.event_loop.create_global();
/// let (port1, port2) = state.messaging.create_channel(Owner::Global(global));
/// state.messaging.set_has_listener(port2, true);
/// let changes = state.messaging.take_reachability_changes();
/// let changes = references.update(&state.messaging, changes);
/// assert!(changes.contains(&ReferenceChange::Keep { holder: port1, port: port2 }));
/// ```
#[derive(Debug, Default)]
pub struct PortReferences {
    /// The port that keeps each port alive.
    kept_by: FxHashMap<PortId, PortId>,
    /// The other way round.
    keeps: FxHashMap<PortId, Vec<PortId>>,
}

impl PortReferences {
    /// Returns what changes in the references. Perform the changes in their order: a new reference comes before the end of
    /// an old one, so that no count is zero between them.
    #[must_use]
    pub fn update(
        &mut self,
        messaging: &Messaging,
        changes: impl IntoIterator<Item = ReachabilityChange>,
    ) -> Vec<ReferenceChange> {
        let mut ports = Vec::new();
        for change in changes {
            match change {
                ReachabilityChange::Port(port) | ReachabilityChange::PortTasks(port) => {
                    ports.push(port);
                    ports.extend(self.keeps.get(&port).into_iter().flatten());
                }
                // Another port may now keep the peer of this half, and the peers of the halves in its queue.
                ReachabilityChange::Half(half) => {
                    let peer = messaging.peer_of_half(half);
                    ports.extend(peer.and_then(|peer| owner(messaging, peer)));
                    if let Some(outer) = owner(messaging, half) {
                        ports.push(outer);
                        ports.extend(messaging.retained_ports(outer));
                    }
                }
            }
        }
        let mut seen = FxHashSet::default();
        ports.retain(|port| seen.insert(*port));
        let mut due = Vec::new();
        for port in ports {
            let is_root = messaging.is_rooted(port) || messaging.has_tasks(port);
            if messaging.is_detached(port) {
                due.push(ReferenceChange::Detached(port));
            }
            if is_root {
                due.push(ReferenceChange::Root(port));
            }
            let holder = match messaging.retainer(port) {
                Retainer::Port(holder) => Some(holder),
                Retainer::Root | Retainer::None => None,
            };
            self.keep(port, holder, &mut due);
            if !is_root {
                due.push(ReferenceChange::NoRoot(port));
            }
        }
        due
    }

    /// Lets `holder` keep `port` alive, and no other port.
    fn keep(&mut self, port: PortId, holder: Option<PortId>, due: &mut Vec<ReferenceChange>) {
        let old = match holder {
            Some(holder) => self.kept_by.insert(port, holder),
            None => self.kept_by.remove(&port),
        };
        if old == holder {
            return;
        }
        if let Some(holder) = holder {
            self.keeps.entry(holder).or_default().push(port);
            due.push(ReferenceChange::Keep { holder, port });
        }
        if let Some(old) = old {
            if let Some(kept) = self.keeps.get_mut(&old) {
                kept.retain(|it| *it != port);
                if kept.is_empty() {
                    self.keeps.remove(&old);
                }
            }
            due.push(ReferenceChange::Release { holder: old, port });
        }
    }
}

/// The port that has a half, directly or in a message of its queue.
fn owner(messaging: &Messaging, mut half: HalfId) -> Option<PortId> {
    loop {
        match messaging.half_location(half)? {
            HalfLocation::Owned(port) => return Some(port),
            HalfLocation::InQueueOf(outer) => half = outer,
            HalfLocation::InTransit => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Owner;
    use crate::state::{State, Task};

    /// The changes that concern the references to `port`.
    fn changes(
        state: &mut State<Task, ()>,
        of: &mut PortReferences,
        port: PortId,
    ) -> Vec<ReferenceChange> {
        let changes = state.messaging.take_reachability_changes();
        let mut changes = of.update(&state.messaging, changes);
        changes.retain(|change| match change {
            ReferenceChange::Root(it)
            | ReferenceChange::NoRoot(it)
            | ReferenceChange::Detached(it) => *it == port,
            ReferenceChange::Keep { port: it, .. } | ReferenceChange::Release { port: it, .. } => {
                *it == port
            }
        });
        changes.dedup();
        changes
    }

    #[test]
    fn new_reference_comes_before_the_end_of_the_old_one() {
        let mut state: State<Task, ()> = State::default();
        let references = &mut PortReferences::default();
        state.messaging.track_reachability();
        let owner = Owner::Global(state.event_loop.create_global());
        let (near, far) = state.messaging.create_channel(owner);
        state.messaging.set_has_listener(far, true);
        let keep = |holder| ReferenceChange::Keep { holder, port: far };
        let found = changes(&mut state, references, far);
        assert_eq!(found, [keep(near), ReferenceChange::NoRoot(far)]);

        // The other end is under way.
        let half = state.messaging.detach(near).expect("a port");
        let release = ReferenceChange::Release {
            holder: near,
            port: far,
        };
        let found = changes(&mut state, references, far);
        assert_eq!(found, [ReferenceChange::Root(far), release]);

        let arrived = state.messaging.attach(&mut state.event_loop, owner, half);
        let arrived = arrived.expect("a port");
        let found = changes(&mut state, references, far);
        assert_eq!(found, [keep(arrived), ReferenceChange::NoRoot(far)]);
    }
}
