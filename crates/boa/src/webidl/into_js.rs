//! Conversions from Rust to JavaScript, for the results of steps ([Web IDL, JavaScript type
//! mapping](https://webidl.spec.whatwg.org/#js-type-mapping)).

use boa_engine::object::builtins::{JsArray, JsPromise};
use boa_engine::{Context, JsObject, JsResult, JsString, JsSymbol, JsValue};

/// A type that converts to a JavaScript value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not become a JavaScript value",
    note = "the results of steps are values, options or lists of types that implement `IntoJs`, alone or in a `JsResult`"
)]
pub trait IntoJs {
    /// Converts to a value, or returns the exception to throw.
    fn into_js(self, cx: &mut Context) -> JsResult<JsValue>;
}

impl<T: IntoJs> IntoJs for JsResult<T> {
    fn into_js(self, cx: &mut Context) -> JsResult<JsValue> {
        self?.into_js(cx)
    }
}

/// `None` becomes null.
impl<T: IntoJs> IntoJs for Option<T> {
    fn into_js(self, cx: &mut Context) -> JsResult<JsValue> {
        self.map_or(Ok(JsValue::null()), |value| value.into_js(cx))
    }
}

/// A sequence becomes a new array.
impl<T: IntoJs> IntoJs for Vec<T> {
    fn into_js(self, cx: &mut Context) -> JsResult<JsValue> {
        let values: Vec<JsValue> = self
            .into_iter()
            .map(|value| value.into_js(cx))
            .collect::<JsResult<_>>()?;
        Ok(JsArray::from_iter(values, cx).into())
    }
}

impl IntoJs for () {
    fn into_js(self, _: &mut Context) -> JsResult<JsValue> {
        Ok(JsValue::undefined())
    }
}

impl IntoJs for &str {
    fn into_js(self, _: &mut Context) -> JsResult<JsValue> {
        Ok(JsString::from(self).into())
    }
}

impl IntoJs for String {
    fn into_js(self, _: &mut Context) -> JsResult<JsValue> {
        Ok(JsString::from(self.as_str()).into())
    }
}

impl IntoJs for usize {
    fn into_js(self, _: &mut Context) -> JsResult<JsValue> {
        Ok(self.into())
    }
}

macro_rules! into_js {
    ($($ty:ty),*) => {
        $(
            impl IntoJs for $ty {
                fn into_js(self, _: &mut Context) -> JsResult<JsValue> {
                    Ok(JsValue::from(self))
                }
            }
        )*
    };
}

into_js!(
    JsObject, JsString, JsArray, JsPromise, JsSymbol, bool, i8, u8, i16, u16, i32, u32, i64, u64,
    f32, f64
);

impl IntoJs for JsValue {
    fn into_js(self, _: &mut Context) -> JsResult<JsValue> {
        Ok(self)
    }
}
