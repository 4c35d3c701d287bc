//! The event targets of an embedder, in place of those of this crate.

use boa_engine::{Context, JsObject, JsResult, JsValue};

/// The event targets of an embedder that has its own: a DOM, or a class of its own making.
///
/// `MessagePort` and `BroadcastChannel` then inherit from its `EventTarget`, and it fires the events. Its
/// `addEventListener()` is called on objects that this crate created: it keeps their listeners where it likes, for
/// instance in a `WeakMap`, and calls [`listeners_changed`](crate::listeners_changed) when the first one is added and
/// when the last one is removed. The example
/// [`own_event_target`](https://github.com/framepost/framepost/blob/main/crates/boa/examples/own_event_target.rs) is a whole
/// program. The listeners of a realm's global object are the program's too: its `addEventListener()` is called there with
/// `undefined` or the global object as `this`.
pub trait EventTargets: 'static {
    /// The interface object `EventTarget` of the current realm.
    ///
    /// # Errors
    /// Whatever prevents it; the installation then fails with it.
    fn constructor(&self, ctx: &mut Context) -> JsResult<JsObject>;

    /// Fires an event at a port, a channel, or the global object of a realm.
    ///
    /// # Errors
    /// An exception that no listener caught. [`take_errors`](crate::take_errors) returns it.
    fn fire(&self, target: &JsObject, event: Incoming, ctx: &mut Context) -> JsResult<()>;

    /// Returns the value of an [event handler](https://html.spec.whatwg.org/multipage/webappapis.html#event-handlers)
    /// of a port or channel, such as `onmessage`.
    ///
    /// # Errors
    /// The exception to throw.
    fn handler(&self, target: &JsObject, name: &str, ctx: &mut Context) -> JsResult<JsValue>;

    /// Sets the value of an event handler of a port or channel. After that, the port starts if the name is `onmessage`.
    ///
    /// # Errors
    /// The exception to throw.
    fn set_handler(
        &self,
        target: &JsObject,
        name: &str,
        value: &JsValue,
        ctx: &mut Context,
    ) -> JsResult<()>;
}

/// An event to fire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Incoming {
    /// `message`, a `MessageEvent`.
    Message(MessageParts),
    /// `messageerror`, a `MessageEvent`: the message could not be deserialized. Its data is null.
    MessageError(MessageParts),
    /// `close`, an `Event`: the other port is gone.
    Close,
}

impl Incoming {
    /// The type of the event.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::MessageError(_) => "messageerror",
            Self::Close => "close",
        }
    }
}

/// The attributes of a `MessageEvent`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MessageParts {
    /// `data`.
    pub data: JsValue,
    /// `origin`; empty for a port.
    pub origin: String,
    /// `source`: the global object of the realm that posted the message.
    pub source: Option<JsObject>,
    /// `ports`.
    pub ports: Vec<JsObject>,
}
