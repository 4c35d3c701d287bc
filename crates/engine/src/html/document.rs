//! The members that HTML adds to `Document`
//! ([HTML, the Document object](https://html.spec.whatwg.org/multipage/dom.html#the-document-object)).

use boa_engine::object::builtins::JsDate;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};
use framepost_browsing_context::{Document as ShownDocument, DomError, Origin, ReadyState};
use framepost_event_loop::GlobalId;
use markup5ever_rcdom::Handle as Node;

use super::all_collection;
use super::tree_accessors::{body_of, head_of, set_body, set_title, title};
use crate::dom::collections;
use crate::dom::document::read;
use crate::html::event_handler_mixins::GLOBAL_EVENT_HANDLERS;
use crate::html::html_element::HTMLElement;
use crate::html::location;
use crate::script::{realm, with_contexts};
use crate::webidl::exception::OrThrow;
use crate::webidl::interface;

interface! {
    /// The members that HTML adds to `Document`, except [dynamic markup](super::dynamic_markup).
    partial interface Document(Node) {
        [PutForwards=href, LegacyUnforgeable] readonly attribute Location? location;
        attribute USVString domain;
        readonly attribute USVString referrer = |document: &Node, cx| {
            read(document, cx, |document| document.referrer().to_owned()).unwrap_or_default()
        };
        readonly attribute DOMString lastModified;
        readonly attribute DocumentReadyState readyState = ready_state;
        [SameObject] readonly attribute HTMLAllCollection all = all_collection::all;

        [CEReactions] attribute DOMString title = |document| title(document), set_title;
        [CEReactions] attribute HTMLElement? body = |document| body_of(document), set_body;
        readonly attribute HTMLHeadElement? head = |document| head_of(document);
        [SameObject] readonly attribute HTMLCollection images = |document, cx| collections::of_node(document, "images", cx);
        [SameObject] readonly attribute HTMLCollection embeds = |document, cx| collections::of_node(document, "embeds", cx);
        [SameObject] readonly attribute HTMLCollection plugins = |document, cx| collections::of_node(document, "plugins", cx);
        [SameObject] readonly attribute HTMLCollection links = |document, cx| collections::of_node(document, "links", cx);
        [SameObject] readonly attribute HTMLCollection forms = |document, cx| collections::of_node(document, "forms", cx);
        [SameObject] readonly attribute HTMLCollection scripts = |document, cx| collections::of_node(document, "scripts", cx);
        readonly attribute HTMLScriptElement? currentScript;

        readonly attribute WindowProxy? defaultView;
        readonly attribute boolean hidden = is_hidden;
        readonly attribute DocumentVisibilityState visibilityState = |document: &Node, cx| {
            if is_hidden(document, cx) { "hidden" } else { "visible" }
        };
        // Every window has the focus.
        boolean hasFocus() = |document: &Node, cx| active_window(document, cx).is_some();
        // No element is focused, so the body is active.
        readonly attribute Element? activeElement = |document| body_of(document);

        [LegacyLenientThis] attribute EventHandler onreadystatechange;
        attribute EventHandler onvisibilitychange;
    }
    Document includes GlobalEventHandlers;

    /// The event handler of `AbortSignal`, which the DOM standard declares with HTML's type.
    partial interface AbortSignal {
        attribute EventHandler onabort;
    }

    /// The event handler of `ShadowRoot`, which the DOM standard declares with HTML's type, and the members that HTML
    /// adds.
    partial interface ShadowRoot {
        // No element is focused.
        readonly attribute Element? activeElement = || None::<JsObject>;
        attribute EventHandler onslotchange;
    }
}

/// The window of the document, while the document is fully active.
fn active_window(document: &Node, cx: &Context) -> Option<GlobalId> {
    with_contexts(cx, |contexts| {
        let id = contexts.connected_document(document)?;
        let is_active = contexts.is_fully_active(id);
        contexts
            .document(id)
            .filter(|_| is_active)
            .map(ShownDocument::window)
    })
}

/// [`hidden`](https://html.spec.whatwg.org/multipage/interaction.html#dom-document-hidden)
///
/// A document that no navigable shows is hidden.
fn is_hidden(document: &Node, cx: &mut Context) -> bool {
    with_contexts(cx, |contexts| {
        let shown = contexts.connected_document(document);
        shown.is_none_or(|document| contexts.is_hidden(document))
    })
}

/// [`location`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-document-location)
fn location(document: &Node, cx: &mut Context) -> Option<JsObject> {
    let window = active_window(document, cx)?;
    Some(location::of_window(window, cx))
}

/// [`defaultView`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-document-defaultview)
fn default_view(document: &Node, cx: &mut Context) -> Option<JsValue> {
    let window = active_window(document, cx)?;
    Some(realm::window_value(cx, window))
}

/// [`readyState`](https://html.spec.whatwg.org/multipage/dom.html#dom-document-readystate)
fn ready_state(document: &Node, cx: &mut Context) -> &'static str {
    let state = with_contexts(cx, |contexts| {
        contexts.ready_state(contexts.connected_document(document)?)
    });
    state.unwrap_or(ReadyState::Complete).as_str()
}

/// [`lastModified`](https://html.spec.whatwg.org/multipage/dom.html#dom-document-lastmodified)
fn last_modified(document: &Node, cx: &mut Context) -> JsResult<String> {
    let header = read(document, cx, |document| {
        document.last_modified().map(JsString::from)
    });
    let date = JsDate::new(cx);
    // Without a time of the last modification it is the current time.
    if let Some(header) = header.flatten() {
        let time = JsDate::parse(header.into(), cx)?;
        if time.as_number().is_some_and(f64::is_finite) {
            date.set_time(time, cx)?;
        }
    }
    let mut number =
        |get: fn(&JsDate, &mut Context) -> JsResult<JsValue>| get(&date, cx)?.to_u32(cx);
    Ok(format!(
        "{:02}/{:02}/{:04} {:02}:{:02}:{:02}",
        number(JsDate::get_month)? + 1,
        number(JsDate::get_date)?,
        number(JsDate::get_full_year)?,
        number(JsDate::get_hours)?,
        number(JsDate::get_minutes)?,
        number(JsDate::get_seconds)?
    ))
}

/// [`currentScript`](https://html.spec.whatwg.org/multipage/dom.html#dom-document-currentscript)
fn current_script(document: &Node, cx: &mut Context) -> Option<Node> {
    with_contexts(cx, |contexts| {
        let document = contexts.connected_document(document)?;
        contexts.current_script(document).cloned()
    })
}

/// [`domain`](https://html.spec.whatwg.org/multipage/browsers.html#dom-document-domain)
fn domain(document: &Node, cx: &mut Context) -> String {
    // 1. Take the effective domain of the origin.
    let origin = with_contexts(cx, |contexts| contexts.origin_of_document(document));
    let domain = origin.as_ref().and_then(Origin::effective_domain);
    // 2. and 3. Return it, or the empty string if there is none.
    domain.map(ToString::to_string).unwrap_or_default()
}

/// [`domain`'s setter](https://html.spec.whatwg.org/multipage/browsers.html#dom-document-domain)
fn set_domain(document: &Node, domain: &str, cx: &mut Context) -> JsResult<()> {
    let set = with_contexts(cx, |contexts| {
        // 1. Refuse a document without a browsing context.
        let Some(document) = contexts.connected_document(document) else {
            return Err(DomError::Security {
                reason: "a document without a window has no domain to set".to_owned(),
            });
        };
        // 2. to 6. Check the domain, and set it.
        contexts.set_document_domain(document, domain)
    });
    set.or_throw(cx)?;
    // Windows that could access each other may have lost this access.
    crate::windows::window_proxy::guard(cx)
}
