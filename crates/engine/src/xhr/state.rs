//! The state of an `XMLHttpRequest`, and how it is opened ([XMLHttpRequest, request](https://xhr.spec.whatwg.org/#request)).

use std::time::Duration;

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::fetch::headers::{
    self, HeaderList, is_forbidden_method, is_forbidden_request_header, is_header_name,
    is_header_value, normalize_method, normalize_value,
};
use framepost_browsing_context::fetch::{FilteredResponse, ResponseType};
use framepost_event_loop::GlobalId;
use url::Url;

use super::interfaces::XMLHttpRequestResponseType;
use super::sending;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::fetch::calls::CallId;
use crate::file::blob_data::BlobData;
use crate::script::with_contexts;
use crate::webidl::exception::throw;
use crate::webidl::platform;

pub(super) const UNSENT: u16 = 0;
pub(super) const OPENED: u16 = 1;
pub(super) const HEADERS_RECEIVED: u16 = 2;
pub(super) const LOADING: u16 = 3;
pub(super) const DONE: u16 = 4;

/// The data of an `XMLHttpRequest`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct XhrData {
    /// Its [state](https://xhr.spec.whatwg.org/#concept-xmlhttprequest-state).
    pub(super) state: u16,
    /// Its [send() flag](https://xhr.spec.whatwg.org/#send-flag).
    pub(super) is_sent: bool,
    pub(super) timeout: u32,
    /// The time of `send()`, from which the timeout counts.
    #[unsafe_ignore_trace]
    pub(super) sent_at: Duration,
    pub(super) with_credentials: bool,
    pub(super) method: String,
    #[unsafe_ignore_trace]
    pub(super) url: Option<Url>,
    #[unsafe_ignore_trace]
    pub(super) author_headers: HeaderList,
    pub(super) is_synchronous: bool,
    pub(super) upload_complete: bool,
    pub(super) upload_listener: bool,
    /// The bytes of the request's body, for the events of the upload.
    pub(super) upload_size: usize,
    /// Its [response](https://xhr.spec.whatwg.org/#response), without its body. `None` is a network error.
    #[unsafe_ignore_trace]
    pub(super) response: Option<Box<FilteredResponse>>,
    /// Its [received bytes](https://xhr.spec.whatwg.org/#received-bytes).
    pub(super) received: Option<BlobData>,
    #[unsafe_ignore_trace]
    pub(super) response_type: XMLHttpRequestResponseType,
    /// Its [response object](https://xhr.spec.whatwg.org/#response-object). Null stands for a failure.
    pub(super) response_object: Option<JsValue>,
    /// Its [override MIME type](https://xhr.spec.whatwg.org/#override-mime-type).
    pub(super) override_mime: Option<String>,
    #[unsafe_ignore_trace]
    pub(super) call: Option<CallId>,
}

impl Default for XhrData {
    fn default() -> Self {
        Self {
            state: UNSENT,
            is_sent: false,
            timeout: 0,
            sent_at: Duration::ZERO,
            with_credentials: false,
            method: String::new(),
            url: None,
            author_headers: HeaderList::new(),
            is_synchronous: false,
            upload_complete: false,
            upload_listener: false,
            upload_size: 0,
            response: None,
            received: None,
            response_type: XMLHttpRequestResponseType::Default,
            response_object: None,
            override_mime: None,
            call: None,
        }
    }
}

impl XhrData {
    /// [responseURL](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responseurl)
    pub(super) fn response_url(&self) -> String {
        let url = self.response.as_ref().and_then(|held| held.url.clone());
        url.map_or_else(String::new, |mut url| {
            url.set_fragment(None);
            url.to_string()
        })
    }

    /// [status](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-status)
    pub(super) fn status(&self) -> u16 {
        self.response.as_ref().map_or(0, |held| held.status)
    }

    /// [statusText](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-statustext)
    pub(super) fn status_text(&self) -> String {
        let text = self.response.as_ref().map(|held| held.status_text.clone());
        text.unwrap_or_default()
    }

    /// [getResponseHeader()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-getresponseheader)
    pub(super) fn response_header(&self, name: &str) -> Option<String> {
        headers::get(&self.response.as_ref()?.headers, name)
    }

    /// Whether there is no response that can be read.
    pub(super) fn is_network_error(&self) -> bool {
        let kind = self.response.as_ref().map(|held| held.kind);
        kind.is_none_or(|kind| kind == ResponseType::Error)
    }
}

/// The global of an `XMLHttpRequest`, if it is a window.
pub(super) fn window_of(xhr: &JsObject, cx: &Context) -> Option<GlobalId> {
    let global = platform::relevant_global(xhr)?;
    let is_window = with_contexts(cx, |contexts| contexts.window(global).is_some());
    is_window.then_some(global)
}

/// Throws an `InvalidStateError`.
pub(super) fn invalid_state(message: &str, cx: &mut Context) -> boa_engine::JsError {
    throw("InvalidStateError", message, cx)
}

/// Fires `readystatechange`.
pub(super) fn fire_ready_state_change(xhr: &JsObject, cx: &mut Context) {
    let target = Target::Object(xhr.clone());
    let event = NewEvent::plain();
    event_dispatch::fire(cx, &target, None, "readystatechange", (false, false), event);
}

/// [open()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-open) with two arguments.
pub(super) fn open_async(
    xhr: &JsObject,
    method: &str,
    url: &str,
    cx: &mut Context,
) -> JsResult<()> {
    open(xhr, method, url, true, (None, None), cx)
}

/// [open()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-open)
pub(super) fn open(
    xhr: &JsObject,
    method: &str,
    text: &str,
    is_async: bool,
    (username, password): (Option<String>, Option<String>),
    cx: &mut Context,
) -> JsResult<()> {
    // 1. The document has to be fully active.
    let global = platform::relevant_global(xhr);
    let global = global.filter(|global| {
        with_contexts(cx, |contexts| {
            contexts.is_in_a_fully_active_document(*global)
        })
    });
    let Some(global) = global else {
        let message = "The document of the XMLHttpRequest is not fully active.";
        return Err(invalid_state(message, cx));
    };
    // 2. to 4. The method has to be allowed.
    if !is_header_name(method) {
        let message = format!("'{method}' is not a valid HTTP method.");
        return Err(throw("SyntaxError", &message, cx));
    }
    if is_forbidden_method(method) {
        let message = format!("'{method}' HTTP method is unsupported.");
        return Err(throw("SecurityError", &message, cx));
    }
    let method = normalize_method(method);
    // 5. and 6. Parse the URL.
    let parsed = with_contexts(cx, |contexts| {
        contexts.encoding_parse_url_for_global(global, text)
    });
    let Ok(mut url) = parsed else {
        let message = format!("'{text}' is not a valid URL.");
        return Err(throw("SyntaxError", &message, cx));
    };
    // 7. and 8. Set the user name and the password. These fail only for URLs without a host.
    if let Some(username) = username {
        let _ = url.set_username(&username);
    }
    if let Some(password) = password {
        let _ = url.set_password(Some(&password));
    }
    // 9. A synchronous request of a window allows neither a timeout nor a type.
    let is_window = window_of(xhr, cx).is_some();
    let has_options = platform::read(xhr, |data: &XhrData| {
        data.timeout != 0 || data.response_type != XMLHttpRequestResponseType::Default
    })?;
    if !is_async && is_window && has_options {
        let message =
            "Synchronous requests from a document must not set a timeout or a response type.";
        return Err(throw("InvalidAccessError", message, cx));
    }
    // 10. Terminate the ongoing fetch.
    sending::terminate(xhr, cx);
    // 11. and 12. Set the variables.
    let was_opened = platform::write(xhr, |data: &mut XhrData| {
        data.is_sent = false;
        data.upload_listener = false;
        data.method = method;
        data.url = Some(url);
        data.is_synchronous = !is_async;
        data.author_headers.clear();
        data.response = None;
        data.received = None;
        data.response_object = None;
        std::mem::replace(&mut data.state, OPENED) == OPENED
    })?;
    // 13. Tell the listeners.
    if !was_opened {
        fire_ready_state_change(xhr, cx);
    }
    Ok(())
}

/// Whether headers can be set and the request can be sent: it is opened and not sent.
pub(super) fn check_opened(xhr: &JsObject, cx: &mut Context) -> JsResult<()> {
    let is_ready = platform::read(xhr, |data: &XhrData| data.state == OPENED && !data.is_sent)?;
    if is_ready {
        return Ok(());
    }
    Err(invalid_state("The object's state must be OPENED.", cx))
}

/// [setRequestHeader()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-setrequestheader)
pub(super) fn set_request_header(
    xhr: &JsObject,
    name: &str,
    value: &str,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. It is opened and not sent.
    check_opened(xhr, cx)?;
    // 3. and 4. The name and the normalized value are valid.
    let value = normalize_value(value);
    if !is_header_name(name) || !is_header_value(value) {
        let message = format!("'{name}: {value}' is not a valid HTTP header field.");
        return Err(throw("SyntaxError", &message, cx));
    }
    // 5. The user agent sets some headers.
    if is_forbidden_request_header(name, value) {
        return Ok(());
    }
    // 6. Combine them.
    platform::write(xhr, |data: &mut XhrData| {
        let list = &mut data.author_headers;
        match list
            .iter_mut()
            .find(|(held, _)| held.eq_ignore_ascii_case(name))
        {
            Some((_, held)) => *held = format!("{held}, {value}"),
            None => list.push((name.to_owned(), value.to_owned())),
        }
    })
}

/// [timeout](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-timeout)
pub(super) fn set_timeout(xhr: &JsObject, timeout: u32, cx: &mut Context) -> JsResult<()> {
    // 1. A synchronous request of a window has none.
    let is_synchronous = platform::read(xhr, |data: &XhrData| data.is_synchronous)?;
    if is_synchronous && window_of(xhr, cx).is_some() {
        let message = "Timeouts must not be set for synchronous requests from a document.";
        return Err(throw("InvalidAccessError", message, cx));
    }
    // 2. Set it, also for a request that is under way.
    platform::write(xhr, |data: &mut XhrData| data.timeout = timeout)?;
    sending::queue_timeout(xhr, cx);
    Ok(())
}

/// [withCredentials](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-withcredentials)
pub(super) fn set_with_credentials(xhr: &JsObject, value: bool, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. It must not be sent.
    let is_sent = platform::read(xhr, |data: &XhrData| data.is_sent || data.state > OPENED)?;
    if is_sent {
        let message = "The value may only be set if the object's state is UNSENT or OPENED.";
        return Err(invalid_state(message, cx));
    }
    // 3. Set it.
    platform::write(xhr, |data: &mut XhrData| data.with_credentials = value)
}

/// [responseType](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsetype)
pub(super) fn set_response_type(
    xhr: &JsObject,
    value: XMLHttpRequestResponseType,
    cx: &mut Context,
) -> JsResult<()> {
    let is_window = window_of(xhr, cx).is_some();
    // 1. Workers have no documents.
    if !is_window && value == XMLHttpRequestResponseType::Document {
        return Ok(());
    }
    let (state, is_synchronous) =
        platform::read(xhr, |data: &XhrData| (data.state, data.is_synchronous))?;
    // 2. It is too late once bytes arrive.
    if state == LOADING || state == DONE {
        let message = "The response type cannot be set if the object's state is LOADING or DONE.";
        return Err(invalid_state(message, cx));
    }
    // 3. A synchronous request of a window has none.
    if is_window && is_synchronous {
        let message =
            "The response type cannot be changed for synchronous requests made from a document.";
        return Err(throw("InvalidAccessError", message, cx));
    }
    // 4. Set it.
    platform::write(xhr, |data: &mut XhrData| data.response_type = value)
}
