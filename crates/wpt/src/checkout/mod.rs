//! Serves a checkout of [web-platform-tests](https://web-platform-tests.org/) without a network, and lists
//! its tests.
//!
//! This module runs no page. It serves no handlers in Python and no protocols other than HTTP. Such a request goes to
//! the server of the checkout, if it runs; otherwise it is refused and recorded, so that the test counts as skipped
//! and not as failed.

mod generated;
pub(crate) mod hosts;
mod loader;
mod manifest;
mod meta;
mod pipe;
mod server;
mod substitute;

pub use loader::{Handlers, Refusals, WptLoader};
pub use manifest::{ManifestError, Test, tests};
pub use meta::PageMeta;
pub(crate) use server::NEEDS_PYTHON;

/// Whether the server of a checkout answers at the origin of this URL.
#[must_use]
pub fn is_served(url: &url::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default()
        .is_some_and(|port| hosts::is_served(url.scheme(), host, port))
}
