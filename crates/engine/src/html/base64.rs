//! `btoa` and `atob` ([HTML, Base64 utility methods](https://html.spec.whatwg.org/multipage/webappapis.html#atob)).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use boa_engine::string::JsStr;
use boa_engine::{Context, JsResult, JsString};

use crate::webidl::exception::throw;

/// The code units as bytes, if all of them are below 256.
fn isomorphic_encode(text: &JsString) -> Option<Vec<u8>> {
    text.iter().map(|unit| u8::try_from(unit).ok()).collect()
}

/// [btoa](https://html.spec.whatwg.org/multipage/webappapis.html#dom-btoa)
pub(crate) fn btoa(data: &JsString, cx: &mut Context) -> JsResult<String> {
    let Some(bytes) = isomorphic_encode(data) else {
        let message = "The string to be encoded contains characters outside of the Latin1 range.";
        return Err(throw("InvalidCharacterError", message, cx));
    };
    Ok(STANDARD.encode(bytes))
}

/// [atob](https://html.spec.whatwg.org/multipage/webappapis.html#dom-atob)
pub(crate) fn atob(data: &JsString, cx: &mut Context) -> JsResult<JsString> {
    let bytes = isomorphic_encode(data);
    let decoded = bytes.and_then(|bytes| data_url::forgiving_base64::decode_to_vec(&bytes).ok());
    let Some(bytes) = decoded else {
        let message = "The string to be decoded is not correctly encoded.";
        return Err(throw("InvalidCharacterError", message, cx));
    };
    Ok(JsString::from(JsStr::latin1(&bytes)))
}
