//! [`DOMMatrixReadOnly` and `DOMMatrix`](https://drafts.fxtf.org/geometry/#DOMMatrix).

use boa_engine::object::builtins::{
    JsFloat32Array as Float32Array, JsFloat64Array as Float64Array,
};
use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::clone::MATRIX_STEPS;
use super::default_to_json;
use super::matrix_init::{DOMMatrixInit, construct, from_array, parse};
use super::point::{DOM_POINT, DOMPointInit};
use crate::geometry::Matrix;
use crate::webidl::{create_here, exception, interface, platform};

interface! {
    /// The `DOMMatrixReadOnly` interface.
    [Exposed=(Window,Worker), Serializable=MATRIX_STEPS]
    interface DOMMatrixReadOnly(Matrix) {
        constructor(optional MatrixText init) = |init, cx| construct(init, cx);
        [NewObject] static DOMMatrixReadOnly fromMatrix(optional DOMMatrixInit other = {}) =
            |other, cx| create_here(&DOM_MATRIX_READ_ONLY, other.0, cx);
        [NewObject] static DOMMatrixReadOnly fromFloat32Array(Float32Array array32) =
            |array, cx| JsResult::Ok(create_here(&DOM_MATRIX_READ_ONLY, from_array(array, cx)?, cx));
        [NewObject] static DOMMatrixReadOnly fromFloat64Array(Float64Array array64) =
            |array, cx| JsResult::Ok(create_here(&DOM_MATRIX_READ_ONLY, from_array(array, cx)?, cx));

        readonly attribute unrestricted double a = |matrix| matrix.at(0, 0);
        readonly attribute unrestricted double b = |matrix| matrix.at(0, 1);
        readonly attribute unrestricted double c = |matrix| matrix.at(1, 0);
        readonly attribute unrestricted double d = |matrix| matrix.at(1, 1);
        readonly attribute unrestricted double e = |matrix| matrix.at(3, 0);
        readonly attribute unrestricted double f = |matrix| matrix.at(3, 1);
        readonly attribute unrestricted double m11 = |matrix| matrix.at(0, 0);
        readonly attribute unrestricted double m12 = |matrix| matrix.at(0, 1);
        readonly attribute unrestricted double m13 = |matrix| matrix.at(0, 2);
        readonly attribute unrestricted double m14 = |matrix| matrix.at(0, 3);
        readonly attribute unrestricted double m21 = |matrix| matrix.at(1, 0);
        readonly attribute unrestricted double m22 = |matrix| matrix.at(1, 1);
        readonly attribute unrestricted double m23 = |matrix| matrix.at(1, 2);
        readonly attribute unrestricted double m24 = |matrix| matrix.at(1, 3);
        readonly attribute unrestricted double m31 = |matrix| matrix.at(2, 0);
        readonly attribute unrestricted double m32 = |matrix| matrix.at(2, 1);
        readonly attribute unrestricted double m33 = |matrix| matrix.at(2, 2);
        readonly attribute unrestricted double m34 = |matrix| matrix.at(2, 3);
        readonly attribute unrestricted double m41 = |matrix| matrix.at(3, 0);
        readonly attribute unrestricted double m42 = |matrix| matrix.at(3, 1);
        readonly attribute unrestricted double m43 = |matrix| matrix.at(3, 2);
        readonly attribute unrestricted double m44 = |matrix| matrix.at(3, 3);
        readonly attribute boolean is2D = |matrix| matrix.is_2d();
        readonly attribute boolean isIdentity = |matrix| matrix.is_identity();

        [NewObject] DOMMatrix translate(optional unrestricted double tx = 0, optional unrestricted double ty = 0, optional unrestricted double tz = 0) =
            |this, tx, ty, tz, cx| changed(this, cx, |matrix| matrix.translate([tx, ty, tz]));
        [NewObject] DOMMatrix scale(optional unrestricted double scaleX = 1, optional unrestricted double scaleY, optional unrestricted double scaleZ = 1, optional unrestricted double originX = 0, optional unrestricted double originY = 0, optional unrestricted double originZ = 0) =
            |this, scale_x, scale_y, scale_z, origin_x, origin_y, origin_z, cx| changed(this, cx, |matrix| matrix.scale([scale_x, scale_y.unwrap_or(scale_x), scale_z], [origin_x, origin_y, origin_z]));
        [NewObject] DOMMatrix scaleNonUniform(optional unrestricted double scaleX = 1, optional unrestricted double scaleY = 1) =
            |this, scale_x, scale_y, cx| changed(this, cx, |matrix| matrix.scale([scale_x, scale_y, 1.0], [0.0; 3]));
        [NewObject] DOMMatrix scale3d(optional unrestricted double scale = 1, optional unrestricted double originX = 0, optional unrestricted double originY = 0, optional unrestricted double originZ = 0) =
            |this, scale, origin_x, origin_y, origin_z, cx| changed(this, cx, |matrix| matrix.scale([scale; 3], [origin_x, origin_y, origin_z]));
        [NewObject] DOMMatrix rotate(optional unrestricted double rotX = 0, optional unrestricted double rotY, optional unrestricted double rotZ) =
            |this, rot_x, rot_y, rot_z, cx| changed(this, cx, |matrix| matrix.rotate(rot_x, rot_y, rot_z));
        [NewObject] DOMMatrix rotateFromVector(optional unrestricted double x = 0, optional unrestricted double y = 0) =
            |this, x, y, cx| changed(this, cx, |matrix| matrix.rotate_from_vector(x, y));
        [NewObject] DOMMatrix rotateAxisAngle(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double z = 0, optional unrestricted double angle = 0) =
            |this, x, y, z, angle, cx| changed(this, cx, |matrix| matrix.rotate_axis_angle([x, y, z], angle));
        [NewObject] DOMMatrix skewX(optional unrestricted double sx = 0) =
            |this, sx, cx| changed(this, cx, |matrix| matrix.skew_x(sx));
        [NewObject] DOMMatrix skewY(optional unrestricted double sy = 0) =
            |this, sy, cx| changed(this, cx, |matrix| matrix.skew_y(sy));
        [NewObject] DOMMatrix multiply(optional DOMMatrixInit other = {}) =
            |this, other, cx| changed(this, cx, |matrix| matrix.multiply(&other.0));
        [NewObject] DOMMatrix flipX() = |this, cx| changed(this, cx, Matrix::flip_x);
        [NewObject] DOMMatrix flipY() = |this, cx| changed(this, cx, Matrix::flip_y);
        [NewObject] DOMMatrix inverse() = |this, cx| changed(this, cx, Matrix::invert);
        [NewObject] DOMPoint transformPoint(optional DOMPointInit point = {}) =
            |matrix: Matrix, point, cx| create_here(&DOM_POINT, matrix.transform(point.into()), cx);
        [NewObject] Float32Array toFloat32Array() = |matrix: Matrix, cx| {
            #[allow(clippy::cast_possible_truncation, reason = "the array has less precision")]
            let elements = matrix.elements().map(|element| element as f32);
            Float32Array::from_iter(elements, cx).map(JsObject::from)
        };
        [NewObject] Float64Array toFloat64Array() =
            |matrix: Matrix, cx| Float64Array::from_iter(matrix.elements(), cx).map(JsObject::from);
        [Exposed=Window] stringifier;
        [Default] object toJSON() = |this, cx| default_to_json(this, &DOM_MATRIX_READ_ONLY, cx);
    }

    /// The `DOMMatrix` interface.
    [Exposed=(Window,Worker), Serializable=MATRIX_STEPS, LegacyWindowAlias=(SVGMatrix,WebKitCSSMatrix)]
    interface DOMMatrix(Matrix) : DOMMatrixReadOnly {
        constructor(optional MatrixText init) = |init, cx| construct(init, cx);
        [NewObject] static DOMMatrix fromMatrix(optional DOMMatrixInit other = {}) =
            |other, cx| create_here(&DOM_MATRIX, other.0, cx);
        [NewObject] static DOMMatrix fromFloat32Array(Float32Array array32) =
            |array, cx| JsResult::Ok(create_here(&DOM_MATRIX, from_array(array, cx)?, cx));
        [NewObject] static DOMMatrix fromFloat64Array(Float64Array array64) =
            |array, cx| JsResult::Ok(create_here(&DOM_MATRIX, from_array(array, cx)?, cx));

        inherit attribute unrestricted double a = |matrix| matrix.at(0, 0), |matrix, value| matrix.set(0, 0, value);
        inherit attribute unrestricted double b = |matrix| matrix.at(0, 1), |matrix, value| matrix.set(0, 1, value);
        inherit attribute unrestricted double c = |matrix| matrix.at(1, 0), |matrix, value| matrix.set(1, 0, value);
        inherit attribute unrestricted double d = |matrix| matrix.at(1, 1), |matrix, value| matrix.set(1, 1, value);
        inherit attribute unrestricted double e = |matrix| matrix.at(3, 0), |matrix, value| matrix.set(3, 0, value);
        inherit attribute unrestricted double f = |matrix| matrix.at(3, 1), |matrix, value| matrix.set(3, 1, value);
        inherit attribute unrestricted double m11 = |matrix| matrix.at(0, 0), |matrix, value| matrix.set(0, 0, value);
        inherit attribute unrestricted double m12 = |matrix| matrix.at(0, 1), |matrix, value| matrix.set(0, 1, value);
        inherit attribute unrestricted double m13 = |matrix| matrix.at(0, 2), |matrix, value| matrix.set(0, 2, value);
        inherit attribute unrestricted double m14 = |matrix| matrix.at(0, 3), |matrix, value| matrix.set(0, 3, value);
        inherit attribute unrestricted double m21 = |matrix| matrix.at(1, 0), |matrix, value| matrix.set(1, 0, value);
        inherit attribute unrestricted double m22 = |matrix| matrix.at(1, 1), |matrix, value| matrix.set(1, 1, value);
        inherit attribute unrestricted double m23 = |matrix| matrix.at(1, 2), |matrix, value| matrix.set(1, 2, value);
        inherit attribute unrestricted double m24 = |matrix| matrix.at(1, 3), |matrix, value| matrix.set(1, 3, value);
        inherit attribute unrestricted double m31 = |matrix| matrix.at(2, 0), |matrix, value| matrix.set(2, 0, value);
        inherit attribute unrestricted double m32 = |matrix| matrix.at(2, 1), |matrix, value| matrix.set(2, 1, value);
        inherit attribute unrestricted double m33 = |matrix| matrix.at(2, 2), |matrix, value| matrix.set(2, 2, value);
        inherit attribute unrestricted double m34 = |matrix| matrix.at(2, 3), |matrix, value| matrix.set(2, 3, value);
        inherit attribute unrestricted double m41 = |matrix| matrix.at(3, 0), |matrix, value| matrix.set(3, 0, value);
        inherit attribute unrestricted double m42 = |matrix| matrix.at(3, 1), |matrix, value| matrix.set(3, 1, value);
        inherit attribute unrestricted double m43 = |matrix| matrix.at(3, 2), |matrix, value| matrix.set(3, 2, value);
        inherit attribute unrestricted double m44 = |matrix| matrix.at(3, 3), |matrix, value| matrix.set(3, 3, value);

        DOMMatrix multiplySelf(optional DOMMatrixInit other = {}) =
            |this, other, cx| change(this, cx, |matrix| matrix.multiply(&other.0));
        DOMMatrix preMultiplySelf(optional DOMMatrixInit other = {}) =
            |this, other, cx| change(this, cx, |matrix| matrix.pre_multiply(&other.0));
        DOMMatrix translateSelf(optional unrestricted double tx = 0, optional unrestricted double ty = 0, optional unrestricted double tz = 0) =
            |this, tx, ty, tz, cx| change(this, cx, |matrix| matrix.translate([tx, ty, tz]));
        DOMMatrix scaleSelf(optional unrestricted double scaleX = 1, optional unrestricted double scaleY, optional unrestricted double scaleZ = 1, optional unrestricted double originX = 0, optional unrestricted double originY = 0, optional unrestricted double originZ = 0) =
            |this, scale_x, scale_y, scale_z, origin_x, origin_y, origin_z, cx| change(this, cx, |matrix| matrix.scale([scale_x, scale_y.unwrap_or(scale_x), scale_z], [origin_x, origin_y, origin_z]));
        DOMMatrix scale3dSelf(optional unrestricted double scale = 1, optional unrestricted double originX = 0, optional unrestricted double originY = 0, optional unrestricted double originZ = 0) =
            |this, scale, origin_x, origin_y, origin_z, cx| change(this, cx, |matrix| matrix.scale([scale; 3], [origin_x, origin_y, origin_z]));
        DOMMatrix rotateSelf(optional unrestricted double rotX = 0, optional unrestricted double rotY, optional unrestricted double rotZ) =
            |this, rot_x, rot_y, rot_z, cx| change(this, cx, |matrix| matrix.rotate(rot_x, rot_y, rot_z));
        DOMMatrix rotateFromVectorSelf(optional unrestricted double x = 0, optional unrestricted double y = 0) =
            |this, x, y, cx| change(this, cx, |matrix| matrix.rotate_from_vector(x, y));
        DOMMatrix rotateAxisAngleSelf(optional unrestricted double x = 0, optional unrestricted double y = 0, optional unrestricted double z = 0, optional unrestricted double angle = 0) =
            |this, x, y, z, angle, cx| change(this, cx, |matrix| matrix.rotate_axis_angle([x, y, z], angle));
        DOMMatrix skewXSelf(optional unrestricted double sx = 0) =
            |this, sx, cx| change(this, cx, |matrix| matrix.skew_x(sx));
        DOMMatrix skewYSelf(optional unrestricted double sy = 0) =
            |this, sy, cx| change(this, cx, |matrix| matrix.skew_y(sy));
        DOMMatrix invertSelf() = |this, cx| change(this, cx, Matrix::invert);
        [Exposed=Window] DOMMatrix setMatrixValue(DOMString transformList) = |this, text: &str, cx| {
            let parsed = parse(text, cx)?;
            change(this, cx, |matrix| *matrix = parsed)
        };
    }

    typedef (DOMString or sequence<unrestricted double>) MatrixText;
}

/// Returns a changed copy of the receiver.
fn changed(
    this: &JsObject,
    cx: &mut Context,
    change: impl FnOnce(&mut Matrix),
) -> JsResult<JsObject> {
    let mut copy = platform::read(this, |matrix: &Matrix| *matrix)?;
    change(&mut copy);
    Ok(create_here(&DOM_MATRIX, copy, cx))
}

/// Changes the receiver, and returns it.
fn change(
    this: &JsObject,
    _: &mut Context,
    change: impl FnOnce(&mut Matrix),
) -> JsResult<JsObject> {
    platform::write(this, change)?;
    Ok(this.clone())
}

/// [The stringification behavior](https://drafts.fxtf.org/geometry/#dommatrixreadonly-stringification-behavior)
fn stringify(matrix: &Matrix, cx: &mut Context) -> JsResult<String> {
    // 1. Refuse elements that are not finite.
    let all = matrix.elements();
    if all.iter().any(|element| !element.is_finite()) {
        let message = "A matrix with non-finite elements cannot be converted to text.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    // 2. to 4. Return the CSS function for the matrix, with its elements as JavaScript numbers.
    let (name, elements) = match matrix.is_2d() {
        true => ("matrix", matrix.elements_2d().to_vec()),
        false => ("matrix3d", all.to_vec()),
    };
    let mut texts = Vec::with_capacity(elements.len());
    for element in elements {
        let text = JsValue::from(element).to_string(cx)?;
        texts.push(text.to_std_string_lossy());
    }
    Ok(format!("{name}({})", texts.join(", ")))
}
