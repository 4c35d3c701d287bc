//! Points, rectangles, quads and matrices in messages
//! ([Geometry Interfaces, structured serialization](https://drafts.fxtf.org/geometry/#structured-serialization)).

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsValue};
use framepost_messaging::structured_clone::{CloneError, Heap, StateReader, StateWriter};

use super::{GeometryData, Shape, as_shape, matrix, point, quad, rect};
use crate::geometry::{Matrix, Point, Rect};
use crate::webidl::platform;

const POINT: [&str; 2] = ["DOMPointReadOnly", "DOMPoint"];
const RECT: [&str; 2] = ["DOMRectReadOnly", "DOMRect"];
const MATRIX: [&str; 2] = ["DOMMatrixReadOnly", "DOMMatrix"];
const QUAD: &str = "DOMQuad";

/// The interface of a serializable object of this family.
pub(crate) fn serializable_interface(object: &JsObject) -> Option<&'static str> {
    let of_shape = |data: &GeometryData| {
        let names = match data.shape {
            Shape::Point(_) => POINT,
            Shape::Rect(_) => RECT,
            Shape::Matrix(_) => MATRIX,
        };
        Some(names[usize::from(data.mutable)])
    };
    platform::with(object, of_shape)
        .or_else(|| platform::with(object, |_: &quad::Corners| Some(QUAD)))
}

fn data(object: &JsObject) -> Option<GeometryData> {
    platform::with(object, |data: &GeometryData| Some(*data))
}

/// The serialization steps. The points of a quad are sub-serialized.
pub(crate) fn serialization_steps<H: Heap<Value = JsValue> + ?Sized>(
    object: &JsObject,
    out: &mut StateWriter<'_, H>,
) {
    let mut numbers = |numbers: &[f64]| {
        for number in numbers {
            out.number(*number);
        }
    };
    match data(object).map(|data| data.shape) {
        Some(Shape::Point(Point { x, y, z, w })) => numbers(&[x, y, z, w]),
        Some(Shape::Rect(rect)) => numbers(&[rect.x, rect.y, rect.width, rect.height]),
        Some(Shape::Matrix(matrix)) if matrix.is_2d() => {
            out.integer(1);
            for element in matrix.elements_2d() {
                out.number(element);
            }
        }
        Some(Shape::Matrix(matrix)) => {
            out.integer(0);
            for element in matrix.elements() {
                out.number(element);
            }
        }
        None => {
            for corner in quad::corners(object) {
                out.sub_serialize(corner.into());
            }
        }
    }
}

/// Reads a shape.
type Read = fn(&mut StateReader<'_, '_>) -> Result<Shape, CloneError>;

/// The deserialization steps of `interface`; none if it is none of this family.
pub(crate) fn deserialization_steps(
    interface: &str,
    realm: &Realm,
    input: &mut StateReader<'_, '_>,
    ctx: &mut Context,
) -> Option<Result<JsObject, CloneError>> {
    if interface == QUAD {
        return Some(Ok(quad::create(Vec::new(), realm, ctx)));
    }
    let (names, read): (_, Read) = if POINT.contains(&interface) {
        (POINT, read_point)
    } else if RECT.contains(&interface) {
        (RECT, read_rect)
    } else if MATRIX.contains(&interface) {
        (MATRIX, read_matrix)
    } else {
        return None;
    };
    let mutable = interface == names[1];
    let shape = match read(input) {
        Ok(shape) => shape,
        Err(error) => return Some(Err(error)),
    };
    Some(Ok(match shape {
        Shape::Point(point) => point::create(point, mutable, realm, ctx),
        Shape::Rect(rect) => rect::create(rect, mutable, realm, ctx),
        Shape::Matrix(matrix) => matrix::create(matrix, mutable, realm, ctx),
    }))
}

fn read_numbers<const N: usize>(input: &mut StateReader<'_, '_>) -> Result<[f64; N], CloneError> {
    let mut numbers = [0.0; N];
    for number in &mut numbers {
        *number = input.number()?;
    }
    Ok(numbers)
}

fn read_point(input: &mut StateReader<'_, '_>) -> Result<Shape, CloneError> {
    let [x, y, z, w] = read_numbers(input)?;
    Ok(Shape::Point(Point { x, y, z, w }))
}

fn read_rect(input: &mut StateReader<'_, '_>) -> Result<Shape, CloneError> {
    let [x, y, width, height] = read_numbers(input)?;
    Ok(Shape::Rect(Rect {
        x,
        y,
        width,
        height,
    }))
}

fn read_matrix(input: &mut StateReader<'_, '_>) -> Result<Shape, CloneError> {
    Ok(Shape::Matrix(match input.integer()? {
        0 => Matrix::create_3d(read_numbers(input)?),
        1 => Matrix::create_2d(read_numbers(input)?),
        _ => return Err(input.malformed("whether a matrix is 2D expected")),
    }))
}

/// Takes a point that was sub-serialized with a quad.
pub(crate) fn sub_deserialized(object: &JsObject, value: &JsValue) -> Result<(), CloneError> {
    let corner = value.as_object().filter(|object| {
        let data = data(object);
        data.is_some_and(|data| data.mutable) && as_shape::<Point>(object).is_some()
    });
    match corner {
        Some(corner) if quad::push_corner(object, &corner) => Ok(()),
        _ => Err(CloneError::UnexpectedSubValue),
    }
}
