//! Requests and responses ([Fetch](https://fetch.spec.whatwg.org/)), as far as documents, scripts
//! and workers need them, and how a response's bytes become text.
//!
//! This crate never fetches: it requests with [`Effect::Fetch`](crate::Effect::Fetch), and the embedder responds with
//! [`Contexts::respond`](crate::Contexts::respond).

mod cors;
mod csp;
mod decode;
mod error;
mod mime;
mod policies;
mod policy_container;
mod referrer;
mod request;
mod response;

pub(crate) use cors::{cors_check, is_cross_origin};
pub(crate) use csp::{CspList, ScriptSource};
pub(crate) use decode::{decode, decode_script};
pub use error::LoadError;
pub(crate) use mime::{DocumentType, MimeType, is_javascript, is_json};
pub(crate) use policies::{
    frame_options_forbid, has_compatible_embedder_policy, is_attachment, is_blocked_script,
    is_nosniff, isolates,
};
pub(crate) use policy_container::PolicyContainer;
pub use referrer::ReferrerPolicy;
pub use request::{Destination, FetchRequest, PostResource};
pub(crate) use request::{FetchClient, ScriptFetchOptions};
pub use response::Response;

/// The result of a fetch, as an action carries it.
pub(crate) type Answer = Box<Result<Response, LoadError>>;
