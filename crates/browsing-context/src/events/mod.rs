//! Events ([DOM, events](https://dom.spec.whatwg.org/#events)): lists of listeners, the path of an event, and the
//! choice of the next listener.
//!
//! The embedder has the event objects, the callbacks and the lists, and calls the listeners.

mod dispatch;
mod listeners;
mod path;

pub use dispatch::{
    CallAtTarget, Dispatch, DispatchAtTarget, EventInfo, EventPhase, Invocation, ListenerLists,
    PropagationFlags,
};
pub use listeners::{Listener, ListenerId, ListenerList, ListenerOptions};
pub use path::{ClosedTrees, PathItem, composed_path, plain_path, target_at};
