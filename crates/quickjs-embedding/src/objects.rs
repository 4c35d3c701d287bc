//! The objects that stand for something outside script: ports, channels, workers and nodes.
//!
//! [`Platform`] is their native class. [`Objects`] finds the object of a port, and decides how long it lives.
//! Its references are weak, so an object that script has forgotten is freed, and [`Platform`]'s `Drop` reports it.
//! What must live without script's help gets a strong reference: a *root*, or a reference from another object.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use framepost_browsing_context::dom::NodeTable;
use framepost_browsing_context::{Contexts, Node};
use framepost_event_loop::GlobalId;
use framepost_messaging::Messaging;
use framepost_messaging::broadcast_channel::BroadcastChannelId;
use framepost_messaging::ports::{HalfId, HalfLocation, PortId, ReachabilityChange, Retainer};
use rquickjs::class::{JsClass, Readable, Trace, Tracer};
use rquickjs::function::Constructor;
use rquickjs::{Class, Ctx, Function, JsLifetime, Object, Persistent, Result};

/// What an object stands for.
#[derive(Clone)]
pub(crate) enum Thing {
    /// Nothing but itself: an `EventTarget`, or the place of a window's listeners.
    Plain,
    Port(PortId),
    Channel(BroadcastChannelId),
    Worker(GlobalId),
    Node(Node),
}

/// The things whose objects were freed. It has a cell of its own, because objects are freed at any time.
pub(crate) type Graveyard = Rc<RefCell<Vec<Thing>>>;

/// The data of a platform object.
pub(crate) struct Platform<'js> {
    pub(crate) thing: Thing,
    /// The global of the object's realm.
    pub(crate) global: GlobalId,
    /// The listeners, for `prelude.js`.
    pub(crate) slot: Object<'js>,
    /// The ports that this port keeps alive: see [`Objects::update`]. The collector traces them.
    keeps: RefCell<Vec<(PortId, Object<'js>)>>,
    graveyard: Graveyard,
}

impl Drop for Platform<'_> {
    fn drop(&mut self) {
        let thing = std::mem::replace(&mut self.thing, Thing::Plain);
        if !matches!(thing, Thing::Plain) {
            self.graveyard.borrow_mut().push(thing);
        }
    }
}

impl<'js> Trace<'js> for Platform<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        tracer.mark(&self.slot);
        for (_, object) in self.keeps.borrow().iter() {
            tracer.mark(object);
        }
    }
}

// SAFETY: `'js` is the only lifetime, and `Changed` differs in nothing else.
unsafe impl<'js> JsLifetime<'js> for Platform<'js> {
    type Changed<'to> = Platform<'to>;
}

impl<'js> JsClass<'js> for Platform<'js> {
    const NAME: &'static str = "Platform";
    type Mutable = Readable;

    fn constructor(_: &Ctx<'js>) -> Result<Option<Constructor<'js>>> {
        Ok(None)
    }
}

/// The data of `object`, if it is a platform object.
pub(crate) fn platform<'a, 'js>(object: &'a Object<'js>) -> Option<&'a Class<'js, Platform<'js>>> {
    object.as_class::<Platform<'js>>()
}

/// What `object` stands for; `None` for an object of script.
pub(crate) fn thing(object: &Object<'_>) -> Option<Thing> {
    Some(platform(object)?.borrow().thing.clone())
}

struct Entry {
    /// A `WeakRef`.
    weak: Persistent<Object<'static>>,
    /// The object while it must not be freed.
    root: Option<Persistent<Object<'static>>>,
}

/// Finds the objects.
#[derive(Default)]
pub(crate) struct Objects {
    ports: HashMap<PortId, Entry>,
    channels: HashMap<BroadcastChannelId, Entry>,
    workers: HashMap<GlobalId, Entry>,
    nodes: NodeTable<Entry>,
    /// The nodes whose objects are roots, because their trees are in documents.
    rooted_nodes: Vec<Node>,
    /// The port that keeps each port alive, and the other way round.
    kept_by: HashMap<PortId, PortId>,
    keeps: HashMap<PortId, Vec<PortId>>,
    pub(crate) graveyard: Graveyard,
}

/// The functions `weak` and `deref`, of a realm that no page sees.
pub(crate) struct Weakness<'js>(pub(crate) Object<'js>);

impl<'js> Weakness<'js> {
    fn deref(&self, entry: &Entry) -> Option<Object<'js>> {
        let weak = entry.weak.clone().restore(self.0.ctx()).ok()?;
        let deref: Function<'js> = self.0.get("deref").ok()?;
        deref.call((weak,)).ok()?
    }

    fn entry(&self, object: &Object<'js>, root: bool) -> Result<Entry> {
        let weak: Function<'js> = self.0.get("weak")?;
        let weak: Object<'js> = weak.call((object.clone(),))?;
        Ok(Entry {
            weak: Persistent::save(self.0.ctx(), weak),
            root: root.then(|| Persistent::save(self.0.ctx(), object.clone())),
        })
    }
}

impl Objects {
    /// Creates the object of `thing` with this prototype, in the realm of `global`.
    pub(crate) fn create<'js>(
        &mut self,
        weakness: &Weakness<'js>,
        thing: Thing,
        global: GlobalId,
        prototype: Object<'js>,
    ) -> Result<Object<'js>> {
        let slot = Object::new(prototype.ctx().clone())?;
        slot.set("listeners", rquickjs::Array::new(slot.ctx().clone())?)?;
        slot.set("handlers", Object::new(slot.ctx().clone())?)?;
        let data = Platform {
            thing: thing.clone(),
            global,
            slot,
            keeps: RefCell::default(),
            graveyard: Rc::clone(&self.graveyard),
        };
        let object = Class::instance_proto(data, prototype)?.into_inner();
        match thing {
            Thing::Plain => {}
            Thing::Port(port) => drop(self.ports.insert(port, weakness.entry(&object, false)?)),
            // A worker's object lives as long as the worker: it may report an error at any time.
            Thing::Worker(worker) => {
                drop(self.workers.insert(worker, weakness.entry(&object, true)?))
            }
            Thing::Channel(id) => drop(self.channels.insert(id, weakness.entry(&object, false)?)),
            Thing::Node(node) => self.nodes.insert(&node, weakness.entry(&object, false)?),
        }
        Ok(object)
    }

    pub(crate) fn port<'js>(&self, weakness: &Weakness<'js>, port: PortId) -> Option<Object<'js>> {
        weakness.deref(self.ports.get(&port)?)
    }

    pub(crate) fn channel<'js>(
        &self,
        weakness: &Weakness<'js>,
        id: BroadcastChannelId,
    ) -> Option<Object<'js>> {
        weakness.deref(self.channels.get(&id)?)
    }

    pub(crate) fn worker<'js>(
        &self,
        weakness: &Weakness<'js>,
        worker: GlobalId,
    ) -> Option<Object<'js>> {
        weakness.deref(self.workers.get(&worker)?)
    }

    pub(crate) fn node<'js>(&self, weakness: &Weakness<'js>, node: &Node) -> Option<Object<'js>> {
        weakness.deref(self.nodes.get(node)?)
    }

    pub(crate) fn worker_ended(&mut self, worker: GlobalId) {
        self.workers.remove(&worker);
    }

    /// Roots an open channel while it has a listener, as the standard says.
    pub(crate) fn hold_channel(
        &mut self,
        weakness: &Weakness<'_>,
        id: BroadcastChannelId,
        hold: bool,
    ) {
        root(self.channels.get_mut(&id), weakness, hold);
    }

    /// Roots the object of a node, if it has one, while the node is in a document: its listeners have to live.
    pub(crate) fn node_is_connected(&mut self, weakness: &Weakness<'_>, node: &Node) {
        if let Some(entry) = self.nodes.get_mut(node)
            && entry.root.is_none()
        {
            root(Some(entry), weakness, true);
            self.rooted_nodes.push(node.clone());
        }
    }

    /// Releases the objects of the nodes that are in no document any more.
    pub(crate) fn release_nodes(&mut self, contexts: &Contexts) {
        let nodes = &mut self.nodes;
        self.rooted_nodes.retain(|node| {
            let stays = contexts.connected_document(node).is_some();
            if !stays && let Some(entry) = nodes.get_mut(node) {
                entry.root = None;
            }
            stays
        });
    }

    /// Takes the things whose objects were freed. A node may have another object by now.
    pub(crate) fn take_dead(&mut self, weakness: &Weakness<'_>) -> Vec<Thing> {
        let dead = std::mem::take(&mut *self.graveyard.borrow_mut());
        for thing in &dead {
            match thing {
                Thing::Port(port) => drop(self.ports.remove(port)),
                Thing::Channel(id) => drop(self.channels.remove(id)),
                Thing::Node(node) => {
                    if self.node(weakness, node).is_none() {
                        self.nodes.remove(node);
                    }
                }
                Thing::Worker(_) | Thing::Plain => {}
            }
        }
        dead
    }

    /// Follows the standard's rule that a port with a listener is kept alive by the port at the other end. If that
    /// one is in a message, the port in whose queue the message waits takes its place; if it is under way
    /// otherwise, or has a task, it is a root.
    ///
    /// This is the recipe for reference counts in `docs/embedding.md`.
    pub(crate) fn update<'js>(&mut self, weakness: &Weakness<'js>, messaging: &mut Messaging) {
        let mut ports = Vec::new();
        while let Some(change) = messaging.next_reachability_change() {
            match change {
                ReachabilityChange::Port(port) | ReachabilityChange::PortTasks(port) => {
                    ports.push(port);
                    ports.extend(self.keeps.get(&port).into_iter().flatten());
                }
                // Another port may now keep the peer of this half, and the peers of the halves in its queue.
                ReachabilityChange::Half(half) => {
                    ports.extend(
                        messaging
                            .peer_of_half(half)
                            .and_then(|peer| owner(messaging, peer)),
                    );
                    if let Some(outer) = owner(messaging, half) {
                        ports.push(outer);
                        ports.extend(messaging.retained_ports(outer));
                    }
                }
                _ => {}
            }
        }
        for port in ports {
            let is_root = messaging.is_rooted(port) || messaging.has_tasks(port);
            if messaging.is_detached(port) {
                self.ports.remove(&port);
            }
            let keeper = match messaging.retainer(port) {
                Retainer::Port(keeper) => Some(keeper),
                _ => None,
            };
            // The new reference before the old one goes, or the object is freed between them.
            if is_root {
                root(self.ports.get_mut(&port), weakness, true);
            }
            self.keep(weakness, port, keeper);
            root(self.ports.get_mut(&port), weakness, is_root);
        }
    }

    fn keep<'js>(&mut self, weakness: &Weakness<'js>, port: PortId, keeper: Option<PortId>) {
        let old = match keeper {
            Some(keeper) => self.kept_by.insert(port, keeper),
            None => self.kept_by.remove(&port),
        };
        if old == keeper {
            return;
        }
        if let Some(keeper) = keeper {
            self.keeps.entry(keeper).or_default().push(port);
            if let (Some(holder), Some(object)) =
                (self.port(weakness, keeper), self.port(weakness, port))
                && let Some(data) = platform(&holder)
            {
                data.borrow().keeps.borrow_mut().push((port, object));
            }
        }
        if let Some(old) = old {
            if let Some(kept) = self.keeps.get_mut(&old) {
                kept.retain(|it| *it != port);
                if kept.is_empty() {
                    self.keeps.remove(&old);
                }
            }
            if let Some(object) = self.port(weakness, old)
                && let Some(data) = platform(&object)
            {
                // The objects are dropped after the borrow: each may free others.
                let taken = std::mem::take(&mut *data.borrow().keeps.borrow_mut());
                let (dropped, stay) = taken
                    .into_iter()
                    .partition::<Vec<_>, _>(|(it, _)| *it == port);
                data.borrow().keeps.borrow_mut().extend(stay);
                drop(dropped);
            }
        }
    }

    /// The sizes of the tables: ports, channels, workers and nodes.
    pub(crate) fn counts(&self) -> [usize; 4] {
        [
            self.ports.len(),
            self.channels.len(),
            self.workers.len(),
            self.rooted_nodes.len(),
        ]
    }
}

fn root(entry: Option<&mut Entry>, weakness: &Weakness<'_>, hold: bool) {
    if let Some(entry) = entry
        && entry.root.is_some() != hold
    {
        let object = if hold { weakness.deref(entry) } else { None };
        entry.root = object.map(|object| Persistent::save(weakness.0.ctx(), object));
    }
}

/// The port that has a half, directly or in a message of its queue.
fn owner(messaging: &Messaging, mut half: HalfId) -> Option<PortId> {
    loop {
        match messaging.half_location(half)? {
            HalfLocation::Owned(port) => return Some(port),
            HalfLocation::InQueueOf(outer) => half = outer,
            _ => return None,
        }
    }
}
