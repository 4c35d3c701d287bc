//! Events: finding the object that has the listeners, and firing in its realm.

use framepost_browsing_context::{ClientId, EventTarget, FiredEvent, Node, dom};
use framepost_event_loop::GlobalId;
use framepost_messaging::{Delivery, MessageTarget};
use rquickjs::{CatchResultExt, Object, Result, Value};

use crate::objects::{Thing, Weakness, platform, thing};
use crate::world::Engine;

impl<'js> Engine<'js> {
    /// Fires an event that `make` creates in the realm of its target.
    pub(crate) fn fire(
        &mut self,
        object: Object<'js>,
        realm: &Object<'js>,
        make: impl FnOnce(&Self) -> Result<Value<'js>>,
    ) -> bool {
        let fired = (|| {
            let event = make(self)?;
            let shown = match platform(&object).map(|data| data.borrow().global) {
                // `scope` has the listeners of a global; the global itself is shown.
                Some(global) if matches!(thing(&object), Some(Thing::Plain)) => {
                    let window =
                        self.with(|world| world.contexts.window(global).map(|it| it.navigable()));
                    window
                        .and_then(|it| self.window_proxy(it))
                        .unwrap_or_else(|| realm.ctx().globals())
                }
                _ => object.clone(),
            };
            Self::call(realm, "fire", (event, object, shown))
        })();
        fired
            .catch(&self.ctx)
            .map_err(|error| self.report(&error))
            .unwrap_or(true)
    }

    /// The object that has the listeners of a target, and its realm.
    pub(crate) fn target(&self, target: MessageTarget) -> Option<(Object<'js>, Object<'js>)> {
        let weakness = self.weakness().ok()?;
        let object = match target {
            MessageTarget::Global(global) => return self.scope(global),
            MessageTarget::Port(port) => self.with(|world| world.objects.port(&weakness, port)),
            MessageTarget::BroadcastChannel(id) => {
                self.with(|world| world.objects.channel(&weakness, id))
            }
            MessageTarget::Worker(worker) => {
                self.with(|world| world.objects.worker(&weakness, worker))
            }
            _ => None,
        }?;
        let global = platform(&object)?.borrow().global;
        Some((object, self.realm(global)?))
    }

    fn scope(&self, global: GlobalId) -> Option<(Object<'js>, Object<'js>)> {
        let realm = self.realm(global)?;
        Some((realm.get("scope").ok()?, realm))
    }

    pub(crate) fn deliver(&mut self, delivery: Delivery<Self>) {
        let (target, name, data, origin, source, ports) = match delivery {
            Delivery::Message {
                target,
                data,
                origin,
                source,
                ports,
                ..
            } => (target, "message", data, origin.to_string(), source, ports),
            Delivery::MessageError {
                target,
                origin,
                source,
                ..
            } => {
                let data = Value::new_null(self.ctx.clone());
                (
                    target,
                    "messageerror",
                    data,
                    origin.to_string(),
                    source,
                    Vec::new(),
                )
            }
            Delivery::Close { port } => {
                if let Some((object, realm)) = self.target(MessageTarget::Port(port)) {
                    self.fire(object, &realm.clone(), |_| {
                        Self::call(&realm, "event", ("close", false))
                    });
                }
                return;
            }
            _ => return,
        };
        if let Some((object, realm)) = self.target(target) {
            let source = source.and_then(|navigable| self.window_proxy(navigable));
            self.fire(object, &realm.clone(), |_| {
                Self::call(&realm, "messageEvent", (name, data, origin, source, ports))
            });
        }
    }

    pub(crate) fn fire_at(&mut self, target: EventTarget, event: &FiredEvent) {
        let weakness = self.weakness().ok();
        let found = match target {
            EventTarget::Window(window) => self.scope(window),
            EventTarget::Worker(worker) => self.target(MessageTarget::Worker(worker)),
            EventTarget::Node(node) => self.node_target(weakness, &node),
            EventTarget::Document(document) => {
                let node =
                    self.with(|world| Some(world.contexts.document(document)?.node().clone()));
                node.and_then(|node| self.node_target(weakness, &node))
            }
            _ => None,
        };
        if let Some((object, realm)) = found {
            let (name, cancelable) = (event.name(), event.cancelable());
            self.fire(object, &realm.clone(), |_| {
                Self::call(&realm, "event", (name, cancelable))
            });
        }
    }

    /// A node without an object has no listeners.
    fn node_target(
        &self,
        weakness: Option<Weakness<'js>>,
        node: &Node,
    ) -> Option<(Object<'js>, Object<'js>)> {
        let object = self.with(|world| world.objects.node(&weakness?, node))?;
        let global = platform(&object)?.borrow().global;
        Some((object, self.realm(global)?))
    }

    pub(crate) fn erase_listeners(&self, document: ClientId) {
        let found = self.with(|world| {
            let document = world.contexts.document(document)?;
            Some((
                document.window(),
                dom::inclusive_descendants(document.node()).collect::<Vec<_>>(),
            ))
        });
        let (Some((window, nodes)), Ok(weakness)) = (found, self.weakness()) else {
            return;
        };
        let objects = nodes
            .iter()
            .filter_map(|node| self.with(|world| world.objects.node(&weakness, node)));
        for object in objects.chain(self.scope(window).map(|(scope, _)| scope)) {
            if let Some(data) = platform(&object) {
                let slot = data.borrow().slot.clone();
                let _ = slot.set("listeners", Vec::<Value<'js>>::new());
                let _ = Object::new(self.ctx.clone()).and_then(|none| slot.set("handlers", none));
            }
        }
    }
}
