//! `EventTarget` ([DOM, interface EventTarget](https://dom.spec.whatwg.org/#interface-eventtarget)).

use std::any::Any;

use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsString, JsValue, Trace};

use framepost_browsing_context::events::{ListenerList, ListenerOptions};

use crate::dom::event_dispatch as target;
use crate::dom::event_dispatch::{Target, with_listeners_mut};
use crate::dom::extensions::{ListenerSteps, extensions};
use crate::script::callback::Callback;
use crate::webidl::convert::{Dictionary, argument};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::platform::Data;
use crate::webidl::receiver::interface_tag;
use crate::webidl::{Interface, Member};

use super::{abort, event};

interface_tag! {
    /// `EventTarget` as a type of Web IDL.
    EventTarget = EVENT_TARGET
}

/// The `EventTarget` interface.
pub(crate) static EVENT_TARGET: Interface = Interface {
    constructor: Some((0, |target, _, ctx| target.create((), ctx))),
    members: &[&[
        Member::Operation("addEventListener", 2, add_event_listener),
        Member::Operation("removeEventListener", 2, remove_event_listener),
        Member::Operation("dispatchEvent", 1, dispatch_event),
    ]],
    ..Interface::new("EventTarget")
};

/// What a listener calls.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum ListenerCallback {
    /// What script has given.
    Callback(Callback),
    /// What no script has added: steps, and what they are named.
    Steps(&'static str, #[unsafe_ignore_trace] ListenerSteps),
}

impl PartialEq for ListenerCallback {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Callback(ours), Self::Callback(theirs)) => {
                JsObject::equals(&ours.object, &theirs.object)
            }
            (Self::Steps(ours, _), Self::Steps(theirs, _)) => ours == theirs,
            _ => false,
        }
    }
}

/// The [event listener list](https://dom.spec.whatwg.org/#eventtarget-event-listener-list) and the
/// [event handler map](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-map)
/// of a target.
#[derive(Default, Finalize)]
pub(crate) struct Listeners {
    pub(crate) list: ListenerList<ListenerCallback>,
    handlers: Option<Box<dyn Data>>,
}

// SAFETY: everything in it that refers to the collector's heap is marked: the callbacks of the
// list, which is another crate's type and cannot derive this, and the handlers.
unsafe impl Trace for Listeners {
    boa_gc::custom_trace!(this, mark, {
        for listener in this.list.iter() {
            mark(&listener.callback);
        }
        mark(&this.handlers);
    });
}

impl Listeners {
    /// The event handler map.
    pub(crate) fn handlers<T: 'static>(&self) -> Option<&T> {
        let handlers: &dyn Any = self.handlers.as_deref()?;
        handlers.downcast_ref()
    }

    /// The event handler map, made when it is not there, and the listeners.
    pub(crate) fn handlers_or_default<T: Data + Default>(
        &mut self,
    ) -> Option<(&mut T, &mut ListenerList<ListenerCallback>)> {
        let handlers: &mut dyn Any = self
            .handlers
            .get_or_insert_with(|| Box::new(T::default()))
            .as_mut();
        Some((handlers.downcast_mut()?, &mut self.list))
    }

    /// Removes everything.
    pub(crate) fn erase(&mut self) {
        self.list.clear();
        self.handlers = None;
    }
}

/// The callback of an `EventListener?` argument.
fn listener_argument(args: &[JsValue]) -> JsResult<Option<JsObject>> {
    let value = argument(args, 1);
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    value.as_object().map(Some).ok_or_else(|| {
        JsNativeError::typ()
            .with_message("parameter 2 is not of type 'Object'.")
            .into()
    })
}

/// [Flatten](https://dom.spec.whatwg.org/#concept-flatten-options)
fn flatten(options: &JsValue, ctx: &mut Context) -> JsResult<bool> {
    match options.as_object() {
        Some(_) => Dictionary::new(options)?.boolean("capture", ctx),
        None => Ok(options.to_boolean()),
    }
}

/// [`addEventListener()`](https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener)
fn add_event_listener(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let type_ = argument(args, 0).to_string(ctx)?;
    let callback = listener_argument(args)?;
    let options = argument(args, 2);
    let capture = flatten(&options, ctx)?;
    let (mut once, mut passive, mut signal) = (false, None, None);
    if options.is_object() {
        let options = Dictionary::new(&options)?;
        once = options.boolean("once", ctx)?;
        passive = options.get("passive", ctx)?.map(|value| value.to_boolean());
        if let Some(value) = options.get("signal", ctx)? {
            let object = value
                .as_object()
                .filter(|object| platform::implements(object, &abort::ABORT_SIGNAL));
            signal = Some(object.ok_or_else(|| {
                JsNativeError::typ().with_message("member signal is not of type AbortSignal.")
            })?);
        }
    }
    if let Some(signal) = &signal
        && abort::is_aborted(signal)
    {
        return Ok(JsValue::undefined());
    }
    let Some(object) = callback else {
        return Ok(JsValue::undefined());
    };
    let passive = passive.unwrap_or_else(|| default_passive(&type_, this, ctx));
    let options = ListenerOptions::default()
        .with_capture(capture)
        .with_once(once)
        .with_passive(passive);
    let callback = ListenerCallback::Callback(Callback::new(object, ctx));
    let type_ = type_.to_std_string_lossy();
    let id = with_listeners_mut(this, |listeners| {
        listeners.list.add(&type_, callback, options)
    })
    .flatten();
    (extensions().listeners_changed)(ctx, this);
    if let (Some(signal), Some(id)) = (signal, id) {
        abort::remove_listener_on_abort(&signal, this.clone(), id);
    }
    Ok(JsValue::undefined())
}

/// The [default passive value](https://dom.spec.whatwg.org/#default-passive-value)
fn default_passive(type_: &JsString, this: &JsObject, ctx: &mut Context) -> bool {
    use framepost_browsing_context::dom;
    let touching = ["touchstart", "touchmove", "wheel", "mousewheel"];
    if !touching.iter().any(|name| *type_ == **name) {
        return false;
    }
    match Target::of(this) {
        Target::Object(object) => crate::webidl::platform::window_of_global(&object).is_some(),
        Target::Node(node) => {
            let Some(document) = super::node::owner_document_node(ctx, &node) else {
                return false;
            };
            let is_root =
                |node: &_| dom::parent(node).is_some_and(|up| dom::is_same(&up, &document));
            dom::is_same(&node, &document)
                || is_root(&node)
                || (dom::is_html_element(&node, "body")
                    && dom::parent(&node).is_some_and(|up| is_root(&up)))
        }
    }
}

/// [`removeEventListener()`](https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener)
fn remove_event_listener(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let type_ = argument(args, 0).to_string(ctx)?;
    let callback = listener_argument(args)?;
    let capture = flatten(&argument(args, 2), ctx)?;
    if let Some(object) = callback {
        let type_ = type_.to_std_string_lossy();
        let callback = ListenerCallback::Callback(Callback::new(object, ctx));
        let removed = with_listeners_mut(this, |listeners| {
            let options = ListenerOptions::default().with_capture(capture);
            listeners.list.remove(&type_, &callback, options)
        });
        drop(removed);
        (extensions().listeners_changed)(ctx, this);
    }
    Ok(JsValue::undefined())
}

/// [`dispatchEvent()`](https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent)
fn dispatch_event(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let object = argument(args, 0)
        .as_object()
        .filter(|object| platform::implements(object, &event::EVENT))
        .ok_or_else(|| JsNativeError::typ().with_message("parameter 1 is not of type 'Event'."))?;
    if !event::read(&object, target::can_be_dispatched)? {
        let message = "The event is already being dispatched, or was not initialized.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    }
    event::write(&object, |event| event.trusted = false)?;
    Ok(target::dispatch(ctx, &object, &Target::of(this), None)?.into())
}

/// [Erase all event listeners and handlers](https://html.spec.whatwg.org/multipage/webappapis.html#erase-all-event-listeners-and-handlers)
pub(crate) fn erase(object: &JsObject) {
    with_listeners_mut(object, Listeners::erase);
}
