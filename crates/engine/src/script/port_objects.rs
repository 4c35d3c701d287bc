//! The JavaScript objects of ports and broadcast channels, and who keeps them alive
//! ([ports and garbage collection](https://html.spec.whatwg.org/multipage/web-messaging.html#ports-and-garbage-collection)).
//!
//! Nothing here is a root but what is to hear of something that is queued already. What the
//! standard calls a strong reference from a port to its peer is a traced one: each end of a channel
//! has a [`Link`], which holds the object of the peer while somebody listens to that, and the links
//! of the ends that wait in messages in its own queue. The link of a port is held by the port's
//! object; that of an end in a message, by the link of the end in whose queue the message is. Only
//! that of an end on the way to somebody is a root. So whatever script has forgotten altogether is
//! collected, however it is tied together.
//!
//! A collection may happen at any allocation, so that these references are brought up to date after
//! each use of the ports, by what [`Messaging::take_reachability_changes`] tells. What was collected
//! stands in a list, which is read after each task.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use boa_engine::{Finalize, JsObject, Trace};
use boa_gc::{Gc, GcRefCell, WeakGc};
use framepost_event_loop::{GlobalId, Key as _};
use framepost_messaging::Messaging;
use framepost_messaging::broadcast_channel::BroadcastChannelId;
use framepost_messaging::ports::{HalfId, HalfLocation, Owner, PortId, ReachabilityChange};

use crate::boa::slots::Slot;

/// The objects of ports and broadcast channels.
pub(crate) static PORT_OBJECTS: Slot<PortObjects> = Slot::new();

/// What was collected since somebody looked.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) ports: Vec<PortId>,
    pub(crate) channels: Vec<BroadcastChannelId>,
}

type Graveyard = Rc<RefCell<Collected>>;

/// What one end of a channel holds.
#[derive(Default, Trace, Finalize)]
struct Link {
    /// The port at the other end, while that is listened to.
    peer: GcRefCell<Option<Gc<PortAnchor>>>,
    /// The ends in the messages in its queue, by their serial numbers.
    carried: GcRefCell<HashMap<u64, Gc<Link>>>,
}

/// Lives as long as the object of a port, which holds it and is held by it.
#[derive(Trace)]
pub(crate) struct PortAnchor {
    #[unsafe_ignore_trace]
    port: PortId,
    object: GcRefCell<Option<JsObject>>,
    link: Gc<Link>,
    #[unsafe_ignore_trace]
    graveyard: Graveyard,
}

impl Finalize for PortAnchor {
    // Runs inside of a collection: it may neither allocate nor touch the world.
    fn finalize(&self) {
        if let Ok(mut collected) = self.graveyard.try_borrow_mut() {
            collected.ports.push(self.port);
        }
    }
}

/// The same for a broadcast channel.
#[derive(Trace)]
pub(crate) struct ChannelAnchor {
    #[unsafe_ignore_trace]
    channel: BroadcastChannelId,
    object: GcRefCell<Option<JsObject>>,
    #[unsafe_ignore_trace]
    graveyard: Graveyard,
}

impl Finalize for ChannelAnchor {
    fn finalize(&self) {
        if let Ok(mut collected) = self.graveyard.try_borrow_mut() {
            collected.channels.push(self.channel);
        }
    }
}

/// What a port's object has as its data.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct PortRef {
    #[unsafe_ignore_trace]
    pub(crate) port: PortId,
    anchor: Gc<PortAnchor>,
}

/// What a broadcast channel's object has as its data.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ChannelRef {
    #[unsafe_ignore_trace]
    pub(crate) channel: BroadcastChannelId,
    anchor: Gc<ChannelAnchor>,
}

/// Something that is found as long as somebody holds it, or held by the table itself.
struct Entry<T: Trace + 'static> {
    weak: WeakGc<T>,
    root: Option<Gc<T>>,
}

impl<T: Trace + 'static> Entry<T> {
    fn new(value: &Gc<T>) -> Self {
        Self {
            weak: WeakGc::new(value),
            root: None,
        }
    }

    fn set_root(&mut self, root: bool) {
        self.root = root.then(|| self.weak.upgrade()).flatten();
    }
}

struct LinkEntry {
    entry: Entry<Link>,
    /// The end in whose queue this one waits.
    inside: Option<HalfId>,
}

/// Finds the objects of ports and broadcast channels, and holds those that are to be held. All
/// tables are looked up, never iterated.
#[derive(Default)]
pub(crate) struct PortObjects {
    ports: HashMap<PortId, Entry<PortAnchor>>,
    links: HashMap<HalfId, LinkEntry>,
    channels: HashMap<BroadcastChannelId, Entry<ChannelAnchor>>,
    /// The `Worker` objects by their workers, and how many errors are still to be fired at each.
    workers: HashMap<GlobalId, (Entry<PortAnchor>, isize)>,
    /// The dedicated workers whose objects were collected, and which have something to do yet.
    pub(crate) forgotten_workers: Vec<GlobalId>,
    graveyard: Graveyard,
}

/// A [`ReachabilityChange`] with what there is to know of it. It is put together while the ports can be
/// read, and heeded when they cannot.
pub(crate) enum Change {
    Half {
        half: HalfId,
        whereabouts: Option<HalfLocation>,
        owned_by_host: bool,
        heard: Heard,
        peer: Option<(HalfId, Heard)>,
    },
    Port {
        port: PortId,
        detached: bool,
        has_tasks: bool,
        peer: Option<(HalfId, Heard)>,
    },
}

/// The port at the other end of some half, if it is listened to.
type Heard = Option<PortId>;

/// Reads the changes since this was last called.
pub(crate) fn changes(messaging: &mut Messaging) -> Vec<Change> {
    let changes = messaging.take_reachability_changes();
    let heard = |half: HalfId| -> Heard {
        match messaging.half_location(messaging.peer_of_half(half)?)? {
            HalfLocation::Owned(port) if messaging.has_listener(port) => Some(port),
            _ => None,
        }
    };
    let with_heard = |half: Option<HalfId>| half.map(|half| (half, heard(half)));
    let read = |change| match change {
        ReachabilityChange::Half(half) => {
            let whereabouts = messaging.half_location(half);
            let owner = match whereabouts {
                Some(HalfLocation::Owned(port)) => messaging.owner(port),
                _ => None,
            };
            Some(Change::Half {
                half,
                whereabouts,
                owned_by_host: owner == Some(Owner::Host),
                heard: heard(half),
                peer: with_heard(messaging.peer_of_half(half)),
            })
        }
        ReachabilityChange::Port(port) => Some(Change::Port {
            port,
            detached: messaging.is_detached(port),
            has_tasks: messaging.has_tasks(port),
            peer: with_heard(messaging.entangled_half(port)),
        }),
        _ => None,
    };
    changes.into_iter().filter_map(read).collect()
}

impl PortObjects {
    /// How many entries there are.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.ports.len() + self.links.len() + self.channels.len()
    }

    /// The object of a port, unless it was collected.
    pub(crate) fn port(&self, port: PortId) -> Option<JsObject> {
        let anchor = self.ports.get(&port)?.weak.upgrade()?;
        anchor.object.borrow().clone()
    }

    /// The object of a broadcast channel, unless it was collected.
    pub(crate) fn channel(&self, channel: BroadcastChannelId) -> Option<JsObject> {
        let anchor = self.channels.get(&channel)?.weak.upgrade()?;
        anchor.object.borrow().clone()
    }

    /// The data for the object of a port, which is then to be [told](PortRef::set_object).
    pub(crate) fn new_port(
        &mut self,
        port: PortId,
        half: Option<HalfId>,
        has_tasks: bool,
    ) -> PortRef {
        let link = half.and_then(|half| self.links.get(&half)?.entry.weak.upgrade());
        let link = link.unwrap_or_else(|| Gc::new(Link::default()));
        let anchor = Gc::new(PortAnchor {
            port,
            object: GcRefCell::new(None),
            link: link.clone(),
            graveyard: self.graveyard.clone(),
        });
        if let Some(half) = half {
            let entry = Entry::new(&link);
            let inside = None;
            self.links.insert(half, LinkEntry { entry, inside });
        }
        let mut entry = Entry::new(&anchor);
        // It may have had a task before it had an object: `close`, as it arrived.
        entry.set_root(has_tasks);
        self.ports.insert(port, entry);
        PortRef { port, anchor }
    }

    /// The data for the object of a broadcast channel.
    pub(crate) fn new_channel(&mut self, channel: BroadcastChannelId) -> ChannelRef {
        let anchor = Gc::new(ChannelAnchor {
            channel,
            object: GcRefCell::new(None),
            graveyard: self.graveyard.clone(),
        });
        self.channels.insert(channel, Entry::new(&anchor));
        ChannelRef { channel, anchor }
    }

    /// Lets the inside port of a worker, which has no object yet or never, hold what script's ports
    /// hold: the object of its peer, while that is listened to and the worker lives.
    pub(crate) fn new_inside_port(&mut self, half: HalfId) {
        let link = Gc::new(Link::default());
        let mut entry = Entry::new(&link);
        entry.root = Some(link);
        let inside = None;
        self.links.insert(half, LinkEntry { entry, inside });
    }

    /// Remembers whose object this is the data of.
    pub(crate) fn new_worker(&mut self, worker: GlobalId, port: &PortRef) {
        self.workers
            .retain(|_, (entry, _)| entry.weak.is_upgradable());
        self.workers.insert(worker, (Entry::new(&port.anchor), 0));
    }

    /// The object of a worker, unless it was collected.
    pub(crate) fn worker(&self, worker: GlobalId) -> Option<JsObject> {
        let anchor = self.workers.get(&worker)?.0.weak.upgrade()?;
        anchor.object.borrow().clone()
    }

    /// Counts what is still to be fired at the object of a worker, which is held meanwhile.
    pub(crate) fn hold_worker(&mut self, worker: GlobalId, by: isize) {
        if let Some((entry, count)) = self.workers.get_mut(&worker) {
            *count += by;
            entry.set_root(*count > 0);
        }
    }

    /// Holds the object of a broadcast channel, or leaves it to script: it is held while it is
    /// open and listened to.
    pub(crate) fn hold_channel(&mut self, channel: BroadcastChannelId, hold: bool) {
        if let Some(entry) = self.channels.get_mut(&channel) {
            entry.set_root(hold);
        }
    }

    /// Forgets a broadcast channel.
    pub(crate) fn forget_channel(&mut self, channel: BroadcastChannelId) {
        self.channels.remove(&channel);
    }

    /// What was collected since this was last called.
    pub(crate) fn take_collected(&mut self) -> Collected {
        std::mem::take(&mut *self.graveyard.borrow_mut())
    }

    /// Whether something was collected since then.
    pub(crate) fn has_collected(&self) -> bool {
        let collected = self.graveyard.borrow();
        !collected.ports.is_empty() || !collected.channels.is_empty()
    }

    /// How many ports, and ends of channels, it knows.
    #[cfg(test)]
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.ports.len(), self.links.len())
    }

    /// Brings the references up to date.
    pub(crate) fn heed(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Half {
                    half,
                    whereabouts,
                    owned_by_host,
                    heard,
                    peer,
                } => {
                    match whereabouts {
                        Some(whereabouts) => self.moved(half, whereabouts, owned_by_host),
                        None => self.ended(half),
                    }
                    self.set_peer(half, heard);
                    if let Some((peer, heard)) = peer {
                        self.set_peer(peer, heard);
                    }
                }
                Change::Port {
                    port,
                    detached: true,
                    ..
                } => {
                    self.ports.remove(&port);
                }
                Change::Port {
                    port,
                    has_tasks,
                    peer,
                    ..
                } => {
                    if let Some(entry) = self.ports.get_mut(&port) {
                        entry.set_root(has_tasks);
                    }
                    if let Some((peer, heard)) = peer {
                        self.set_peer(peer, heard);
                    }
                }
            }
        }
    }

    fn link(&self, half: HalfId) -> Option<Gc<Link>> {
        self.links.get(&half)?.entry.weak.upgrade()
    }

    fn set_peer(&self, half: HalfId, heard: Heard) {
        if let Some(link) = self.link(half) {
            let anchor = heard.and_then(|port| self.ports.get(&port)?.weak.upgrade());
            *link.peer.borrow_mut() = anchor;
        }
    }

    fn ended(&mut self, half: HalfId) {
        if let Some(entry) = self.links.remove(&half) {
            self.take_out(half, entry.inside);
        }
    }

    fn take_out(&self, half: HalfId, of: Option<HalfId>) {
        if let Some(holder) = of.and_then(|holder| self.link(holder)) {
            holder.carried.borrow_mut().remove(&half.serial());
        }
    }

    fn moved(&mut self, half: HalfId, whereabouts: HalfLocation, owned_by_host: bool) {
        let Some(link) = self.link(half) else {
            // Not of an object: it was Rust code's from the beginning.
            if owned_by_host || !matches!(whereabouts, HalfLocation::Owned(_)) {
                let link = Gc::new(Link::default());
                let mut entry = Entry::new(&link);
                entry.root = Some(link);
                let inside = None;
                self.links.insert(half, LinkEntry { entry, inside });
                if let HalfLocation::InQueueOf(_) = whereabouts {
                    self.moved(half, whereabouts, owned_by_host);
                }
            }
            return;
        };
        let old = self.links.get(&half).and_then(|entry| entry.inside);
        self.take_out(half, old);
        let mut inside = None;
        let root = match whereabouts {
            HalfLocation::InQueueOf(holder) => match self.link(holder) {
                Some(holding) => {
                    let held = link.clone();
                    holding.carried.borrow_mut().insert(half.serial(), held);
                    inside = Some(holder);
                    false
                }
                // The holder was collected, which it is still to be told.
                None => false,
            },
            // Its object, if it has one by now, holds it.
            HalfLocation::Owned(port) => owned_by_host || !self.ports.contains_key(&port),
            _ => true,
        };
        if let Some(entry) = self.links.get_mut(&half) {
            entry.inside = inside;
            entry.entry.root = root.then_some(link);
        }
    }
}

impl PortRef {
    /// Says which object this is the data of.
    pub(crate) fn set_object(&self, object: &JsObject) {
        *self.anchor.object.borrow_mut() = Some(object.clone());
    }
}

impl ChannelRef {
    /// Says which object this is the data of.
    pub(crate) fn set_object(&self, object: &JsObject) {
        *self.anchor.object.borrow_mut() = Some(object.clone());
    }
}
/// The port of an object that has one without showing it, such as a `Worker`.
#[derive(Trace, Finalize)]
pub(crate) struct HiddenPort(pub(crate) PortRef);

/// The port that an object has without showing it.
pub(crate) fn hidden_port(object: &JsObject) -> Option<PortId> {
    crate::webidl::platform::with(object, |HiddenPort(port)| Some(port.port))
}
