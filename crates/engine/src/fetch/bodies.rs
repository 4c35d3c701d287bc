//! Bodies ([Fetch, bodies](https://fetch.spec.whatwg.org/#bodies)): where they come from and how they are read.

use std::sync::Arc;

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};

use super::body::BodyInit;
use super::header_list::HeadersData;
use super::response::ResponseData;
use crate::boa::errors::type_error;
use crate::file::blob::BLOB;
use crate::file::blob_data::BlobData;
use crate::webidl::{create_here, platform};

/// A [body](https://fetch.spec.whatwg.org/#concept-body).
#[derive(Clone)]
pub(super) struct Body {
    pub(super) bytes: BlobData,
    /// Whether it was read.
    pub(super) used: bool,
}

/// [Extract a body with type](https://fetch.spec.whatwg.org/#concept-bodyinit-extract)
pub(super) fn extract(init: BodyInit, cx: &mut Context) -> JsResult<(Body, Option<String>)> {
    let whole = |bytes| BlobData::new(Arc::new(bytes), String::new(), None);
    let (bytes, content_type) = match init {
        BodyInit::Blob(blob) => {
            let content_type = blob.content_type.clone();
            (blob, Some(content_type).filter(|text| !text.is_empty()))
        }
        BodyInit::BufferSource(source) => (whole(source.bytes(cx)?), None),
        BodyInit::URLSearchParams(params) => {
            let content_type = "application/x-www-form-urlencoded;charset=UTF-8";
            let bytes = params.serialize().into_bytes();
            (whole(bytes), Some(content_type.to_owned()))
        }
        BodyInit::UsvString(text) => {
            let content_type = "text/plain;charset=UTF-8".to_owned();
            (whole(text.into_bytes()), Some(content_type))
        }
    };
    let body = Body { bytes, used: false };
    Ok((body, content_type))
}

/// [Consume body](https://fetch.spec.whatwg.org/#concept-body-consume-body)
pub(super) fn consume(
    object: &JsObject,
    cx: &mut Context,
    convert: impl FnOnce(BlobData, &mut Context) -> JsResult<JsValue>,
) -> JsResult<JsValue> {
    // 1. A body that was read rejects. 2. to 6. All bytes are available, so the promise settles now.
    let value = convert(take(object)?, cx)?;
    JsPromise::resolve(value, cx).map(JsValue::from)
}

/// The bytes of a body that was not read; empty without a body.
fn take(object: &JsObject) -> JsResult<BlobData> {
    let taken = platform::write(object, |response: &mut ResponseData| {
        match &mut response.body {
            None => Some(BlobData::new(Arc::new(Vec::new()), String::new(), None)),
            Some(body) => {
                let unusable = std::mem::replace(&mut body.used, true);
                (!unusable).then(|| body.bytes.clone())
            }
        }
    })?;
    let message = "the body has already been read";
    taken.ok_or_else(|| type_error(message))
}

/// A body as a `Blob` with the [MIME type](https://fetch.spec.whatwg.org/#concept-body-mime-type) of
/// the headers.
pub(super) fn blob(object: &JsObject, body: &BlobData, cx: &mut Context) -> JsResult<JsValue> {
    let headers = platform::read(object, |response: &ResponseData| response.headers.clone())?;
    let value = platform::read(&headers, |headers: &HeadersData| {
        headers.get("content-type")
    })?;
    let mime = value.and_then(|value| value.parse::<data_url::mime::Mime>().ok());
    let content_type = mime.map_or_else(String::new, |mime| mime.to_string());
    let data = BlobData::new(Arc::new(body.bytes().to_vec()), content_type, None);
    Ok(create_here(&BLOB, data, cx).into())
}

/// [Parse JSON](https://infra.spec.whatwg.org/#parse-json-bytes-to-a-javascript-value)
pub(super) fn parse_json(text: &JsValue, ctx: &mut Context) -> JsResult<JsValue> {
    let json = ctx.intrinsics().objects().json();
    let parse = crate::boa::functions::intrinsic_method(&json, "parse");
    let parse = parse.ok_or_else(|| type_error("JSON.parse() is missing"))?;
    parse.call(&JsValue::undefined(), std::slice::from_ref(text), ctx)
}

/// [Serialize a JavaScript value to JSON](https://infra.spec.whatwg.org/#serialize-a-javascript-value-to-json-bytes)
pub(super) fn serialize_json(value: &JsValue, ctx: &mut Context) -> JsResult<JsString> {
    let json = ctx.intrinsics().objects().json();
    let stringify = crate::boa::functions::intrinsic_method(&json, "stringify");
    let stringify = stringify.ok_or_else(|| type_error("JSON.stringify() is missing"))?;
    let text = stringify.call(&JsValue::undefined(), std::slice::from_ref(value), ctx)?;
    text.as_string()
        .ok_or_else(|| type_error("the value cannot be represented as JSON"))
}
