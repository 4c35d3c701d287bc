//! Realms and WindowProxies.

use std::ptr::NonNull;
use std::rc::Rc;

use framepost_browsing_context::NavigableId;
use framepost_event_loop::GlobalId;
use rquickjs::function::Rest;
use rquickjs::{Ctx, Error, Function, Object, Persistent, Result, Value, qjs};

use crate::bindings;
use crate::world::{Engine, address};

const PRELUDE: &str = include_str!("prelude.js");

/// The names that any origin may get from a window.
const CROSS_ORIGIN: [&str; 8] = ["window", "self", "frames", "parent", "top", "length", "closed", "postMessage"];

/// The operations of a WindowProxy, with the number of their arguments after the target.
const TRAPS: [(&str, usize); 7] = [
    ("get", 1),
    ("set", 2),
    ("has", 1),
    ("deleteProperty", 1),
    ("ownKeys", 0),
    ("defineProperty", 2),
    ("getOwnPropertyDescriptor", 1),
];

/// Creates a context. `Context::full` cannot: it takes the runtime's lock, which the running script has.
fn new_context<'js>(ctx: &Ctx<'js>) -> Result<Ctx<'js>> {
    // SAFETY: `ctx` shows that this thread has the lock, so the pointers are valid. A new context has one
    // reference. `from_raw` adds another for `Ctx`, and the first is given back.
    unsafe {
        let runtime = qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
        let raw = NonNull::new(qjs::JS_NewContext(runtime)).ok_or(Error::Allocation)?;
        qjs::JS_AddIntrinsicDOMException(raw.as_ptr());
        let created = Ctx::from_raw(raw);
        qjs::JS_FreeContext(raw.as_ptr());
        Ok(created)
    }
}

impl<'js> Engine<'js> {
    /// [`CreateRealm`](framepost_browsing_context::Effect::CreateRealm).
    pub(crate) fn create_window_realm(&self, window: GlobalId, navigable: NavigableId) -> Result<()> {
        if self.window_proxy(navigable).is_none() {
            let proxy = Persistent::save(&self.ctx, self.create_window_proxy(navigable)?);
            self.with(|world| world.proxies.insert(navigable, proxy));
        }
        self.create_realm(window, false)
    }

    /// Creates the context of a window or a worker, with its interfaces.
    pub(crate) fn create_realm(&self, global: GlobalId, is_worker: bool) -> Result<()> {
        let ctx = new_context(&self.ctx)?;
        self.with(|world| world.globals.insert(address(&ctx), global));
        let native = bindings::functions(&ctx, Rc::downgrade(&self.shared), global)?;
        let realm: Object<'js> = ctx.eval::<Function<'js>, _>(PRELUDE)?.call((native, is_worker))?;
        let realm = Persistent::save(&ctx, realm);
        self.with(|world| world.realms.insert(global, realm));
        Ok(())
    }

    /// A proxy that forwards everything to the global object of the navigable's active window. It belongs to the
    /// realm that no page sees, so that it outlives every page.
    fn create_window_proxy(&self, navigable: NavigableId) -> Result<Object<'js>> {
        let ctx = self.weakness()?.0.ctx().clone();
        let handler = Object::new(ctx.clone())?;
        for (trap, count) in TRAPS {
            let shared = Rc::downgrade(&self.shared);
            // QuickJS calls a native function in the context of its caller: that is the accessing realm.
            let function = Function::new(ctx.clone(), move |ctx: Ctx<'js>, arguments: Rest<Value<'js>>| {
                let shared = shared.upgrade().ok_or(Error::Unknown)?;
                let arguments = arguments.0.into_iter().skip(1).take(count).collect();
                Engine { shared, ctx }.window_proxy_trap(navigable, trap, arguments)
            })?;
            handler.set(trap, function)?;
        }
        let proxy: Function<'js> = ctx.eval("(handler) => new Proxy({}, handler)")?;
        proxy.call((handler,))
    }

    fn window_proxy_trap(&self, navigable: NavigableId, trap: &str, arguments: Vec<Value<'js>>) -> Result<Value<'js>> {
        let key = arguments.first().and_then(|key| key.as_string()?.to_string().ok());
        let get = trap == "get";
        let undefined = || Ok(Value::new_undefined(self.ctx.clone()));
        // An index names a child navigable.
        if get && let Some(index) = key.as_deref().and_then(|key| key.parse::<usize>().ok()) {
            let child = self.with(|world| world.state.contexts.document_tree_children(navigable).get(index).copied());
            return child.and_then(|it| self.window_proxy(it)).map_or_else(undefined, |it| Ok(it.into_value()));
        }
        let window = self.with(|world| world.state.contexts.active_window(navigable));
        let Some((window, realm)) = window.and_then(|window| Some((window, self.realm(window)?))) else {
            return self.without_window(trap, key.as_deref());
        };
        let accessor = self.global();
        let same_origin = self.with(|world| {
            let accessor = world.state.contexts.origin_of_global(accessor?)?;
            Some(accessor.same_origin_domain(world.state.contexts.origin_of_global(window)?))
        });
        match key.as_deref() {
            _ if same_origin == Some(true) => {}
            Some("then") | None if get => return undefined(),
            Some(key) if get && CROSS_ORIGIN.contains(&key) => {}
            _ => return Err(self.dom_exception("SecurityError", "the window is of another origin")),
        }
        // The same operation on the window's global object.
        let global = realm.ctx().globals().into_value();
        let arguments = Rest(std::iter::once(global).chain(arguments).collect());
        let result: Value<'js> = Self::call(&realm.get("reflect")?, trap, (arguments,))?;
        // The proxy's own target has no property, so that none may be shown as permanent.
        if trap == "getOwnPropertyDescriptor"
            && let Some(property) = result.as_object()
        {
            property.set("configurable", true)?;
        }
        Ok(result)
    }

    /// What a proxy whose navigable is gone answers.
    fn without_window(&self, trap: &str, key: Option<&str>) -> Result<Value<'js>> {
        Ok(match (trap, key) {
            ("get", Some("postMessage")) => Function::new(self.ctx.clone(), || {})?.into_value(),
            ("get", Some("closed")) | ("set" | "deleteProperty" | "defineProperty", _) => {
                Value::new_bool(self.ctx.clone(), true)
            }
            ("has", _) => Value::new_bool(self.ctx.clone(), false),
            ("ownKeys", _) => rquickjs::Array::new(self.ctx.clone())?.into_value(),
            _ => Value::new_undefined(self.ctx.clone()),
        })
    }
}
