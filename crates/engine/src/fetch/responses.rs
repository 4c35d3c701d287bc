//! Creating responses ([Fetch, Response class](https://fetch.spec.whatwg.org/#response-class)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::fetch::{
    FilteredResponse, is_null_body_status, is_redirect_status,
};
use url::Url;

use super::bodies::{self, Body};
use super::body::BodyInit;
use super::header_list::{Guard, HeadersData};
use super::headers::HEADERS;
use super::response::{RESPONSE, ResponseData, ResponseInit, ResponseType};
use crate::boa::errors::{range_error, type_error};
use crate::script::{realm, with_contexts};
use crate::webidl::{create_here, platform};

/// [Initialize a response](https://fetch.spec.whatwg.org/#initialize-a-response)
fn initialize(
    init: ResponseInit,
    body: Option<(Body, Option<String>)>,
    ctx: &mut Context,
) -> JsResult<ResponseData> {
    // 1. Check the range of the status.
    if !(200..=599).contains(&init.status) {
        return Err(out_of_range(init.status));
    }
    // 2. Check that the status text is a reason phrase.
    let text = &init.status_text;
    // https://www.rfc-editor.org/rfc/rfc9112#name-status-line, reason-phrase
    if !text
        .chars()
        .all(|c| c == '\t' || c == ' ' || (c > ' ' && c != '\x7f'))
    {
        return Err(type_error(format!("{text:?} is not a valid status text.")));
    }
    // 3. to 5. Take the members of the dictionary.
    let mut headers = HeadersData::filled(Guard::Response, init.headers)?;
    // 6. Take the body and its type.
    let mut held = None;
    if let Some((body, content_type)) = body {
        if is_null_body_status(init.status) {
            let message = format!("A response of status {} cannot have a body.", init.status);
            return Err(type_error(message));
        }
        held = Some(body);
        if let Some(content_type) = content_type
            && headers.get("content-type").is_none()
        {
            headers.push("Content-Type", content_type);
        }
    }
    Ok(ResponseData {
        headers: create_here(&HEADERS, headers, ctx),
        body: held,
        status: init.status,
        status_text: init.status_text,
        kind: ResponseType::Default,
        url: String::new(),
        redirected: false,
    })
}

fn out_of_range(status: u16) -> boa_engine::JsError {
    range_error(format!("{status} is not a valid response status."))
}

/// [The constructor](https://fetch.spec.whatwg.org/#dom-response)
pub(super) fn construct(
    body: Option<BodyInit>,
    init: ResponseInit,
    ctx: &mut Context,
) -> JsResult<ResponseData> {
    let body = body.map(|body| bodies::extract(body, ctx)).transpose()?;
    initialize(init, body, ctx)
}

/// A response without a body.
fn without_body(
    headers: HeadersData,
    status: u16,
    kind: ResponseType,
    ctx: &mut Context,
) -> JsObject {
    let data = ResponseData {
        headers: create_here(&HEADERS, headers, ctx),
        body: None,
        status,
        status_text: String::new(),
        kind,
        url: String::new(),
        redirected: false,
    };
    create_here(&RESPONSE, data, ctx)
}

/// [error()](https://fetch.spec.whatwg.org/#dom-response-error)
pub(super) fn network_error(ctx: &mut Context) -> JsObject {
    without_body(
        HeadersData::new(Guard::Immutable),
        0,
        ResponseType::Error,
        ctx,
    )
}

/// [redirect()](https://fetch.spec.whatwg.org/#dom-response-redirect)
pub(super) fn redirect(text: &str, status: u16, ctx: &mut Context) -> JsResult<JsObject> {
    // 1. and 2. Parse the URL.
    let parsed = match realm::current_window(ctx) {
        Some(window) => with_contexts(ctx, |contexts| {
            contexts.parse_url_for_global(window, text).ok()
        }),
        None => Url::parse(text).ok(),
    };
    let Some(url) = parsed else {
        return Err(type_error(format!("{text:?} is not a valid URL.")));
    };
    // 3. Check that the status is a redirect status.
    if !is_redirect_status(status) {
        return Err(out_of_range(status));
    }
    // 4. to 8. Set the location of the response.
    let mut headers = HeadersData::new(Guard::None);
    headers.push("Location", url.to_string());
    headers.make_immutable();
    Ok(without_body(headers, status, ResponseType::Default, ctx))
}

/// [json()](https://fetch.spec.whatwg.org/#dom-response-json)
pub(super) fn json(data: &JsValue, init: ResponseInit, ctx: &mut Context) -> JsResult<JsObject> {
    let text = bodies::serialize_json(data, ctx)?.to_std_string_lossy();
    let (body, _) = bodies::extract(BodyInit::UsvString(text), ctx)?;
    let content_type = Some("application/json".to_owned());
    let data = initialize(init, Some((body, content_type)), ctx)?;
    Ok(create_here(&RESPONSE, data, ctx))
}

/// [clone()](https://fetch.spec.whatwg.org/#dom-response-clone)
pub(super) fn clone(object: &JsObject, ctx: &mut Context) -> JsResult<JsObject> {
    let response = platform::read(object, ResponseData::clone)?;
    if response.body.as_ref().is_some_and(Body::is_unusable) {
        return Err(type_error(
            "A response whose body was read cannot be cloned.",
        ));
    }
    let headers = platform::read(&response.headers, |headers: &HeadersData| headers.clone())?;
    let headers = create_here(&HEADERS, headers, ctx);
    let body = bodies::clone_body(object, ctx)?;
    Ok(create_here(
        &RESPONSE,
        ResponseData {
            headers,
            body,
            ..response
        },
        ctx,
    ))
}

/// [Create a Response object](https://fetch.spec.whatwg.org/#response-create) for the response to a fetch, with the
/// guard "immutable".
pub(super) fn create(response: FilteredResponse, ctx: &mut Context) -> JsObject {
    let headers = HeadersData::of(Guard::Immutable, response.headers);
    let url = response.url.map(|mut url| {
        url.set_fragment(None);
        url.to_string()
    });
    let data = ResponseData {
        headers: create_here(&HEADERS, headers, ctx),
        body: response.body.map(Body::of_bytes),
        status: response.status,
        status_text: response.status_text,
        kind: response.kind,
        url: url.unwrap_or_default(),
        redirected: response.redirected,
    };
    create_here(&RESPONSE, data, ctx)
}
