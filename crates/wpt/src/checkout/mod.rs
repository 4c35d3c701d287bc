//! Tests of [web-platform-tests](https://web-platform-tests.org/), loaded from a checkout without a
//! network: what its own server would answer, and which tests there are.
//!
//! Nothing here runs a page. Handlers written in Python, and protocols other than HTTP, are not
//! served: who asks for one is refused, and the refusal is noted, so that a test that needs one is
//! not mistaken for one that fails.

mod generated;
mod hosts;
mod loader;
mod manifest;
mod meta;
mod pipe;
mod server;
mod substitute;

pub use loader::{Refusals, WptLoader};
pub use manifest::{ManifestError, Test, tests};
pub use meta::PageMeta;

/// Whether somebody answers at the origin of this URL when a checkout is served.
#[must_use]
pub fn is_served(url: &url::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default()
        .is_some_and(|port| hosts::is_served(url.scheme(), host, port))
}
