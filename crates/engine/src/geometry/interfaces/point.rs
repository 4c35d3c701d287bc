//! [`DOMPointReadOnly` and `DOMPoint`](https://drafts.fxtf.org/geometry/#DOMPoint).

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::{GeometryData, Shape, change, matrix, members, number, shape, to_json};
use crate::geometry::Point;
use crate::webidl::convert::argument;
use crate::webidl::{self, Interface, Member, NewTarget};

/// The `DOMPointReadOnly` interface.
pub(crate) static DOM_POINT_READ_ONLY: Interface = Interface {
    constructor: Some((0, |target, args, ctx| construct(target, args, false, ctx))),
    members: &[&[
        Member::Named("x", "x", get, None),
        Member::Named("y", "y", get, None),
        Member::Named("z", "z", get, None),
        Member::Named("w", "w", get, None),
        Member::Static("fromPoint", 0, |args, ctx| {
            let point = point_init(&argument(args, 0), ctx)?;
            Ok(create_here(point, false, ctx).into())
        }),
        Member::Operation("matrixTransform", 0, |this, args, ctx| {
            let matrix = matrix::matrix_init(&argument(args, 0), ctx)?;
            let transformed = matrix.transform(shape(this)?);
            Ok(create_here(transformed, true, ctx).into())
        }),
        Member::Operation("toJSON", 0, |this, _, ctx| {
            let Point { x, y, z, w } = shape(this)?;
            let members = [("x", x), ("y", y), ("z", z), ("w", w)];
            Ok(to_json(
                members.map(|(name, value)| (name, value.into())),
                ctx,
            ))
        }),
    ]],
    ..Interface::new("DOMPointReadOnly")
};

/// The `DOMPoint` interface.
pub(crate) static DOM_POINT: Interface = Interface {
    parent: Some(&DOM_POINT_READ_ONLY),
    constructor: Some((0, |target, args, ctx| construct(target, args, true, ctx))),
    members: &[&[
        Member::Named("x", "x", get, Some(set)),
        Member::Named("y", "y", get, Some(set)),
        Member::Named("z", "z", get, Some(set)),
        Member::Named("w", "w", get, Some(set)),
        Member::Static("fromPoint", 0, |args, ctx| {
            let point = point_init(&argument(args, 0), ctx)?;
            Ok(create_here(point, true, ctx).into())
        }),
    ]],
    ..Interface::new("DOMPoint")
};

fn coordinate<'a>(point: &'a mut Point, name: &str) -> &'a mut f64 {
    match name {
        "x" => &mut point.x,
        "y" => &mut point.y,
        "z" => &mut point.z,
        _ => &mut point.w,
    }
}

fn get(this: &JsObject, name: &'static str, _: &mut Context) -> JsResult<JsValue> {
    Ok((*coordinate(&mut shape(this)?, name)).into())
}

fn set(this: &JsObject, name: &'static str, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let value = value.to_number(ctx)?;
    change(this, |point| *coordinate(point, name) = value)
}

fn construct(
    target: &NewTarget,
    args: &[JsValue],
    mutable: bool,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let point = Point {
        x: number(args, 0, 0.0, ctx)?,
        y: number(args, 1, 0.0, ctx)?,
        z: number(args, 2, 0.0, ctx)?,
        w: number(args, 3, 1.0, ctx)?,
    };
    target.create(
        GeometryData {
            shape: Shape::Point(point),
            mutable,
        },
        ctx,
    )
}

/// A [`DOMPointInit`](https://drafts.fxtf.org/geometry/#dictdef-dompointinit).
pub(super) fn point_init(value: &JsValue, ctx: &mut Context) -> JsResult<Point> {
    let [w, x, y, z] = members(value, ["w", "x", "y", "z"], ctx)?;
    let default = Point::default();
    Ok(Point {
        x: x.unwrap_or(default.x),
        y: y.unwrap_or(default.y),
        z: z.unwrap_or(default.z),
        w: w.unwrap_or(default.w),
    })
}

/// Creates a point in `realm`.
pub(super) fn create(point: Point, mutable: bool, realm: &Realm, ctx: &mut Context) -> JsObject {
    let interface = match mutable {
        true => &DOM_POINT,
        false => &DOM_POINT_READ_ONLY,
    };
    let kind = GeometryData {
        shape: Shape::Point(point),
        mutable,
    };
    webidl::create_object(realm, interface, kind, ctx)
}

/// Creates a point in the current realm.
pub(super) fn create_here(point: Point, mutable: bool, ctx: &mut Context) -> JsObject {
    let realm = ctx.realm().clone();
    create(point, mutable, &realm, ctx)
}
