//! Dynamic markup insertion
//! ([HTML, dynamic markup insertion](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html)).

use boa_engine::Context;
use framepost_browsing_context::{DocumentKind, DocumentProperties, about_blank};
use markup5ever_rcdom::Handle as Node;

use super::markup_insertion::{
    create_contextual_fragment, document_close, document_open, document_write, inner_html,
    insert_adjacent_html, open_window, outer_html, set_html_unsafe, set_inner_html, set_outer_html,
};
use crate::script::with_contexts;
use crate::webidl::interface;

interface! {
    /// The methods of `Document` that write markup.
    partial interface Document(Node) {
        [CEReactions] Document open(optional DOMString unused1, optional DOMString unused2) = document_open;
        WindowProxy? open(USVString url, DOMString name, DOMString features) = open_window;
        [CEReactions] undefined close() = document_close;
        [CEReactions] undefined write(DOMString... text) = |document: &Node, text: Vec<String>, cx| {
            document_write(document, &text, "", cx)
        };
        [CEReactions] undefined writeln(DOMString... text) = |document: &Node, text: Vec<String>, cx| {
            document_write(document, &text, "\n", cx)
        };
        static Document parseHTMLUnsafe(DOMString html) = parse_html_unsafe;
    }

    /// The markup of elements.
    partial interface Element(Node) {
        [CEReactions] attribute [LegacyNullToEmptyString] DOMString innerHTML = inner_html, set_inner_html;
        [CEReactions] attribute [LegacyNullToEmptyString] DOMString outerHTML = outer_html, set_outer_html;
        [CEReactions] undefined insertAdjacentHTML(DOMString position, DOMString string);
        [CEReactions] undefined setHTMLUnsafe(DOMString html, optional SetHTMLUnsafeOptions options = {});
    }

    /// The markup of shadow trees.
    partial interface ShadowRoot(Node) {
        [CEReactions] attribute [LegacyNullToEmptyString] DOMString innerHTML = inner_html, set_inner_html;
        [CEReactions] undefined setHTMLUnsafe(DOMString html, optional SetHTMLUnsafeOptions options = {});
    }

    /// The method of `Range` that parses markup.
    partial interface Range(RangeData) {
        [CEReactions, NewObject] DocumentFragment createContextualFragment(DOMString string);
    }

    /// The options of `setHTMLUnsafe()`. `runScripts` is Chromium's, which WPT tests.
    dictionary SetHTMLUnsafeOptions {
        boolean runScripts = false;
    }
}

/// [`parseHTMLUnsafe()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-parsehtmlunsafe)
// NOT YET: trusted types, and the option `sanitizer`.
fn parse_html_unsafe(html: &str, cx: &mut Context) -> Node {
    // 2. and 3. The document allows declarative shadow roots.
    let properties = DocumentProperties::new(about_blank(), DocumentKind::Html, "text/html");
    // 4. and 5. Parse the string.
    with_contexts(cx, |contexts| {
        contexts.parse_html_with_shadow_roots(html, properties)
    })
}
