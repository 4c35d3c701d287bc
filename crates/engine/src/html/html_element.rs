//! `HTMLElement` ([HTML, elements in the DOM](https://html.spec.whatwg.org/multipage/dom.html#htmlelement)).

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::event_dispatch as target;
use crate::dom::event_dispatch::Target;
use crate::dom::tree;
use crate::webidl::convert::{dom_string_null_empty, js_str};
use crate::webidl::exception::OrThrow;
use crate::webidl::platform;
use crate::webidl::{Interface, Member};

use super::event_handlers;
use crate::dom::element::ELEMENT;
use crate::dom::reflect;
use crate::uievents::ui_events as events_ui;

/// The `HTMLElement` interface.
pub(crate) static HTML_ELEMENT: Interface = Interface {
    parent: Some(&ELEMENT),
    members: &[
        &[
            reflect::string("title", "title"),
            reflect::string("lang", "lang"),
            reflect::string("dir", "dir"),
            super::dataset::DATASET,
            crate::cssom::STYLE,
            reflect::boolean("hidden", "hidden"),
            reflect::boolean("inert", "inert"),
            reflect::string("accessKey", "accesskey"),
            reflect::string("nonce", "nonce"),
            reflect::boolean("autofocus", "autofocus"),
            Member::Attribute(
                "tabIndex",
                tab_index,
                Some(|this, value, ctx| {
                    let value = crate::webidl::convert::long(value, ctx)?;
                    tree::set_attribute(
                        ctx,
                        &wrappers::node(this)?,
                        "tabindex",
                        &value.to_string(),
                    );
                    Ok(())
                }),
            ),
            Member::Attribute("innerText", inner_text, Some(set_inner_text)),
            Member::Attribute("outerText", inner_text, None),
            Member::Operation("click", 0, click),
            // Nothing has the focus here, so that there is nothing to move.
            Member::Operation("focus", 0, |_, _, _| Ok(JsValue::undefined())),
            Member::Operation("blur", 0, |_, _, _| Ok(JsValue::undefined())),
        ],
        event_handlers::GLOBAL,
    ],
    ..Interface::new("HTMLElement")
};

/// The `HTMLUnknownElement` interface.
pub(crate) static HTML_UNKNOWN_ELEMENT: Interface = Interface {
    parent: Some(&HTML_ELEMENT),
    ..Interface::new("HTMLUnknownElement")
};

fn tab_index(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let given = dom::attribute(&node, "tabindex").and_then(|text| reflect::parse_integer(&text));
    let focusable = [
        "a", "area", "button", "frame", "iframe", "input", "object", "select", "textarea",
    ]
    .iter()
    .any(|name| dom::is_html_element(&node, name));
    let default = if focusable { 0 } else { -1 };
    Ok(given
        .and_then(|number| i32::try_from(number).ok())
        .unwrap_or(default)
        .into())
}

/// [`innerText`](https://html.spec.whatwg.org/multipage/dom.html#dom-innertext)
///
/// NOT YET: nothing is rendered, so this is the text content, without what is never shown.
fn inner_text(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    const HIDDEN: &[&str] = &["script", "style", "template", "noscript", "head", "title"];
    let top = wrappers::node(this)?;
    let mut text = String::new();
    let mut stack = vec![top];
    let mut first = true;
    while let Some(node) = stack.pop() {
        let hidden = HIDDEN.iter().any(|name| dom::is_html_element(&node, name));
        if hidden && !first {
            continue;
        }
        first = false;
        if dom::is_html_element(&node, "br") {
            text.push('\n');
        }
        if let Some(data) = dom::text(&node) {
            text.push_str(&data);
        }
        stack.extend(node.children.borrow().iter().rev().cloned());
    }
    Ok(js_str(text))
}

/// [`innerText`'s setter](https://html.spec.whatwg.org/multipage/dom.html#dom-innertext)
fn set_inner_text(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let text = dom_string_null_empty(value, ctx)?;
    let element = wrappers::node(this)?;
    // https://html.spec.whatwg.org/multipage/dom.html#rendered-text-fragment
    let fragment = dom::create_document_fragment();
    tree::adopt(ctx, &fragment, &element);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            let br = dom::create_element("br").or_throw(ctx)?;
            append(ctx, &fragment, &br)?;
        }
        if !line.is_empty() {
            append(ctx, &fragment, &dom::create_text(line))?;
        }
    }
    tree::replace_all(ctx, &element, Some(&fragment));
    Ok(())
}

fn append(ctx: &mut Context, fragment: &Node, node: &Node) -> JsResult<()> {
    tree::adopt(ctx, node, fragment);
    tree::insert(ctx, fragment, node, None)
}

/// [`click()`](https://html.spec.whatwg.org/multipage/interaction.html#dom-click)
fn click(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    synthetic_click(ctx, &node, false);
    Ok(JsValue::undefined())
}

/// The [click in progress flag](https://html.spec.whatwg.org/multipage/interaction.html#click-in-progress-flag):
/// a companion that is there while it is set.
const CLICK_IN_PROGRESS: &str = "click in progress";

/// [Fire a synthetic pointer event](https://html.spec.whatwg.org/multipage/webappapis.html#fire-a-synthetic-pointer-event)
/// named `click`, unless the element is disabled or in the middle of one.
pub(crate) fn synthetic_click(ctx: &mut Context, node: &Node, trusted: bool) {
    if super::forms::is_disabled(node) {
        return;
    }
    let object = crate::dom::node::wrap(ctx, node);
    if platform::held_companion(&object, CLICK_IN_PROGRESS).is_some() {
        return;
    }
    platform::hold_companion(&object, CLICK_IN_PROGRESS, object.clone());
    let window = crate::dom::node::window_of(ctx, node);
    let of = events_ui::click(ctx, window);
    let event = crate::dom::event::create_trusted(ctx, window, "click", true, true, of);
    let _written = crate::dom::event::write(&event, |event| {
        event.trusted = trusted;
        event.composed = true;
    });
    let _not_canceled = target::dispatch(ctx, &event, &Target::Node(node.clone()), None);
    platform::drop_companion(&object, CLICK_IN_PROGRESS);
}

/// A string attribute of an element, in lower case.
pub(crate) fn keyword(node: &Node, attribute: &str) -> String {
    dom::attribute(node, attribute)
        .unwrap_or_default()
        .to_ascii_lowercase()
}
