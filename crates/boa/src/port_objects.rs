//! JavaScript objects of ports and broadcast channels, and their liveness
//! ([ports and garbage collection](https://html.spec.whatwg.org/multipage/web-messaging.html#ports-and-garbage-collection)).
//!
//! Only objects with a queued event are roots. The standard's strong reference from a port to its
//! entangled port is a traced reference: each half of a channel has a `Link`. A link refers to
//! the peer's object while the peer has a listener, and to the links of the halves that are in
//! messages in its own queue. A port's object owns the link of its half. The link of a half in a
//! message is owned by the link of the half in whose queue the message is. Only the link of a half
//! in transit is a root. So unreachable ports are collected, even if they refer to each other in a
//! cycle.
//!
//! Any allocation may collect, so the references are updated after each use of the ports, from
//! [`Messaging::take_reachability_changes`]. Finalizers add collected ports and channels to a list,
//! which is read after each task.

use std::cell::RefCell;
use std::rc::Rc;

use boa_engine::{Finalize, JsObject, JsResult, JsString, Trace};
use boa_gc::{Gc, GcRefCell, WeakGc};
use framepost_event_loop::{FxHashMap, GlobalId, Key as _};
use framepost_messaging::Messaging;
use framepost_messaging::broadcast_channel::BroadcastChannelId;
use framepost_messaging::ports::{HalfId, HalfLocation, Owner, PortId, ReachabilityChange};

use crate::boa::collection;
use crate::boa::slots::Slot;
use crate::webidl::platform;
use crate::webidl::receiver::Receiver;

/// The objects of ports and broadcast channels.
pub static PORT_OBJECTS: Slot<PortObjects> = Slot::new();

/// The ports and channels whose objects were collected since the list was last taken.
#[derive(Debug, Default)]
pub struct Collected {
    pub ports: Vec<PortId>,
    pub channels: Vec<BroadcastChannelId>,
}

type Graveyard = Rc<RefCell<Collected>>;

/// The references of one half of a channel.
#[derive(Default, Trace, Finalize)]
struct Link {
    /// The port at the other half, while that has a listener.
    peer: GcRefCell<Option<Gc<PortAnchor>>>,
    /// The halves in the messages in this half's queue, by serial number.
    carried: GcRefCell<FxHashMap<u64, Gc<Link>>>,
}

/// Lives as long as the object of a port: the two refer to each other.
#[derive(Trace)]
pub struct PortAnchor {
    #[unsafe_ignore_trace]
    port: PortId,
    object: GcRefCell<Option<JsObject>>,
    link: Gc<Link>,
    #[unsafe_ignore_trace]
    graveyard: Graveyard,
}

impl std::fmt::Debug for PortAnchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortAnchor")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Finalize for PortAnchor {
    // Runs during a collection: must neither allocate nor borrow the world.
    fn finalize(&self) {
        if let Ok(mut collected) = self.graveyard.try_borrow_mut() {
            collected.ports.push(self.port);
            collection::finalizer_runs();
        }
    }
}

/// Lives as long as the object of a broadcast channel: the two refer to each other.
#[derive(Trace)]
pub struct ChannelAnchor {
    #[unsafe_ignore_trace]
    channel: BroadcastChannelId,
    object: GcRefCell<Option<JsObject>>,
    #[unsafe_ignore_trace]
    graveyard: Graveyard,
}

impl std::fmt::Debug for ChannelAnchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelAnchor")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl Finalize for ChannelAnchor {
    fn finalize(&self) {
        if let Ok(mut collected) = self.graveyard.try_borrow_mut() {
            collected.channels.push(self.channel);
            collection::finalizer_runs();
        }
    }
}

/// The data of a port's object.
#[derive(Clone, Debug, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub struct PortRef {
    #[unsafe_ignore_trace]
    pub port: PortId,
    anchor: Gc<PortAnchor>,
}

/// The data of a broadcast channel's object.
#[derive(Clone, Debug, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub struct ChannelRef {
    #[unsafe_ignore_trace]
    pub channel: BroadcastChannelId,
    anchor: Gc<ChannelAnchor>,
}

/// A weak reference to a value, which the table may turn into a root.
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
    /// The half in whose queue this half waits.
    inside: Option<HalfId>,
}

/// Finds the objects of ports and broadcast channels, and roots those that must stay alive. No
/// table is iterated where its order could be observed.
#[derive(Default)]
pub struct PortObjects {
    ports: FxHashMap<PortId, Entry<PortAnchor>>,
    links: FxHashMap<HalfId, LinkEntry>,
    channels: FxHashMap<BroadcastChannelId, Entry<ChannelAnchor>>,
    /// The `Worker` objects by worker, with the number of errors still to be fired at each.
    workers: FxHashMap<GlobalId, (Entry<PortAnchor>, isize)>,
    /// The dedicated workers whose objects were collected while they still had work.
    pub forgotten_workers: Vec<GlobalId>,
    graveyard: Graveyard,
    /// The changes that are not applied yet.
    changes: Vec<Change>,
}

impl std::fmt::Debug for PortObjects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortObjects").finish_non_exhaustive()
    }
}

/// A [`ReachabilityChange`] with the state of its ports. It is built while [`Messaging`] is
/// borrowed, and [applied](PortObjects::apply) afterwards.
enum Change {
    Half {
        half: HalfId,
        location: Option<HalfLocation>,
        owned_by_host: bool,
        listening_peer: ListeningPeer,
        peer: Option<(HalfId, ListeningPeer)>,
    },
    Port {
        port: PortId,
        detached: bool,
        has_tasks: bool,
        peer: Option<(HalfId, ListeningPeer)>,
    },
    PortTasks {
        port: PortId,
        has_tasks: bool,
    },
}

/// The port at the other half, if it has a listener.
type ListeningPeer = Option<PortId>;

/// The state of the ports of a change.
fn read(messaging: &Messaging, change: ReachabilityChange) -> Option<Change> {
    let listening_peer = |half: HalfId| -> ListeningPeer {
        match messaging.half_location(messaging.peer_of_half(half)?)? {
            HalfLocation::Owned(port) if messaging.has_listener(port) => Some(port),
            _ => None,
        }
    };
    let with_listening_peer = |half: Option<HalfId>| half.map(|half| (half, listening_peer(half)));
    match change {
        ReachabilityChange::Half(half) => {
            let location = messaging.half_location(half);
            let owner = match location {
                Some(HalfLocation::Owned(port)) => messaging.owner(port),
                _ => None,
            };
            Some(Change::Half {
                half,
                location,
                owned_by_host: owner == Some(Owner::Host),
                listening_peer: listening_peer(half),
                peer: with_listening_peer(messaging.peer_of_half(half)),
            })
        }
        ReachabilityChange::Port(port) => Some(Change::Port {
            port,
            detached: messaging.is_detached(port),
            has_tasks: messaging.has_tasks(port),
            peer: with_listening_peer(messaging.entangled_half(port)),
        }),
        // A port that was detached meanwhile has a change of its own.
        ReachabilityChange::PortTasks(port) => Some(Change::PortTasks {
            port,
            has_tasks: messaging.has_tasks(port),
        }),
        _ => None,
    }
}

impl PortObjects {
    /// Counts the entries.
    #[doc(hidden)]
    pub fn count(&self) -> usize {
        self.ports.len() + self.links.len() + self.channels.len()
    }

    /// Returns the object of a port, unless it was collected.
    #[inline]
    pub fn port(&self, port: PortId) -> Option<JsObject> {
        let anchor = self.ports.get(&port)?.weak.upgrade()?;
        anchor.object.borrow().clone()
    }

    /// Returns the object of a broadcast channel, unless it was collected.
    pub fn channel(&self, channel: BroadcastChannelId) -> Option<JsObject> {
        let anchor = self.channels.get(&channel)?.weak.upgrade()?;
        anchor.object.borrow().clone()
    }

    /// Creates the data of a port's object. The caller then [sets the object](PortRef::set_object).
    pub fn new_port(&mut self, port: PortId, half: Option<HalfId>, has_tasks: bool) -> PortRef {
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
        // The port may have a task before it has an object: `close`, when it arrives.
        entry.set_root(has_tasks);
        self.ports.insert(port, entry);
        PortRef { port, anchor }
    }

    /// Creates the data for the object of a broadcast channel.
    pub fn new_channel(&mut self, channel: BroadcastChannelId) -> ChannelRef {
        let anchor = Gc::new(ChannelAnchor {
            channel,
            object: GcRefCell::new(None),
            graveyard: self.graveyard.clone(),
        });
        self.channels.insert(channel, Entry::new(&anchor));
        ChannelRef { channel, anchor }
    }

    /// Adds the inside port of a worker, which may not have an object yet, or ever. Its link is a
    /// root, so the peer's object stays alive while the peer has a listener and the worker lives.
    pub fn new_inside_port(&mut self, half: HalfId) {
        let link = Gc::new(Link::default());
        let mut entry = Entry::new(&link);
        entry.root = Some(link);
        let inside = None;
        self.links.insert(half, LinkEntry { entry, inside });
    }

    /// Adds a worker whose `Worker` object has this data.
    pub fn new_worker(&mut self, worker: GlobalId, port: &PortRef) {
        self.workers
            .retain(|_, (entry, _)| entry.weak.is_upgradable());
        self.workers.insert(worker, (Entry::new(&port.anchor), 0));
    }

    /// Returns the object of a worker, unless it was collected.
    pub fn worker(&self, worker: GlobalId) -> Option<JsObject> {
        let anchor = self.workers.get(&worker)?.0.weak.upgrade()?;
        anchor.object.borrow().clone()
    }

    /// Changes the number of events to be fired at the object of a worker, a root meanwhile.
    pub fn hold_worker(&mut self, worker: GlobalId, by: isize) {
        if let Some((entry, count)) = self.workers.get_mut(&worker) {
            *count += by;
            entry.set_root(*count > 0);
        }
    }

    /// Roots the object of a broadcast channel or releases it. It is a root while the channel is
    /// open and has a listener.
    pub fn hold_channel(&mut self, channel: BroadcastChannelId, hold: bool) {
        if let Some(entry) = self.channels.get_mut(&channel) {
            entry.set_root(hold);
        }
    }

    /// Whether the object of a broadcast channel is a root: the channel is open and has a listener.
    #[must_use]
    pub fn holds_channel(&self, channel: BroadcastChannelId) -> bool {
        let entry = self.channels.get(&channel);
        entry.is_some_and(|entry| entry.root.is_some())
    }

    /// Removes a broadcast channel.
    pub fn forget_channel(&mut self, channel: BroadcastChannelId) {
        self.channels.remove(&channel);
    }

    /// Takes the list of the objects that were collected since the last call.
    pub fn take_collected(&mut self) -> Collected {
        std::mem::take(&mut *self.graveyard.borrow_mut())
    }

    /// Whether there are collected objects or workers without objects to account for.
    pub fn has_forgotten(&self) -> bool {
        !self.forgotten_workers.is_empty() || self.has_collected()
    }

    /// Whether the list of collected objects has entries.
    pub fn has_collected(&self) -> bool {
        let collected = self.graveyard.borrow();
        !collected.ports.is_empty() || !collected.channels.is_empty()
    }

    /// Counts the ports and the halves.
    #[doc(hidden)]
    pub fn len(&self) -> (usize, usize) {
        (self.ports.len(), self.links.len())
    }

    /// Takes the changes since the last call, for [`apply`](Self::apply). Returns whether there are
    /// any.
    pub fn take_changes(&mut self, messaging: &mut Messaging) -> bool {
        while let Some(change) = messaging.next_reachability_change() {
            self.changes.extend(read(messaging, change));
        }
        !self.changes.is_empty()
    }

    /// Updates the references. This allocates, so the world must not be borrowed.
    pub fn apply(&mut self) {
        let mut changes = std::mem::take(&mut self.changes);
        for change in changes.drain(..) {
            match change {
                Change::Half {
                    half,
                    location,
                    owned_by_host,
                    listening_peer,
                    peer,
                } => {
                    match location {
                        Some(location) => self.moved(half, location, owned_by_host),
                        None => self.ended(half),
                    }
                    self.set_peer(half, listening_peer);
                    if let Some((peer, listening_peer)) = peer {
                        self.set_peer(peer, listening_peer);
                    }
                }
                Change::Port {
                    port,
                    detached: true,
                    ..
                } => {
                    self.ports.remove(&port);
                }
                Change::PortTasks { port, has_tasks } => {
                    if let Some(entry) = self.ports.get_mut(&port) {
                        entry.set_root(has_tasks);
                    }
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
                    if let Some((peer, listening_peer)) = peer {
                        self.set_peer(peer, listening_peer);
                    }
                }
            }
        }
        // OPTIMIZATION: the list keeps its memory for the next message.
        self.changes = changes;
    }

    fn link(&self, half: HalfId) -> Option<Gc<Link>> {
        self.links.get(&half)?.entry.weak.upgrade()
    }

    fn set_peer(&self, half: HalfId, listening_peer: ListeningPeer) {
        if let Some(link) = self.link(half) {
            let anchor = listening_peer.and_then(|port| self.ports.get(&port)?.weak.upgrade());
            *link.peer.borrow_mut() = anchor;
        }
    }

    fn ended(&mut self, half: HalfId) {
        if let Some(entry) = self.links.remove(&half) {
            self.remove_from_queue(half, entry.inside);
        }
    }

    fn remove_from_queue(&self, half: HalfId, of: Option<HalfId>) {
        if let Some(holder) = of.and_then(|holder| self.link(holder)) {
            holder.carried.borrow_mut().remove(&half.serial());
        }
    }

    fn moved(&mut self, half: HalfId, location: HalfLocation, owned_by_host: bool) {
        let Some(link) = self.link(half) else {
            // The half never had an object: Rust code owns it or it is in transit.
            if owned_by_host || !matches!(location, HalfLocation::Owned(_)) {
                let link = Gc::new(Link::default());
                let mut entry = Entry::new(&link);
                entry.root = Some(link);
                let inside = None;
                self.links.insert(half, LinkEntry { entry, inside });
                if let HalfLocation::InQueueOf(_) = location {
                    self.moved(half, location, owned_by_host);
                }
            }
            return;
        };
        let old = self.links.get(&half).and_then(|entry| entry.inside);
        self.remove_from_queue(half, old);
        let mut inside = None;
        let root = match location {
            HalfLocation::InQueueOf(holder) => match self.link(holder) {
                Some(holding) => {
                    let held = link.clone();
                    holding.carried.borrow_mut().insert(half.serial(), held);
                    inside = Some(holder);
                    false
                }
                // The holder was collected, but its half has not ended yet.
                None => false,
            },
            // The object of its port owns the link, if there is one.
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
    /// Sets the object that has this data.
    pub fn set_object(&self, object: &JsObject) {
        *self.anchor.object.borrow_mut() = Some(object.clone());
    }
}

impl ChannelRef {
    /// Sets the object that has this data.
    pub fn set_object(&self, object: &JsObject) {
        *self.anchor.object.borrow_mut() = Some(object.clone());
    }
}
/// The data of a `BroadcastChannel`.
#[derive(Debug, Trace, Finalize)]
pub struct ChannelData {
    /// The channel.
    pub channel: ChannelRef,
    /// Its name.
    #[unsafe_ignore_trace]
    pub name: JsString,
}

impl Receiver for BroadcastChannelId {
    fn of(object: &JsObject) -> JsResult<Self> {
        platform::read(object, |data: &ChannelData| data.channel.channel)
    }
}

impl Receiver for PortId {
    fn of(object: &JsObject) -> JsResult<Self> {
        platform::read(object, |port: &PortRef| port.port)
    }
}

/// The port of a `MessagePort` object.
#[inline]
pub fn as_port(object: &JsObject) -> Option<PortId> {
    platform::with(object, |port: &PortRef| Some(port.port))
}

/// The hidden port of an object such as a `Worker`.
#[derive(Debug, Trace, Finalize)]
pub struct HiddenPort(pub PortRef);

/// Returns the hidden port of an object.
#[inline]
pub fn hidden_port(object: &JsObject) -> Option<PortId> {
    platform::with(object, |HiddenPort(port)| Some(port.port))
}
