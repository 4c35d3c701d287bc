//! Checks whether a response may be read.

use super::{LoadError, Response};
use crate::origin::Origin;

/// Whether a response has another origin than the client. The response of a `data:` URL does not.
pub(crate) fn is_cross_origin(origin: &Origin, response: &Response) -> bool {
    let local = matches!(response.url.scheme(), "data" | "blob" | "about");
    let same = || Origin::of_url(&response.url).is_some_and(|other| origin.same_origin(&other));
    !local && !same()
}

/// [CORS check](https://fetch.spec.whatwg.org/#cors-check) of a response without credentials, for a
/// client of this origin. A response of the same origin needs no check.
pub(crate) fn cors_check(origin: &Origin, response: &Response) -> Result<(), LoadError> {
    let allowed = || {
        let allowed = response.header("access-control-allow-origin");
        allowed.is_some_and(|allowed| allowed == "*" || allowed == origin.to_string())
    };
    if !is_cross_origin(origin, response) || allowed() {
        return Ok(());
    }
    Err(LoadError::Refused {
        url: response.url.to_string(),
        reason: "it has another origin, and its response does not allow this origin",
    })
}
