//! The cookies of loads, and the clock of cookies.

use core::time::Duration;

use boa_engine::Context;
use framepost_browsing_context::cookies::{CookieContext, CookieError, CookieInit};
use framepost_browsing_context::{FetchRequest, Response};

use super::changes;
use crate::script::{with_contexts, with_loop};

/// The name of the header. Script cannot set it.
const COOKIE: &str = "cookie";

/// The time of the page, since the Unix epoch.
pub(super) fn now(cx: &Context) -> Duration {
    with_loop(cx, |event_loop| {
        event_loop
            .time_origin()
            .saturating_add(event_loop.peek_now())
    })
}

/// Stores the cookie of a `Set-Cookie` header or a similar text.
pub(super) fn set_cookie(cx: &Context, context: &CookieContext, header: &str) -> bool {
    let now = now(cx);
    let set = with_contexts(cx, |contexts| {
        contexts.cookies_mut().set_cookie(context, header, now)
    });
    changes::queue_changes(cx);
    set
}

/// Sets a cookie by its parts.
pub(super) fn set_a_cookie(
    cx: &Context,
    context: &CookieContext,
    init: &CookieInit,
) -> Result<(), CookieError> {
    let now = now(cx);
    let set = with_contexts(cx, |contexts| {
        contexts.cookies_mut().set_a_cookie(context, init, now)
    });
    changes::queue_changes(cx);
    set
}

/// Adds the cookies to a request with credentials.
pub(crate) fn attach(cx: &Context, request: &mut FetchRequest) {
    // A redirect has the cookies of the request before it.
    request.headers.retain(|(name, _)| name != COOKIE);
    let is_empty = with_contexts(cx, |contexts| contexts.cookies().is_empty());
    if is_empty || !request.includes_credentials {
        return;
    }
    let now = now(cx);
    let cookies = with_contexts(cx, |contexts| {
        let context = contexts.cookie_context_of_request(request)?;
        Some(contexts.cookies().cookie_string(&context, now))
    });
    if let Some(cookies) = cookies.filter(|cookies| !cookies.is_empty()) {
        request.headers.push((COOKIE.to_owned(), cookies));
    }
}

/// Stores the cookies of a response.
pub(crate) fn receive(cx: &Context, request: &FetchRequest, response: &Response) {
    if !request.includes_credentials {
        return;
    }
    let headers = response.headers.iter();
    let mut cookies = headers.filter(|(name, _)| name == "set-cookie").peekable();
    if cookies.peek().is_none() {
        return;
    }
    let context = with_contexts(cx, |contexts| contexts.cookie_context_of_request(request));
    if let Some(context) = context {
        for (_, header) in cookies {
            set_cookie(cx, &context, header);
        }
    }
}
