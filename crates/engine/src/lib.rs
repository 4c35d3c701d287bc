//! An experimental headless engine over the framepost crates.
//!
//! It runs HTML pages with Boa as the script engine: [`Page`] opens one, turns its event loop and
//! shows what came of it. The `framepost` command (the crate `framepost-cli`) does the same from a shell.
//!
//! The library crates hold the algorithms of documents, frames, messages and the event loop; what is
//! here is bindings, loaders and a driver. It uses nothing of theirs that another engine could not.

mod agent;
mod agent_clusters;
mod bindings;
mod boa;
mod callback;
mod controls;
mod cross_origin;
mod dom;
mod dump;
mod effects;
mod exception;
mod exotic;
mod fetches;
mod geometry;
mod gone_windows;
mod heap;
mod host;
mod http;
mod inspect;
mod jobs;
mod lazy_globals;
mod messaging_host;
mod modules;
mod output;
mod page;
mod platform;
mod port_objects;
mod realm;
mod rejections;
mod report;
mod script;
mod selectors;
mod settlement;
mod target;
mod trace;
mod tree;
mod webidl;
mod window_proxy;
mod workers;
mod wrappers;

pub use dump::DumpFormat;
pub use fetches::request_headers;
pub use framepost_browsing_context::PopupPolicy;
pub use http::{HttpOptions, Resolve, ResolveError};
pub use output::{ConsoleMessage, Level, Output, ScriptError, ScriptErrorKind};
pub use page::{
    DroppedMessage, LimitReached, MessageDropReason, Outcome, Page, PageError, PageLimits,
    PageOptions, PageWindow,
};
pub use trace::{Trace, TraceFormat};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
mod tests;
