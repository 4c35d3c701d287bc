//! `Response` ([Fetch, Response class](https://fetch.spec.whatwg.org/#response-class)).

use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};
use url::Url;

use super::body::{self, Body};
use super::headers::{self, Guard, HeadersData};
use crate::script::realm;
use crate::script::with_contexts;
use crate::webidl::convert::{Dictionary, argument, js_str, optional, usv_string};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member, NewTarget};

/// What a `Response` holds.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ResponseData {
    headers: JsObject,
    #[unsafe_ignore_trace]
    body: Option<Body>,
    status: u16,
    status_text: String,
    #[unsafe_ignore_trace]
    kind: Type,
}

/// A [response type](https://fetch.spec.whatwg.org/#concept-response-type).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Default,
    Error,
}

/// The `Response` interface.
pub(crate) static RESPONSE: Interface = Interface {
    constructor: Some((0, construct)),
    members: &[
        &[
            Member::Static("error", 0, |_, ctx| Ok(network_error(ctx).into())),
            Member::Static("redirect", 1, redirect),
            Member::Static("json", 1, json),
            Member::Attribute(
                "type",
                |this, _| {
                    with(this, |data| {
                        js_str(match data.kind {
                            Type::Default => "default",
                            Type::Error => "error",
                        })
                    })
                },
                None,
            ),
            // Those that script makes come from nowhere.
            Member::Attribute("url", |_, _| Ok(js_str("")), None),
            Member::Attribute("redirected", |_, _| Ok(false.into()), None),
            Member::Attribute(
                "status",
                |this, _| with(this, |data| data.status.into()),
                None,
            ),
            Member::Attribute(
                "ok",
                |this, _| with(this, |data| (200..300).contains(&data.status).into()),
                None,
            ),
            Member::Attribute(
                "statusText",
                |this, _| with(this, |data| js_str(&data.status_text)),
                None,
            ),
            Member::Attribute(
                "headers",
                |this, _| with(this, |data| data.headers.clone().into()),
                None,
            ),
            Member::Operation("clone", 0, clone),
        ],
        body::MEMBERS,
    ],
    ..Interface::new("Response")
};

fn with<R>(this: &JsObject, read: impl FnOnce(&ResponseData) -> R) -> JsResult<R> {
    platform::with(this, |data: &ResponseData| Some(read(data)))
        .ok_or_else(platform::illegal_invocation)
}

/// Reads from the body, if there is one.
pub(super) fn with_body<R>(this: &JsObject, read: impl FnOnce(Option<&Body>) -> R) -> JsResult<R> {
    with(this, |data| read(data.body.as_ref()))
}

/// Writes to the body, if there is one.
pub(super) fn with_body_mut<R>(
    this: &JsObject,
    write: impl FnOnce(Option<&mut Body>) -> R,
) -> JsResult<R> {
    platform::with_mut(this, |data: &mut ResponseData| {
        Some(write(data.body.as_mut()))
    })
    .ok_or_else(platform::illegal_invocation)
}

/// [Get the MIME type](https://fetch.spec.whatwg.org/#concept-body-mime-type); nothing if there is
/// none.
pub(super) fn mime_type(this: &JsObject) -> JsResult<String> {
    let headers = with(this, |data| data.headers.clone())?;
    let value = headers::as_headers(&headers).and_then(|headers| headers.get("content-type"));
    let parsed = value.and_then(|value| value.parse::<data_url::mime::Mime>().ok());
    Ok(parsed.map_or_else(String::new, |mime| mime.to_string()))
}

/// The rest of a [`ResponseInit`](https://fetch.spec.whatwg.org/#responseinit).
struct Init {
    headers: Option<JsValue>,
    status: u16,
    status_text: String,
}

impl Init {
    fn new(value: &JsValue, ctx: &mut Context) -> JsResult<Self> {
        let init = Dictionary::new(value)?;
        let headers = init.get("headers", ctx)?;
        let status = match init.get("status", ctx)? {
            // `unsigned short`
            Some(status) => status.to_uint16(ctx)?,
            None => 200,
        };
        let status_text = match init.get("statusText", ctx)? {
            Some(text) => headers::byte_string(&text, ctx)?,
            None => String::new(),
        };
        Ok(Self {
            headers,
            status,
            status_text,
        })
    }
}

/// [Initialize a response](https://fetch.spec.whatwg.org/#initialize-a-response)
fn initialize(
    init: Init,
    body: Option<(Body, Option<String>)>,
    ctx: &mut Context,
) -> JsResult<ResponseData> {
    if !(200..=599).contains(&init.status) {
        return Err(out_of_range(init.status));
    }
    let text = &init.status_text;
    // https://www.rfc-editor.org/rfc/rfc9112#name-status-line, reason-phrase
    if !text
        .chars()
        .all(|c| c == '\t' || c == ' ' || (c > ' ' && c != '\x7f'))
    {
        return Err(JsNativeError::typ()
            .with_message(format!("{text:?} is not a valid status text"))
            .into());
    }
    let mut headers = HeadersData::new(Guard::Response);
    if let Some(given) = &init.headers {
        headers::fill(&mut headers, given, ctx)?;
    }
    let mut held = None;
    if let Some((body, content_type)) = body {
        // https://fetch.spec.whatwg.org/#null-body-status
        if matches!(init.status, 101 | 103 | 204 | 205 | 304) {
            return Err(JsNativeError::typ()
                .with_message(format!(
                    "a response of status {} cannot have a body",
                    init.status
                ))
                .into());
        }
        held = Some(body);
        if let Some(content_type) = content_type
            && headers.get("content-type").is_none()
        {
            headers.push("Content-Type", content_type);
        }
    }
    Ok(ResponseData {
        headers: headers::create(headers, ctx),
        body: held,
        status: init.status,
        status_text: init.status_text,
        kind: Type::Default,
    })
}

fn out_of_range(status: u16) -> boa_engine::JsError {
    JsNativeError::range()
        .with_message(format!("{status} is not a status that a response can have"))
        .into()
}

fn create(data: ResponseData, ctx: &mut Context) -> JsObject {
    let realm = ctx.realm().clone();
    webidl::create_object(&realm, &RESPONSE, data, ctx)
}

/// [The constructor](https://fetch.spec.whatwg.org/#dom-response)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let given = optional(args, 0).filter(|body| !body.is_null());
    let init = Init::new(&argument(args, 1), ctx)?;
    let body = given.map(|body| body::extract(body, ctx)).transpose()?;
    let data = initialize(init, body, ctx)?;
    target.create(data, ctx)
}

/// [error()](https://fetch.spec.whatwg.org/#dom-response-error)
fn network_error(ctx: &mut Context) -> JsObject {
    let data = ResponseData {
        headers: headers::create(HeadersData::new(Guard::Immutable), ctx),
        body: None,
        status: 0,
        status_text: String::new(),
        kind: Type::Error,
    };
    create(data, ctx)
}

/// [redirect()](https://fetch.spec.whatwg.org/#dom-response-redirect)
fn redirect(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let text = usv_string(&argument(args, 0), ctx)?;
    let status = match optional(args, 1) {
        Some(status) => status.to_uint16(ctx)?,
        None => 302,
    };
    let parsed = match realm::current_window(ctx) {
        Some(window) => with_contexts(ctx, |contexts| {
            contexts.parse_url_for_global(window, &text).ok()
        }),
        None => Url::parse(&text).ok(),
    };
    let Some(url) = parsed else {
        return Err(JsNativeError::typ()
            .with_message(format!("{text:?} is not a valid URL"))
            .into());
    };
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Err(out_of_range(status));
    }
    let mut headers = HeadersData::new(Guard::None);
    headers.push("Location", url.to_string());
    headers.make_immutable();
    let data = ResponseData {
        headers: headers::create(headers, ctx),
        body: None,
        status,
        status_text: String::new(),
        kind: Type::Default,
    };
    Ok(create(data, ctx).into())
}

/// [json()](https://fetch.spec.whatwg.org/#dom-response-json)
fn json(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let init = Init::new(&argument(args, 1), ctx)?;
    let text = body::serialize_json(&argument(args, 0), ctx)?;
    let (body, _) = body::extract(&text.into(), ctx)?;
    let content_type = Some("application/json".to_owned());
    let data = initialize(init, Some((body, content_type)), ctx)?;
    Ok(create(data, ctx).into())
}

/// [clone()](https://fetch.spec.whatwg.org/#dom-response-clone)
fn clone(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let mut data = with(this, Clone::clone)?;
    if data.body.as_ref().is_some_and(|body| body.used) {
        return Err(JsNativeError::typ()
            .with_message("a response whose body was read cannot be cloned")
            .into());
    }
    let held = headers::as_headers(&data.headers).unwrap_or_default();
    data.headers = headers::create(held, ctx);
    Ok(create(data, ctx).into())
}
