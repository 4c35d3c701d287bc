//! Event targets outside trees, for contexts whose embedder has none
//! ([DOM, events](https://dom.spec.whatwg.org/#events)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace, js_string};
use framepost_browsing_context::events::{
    Dispatch, EventInfo, Invocation, ListenerId, ListenerList, ListenerLists, ListenerOptions,
    PathItem, PropagationFlags,
};

use super::event::{EVENT, EventData};
use super::event_targets::Incoming;
use super::message_event::{MESSAGE_EVENT, MessageData};
use super::state::{Own, report};
use crate::boa::errors::type_error;
use crate::ports;
use crate::webidl::platform::{self, PlatformObject, with_attached, with_attached_mut};
use crate::webidl::{create_with, extensions::Extensions};

/// The callback of a listener: a function, or an object with a method `handleEvent`.
#[derive(Clone, PartialEq, Eq, Hash, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) enum Callback {
    /// A callback of script.
    Script(JsObject),
    /// The event handler of this name.
    Handler(#[unsafe_ignore_trace] &'static str),
}

/// The [event listener list](https://dom.spec.whatwg.org/#eventtarget-event-listener-list) and the
/// [event handler map](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-map) of a target.
#[derive(Default, Finalize)]
struct Listeners {
    list: ListenerList<Callback>,
    handlers: Vec<Handler>,
    /// The object that script sees as the target, if it is another one: a global object.
    shown: Option<JsObject>,
}

/// An [event handler](https://html.spec.whatwg.org/multipage/webappapis.html#event-handlers) with a value.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Handler {
    #[unsafe_ignore_trace]
    name: &'static str,
    value: JsObject,
    /// Its listener.
    #[unsafe_ignore_trace]
    listener: Option<ListenerId>,
}

// SAFETY: all references into the collector's heap are marked: the callbacks of the list, the values of the handlers,
// and the shown object. The type of the list is from another crate and cannot derive this.
unsafe impl Trace for Listeners {
    boa_gc::custom_trace!(this, mark, {
        for listener in this.list.iter() {
            mark(&listener.callback);
        }
        mark(&this.handlers);
        mark(&this.shown);
    });
}

/// Lets script see another object as the target of the events at `target`.
pub(super) fn show_as(target: &JsObject, shown: JsObject) {
    with_attached_mut(target, |listeners: &mut Listeners| {
        listeners.shown = Some(shown);
    });
}

/// The object that script sees as this target.
fn shown(target: &JsObject) -> JsObject {
    let shown = with_attached(target, |listeners: &Listeners| listeners.shown.clone());
    shown.flatten().unwrap_or_else(|| target.clone())
}

/// [Add an event listener](https://dom.spec.whatwg.org/#add-an-event-listener)
pub(super) fn add_an_event_listener(
    target: &JsObject,
    event_type: &str,
    callback: JsObject,
    options: ListenerOptions,
    ctx: &Context,
) {
    // NOT YET: 2. and 6. The signal, since there is no AbortSignal here.
    // 4. No event here is passive by default.
    // 5. Append the listener, unless the list contains it.
    with_attached_mut(target, |listeners: &mut Listeners| {
        listeners
            .list
            .add(event_type, Callback::Script(callback), options)
    });
    changed(target, ctx);
}

/// [Remove an event listener](https://dom.spec.whatwg.org/#remove-an-event-listener)
pub(super) fn remove_an_event_listener(
    target: &JsObject,
    event_type: &str,
    callback: JsObject,
    capture: bool,
    ctx: &Context,
) {
    let options = ListenerOptions::default().with_capture(capture);
    let removed = with_attached_mut(target, |listeners: &mut Listeners| {
        let callback = Callback::Script(callback);
        listeners.list.remove(event_type, &callback, options)
    });
    drop(removed);
    changed(target, ctx);
}

/// Tells messaging whether a port or a channel has listeners.
fn changed(target: &JsObject, ctx: &Context) {
    ports::listeners_changed::<Own>(ctx, target, || {
        let types = ["message", "messageerror", "close"];
        let heard = with_attached(target, |listeners: &Listeners| {
            types.iter().any(|name| listeners.list.listens_for(name))
        });
        heard == Some(true)
    });
}

/// The value of an event handler.
pub(super) fn handler(target: &JsObject, name: &str) -> JsValue {
    let value = with_attached(target, |listeners: &Listeners| {
        let mut handlers = listeners.handlers.iter();
        let handler = handlers.find(|handler| handler.name == name)?;
        Some(handler.value.clone())
    });
    value.flatten().map_or_else(JsValue::null, JsValue::from)
}

/// Sets the value of an event handler, and
/// [activates](https://html.spec.whatwg.org/multipage/webappapis.html#activate-an-event-handler) or
/// [deactivates](https://html.spec.whatwg.org/multipage/webappapis.html#deactivate-an-event-handler) it.
pub(super) fn set_handler(target: &JsObject, name: &'static str, value: &JsValue, ctx: &Context) {
    let value = value.as_object();
    let event_type = name.strip_prefix("on").unwrap_or(name);
    let removed = with_attached_mut(target, |listeners: &mut Listeners| {
        let handlers = &mut listeners.handlers;
        let at = handlers.iter().position(|handler| handler.name == name);
        match (at, value) {
            (Some(at), Some(value)) => {
                let handler = handlers.get_mut(at)?;
                // The handler keeps the place of its listener.
                Some((std::mem::replace(&mut handler.value, value), None))
            }
            (Some(at), None) => {
                let handler = handlers.remove(at);
                let listener = handler.listener;
                let removed = listener.and_then(|id| listeners.list.remove_by_id(id));
                Some((handler.value, removed))
            }
            (None, Some(value)) => {
                let callback = Callback::Handler(name);
                let options = ListenerOptions::default();
                let listener = listeners.list.add(event_type, callback, options);
                handlers.push(Handler {
                    name,
                    value,
                    listener,
                });
                None
            }
            (None, None) => None,
        }
    });
    drop(removed);
    changed(target, ctx);
}

/// The functions of event handlers for Web IDL.
pub(super) const fn handlers(extensions: Extensions) -> Extensions {
    Extensions {
        event_handler: |object, name, ctx| match super::state::event_targets(ctx) {
            Some(targets) => targets.handler(object, name, ctx),
            None => Ok(handler(object, name)),
        },
        set_event_handler: |object, name, value, ctx| match super::state::event_targets(ctx) {
            Some(targets) => targets.set_handler(object, name, value, ctx),
            None => {
                set_handler(object, name, value, ctx);
                Ok(())
            }
        },
        ..extensions
    }
}

/// The listener lists of targets.
struct Lists<'a>(&'a Context);

impl ListenerLists<JsObject, Callback> for Lists<'_> {
    fn with_listeners<R>(
        &mut self,
        target: &JsObject,
        f: impl FnOnce(&mut ListenerList<Callback>) -> R,
    ) -> Option<R> {
        let (found, is_changed) = {
            let mut platform = target.downcast_mut::<PlatformObject>()?;
            let Listeners { list, .. } = platform.attached_mut()?;
            let before = list.len();
            (f(list), list.len() != before)
        };
        // A listener with `once` was removed.
        if is_changed {
            changed(target, self.0);
        }
        Some(found)
    }
}

/// [Dispatches](https://dom.spec.whatwg.org/#concept-event-dispatch) an event to a target outside trees. Returns false
/// if the event was canceled.
pub(super) fn dispatch(ctx: &mut Context, event: &JsObject, target: &JsObject) -> JsResult<bool> {
    // 1. Set the dispatch flag. 2. to 4. The target is the only item of the path.
    let (event_type, mut flags) = platform::write(event, |event: &mut EventData| {
        event.dispatching = true;
        event.target = Some(shown(target));
        (event.event_type.to_std_string_lossy(), event.flags())
    })?;
    // 6.1. to 6.12. Nothing here is a node.
    let path = [PathItem::plain(target.clone(), Some(target.clone()))];
    let mut dispatch = Dispatch::new(&path, EventInfo::new(&event_type));
    // 6.13. and 6.14. Invoke the listeners.
    while let Some(invocation) = dispatch.next(flags, &mut Lists(ctx)) {
        flags = inner_invoke(ctx, event, &invocation)?;
    }
    // 7. to 10. Reset the event. 13. Return whether it was canceled.
    platform::write(event, |event: &mut EventData| {
        event.phase = 0;
        event.current_target = None;
        event.dispatching = false;
        event.stop_propagation = false;
        event.stop_immediate_propagation = false;
        !event.canceled
    })
}

/// The part of [inner invoke](https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke) that calls a listener.
fn inner_invoke(
    ctx: &mut Context,
    event: &JsObject,
    invocation: &Invocation<'_, JsObject, Callback>,
) -> JsResult<PropagationFlags> {
    let this = shown(invocation.current_target);
    // NOT YET: 2.6. to 2.8. The current event of a window.
    // 2.9. A passive listener cannot cancel the event.
    platform::write(event, |event: &mut EventData| {
        event.phase = invocation.phase as u32;
        event.current_target = Some(this.clone());
        event.in_passive_listener = invocation.passive == Some(true);
    })?;
    // 2.11. Call the callback; an exception is reported.
    if let Err(error) = call(
        ctx,
        &invocation.callback,
        &this,
        invocation.current_target,
        event,
    ) {
        report(ctx, error);
    }
    // 2.12. Unset the in passive listener flag.
    platform::write(event, |event: &mut EventData| {
        event.in_passive_listener = false;
        event.flags()
    })
}

/// [Calls a user object's operation](https://webidl.spec.whatwg.org/#call-a-user-objects-operation), or runs the
/// [event handler processing algorithm](https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm).
fn call(
    ctx: &mut Context,
    callback: &Callback,
    this: &JsObject,
    target: &JsObject,
    event: &JsObject,
) -> JsResult<()> {
    let args = [JsValue::from(event.clone())];
    let this = JsValue::from(this.clone());
    match callback {
        Callback::Script(object) if object.is_callable() => {
            object.call(&this, &args, ctx)?;
        }
        Callback::Script(object) => {
            let method = object.get(js_string!("handleEvent"), ctx)?;
            let method = method.as_callable();
            let method = method
                .ok_or_else(|| type_error("The listener's 'handleEvent' is not a function."))?;
            method.call(&object.clone().into(), &args, ctx)?;
        }
        Callback::Handler(name) => {
            if let Some(function) = handler(target, name).as_callable() {
                let result = function.call(&this, &args, ctx)?;
                // 5. A result of false cancels the event.
                if result.as_boolean() == Some(false) {
                    platform::write(event, EventData::set_canceled)?;
                }
            }
        }
    }
    Ok(())
}

/// [Fires](https://dom.spec.whatwg.org/#concept-event-fire) the event of a message.
pub(super) fn fire(target: &JsObject, event: Incoming, ctx: &mut Context) -> JsResult<()> {
    let event_type = JsString::from(event.event_type());
    let mut data = EventData::new(ctx);
    data.initialize(event_type, false, false);
    data.trusted = true;
    let parts = match event {
        Incoming::Message(parts) | Incoming::MessageError(parts) => {
            let own = Box::new(MessageData::from(parts));
            PlatformObject::new(data, &MESSAGE_EVENT).and_own(own)
        }
        Incoming::Close => PlatformObject::new(data, &EVENT),
    };
    let global = platform::relevant_global(target);
    let realm = global.and_then(|global| super::state::record(ctx, global));
    let realm = realm.map_or_else(|| ctx.realm().clone(), |record| record.realm);
    let event = create_with(&realm, parts, ctx);
    dispatch(ctx, &event, target).map(|_| ())
}

/// The members that are event handlers of a realm's global object.
pub(super) const GLOBAL_HANDLERS: [&str; 2] = ["onmessage", "onmessageerror"];
