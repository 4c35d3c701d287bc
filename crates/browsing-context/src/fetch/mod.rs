//! Requests and responses ([Fetch](https://fetch.spec.whatwg.org/)), as far as documents, scripts
//! and workers need them, and how a response's bytes become text.
//!
//! This crate never fetches: it requests with [`Effect::Fetch`](crate::Effect::Fetch), and the embedder responds with
//! [`Contexts::respond`](crate::Contexts::respond). The fetches of scripts are state machines of their own:
//! [`Contexts::begin_fetch`](crate::Contexts::begin_fetch) creates a [`Fetching`].

mod bad_ports;
mod cors;
mod csp;
mod decode;
mod error;
mod fetching;
mod filtered;
pub mod headers;
mod integrity;
mod mime;
mod modes;
mod policies;
mod policy_container;
mod referrer;
mod request;
mod response;

pub(crate) use bad_ports::has_bad_port;
pub use cors::passes_cors_check;
pub(crate) use cors::{cors_check, is_cross_origin};
pub(crate) use csp::{CspList, ScriptSource};
pub use decode::decode_text;
pub(crate) use decode::{decode, decode_script};
pub use error::LoadError;
pub use fetching::{FetchStep, Fetching, Request};
pub use filtered::{
    FilteredResponse, ResponseTainting, ResponseType, is_null_body_status, is_redirect_status,
};
pub use integrity::bytes_match_integrity;
pub(crate) use mime::{DocumentType, MimeType, is_javascript, is_json};
pub use modes::{CacheMode, CredentialsMode, RedirectMode, Referrer, RequestMode};
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
