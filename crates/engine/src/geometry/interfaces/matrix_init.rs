//! The inputs of matrices.

use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};

use super::matrix::MatrixText;
use crate::boa::errors::type_error;
use crate::geometry::{Matrix, MatrixInit, parse_matrix};
use crate::script::globals::is_window;
use crate::webidl::convert::{Dictionary, FromJs, Place};
use crate::webidl::exception;
use crate::webidl::types::Category;

/// The members of a `DOMMatrix2DInit`.
const MEMBERS_2D: [&str; 12] = [
    "a", "b", "c", "d", "e", "f", "m11", "m12", "m21", "m22", "m41", "m42",
];
/// The other members of a `DOMMatrixInit` except `is2D`.
const MEMBERS_3D: [&str; 10] = [
    "m13", "m14", "m23", "m24", "m31", "m32", "m33", "m34", "m43", "m44",
];

/// The matrix of a [`DOMMatrixInit`](https://drafts.fxtf.org/geometry/#dictdef-dommatrixinit). It is written by hand
/// because its members are numbers, and absent members have no default.
pub(super) struct DOMMatrixInit(pub(super) Matrix);

impl FromJs for DOMMatrixInit {
    const CATEGORY: Category = Category::Dictionary;

    fn from_js(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<Self> {
        let dictionary = Dictionary::new(value)?;
        let mut init = MatrixInit::default();
        let mut read = |names: &[&'static str], cx: &mut Context| {
            for name in names {
                if let Some(value) = dictionary.get(name, cx)? {
                    init.elements.push((name, value.to_number(cx)?));
                }
            }
            JsResult::Ok(())
        };
        read(&MEMBERS_2D, cx)?;
        let is_2d = dictionary.get("is2D", cx)?;
        read(&MEMBERS_3D, cx)?;
        init.is_2d = is_2d.map(|value| value.to_boolean());
        let matrix = init.validate_and_fixup().map_err(|(one, other)| {
            let message = format!("The members '{one}' and '{other}' contradict each other.");
            JsNativeError::typ().with_message(message)
        })?;
        Ok(Self(matrix))
    }
}

/// [The constructors](https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-dommatrixreadonly)
pub(super) fn construct(init: Option<MatrixText>, cx: &mut Context) -> JsResult<Matrix> {
    match init {
        None => Ok(Matrix::default()),
        Some(MatrixText::Sequence(elements)) => from_elements(&elements),
        Some(MatrixText::DomString(text)) if is_window(&cx.global_object()) => parse(&text, cx),
        Some(MatrixText::DomString(_)) => {
            let message = "Only windows can parse a matrix from text.";
            Err(type_error(message))
        }
    }
}

/// [Parse a string into an abstract matrix](https://drafts.fxtf.org/geometry/#parse-a-string-into-an-abstract-matrix)
pub(super) fn parse(text: &str, cx: &mut Context) -> JsResult<Matrix> {
    parse_matrix(text).ok_or_else(|| {
        let message = format!("{text:?} is not a transform list without relative lengths.");
        exception::throw("SyntaxError", &message, cx)
    })
}

fn from_elements(elements: &[f64]) -> JsResult<Matrix> {
    Matrix::from_elements(elements).ok_or_else(|| {
        let message = format!("A matrix has 6 or 16 elements, not {}.", elements.len());
        type_error(message)
    })
}

/// The matrix of the elements of a typed array. It has them as own elements, so no script runs.
pub(super) fn from_array(array: impl Into<JsObject>, cx: &mut Context) -> JsResult<Matrix> {
    let array = array.into();
    let mut elements = Vec::new();
    // One more than allowed, to detect too many.
    for index in 0..=16_u32 {
        match array.get(index, cx)?.as_number() {
            Some(element) => elements.push(element),
            None => break,
        }
    }
    from_elements(&elements)
}
