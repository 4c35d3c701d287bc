//! `HTMLElement` ([HTML, elements in the DOM](https://html.spec.whatwg.org/multipage/dom.html#htmlelement)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::activation::synthetic_click;
use super::dataset::dataset;
use super::event_handlers::GLOBAL_EVENT_HANDLERS;
use super::inner_text::{inner_text, set_inner_text};
use crate::cssom::ELEMENT_CSS_INLINE_STYLE;
use crate::dom::element::ELEMENT;
use crate::dom::reflect;
use crate::webidl::interface;

interface! {
    /// The `HTMLElement` interface.
    [Exposed=Window]
    interface HTMLElement(Node) : Element {
        [Reflect] attribute DOMString title;
        [Reflect] attribute DOMString lang;
        [Reflect] attribute DOMString dir;
        [SameObject] readonly attribute DOMStringMap dataset;
        [Reflect] attribute boolean hidden;
        [Reflect] attribute boolean inert;
        [Reflect] attribute DOMString accessKey;
        [Reflect] attribute DOMString nonce;
        [Reflect] attribute boolean autofocus;
        [ReflectSetter] attribute long tabIndex;
        attribute [LegacyNullToEmptyString] DOMString innerText;
        // NOT YET: setting it.
        readonly attribute DOMString outerText = inner_text;
        undefined click() = |element: &Node, cx| synthetic_click(element, false, cx);
        // Nothing has the focus here, so that there is nothing to move.
        undefined focus() = || ();
        undefined blur() = || ();
    }
    HTMLElement includes ElementCSSInlineStyle;
    HTMLElement includes GlobalEventHandlers;

    /// The `HTMLUnknownElement` interface.
    [Exposed=Window]
    interface HTMLUnknownElement(Node) : HTMLElement {}
}

/// [`tabIndex`](https://html.spec.whatwg.org/multipage/interaction.html#dom-tabindex)
fn tab_index(element: &Node, _: &mut Context) -> i32 {
    const FOCUSABLE: &[&str] = &[
        "a", "area", "button", "frame", "iframe", "input", "object", "select", "textarea",
    ];
    let given = dom::attribute(element, "tabindex");
    given
        .and_then(|text| reflect::parse_integer(&text))
        .and_then(|number| i32::try_from(number).ok())
        .unwrap_or(if dom::is_one_of(element, FOCUSABLE) {
            0
        } else {
            -1
        })
}
