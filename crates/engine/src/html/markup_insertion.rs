//! Inserting markup while a page runs
//! ([HTML, dynamic markup insertion](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html)).

use boa_engine::{Context, JsResult, JsValue};
use framepost_browsing_context::FragmentScripts;
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use framepost_event_loop::ClientId;
use markup5ever_rcdom::Handle as Node;

use crate::dom::elements::{bad_position, insert_adjacent};
use crate::dom::ranges::RangeData;
use crate::dom::tree;
use crate::html::dynamic_markup::SetHTMLUnsafeOptions;
use crate::html::{window_open, xml_serialization};
use crate::script::{realm, run_steps, with_contexts};
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;

/// The document, if a navigable shows it, and the document of the entry settings object.
fn open_documents(document: &Node, cx: &Context) -> Option<(ClientId, ClientId)> {
    let entry = realm::entry(cx);
    with_contexts(cx, |contexts| {
        let document = contexts.connected_document(document)?;
        Some((document, contexts.window(entry?)?.document()))
    })
}

/// [`open()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-open)
pub(super) fn document_open(
    document: &Node,
    _: Option<&str>,
    _: Option<&str>,
    cx: &mut Context,
) -> JsResult<Node> {
    refuse_xml(document, cx)?;
    if let Some((id, entry)) = open_documents(document, cx) {
        let steps = with_contexts(cx, |contexts| contexts.document_open(id, entry));
        let steps = steps.or_throw(cx)?;
        run_steps(cx, steps);
    }
    Ok(document.clone())
}

/// [`open()` of a window](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-open-window)
pub(super) fn open_window(
    document: &Node,
    url: &str,
    name: &str,
    features: &str,
    cx: &mut Context,
) -> JsResult<JsValue> {
    // 1. Refuse a document that is not fully active.
    let window = with_contexts(cx, |contexts| {
        let id = contexts.connected_document(document);
        let active = id.filter(|id| contexts.is_fully_active(*id))?;
        Some(contexts.document(active)?.window())
    });
    let Some(window) = window else {
        let message = "The document is not shown by a window.";
        return Err(exception::throw("InvalidAccessError", message, cx));
    };
    // 2. Run the window open steps.
    window_open::window_open_steps(window, url, name, features, cx)
}

/// [`close()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-close)
pub(super) fn document_close(document: &Node, cx: &mut Context) -> JsResult<()> {
    // 1. Refuse an XML document.
    refuse_xml(document, cx)?;
    // 3. to 6. End the parser.
    let steps = with_contexts(cx, |contexts| {
        let document = contexts.connected_document(document)?;
        Some(contexts.document_close(document))
    });
    if let Some(steps) = steps {
        run_steps(cx, steps);
    }
    Ok(())
}

/// Throws if this is an XML document, which cannot be written to.
fn refuse_xml(document: &Node, cx: &mut Context) -> JsResult<()> {
    if with_contexts(cx, |contexts| contexts.is_in_html_document(document)) {
        return Ok(());
    }
    let message = "Only HTML documents support this.";
    Err(exception::throw("InvalidStateError", message, cx))
}

/// [The document write steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-write-steps)
pub(super) fn document_write(
    document: &Node,
    text: &[String],
    line_end: &str,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 4. Join the strings.
    let text = text.concat() + line_end;
    // 5. Refuse an XML document.
    refuse_xml(document, cx)?;
    // 6. to 12. Write the string into the input stream.
    if let Some((id, entry)) = open_documents(document, cx) {
        let steps = with_contexts(cx, |contexts| contexts.document_write(id, entry, &text));
        let steps = steps.or_throw(cx)?;
        run_steps(cx, steps);
    }
    Ok(())
}

/// [Fragment parsing algorithm steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#fragment-parsing-algorithm-steps)
fn parse_fragment(cx: &mut Context, context: &Node, markup: &str) -> JsResult<Node> {
    let parsed = with_contexts(cx, |contexts| {
        // 1. In an HTML document, the markup is HTML.
        if contexts.is_in_html_document(context) {
            return Ok(contexts.parse_fragment(context, markup));
        }
        // 2. In an XML document, it is XML.
        contexts.parse_xml_fragment(context, markup)
    });
    parsed.map_err(|message| exception::throw("SyntaxError", &message, cx))
}

/// [Fragment serializing algorithm steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#fragment-serializing-algorithm-steps)
// NOT YET: markup that cannot be serialized as XML is not an error.
fn serialize_fragment(cx: &Context, node: &Node, with_node: bool) -> String {
    let is_html = with_contexts(cx, |contexts| contexts.is_in_html_document(node));
    match (is_html, with_node) {
        (true, false) => dom::serialize_inner(node),
        (true, true) => dom::serialize_outer(node),
        (false, false) => xml_serialization::serialize_inner(node),
        (false, true) => xml_serialization::serialize(node),
    }
}

/// [`innerHTML`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml)
pub(super) fn inner_html(node: &Node, cx: &mut Context) -> String {
    serialize_fragment(cx, node, false)
}

/// [`outerHTML`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-outerhtml)
pub(super) fn outer_html(element: &Node, cx: &mut Context) -> String {
    serialize_fragment(cx, element, true)
}

/// [`innerHTML`'s setter](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml),
/// of elements and of shadow roots.
pub(super) fn set_inner_html(node: &Node, html: &str, cx: &mut Context) -> JsResult<()> {
    // 2. The context is the element, or the shadow root's host.
    let context = match dom::is_shadow_root(node) {
        true => with_contexts(cx, |contexts| contexts.shadow_host(node)),
        false => Some(node.clone()),
    };
    let Some(context) = context else {
        return Ok(());
    };
    // 3. Parse the markup.
    let fragment = parse_fragment(cx, &context, html)?;
    // 4. A template element gets the markup as its contents.
    let contents = with_contexts(cx, |contexts| contexts.template_contents(node));
    let into = contents.unwrap_or_else(|| node.clone());
    // 5. Replace all children with it.
    tree::replace_all(cx, &into, Some(&fragment));
    Ok(())
}

/// [`setHTMLUnsafe()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-sethtmlunsafe)
/// of elements and of shadow roots.
// NOT YET: trusted types, and the option `sanitizer`.
pub(super) fn set_html_unsafe(
    node: &Node,
    html: &str,
    options: &SetHTMLUnsafeOptions,
    cx: &mut Context,
) {
    // 2. A template element gets the markup as its contents.
    let (context, contents) = with_contexts(cx, |contexts| {
        let host = contexts.shadow_host(node);
        let context = host.unwrap_or_else(|| node.clone());
        (context, contexts.template_contents(node))
    });
    let into = contents.unwrap_or_else(|| node.clone());
    let scripts = match options.run_scripts {
        true => FragmentScripts::Run,
        false => FragmentScripts::Inert,
    };
    // 3. Unsafely set HTML: parse the markup as HTML, and replace all children with it.
    let fragment = with_contexts(cx, |contexts| {
        contexts.parse_fragment_unsafely(&context, html, scripts)
    });
    tree::replace_all(cx, &into, Some(&fragment));
}

/// [`outerHTML`'s setter](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-outerhtml)
pub(super) fn set_outer_html(element: &Node, html: &str, cx: &mut Context) -> JsResult<()> {
    // 2. and 3. Without a parent, return.
    let Some(parent) = dom::parent(element) else {
        return Ok(());
    };
    let context = match node_kind(&parent) {
        // 4. Refuse to replace the document element.
        NodeKind::Document => {
            let message = "The document element cannot be replaced by markup.";
            return Err(exception::throw("NoModificationAllowedError", message, cx));
        }
        NodeKind::Element => parent.clone(),
        // 5. In a fragment, parse the markup as in a body.
        _ => body_like(element, cx)?,
    };
    // 6. Parse the markup.
    let fragment = parse_fragment(cx, &context, html)?;
    // 7. Replace the element.
    tree::replace(cx, &parent, &fragment, element)
}

/// [`insertAdjacentHTML()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-insertadjacenthtml)
pub(super) fn insert_adjacent_html(
    element: &Node,
    position: &str,
    html: &str,
    cx: &mut Context,
) -> JsResult<()> {
    // 3. Find the context.
    let context = match position.to_ascii_lowercase().as_str() {
        "beforebegin" | "afterend" => {
            dom::parent(element).filter(|parent| node_kind(parent) != NodeKind::Document)
        }
        "afterbegin" | "beforeend" => Some(element.clone()),
        _ => return Err(bad_position(position, cx)),
    };
    let Some(context) = context else {
        let message = "The element has no parent to insert into.";
        return Err(exception::throw("NoModificationAllowedError", message, cx));
    };
    // 4. In the html element of an HTML document, parse the markup as in a body.
    let is_html = with_contexts(cx, |contexts| contexts.is_in_html_document(&context));
    let context = match is_html && dom::is_html_element(&context, "html") {
        true => body_like(&context, cx)?,
        false => context,
    };
    // 5. Parse the markup.
    let fragment = parse_fragment(cx, &context, html)?;
    // 6. Insert it.
    insert_adjacent(cx, element, position, fragment).map(drop)
}

/// [`createContextualFragment()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-range-createcontextualfragment)
// NOT YET: trusted types.
pub(super) fn create_contextual_fragment(
    range: &RangeData,
    markup: &str,
    cx: &mut Context,
) -> JsResult<Node> {
    // 2. to 4. The context is the element in which the range starts.
    let node = range.start_container();
    let element = match node_kind(&node) {
        NodeKind::Element => Some(node.clone()),
        NodeKind::Text | NodeKind::CdataSection | NodeKind::Comment => {
            dom::parent(&node).filter(dom::is_element)
        }
        _ => None,
    };
    // 5. The html element of an HTML document, and no element, become a body.
    let is_html = with_contexts(cx, |contexts| contexts.is_in_html_document(&node));
    let context = match element {
        Some(element) if !(is_html && dom::is_html_element(&element, "html")) => element,
        _ => body_like(&node, cx)?,
    };
    // 6. and 7. Parse the markup. Its scripts can run.
    let parsed = with_contexts(cx, |contexts| {
        contexts.parse_contextual_fragment(&context, markup)
    });
    // 8. Return the fragment.
    parsed.map_err(|message| exception::throw("SyntaxError", &message, cx))
}

/// A new `body` of the document of a node.
fn body_like(node: &Node, cx: &mut Context) -> JsResult<Node> {
    let body = dom::create_element("body").or_throw(cx)?;
    tree::adopt(cx, &body, node);
    Ok(body)
}
