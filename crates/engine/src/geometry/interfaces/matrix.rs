//! [`DOMMatrixReadOnly` and `DOMMatrix`](https://drafts.fxtf.org/geometry/#DOMMatrix).

use boa_engine::object::builtins::{JsFloat32Array, JsFloat64Array};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsSymbol, JsValue};

use super::{GeometryData, Shape, given_number, number, point, shape, to_json};
use crate::geometry::{Change, Matrix, MatrixInit, parse_matrix};
use crate::webidl::convert::{Dictionary, argument, dom_string, optional, sequence_from_iterable};
use crate::webidl::exception;
use crate::webidl::{self, Interface, Member, NewTarget};

/// A read-only element.
const fn element(name: &'static str) -> Member {
    Member::Named(name, name, get, None)
}

/// An element that can be set.
const fn mutable_element(name: &'static str) -> Member {
    Member::Named(name, name, get, Some(set))
}

/// The `DOMMatrixReadOnly` interface.
pub(crate) static DOM_MATRIX_READ_ONLY: Interface = Interface {
    constructor: Some((0, |target, args, ctx| construct(target, args, false, ctx))),
    members: &[
        &[
            element("a"),
            element("b"),
            element("c"),
            element("d"),
            element("e"),
            element("f"),
            element("m11"),
            element("m12"),
            element("m13"),
            element("m14"),
            element("m21"),
            element("m22"),
            element("m23"),
            element("m24"),
            element("m31"),
            element("m32"),
            element("m33"),
            element("m34"),
            element("m41"),
            element("m42"),
            element("m43"),
            element("m44"),
            Member::Attribute("is2D", |this, _| Ok(matrix(this)?.is_2d().into()), None),
            Member::Attribute(
                "isIdentity",
                |this, _| Ok(matrix(this)?.is_identity().into()),
                None,
            ),
        ],
        &[
            Member::Static("fromMatrix", 0, |args, ctx| from_matrix(args, false, ctx)),
            Member::Static("fromFloat32Array", 1, |args, ctx| {
                from_float32_array(args, false, ctx)
            }),
            Member::Static("fromFloat64Array", 1, |args, ctx| {
                from_float64_array(args, false, ctx)
            }),
            Member::Operation("translate", 0, |this, args, ctx| {
                changed(this, translate(args, ctx)?, ctx)
            }),
            Member::Operation("scale", 0, |this, args, ctx| {
                changed(this, scale(args, ctx)?, ctx)
            }),
            Member::Operation("scaleNonUniform", 0, |this, args, ctx| {
                let by = [number(args, 0, 1.0, ctx)?, number(args, 1, 1.0, ctx)?, 1.0];
                changed(this, Change::Scale(by, [0.0; 3]), ctx)
            }),
            Member::Operation("scale3d", 0, |this, args, ctx| {
                changed(this, scale3d(args, ctx)?, ctx)
            }),
            Member::Operation("rotate", 0, |this, args, ctx| {
                changed(this, rotate(args, ctx)?, ctx)
            }),
            Member::Operation("rotateFromVector", 0, |this, args, ctx| {
                changed(this, rotate_from_vector(args, ctx)?, ctx)
            }),
            Member::Operation("rotateAxisAngle", 0, |this, args, ctx| {
                changed(this, rotate_axis_angle(args, ctx)?, ctx)
            }),
            Member::Operation("skewX", 0, |this, args, ctx| {
                changed(this, Change::SkewX(number(args, 0, 0.0, ctx)?), ctx)
            }),
            Member::Operation("skewY", 0, |this, args, ctx| {
                changed(this, Change::SkewY(number(args, 0, 0.0, ctx)?), ctx)
            }),
            Member::Operation("multiply", 0, |this, args, ctx| {
                let other = matrix_init(&argument(args, 0), ctx)?;
                changed(this, Change::Multiply(other), ctx)
            }),
            Member::Operation("flipX", 0, |this, _, ctx| changed(this, Change::FlipX, ctx)),
            Member::Operation("flipY", 0, |this, _, ctx| changed(this, Change::FlipY, ctx)),
            Member::Operation("inverse", 0, |this, _, ctx| {
                changed(this, Change::Invert, ctx)
            }),
            Member::Operation("transformPoint", 0, |this, args, ctx| {
                let init = point::point_init(&argument(args, 0), ctx)?;
                let transformed = matrix(this)?.transform(init);
                Ok(point::create_here(transformed, true, ctx).into())
            }),
            Member::Operation("toFloat32Array", 0, |this, _, ctx| {
                #[allow(
                    clippy::cast_possible_truncation,
                    reason = "the array has less precision"
                )]
                let elements = matrix(this)?.elements().map(|element| element as f32);
                Ok(JsFloat32Array::from_iter(elements, ctx)?.into())
            }),
            Member::Operation("toFloat64Array", 0, |this, _, ctx| {
                Ok(JsFloat64Array::from_iter(matrix(this)?.elements(), ctx)?.into())
            }),
            Member::Operation("toString", 0, stringifier),
            Member::Operation("toJSON", 0, |this, _, ctx| {
                let matrix = matrix(this)?;
                let elements = ELEMENTS
                    .into_iter()
                    .map(|name| (name, matrix.get(name).unwrap_or_default().into()));
                let flags = [
                    ("is2D", matrix.is_2d().into()),
                    ("isIdentity", matrix.is_identity().into()),
                ];
                Ok(to_json(elements.chain(flags), ctx))
            }),
        ],
    ],
    window_only: &["toString"],
    ..Interface::new("DOMMatrixReadOnly")
};

/// The `DOMMatrix` interface.
pub(crate) static DOM_MATRIX: Interface = Interface {
    parent: Some(&DOM_MATRIX_READ_ONLY),
    constructor: Some((0, |target, args, ctx| construct(target, args, true, ctx))),
    members: &[
        &[
            mutable_element("a"),
            mutable_element("b"),
            mutable_element("c"),
            mutable_element("d"),
            mutable_element("e"),
            mutable_element("f"),
            mutable_element("m11"),
            mutable_element("m12"),
            mutable_element("m13"),
            mutable_element("m14"),
            mutable_element("m21"),
            mutable_element("m22"),
            mutable_element("m23"),
            mutable_element("m24"),
            mutable_element("m31"),
            mutable_element("m32"),
            mutable_element("m33"),
            mutable_element("m34"),
            mutable_element("m41"),
            mutable_element("m42"),
            mutable_element("m43"),
            mutable_element("m44"),
        ],
        &[
            Member::Static("fromMatrix", 0, |args, ctx| from_matrix(args, true, ctx)),
            Member::Static("fromFloat32Array", 1, |args, ctx| {
                from_float32_array(args, true, ctx)
            }),
            Member::Static("fromFloat64Array", 1, |args, ctx| {
                from_float64_array(args, true, ctx)
            }),
            Member::Operation("multiplySelf", 0, |this, args, ctx| {
                let other = matrix_init(&argument(args, 0), ctx)?;
                change(this, Change::Multiply(other))
            }),
            Member::Operation("preMultiplySelf", 0, |this, args, ctx| {
                let other = matrix_init(&argument(args, 0), ctx)?;
                change(this, Change::PreMultiply(other))
            }),
            Member::Operation("translateSelf", 0, |this, args, ctx| {
                change(this, translate(args, ctx)?)
            }),
            Member::Operation("scaleSelf", 0, |this, args, ctx| {
                change(this, scale(args, ctx)?)
            }),
            Member::Operation("scale3dSelf", 0, |this, args, ctx| {
                change(this, scale3d(args, ctx)?)
            }),
            Member::Operation("rotateSelf", 0, |this, args, ctx| {
                change(this, rotate(args, ctx)?)
            }),
            Member::Operation("rotateFromVectorSelf", 0, |this, args, ctx| {
                change(this, rotate_from_vector(args, ctx)?)
            }),
            Member::Operation("rotateAxisAngleSelf", 0, |this, args, ctx| {
                change(this, rotate_axis_angle(args, ctx)?)
            }),
            Member::Operation("skewXSelf", 0, |this, args, ctx| {
                change(this, Change::SkewX(number(args, 0, 0.0, ctx)?))
            }),
            Member::Operation("skewYSelf", 0, |this, args, ctx| {
                change(this, Change::SkewY(number(args, 0, 0.0, ctx)?))
            }),
            Member::Operation("invertSelf", 0, |this, _, _| change(this, Change::Invert)),
            Member::Operation("setMatrixValue", 1, |this, args, ctx| {
                let text = dom_string(&argument(args, 0), ctx)?;
                let parsed = parse(&text, ctx)?;
                super::change(this, |matrix| *matrix = parsed)?;
                Ok(this.clone().into())
            }),
        ],
    ],
    window_only: &["setMatrixValue"],
    ..Interface::new("DOMMatrix")
};

/// The elements, in the order of the interface.
const ELEMENTS: [&str; 22] = [
    "a", "b", "c", "d", "e", "f", "m11", "m12", "m13", "m14", "m21", "m22", "m23", "m24", "m31",
    "m32", "m33", "m34", "m41", "m42", "m43", "m44",
];

/// The numbers of a `DOMMatrixInit`, in the order in which they are read, but for `is2D`, which
/// stands between those of [`DOMMatrix2DInit`](https://drafts.fxtf.org/geometry/#dictdef-dommatrix2dinit)
/// and the others.
const INIT_2D: [&str; 12] = [
    "a", "b", "c", "d", "e", "f", "m11", "m12", "m21", "m22", "m41", "m42",
];
const INIT_3D: [&str; 10] = [
    "m13", "m14", "m23", "m24", "m31", "m32", "m33", "m34", "m43", "m44",
];

fn matrix(this: &JsObject) -> JsResult<Matrix> {
    shape(this)
}

fn get(this: &JsObject, name: &'static str, _: &mut Context) -> JsResult<JsValue> {
    Ok(matrix(this)?.get(name).unwrap_or_default().into())
}

fn set(this: &JsObject, name: &'static str, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let value = value.to_number(ctx)?;
    super::change(this, |matrix: &mut Matrix| matrix.set(name, value))
}

/// Answers with a changed copy of the receiver.
fn changed(this: &JsObject, change: Change, ctx: &mut Context) -> JsResult<JsValue> {
    let mut copy = matrix(this)?;
    copy.change(change);
    Ok(create_here(copy, true, ctx))
}

/// Changes the receiver, and answers with it.
fn change(this: &JsObject, change: Change) -> JsResult<JsValue> {
    super::change(this, |matrix: &mut Matrix| matrix.change(change))?;
    Ok(this.clone().into())
}

fn three(args: &[JsValue], start: usize, ctx: &mut Context) -> JsResult<[f64; 3]> {
    Ok([
        number(args, start, 0.0, ctx)?,
        number(args, start + 1, 0.0, ctx)?,
        number(args, start + 2, 0.0, ctx)?,
    ])
}

fn translate(args: &[JsValue], ctx: &mut Context) -> JsResult<Change> {
    Ok(Change::Translate(three(args, 0, ctx)?))
}

fn scale(args: &[JsValue], ctx: &mut Context) -> JsResult<Change> {
    let x = number(args, 0, 1.0, ctx)?;
    // Where the second is missing, it is as the first.
    let y = number(args, 1, x, ctx)?;
    let z = number(args, 2, 1.0, ctx)?;
    Ok(Change::Scale([x, y, z], three(args, 3, ctx)?))
}

fn scale3d(args: &[JsValue], ctx: &mut Context) -> JsResult<Change> {
    let by = number(args, 0, 1.0, ctx)?;
    Ok(Change::Scale3d(by, three(args, 1, ctx)?))
}

fn rotate(args: &[JsValue], ctx: &mut Context) -> JsResult<Change> {
    let x = number(args, 0, 0.0, ctx)?;
    let y = given_number(args, 1, ctx)?;
    let z = given_number(args, 2, ctx)?;
    Ok(Change::Rotate(match (y, z) {
        (None, None) => [0.0, 0.0, x],
        _ => [x, y.unwrap_or(0.0), z.unwrap_or(0.0)],
    }))
}

fn rotate_from_vector(args: &[JsValue], ctx: &mut Context) -> JsResult<Change> {
    let x = number(args, 0, 0.0, ctx)?;
    Ok(Change::RotateFromVector(x, number(args, 1, 0.0, ctx)?))
}

fn rotate_axis_angle(args: &[JsValue], ctx: &mut Context) -> JsResult<Change> {
    let axis = three(args, 0, ctx)?;
    Ok(Change::RotateAxisAngle(axis, number(args, 3, 0.0, ctx)?))
}

/// [The stringification behavior](https://drafts.fxtf.org/geometry/#dommatrixreadonly-stringification-behavior)
fn stringifier(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let matrix = matrix(this)?;
    let all = matrix.elements();
    if all.iter().any(|element| !element.is_finite()) {
        let message = "a matrix with elements that are not finite has no text";
        return Err(exception::throw("InvalidStateError", message, ctx));
    }
    let (name, elements) = match matrix.is_2d() {
        true => ("matrix", matrix.elements_2d().to_vec()),
        false => ("matrix3d", all.to_vec()),
    };
    let mut texts = Vec::with_capacity(elements.len());
    for element in elements {
        let text = JsValue::from(element).to_string(ctx)?;
        texts.push(text.to_std_string_lossy());
    }
    Ok(JsString::from(format!("{name}({})", texts.join(", "))).into())
}

/// [The constructors](https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-dommatrixreadonly)
fn construct(
    target: &NewTarget,
    args: &[JsValue],
    mutable: bool,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let matrix = match optional(args, 0) {
        None => Matrix::default(),
        Some(init) => of_init(init, ctx)?,
    };
    target.create(
        GeometryData {
            shape: Shape::Matrix(matrix),
            mutable,
        },
        ctx,
    )
}

/// A string, or a sequence of numbers.
fn of_init(init: &JsValue, ctx: &mut Context) -> JsResult<Matrix> {
    if let Some(object) = init.as_object() {
        let method = object.get(JsSymbol::iterator(), ctx)?;
        if !method.is_null_or_undefined() {
            let method = method.as_callable().ok_or_else(|| {
                JsNativeError::typ().with_message("the iterator of the value is not callable")
            })?;
            let mut elements = Vec::new();
            for value in sequence_from_iterable(&object, &method, ctx)? {
                elements.push(value.to_number(ctx)?);
            }
            return from_elements(&elements);
        }
    }
    let text = dom_string(init, ctx)?;
    if !webidl::is_window(&ctx.global_object()) {
        let message = "a matrix is made of text in windows only";
        return Err(JsNativeError::typ().with_message(message).into());
    }
    parse(&text, ctx)
}

fn parse(text: &str, ctx: &mut Context) -> JsResult<Matrix> {
    parse_matrix(text).ok_or_else(|| {
        let message = format!("{text:?} is no transform list without relative lengths");
        exception::throw("SyntaxError", &message, ctx)
    })
}

fn from_elements(elements: &[f64]) -> JsResult<Matrix> {
    Matrix::from_elements(elements).ok_or_else(|| {
        let message = format!("a matrix has 6 or 16 elements, not {}", elements.len());
        JsNativeError::typ().with_message(message).into()
    })
}

/// [`fromMatrix()`](https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-frommatrix)
fn from_matrix(args: &[JsValue], mutable: bool, ctx: &mut Context) -> JsResult<JsValue> {
    let matrix = matrix_init(&argument(args, 0), ctx)?;
    Ok(create_here(matrix, mutable, ctx))
}

/// [`fromFloat32Array()`](https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-fromfloat32array)
fn from_float32_array(args: &[JsValue], mutable: bool, ctx: &mut Context) -> JsResult<JsValue> {
    let array = argument(args, 0).as_object();
    let array = array.and_then(|array| JsFloat32Array::from_object(array).ok());
    let Some(array) = array else {
        return Err(not_an_array("Float32Array"));
    };
    from_array(&array.into(), mutable, ctx)
}

/// [`fromFloat64Array()`](https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-fromfloat64array)
fn from_float64_array(args: &[JsValue], mutable: bool, ctx: &mut Context) -> JsResult<JsValue> {
    let array = argument(args, 0).as_object();
    let array = array.and_then(|array| JsFloat64Array::from_object(array).ok());
    let Some(array) = array else {
        return Err(not_an_array("Float64Array"));
    };
    from_array(&array.into(), mutable, ctx)
}

fn not_an_array(name: &str) -> boa_engine::JsError {
    JsNativeError::typ()
        .with_message(format!("parameter 1 is not of type '{name}'."))
        .into()
}

/// Of the elements of a typed array: its own indices, so no script runs.
fn from_array(array: &JsObject, mutable: bool, ctx: &mut Context) -> JsResult<JsValue> {
    let mut elements = Vec::new();
    // One more than there may be, so that too many are seen to be.
    for index in 0..=16_u32 {
        match array.get(index, ctx)?.as_number() {
            Some(element) => elements.push(element),
            None => break,
        }
    }
    let matrix = from_elements(&elements)?;
    Ok(create_here(matrix, mutable, ctx))
}

/// A [`DOMMatrixInit`](https://drafts.fxtf.org/geometry/#dictdef-dommatrixinit) as a matrix.
pub(super) fn matrix_init(value: &JsValue, ctx: &mut Context) -> JsResult<Matrix> {
    let dictionary = Dictionary::new(value)?;
    let mut init = MatrixInit::default();
    for (is_first_of_3d, name) in INIT_2D
        .into_iter()
        .map(|name| (false, name))
        .chain(INIT_3D.into_iter().map(|name| (name == INIT_3D[0], name)))
    {
        if is_first_of_3d {
            let is_2d = dictionary.get("is2D", ctx)?;
            init.is_2d = is_2d.map(|value| value.to_boolean());
        }
        if let Some(value) = dictionary.get(name, ctx)? {
            init.elements.push((name, value.to_number(ctx)?));
        }
    }
    init.validate_and_fixup().map_err(|(one, other)| {
        let message = format!("the members '{one}' and '{other}' contradict each other");
        JsNativeError::typ().with_message(message).into()
    })
}

/// Creates a matrix in `realm`.
pub(super) fn create(matrix: Matrix, mutable: bool, realm: &Realm, ctx: &mut Context) -> JsObject {
    let interface = match mutable {
        true => &DOM_MATRIX,
        false => &DOM_MATRIX_READ_ONLY,
    };
    let kind = GeometryData {
        shape: Shape::Matrix(matrix),
        mutable,
    };
    webidl::create_object(realm, interface, kind, ctx)
}

fn create_here(matrix: Matrix, mutable: bool, ctx: &mut Context) -> JsValue {
    let realm = ctx.realm().clone();
    create(matrix, mutable, &realm, ctx).into()
}
