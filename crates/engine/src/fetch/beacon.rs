//! `navigator.sendBeacon()` ([Beacon](https://w3c.github.io/beacon/)).

use std::sync::Arc;

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::fetch::headers::is_cors_safelisted_request_header;
use framepost_browsing_context::fetch::{CredentialsMode, Request, RequestMode};

use super::bodies::extract;
use super::body::BodyInit;
use super::calls::{self, Caller};
use super::requests::{RequestParts, parse_url};
use crate::boa::errors::type_error;
use crate::webidl::platform;

/// The number of bytes that a beacon may have.
const LIMIT: usize = 64 << 10;

/// [sendBeacon()](https://w3c.github.io/beacon/#sendbeacon-method)
pub(super) fn send_beacon(
    navigator: &JsObject,
    url: &str,
    data: Option<BodyInit>,
    cx: &mut Context,
) -> JsResult<bool> {
    // 1. and 2. Take the base URL and the origin of the window.
    // 3. The URL has to be one of http or https.
    let url = parse_url(url, cx)?;
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!("a beacon can only be sent over http and https, not to {url}");
        return Err(type_error(message));
    }
    // 4. to 6. Extract the body, which has a limit. Its type decides on the mode.
    let mut request = Request::new(url);
    request.mode = RequestMode::NoCors;
    if let Some(data) = data {
        let (mut body, content_type) = extract(data, cx)?;
        let bytes = body.take()?.bytes().to_vec();
        if bytes.len() > LIMIT {
            return Ok(false);
        }
        if let Some(content_type) = content_type {
            if !is_cors_safelisted_request_header("content-type", &content_type) {
                request.mode = RequestMode::Cors;
            }
            request
                .headers
                .push(("Content-Type".to_owned(), content_type));
        }
        request.body = Some(Arc::new(bytes));
    }
    // 7. Send it. The page never learns of the response.
    request.method = "POST".to_owned();
    request.keepalive = true;
    request.credentials = CredentialsMode::Include;
    let parts = RequestParts {
        request,
        blob: None,
    };
    let started = platform::relevant_global(navigator)
        .and_then(|global| calls::start(cx, global, parts, Caller::Nobody));
    Ok(started.is_some())
}
