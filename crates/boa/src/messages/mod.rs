//! Messages for a program's own context: what one call installs.
//!
//! The program keeps its context, its job executor and its globals. This room adds the interfaces and functions to a
//! realm, and holds a loop for the tasks of messages.

mod delivery;
mod event;
mod event_target;
mod event_targets;
mod events;
mod install;
mod message_event;
mod message_port;
mod post_message;
mod state;
#[cfg(test)]
mod tests;

pub use event_targets::{EventTargets, Incoming, MessageParts};
pub use install::{Options, install, listeners_changed, remove, run, run_task, take_errors};
