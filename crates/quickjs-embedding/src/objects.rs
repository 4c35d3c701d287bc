//! The objects that stand for something outside script: ports, channels, workers and nodes.
//!
//! [`Platform`] is their native class. [`Objects`] finds the object of a port, and decides how long it lives.
//! Its references are weak, so an object that script has forgotten is freed, and [`Platform`]'s `Drop` reports it.
//! What must live without script's help gets a strong reference: a *root*, or a reference from another object.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use framepost_browsing_context::{Contexts, EventTarget, Node};
use framepost_event_loop::GlobalId;
use framepost_messaging::Messaging;
use framepost_messaging::broadcast_channel::BroadcastChannelId;
use framepost_messaging::ports::{PortId, PortReferences, ReachabilityChange, ReferenceChange};
use rquickjs::class::{JsClass, Readable, Trace, Tracer};
use rquickjs::function::Constructor;
use rquickjs::{Array, Class, Ctx, Function, JsLifetime, Object, Persistent, Result};

/// What an object stands for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Thing {
    /// Nothing but itself: an `EventTarget`, or the place of a window's listeners.
    Plain,
    Port(PortId),
    Channel(BroadcastChannelId),
    Worker(GlobalId),
    Node(EventTarget),
}

impl Thing {
    pub(crate) fn node(node: &Node) -> Self {
        Self::Node(EventTarget::Node(node.clone()))
    }
}

/// The data of a platform object.
pub(crate) struct Platform<'js> {
    pub(crate) thing: Thing,
    /// The global of the object's realm.
    pub(crate) global: GlobalId,
    /// The listeners, for `prelude.js`, and the objects of the ports that this port keeps alive. The collector traces it.
    pub(crate) slot: Object<'js>,
    freed: Rc<RefCell<Vec<Thing>>>,
}

impl Drop for Platform<'_> {
    fn drop(&mut self) {
        self.freed.borrow_mut().push(std::mem::replace(&mut self.thing, Thing::Plain));
    }
}

impl<'js> Trace<'js> for Platform<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        tracer.mark(&self.slot);
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

/// The object of a thing.
pub(crate) struct Entry {
    /// A `WeakRef`.
    weak: Persistent<Object<'static>>,
    /// The object while it must not be freed.
    root: Option<Persistent<Object<'static>>>,
}

impl Entry {
    fn root(&mut self, weakness: &Weakness<'_>, root: bool) {
        if self.root.is_some() != root {
            let object = if root { weakness.deref(self) } else { None };
            self.root = object.map(|object| Persistent::save(weakness.0.ctx(), object));
        }
    }
}

/// Functions for weak references and for references between objects, of a realm that no page sees.
pub(crate) struct Weakness<'js>(pub(crate) Object<'js>);

/// The text of [`Weakness`].
pub(crate) const WEAKNESS: &str = "({
    weak: (it) => new WeakRef(it), deref: (it) => it.deref() ?? null,
    keep: (slot, it) => { (slot.keeps ??= new Set()).add(it); }, release: (slot, it) => { slot.keeps.delete(it); },
})";

impl<'js> Weakness<'js> {
    fn deref(&self, entry: &Entry) -> Option<Object<'js>> {
        let weak = entry.weak.clone().restore(self.0.ctx()).ok()?;
        self.0.get::<_, Function<'js>>("deref").ok()?.call((weak,)).ok()?
    }

    fn entry(&self, object: &Object<'js>) -> Result<Entry> {
        let weak: Object<'js> = self.0.get::<_, Function<'js>>("weak")?.call((object.clone(),))?;
        Ok(Entry { weak: Persistent::save(self.0.ctx(), weak), root: None })
    }
}

/// Finds the objects.
#[derive(Default)]
pub(crate) struct Objects {
    entries: HashMap<Thing, Entry>,
    /// The nodes that have objects.
    nodes: Vec<Node>,
    references: PortReferences,
    /// The things whose objects were freed. It has a cell of its own, because objects are freed at any time.
    freed: Rc<RefCell<Vec<Thing>>>,
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
        slot.set("listeners", Array::new(slot.ctx().clone())?)?;
        slot.set("handlers", Object::new(slot.ctx().clone())?)?;
        let data = Platform { thing: thing.clone(), global, slot, freed: Rc::clone(&self.freed) };
        let object = Class::instance_proto(data, prototype)?.into_inner();
        if thing != Thing::Plain {
            let old = self.entries.insert(thing.clone(), weakness.entry(&object)?);
            if let (Thing::Node(EventTarget::Node(node)), None) = (&thing, old) {
                self.nodes.push(node.clone());
            }
            // A worker's object lives as long as the worker, which may report an error at any time. That of a node lives
            // until `update_nodes` finds that the node is in no document.
            self.root(weakness, &thing, matches!(thing, Thing::Worker(_) | Thing::Node(_)));
        }
        Ok(object)
    }

    pub(crate) fn find<'js>(&self, weakness: &Weakness<'js>, thing: &Thing) -> Option<Object<'js>> {
        weakness.deref(self.entries.get(thing)?)
    }

    pub(crate) fn remove(&mut self, thing: &Thing) {
        self.entries.remove(thing);
    }

    /// Roots the object of a thing, or not.
    pub(crate) fn root(&mut self, weakness: &Weakness<'_>, thing: &Thing, root: bool) {
        if let Some(entry) = self.entries.get_mut(thing) {
            entry.root(weakness, root);
        }
    }

    /// Roots the objects of the nodes that are in documents, since their listeners have to live, and no others.
    pub(crate) fn update_nodes(&mut self, weakness: &Weakness<'_>, contexts: &Contexts) {
        let connected = |node: &Node| contexts.connected_document(node).is_some();
        let entries = &mut self.entries;
        self.nodes.retain(|node| {
            let entry = entries.get_mut(&Thing::node(node));
            entry.map(|entry| entry.root(weakness, connected(node))).is_some()
        });
    }

    /// Takes the things whose objects were freed, unless they have another object by now.
    pub(crate) fn take_freed(&mut self, weakness: &Weakness<'_>) -> Vec<Thing> {
        let mut freed = std::mem::take(&mut *self.freed.borrow_mut());
        freed.retain(|thing| self.find(weakness, thing).is_none());
        for thing in &freed {
            self.entries.remove(thing);
        }
        freed
    }

    /// Follows the standard's rule that the port at the other end keeps a port with a listener alive, with references
    /// that the collector traces.
    pub(crate) fn update(&mut self, weakness: &Weakness<'_>, messaging: &Messaging, changes: Vec<ReachabilityChange>) {
        for change in self.references.update(messaging, changes) {
            match change {
                ReferenceChange::Root(port) => self.root(weakness, &Thing::Port(port), true),
                ReferenceChange::NoRoot(port) => self.root(weakness, &Thing::Port(port), false),
                ReferenceChange::Keep { holder, port } => drop(self.refer(weakness, "keep", holder, port)),
                ReferenceChange::Release { holder, port } => drop(self.refer(weakness, "release", holder, port)),
                ReferenceChange::Detached(port) => self.remove(&Thing::Port(port)),
                _ => {}
            }
        }
    }

    /// Lets the object of `holder` refer to that of `port`, or not (`keep`, `release`).
    fn refer(&self, weakness: &Weakness<'_>, how: &str, holder: PortId, port: PortId) -> Option<()> {
        let holder = self.find(weakness, &Thing::Port(holder))?;
        let slot = platform(&holder)?.borrow().slot.clone();
        let object = self.find(weakness, &Thing::Port(port))?;
        weakness.0.get::<_, Function<'_>>(how).ok()?.call((slot, object)).ok()
    }

    /// Counts the objects.
    pub(crate) fn count(&self) -> usize {
        self.entries.len()
    }
}
