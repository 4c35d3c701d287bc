//! HTML event loops for embedders.
//!
//! The crate holds the tasks, the microtasks, the timers and the clock of one
//! [agent](https://tc39.es/ecma262/#sec-agents), and chooses what runs next
//! ([HTML, event loops](https://html.spec.whatwg.org/multipage/webappapis.html#event-loops)).
//! It does not know what a task means and never runs one: the embedder does, through the [`Agent`]
//! trait. It knows no script, no DOM, no message, no file and no thread. Other threads may use one
//! part, the [`Inbox`].
//!
//! Two kinds of names refer to objects of the embedder:
//!
//! - A [`GlobalId`] names a global object: a window, or a worker's global scope. Timers belong to
//!   globals.
//! - A [`ClientId`] names the owner of tasks: a window's document, or a worker's event loop.
//!   A task runs only while its client is fully active.
//!
//! # A turn of the loop
//!
//! ```
//! use framepost_event_loop::{Agent, EventLoop, HasState, RunOutcome, Queued, RunUntil, TaskSource, TimerTask, run_until};
//!
//! // Tasks are data: an enum of the embedder.
//! #[derive(Debug)]
//! enum Task { Greet(&'static str), Timer(TimerTask) }
//! impl From<TimerTask> for Task { fn from(task: TimerTask) -> Self { Task::Timer(task) } }
//!
//! #[derive(Default)]
//! struct Greeter { event_loop: EventLoop<Task, String>, said: Vec<String> }
//!
//! impl HasState for Greeter {
//!     type State = EventLoop<Task, String>;
//!     fn with_state<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, String>) -> R) -> R {
//!         f(&mut self.event_loop)
//!     }
//! }
//!
//! impl Agent for Greeter {
//!     fn run_task(&mut self, queued: Queued<Task>) {
//!         if let Task::Greet(name) = queued.task {
//!             self.event_loop.queue_microtask(format!("and {name}'s microtask"));
//!             self.said.push(name.to_owned());
//!         }
//!     }
//!     fn run_microtask(&mut self, microtask: String) { self.said.push(microtask); }
//! }
//!
//! let mut agent = Greeter::default();
//! let global = agent.event_loop.create_global();
//! let client = agent.event_loop.create_client(global);
//! agent.event_loop.set_fully_active(client, true);
//! agent.event_loop.queue_global_task(TaskSource::DomManipulation, global, Task::Greet("Ada")).unwrap();
//! agent.event_loop.queue_global_task(TaskSource::PostedMessage, global, Task::Greet("Grace")).unwrap();
//!
//! assert_eq!(run_until(&mut agent, RunUntil::idle()), RunOutcome::Idle);
//! assert_eq!(agent.said, ["Ada", "and Ada's microtask", "Grace", "and Grace's microtask"]);
//! ```
//!
//! # Reading on
//!
//! 1. [`EventLoop`]: globals, clients, the task and microtask queues, timers.
//! 2. [`Agent`] and [`HasState`]: what an embedder implements; [`run_until`] and [`step`] turn the loop, and
//!    [`perform_a_microtask_checkpoint`] is for the places where a standard asks for one.
//! 3. [`EventLoopOptions`]: the clock, the order of tasks, the limits. [`explore`](mod@explore) runs a program in many legal
//!    orders.
//! 4. [`Inbox`]: tasks from other threads.
//!
//! An embedder with documents and frames goes on with the crate
//! [`framepost-browsing-context`](https://docs.rs/framepost-browsing-context).
#![forbid(unsafe_code)]

mod agent;
mod clock;
mod delayed;
mod event_loop;
pub mod explore;
mod hash;
mod idle;
mod inbox;
mod key;
mod microtask;
mod options;
mod pending;
mod policy;
mod queues;
mod rendering;
mod scheduler;
mod task;
mod timers;
mod tracker;
mod waiting;

pub use agent::{
    Agent, HasState, LimitReached, LoopState, MicrotaskOf, RunOutcome, RunUntil, StepResult,
    TaskOf, clean_up_after_running_script, perform_a_microtask_checkpoint, run_until, step,
};
pub use clock::{Clock, VirtualClock, WallClock};
pub use event_loop::EventLoop;
#[doc(hidden)]
pub use hash::{FxBuildHasher, FxHashMap, FxHashSet};
pub use inbox::{Inbox, InboxClosed};
pub use key::{AgentId, Arena, ClientId, GlobalId, Key, KeyMap};
pub use options::{EventLoopLimits, EventLoopOptions};
pub use pending::{OutstandingId, Pending};
pub use policy::{
    Candidate, CandidateTimer, Held, Hold, OldestFirst, Order, OrderFreedom, PartialOrderSampling,
    Pctcp, Policy, Ran, Random, Record, Recorded, Schedule, Shuffled, TaskName, legal_choices,
};
pub use scheduler::{SchedulerQueueId, SchedulerQueueKind, TaskPriority};
pub use task::{DropReason, Dropped, NextTask, Queued, TaskQueues, TaskSource};
pub use timers::{FiredTimer, TimerId, TimerKind, TimerTask};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
