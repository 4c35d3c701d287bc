//! Points, rectangles, quads and matrices in messages
//! ([Geometry Interfaces, structured serialization](https://drafts.fxtf.org/geometry/#structured-serialization)).

use boa_engine::JsValue;
use framepost_messaging::structured_clone::{CloneError, StateReader, StateWriter};

use super::point::DOM_POINT;
use super::quad;
use crate::geometry::{Matrix, Point, Rect};
use crate::webidl;
use crate::webidl::platform;
use crate::webidl::serializable::Serializable;

/// The steps of points.
pub(super) static POINT_STEPS: Serializable = Serializable {
    serialize: |object, out| {
        let point = platform::with(object, |point: &Point| Some(*point)).unwrap_or_default();
        write_numbers(&[point.x, point.y, point.z, point.w], out);
        Ok(())
    },
    deserialize: |interface, realm, input, cx| {
        let [x, y, z, w] = read_numbers(input)?;
        let point = Point { x, y, z, w };
        Ok(webidl::create_object(realm, interface, point, cx))
    },
    sub_deserialized: Serializable::no_sub_values,
};

/// The steps of rectangles.
pub(super) static RECT_STEPS: Serializable = Serializable {
    serialize: |object, out| {
        let rect = platform::with(object, |rect: &Rect| Some(*rect)).unwrap_or_default();
        write_numbers(&[rect.x, rect.y, rect.width, rect.height], out);
        Ok(())
    },
    deserialize: |interface, realm, input, cx| {
        let [x, y, width, height] = read_numbers(input)?;
        let rect = Rect::new(x, y, width, height);
        Ok(webidl::create_object(realm, interface, rect, cx))
    },
    sub_deserialized: Serializable::no_sub_values,
};

/// The steps of matrices.
pub(super) static MATRIX_STEPS: Serializable = Serializable {
    serialize: |object, out| {
        let matrix = platform::with(object, |matrix: &Matrix| Some(*matrix)).unwrap_or_default();
        out.integer(matrix.is_2d().into());
        match matrix.is_2d() {
            true => write_numbers(&matrix.elements_2d(), out),
            false => write_numbers(&matrix.elements(), out),
        }
        Ok(())
    },
    deserialize: |interface, realm, input, cx| {
        let matrix = match input.integer()? {
            0 => Matrix::create_3d(read_numbers(input)?),
            1 => Matrix::create_2d(read_numbers(input)?),
            _ => return Err(input.malformed("whether a matrix is 2D expected")),
        };
        Ok(webidl::create_object(realm, interface, matrix, cx))
    },
    sub_deserialized: Serializable::no_sub_values,
};

/// The steps of quads. The points are sub-serialized.
pub(super) static QUAD_STEPS: Serializable = Serializable {
    serialize: |object, out| {
        for corner in quad::corners(object) {
            out.sub_serialize(corner.into());
        }
        Ok(())
    },
    deserialize: |_, realm, _, cx| Ok(quad::create(realm, cx)),
    sub_deserialized: |object, value| {
        let corner = value.as_object();
        match corner.filter(|corner| platform::implements(corner, &DOM_POINT)) {
            Some(corner) if quad::push_corner(object, &corner) => Ok(()),
            _ => Err(CloneError::UnexpectedSubValue),
        }
    },
};

fn write_numbers(numbers: &[f64], out: &mut StateWriter<'_, JsValue>) {
    numbers.iter().for_each(|number| out.number(*number));
}

fn read_numbers<const N: usize>(input: &mut StateReader<'_, '_>) -> Result<[f64; N], CloneError> {
    let mut numbers = [0.0; N];
    for number in &mut numbers {
        *number = input.number()?;
    }
    Ok(numbers)
}
