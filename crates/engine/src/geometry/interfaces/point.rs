//! [`DOMPointReadOnly` and `DOMPoint`](https://drafts.fxtf.org/geometry/#DOMPoint).

use super::clone::POINT_STEPS;
use super::default_to_json;
use super::matrix_init::DOMMatrixInit;
use crate::geometry::Point;
use crate::webidl::{create_here, interface};

interface! {
    /// The `DOMPointReadOnly` interface.
    [Exposed=(Window,Worker), Serializable=POINT_STEPS]
    interface DOMPointReadOnly(Point) {
        constructor(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double z = 0, optional unrestricted double w = 1) =
            |x, y, z, w| Point { x, y, z, w };
        [NewObject] static DOMPointReadOnly fromPoint(optional DOMPointInit other = {}) =
            |other, cx| create_here(&DOM_POINT_READ_ONLY, Point::from(other), cx);
        readonly attribute unrestricted double x = .x;
        readonly attribute unrestricted double y = .y;
        readonly attribute unrestricted double z = .z;
        readonly attribute unrestricted double w = .w;
        [NewObject] DOMPoint matrixTransform(optional DOMMatrixInit matrix = {}) =
            |point: Point, matrix, cx| create_here(&DOM_POINT, matrix.0.transform(point), cx);
        [Default] object toJSON() = |this, cx| default_to_json(this, &DOM_POINT_READ_ONLY, cx);
    }

    /// The `DOMPoint` interface.
    [Exposed=(Window,Worker), Serializable=POINT_STEPS, LegacyWindowAlias=SVGPoint]
    interface DOMPoint(Point) : DOMPointReadOnly {
        constructor(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double z = 0, optional unrestricted double w = 1) =
            |x, y, z, w| Point { x, y, z, w };
        [NewObject] static DOMPoint fromPoint(optional DOMPointInit other = {}) =
            |other, cx| create_here(&DOM_POINT, Point::from(other), cx);
        inherit attribute unrestricted double x = .x;
        inherit attribute unrestricted double y = .y;
        inherit attribute unrestricted double z = .z;
        inherit attribute unrestricted double w = .w;
    }

    dictionary DOMPointInit {
        unrestricted double x = 0;
        unrestricted double y = 0;
        unrestricted double z = 0;
        unrestricted double w = 1;
    }
}

impl From<DOMPointInit> for Point {
    fn from(DOMPointInit { x, y, z, w }: DOMPointInit) -> Self {
        Self { x, y, z, w }
    }
}
