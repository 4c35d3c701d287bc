//! Locks ([Web Locks](https://w3c.github.io/web-locks/)), without script.
//!
//! [`Messaging`] holds one lock manager for each storage key. [`Messaging::request_lock`] enqueues a request. Its
//! outcome arrives as a task, which [`run_messaging_task`](crate::run_messaging_task) turns into
//! [`Delivery::Lock`](crate::Delivery::Lock): call the callback of the request, and call
//! [`Messaging::release_lock`] when the promise that it returned is settled. The requests and locks of a window or
//! a worker end with it ([`Messaging::global_ended`]), or with its document
//! ([`Messaging::terminate_remaining_locks_and_requests`]).
//!
//! IMPLEMENTATION-DEFINED: the standard processes requests in parallel. Here `request_lock` grants a lock at once, and
//! the task follows everything that the running task queues.
//!
//! ```
//! # #[cfg(feature = "plain")] {
//! use framepost_browsing_context::loader::MemoryLoader;
//! use framepost_messaging::locks::{LockEvent, LockOptions};
//! use framepost_messaging::plain::{Event, World};
//!
//! let mut loader = MemoryLoader::new();
//! loader.add("http://localhost/", "<iframe src=frame></iframe>")?;
//! loader.add("http://localhost/frame", "<p>Inside")?;
//! let mut world = World::new(loader);
//! let page = world.open("http://localhost/")?;
//! let _ = world.run_until_idle();
//! let frame = world.frame(page, 0).unwrap();
//! let _ = world.take_events();
//!
//! let first = world.request_lock(frame, "leader", LockOptions::new())?;
//! let second = world.request_lock(page, "leader", LockOptions::new())?;
//! let _ = world.run_until_idle();
//! let [Event::Lock { request, event: LockEvent::Granted { .. } }] = world.take_events()[..] else { panic!() };
//! assert_eq!(request, first);
//!
//! // The holder dies, and the next request gets the lock.
//! world.remove(&world.element(page, "iframe").unwrap());
//! let _ = world.run_until_idle();
//! let granted = world.take_events().pop();
//! let Some(Event::Lock { request, event: LockEvent::Granted { lock } }) = granted else { panic!() };
//! assert_eq!(request, second);
//! world.release_lock(lock);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod manager;
mod options;
mod snapshot;
#[cfg(all(test, feature = "plain"))]
mod tests;

pub use crate::identity::{LockMode, LockStage};
pub use crate::state::locks::{LockId, LockRequestId, LockTask};
pub use manager::{LockEvent, WEB_LOCKS_TASK_SOURCE};
pub use options::{LockError, LockOptions};
pub use snapshot::{LockInfo, LockSnapshot};

#[allow(unused_imports, reason = "the documentation names it")]
use crate::Messaging;
