//! Checks whether a response may be read ([Fetch, CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol)).

use super::headers::{self, HeaderList};
use super::{CredentialsMode, LoadError, Response};
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
    let credentials = CredentialsMode::SameOrigin;
    if !is_cross_origin(origin, response)
        || passes_cors_check(&origin.to_string(), credentials, &response.headers)
    {
        return Ok(());
    }
    Err(LoadError::Refused {
        url: response.url.to_string(),
        reason: NOT_ALLOWED,
    })
}

/// The reason of a failed check.
pub(super) const NOT_ALLOWED: &str =
    "it has another origin, and its response does not allow this origin";

/// [CORS check](https://fetch.spec.whatwg.org/#cors-check) of the headers of a response, for a request with this
/// serialized origin.
#[must_use]
pub fn passes_cors_check(
    origin: &str,
    credentials: CredentialsMode,
    headers: &[(String, String)],
) -> bool {
    // 1. and 2. Without the header it fails.
    let Some(allowed) = headers::get(headers, "access-control-allow-origin") else {
        return false;
    };
    // 3. A star allows all origins, but no credentials.
    if credentials != CredentialsMode::Include && allowed == "*" {
        return true;
    }
    // 4. Otherwise the origins have to be the same.
    if allowed != origin {
        return false;
    }
    // 5. to 8. Credentials have to be allowed.
    credentials != CredentialsMode::Include
        || headers::get(headers, "access-control-allow-credentials").as_deref() == Some("true")
}

/// The headers that a [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request) has for a
/// request with this method and these headers: steps 2 to 5 of
/// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch).
pub(super) fn preflight_headers(method: &str, headers: &[(String, String)]) -> HeaderList {
    // 2. and 3. Accept any type, and name the method.
    let mut list = vec![
        ("accept".to_owned(), "*/*".to_owned()),
        (
            "access-control-request-method".to_owned(),
            method.to_owned(),
        ),
    ];
    // 4. and 5. Name the unsafe headers.
    let names = headers::cors_unsafe_request_header_names(headers);
    if !names.is_empty() {
        list.push(("access-control-request-headers".to_owned(), names.join(",")));
    }
    list
}

/// Whether the response to a preflight allows a request with this method and these headers: step 7 of
/// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch), after the CORS check.
///
/// # Errors
/// What the response does not allow.
// NOT YET: 7.8. to 7.14. The CORS-preflight cache.
pub(super) fn check_preflight(
    response: &Response,
    method: &str,
    headers: &[(String, String)],
    credentials: CredentialsMode,
    forces_preflight: bool,
) -> Result<(), &'static str> {
    if !(200..300).contains(&response.status) {
        return Err("the response to its CORS preflight has an error status");
    }
    let malformed = |()| "the response to its CORS preflight is malformed";
    // 7.1. and 7.2. Extract the methods and the header names.
    // 7.3. Both have to be well-formed.
    let list = |name| headers::tokens(&response.headers, name).transpose();
    let methods = list("access-control-allow-methods").map_err(malformed)?;
    let names = list("access-control-allow-headers").map_err(malformed)?;
    // 7.4. A forced preflight allows the method by itself.
    let methods = methods.unwrap_or_else(|| match forces_preflight {
        true => vec![method.to_owned()],
        false => Vec::new(),
    });
    let names = names.unwrap_or_default();
    let takes_star = credentials != CredentialsMode::Include;
    // 7.5. The method has to be safe or allowed.
    let star = |list: &[String]| takes_star && list.iter().any(|held| held == "*");
    if !methods.iter().any(|held| held == method)
        && !headers::is_cors_safelisted_method(method)
        && !star(&methods)
    {
        return Err("its CORS preflight does not allow the method");
    }
    let allows = |name: &str| names.iter().any(|held| held.eq_ignore_ascii_case(name));
    // 7.6. A star does not allow the header Authorization.
    if headers::contains(headers, "authorization") && !allows("authorization") {
        return Err("its CORS preflight does not allow the header authorization");
    }
    // 7.7. All unsafe headers have to be allowed.
    let unsafe_names = headers::cors_unsafe_request_header_names(headers);
    if unsafe_names
        .iter()
        .any(|name| !allows(name) && !star(&names))
    {
        return Err("its CORS preflight does not allow its headers");
    }
    Ok(())
}
