//! Origins, sandboxes and special URLs
//! ([HTML, loading web pages](https://html.spec.whatwg.org/multipage/browsers.html)).

mod sandbox;
mod site;
mod storage_key;
mod trustworthy;
mod tuple;
mod urls;

pub use sandbox::{SandboxFlags, parse_a_sandboxing_directive};
pub use site::Site;
pub(crate) use site::public_suffix;
pub use storage_key::{InvalidStorageKey, StorageKey};
pub(crate) use trustworthy::{is_origin_potentially_trustworthy, is_potentially_trustworthy};
pub use tuple::{OpaqueOrigin, Origin, SerializedOrigin, TupleOrigin};
pub use urls::{
    about_blank, about_srcdoc, equals_excluding_fragments, matches_about_blank,
    matches_about_srcdoc,
};
pub(crate) use urls::{has_local_scheme, is_fetch_scheme, needs_no_fetch};
