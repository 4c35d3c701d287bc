//! Events: finding the object that has the listeners, and firing in its realm.

use framepost_browsing_context::{ErrorReport, EventTarget, FiredEvent};
use framepost_event_loop::GlobalId;
use framepost_messaging::{Delivery, MessageTarget};
use rquickjs::function::IntoArgs;
use rquickjs::{Object, Value};

use crate::objects::{Thing, platform, thing};
use crate::world::Engine;

impl<'js> Engine<'js> {
    /// Fires an event that the function `make` of `prelude.js` creates in the realm of its target. Returns false if a
    /// listener canceled it.
    fn fire<A: IntoArgs<'js>>(&mut self, object: Object<'js>, make: &str, arguments: A) -> Option<bool> {
        let global = platform(&object)?.borrow().global;
        let realm = self.realm(global)?;
        self.reported(|engine| {
            let event: Value<'js> = Self::call(&realm, make, arguments)?;
            let shown = match thing(&object) {
                // `scope` has the listeners of a global; the global itself is shown.
                Some(Thing::Plain) => {
                    let window = engine.with(|world| world.state.contexts.window(global).map(|it| it.navigable()));
                    let proxy = window.and_then(|it| engine.window_proxy(it));
                    proxy.unwrap_or_else(|| realm.ctx().globals())
                }
                _ => object.clone(),
            };
            Self::call(&realm, "fire", (event, object, shown))
        })
    }

    /// The object that has the listeners of a target. A node without an object has no listeners.
    fn target(&self, target: MessageTarget) -> Option<Object<'js>> {
        self.object_of(&match target {
            MessageTarget::Global(global) => return self.scope(global),
            MessageTarget::Port(port) => Thing::Port(port),
            MessageTarget::BroadcastChannel(id) => Thing::Channel(id),
            MessageTarget::Worker(worker) => Thing::Worker(worker),
            _ => return None,
        })
    }

    fn object_of(&self, thing: &Thing) -> Option<Object<'js>> {
        self.with_objects(|world, weakness| world.objects.find(weakness, thing)).ok()?
    }

    fn scope(&self, global: GlobalId) -> Option<Object<'js>> {
        self.realm(global)?.get("scope").ok()
    }

    pub(crate) fn deliver(&mut self, delivery: Delivery<Self>) {
        let (target, name, data, origin, source, ports) = match delivery {
            Delivery::Message { target, data, origin, source, ports, .. } => {
                (target, "message", Some(data), origin, source, ports)
            }
            Delivery::MessageError { target, origin, source, .. } => {
                (target, "messageerror", None, origin, source, Vec::new())
            }
            Delivery::Close { port } => {
                if let Some(object) = self.target(MessageTarget::Port(port)) {
                    self.fire(object, "event", ("close", false));
                }
                return;
            }
            _ => return,
        };
        if let Some(object) = self.target(target) {
            let source = source.and_then(|navigable| self.window_proxy(navigable));
            self.fire(object, "messageEvent", (name, data, origin.to_string(), source, ports));
        }
    }

    /// `Effect::Fire`.
    pub(crate) fn fire_at(&mut self, target: EventTarget, event: &FiredEvent) {
        let found = match target {
            EventTarget::Window(window) => self.scope(window),
            EventTarget::Document(document) => {
                let node = self.with(|world| Some(world.state.contexts.document(document)?.node().clone()));
                node.and_then(|node| self.object_of(&Thing::node(&node)))
            }
            EventTarget::Worker(worker) => self.object_of(&Thing::Worker(worker)),
            node => self.object_of(&Thing::Node(node)),
        };
        if let Some(object) = found {
            self.fire(object, "event", (event.name(), event.cancelable()));
        }
    }

    /// Fires `error` at a worker's object. With nested workers, the owner would be told next.
    pub(crate) fn fire_error(&mut self, worker: GlobalId, report: ErrorReport) {
        let line = report.message.clone();
        let object = self.target(MessageTarget::Worker(worker));
        let error = (report.message, report.filename, report.lineno);
        let fired = object.and_then(|object| self.fire(object, "errorEvent", error));
        if fired != Some(false) {
            self.with(|world| world.log.push(line));
        }
    }
}
