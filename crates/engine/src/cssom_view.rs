//! The sizes and positions of windows
//! ([CSSOM View, extensions to the Window interface](https://drafts.csswg.org/cssom-view/#extensions-to-the-window-interface)).
//!
//! There is no layout. IMPLEMENTATION-DEFINED: one rule gives all sizes. A window without a container has the size
//! that `window.open()` requested, or 1280 by 720. A frame has the size of its `width` and `height` attributes, or
//! 300 by 150. There is no scrolling. The boxes of elements are empty and at the origin of the viewport.

use boa_engine::{Context, JsValue};
use framepost_browsing_context::dom;
use framepost_event_loop::GlobalId;
use markup5ever_rcdom::Handle as Node;

use crate::dom::reflect::parse_integer;
use crate::geometry::Rect;
use crate::geometry::interfaces::rect::DOM_RECT;
use crate::html::related_windows::navigable_of;
use crate::script::with_contexts;
use crate::webidl::{create_here, interface};

interface! {
    /// The members that CSSOM View adds to `Window`.
    // NOT YET: media queries, scrolling, moving and resizing.
    partial interface Window(GlobalId) {
        [Replaceable] readonly attribute long innerWidth = |window: GlobalId, cx| size(window, cx).0;
        [Replaceable] readonly attribute long innerHeight = |window: GlobalId, cx| size(window, cx).1;
        [Replaceable] readonly attribute long outerWidth = |window: GlobalId, cx| top_size(window, cx).0;
        [Replaceable] readonly attribute long outerHeight = |window: GlobalId, cx| top_size(window, cx).1;
        [Replaceable] readonly attribute long screenX = |window: GlobalId, cx| position(window, cx).0;
        [Replaceable] readonly attribute long screenLeft = |window: GlobalId, cx| position(window, cx).0;
        [Replaceable] readonly attribute long screenY = |window: GlobalId, cx| position(window, cx).1;
        [Replaceable] readonly attribute long screenTop = |window: GlobalId, cx| position(window, cx).1;
        [Replaceable] readonly attribute double devicePixelRatio = 1.0;
        [Replaceable] readonly attribute double scrollX = 0.0;
        [Replaceable] readonly attribute double pageXOffset = 0.0;
        [Replaceable] readonly attribute double scrollY = 0.0;
        [Replaceable] readonly attribute double pageYOffset = 0.0;
    }

    /// The members that CSSOM View adds to `Element`.
    // NOT YET: the lists of boxes, the positions and sizes as numbers.
    partial interface Element(Node) {
        [NewObject] DOMRect getBoundingClientRect() = |_: &Node, cx| create_here(&DOM_RECT, Rect::default(), cx);
        undefined scrollIntoView(optional any arg) = |_: &Node, _: Option<JsValue>, _| ();
    }
}

const TOP: (i32, i32) = (1280, 720);
const FRAME: (i32, i32) = (300, 150);

/// The size of the viewport.
fn size(window: GlobalId, cx: &Context) -> (i32, i32) {
    let size = with_contexts(cx, |contexts| {
        let navigable = contexts.navigable(navigable_of(contexts, window)?)?;
        let Some(container) = navigable.container() else {
            return Some(given(navigable.requested_size()));
        };
        let attribute = |name, default| {
            let value = dom::attribute(container, name).and_then(|text| parse_integer(&text));
            let value = value.and_then(|value| i32::try_from(value).ok());
            value.filter(|value| *value >= 0).unwrap_or(default)
        };
        Some((attribute("width", FRAME.0), attribute("height", FRAME.1)))
    });
    size.unwrap_or((0, 0))
}

fn given((width, height): (Option<i32>, Option<i32>)) -> (i32, i32) {
    let or = |value: Option<i32>, default| value.filter(|value| *value > 0).unwrap_or(default);
    (or(width, TOP.0), or(height, TOP.1))
}

/// The size of the window that contains the viewport.
fn top_size(window: GlobalId, cx: &Context) -> (i32, i32) {
    let size = with_contexts(cx, |contexts| {
        let top = contexts.top(navigable_of(contexts, window)?)?;
        Some(given(contexts.navigable(top)?.requested_size()))
    });
    size.unwrap_or((0, 0))
}

/// The position of that window.
fn position(window: GlobalId, cx: &Context) -> (i32, i32) {
    let position = with_contexts(cx, |contexts| {
        let top = contexts.top(navigable_of(contexts, window)?)?;
        let (left, top) = contexts.navigable(top)?.requested_position();
        // A position outside the screen is moved to its edge.
        Some((left.unwrap_or(0).max(0), top.unwrap_or(0).max(0)))
    });
    position.unwrap_or((0, 0))
}
