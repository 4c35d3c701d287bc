//! `HTMLElement` ([HTML, elements in the DOM](https://html.spec.whatwg.org/multipage/dom.html#htmlelement)).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::activation::synthetic_click;
use super::dataset::dataset;
use super::event_handler_mixins::GLOBAL_EVENT_HANDLERS;
use super::inner_text::{inner_text, set_inner_text};
use crate::cssom::ELEMENT_CSS_INLINE_STYLE;
use crate::dom::element::ELEMENT;
use crate::dom::{reflect, tree};
use crate::webidl::{exception, interface};

interface! {
    /// The `HTMLElement` interface.
    [Exposed=Window]
    interface HTMLElement(Node) : Element {
        [Reflect] attribute DOMString title;
        [Reflect] attribute DOMString lang;
        [ReflectDirection] attribute DOMString dir;
        [ReflectInputMode] attribute DOMString inputMode;
        [ReflectEnterKeyHint] attribute DOMString enterKeyHint;
        attribute boolean translate;
        attribute boolean spellcheck;
        attribute boolean draggable;
        [ReflectSetter] attribute DOMString autocapitalize;
        attribute DOMString contentEditable;
        readonly attribute boolean isContentEditable = |element| is_editable(element);
        [Reflect] attribute boolean hidden;
        [Reflect] attribute boolean inert;
        [Reflect] attribute DOMString accessKey;
        attribute [LegacyNullToEmptyString] DOMString innerText;
        // NOT YET: setting it.
        readonly attribute DOMString outerText = inner_text;
        undefined click() = |element: &Node, cx| synthetic_click(element, false, cx);
    }
    HTMLElement includes HTMLOrSVGElement;
    HTMLElement includes ElementCSSInlineStyle;
    HTMLElement includes GlobalEventHandlers;

    /// The [`HTMLOrSVGElement`](https://html.spec.whatwg.org/multipage/dom.html#htmlorsvgelement) mixin.
    interface mixin HTMLOrSVGElement(Node) {
        [SameObject] readonly attribute DOMStringMap dataset;
        [Reflect] attribute DOMString nonce;
        [Reflect] attribute boolean autofocus;
        [ReflectSetter] attribute long tabIndex;
        // No element has the focus, so these do nothing.
        undefined focus() = || ();
        undefined blur() = || ();
    }

    /// The `HTMLUnknownElement` interface.
    [Exposed=Window]
    interface HTMLUnknownElement(Node) : HTMLElement {}
}

/// [`tabIndex`](https://html.spec.whatwg.org/multipage/interaction.html#dom-tabindex)
pub(crate) fn tab_index(element: &Node, _: &mut Context) -> i32 {
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

/// The first state of an attribute that an inclusive ancestor specifies.
fn inherited(
    element: &Node,
    attribute: &str,
    state: impl Fn(&str) -> Option<bool>,
) -> Option<bool> {
    dom::inclusive_ancestors(element)
        .filter(|node| dom::html_name(node).is_some())
        .find_map(|node| dom::attribute(&node, attribute).and_then(|value| state(&value)))
}

fn set_keyword(element: &Node, attribute: &str, value: bool, words: [&str; 2], cx: &mut Context) {
    let word = if value { words[0] } else { words[1] };
    tree::set_attribute(cx, element, attribute, word);
}

/// [`translate`](https://html.spec.whatwg.org/multipage/dom.html#dom-translate)
fn translate(element: &Node, _: &mut Context) -> bool {
    let state = |value: &str| match value {
        "" => Some(true),
        _ if value.eq_ignore_ascii_case("yes") => Some(true),
        _ if value.eq_ignore_ascii_case("no") => Some(false),
        _ => None,
    };
    inherited(element, "translate", state).unwrap_or(true)
}

fn set_translate(element: &Node, value: bool, cx: &mut Context) {
    set_keyword(element, "translate", value, ["yes", "no"], cx);
}

/// [`spellcheck`](https://html.spec.whatwg.org/multipage/interaction.html#dom-spellcheck)
fn spellcheck(element: &Node, _: &mut Context) -> bool {
    let state = |value: &str| match value {
        "" => Some(true),
        _ if value.eq_ignore_ascii_case("true") => Some(true),
        _ if value.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    };
    inherited(element, "spellcheck", state).unwrap_or(true)
}

fn set_spellcheck(element: &Node, value: bool, cx: &mut Context) {
    set_keyword(element, "spellcheck", value, ["true", "false"], cx);
}

/// [`draggable`](https://html.spec.whatwg.org/multipage/dnd.html#dom-draggable)
fn draggable(element: &Node, _: &mut Context) -> bool {
    match dom::attribute(element, "draggable") {
        Some(value) if value.eq_ignore_ascii_case("true") => true,
        Some(value) if value.eq_ignore_ascii_case("false") => false,
        _ => {
            dom::is_html_element(element, "img")
                || (dom::is_html_element(element, "a") && dom::has_attribute(element, "href"))
        }
    }
}

fn set_draggable(element: &Node, value: bool, cx: &mut Context) {
    set_keyword(element, "draggable", value, ["true", "false"], cx);
}

/// [`autocapitalize`](https://html.spec.whatwg.org/multipage/interaction.html#dom-autocapitalize)
fn autocapitalize(element: &Node, _: &mut Context) -> &'static str {
    let state = |node: &Node| {
        let value = dom::attribute(node, "autocapitalize")?;
        Some(match value.to_ascii_lowercase().as_str() {
            "off" | "none" => "none",
            "words" => "words",
            "characters" => "characters",
            "" => "",
            _ => "sentences",
        })
    };
    state(element).unwrap_or_default()
}

/// [`contentEditable`](https://html.spec.whatwg.org/multipage/interaction.html#dom-contenteditable)
fn content_editable(element: &Node, _: &mut Context) -> &'static str {
    let value = dom::attribute(element, "contenteditable");
    match value.map(|value| value.to_ascii_lowercase()).as_deref() {
        Some("" | "true") => "true",
        Some("false") => "false",
        Some("plaintext-only") => "plaintext-only",
        _ => "inherit",
    }
}

/// Sets [`contentEditable`](https://html.spec.whatwg.org/multipage/interaction.html#dom-contenteditable).
fn set_content_editable(element: &Node, value: &str, cx: &mut Context) -> JsResult<()> {
    match value.to_ascii_lowercase().as_str() {
        "inherit" => tree::remove_attribute(cx, element, "contenteditable"),
        word @ ("true" | "false" | "plaintext-only") => {
            tree::set_attribute(cx, element, "contenteditable", word);
        }
        _ => {
            let message =
                "The value is not one of 'true', 'false', 'plaintext-only' and 'inherit'.";
            return Err(exception::throw("SyntaxError", message, cx));
        }
    }
    Ok(())
}

/// [`isContentEditable`](https://html.spec.whatwg.org/multipage/interaction.html#dom-iscontenteditable)
fn is_editable(element: &Node) -> bool {
    let state = |value: &str| match value.to_ascii_lowercase().as_str() {
        "" | "true" | "plaintext-only" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    inherited(element, "contenteditable", state).unwrap_or(false)
}
