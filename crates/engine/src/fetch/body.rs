//! Bodies ([Fetch, Body mixin](https://fetch.spec.whatwg.org/#body-mixin)).

use std::sync::Arc;

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue};

use super::response;
use crate::file::blob;
use crate::file::blob::BlobData;
use crate::file::blob_read;
use crate::file::blob_read::Package;
use crate::script::settlement;
use crate::url::url_search_params;
use crate::webidl::Member;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::convert::usv_string;
use crate::webidl::platform;

/// A [body](https://fetch.spec.whatwg.org/#concept-body).
#[derive(Clone)]
pub(super) struct Body {
    pub(super) bytes: BlobData,
    /// Whether it was read.
    pub(super) used: bool,
}

/// [Extract a body with type](https://fetch.spec.whatwg.org/#concept-bodyinit-extract)
pub(super) fn extract(value: &JsValue, ctx: &mut Context) -> JsResult<(Body, Option<String>)> {
    let whole = |bytes| BlobData::new(Arc::new(bytes), String::new(), None);
    let (bytes, content_type) = match value.as_object() {
        Some(object) => {
            if let Some(blob) = blob::as_blob(&object) {
                let content_type = blob.content_type.clone();
                (blob, Some(content_type).filter(|text| !text.is_empty()))
            } else if let Some(source) = BufferSource::new(&object, ctx)? {
                (whole(source.bytes(ctx)?), None)
            } else if let Some(query) = url_search_params::serialized(&object) {
                let content_type = "application/x-www-form-urlencoded;charset=UTF-8";
                (whole(query.into_bytes()), Some(content_type.to_owned()))
            } else {
                text(value, ctx)?
            }
        }
        None => text(value, ctx)?,
    };
    let body = Body { bytes, used: false };
    Ok((body, content_type))
}

fn text(value: &JsValue, ctx: &mut Context) -> JsResult<(BlobData, Option<String>)> {
    let bytes = usv_string(value, ctx)?.into_bytes();
    let blob = BlobData::new(Arc::new(bytes), String::new(), None);
    Ok((blob, Some("text/plain;charset=UTF-8".to_owned())))
}

/// The members of the mixin.
pub(super) const MEMBERS: &[Member] = &[
    Member::Attribute(
        "bodyUsed",
        |this, _| response::with_body(this, |body| body.is_some_and(|body| body.used).into()),
        None,
    ),
    Member::Operation("arrayBuffer", 0, |this, _, ctx| {
        consume(this, Form::Package(Package::ArrayBuffer), ctx)
    }),
    Member::Operation("blob", 0, |this, _, ctx| consume(this, Form::Blob, ctx)),
    Member::Operation("bytes", 0, |this, _, ctx| {
        consume(this, Form::Package(Package::Bytes), ctx)
    }),
    Member::Operation("json", 0, |this, _, ctx| consume(this, Form::Json, ctx)),
    Member::Operation("text", 0, |this, _, ctx| {
        consume(this, Form::Package(Package::Text), ctx)
    }),
];

/// What a body is read as.
enum Form {
    Package(Package),
    Blob,
    Json,
}

/// [Consume body](https://fetch.spec.whatwg.org/#concept-body-consume-body): all bytes are there,
/// so that the promise is settled at once.
fn consume(this: &JsObject, form: Form, ctx: &mut Context) -> JsResult<JsValue> {
    let read = read(this, form, ctx);
    let promise = match read {
        Ok(value) => JsPromise::resolve(value, ctx).map(JsValue::from),
        Err(error) => Err(error),
    };
    settlement::promised(promise, ctx)
}

fn read(this: &JsObject, form: Form, ctx: &mut Context) -> JsResult<JsValue> {
    let empty = || BlobData::new(Arc::new(Vec::new()), String::new(), None);
    let taken = response::with_body_mut(this, |body| match body {
        None => Some(empty()),
        Some(body) => {
            let unusable = std::mem::replace(&mut body.used, true);
            (!unusable).then(|| body.bytes.clone())
        }
    })?;
    let Some(blob) = taken else {
        return Err(JsNativeError::typ()
            .with_message("the body has been read already")
            .into());
    };
    match form {
        Form::Package(package) => blob_read::package_data(&blob, &package, ctx),
        Form::Blob => {
            let content_type = response::mime_type(this)?;
            let bytes = Arc::new(blob.bytes().to_vec());
            let realm = ctx.realm().clone();
            let data = BlobData::new(bytes, content_type, None);
            Ok(blob::create(data, &realm, ctx).into())
        }
        Form::Json => {
            let text = blob_read::package_data(&blob, &Package::Text, ctx)?;
            parse_json(&text, ctx)
        }
    }
}

/// [Parse JSON](https://infra.spec.whatwg.org/#parse-json-bytes-to-a-javascript-value)
fn parse_json(text: &JsValue, ctx: &mut Context) -> JsResult<JsValue> {
    let json = ctx.intrinsics().objects().json();
    let parse = crate::boa::functions::intrinsic_method(&json, "parse");
    let parse = parse.ok_or_else(platform::illegal_invocation)?;
    parse.call(&JsValue::undefined(), std::slice::from_ref(text), ctx)
}

/// [Serialize a JavaScript value to JSON](https://infra.spec.whatwg.org/#serialize-a-javascript-value-to-json-bytes)
pub(super) fn serialize_json(value: &JsValue, ctx: &mut Context) -> JsResult<JsString> {
    let json = ctx.intrinsics().objects().json();
    let stringify = crate::boa::functions::intrinsic_method(&json, "stringify");
    let stringify = stringify.ok_or_else(platform::illegal_invocation)?;
    let text = stringify.call(&JsValue::undefined(), std::slice::from_ref(value), ctx)?;
    text.as_string().ok_or_else(|| {
        JsNativeError::typ()
            .with_message("the value cannot be represented as JSON")
            .into()
    })
}
