//! Events ([DOM, events](https://dom.spec.whatwg.org/#events)): lists of listeners, the path of an
//! event, and whom to call next.
//!
//! What a callback is, and where the lists are kept, is the embedder's business; so are the event
//! objects. Nothing here calls anything.

mod dispatch;
mod listeners;
mod path;

pub use dispatch::{Dispatch, EventPhase, Flags, Invocation, ListenerLists};
pub use listeners::{Listener, ListenerId, ListenerList, ListenerOptions};
pub use path::{ClosedTrees, PathItem, composed_path, plain_path, target_at};
