//! `HTMLCanvasElement` ([HTML, the canvas element](https://html.spec.whatwg.org/multipage/canvas.html#the-canvas-element)).

use std::sync::Arc;

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::bitmap::Bitmap;
use super::context_2d;
use crate::dom::extensions::AttributeChange;
use crate::dom::reflect::parse_integer;
use crate::dom::tree;
use crate::html::html_element::HTML_ELEMENT;
use crate::script::wrappers;
use crate::webidl::{Interface, interface, platform};

/// The name of the companion with the context of a canvas.
pub(super) const CONTEXT: &str = "2d context";

const DEFAULT_WIDTH: u32 = 300;
const DEFAULT_HEIGHT: u32 = 150;

interface! {
    /// The `HTMLCanvasElement` interface.
    [Exposed=Window]
    interface HTMLCanvasElement(Node) : HTMLElement {
        [CEReactions] attribute unsigned long width = |canvas| size(canvas, "width"),
            |canvas: &Node, value, cx| set_size(canvas, "width", value, cx);
        [CEReactions] attribute unsigned long height = |canvas| size(canvas, "height"),
            |canvas: &Node, value, cx| set_size(canvas, "height", value, cx);
        CanvasRenderingContext2D? getContext(DOMString contextId, optional any options = null) =
            |this, id, _options, cx| get_context(this, &id, cx);
    }
}

/// The interface of an element of this family.
pub(crate) fn interface_of(node: &Node) -> Option<&'static Interface> {
    dom::is_html_element(node, "canvas").then_some(&HTML_CANVAS_ELEMENT)
}

fn default_of(attribute: &str) -> u32 {
    if attribute == "width" {
        DEFAULT_WIDTH
    } else {
        DEFAULT_HEIGHT
    }
}

/// The `width` or `height` of a canvas
/// ([obtain numeric values](https://html.spec.whatwg.org/multipage/canvas.html#obtain-numeric-values)).
fn size(node: &Node, attribute: &str) -> u32 {
    dom::attribute(node, attribute)
        .and_then(|text| parse_integer(&text))
        .and_then(|number| i32::try_from(number).ok())
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or_else(|| default_of(attribute))
}

fn sizes(node: &Node) -> (u32, u32) {
    (size(node, "width"), size(node, "height"))
}

fn set_size(canvas: &Node, attribute: &str, value: u32, cx: &mut Context) {
    let value = i32::try_from(value).map_or_else(|_| default_of(attribute), |_| value);
    tree::set_attribute(cx, canvas, attribute, &value.to_string());
}

/// Clears a canvas to transparent black after its `width` or `height` was set, even to the same value. Call this
/// after each change of an attribute of any element.
pub(crate) fn attribute_changed(ctx: &mut Context, change: &AttributeChange<'_>) {
    let node = change.element;
    if !matches!(change.name, "width" | "height") || !dom::is_html_element(node, "canvas") {
        return;
    }
    let canvas = wrappers::object_of(ctx, node);
    if let Some(context) = canvas.and_then(|canvas| platform::held_companion(&canvas, CONTEXT)) {
        let (width, height) = sizes(node);
        context_2d::reset(&context, width, height);
    }
}

/// [`getContext()`](https://html.spec.whatwg.org/multipage/canvas.html#dom-canvas-getcontext)
fn get_context(canvas: &JsObject, id: &str, cx: &mut Context) -> JsResult<Option<JsObject>> {
    if id != "2d" {
        return Ok(None);
    }
    let node = wrappers::node(canvas)?;
    let create = |cx: &mut Context| Ok(context_2d::create(canvas, false, sizes(&node), cx));
    platform::companion(canvas, CONTEXT, cx, create).map(Some)
}

/// The bitmap of a canvas.
pub(super) fn bitmap(canvas: &JsObject, node: &Node) -> Arc<Bitmap> {
    platform::held_companion(canvas, CONTEXT)
        .and_then(|context| context_2d::bitmap(&context))
        .unwrap_or_else(|| {
            let (width, height) = sizes(node);
            Arc::new(Bitmap::new(width, height))
        })
}
