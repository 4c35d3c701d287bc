//! An experimental headless engine on top of the Framepost library crates.
//!
//! The engine runs HTML pages with Boa as its script engine. [`Page`] opens a page, runs its event
//! loop and returns its output. The command `framepost` (crate `framepost-cli`) does the same from
//! a shell.
//!
//! The library crates implement the algorithms for documents, frames, messages and the event loop.
//! This crate adds bindings, loaders and a driver. It uses only public interfaces of these crates,
//! so another engine can use them in the same way.

mod agent;
mod canvas;
mod clock;
mod console;
mod cookies;
mod crypto;
mod cssom;
mod cssom_view;
mod dom;
mod dump;
mod encoding;
mod eventsource;
pub mod explore;
mod fetch;
mod file;
mod geometry;
mod har;
mod host;
mod html;
mod http;
mod inspect;
mod limits;
mod loads;
mod locks;
mod messaging;
mod output;
mod page;
mod pending;
mod scheduling;
mod script;
mod storage;
mod streams;
mod svg;
mod trace;
mod transferred_streams;
mod uievents;
mod url;
mod user_timing;
mod websockets;
mod windows;
mod workers;
mod xhr;

// The floors below the engine: adapters of Boa, and Web IDL.
use framepost_boa::{boa, globals, webidl};

pub use clock::PageClock;
pub use dump::DumpFormat;
pub use framepost_browsing_context::{InvalidStorageKey, PopupPolicy, StorageKey};
pub use framepost_event_loop::explore::Strategy;
pub use framepost_event_loop::{Hold, Order, OrderFreedom, Record, Schedule, TaskName};
pub use framepost_messaging::storage::{StorageText, StoredArea};
pub use har::{Har, HarError};
pub use http::{HttpOptions, Resolve, ResolveError};
pub use limits::PageLimits;
pub use loads::arrivals::Arrival;
pub use loads::request_headers;
pub use output::{
    ConsoleMessage, ErrorDetails, ErrorFrame, Excerpt, Level, OriginKind, Output, RelatedError,
    Relation, ScriptError, ScriptErrorKind, TaskNote, TaskOrigin,
};
pub use page::{
    DroppedMessage, LimitReached, MessageDropReason, Page, PageError, PageOptions, PageWindow,
    RunOutcome,
};
pub use pending::{PendingKind, PendingWork};
pub use trace::{Trace, TraceFormat};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
mod tests;
