//! Dynamic markup insertion
//! ([HTML, dynamic markup insertion](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html)).

use markup5ever_rcdom::Handle as Node;

use super::markup_insertion::{
    document_close, document_open, document_write, inner_html, insert_adjacent_html, open_window,
    outer_html, set_inner_html, set_outer_html,
};
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
    }

    /// The markup of elements.
    partial interface Element(Node) {
        [CEReactions] attribute [LegacyNullToEmptyString] DOMString innerHTML = inner_html, set_inner_html;
        [CEReactions] attribute [LegacyNullToEmptyString] DOMString outerHTML = outer_html, set_outer_html;
        [CEReactions] undefined insertAdjacentHTML(DOMString position, DOMString string);
    }

    /// The markup of shadow trees.
    partial interface ShadowRoot(Node) {
        [CEReactions] attribute [LegacyNullToEmptyString] DOMString innerHTML = inner_html, set_inner_html;
    }
}
