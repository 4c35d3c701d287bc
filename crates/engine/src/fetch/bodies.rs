//! Bodies ([Fetch, bodies](https://fetch.spec.whatwg.org/#bodies)): where they come from and how they are read.

use std::sync::Arc;

use boa_engine::object::builtins::JsPromise;
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsError, JsObject, JsResult, JsString, JsValue, Trace};
use data_url::mime::Mime;
use framepost_browsing_context::fetch::headers::extract_mime_type;
use framepost_browsing_context::forms::{Entry, multipart_form_data, parse_multipart_form_data};

use super::body::BodyInit;
use super::header_list::HeadersData;
use super::request::RequestData;
use super::response::ResponseData;
use crate::boa::errors::type_error;
use crate::file::blob::BLOB;
use crate::file::blob_data::BlobData;
use crate::file::blob_stream::get_stream;
use crate::html::entry_list::EntryList;
use crate::html::form_data::FORM_DATA;
use crate::script::realm::{in_realm, realm_of};
use crate::streams::byte_controller::readable_byte_stream_controller_error;
use crate::streams::default_controller::readable_stream_default_controller_error;
use crate::streams::default_reader;
use crate::streams::promises::{Deferred, thrown};
use crate::streams::read_all::{Receiver, read_all_bytes};
use crate::streams::readable_stream::{Controller, Readable};
use crate::streams::tee::readable_stream_tee;
use crate::url::query;
use crate::webidl::{create_here, platform};

/// A [body](https://fetch.spec.whatwg.org/#concept-body). All bytes of a body that is no stream are there from the
/// start.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Body {
    state: State,
    /// Its stream, once script could see it. Then the state is of no account.
    stream: Option<Readable>,
}

#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
enum State {
    /// Nobody has read it.
    Unread(BlobData),
    /// It was read.
    Read,
    /// Its fetch was aborted with this reason before it was read.
    Failed(JsValue),
}

impl Body {
    /// A body with the bytes of a blob.
    pub(crate) fn new(bytes: BlobData) -> Self {
        Self {
            state: State::Unread(bytes),
            stream: None,
        }
    }

    /// A body with these bytes.
    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Self {
        Self::new(whole(bytes))
    }

    /// A body with a stream.
    pub(super) fn of_stream(stream: Readable) -> Self {
        Self {
            state: State::Read,
            stream: Some(stream),
        }
    }

    /// Whether it was read ([bodyUsed](https://fetch.spec.whatwg.org/#dom-body-bodyused)).
    pub(super) fn is_used(&self) -> bool {
        match &self.stream {
            Some(stream) => stream.is_disturbed(),
            None => matches!(self.state, State::Read),
        }
    }

    /// Whether it cannot be read ([unusable](https://fetch.spec.whatwg.org/#body-unusable)).
    pub(super) fn is_unusable(&self) -> bool {
        self.is_used() || self.stream.as_ref().is_some_and(Readable::is_locked)
    }

    /// The stream, if script could have seen it.
    pub(super) fn present_stream(&self) -> Option<Readable> {
        self.stream.clone()
    }

    /// Reads the body, which must not have a stream.
    pub(crate) fn take(&mut self) -> JsResult<BlobData> {
        if self.stream.is_some() {
            return Err(type_error("A stream cannot be sent here."));
        }
        if let State::Failed(reason) = &self.state {
            return Err(JsError::from_opaque(reason.clone()));
        }
        match std::mem::replace(&mut self.state, State::Read) {
            State::Unread(bytes) => Ok(bytes),
            _ => Err(already_read()),
        }
    }

    /// Errors a body that was not read yet, and returns its stream, which the caller errors.
    pub(super) fn fail(&mut self, reason: JsValue) -> Option<Readable> {
        if self.stream.is_none() && !self.is_used() {
            self.state = State::Failed(reason);
        }
        self.stream.clone()
    }
}

fn already_read() -> JsError {
    type_error("The body has already been read, or its stream is locked.")
}

/// [body](https://fetch.spec.whatwg.org/#dom-body-body): the stream, which is created when script first sees it.
pub(super) fn stream_of(object: &JsObject, cx: &mut Context) -> JsResult<Option<Readable>> {
    let Some(body) = with_body(object, |body| body.clone())? else {
        return Ok(None);
    };
    if body.stream.is_some() {
        return Ok(body.stream);
    }
    let stream = match &body.state {
        State::Unread(bytes) => get_stream(bytes.clone(), cx)?,
        State::Read => {
            // The body was read without its stream, which is closed and locked now.
            let stream = get_stream(whole(Vec::new()), cx)?;
            let reader = default_reader::acquire(&stream, cx)?;
            default_reader::read(&reader, cx)?;
            stream
        }
        State::Failed(reason) => {
            let stream = get_stream(whole(Vec::new()), cx)?;
            error_stream(&stream, reason, cx)?;
            stream
        }
    };
    let held = stream.clone();
    with_body(object, |body| {
        if let Some(body) = body {
            body.stream = Some(held);
        }
    })?;
    Ok(Some(stream))
}

/// Errors the stream of a body.
pub(super) fn error_stream(stream: &Readable, reason: &JsValue, cx: &mut Context) -> JsResult<()> {
    match stream.controller() {
        Some(Controller::Byte(controller)) => {
            readable_byte_stream_controller_error(&controller, reason, cx)
        }
        Some(Controller::Default(controller)) => {
            readable_stream_default_controller_error(&controller, reason, cx)
        }
        None => Ok(()),
    }
}

/// [Clone](https://fetch.spec.whatwg.org/#concept-body-clone) the body of an object.
pub(super) fn clone_body(object: &JsObject, cx: &mut Context) -> JsResult<Option<Body>> {
    let Some(body) = with_body(object, |body| body.clone())? else {
        return Ok(None);
    };
    let Some(stream) = &body.stream else {
        return Ok(Some(body));
    };
    // 1. and 2. Tee the stream. 3. The object keeps one branch, and the clone gets the other.
    let mut branches = readable_stream_tee(stream, true, cx)?.into_iter();
    let (Some(own), Some(other)) = (branches.next(), branches.next()) else {
        return Ok(None);
    };
    with_body(object, |body| *body = Some(Body::of_stream(own)))?;
    Ok(Some(Body::of_stream(other)))
}

fn whole(bytes: Vec<u8>) -> BlobData {
    BlobData::new(Arc::new(bytes), String::new(), None)
}

/// [Extract a body with type](https://fetch.spec.whatwg.org/#concept-bodyinit-extract)
pub(crate) fn extract(init: BodyInit, cx: &mut Context) -> JsResult<(Body, Option<String>)> {
    let (bytes, content_type) = match init {
        BodyInit::ReadableStream(stream) => {
            if stream.is_disturbed() || stream.is_locked() {
                return Err(already_read());
            }
            return Ok((Body::of_stream(stream), None));
        }
        BodyInit::Blob(blob) => {
            let content_type = blob.content_type.clone();
            (blob, Some(content_type).filter(|text| !text.is_empty()))
        }
        BodyInit::BufferSource(source) => (whole(source.bytes(cx)?), None),
        BodyInit::FormData(entries) => {
            let (boundary, bytes) = multipart_form_data(&entries.to_sent());
            let content_type = format!("multipart/form-data; boundary={boundary}");
            (whole(bytes), Some(content_type))
        }
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
    Ok((Body::new(bytes), content_type))
}

/// Changes the body of a `Request` or a `Response`.
pub(super) fn with_body<R>(
    object: &JsObject,
    change: impl FnOnce(&mut Option<Body>) -> R,
) -> JsResult<R> {
    let is_request = platform::with(object, |_: &RequestData| Some(())).is_some();
    match is_request {
        true => platform::write(object, |data: &mut RequestData| change(&mut data.body)),
        false => platform::write(object, |data: &mut ResponseData| change(&mut data.body)),
    }
}

/// The headers of a `Request` or a `Response`.
fn headers_of(object: &JsObject) -> JsResult<HeadersData> {
    let of_request = platform::with(object, |data: &RequestData| Some(data.headers.clone()));
    let headers = match of_request {
        Some(headers) => headers,
        None => platform::read(object, |data: &ResponseData| data.headers.clone())?,
    };
    platform::read(&headers, HeadersData::clone)
}

/// [bodyUsed](https://fetch.spec.whatwg.org/#dom-body-bodyused)
pub(super) fn body_used(object: &JsObject) -> JsResult<bool> {
    with_body(object, |body| body.as_ref().is_some_and(Body::is_used))
}

/// Converts the bytes of the body of an object.
type Convert = fn(&JsObject, &BlobData, &mut Context) -> JsResult<JsValue>;

/// [Consume body](https://fetch.spec.whatwg.org/#concept-body-consume-body)
pub(super) fn consume(object: &JsObject, convert: Convert, cx: &mut Context) -> JsResult<JsValue> {
    // 1. A body that was read rejects.
    if with_body(object, |body| body.as_ref().is_some_and(Body::is_unusable))? {
        return Err(already_read());
    }
    let realm = realm_of_body(object, cx);
    // 2. to 6. Read the stream, if script could have seen it.
    let stream = with_body(object, |body| body.as_ref().and_then(Body::present_stream))?;
    if let Some(stream) = stream {
        return in_realm(cx, &realm, |cx| {
            let deferred = Deferred::new(cx);
            let promise = deferred.promise.clone();
            let captured = (object.clone(), deferred, Conversion(convert));
            read_all_bytes(&stream, captured, &CONSUMER, cx)?;
            Ok(promise.into())
        });
    }
    // Otherwise all bytes are available, so the promise settles now.
    let taken = with_body(object, |body| match body {
        None => Ok(whole(Vec::new())),
        Some(body) => body.take(),
    })?;
    in_realm(cx, &realm, |cx| {
        let value = convert(object, &taken?, cx)?;
        JsPromise::resolve(value, cx).map(JsValue::from)
    })
}

/// The objects that a body becomes are those of the realm of the body.
fn realm_of_body(object: &JsObject, cx: &Context) -> Realm {
    match platform::relevant_global(object) {
        Some(global) => realm_of(cx, global),
        None => cx.realm().clone(),
    }
}

#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
struct Conversion(#[unsafe_ignore_trace] Convert);

/// The object with the body, the promise for its value, and the conversion.
type Consuming = (JsObject, Deferred, Conversion);

static CONSUMER: Receiver<Consuming> = Receiver {
    success: |cx, (object, deferred, convert), bytes| {
        let realm = realm_of_body(object, cx);
        in_realm(cx, &realm, |cx| {
            match (convert.0)(object, &whole(bytes), cx) {
                Ok(value) => deferred.resolve(&value, cx),
                Err(error) => {
                    let error = thrown(error, cx)?;
                    deferred.reject(&error, cx)
                }
            }
        })
    },
    failure: |cx, (_, deferred, _), error| deferred.reject(error, cx),
};

/// The [MIME type](https://fetch.spec.whatwg.org/#concept-body-mime-type) of a body.
fn mime_type(object: &JsObject) -> JsResult<Option<String>> {
    Ok(extract_mime_type(headers_of(object)?.list()))
}

/// A body as a `Blob` with its MIME type.
pub(super) fn blob(object: &JsObject, body: &BlobData, cx: &mut Context) -> JsResult<JsValue> {
    let content_type = mime_type(object)?.unwrap_or_default();
    let data = BlobData::new(Arc::new(body.bytes().to_vec()), content_type, None);
    Ok(create_here(&BLOB, data, cx).into())
}

/// A body as a `FormData` ([formData()](https://fetch.spec.whatwg.org/#dom-body-formdata)).
pub(super) fn form_data(object: &JsObject, body: &BlobData, cx: &mut Context) -> JsResult<JsValue> {
    let mime = mime_type(object)?.and_then(|text| text.parse::<Mime>().ok());
    let essence = mime.as_ref().map(|mime| (&*mime.type_, &*mime.subtype));
    let entries = match essence {
        Some(("multipart", "form-data")) => {
            let boundary = mime
                .as_ref()
                .and_then(|mime| mime.get_parameter("boundary"));
            boundary.and_then(|boundary| parse_multipart_form_data(body.bytes(), boundary))
        }
        Some(("application", "x-www-form-urlencoded")) => {
            let text = String::from_utf8_lossy(body.bytes());
            let pairs = query::parse(&text).into_iter();
            Some(
                pairs
                    .map(|(name, value)| Entry::text(name, value))
                    .collect(),
            )
        }
        _ => return Err(type_error("The body has no MIME type of a form.")),
    };
    let entries = entries.ok_or_else(|| type_error("The body is not a valid form."))?;
    let list = EntryList::of_entries(entries, cx);
    Ok(create_here(&FORM_DATA, list, cx).into())
}

/// [Parse JSON](https://infra.spec.whatwg.org/#parse-json-bytes-to-a-javascript-value)
pub(crate) fn parse_json(text: &JsValue, ctx: &mut Context) -> JsResult<JsValue> {
    let json = ctx.intrinsics().objects().json();
    let parse = crate::boa::functions::intrinsic_method(&json, "parse");
    let parse = parse.ok_or_else(|| type_error("JSON.parse() is missing."))?;
    parse.call(&JsValue::undefined(), std::slice::from_ref(text), ctx)
}

/// [Serialize a JavaScript value to JSON](https://infra.spec.whatwg.org/#serialize-a-javascript-value-to-json-bytes)
pub(super) fn serialize_json(value: &JsValue, ctx: &mut Context) -> JsResult<JsString> {
    let json = ctx.intrinsics().objects().json();
    let stringify = crate::boa::functions::intrinsic_method(&json, "stringify");
    let stringify = stringify.ok_or_else(|| type_error("JSON.stringify() is missing."))?;
    let text = stringify.call(&JsValue::undefined(), std::slice::from_ref(value), ctx)?;
    text.as_string()
        .ok_or_else(|| type_error("The value cannot be represented as JSON."))
}
