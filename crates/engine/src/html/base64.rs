//! `btoa` and `atob` ([HTML, Base64 utility methods](https://html.spec.whatwg.org/multipage/webappapis.html#atob)).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use boa_engine::string::JsStr;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use crate::webidl::Member;
use crate::webidl::convert::argument;
use crate::webidl::exception::throw;

/// The members of the global object.
pub(crate) const MEMBERS: &[Member] = &[
    Member::Operation("btoa", 1, btoa),
    Member::Operation("atob", 1, atob),
];

/// The code units as bytes, if all of them are below 256.
fn isomorphic_encode(text: &JsString) -> Option<Vec<u8>> {
    text.iter().map(|unit| u8::try_from(unit).ok()).collect()
}

/// [btoa](https://html.spec.whatwg.org/multipage/webappapis.html#dom-btoa)
fn btoa(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let data = argument(args, 0).to_string(ctx)?;
    let Some(bytes) = isomorphic_encode(&data) else {
        return Err(throw(
            "InvalidCharacterError",
            "The string to be encoded contains characters outside of the Latin1 range.",
            ctx,
        ));
    };
    Ok(JsString::from(STANDARD.encode(bytes)).into())
}

/// [atob](https://html.spec.whatwg.org/multipage/webappapis.html#dom-atob)
fn atob(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let data = argument(args, 0).to_string(ctx)?;
    let decoded = isomorphic_encode(&data)
        .and_then(|bytes| data_url::forgiving_base64::decode_to_vec(&bytes).ok());
    match decoded {
        Some(bytes) => Ok(JsString::from(JsStr::latin1(&bytes)).into()),
        None => Err(throw(
            "InvalidCharacterError",
            "The string to be decoded is not correctly encoded.",
            ctx,
        )),
    }
}
