//! Sending an `XMLHttpRequest` ([XMLHttpRequest, the send() method](https://xhr.spec.whatwg.org/#the-send()-method)).

use std::sync::Arc;
use std::time::Duration;

use boa_engine::{Context, JsObject, JsResult};
use data_url::mime::Mime;
use framepost_browsing_context::fetch::headers::{self, HeaderList};
use framepost_browsing_context::fetch::{CredentialsMode, FilteredResponse, Request};
use framepost_browsing_context::{DocumentProperties, dom};
use framepost_event_loop::{EventLoop, FxHashMap, GlobalId, TaskSource};

use super::interfaces::XMLHttpRequestBody;
use super::state::{
    DONE, HEADERS_RECEIVED, LOADING, OPENED, UNSENT, XhrData, check_opened, fire_ready_state_change,
};
use crate::boa::slots::Slot;
use crate::dom::event_listeners::Listeners;
use crate::fetch::bodies::extract;
use crate::fetch::body::BodyInit;
use crate::fetch::calls::{self, Caller, Fetched};
use crate::fetch::requests::{RequestParts, with_blob};
use crate::file::blob_data::BlobData;
use crate::file::progress_event::fire_progress_event;
use crate::html::xml_serialization::serialize;
use crate::script::realm::is_live;
use crate::script::{EngineTask, TaskId, TaskKind, with_contexts, with_loop};
use crate::webidl::exception::throw;
use crate::webidl::platform;

/// The events that end a request without a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    Abort,
    Error,
    Timeout,
}

impl Failure {
    /// The event, and the name of the exception of a synchronous request.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Abort => ("abort", "AbortError"),
            Self::Error => ("error", "NetworkError"),
            Self::Timeout => ("timeout", "TimeoutError"),
        }
    }
}

fn read<R>(xhr: &JsObject, read: impl FnOnce(&XhrData) -> R) -> JsResult<R> {
    platform::read(xhr, read)
}

fn write<R>(xhr: &JsObject, write: impl FnOnce(&mut XhrData) -> R) -> JsResult<R> {
    platform::write(xhr, write)
}

/// [send()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send)
pub(super) fn send(
    xhr: &JsObject,
    body: Option<XMLHttpRequestBody>,
    cx: &mut Context,
) -> JsResult<()> {
    // The flags (7. to 10.) are set with the request (6.). A synchronous request (12.) comes before an asynchronous one
    // (11.).
    // 1. and 2. It is opened and not sent.
    check_opened(xhr, cx)?;
    let Some(global) = platform::relevant_global(xhr) else {
        return Ok(());
    };
    // 3. Some methods have no body.
    let has_no_body = read(xhr, |data| matches!(data.method.as_str(), "GET" | "HEAD"))?;
    // 4. Extract the body, and set its type.
    let mut list = read(xhr, |data| data.author_headers.clone())?;
    let body = match body.filter(|_| !has_no_body) {
        None => None,
        Some(body) => Some(extract_body(body, &mut list, cx)?),
    };
    // 5. Remember whether the upload has listeners.
    let upload = platform::held_companion(xhr, "upload");
    let upload_listener = upload.as_ref().is_some_and(has_listeners);
    // 6. Make the request.
    let made = write(xhr, |data| {
        let mut request = Request::new(data.url.clone()?);
        request.method.clone_from(&data.method);
        request.headers = list;
        request.use_cors_preflight = upload_listener;
        request.credentials = match data.with_credentials {
            true => CredentialsMode::Include,
            false => CredentialsMode::SameOrigin,
        };
        // 7. to 10. Reset the flags.
        data.upload_listener = upload_listener;
        data.upload_complete = body.is_none();
        data.upload_size = body.as_ref().map_or(0, |body| body.len());
        data.is_sent = true;
        Some((request, data.is_synchronous, data.upload_size))
    })?;
    let Some((mut request, is_synchronous, size)) = made else {
        return Ok(());
    };
    request.body = body;
    let parts = with_blob(request, cx);
    // 12. A synchronous request waits for its response.
    if is_synchronous {
        return send_now(xhr, global, parts, cx);
    }
    // 11.1. to 11.5. Tell the listeners that it starts.
    fire_progress_event(cx, xhr, "loadstart", 0, 0);
    if let Some(upload) = upload.filter(|_| upload_listener && size > 0) {
        fire_progress_event(cx, &upload, "loadstart", 0, size);
    }
    // 11.6. A listener may have changed everything.
    if !read(xhr, |data| data.state == OPENED && data.is_sent)? {
        return Ok(());
    }
    // 11.7. to 11.12. Fetch.
    let now = with_loop(cx, EventLoop::now);
    write(xhr, |data| data.sent_at = now)?;
    let caller = Caller::Object(xhr.clone(), process_response);
    match calls::start(cx, global, parts, caller) {
        Some(call) => {
            write(xhr, |data| data.call = Some(call))?;
            queue_timeout(xhr, cx);
        }
        None => request_error_steps(xhr, Failure::Error, cx),
    }
    Ok(())
}

/// Step 4 of [send()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send): the bytes of the body. Its type is set in
/// the headers.
fn extract_body(
    body: XMLHttpRequestBody,
    list: &mut HeaderList,
    cx: &mut Context,
) -> JsResult<Arc<Vec<u8>>> {
    let is_text = matches!(
        body,
        XMLHttpRequestBody::Document(_) | XMLHttpRequestBody::UsvString(_)
    );
    // 4.1. to 4.3. A document is serialized, anything else is extracted.
    let (bytes, content_type) = match body {
        XMLHttpRequestBody::Document(document) => {
            let is_html = with_contexts(cx, |contexts| {
                let properties = contexts.document_properties(&document);
                properties.is_some_and(DocumentProperties::is_html)
            });
            let text = match is_html {
                true => dom::serialize_inner(&document),
                false => serialize(&document),
            };
            let content_type = match is_html {
                true => "text/html;charset=UTF-8",
                false => "application/xml;charset=UTF-8",
            };
            (text.into_bytes(), Some(content_type.to_owned()))
        }
        other => {
            let init = match other {
                XMLHttpRequestBody::Blob(blob) => BodyInit::Blob(blob),
                XMLHttpRequestBody::BufferSource(source) => BodyInit::BufferSource(source),
                XMLHttpRequestBody::FormData(entries) => BodyInit::FormData(entries),
                XMLHttpRequestBody::URLSearchParams(params) => BodyInit::URLSearchParams(params),
                XMLHttpRequestBody::UsvString(text) => BodyInit::UsvString(text),
                XMLHttpRequestBody::Document(_) => BodyInit::UsvString(String::new()),
            };
            let (mut body, content_type) = extract(init, cx)?;
            (body.take()?.bytes().to_vec(), content_type)
        }
    };
    // 4.4. to 4.6. The type that the author has set applies, but the charset of a text is UTF-8.
    match headers::get(list, "content-type") {
        Some(own) => {
            if let Some(fixed) = with_utf_8(&own).filter(|_| is_text) {
                list.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
                list.push(("Content-Type".to_owned(), fixed));
            }
        }
        None => list.extend(content_type.map(|value| ("Content-Type".to_owned(), value))),
    }
    Ok(Arc::new(bytes))
}

/// A MIME type with the charset UTF-8 instead of another one. `None` if nothing changes.
fn with_utf_8(text: &str) -> Option<String> {
    let mut mime: Mime = text.parse().ok()?;
    let charset = mime
        .parameters
        .iter_mut()
        .find(|(name, _)| name == "charset");
    let (_, charset) = charset.filter(|(_, charset)| !charset.eq_ignore_ascii_case("utf-8"))?;
    "UTF-8".clone_into(charset);
    Some(mime.to_string())
}

fn has_listeners(target: &JsObject) -> bool {
    let found = platform::with_attached(target, |listeners: &Listeners| !listeners.list.is_empty());
    found.unwrap_or(false)
}

/// Step 12 of [send()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send).
fn send_now(
    xhr: &JsObject,
    global: GlobalId,
    parts: RequestParts,
    cx: &mut Context,
) -> JsResult<()> {
    // 12.1. to 12.6. Fetch, without running any task. NOT YET: 12.7. Timing.
    match calls::fetch_now(cx, global, parts) {
        Ok(response) => {
            receive(xhr, response)?;
            // 12.8. Handle the end of the body.
            end_of_body(xhr, cx);
            Ok(())
        }
        Err(_) => {
            // Request error steps, 1. to 4. for a synchronous request.
            write(xhr, fail)?;
            let (_, exception) = Failure::Error.names();
            let message = "The request failed.";
            Err(throw(exception, message, cx))
        }
    }
}

/// Keeps the response and its bytes.
fn receive(xhr: &JsObject, mut response: Box<FilteredResponse>) -> JsResult<()> {
    let body = response.body.take();
    write(xhr, |data| {
        data.response = Some(response);
        data.received = body.map(|bytes| BlobData::new(Arc::new(bytes), String::new(), None));
    })
}

/// The state after a failure.
fn fail(data: &mut XhrData) {
    data.state = DONE;
    data.is_sent = false;
    data.response = None;
    data.received = None;
    data.response_object = None;
}

/// [processResponse of send()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send), steps 11.8 and 11.9, and all that follows. The
/// numbers without 11 are those below 11.9.
fn process_response(cx: &mut Context, xhr: &JsObject, result: Fetched) {
    let Ok(response) = result else {
        return request_error_steps(xhr, Failure::Error, cx);
    };
    if let Ok(Some((upload, size))) = write(xhr, |data| {
        data.call = None;
        // 11.8.1. and 11.8.2. The request is sent.
        let ends = !std::mem::replace(&mut data.upload_complete, true);
        (ends && data.upload_listener).then_some(data.upload_size)
    })
    .map(|size| platform::held_companion(xhr, "upload").zip(size))
    {
        // 11.8.3. to 11.8.5. Tell the listeners of the upload.
        for event in ["progress", "load", "loadend"] {
            fire_progress_event(cx, &upload, event, size, size);
        }
    }
    // 1. to 3. A listener may have aborted it.
    let is_sent = read(xhr, |data| data.is_sent && data.state == OPENED);
    if !is_sent.unwrap_or(false) || receive(xhr, response).is_err() {
        return;
    }
    // 4. to 6. The headers are here.
    set_state(xhr, HEADERS_RECEIVED, cx);
    if !is_in_state(xhr, HEADERS_RECEIVED) {
        return;
    }
    // 7. to 13. The body is here too, if there is one.
    let has_body = read(xhr, |data| data.received.is_some()).unwrap_or(false);
    if has_body {
        set_state(xhr, LOADING, cx);
        if !is_in_state(xhr, LOADING) {
            return;
        }
    }
    end_of_body(xhr, cx);
}

fn set_state(xhr: &JsObject, state: u16, cx: &mut Context) {
    if write(xhr, |data| data.state = state).is_ok() {
        fire_ready_state_change(xhr, cx);
    }
}

fn is_in_state(xhr: &JsObject, state: u16) -> bool {
    read(xhr, |data| data.state == state && data.is_sent).unwrap_or(false)
}

/// [Handle response end-of-body](https://xhr.spec.whatwg.org/#handle-response-end-of-body)
fn end_of_body(xhr: &JsObject, cx: &mut Context) {
    // 1. and 2. There is no error.
    // 3. and 4. Count the bytes.
    let counted = read(xhr, |data| {
        let loaded = data.received.as_ref().map_or(0, BlobData::size);
        let length = data.response_header("content-length");
        let total = length.and_then(|length| length.parse::<usize>().ok());
        (loaded, total.unwrap_or(0), data.is_synchronous)
    });
    let Ok((loaded, total, is_synchronous)) = counted else {
        return;
    };
    // 5. Tell the listeners of the progress.
    if !is_synchronous {
        fire_progress_event(cx, xhr, "progress", loaded, total);
        if !read(xhr, |data| data.is_sent).unwrap_or(false) {
            return;
        }
    }
    // 6. to 8. It is done.
    if write(xhr, |data| data.is_sent = false).is_ok() {
        set_state(xhr, DONE, cx);
    }
    // 9. and 10. Fire the last events, unless a listener has sent it again.
    for event in ["load", "loadend"] {
        if read(xhr, |data| data.state == DONE).unwrap_or(false) {
            fire_progress_event(cx, xhr, event, loaded, total);
        }
    }
}

/// [Request error steps](https://xhr.spec.whatwg.org/#request-error-steps) of an asynchronous request.
fn request_error_steps(xhr: &JsObject, failure: Failure, cx: &mut Context) {
    // 1. to 3. It is done, without a response.
    let uploading = write(xhr, |data| {
        fail(data);
        data.call = None;
        let ends = !std::mem::replace(&mut data.upload_complete, true);
        ends && data.upload_listener
    });
    let Ok(uploading) = uploading else { return };
    // 5. Tell the listeners.
    fire_ready_state_change(xhr, cx);
    // 6. The upload has ended, too.
    let (event, _) = failure.names();
    let upload = platform::held_companion(xhr, "upload").filter(|_| uploading);
    if let Some(upload) = upload {
        fire_progress_event(cx, &upload, event, 0, 0);
        fire_progress_event(cx, &upload, "loadend", 0, 0);
    }
    // 7. and 8. Fire the last events.
    fire_progress_event(cx, xhr, event, 0, 0);
    fire_progress_event(cx, xhr, "loadend", 0, 0);
}

/// Terminates the ongoing fetch.
pub(super) fn terminate(xhr: &JsObject, cx: &Context) {
    let call = write(xhr, |data| data.call.take()).ok().flatten();
    let caller = call.and_then(|call| calls::terminate(cx, call));
    drop(caller);
}

/// [abort()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-abort)
pub(super) fn abort(xhr: &JsObject, cx: &mut Context) -> JsResult<()> {
    // 1. Abort the fetch.
    terminate(xhr, cx);
    // 2. Tell the listeners if it is under way.
    let is_under_way = read(xhr, |data| match data.state {
        OPENED => data.is_sent,
        state => state == HEADERS_RECEIVED || state == LOADING,
    })?;
    if is_under_way {
        request_error_steps(xhr, Failure::Abort, cx);
    }
    // 3. A request that is done can be opened again.
    write(xhr, |data| {
        if data.state == DONE {
            fail(data);
            data.state = UNSENT;
        }
    })
}

/// The requests that have a timeout.
static TIMEOUTS: Slot<FxHashMap<u64, (GlobalId, JsObject)>> = Slot::new();

/// The number of the last timeout.
static LAST_TIMEOUT: Slot<u64> = Slot::new();

/// The time until the timeout of a request that is under way.
fn time_left(xhr: &JsObject, now: Duration) -> Option<Duration> {
    let found = read(xhr, |data| {
        let timeout = Duration::from_millis(u64::from(data.timeout));
        (data.call.is_some() && data.timeout != 0)
            .then(|| (data.sent_at + timeout).saturating_sub(now))
    });
    found.ok().flatten()
}

/// Queues the task of the timeout, if the request is under way and has one.
pub(super) fn queue_timeout(xhr: &JsObject, cx: &Context) {
    let now = with_loop(cx, EventLoop::now);
    let global = platform::relevant_global(xhr);
    let Some((left, global)) = time_left(xhr, now).zip(global) else {
        return;
    };
    let number = LAST_TIMEOUT.with(cx, |last| {
        *last += 1;
        *last
    });
    let gone = TIMEOUTS.with(cx, |waiting| {
        let gone: Vec<u64> = waiting
            .iter()
            .filter(|(_, (global, _))| !is_live(cx, *global))
            .map(|(number, _)| *number)
            .collect();
        let gone: Vec<_> = gone
            .into_iter()
            .filter_map(|number| waiting.remove(&number))
            .collect();
        waiting.insert(number, (global, xhr.clone()));
        gone
    });
    // Dropping script values may run finalizers, so the slot must not be borrowed here.
    drop(gone);
    with_loop(cx, |event_loop| {
        let client = event_loop.client_of(global);
        if client.is_some() {
            let task = EngineTask::new(&TIMEOUT, TaskId::number(number));
            event_loop.queue_task_after(left, TaskSource::Networking, client, task);
        }
    });
}

/// The task of a timeout.
static TIMEOUT: TaskKind = TaskKind {
    name: "time out an XMLHttpRequest",
    run: |cx, id| {
        let waiting = TIMEOUTS.with(cx, |waiting| waiting.remove(&id.as_number()));
        let Some((_, xhr)) = waiting else { return };
        let now = with_loop(cx, EventLoop::now);
        // A longer timeout that was set since has a task of its own.
        if time_left(&xhr, now) == Some(Duration::ZERO) {
            terminate(&xhr, cx);
            request_error_steps(&xhr, Failure::Timeout, cx);
        }
    },
};
