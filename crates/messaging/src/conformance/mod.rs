//! Tests for embedders: what an engine's values, realms, ports and events have to do.
//!
//! An embedder calls these functions in its own tests. They return a [`Report`] with the name of each check that
//! failed, what was expected, and what was found. They never panic, and only `check_depth` can
//! overflow the stack.
//!
//! - [`check_heap`] tests an implementation of [`Heap`](crate::structured_clone::Heap): each kind of value, identity,
//!   cycles, transfer, damaged messages.
//! - [`check_depth`] tests it with a value of fifty thousand levels. It ends the process if the engine recurses over its
//!   values, so it has a test of its own.
//! - [`check_host`] tests an implementation of [`MessagingHost`](crate::MessagingHost) and of
//!   [`EffectHost`](framepost_browsing_context::EffectHost), with a page that the embedder has loaded: realms, ports, the order of
//!   messages, and that each message, port, channel and timer ends with its window.
//! - [`check_pages`] tests what scripts see, with pages in JavaScript: the fields of events, incumbent realms, the order
//!   of jobs, lifetimes. An embedder of another language writes such tests itself.
//!
//! ```
//! use framepost_messaging::conformance::{Samples, check_depth, check_heap};
//! use framepost_messaging::value::ValueHeap;
//!
//! let report = check_heap(&mut ValueHeap::default(), &(), &Samples::new());
//! assert!(report.failures().is_empty(), "{report}");
//! let report = check_depth(&mut ValueHeap::default(), &(), &Samples::new());
//! assert!(report.failures().is_empty(), "{report}");
//! ```

mod agent;
mod buffers;
mod depth;
mod heap;
mod host;
mod page_cases;
mod pages;
mod removal;
mod report;
mod samples;
mod values;

pub use agent::AgentOf;
pub use depth::check_depth;
pub use heap::check_heap;
pub use host::{PAGE, check_host, check_host_with_agent};
pub use pages::check_pages;
pub use report::{Failed, Report};
pub use samples::{Feature, Samples};
