//! [`DOMRectReadOnly` and `DOMRect`](https://drafts.fxtf.org/geometry/#DOMRect).
//!
//! NOT YET: `DOMRectList`, because only layout produces one.

use super::clone::RECT_STEPS;
use super::default_to_json;
use crate::geometry::Rect;
use crate::webidl::{create_here, interface};

interface! {
    /// The `DOMRectReadOnly` interface.
    [Exposed=(Window,Worker), Serializable=RECT_STEPS]
    interface DOMRectReadOnly(Rect) {
        constructor(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double width = 0, optional unrestricted double height = 0) =
            |x, y, width, height| Rect::new(x, y, width, height);
        [NewObject] static DOMRectReadOnly fromRect(optional DOMRectInit other = {}) =
            |other, cx| create_here(&DOM_RECT_READ_ONLY, Rect::from(other), cx);
        readonly attribute unrestricted double x = .x;
        readonly attribute unrestricted double y = .y;
        readonly attribute unrestricted double width = .width;
        readonly attribute unrestricted double height = .height;
        readonly attribute unrestricted double top = |rect| rect.top();
        readonly attribute unrestricted double right = |rect| rect.right();
        readonly attribute unrestricted double bottom = |rect| rect.bottom();
        readonly attribute unrestricted double left = |rect| rect.left();
        [Default] object toJSON() = |this, cx| default_to_json(this, &DOM_RECT_READ_ONLY, cx);
    }

    /// The `DOMRect` interface.
    [Exposed=(Window,Worker), Serializable=RECT_STEPS, LegacyWindowAlias=SVGRect]
    interface DOMRect(Rect) : DOMRectReadOnly {
        constructor(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double width = 0, optional unrestricted double height = 0) =
            |x, y, width, height| Rect::new(x, y, width, height);
        [NewObject] static DOMRect fromRect(optional DOMRectInit other = {}) =
            |other, cx| create_here(&DOM_RECT, Rect::from(other), cx);
        inherit attribute unrestricted double x = .x;
        inherit attribute unrestricted double y = .y;
        inherit attribute unrestricted double width = .width;
        inherit attribute unrestricted double height = .height;
    }

    dictionary DOMRectInit {
        unrestricted double x = 0;
        unrestricted double y = 0;
        unrestricted double width = 0;
        unrestricted double height = 0;
    }
}

impl From<DOMRectInit> for Rect {
    fn from(init: DOMRectInit) -> Self {
        Self::new(init.x, init.y, init.width, init.height)
    }
}
