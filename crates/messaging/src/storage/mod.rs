//! Local and session storage
//! ([HTML, web storage](https://html.spec.whatwg.org/multipage/webstorage.html)), without script.
//!
//! [`Messaging`] holds the areas. [`Storage::of_window`] gives the [`Storage`] of a window: the data of a
//! `Storage` object. Its methods take a `Storage` and change the area. A change queues a task for each other window
//! that shares the area; [`run_messaging_task`](crate::run_messaging_task) turns it into
//! [`Delivery::Storage`](crate::Delivery::Storage), the `storage` event to fire. These events are accounted for like
//! messages.
//!
//! This module reads and writes no files: [`Messaging::stored_areas`] returns the local storage, and
//! [`Messaging::restore_area`] replaces an area.
//!
//! ```
//! # #[cfg(feature = "plain")] {
//! use framepost_browsing_context::loader::MemoryLoader;
//! use framepost_messaging::plain::{Event, World};
//! use framepost_messaging::storage::StorageKind;
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
//! let storage = world.storage(page, StorageKind::Local)?;
//! world.set_storage_item(&storage, "colour", "red")?;
//! let in_frame = world.storage(frame, StorageKind::Local)?;
//! assert_eq!(world.storage_item(&in_frame, "colour"), Some("red".into()));
//!
//! let _ = world.run_until_idle();
//! let Some(Event::Storage { target, change, .. }) = world.take_events().pop() else { panic!() };
//! assert_eq!(target, world.window(frame)?);
//! assert_eq!(change.key, Some("colour".into()));
//! assert_eq!((change.old_value.clone(), change.new_value.clone()), (None, Some("red".into())));
//! assert_eq!(&*change.url, "http://localhost/");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod methods;
mod stored;

pub use crate::identity::StorageKind;
pub use crate::state::storage::{Storage, StorageChange, StorageEventTask, StorageText};
pub use error::StorageError;
pub use stored::StoredArea;

#[allow(unused_imports, reason = "the documentation names it")]
use crate::Messaging;
