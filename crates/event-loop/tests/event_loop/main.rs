//! Tests the event loop through its public interface: which tasks run, in which order, and which
//! tasks are dropped.

mod clocks;
mod microtasks;
mod page;
mod schedules;
mod tasks;
mod timers;
