//! Creating requests ([Fetch, Request class](https://fetch.spec.whatwg.org/#request-class)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::ReferrerPolicy;
use framepost_browsing_context::fetch::headers::{
    HeaderList, is_cors_safelisted_method, is_forbidden_method, is_header_name, normalize_method,
};
use framepost_browsing_context::fetch::{CacheMode, Referrer, Request, RequestMode};
use url::Url;

use super::bodies::{self, Body, with_body};
use super::body::BodyInit;
use super::header_list::{Guard, HeadersData};
use super::headers::HEADERS;
use super::request::{REQUEST, RequestData, RequestInfo, RequestInit};
use crate::boa::errors::type_error;
use crate::dom::aborting::{create, create_a_dependent_abort_signal};
use crate::file::blob_url_store;
use crate::script::realm::{current_global, origin_of_window};
use crate::script::{discarded_windows, with_contexts};
use crate::streams::pipe::create_a_proxy;
use crate::streams::readable_stream::Readable;
use crate::webidl::{create_here, platform};

impl RequestInit {
    /// Whether no member is present.
    fn is_empty(&self) -> bool {
        self.method.is_none()
            && self.headers.is_none()
            && self.body.is_none()
            && self.referrer.is_none()
            && self.referrer_policy.is_none()
            && self.mode.is_none()
            && self.credentials.is_none()
            && self.cache.is_none()
            && self.redirect.is_none()
            && self.integrity.is_none()
            && self.keepalive.is_none()
            && self.signal.is_none()
            && self.duplex.is_none()
            && self.priority.is_none()
            && self.window.is_none()
    }
}

/// A URL relative to the current global.
pub(super) fn parse_url(text: &str, cx: &Context) -> JsResult<Url> {
    let global = current_global(cx)?;
    let parsed = match discarded_windows::base_url_of(cx, global) {
        Some(base) => base.join(text).ok(),
        None => with_contexts(cx, |contexts| {
            contexts.parse_url_for_global(global, text).ok()
        }),
    };
    parsed.ok_or_else(|| type_error(format!("{text:?} is not a valid URL.")))
}

/// The request for a URL: step 5 of [the constructor](https://fetch.spec.whatwg.org/#dom-request).
fn of_url(text: &str, cx: &Context) -> JsResult<RequestParts> {
    // 5.1. and 5.2. Parse the URL.
    let url = parse_url(text, cx)?;
    // 5.3. It may have no user name and no password.
    if !url.username().is_empty() || url.password().is_some() {
        let message = format!("{url} contains a user name or a password.");
        return Err(type_error(message));
    }
    // 5.4. and 5.5. Make a request in the mode "cors".
    Ok(with_blob(Request::new(url), cx))
}

/// Adds the blob that the URL of the request names, if any.
pub(crate) fn with_blob(mut request: Request, cx: &Context) -> RequestParts {
    let entry = blob_url_store::entry(cx, &request.url);
    let (blob, owner) = entry.unzip();
    request.blob_origin = owner.and_then(|owner| origin_of_window(cx, owner));
    RequestParts { request, blob }
}

/// A request, and the blob of its URL.
pub(crate) struct RequestParts {
    pub(crate) request: Request,
    pub(crate) blob: Option<crate::file::blob_data::BlobData>,
}

/// [The constructor](https://fetch.spec.whatwg.org/#dom-request)
pub(super) fn construct(
    input: RequestInfo,
    init: RequestInit,
    cx: &mut Context,
) -> JsResult<RequestData> {
    // 1. to 4. There is no request, no mode, no base URL and no signal yet.
    let (parts, list, input_object, mut signal) = match input {
        // 5. A text is a URL.
        RequestInfo::UsvString(text) => (of_url(&text, cx)?, HeaderList::new(), None, None),
        // 6. Another request is copied, with its signal.
        RequestInfo::Request(object) => {
            let (parts, headers, signal) = platform::read(&object, |data: &RequestData| {
                let parts = RequestParts {
                    request: data.request.clone(),
                    blob: data.blob.clone(),
                };
                (parts, data.headers.clone(), data.signal.clone())
            })?;
            let list = platform::read(&headers, |headers: &HeadersData| headers.list().clone())?;
            (parts, list, Some(object), Some(signal))
        }
    };
    let RequestParts { mut request, blob } = parts;
    // 7. to 11. Only null clears the window.
    if init.window.as_ref().is_some_and(|window| !window.is_null()) {
        return Err(type_error("The member window can only be null."));
    }
    // 12. The request is a copy already.
    let is_empty = init.is_empty();
    // 13. Any member resets what belongs to the old request.
    if !is_empty {
        if request.mode == RequestMode::Navigate {
            request.mode = RequestMode::SameOrigin;
        }
        request.referrer = Referrer::Client;
        request.referrer_policy = ReferrerPolicy::Unset;
    }
    // 14. The referrer has to be of the same origin.
    if let Some(text) = &init.referrer {
        request.referrer = parse_referrer(text, cx)?;
    }
    // 15. Take the policy.
    request.referrer_policy = init.referrer_policy.unwrap_or(request.referrer_policy);
    // 16. and 17. A script cannot make the request of a navigation.
    if init.mode == Some(RequestMode::Navigate) {
        return Err(type_error("The mode navigate is only for the user agent."));
    }
    // 18. to 21. Take the mode, the credentials mode and the cache mode.
    request.mode = init.mode.unwrap_or(request.mode);
    request.credentials = init.credentials.unwrap_or(request.credentials);
    request.cache = init.cache.unwrap_or(request.cache);
    if request.cache == CacheMode::OnlyIfCached && request.mode != RequestMode::SameOrigin {
        let message = "The cache mode only-if-cached needs the mode same-origin.";
        return Err(type_error(message));
    }
    // 22. to 24. Take the redirect mode, the integrity metadata and keepalive.
    request.redirect = init.redirect.unwrap_or(request.redirect);
    request.integrity = init.integrity.unwrap_or(request.integrity);
    request.keepalive = init.keepalive.unwrap_or(request.keepalive);
    // 25. The method has to be allowed.
    if let Some(method) = &init.method {
        request.method = checked_method(method)?;
    }
    // 26. Take the signal.
    if let Some(given) = init.signal {
        signal = given;
    }
    // NOT YET: 27. The priority has no effect.
    // 28. to 30. The signal follows the given one.
    let signals: Vec<JsObject> = signal.into_iter().collect();
    let signal = create_a_dependent_abort_signal(&signals, create, cx);
    // 31. and 32. Without CORS only some methods are allowed.
    let guard = if request.mode == RequestMode::NoCors {
        if !is_cors_safelisted_method(&request.method) {
            let message = format!(
                "The method {} cannot be used in the mode no-cors.",
                request.method
            );
            return Err(type_error(message));
        }
        Guard::RequestNoCors
    } else {
        Guard::Request
    };
    // 33. Fill the headers again.
    let mut headers = match is_empty {
        true => HeadersData::of(guard, list),
        false => {
            let mut headers = HeadersData::new(guard);
            match init.headers {
                Some(init) => headers.fill(init)?,
                None => headers.fill(super::headers::HeadersInit::Record(list))?,
            }
            headers
        }
    };
    // 34. The other request may have a body.
    let input_body = match &input_object {
        Some(object) => with_body(object, |body| body.clone())?,
        None => None,
    };
    // 35. Some methods allow none.
    let init_body = init.body.flatten();
    let init_duplex = init.duplex;
    if (init_body.is_some() || input_body.is_some())
        && matches!(request.method.as_str(), "GET" | "HEAD")
    {
        let message = format!("A request with the method {} has no body.", request.method);
        return Err(type_error(message));
    }
    // 36. and 37. Take the body and its type.
    let body = match init_body {
        Some(init) => {
            // A stream is sent before the response comes, and cannot be kept.
            if let BodyInit::ReadableStream(_) = &init {
                if init_duplex.is_none() {
                    let message = "A request whose body is a stream needs the option 'duplex'.";
                    return Err(type_error(message));
                }
                if request.keepalive {
                    return Err(type_error("A request with keepalive cannot send a stream."));
                }
            }
            let (body, content_type) = bodies::extract(init, cx)?;
            if let Some(content_type) = content_type
                && !headers.contains("content-type")
            {
                headers.append("Content-Type", &content_type)?;
            }
            Some(body)
        }
        // 38. to 42. Otherwise the body of the other request moves here.
        None => move_body(input_object.as_ref(), cx)?,
    };
    Ok(RequestData {
        request,
        blob,
        headers: create_here(&HEADERS, headers, cx),
        body,
        signal,
        call: None,
        response: None,
    })
}

/// Step 14 of [the constructor](https://fetch.spec.whatwg.org/#dom-request): a referrer.
fn parse_referrer(text: &str, cx: &Context) -> JsResult<Referrer> {
    // 14.1. and 14.2. The empty string means none.
    if text.is_empty() {
        return Ok(Referrer::NoReferrer);
    }
    // 14.3.1. and 14.3.2. Parse it.
    let url = parse_url(text, cx)?;
    // 14.3.3. The client, or another origin, is the client.
    if url.scheme() == "about" && url.path() == "client" {
        return Ok(Referrer::Client);
    }
    let own = origin_of_window(cx, current_global(cx)?);
    let theirs = framepost_browsing_context::Origin::of_url(&url);
    let is_same = own
        .zip(theirs)
        .is_some_and(|(own, theirs)| own.same_origin(&theirs));
    // 14.3.4. Otherwise it is the URL.
    Ok(if is_same {
        Referrer::Url(url)
    } else {
        Referrer::Client
    })
}

/// Step 25 of [the constructor](https://fetch.spec.whatwg.org/#dom-request): a method.
fn checked_method(method: &str) -> JsResult<String> {
    if !is_header_name(method) {
        return Err(type_error(format!("{method:?} is not a valid method.")));
    }
    if is_forbidden_method(method) {
        return Err(type_error(format!("The method {method} is not allowed.")));
    }
    Ok(normalize_method(method))
}

/// Moves the body of a request to a new one.
fn move_body(input: Option<&JsObject>, cx: &mut Context) -> JsResult<Option<Body>> {
    let Some(input) = input else { return Ok(None) };
    let Some(body) = with_body(input, |body| body.clone())? else {
        return Ok(None);
    };
    if body.is_unusable() {
        return Err(type_error(
            "The body has already been read, or its stream is locked.",
        ));
    }
    // A stream is piped to a new one, so that this one is locked.
    if let Some(stream) = body.present_stream() {
        return Ok(Some(Body::of_stream(create_a_proxy(&stream, cx)?)));
    }
    with_body(input, |body| match body {
        None => Ok(None),
        Some(body) => Ok(Some(Body::new(body.take()?))),
    })?
}

/// [referrer](https://fetch.spec.whatwg.org/#dom-request-referrer)
pub(super) fn referrer(request: &Request) -> String {
    match &request.referrer {
        Referrer::NoReferrer => String::new(),
        Referrer::Client => "about:client".to_owned(),
        Referrer::Url(url) => url.to_string(),
    }
}

/// [clone()](https://fetch.spec.whatwg.org/#dom-request-clone)
pub(super) fn clone(object: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let data = platform::read(object, RequestData::clone)?;
    // 1. A body that was read cannot be cloned.
    if data.body.as_ref().is_some_and(Body::is_unusable) {
        return Err(type_error(
            "A request whose body was read cannot be cloned.",
        ));
    }
    // 2. and 3. Clone the request and its headers.
    let headers = platform::read(&data.headers, HeadersData::clone)?;
    let headers = create_here(&HEADERS, headers, cx);
    // 4. and 5. The signal follows that of the request.
    let signal = create_a_dependent_abort_signal(std::slice::from_ref(&data.signal), create, cx);
    let data = RequestData {
        headers,
        signal,
        body: bodies::clone_body(object, cx)?,
        call: None,
        response: None,
        ..data
    };
    // 6. and 7. Return it.
    Ok(create_here(&REQUEST, data, cx))
}

/// The request of a `Request`, with its headers. It still needs its body.
pub(super) fn to_send(object: &JsObject) -> JsResult<RequestParts> {
    let (mut request, blob, headers) = platform::read(object, |data: &RequestData| {
        let RequestData {
            request,
            blob,
            headers,
            ..
        } = data;
        (request.clone(), blob.clone(), headers.clone())
    })?;
    request.headers = platform::read(&headers, |headers: &HeadersData| headers.list().clone())?;
    Ok(RequestParts { request, blob })
}

/// The body to send: its bytes, or a stream that is read first.
pub(super) enum BodyToSend {
    Bytes(Option<Vec<u8>>),
    Stream(Readable),
}

/// Takes the body of a `Request`. It counts as read.
pub(super) fn body_to_send(object: &JsObject) -> JsResult<BodyToSend> {
    let stream = with_body(object, |body| body.as_ref().and_then(Body::present_stream))?;
    if let Some(stream) = stream {
        return Ok(BodyToSend::Stream(stream));
    }
    let taken = with_body(object, |body| body.as_mut().map(Body::take))?;
    let taken = taken.transpose()?;
    Ok(BodyToSend::Bytes(taken.map(|taken| taken.bytes().to_vec())))
}
