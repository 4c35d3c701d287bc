//! The [geometry interfaces](https://drafts.fxtf.org/geometry/): points, rectangles, quads and
//! matrices. What is computed stands in [`crate::geometry`].

mod clone;
mod matrix;
mod point;
mod quad;
mod rect;

use boa_engine::builtins::object::OrdinaryObject;
use boa_engine::property::PropertyDescriptor;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace};

use crate::geometry::{Matrix, Point, Rect};
use crate::webidl::convert::{Dictionary, optional};
use crate::webidl::platform;

pub(crate) use clone::{
    deserialization_steps, serializable_interface, serialization_steps, sub_deserialized,
};
pub(crate) use matrix::{DOM_MATRIX, DOM_MATRIX_READ_ONLY};
pub(crate) use point::{DOM_POINT, DOM_POINT_READ_ONLY};
pub(crate) use quad::DOM_QUAD;
pub(crate) use rect::{DOM_RECT, DOM_RECT_READ_ONLY};

/// What an object of these interfaces, other than a quad, holds.
#[derive(Clone, Copy, Debug, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct GeometryData {
    shape: Shape,
    /// Whether it is of the interface that script can change.
    mutable: bool,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Point(Point),
    Rect(Rect),
    Matrix(Matrix),
}

/// A shape that an object can hold.
trait Held: Copy {
    fn read(shape: &mut Shape) -> Option<&mut Self>;
}

impl Held for Point {
    fn read(shape: &mut Shape) -> Option<&mut Self> {
        match shape {
            Shape::Point(point) => Some(point),
            _ => None,
        }
    }
}

impl Held for Rect {
    fn read(shape: &mut Shape) -> Option<&mut Self> {
        match shape {
            Shape::Rect(rect) => Some(rect),
            _ => None,
        }
    }
}

impl Held for Matrix {
    fn read(shape: &mut Shape) -> Option<&mut Self> {
        match shape {
            Shape::Matrix(matrix) => Some(matrix),
            _ => None,
        }
    }
}

/// The shape that an object holds, if it is one of this kind.
fn as_shape<T: Held>(object: &JsObject) -> Option<T> {
    platform::with(object, |data: &GeometryData| {
        T::read(&mut data.shape.clone()).copied()
    })
}

/// The shape of a receiver that has passed its brand check.
fn shape<T: Held>(this: &JsObject) -> JsResult<T> {
    as_shape(this).ok_or_else(platform::illegal_invocation)
}

/// Changes the shape of a receiver that has passed its brand check.
fn change<T: Held>(this: &JsObject, change: impl FnOnce(&mut T)) -> JsResult<()> {
    platform::with_mut(this, |data: &mut GeometryData| {
        T::read(&mut data.shape).map(change)
    })
    .ok_or_else(platform::illegal_invocation)
}

/// An optional argument of the type `unrestricted double`.
fn number(args: &[JsValue], index: usize, default: f64, ctx: &mut Context) -> JsResult<f64> {
    Ok(given_number(args, index, ctx)?.unwrap_or(default))
}

/// The same without a default.
fn given_number(args: &[JsValue], index: usize, ctx: &mut Context) -> JsResult<Option<f64>> {
    match optional(args, index) {
        Some(value) => value.to_number(ctx).map(Some),
        None => Ok(None),
    }
}

/// The members of a dictionary of numbers, which are read in this order.
fn members<const N: usize>(
    value: &JsValue,
    names: [&str; N],
    ctx: &mut Context,
) -> JsResult<[Option<f64>; N]> {
    let dictionary = Dictionary::new(value)?;
    let mut found = [None; N];
    for (member, name) in found.iter_mut().zip(names) {
        if let Some(value) = dictionary.get(name, ctx)? {
            *member = Some(value.to_number(ctx)?);
        }
    }
    Ok(found)
}

/// What [the default toJSON steps](https://webidl.spec.whatwg.org/#default-tojson-steps) make of
/// the values of attributes.
fn to_json(
    attributes: impl IntoIterator<Item = (&'static str, JsValue)>,
    ctx: &mut Context,
) -> JsValue {
    let prototype = ctx.intrinsics().constructors().object().prototype();
    let object = JsObject::new(
        &crate::script::realm::root_shape(ctx),
        prototype,
        OrdinaryObject,
    )
    .upcast();
    for (name, value) in attributes {
        let property = PropertyDescriptor::builder()
            .value(value)
            .writable(true)
            .enumerable(true)
            .configurable(true);
        object.insert_property(JsString::from(name), property);
    }
    object.into()
}
