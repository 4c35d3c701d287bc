//! [`DOMQuad`](https://drafts.fxtf.org/geometry/#DOMQuad).

use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsValue, Trace};

use super::{as_shape, point, rect, to_json};
use crate::geometry::{Point, Rect};
use crate::webidl::convert::{Dictionary, argument};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member};

/// The points of a `DOMQuad`.
#[derive(Trace, Finalize)]
pub(super) struct Corners(Vec<JsObject>);

/// The number of its corners.
const CORNERS: usize = 4;

/// The `DOMQuad` interface.
pub(crate) static DOM_QUAD: Interface = Interface {
    constructor: Some((0, |target, args, ctx| {
        let mut corners = [Point::default(); CORNERS];
        for (index, corner) in corners.iter_mut().enumerate() {
            *corner = point::point_init(&argument(args, index), ctx)?;
        }
        let corners = objects(corners, ctx);
        target.create(Corners(corners), ctx)
    })),
    members: &[&[
        Member::Attribute("p1", |this, _| Ok(corner(this, 0)), None),
        Member::Attribute("p2", |this, _| Ok(corner(this, 1)), None),
        Member::Attribute("p3", |this, _| Ok(corner(this, 2)), None),
        Member::Attribute("p4", |this, _| Ok(corner(this, 3)), None),
        Member::Static("fromRect", 0, |args, ctx| {
            let rect = rect::rect_init(&argument(args, 0), ctx)?;
            Ok(create_here(rect.corners(), ctx))
        }),
        Member::Static("fromQuad", 0, |args, ctx| {
            let init = Dictionary::new(&argument(args, 0))?;
            let mut corners = [Point::default(); CORNERS];
            for (corner, name) in corners.iter_mut().zip(NAMES) {
                if let Some(value) = init.get(name, ctx)? {
                    *corner = point::point_init(&value, ctx)?;
                }
            }
            Ok(create_here(corners, ctx))
        }),
        Member::Operation("getBounds", 0, |this, _, ctx| {
            let corners = corners(this);
            let points: Vec<Point> = corners.iter().filter_map(as_shape).collect();
            Ok(rect::create_here(Rect::bounds(&points), true, ctx).into())
        }),
        Member::Operation("toJSON", 0, |this, _, ctx| {
            let members: Vec<(&'static str, JsValue)> = NAMES
                .into_iter()
                .zip(corners(this))
                .map(|(name, corner)| (name, corner.into()))
                .collect();
            Ok(to_json(members, ctx))
        }),
    ]],
    ..Interface::new("DOMQuad")
};

const NAMES: [&str; CORNERS] = ["p1", "p2", "p3", "p4"];

/// The points of a quad; fewer while it is being deserialized.
pub(super) fn corners(quad: &JsObject) -> Vec<JsObject> {
    platform::with(quad, |corners: &Corners| Some(corners.0.clone())).unwrap_or_default()
}

fn corner(quad: &JsObject, index: usize) -> JsValue {
    let corner = corners(quad).into_iter().nth(index);
    corner.map_or_else(JsValue::undefined, JsValue::from)
}

fn objects(corners: [Point; CORNERS], ctx: &mut Context) -> Vec<JsObject> {
    corners
        .map(|corner| point::create_here(corner, true, ctx))
        .to_vec()
}

fn create_here(corners: [Point; CORNERS], ctx: &mut Context) -> JsValue {
    let corners = objects(corners, ctx);
    let realm = ctx.realm().clone();
    create(corners, &realm, ctx).into()
}

/// Creates a quad in `realm`.
pub(super) fn create(corners: Vec<JsObject>, realm: &Realm, ctx: &mut Context) -> JsObject {
    webidl::create_object(realm, &DOM_QUAD, Corners(corners), ctx)
}

/// Gives a quad that is being deserialized its next corner, if it lacks one.
pub(super) fn push_corner(quad: &JsObject, corner: &JsObject) -> bool {
    let push = |corners: &mut Corners| {
        let lacks_one = corners.0.len() < CORNERS;
        lacks_one.then(|| corners.0.push(corner.clone()))
    };
    platform::with_mut(quad, push).is_some()
}
