//! The native functions: those that `prelude.js` gets, and those that pages call directly.
//!
//! QuickJS calls a native function in the context of its *caller*. So the first parameter is the realm of the running
//! function, which is HTML's *incumbent* realm. `window.postMessage()` needs it, and is therefore native itself. The
//! *current* realm is that of the function, which each function knows.

use std::rc::Weak;

use framepost_browsing_context::{Node, Url, WorkerOptions, dom, drive};
use framepost_event_loop::{GlobalId, TimerKind};
use framepost_messaging::MessagingHost as _;
use framepost_messaging::broadcast_channel::broadcast_channel_post_message_steps;
use framepost_messaging::ports::{Owner, PortId, message_port_post_message_steps};
use framepost_messaging::structured_clone::{
    structured_deserialize_with_transfer, structured_serialize_with_transfer,
};
use framepost_messaging::window_post_message::window_post_message_steps;
use rquickjs::function::{IntoJsFunc, Opt, Rest, This};
use rquickjs::{Coerced, Ctx, Error, Exception, Function, Object, Persistent, Result, Value};

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
    fn engine<'js>(&self, caller: Ctx<'js>) -> Result<Engine<'js>> {
        let shared = self.shared.upgrade().ok_or(Error::Unknown)?;
        let engine = Engine {
            shared,
            ctx: caller,
        };
        Ok(engine
            .within(self.global)
            .map_or(engine, |(engine, _)| engine))
    }

    fn incumbent(&self, engine: &Engine<'_>, caller: &Ctx<'_>) -> GlobalId {
        engine
            .with(|world| world.globals.get(&address(caller)).copied())
            .unwrap_or(self.global)
    }
}

fn function<'js, P>(
    object: &Object<'js>,
    name: &str,
    f: impl IntoJsFunc<'js, P> + 'js,
) -> Result<()> {
    object.set(
        name,
        Function::new(object.ctx().clone(), f)?.with_name(name)?,
    )
}

/// Creates the native functions for a realm.
pub(crate) fn functions<'js>(
    ctx: &Ctx<'js>,
    shared: Weak<Shared>,
    global: GlobalId,
) -> Result<Object<'js>> {
    let native = Object::new(ctx.clone())?;
    let here = Here { shared, global };
    basics(&native, &here)?;
    messages(&native, &here)?;
    let at = here.clone();
    function(
        &native,
        "node",
        move |caller: Ctx<'js>, name: String, node: Object<'js>, rest: Rest<Value<'js>>| {
            at.engine(caller)?.node_operation(&name, &node, &rest.0)
        },
    )?;
    page_functions(&ctx.globals(), &here)?;
    Ok(native)
}

/// Objects, listeners, callbacks, windows.
fn basics<'js>(native: &Object<'js>, here: &Here) -> Result<()> {
    let at = here.clone();
    function(
        native,
        "platform",
        move |caller: Ctx<'js>, prototype: Option<Object<'js>>, _: Opt<Value<'js>>| {
            let engine = at.engine(caller.clone())?;
            let prototype = prototype.map_or_else(|| Object::new(caller), Ok)?;
            engine.create(Thing::Plain, at.global, prototype)
        },
    )?;
    function(native, "slot", |caller: Ctx<'js>, object: Object<'js>| {
        let data = platform(&object)
            .ok_or_else(|| Exception::throw_type(&caller, "Illegal invocation"))?;
        Ok::<_, Error>(data.borrow().slot.clone())
    })?;
    let at = here.clone();
    function(
        native,
        "listening",
        move |caller: Ctx<'js>, object: Object<'js>, listening: bool| {
            let engine = at.engine(caller)?;
            engine.with_objects(|world, weakness| match thing(&object) {
                Some(Thing::Port(port)) => world.messaging.set_has_listener(port, listening),
                Some(Thing::Channel(id)) => world.objects.hold_channel(
                    weakness,
                    id,
                    listening && world.messaging.is_open(id),
                ),
                _ => {}
            })?;
            engine.settle()
        },
    )?;
    let at = here.clone();
    function(
        native,
        "invoke",
        move |caller: Ctx<'js>,
              callback: Function<'js>,
              this: Value<'js>,
              event: Opt<Value<'js>>| {
            let mut engine = at.engine(caller)?;
            let arguments = Rest(event.0.into_iter().collect());
            engine.run_script(|_| callback.call::<_, Value<'js>>((This(this), arguments)));
            Ok::<_, Error>(())
        },
    )?;
    let at = here.clone();
    function(native, "log", move |caller: Ctx<'js>, line: String| {
        at.engine(caller)?.with(|world| world.log.push(line));
        Ok::<_, Error>(())
    })?;
    let at = here.clone();
    function(native, "window", move |caller: Ctx<'js>, name: String| {
        let engine = at.engine(caller)?;
        let found = engine.with(|world| {
            let own = world.contexts.window(at.global)?.navigable();
            match name.as_str() {
                "parent" => Some(world.contexts.parent(own).unwrap_or(own)),
                "top" => world.contexts.top(own),
                _ => Some(own),
            }
        });
        match (name.as_str(), found) {
            ("length", own) => {
                let count = engine.with(|world| {
                    own.map_or(0, |own| world.contexts.document_tree_children(own).len())
                });
                Ok(Value::new_int(
                    engine.ctx.clone(),
                    i32::try_from(count).unwrap_or(i32::MAX),
                ))
            }
            ("origin", _) => {
                let origin = engine.with(|world| {
                    world
                        .contexts
                        .origin_of_global(at.global)
                        .map(|it| it.serialize().to_string())
                });
                engine.or_null(origin)
            }
            (_, navigable) => engine.or_null(navigable.and_then(|it| engine.window_proxy(it))),
        }
    })?;
    let at = here.clone();
    function(native, "document", move |caller: Ctx<'js>| {
        let engine = at.engine(caller)?;
        let node = engine.with(|world| {
            let document = world.contexts.window(at.global)?.document();
            Some(world.contexts.document(document)?.node().clone())
        });
        engine.node_object(node)
    })
}

/// Ports, channels and workers.
fn messages<'js>(native: &Object<'js>, here: &Here) -> Result<()> {
    let at = here.clone();
    function(native, "channel", move |caller: Ctx<'js>| {
        let engine = at.engine(caller)?;
        let (port1, port2) =
            engine.with(|world| world.messaging.create_channel(Owner::Global(at.global)));
        let realm = engine.realm(at.global).ok_or(Error::Unknown)?;
        let ports = engine.port_objects(&realm, [port1, port2])?;
        engine.settle()?;
        Ok::<_, Error>(ports)
    })?;
    let at = here.clone();
    function(
        native,
        "post",
        move |caller: Ctx<'js>,
              object: Object<'js>,
              message: Value<'js>,
              transfer: Vec<Object<'js>>| {
            let mut engine = at.engine(caller)?;
            let port = engine.port_behind(&object)?;
            message_port_post_message_steps(&mut engine, port, &message, &transfer)?;
            engine.settle()
        },
    )?;
    let at = here.clone();
    function(
        native,
        "start",
        move |caller: Ctx<'js>, object: Object<'js>| {
            let mut engine = at.engine(caller)?;
            let port = engine.port_behind(&object)?;
            engine.with(|world| world.messaging.start(&mut world.event_loop, port));
            engine.settle()
        },
    )?;
    let at = here.clone();
    function(
        native,
        "close",
        move |caller: Ctx<'js>, object: Object<'js>| {
            let mut engine = at.engine(caller)?;
            match thing(&object) {
                Some(Thing::Port(port)) => {
                    engine.with(|world| world.messaging.close(&mut world.event_loop, port))
                }
                Some(Thing::Channel(id)) => engine.with_objects(|world, weakness| {
                    world.messaging.close_broadcast_channel(id);
                    world.objects.hold_channel(weakness, id, false);
                })?,
                Some(Thing::Worker(worker)) => {
                    let steps = engine.with(|world| {
                        world
                            .messaging
                            .empty_worker_port_message_queue(&mut world.event_loop, worker);
                        world.contexts.terminate_a_worker(worker)
                    });
                    drive(&mut engine, steps);
                }
                // `close()` of a worker's global.
                _ => engine.with(|world| {
                    world
                        .contexts
                        .close_a_worker(&mut world.event_loop, at.global)
                }),
            }
            engine.settle()
        },
    )?;
    let at = here.clone();
    function(
        native,
        "broadcastChannel",
        move |caller: Ctx<'js>, prototype: Object<'js>, name: String| {
            let engine = at.engine(caller)?;
            let name: Vec<u16> = name.encode_utf16().collect();
            let id =
                engine.with(|world| world.messaging.create_broadcast_channel(at.global, &name));
            engine.create(Thing::Channel(id), at.global, prototype)
        },
    )?;
    let at = here.clone();
    function(
        native,
        "broadcast",
        move |caller: Ctx<'js>, object: Object<'js>, message: Value<'js>| {
            let mut engine = at.engine(caller)?;
            if let Some(Thing::Channel(id)) = thing(&object) {
                broadcast_channel_post_message_steps(&mut engine, id, &message)?;
            }
            Ok::<_, Error>(())
        },
    )?;
    let at = here.clone();
    function(
        native,
        "name",
        move |caller: Ctx<'js>, object: Object<'js>| {
            let engine = at.engine(caller)?;
            Ok::<_, Error>(engine.with(|world| {
                match thing(&object) {
                    Some(Thing::Channel(id)) => {
                        let name = world
                            .messaging
                            .broadcast_channel_name(id)
                            .map(String::from_utf16_lossy);
                        name.unwrap_or_default()
                    }
                    _ => world
                        .contexts
                        .worker(at.global)
                        .map(|it| it.name().to_owned())
                        .unwrap_or_default(),
                }
            }))
        },
    )?;
    let at = here.clone();
    function(
        native,
        "worker",
        move |caller: Ctx<'js>, prototype: Object<'js>, url: String, name: String| {
            let mut engine = at.engine(caller)?;
            let url = engine.with(|world| world.contexts.parse_url_for_global(at.global, &url));
            let url: Url =
                url.map_err(|error| engine.dom_exception(error.name(), &error.to_string()))?;
            let options = WorkerOptions::new().with_name(name);
            let created = engine.with(|world| {
                let queues = &mut world.event_loop;
                let (worker, steps) = world
                    .contexts
                    .run_a_dedicated_worker(queues, at.global, url, options)?;
                world.messaging.create_worker_ports(at.global, worker);
                Some((worker, steps))
            });
            let (worker, steps) = created
                .ok_or_else(|| engine.dom_exception("InvalidStateError", "the window is gone"))?;
            let object = engine.create(Thing::Worker(worker), at.global, prototype)?;
            drive(&mut engine, steps);
            Ok::<_, Error>(object)
        },
    )?;
    let at = here.clone();
    function(
        native,
        "clone",
        move |caller: Ctx<'js>, value: Value<'js>, transfer: Vec<Object<'js>>| {
            let mut engine = at.engine(caller)?;
            let realm = engine.realm(at.global).ok_or(Error::Unknown)?;
            let message = structured_serialize_with_transfer(&mut engine, &value, &transfer)?;
            let received = structured_deserialize_with_transfer(&mut engine, message, &realm)?;
            engine.settle()?;
            Ok::<_, Error>(received.deserialized)
        },
    )
}

/// The functions of the global object that have to know their callers.
fn page_functions<'js>(global: &Object<'js>, here: &Here) -> Result<()> {
    let at = here.clone();
    function(
        global,
        "postMessage",
        move |caller: Ctx<'js>,
              message: Value<'js>,
              options: Opt<Value<'js>>,
              transfer: Opt<Vec<Object<'js>>>| {
            let mut engine = at.engine(caller.clone())?;
            let incumbent = at.incumbent(&engine, &caller);
            let (mut target_origin, mut list) = ("/".to_owned(), transfer.0.unwrap_or_default());
            match options
                .0
                .as_ref()
                .map(|options| (options, options.as_object()))
            {
                Some((_, Some(options))) => {
                    let origin: Option<String> = options.get("targetOrigin")?;
                    target_origin = origin.unwrap_or(target_origin);
                    list = options
                        .get::<_, Option<Vec<Object<'js>>>>("transfer")?
                        .unwrap_or_default();
                }
                Some((origin, None)) if !origin.is_undefined() => {
                    target_origin = Engine::text_of(origin)?
                }
                _ => {}
            }
            window_post_message_steps(
                &mut engine,
                at.global,
                incumbent,
                &message,
                &target_origin,
                &list,
            )?;
            engine.settle()
        },
    )?;
    for (name, kind) in [
        ("setTimeout", TimerKind::Timeout),
        ("setInterval", TimerKind::Interval),
    ] {
        let at = here.clone();
        function(
            global,
            name,
            move |caller: Ctx<'js>, callback: Function<'js>, timeout: Opt<Coerced<f64>>| {
                let engine = at.engine(caller.clone())?;
                let timeout = timeout.0.map_or(0, |timeout| timeout.0 as i32);
                // The callback keeps the caller's context: that realm is incumbent again when the callback runs.
                let callback = Persistent::save(&caller, callback);
                Ok::<_, Error>(engine.with(|world| {
                    let (handle, timer) = world
                        .event_loop
                        .timer_initialization_steps(at.global, timeout, kind);
                    world.timers.insert(timer, callback);
                    handle
                }))
            },
        )?;
    }
    for name in ["clearTimeout", "clearInterval"] {
        let at = here.clone();
        function(
            global,
            name,
            move |caller: Ctx<'js>, handle: Opt<Coerced<i32>>| {
                let engine = at.engine(caller)?;
                let handle = handle.0.map_or(0, |handle| handle.0);
                let timer = engine.with(|world| world.event_loop.clear_timer(at.global, handle));
                let callback =
                    timer.and_then(|timer| engine.with(|world| world.timers.remove(&timer)));
                drop(callback);
                Ok::<_, Error>(())
            },
        )?;
    }
    Ok(())
}

impl<'js> Engine<'js> {
    fn create(
        &self,
        thing: Thing,
        global: GlobalId,
        prototype: Object<'js>,
    ) -> Result<Object<'js>> {
        self.with_objects(|world, weakness| {
            world.objects.create(weakness, thing, global, prototype)
        })?
    }

    /// Brings the references between ports up to date, before anything can be freed.
    fn settle(&self) -> Result<()> {
        self.with_objects(|world, weakness| world.objects.update(weakness, &mut world.messaging))
    }

    /// The port that `postMessage()` of an object uses: its own, or that of a worker.
    fn port_behind(&mut self, object: &Object<'js>) -> Result<PortId> {
        if let Some(port) = self.port_of(object) {
            return Ok(port);
        }
        let port = self.with(|world| match thing(object)? {
            Thing::Worker(worker) => Some(world.messaging.worker_ports(worker)?.outside),
            _ => Some(
                world
                    .messaging
                    .worker_ports(platform(object)?.borrow().global)?
                    .inside,
            ),
        });
        port.ok_or_else(|| Exception::throw_type(&self.ctx, "Illegal invocation"))
    }

    /// The object of a node, or `null`.
    pub(crate) fn node_object(&self, node: Option<Node>) -> Result<Value<'js>> {
        let Some(node) = node else {
            return Ok(Value::new_null(self.ctx.clone()));
        };
        let old = self.with_objects(|world, weakness| world.objects.node(weakness, &node))?;
        if let Some(object) = old {
            return Ok(object.into_value());
        }
        let (global, connected) = self.with(|world| {
            let document = world
                .contexts
                .document_of(&node)
                .and_then(|it| world.contexts.document(it));
            (
                document.map(|it| it.window()),
                world.contexts.connected_document(&node).is_some(),
            )
        });
        let realm = global.and_then(|global| Some((global, self.realm(global)?)));
        let Some((global, realm)) = realm else {
            return Ok(Value::new_null(self.ctx.clone()));
        };
        let class = match dom::is_element(&node) {
            true => "Element",
            false if dom::parent(&node).is_none() => "Document",
            false => "Node",
        };
        let prototype = realm.get::<_, Object<'js>>("prototypes")?.get(class)?;
        let object = self.create(Thing::Node(node.clone()), global, prototype)?;
        if connected {
            self.with_objects(|world, weakness| world.objects.node_is_connected(weakness, &node))?;
        }
        Ok(object.into_value())
    }

    /// The members of `Node`, `Element` and `Document`.
    fn node_operation(
        &mut self,
        name: &str,
        object: &Object<'js>,
        arguments: &[Value<'js>],
    ) -> Result<Value<'js>> {
        let node = |object: Option<&Object<'js>>| match object.and_then(thing) {
            Some(Thing::Node(node)) => Ok(node),
            _ => Err(Exception::throw_type(&self.ctx, "Illegal invocation")),
        };
        let text = |index: usize| {
            arguments
                .get(index)
                .map_or_else(|| Ok(String::new()), Self::text_of)
        };
        let it = node(Some(object))?;
        let steps = match name {
            "parent" => return self.node_object(dom::parent(&it)),
            "text" => return self.or_null(dom::text_content(&it)),
            "html" => return self.or_null(Some(dom::serialize_inner(&it))),
            "tag" => return self.or_null(Some(dom::node_label(&it).to_uppercase())),
            "attribute" => return self.or_null(dom::attribute(&it, &text(0)?)),
            "find" => return self.node_object(find(&it, &text(0)?)),
            "url" => {
                let url = self.with(|world| {
                    let document = world.contexts.document_of(&it)?;
                    Some(world.contexts.document(document)?.url().to_string())
                });
                return self.or_null(url);
            }
            "contentWindow" => {
                let navigable = self.with(|world| world.contexts.content_navigable(&it));
                return self.or_null(navigable.and_then(|it| self.window_proxy(it)));
            }
            "create" => {
                let created = dom::create_element(&text(0)?);
                let created = created
                    .map_err(|error| self.dom_exception(error.name(), &error.to_string()))?;
                let steps = self.with(|world| {
                    let document = world.contexts.document_of(&it)?;
                    Some(world.contexts.adopt(&created, document))
                });
                if let Some(steps) = steps {
                    drive(self, steps);
                }
                return self.node_object(Some(created));
            }
            "setText" => {
                let text = text(0)?;
                Ok(self.with(|world| world.contexts.string_replace_all(&it, &text)))
            }
            "setHtml" => {
                let html = text(0)?;
                Ok(self.with(|world| world.contexts.set_inner_html(&it, &html)))
            }
            "setAttribute" => {
                let (name, value) = (text(0)?, text(1)?);
                self.with(|world| world.contexts.set_attribute(&it, &name, &value))
            }
            "append" => {
                let child = node(arguments.first().and_then(Value::as_object))?;
                // Its scripts may ask for the objects of the nodes: they are roots before that.
                let steps = self.with(|world| world.contexts.append(&it, &child));
                let connected =
                    self.with(|world| world.contexts.connected_document(&child).is_some());
                if connected {
                    self.with_objects(|world, weakness| {
                        for node in dom::inclusive_descendants(&child) {
                            world.objects.node_is_connected(weakness, &node);
                        }
                    })?;
                }
                steps
            }
            "remove" => {
                let removed = match arguments.first() {
                    Some(child) => node(child.as_object())?,
                    None => it,
                };
                Ok(self.with(|world| world.contexts.remove(&removed)))
            }
            _ => return Err(Exception::throw_type(&self.ctx, "no such member")),
        };
        let steps = steps.map_err(|error| self.dom_exception(error.name(), &error.to_string()))?;
        drive(self, steps);
        Ok(arguments
            .first()
            .cloned()
            .unwrap_or_else(|| Value::new_undefined(self.ctx.clone())))
    }
}

/// The first descendant for a selector of one name, `#id` or `.class`.
fn find(root: &Node, selector: &str) -> Option<Node> {
    let matches = |node: &Node| match selector.split_at_checked(1) {
        Some(("#", id)) => dom::attribute(node, "id").as_deref() == Some(id),
        Some((".", class)) => dom::attribute(node, "class")
            .is_some_and(|it| it.split_whitespace().any(|it| it == class)),
        _ => dom::is_html_element(node, selector),
    };
    dom::descendants(root).find(matches)
}
