//! `document.cookie` ([HTML, cookies](https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie)).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::cookies::CookieContext;
use markup5ever_rcdom::Handle as Node;

use super::jar;
use crate::script::with_contexts;
use crate::webidl::exception::OrThrow;
use crate::webidl::interface;

interface! {
    /// The cookies of a document.
    partial interface Document(Node) {
        attribute USVString cookie;
    }
}

/// The context of a document's cookies.
fn context_of(document: &Node, cx: &mut Context) -> JsResult<Option<CookieContext>> {
    let context = with_contexts(cx, |contexts| {
        let document = contexts.connected_document(document);
        document.map_or(Ok(None), |document| {
            contexts.cookie_context_of_document(document)
        })
    });
    context.or_throw(cx)
}

/// [`cookie`](https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie)
fn cookie(document: &Node, cx: &mut Context) -> JsResult<String> {
    // 1. and 2. A document without cookies has the empty string; an opaque origin throws.
    let Some(context) = context_of(document, cx)? else {
        return Ok(String::new());
    };
    // 3. Return the cookie-string for a non-HTTP API.
    let now = jar::now(cx);
    Ok(with_contexts(cx, |contexts| {
        contexts.cookies().cookie_string(&context, now)
    }))
}

/// The setter of `cookie`.
fn set_cookie(document: &Node, text: &str, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. A document without cookies ignores it; an opaque origin throws.
    if let Some(context) = context_of(document, cx)? {
        // 3. Receive a set-cookie-string through a non-HTTP API.
        jar::set_cookie(cx, &context, text);
    }
    Ok(())
}
