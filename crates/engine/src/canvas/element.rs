//! `HTMLCanvasElement` ([HTML, the canvas element](https://html.spec.whatwg.org/multipage/canvas.html#the-canvas-element)).

use std::sync::Arc;

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::bitmap::Bitmap;
use super::context_2d;
use crate::dom::extensions::AttributeChange;
use crate::dom::reflect::parse_integer;
use crate::dom::tree;
use crate::html::html_element::HTML_ELEMENT;
use crate::script::wrappers;
use crate::webidl::convert::{argument, dom_string, unsigned_long};
use crate::webidl::platform;
use crate::webidl::{Interface, Member};

/// The name under which a canvas holds its context.
pub(super) const CONTEXT: &str = "2d context";

const DEFAULT_WIDTH: u32 = 300;
const DEFAULT_HEIGHT: u32 = 150;

/// The `HTMLCanvasElement` interface.
pub(crate) static HTML_CANVAS_ELEMENT: Interface = Interface {
    parent: Some(&HTML_ELEMENT),
    members: &[&[
        Member::Named("width", "width", get_size, Some(set_size)),
        Member::Named("height", "height", get_size, Some(set_size)),
        Member::Operation("getContext", 1, get_context),
    ]],
    ..Interface::new("HTMLCanvasElement")
};

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

fn get_size(this: &JsObject, attribute: &'static str, _: &mut Context) -> JsResult<JsValue> {
    Ok(size(&wrappers::node(this)?, attribute).into())
}

fn set_size(
    this: &JsObject,
    attribute: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let number = unsigned_long(value, ctx)?;
    let number = i32::try_from(number).map_or_else(|_| default_of(attribute), |_| number);
    tree::set_attribute(ctx, &wrappers::node(this)?, attribute, &number.to_string());
    Ok(())
}

/// To be called when an attribute of any element was set or removed: a canvas whose `width` or
/// `height` is set, if only to what it was, becomes transparent black.
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
fn get_context(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    if dom_string(&argument(args, 0), ctx)? != "2d" {
        return Ok(JsValue::null());
    }
    let node = wrappers::node(this)?;
    let context = platform::companion(this, CONTEXT, ctx, |ctx| {
        Ok(context_2d::create(this, false, sizes(&node), ctx))
    })?;
    Ok(context.into())
}

/// What a canvas shows.
pub(super) fn bitmap(canvas: &JsObject, node: &Node) -> Arc<Bitmap> {
    platform::held_companion(canvas, CONTEXT)
        .and_then(|context| context_2d::bitmap(&context))
        .unwrap_or_else(|| {
            let (width, height) = sizes(node);
            Arc::new(Bitmap::new(width, height))
        })
}
