//! A program with an `EventTarget` of its own, written in JavaScript: ports and channels inherit from it.
//!
//! Run with `cargo run -p framepost-boa --example own_event_target`.

use boa_engine::object::builtins::JsArray;
use boa_engine::property::Attribute;
use boa_engine::{
    Context, JsNativeError, JsObject, JsResult, JsString, JsValue, NativeFunction, Source,
    js_string,
};
use framepost_boa::{EventTargets, Incoming, Options};

/// Keeps the listeners of any object in a `WeakMap`.
const EVENT_TARGET: &str = r#"
    (listenersChanged) => {
        const all = new WeakMap();
        const of = (target) => {
            if (!all.has(target)) all.set(target, {listeners: [], handlers: {}});
            return all.get(target);
        };
        const changed = (target) => {
            const {listeners, handlers} = of(target);
            listenersChanged(target, listeners.length > 0 || Object.values(handlers).some(Boolean));
        };
        class EventTarget {
            addEventListener(type, listener) {
                of(this).listeners.push([type, listener]);
                changed(this);
            }
            removeEventListener(type, listener) {
                const held = of(this);
                held.listeners = held.listeners.filter(([t, l]) => t !== type || l !== listener);
                changed(this);
            }
        }
        return {
            EventTarget,
            fire(target, event) {
                const {listeners, handlers} = of(target);
                handlers["on" + event.type]?.call(target, event);
                for (const [type, listener] of [...listeners]) {
                    if (type === event.type) listener.call(target, event);
                }
            },
            handler: (target, name) => of(target).handlers[name] ?? null,
            setHandler(target, name, value) {
                of(target).handlers[name] = typeof value === "function" ? value : null;
                changed(target);
            },
        };
    }
"#;

const PAGE: &str = r#"
    const {port1, port2} = new MessageChannel();
    port2.addEventListener("message", (event) => print("listener:", event.data, event.target === port2));
    port2.onmessage = ({data}) => print("handler:", data);
    port1.postMessage("hello");
    print(port2 instanceof EventTarget, typeof Event);
"#;

/// The functions of the program.
struct Targets(JsObject);

impl Targets {
    fn call(&self, name: &str, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
        let function = self.0.get(JsString::from(name), ctx)?;
        let function = function.as_callable();
        let function =
            function.ok_or_else(|| JsNativeError::typ().with_message(format!("no {name}")))?;
        function.call(&JsValue::undefined(), args, ctx)
    }
}

impl EventTargets for Targets {
    fn constructor(&self, ctx: &mut Context) -> JsResult<JsObject> {
        let constructor = self.0.get(js_string!("EventTarget"), ctx)?;
        let missing = || JsNativeError::typ().with_message("no EventTarget").into();
        constructor.as_object().ok_or_else(missing)
    }

    fn fire(&self, target: &JsObject, event: Incoming, ctx: &mut Context) -> JsResult<()> {
        let object = JsObject::with_object_proto(ctx.intrinsics());
        let event_type = js_string!(event.event_type());
        object.set(js_string!("type"), event_type, true, ctx)?;
        object.set(js_string!("target"), target.clone(), true, ctx)?;
        if let Incoming::Message(parts) | Incoming::MessageError(parts) = event {
            let ports = parts.ports.into_iter().map(JsValue::from);
            let ports = JsArray::from_iter(ports, ctx);
            object.set(js_string!("data"), parts.data, true, ctx)?;
            object.set(js_string!("ports"), ports, true, ctx)?;
        }
        self.call("fire", &[target.clone().into(), object.into()], ctx)?;
        Ok(())
    }

    fn handler(&self, target: &JsObject, name: &str, ctx: &mut Context) -> JsResult<JsValue> {
        let args = [target.clone().into(), JsString::from(name).into()];
        self.call("handler", &args, ctx)
    }

    fn set_handler(
        &self,
        target: &JsObject,
        name: &str,
        value: &JsValue,
        ctx: &mut Context,
    ) -> JsResult<()> {
        let name = JsString::from(name).into();
        self.call(
            "setHandler",
            &[target.clone().into(), name, value.clone()],
            ctx,
        )?;
        Ok(())
    }
}

fn main() -> JsResult<()> {
    let mut ctx = Context::default();
    let print = NativeFunction::from_fn_ptr(|_, args, ctx| {
        let mut words = Vec::new();
        for value in args {
            words.push(value.to_string(ctx)?.to_std_string_lossy());
        }
        println!("{}", words.join(" "));
        Ok(JsValue::undefined())
    });
    ctx.register_global_callable(js_string!("print"), 0, print)?;

    // The crate hears which targets have listeners, so that it keeps their ports alive.
    let changed = NativeFunction::from_fn_ptr(|_, args, ctx| {
        if let [target, has_listeners, ..] = args
            && let Some(target) = target.as_object()
        {
            framepost_boa::listeners_changed(ctx, &target, has_listeners.to_boolean());
        }
        Ok(JsValue::undefined())
    });
    let changed = changed.to_js_function(ctx.realm());
    let create = ctx.eval(Source::from_bytes(EVENT_TARGET))?;
    let missing = || JsNativeError::typ().with_message("not a function");
    let create = create.as_callable().ok_or_else(missing)?;
    let functions = create.call(&JsValue::undefined(), &[changed.into()], &mut ctx)?;
    let targets = Targets(functions.as_object().ok_or_else(missing)?);

    let constructor = targets.constructor(&mut ctx)?;
    ctx.register_global_property(js_string!("EventTarget"), constructor, Attribute::all())?;
    framepost_boa::install(&mut ctx, Options::default().with_event_targets(targets))?;
    ctx.eval(Source::from_bytes(PAGE))?;
    framepost_boa::run(&mut ctx)
}
