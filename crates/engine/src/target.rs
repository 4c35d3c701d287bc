//! Event targets, and dispatching events to them
//! ([DOM, dispatching events](https://dom.spec.whatwg.org/#dispatching-events)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use framepost_event_loop::WindowId;
use markup5ever_rcdom::Handle as Node;

use crate::bindings::event::{self, EventData, EventOf};
use crate::bindings::event_handlers;
use crate::bindings::event_target::{Listener, ListenerCallback, Listeners};
use crate::bindings::node;
use crate::callback;
use crate::platform::{self, PlatformObject};
use crate::realm;
use crate::window_proxy::window_of_global;
use crate::world::{with_contexts, with_script};

/// An object that events are dispatched to. A node need not have an object yet.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum Target {
    /// A node.
    Node(#[unsafe_ignore_trace] Node),
    /// Any other target, a window as its global object.
    Object(JsObject),
}

impl Target {
    /// The target that a platform object is.
    pub(crate) fn of(object: &JsObject) -> Self {
        platform::as_node(object).map_or_else(|| Self::Object(object.clone()), Self::Node)
    }

    /// The target as script sees it: a window as its WindowProxy.
    pub(crate) fn value(&self, ctx: &mut Context) -> JsValue {
        match self {
            Self::Node(node) => node::wrap(ctx, node).into(),
            Self::Object(object) => match window_of_global(object) {
                Some(window) => realm::window_value(ctx, window),
                None => object.clone().into(),
            },
        }
    }

    /// The object that has the listeners, unless it is a node that cannot have any.
    fn listening(&self, ctx: &mut Context) -> Option<JsObject> {
        match self {
            Self::Object(object) => Some(object.clone()),
            Self::Node(node) => {
                let held = with_script(ctx, |script| script.wrappers.get(node));
                held.or_else(|| {
                    event_handlers::has_content_attributes(node).then(|| node::wrap(ctx, node))
                })
            }
        }
    }

    /// The window that the target belongs to.
    pub(crate) fn window(&self, ctx: &Context) -> Option<WindowId> {
        match self {
            Self::Node(node) => node::window_of(ctx, node),
            Self::Object(object) => window_of_global(object)
                .or_else(|| platform::relevant_window(object))
                .or_else(|| realm::current_window(ctx)),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Node(a), Self::Node(b)) => dom::is_same(a, b),
            (Self::Object(a), Self::Object(b)) => JsObject::equals(a, b),
            _ => false,
        }
    }
}

/// The targets that an event passes, the innermost first
/// ([get the parent](https://dom.spec.whatwg.org/#get-the-parent)).
fn event_path(ctx: &Context, target: &Target, is_load: bool) -> Vec<Target> {
    let Target::Node(node) = target else { return vec![target.clone()] };
    let mut path: Vec<Target> = dom::inclusive_ancestors(node).map(Target::Node).collect();
    // https://html.spec.whatwg.org/multipage/nav-history-apis.html#window:get-the-parent
    if let Some(Target::Node(root)) = path.last()
        && node_kind(root) == NodeKind::Document
        && !is_load
    {
        let window = with_contexts(ctx, |contexts| {
            Some(contexts.document(contexts.connected_document(root)?)?.window())
        });
        let record = window.and_then(|window| realm::window_record(ctx, window));
        path.extend(record.map(|record| Target::Object(record.global)));
    }
    path
}

/// Dispatches an event that may not be being dispatched already. Answers whether its default
/// action may follow: the event was not canceled.
/// [Dispatch](https://dom.spec.whatwg.org/#concept-event-dispatch)
pub(crate) fn dispatch(
    ctx: &mut Context,
    object: &JsObject,
    target: &Target,
    target_override: Option<&Target>,
) -> JsResult<bool> {
    let (type_, bubbles, is_click) = event::read(object, |event| {
        let is_click = event.type_ == "click" && matches!(event.of, EventOf::Ui(_));
        (event.type_.clone(), event.bubbles, is_click)
    })?;
    let path = event_path(ctx, target, type_ == "load");
    let activation = if is_click { activation_target(ctx, &path, bubbles) } else { None };
    let shown = target_override.unwrap_or(target).clone();
    event::write(object, |event| {
        event.dispatching = true;
        event.target = Some(shown);
        event.path.clone_from(&path);
    })?;
    let undo = activation
        .as_ref()
        .and_then(|element| crate::bindings::forms::legacy_pre_activation(ctx, element));
    for current in path.iter().rev() {
        let phase = if current.is_same(target) { 2 } else { 1 };
        invoke(ctx, object, current, phase, true)?;
    }
    for current in &path {
        if current.is_same(target) {
            invoke(ctx, object, current, 2, false)?;
        } else if bubbles {
            invoke(ctx, object, current, 3, false)?;
        }
    }
    event::write(object, |event| {
        event.phase = 0;
        event.current_target = None;
        event.path.clear();
        event.dispatching = false;
        event.stop_propagation = false;
        event.stop_immediate_propagation = false;
    })?;
    let canceled = event::read(object, |event| event.canceled)?;
    if let Some(element) = activation {
        if canceled {
            crate::bindings::forms::legacy_canceled_activation(ctx, &element, undo);
        } else {
            crate::bindings::forms::activation_behavior(ctx, &element, object);
        }
    }
    Ok(!canceled)
}

/// The nearest element that does something when it is clicked.
fn activation_target(ctx: &Context, path: &[Target], bubbles: bool) -> Option<Node> {
    let mut nodes = path.iter().filter_map(|target| match target {
        Target::Node(node) => Some(node),
        Target::Object(_) => None,
    });
    let first = nodes.next()?;
    if crate::bindings::forms::has_activation_behavior(ctx, first) {
        return Some(first.clone());
    }
    if !bubbles {
        return None;
    }
    nodes.find(|node| crate::bindings::forms::has_activation_behavior(ctx, node)).cloned()
}

/// [Invoke](https://dom.spec.whatwg.org/#concept-event-listener-invoke) the listeners of one
/// target for one of its two passes.
fn invoke(
    ctx: &mut Context,
    object: &JsObject,
    current: &Target,
    phase: u32,
    capturing: bool,
) -> JsResult<()> {
    if event::read(object, |event| event.stop_propagation)? {
        return Ok(());
    }
    let Some(listening) = current.listening(ctx) else { return Ok(()) };
    if let Some(window) = window_of_global(&listening) {
        event_handlers::activate_body_handlers(ctx, window);
    }
    event::write(object, |event| {
        event.phase = phase;
        event.current_target = Some(current.clone());
    })?;
    let type_ = event::read(object, |event| event.type_.clone())?;
    let listeners: Vec<Listener> = with_listeners(&listening, |listeners| {
        listeners.matching(&type_, capturing)
    })
    .unwrap_or_default();
    for listener in listeners {
        let removed = !with_listeners(&listening, |listeners| listeners.contains(listener.id))
            .unwrap_or(false);
        if removed {
            continue;
        }
        if listener.once {
            with_listeners_mut(&listening, |listeners| listeners.remove_by_id(listener.id));
        }
        inner_invoke(ctx, object, current, &listening, &listener)?;
        if event::read(object, |event| event.stop_immediate_propagation)? {
            return Ok(());
        }
    }
    Ok(())
}

/// [Inner invoke](https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke), for one
/// listener.
fn inner_invoke(
    ctx: &mut Context,
    object: &JsObject,
    current: &Target,
    listening: &JsObject,
    listener: &Listener,
) -> JsResult<()> {
    let window = match &listener.callback {
        ListenerCallback::Callback(callback) => callback.incumbent,
        ListenerCallback::Handler(_) => current.window(ctx),
    };
    let before = window.map(|window| {
        with_script(ctx, |script| script.current_events.insert(window, object.clone()))
    });
    if listener.passive {
        event::write(object, |event| event.in_passive_listener = true)?;
    }
    match &listener.callback {
        ListenerCallback::Callback(callback) => {
            let this = current.value(ctx);
            let result = callback::call_operation(
                callback,
                "handleEvent",
                &this,
                &[object.clone().into()],
                ctx,
            );
            callback::finish(result, window, ctx);
        }
        ListenerCallback::Handler(name) => {
            event_handlers::process(ctx, listening, name, current, object)?;
        }
    }
    if listener.passive {
        event::write(object, |event| event.in_passive_listener = false)?;
    }
    if let (Some(window), Some(before)) = (window, before) {
        let forgotten = with_script(ctx, |script| match before {
            Some(before) => script.current_events.insert(window, before),
            None => script.current_events.remove(&window),
        });
        drop(forgotten);
    }
    Ok(())
}

/// Reads the listeners of an object, if it has any.
pub(crate) fn with_listeners<R>(
    object: &JsObject,
    read: impl FnOnce(&Listeners) -> R,
) -> Option<R> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    platform.listeners.as_deref().map(read)
}

/// Writes to the listeners of an object.
pub(crate) fn with_listeners_mut<R>(
    object: &JsObject,
    write: impl FnOnce(&mut Listeners) -> R,
) -> Option<R> {
    let mut platform = object.downcast_mut::<PlatformObject>()?;
    Some(write(platform.listeners.get_or_insert_default()))
}

/// Fires a trusted event
/// ([fire an event](https://dom.spec.whatwg.org/#concept-event-fire)). Answers whether it was not
/// canceled.
pub(crate) fn fire(
    ctx: &mut Context,
    target: &Target,
    target_override: Option<&Target>,
    type_: &str,
    (bubbles, cancelable): (bool, bool),
    of: EventOf,
) -> bool {
    let window = target.window(ctx);
    let object = event::create_trusted(ctx, window, type_, bubbles, cancelable, of);
    // A new event is always one that can be dispatched.
    dispatch(ctx, &object, target, target_override).unwrap_or(true)
}

/// Whether the event was made by script or is being dispatched: what `dispatchEvent()` refuses.
pub(crate) fn can_be_dispatched(event: &EventData) -> bool {
    event.initialized && !event.dispatching
}
