//! [XMLHttpRequest](https://xhr.spec.whatwg.org/), over the fetches of scripts.
//!
//! A response arrives whole, so there is one event `progress` for it. `FormData` is in the room of HTML's forms, and
//! `ProgressEvent` in that of the File API.

pub(crate) mod interfaces;
mod response;
mod sending;
mod state;
