//! The native functions: `native(name, …)`, with which `prelude.js` writes the interfaces, and those that pages call
//! directly.
//!
//! QuickJS calls a native function in the context of its *caller*. So the first parameter is the realm of the running
//! function, which is HTML's *incumbent* realm. `window.postMessage()` and timers need it, and are therefore native
//! themselves. The *current* realm is that of the function, which each function knows.

use std::rc::Weak;

use framepost_browsing_context::{EffectHost as _, EventTarget, Node, WorkerOptions, dom, drive};
use framepost_event_loop::{GlobalId, TimerKind};
use framepost_messaging::broadcast_channel::broadcast_channel_post_message_steps;
use framepost_messaging::ports::{Owner, PortId, message_port_post_message_steps};
use framepost_messaging::structured_clone::{structured_deserialize_with_transfer, structured_serialize_with_transfer};
use framepost_messaging::window_post_message::window_post_message_steps;
use framepost_messaging::{Messaging, MessagingHost as _};
use rquickjs::function::{Opt, Rest, This};
use rquickjs::{Coerced, Ctx, Error, Exception, FromJs, Function, IntoJs, Object, Persistent, Result, Value};

use crate::objects::{Thing, platform, thing};
use crate::world::{Engine, Shared, address};

/// The realm of a function.
#[derive(Clone)]
struct Here {
    shared: Weak<Shared>,
    global: GlobalId,
}

impl Here {
    /// The engine, with this realm as the current one. In a realm that is gone, the caller's takes its place.
    fn engine<'js>(&self, caller: &Ctx<'js>) -> Result<Engine<'js>> {
        let shared = self.shared.upgrade().ok_or(Error::Unknown)?;
        let engine = Engine { shared, ctx: caller.clone() };
        Ok(engine.within(self.global).map_or(engine, |(engine, _)| engine))
    }
}

/// Creates the native functions of a realm. Returns the one for `prelude.js`.
pub(crate) fn functions<'js>(ctx: &Ctx<'js>, shared: Weak<Shared>, global: GlobalId) -> Result<Function<'js>> {
    let here = Here { shared, global };
    page_functions(&ctx.globals(), &here)?;
    Function::new(ctx.clone(), move |caller: Ctx<'js>, name: String, arguments: Rest<Value<'js>>| {
        here.engine(&caller)?.native(here.global, &name, &Arguments { ctx: caller, values: arguments.0 })
    })
}

/// The functions of the global object that have to know their callers.
fn page_functions<'js>(global: &Object<'js>, here: &Here) -> Result<()> {
    let ctx = global.ctx();
    let at = here.clone();
    let post = move |caller: Ctx<'js>, message: Value<'js>, options: Opt<Value<'js>>, list: Opt<Vec<Object<'js>>>| {
        let mut engine = at.engine(&caller)?;
        let incumbent = engine.with(|world| world.globals.get(&address(&caller)).copied()).unwrap_or(at.global);
        let options = options.0.filter(|it| !it.is_undefined());
        let (origin, list) = match options.as_ref().and_then(Value::as_object) {
            Some(options) => (options.get("targetOrigin")?, options.get("transfer")?),
            None => (options.as_ref().map(Engine::text_of).transpose()?, list.0),
        };
        let (origin, list) = (origin.unwrap_or("/".to_owned()), list.unwrap_or_default());
        window_post_message_steps(&mut engine, at.global, incumbent, &message, &origin, &list)?;
        engine.settle()
    };
    global.set("postMessage", Function::new(ctx.clone(), post)?)?;
    for (name, kind) in [("setTimeout", TimerKind::Timeout), ("setInterval", TimerKind::Interval)] {
        let at = here.clone();
        let set = move |caller: Ctx<'js>, callback: Function<'js>, timeout: Opt<Coerced<f64>>| {
            let timeout = timeout.0.map_or(0, |timeout| timeout.0 as i32);
            // The callback keeps the caller's context: that realm is incumbent again when the callback runs.
            let callback = Persistent::save(&caller, callback);
            let handle = at.engine(&caller)?.with(|world| {
                let (handle, timer) = world.state.event_loop.timer_initialization_steps(at.global, timeout, kind);
                world.timers.insert(timer, callback);
                handle
            });
            Ok::<_, Error>(handle)
        };
        global.set(name, Function::new(ctx.clone(), set)?)?;
    }
    Ok(())
}

/// The arguments of `native()`.
struct Arguments<'js> {
    ctx: Ctx<'js>,
    values: Vec<Value<'js>>,
}

impl<'js> Arguments<'js> {
    fn get<T: FromJs<'js>>(&self, place: usize) -> Result<T> {
        let value = self.values.get(place).cloned();
        value.unwrap_or_else(|| Value::new_undefined(self.ctx.clone())).get()
    }

    fn illegal(&self) -> Error {
        Exception::throw_type(&self.ctx, "Illegal invocation")
    }

    fn node(&self, place: usize) -> Result<Node> {
        match thing(&self.get(place)?) {
            Some(Thing::Node(EventTarget::Node(node))) => Ok(node),
            _ => Err(self.illegal()),
        }
    }
}

impl<'js> Engine<'js> {
    /// Does what `name` says, in the realm of `global`.
    fn native(&mut self, global: GlobalId, name: &str, with: &Arguments<'js>) -> Result<Value<'js>> {
        match name {
            "platform" => {
                let prototype = with.values.first().and_then(Value::as_object).cloned();
                let prototype = prototype.map_or_else(|| Object::new(self.ctx.clone()), Ok)?;
                return Ok(self.create(Thing::Plain, global, prototype)?.into_value());
            }
            "slot" => {
                let object = with.get(0)?;
                let slot = platform(&object).map(|data| data.borrow().slot.clone());
                return Ok(slot.ok_or_else(|| with.illegal())?.into_value());
            }
            "listening" => {
                let (object, listening): (_, bool) = (with.get(0)?, with.get(1)?);
                self.with_objects(|world, weakness| match thing(&object) {
                    Some(Thing::Port(port)) => world.state.messaging.set_has_listener(port, listening),
                    // An open channel with a listener lives as long as its global.
                    Some(thing @ Thing::Channel(id)) => {
                        let open = world.state.messaging.is_open(id);
                        world.objects.root(weakness, &thing, listening && open);
                    }
                    _ => {}
                })?;
            }
            "invoke" => {
                let (callback, this): (Function<'js>, Value<'js>) = (with.get(0)?, with.get(1)?);
                let arguments = Rest(with.values.get(2).cloned().into_iter().collect());
                self.run_script(|_| callback.call::<_, Value<'js>>((This(this), arguments)));
            }
            "log" => {
                let line = with.get(0)?;
                self.with(|world| world.log.push(line));
            }
            "window" => return self.window_property(global, &with.get::<String>(0)?),
            "clearTimer" => {
                let handle = with.get::<Coerced<i32>>(0)?.0;
                let timer = self.with(|world| world.state.event_loop.clear_timer(global, handle));
                drop(timer.and_then(|timer| self.with(|world| world.timers.remove(&timer))));
            }
            "channel" => {
                let (port1, port2) = self.with(|world| world.state.messaging.create_channel(Owner::Global(global)));
                let ports = [self.port_object(global, port1)?, self.port_object(global, port2)?].to_vec();
                self.settle()?;
                return self.js(ports);
            }
            "post" => {
                let port = self.port_behind(&with.get(0)?, with)?;
                message_port_post_message_steps(self, port, &with.get(1)?, &with.get::<Vec<_>>(2)?)?;
            }
            "start" => {
                let port = self.port_behind(&with.get(0)?, with)?;
                self.with_messaging(|messaging, queues, _| messaging.start(queues, port));
            }
            "close" => self.close(global, &with.get(0)?)?,
            "broadcastChannel" => {
                let name: Vec<u16> = with.get::<String>(1)?.encode_utf16().collect();
                let id = self.with(|world| world.state.messaging.create_broadcast_channel(global, &name));
                return Ok(self.create(Thing::Channel(id), global, with.get(0)?)?.into_value());
            }
            "broadcast" => {
                if let Some(Thing::Channel(id)) = thing(&with.get(0)?) {
                    broadcast_channel_post_message_steps(self, id, &with.get(1)?)?;
                }
            }
            "name" => {
                let object = with.get(0)?;
                let name = self.with(|world| match thing(&object) {
                    Some(Thing::Channel(id)) => {
                        world.state.messaging.broadcast_channel_name(id).map(String::from_utf16_lossy)
                    }
                    _ => world.state.contexts.worker(global).map(|it| it.name().to_owned()),
                });
                return self.js(name);
            }
            "worker" => return self.create_worker(global, with),
            "clone" => {
                let realm = self.realm(global).ok_or(Error::Unknown)?;
                let message = structured_serialize_with_transfer(self, &with.get(0)?, &with.get::<Vec<_>>(1)?)?;
                let received = structured_deserialize_with_transfer(self, message, &realm)?;
                self.settle()?;
                return Ok(received.deserialized);
            }
            _ => return self.native_of_nodes(global, name, with),
        }
        self.settle()?;
        Ok(Value::new_undefined(self.ctx.clone()))
    }

    fn window_property(&self, global: GlobalId, name: &str) -> Result<Value<'js>> {
        let navigable = self.with(|world| {
            let contexts = &world.state.contexts;
            let own = contexts.window(global)?.navigable();
            match name {
                "parent" => contexts.parent(own).or(Some(own)),
                "top" => contexts.top(own),
                _ => Some(own),
            }
        });
        if name == "length" {
            let count = |own| self.with(|world| world.state.contexts.document_tree_children(own).len() as u32);
            return self.js(navigable.map(count));
        }
        self.js(navigable.and_then(|it| self.window_proxy(it)))
    }

    fn create_worker(&mut self, global: GlobalId, with: &Arguments<'js>) -> Result<Value<'js>> {
        let (prototype, url, name): (_, String, String) = (with.get(0)?, with.get(1)?, with.get(2)?);
        let url = self.with(|world| world.state.contexts.parse_url_for_global(global, &url));
        let url = url.map_err(|error| self.dom_exception(error.name(), &error.to_string()))?;
        let options = WorkerOptions::new().with_name(name);
        let created = self.with(|world| {
            let created =
                world.state.contexts.run_a_dedicated_worker(&mut world.state.event_loop, global, url, options)?;
            world.state.messaging.create_worker_ports(global, created.0);
            Some(created)
        });
        let gone = || self.dom_exception("InvalidStateError", "the window is gone");
        let (worker, steps) = created.ok_or_else(gone)?;
        let object = self.create(Thing::Worker(worker), global, prototype)?;
        drive(self, steps);
        Ok(object.into_value())
    }

    fn close(&mut self, global: GlobalId, object: &Object<'js>) -> Result<()> {
        match thing(object) {
            Some(Thing::Port(port)) => self.with_messaging(|messaging, queues, _| messaging.close(queues, port)),
            Some(thing @ Thing::Channel(id)) => self.with_objects(|world, weakness| {
                world.state.messaging.close_broadcast_channel(id);
                world.objects.root(weakness, &thing, false);
            })?,
            Some(Thing::Worker(worker)) => {
                self.with_messaging(|messaging, queues, _| messaging.empty_worker_port_message_queue(queues, worker));
                let steps = self.with_contexts(|contexts, _| contexts.terminate_a_worker(worker));
                drive(self, steps);
            }
            // `close()` of a worker's global.
            _ => self.with_contexts(|contexts, queues| contexts.close_a_worker(queues, global)),
        }
        Ok(())
    }

    /// A value for script; `None` is `undefined`.
    fn js(&self, value: impl IntoJs<'js>) -> Result<Value<'js>> {
        value.into_js(&self.ctx)
    }

    /// Creates the object of a thing.
    pub(crate) fn create(&self, thing: Thing, global: GlobalId, prototype: Object<'js>) -> Result<Object<'js>> {
        self.with_objects(|world, weakness| world.objects.create(weakness, thing, global, prototype))?
    }

    /// Creates the object of a port.
    pub(crate) fn port_object(&self, global: GlobalId, port: PortId) -> Result<Object<'js>> {
        let realm = self.realm(global).ok_or(Error::Unknown)?;
        let prototype = realm.get::<_, Object<'js>>("prototypes")?.get("MessagePort")?;
        self.create(Thing::Port(port), global, prototype)
    }

    /// Brings the references between ports up to date, before anything can be freed.
    fn settle(&self) -> Result<()> {
        self.with_objects(|world, weakness| {
            let changes = world.state.messaging.take_reachability_changes();
            world.objects.update(weakness, &world.state.messaging, changes);
        })
    }

    /// The port that `postMessage()` of an object uses: its own, or that of a worker.
    fn port_behind(&mut self, object: &Object<'js>, with: &Arguments<'js>) -> Result<PortId> {
        let own = self.port_of(object);
        let of = |messaging: &Messaging, worker| messaging.worker_ports(worker);
        let port = own.or_else(|| {
            self.with(|world| match thing(object)? {
                Thing::Worker(worker) => Some(of(&world.state.messaging, worker)?.outside),
                _ => Some(of(&world.state.messaging, platform(object)?.borrow().global)?.inside),
            })
        });
        port.ok_or_else(|| with.illegal())
    }

    /// The object of a node, or `null`. Those of the nodes in documents stay, with their listeners.
    pub(crate) fn node_object(&self, node: Option<Node>) -> Result<Value<'js>> {
        let Some(node) = node else {
            return self.js(None::<bool>);
        };
        let thing = Thing::node(&node);
        let old = self.with_objects(|world, weakness| world.objects.find(weakness, &thing))?;
        if old.is_some() {
            return self.js(old);
        }
        let window = self.with(|world| {
            let document = world.state.contexts.document_of(&node)?;
            Some(world.state.contexts.document(document)?.window())
        });
        let Some((window, realm)) = window.and_then(|window| Some((window, self.realm(window)?))) else {
            return self.js(None::<bool>);
        };
        let class = if dom::is_element(&node) { "Element" } else { "Document" };
        let prototype = realm.get::<_, Object<'js>>("prototypes")?.get(class)?;
        Ok(self.create(thing, window, prototype)?.into_value())
    }

    /// The members of `Node`, `Element` and `Document`.
    fn native_of_nodes(&mut self, global: GlobalId, name: &str, with: &Arguments<'js>) -> Result<Value<'js>> {
        if name == "document" {
            let node = self.with(|world| {
                let document = world.state.contexts.window(global)?.document();
                Some(world.state.contexts.document(document)?.node().clone())
            });
            return self.node_object(node);
        }
        let it = with.node(0)?;
        let text = |place| with.get::<Coerced<String>>(place).map(|text| text.0);
        let steps = match name {
            "text" => return self.js(dom::text_content(&it)),
            "attribute" => return self.js(dom::attribute(&it, &text(1)?)),
            "find" => return self.node_object(find(&it, &text(1)?)),
            "contentWindow" => {
                let navigable = self.with(|world| world.state.contexts.content_navigable(&it));
                return self.js(navigable.and_then(|it| self.window_proxy(it)));
            }
            "create" => {
                let created = dom::create_element(&text(1)?);
                let created = created.map_err(|error| self.dom_exception(error.name(), &error.to_string()))?;
                let steps = self.with(|world| {
                    let document = world.state.contexts.document_of(&it)?;
                    Some(world.state.contexts.adopt(&created, document))
                });
                drive(self, steps.unwrap_or_default());
                return self.node_object(Some(created));
            }
            "setText" | "setHtml" => {
                let text = text(1)?;
                let html = name == "setHtml";
                Ok(self.with_contexts(|contexts, _| match html {
                    true => contexts.set_inner_html(&it, &text),
                    false => contexts.string_replace_all(&it, &text),
                }))
            }
            "setAttribute" => {
                let (name, value) = (text(1)?, text(2)?);
                self.with(|world| world.state.contexts.set_attribute(&it, &name, &value))
            }
            "append" => {
                let child = with.node(1)?;
                let steps = self.with(|world| world.state.contexts.append(&it, &child));
                // Roots the objects of the nodes, before the steps run scripts that forget them.
                self.housekeep();
                steps
            }
            "remove" => Ok(self.with(|world| world.state.contexts.remove(&it))),
            _ => return Err(with.illegal()),
        };
        let steps = steps.map_err(|error| self.dom_exception(error.name(), &error.to_string()))?;
        drive(self, steps);
        Ok(Value::new_undefined(self.ctx.clone()))
    }
}

/// The first descendant for a selector of one name or `#id`.
fn find(root: &Node, selector: &str) -> Option<Node> {
    let matches = |node: &Node| match selector.split_at_checked(1) {
        Some(("#", id)) => dom::attribute(node, "id").as_deref() == Some(id),
        _ => dom::is_html_element(node, selector),
    };
    dom::descendants(root).find(matches)
}
