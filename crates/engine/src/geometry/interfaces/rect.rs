//! [`DOMRectReadOnly` and `DOMRect`](https://drafts.fxtf.org/geometry/#DOMRect).
//!
//! NOT YET: `DOMRectList`: there is no layout that would give one.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::{GeometryData, Shape, change, members, number, shape, to_json};
use crate::geometry::Rect;
use crate::webidl::convert::argument;
use crate::webidl::{self, Interface, Member, NewTarget};

/// The `DOMRectReadOnly` interface.
pub(crate) static DOM_RECT_READ_ONLY: Interface = Interface {
    constructor: Some((0, |target, args, ctx| construct(target, args, false, ctx))),
    members: &[&[
        Member::Named("x", "x", get, None),
        Member::Named("y", "y", get, None),
        Member::Named("width", "width", get, None),
        Member::Named("height", "height", get, None),
        Member::Named("top", "top", get, None),
        Member::Named("right", "right", get, None),
        Member::Named("bottom", "bottom", get, None),
        Member::Named("left", "left", get, None),
        Member::Static("fromRect", 0, |args, ctx| {
            let rect = rect_init(&argument(args, 0), ctx)?;
            Ok(create_here(rect, false, ctx).into())
        }),
        Member::Operation("toJSON", 0, |this, _, ctx| {
            let rect = shape(this)?;
            let members = ATTRIBUTES.map(|name| (name, read(rect, name).into()));
            Ok(to_json(members, ctx))
        }),
    ]],
    ..Interface::new("DOMRectReadOnly")
};

/// The `DOMRect` interface.
pub(crate) static DOM_RECT: Interface = Interface {
    parent: Some(&DOM_RECT_READ_ONLY),
    constructor: Some((0, |target, args, ctx| construct(target, args, true, ctx))),
    members: &[&[
        Member::Named("x", "x", get, Some(set)),
        Member::Named("y", "y", get, Some(set)),
        Member::Named("width", "width", get, Some(set)),
        Member::Named("height", "height", get, Some(set)),
        Member::Static("fromRect", 0, |args, ctx| {
            let rect = rect_init(&argument(args, 0), ctx)?;
            Ok(create_here(rect, true, ctx).into())
        }),
    ]],
    ..Interface::new("DOMRect")
};

const ATTRIBUTES: [&str; 8] = [
    "x", "y", "width", "height", "top", "right", "bottom", "left",
];

fn read(rect: Rect, name: &str) -> f64 {
    match name {
        "x" => rect.x,
        "y" => rect.y,
        "width" => rect.width,
        "height" => rect.height,
        "top" => rect.top(),
        "right" => rect.right(),
        "bottom" => rect.bottom(),
        _ => rect.left(),
    }
}

fn get(this: &JsObject, name: &'static str, _: &mut Context) -> JsResult<JsValue> {
    Ok(read(shape(this)?, name).into())
}

fn set(this: &JsObject, name: &'static str, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let value = value.to_number(ctx)?;
    change(this, |rect: &mut Rect| match name {
        "x" => rect.x = value,
        "y" => rect.y = value,
        "width" => rect.width = value,
        _ => rect.height = value,
    })
}

fn construct(
    target: &NewTarget,
    args: &[JsValue],
    mutable: bool,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let rect = Rect {
        x: number(args, 0, 0.0, ctx)?,
        y: number(args, 1, 0.0, ctx)?,
        width: number(args, 2, 0.0, ctx)?,
        height: number(args, 3, 0.0, ctx)?,
    };
    target.create(
        GeometryData {
            shape: Shape::Rect(rect),
            mutable,
        },
        ctx,
    )
}

/// A [`DOMRectInit`](https://drafts.fxtf.org/geometry/#dictdef-domrectinit).
pub(super) fn rect_init(value: &JsValue, ctx: &mut Context) -> JsResult<Rect> {
    let [height, width, x, y] = members(value, ["height", "width", "x", "y"], ctx)?;
    Ok(Rect {
        x: x.unwrap_or(0.0),
        y: y.unwrap_or(0.0),
        width: width.unwrap_or(0.0),
        height: height.unwrap_or(0.0),
    })
}

/// Creates a rectangle in `realm`.
pub(super) fn create(rect: Rect, mutable: bool, realm: &Realm, ctx: &mut Context) -> JsObject {
    let interface = match mutable {
        true => &DOM_RECT,
        false => &DOM_RECT_READ_ONLY,
    };
    let kind = GeometryData {
        shape: Shape::Rect(rect),
        mutable,
    };
    webidl::create_object(realm, interface, kind, ctx)
}

/// Creates a rectangle in the current realm.
pub(super) fn create_here(rect: Rect, mutable: bool, ctx: &mut Context) -> JsObject {
    let realm = ctx.realm().clone();
    create(rect, mutable, &realm, ctx)
}
