//! [`DOMQuad`](https://drafts.fxtf.org/geometry/#DOMQuad).

use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsValue, Trace};

use super::clone::QUAD_STEPS;
use super::default_to_json;
use super::point::{DOM_POINT, DOMPointInit};
use super::rect::{DOM_RECT, DOMRectInit};
use crate::geometry::{Point, Rect};
use crate::webidl::{self, create_here, interface, platform};

/// The points of a `DOMQuad`.
#[derive(Trace, Finalize)]
pub(crate) struct Corners(Vec<JsObject>);

/// The number of its corners.
const CORNERS: usize = 4;

interface! {
    /// The `DOMQuad` interface.
    [Exposed=(Window,Worker), Serializable=QUAD_STEPS]
    interface DOMQuad(Corners) {
        constructor(optional DOMPointInit p1 = {}, optional DOMPointInit p2 = {}, optional DOMPointInit p3 = {}, optional DOMPointInit p4 = {}) =
            |p1, p2, p3, p4, cx| Corners::of([p1, p2, p3, p4].map(Point::from), cx);
        [NewObject] static DOMQuad fromRect(optional DOMRectInit other = {}) =
            |other, cx| create_of(Rect::from(other).corners(), cx);
        [NewObject] static DOMQuad fromQuad(optional DOMQuadInit other = {}) =
            |DOMQuadInit { p1, p2, p3, p4 }, cx| {
                let point = |init: Option<DOMPointInit>| init.map_or_else(Point::default, Point::from);
                create_of([p1, p2, p3, p4].map(point), cx)
            };
        [SameObject] readonly attribute DOMPoint p1 = |quad| quad.corner(0);
        [SameObject] readonly attribute DOMPoint p2 = |quad| quad.corner(1);
        [SameObject] readonly attribute DOMPoint p3 = |quad| quad.corner(2);
        [SameObject] readonly attribute DOMPoint p4 = |quad| quad.corner(3);
        [NewObject] DOMRect getBounds() = |this, cx| {
            let corners = corners(this);
            let point = |corner: &JsObject| platform::with(corner, |point: &Point| Some(*point));
            let points: Vec<Point> = corners.iter().filter_map(point).collect();
            create_here(&DOM_RECT, Rect::bounds(&points), cx)
        };
        [Default] object toJSON() = |this, cx| default_to_json(this, &DOM_QUAD, cx);
    }

    dictionary DOMQuadInit {
        DOMPointInit p1;
        DOMPointInit p2;
        DOMPointInit p3;
        DOMPointInit p4;
    }
}

impl Corners {
    fn of(corners: [Point; CORNERS], cx: &mut Context) -> Self {
        let corners = corners.map(|corner| create_here(&DOM_POINT, corner, cx));
        Self(corners.to_vec())
    }

    /// A corner; undefined while the quad is being deserialized.
    fn corner(&self, index: usize) -> JsValue {
        let corner = self.0.get(index).cloned();
        corner.map_or_else(JsValue::undefined, JsValue::from)
    }
}

/// Creates a quad in the current realm.
fn create_of(corners: [Point; CORNERS], cx: &mut Context) -> JsObject {
    let corners = Corners::of(corners, cx);
    create_here(&DOM_QUAD, corners, cx)
}

/// The points of a quad; fewer while it is being deserialized.
pub(super) fn corners(quad: &JsObject) -> Vec<JsObject> {
    platform::with(quad, |corners: &Corners| Some(corners.0.clone())).unwrap_or_default()
}

/// Creates a quad without points, for deserialization.
pub(super) fn create(realm: &Realm, cx: &mut Context) -> JsObject {
    webidl::create_object(realm, &DOM_QUAD, Corners(Vec::new()), cx)
}

/// Sets the next corner of a quad that is being deserialized, if a corner is missing.
pub(super) fn push_corner(quad: &JsObject, corner: &JsObject) -> bool {
    let push = |corners: &mut Corners| {
        let lacks_one = corners.0.len() < CORNERS;
        lacks_one.then(|| corners.0.push(corner.clone()))
    };
    platform::with_mut(quad, push).is_some()
}
