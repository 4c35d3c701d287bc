//! Event listeners ([DOM, event listeners](https://dom.spec.whatwg.org/#concept-event-listener)).

use std::any::Any;
use std::hash::{Hash, Hasher};

use boa_engine::{Context, Finalize, JsObject, JsString, Trace};
use framepost_browsing_context::dom;
use framepost_browsing_context::events::{ListenerList, ListenerOptions};
use framepost_event_loop::GlobalId;

use crate::dom::aborting;
use crate::dom::event_dispatch::Target;
use crate::dom::extensions::{ListenerSteps, extensions};
use crate::dom::node;
use crate::script::callback::Callback;
use crate::script::globals::window_of_global;
use crate::webidl::platform::{Data, with_attached, with_attached_mut};

/// The callback of a listener.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum ListenerCallback {
    /// A callback of script.
    Callback(Callback),
    /// Steps of the engine, and their name.
    Steps(&'static str, #[unsafe_ignore_trace] ListenerSteps),
}

impl Eq for ListenerCallback {}

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

impl Hash for ListenerCallback {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Callback(callback) => callback.object.hash(state),
            Self::Steps(name, _) => name.hash(state),
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

// SAFETY: all references into the collector's heap are marked: the handlers, and the callbacks of the list. The type
// of the list is from another crate and cannot derive this.
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

    /// The event handler map, created on first use, and the listeners.
    pub(crate) fn handlers_or_default<T: Data + Default>(
        &mut self,
    ) -> Option<(&mut T, &mut ListenerList<ListenerCallback>)> {
        let handlers: &mut dyn Any = self
            .handlers
            .get_or_insert_with(|| Box::new(T::default()))
            .as_mut();
        Some((handlers.downcast_mut()?, &mut self.list))
    }

    /// Removes all listeners and handlers.
    pub(crate) fn erase(&mut self) {
        self.list.clear();
        self.handlers = None;
    }
}

/// A listener to add.
pub(crate) struct NewListener {
    pub(crate) event_type: JsString,
    pub(crate) callback: Callback,
    pub(crate) capture: bool,
    pub(crate) once: bool,
    pub(crate) passive: Option<bool>,
    /// The signal that removes the listener.
    pub(crate) signal: Option<JsObject>,
}

/// [Add an event listener](https://dom.spec.whatwg.org/#add-an-event-listener)
pub(crate) fn add_an_event_listener(target: &JsObject, listener: NewListener, cx: &mut Context) {
    // 2. With an aborted signal, add nothing.
    let signal = listener.signal;
    if signal.as_ref().is_some_and(aborting::is_aborted) {
        return;
    }
    // 4. Without a passive value, the listener gets the default one.
    let event_type = listener.event_type.to_std_string_lossy();
    let passive = listener.passive;
    let passive = passive.unwrap_or_else(|| default_passive_value(&event_type, target, cx));
    // 5. Append the listener, unless the list contains it.
    let options = ListenerOptions::default()
        .with_capture(listener.capture)
        .with_once(listener.once)
        .with_passive(passive);
    let callback = ListenerCallback::Callback(listener.callback);
    let added = with_attached_mut(target, |listeners: &mut Listeners| {
        listeners.list.add(&event_type, callback, options)
    });
    (extensions().listeners_changed)(cx, target);
    // 6. Remove the listener when the signal is aborted.
    if let (Some(signal), Some(id)) = (signal, added.flatten()) {
        aborting::remove_listener_on_abort(&signal, target.clone(), id);
    }
}

/// Whether a global object has a listener for this event.
pub(crate) fn global_listens(
    cx: &mut Context,
    global: GlobalId,
    object: &JsObject,
    event_type: &str,
) -> bool {
    (extensions().before_global_listeners)(cx, global);
    let listens = with_attached(object, |listeners: &Listeners| {
        let mut list = listeners.list.iter();
        list.any(|listener| listener.event_type.as_str() == event_type)
    });
    listens.unwrap_or(false)
}

/// The [default passive value](https://dom.spec.whatwg.org/#default-passive-value)
fn default_passive_value(event_type: &str, target: &JsObject, cx: &mut Context) -> bool {
    // 1. Only touch and scroll events at the targets that scroll the page are passive.
    if !["touchstart", "touchmove", "wheel", "mousewheel"].contains(&event_type) {
        return false;
    }
    match Target::of(target) {
        Target::Object(object) => window_of_global(&object).is_some(),
        Target::Node(at) => {
            let Some(document) = node::owner_document_node(cx, &at) else {
                return false;
            };
            let is_root =
                |node: &_| dom::parent(node).is_some_and(|up| dom::is_same(&up, &document));
            let is_body = dom::is_html_element(&at, "body")
                && dom::parent(&at).is_some_and(|up| is_root(&up));
            dom::is_same(&at, &document) || is_root(&at) || is_body
        }
    }
}

/// [Remove an event listener](https://dom.spec.whatwg.org/#remove-an-event-listener)
pub(crate) fn remove_an_event_listener(
    target: &JsObject,
    event_type: &str,
    callback: Callback,
    capture: bool,
    cx: &Context,
) {
    let callback = ListenerCallback::Callback(callback);
    let removed = with_attached_mut(target, |listeners: &mut Listeners| {
        let options = ListenerOptions::default().with_capture(capture);
        listeners.list.remove(event_type, &callback, options)
    });
    drop(removed);
    (extensions().listeners_changed)(cx, target);
}

/// [Erase all event listeners and handlers](https://html.spec.whatwg.org/multipage/webappapis.html#erase-all-event-listeners-and-handlers)
pub(crate) fn erase(target: &JsObject) {
    with_attached_mut(target, Listeners::erase);
}
