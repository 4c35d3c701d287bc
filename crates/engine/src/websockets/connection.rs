//! The connections of `WebSocket` objects.

use std::sync::Arc;

use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};
use framepost_browsing_context::fetch::headers::is_header_name;
use framepost_browsing_context::{LoadError, Origin};
use framepost_event_loop::{FxHashMap, GlobalId, TaskSource};
use url::Url;

use super::close_event::{CLOSE_EVENT, CloseData};
use super::interface::{
    BinaryType, CLOSED, CLOSING, CONNECTING, OPEN, SocketMessage, SocketProtocols, WebSocketData,
};
use crate::boa::slots::Slot;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::file::blob;
use crate::file::blob_data::BlobData;
use crate::http::{Closing, Command, ConnectionEvent, ConnectionId};
use crate::loads::connections::{self, Listener};
use crate::messaging::message_event::{EventOrigin, MESSAGE_EVENT, MessageData};
use crate::output::Output;
use crate::script::realm::{current_global, in_realm, realm_of};
use crate::script::{EngineTask, TaskId, TaskKind, emit, with_contexts, with_loop};
use crate::webidl::exception::throw;
use crate::webidl::{NewTarget, buffer_source, platform};

/// The status of a connection that ended without a closing handshake.
const ABNORMAL: u16 = 1006;

/// The most bytes of a reason.
const MAX_REASON: usize = 123;

/// A WebSocket that is not closed.
struct Socket {
    object: JsObject,
    global: GlobalId,
    /// Why there is no connection, until the task that tells the listeners runs.
    failure: Option<LoadError>,
}

/// The WebSockets that are not closed, by number.
static SOCKETS: Slot<FxHashMap<u64, Socket>> = Slot::new();

/// The number of the last WebSocket.
static LAST: Slot<u64> = Slot::new();

static LISTENER: Listener = Listener {
    what: "WebSocket",
    hear,
};

/// [`new WebSocket()`](https://websockets.spec.whatwg.org/#dom-websocket-websocket)
pub(super) fn construct(
    target: &NewTarget,
    url: &str,
    protocols: Option<SocketProtocols>,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. and 2. Get a URL record: that of HTTP stands for that of WebSocket, and there is no fragment.
    let global = current_global(cx)?;
    let parsed = with_contexts(cx, |contexts| contexts.parse_url_for_global(global, url));
    let Ok(mut parsed) = parsed else {
        return Err(syntax_error(&format!("The URL '{url}' is invalid."), cx));
    };
    let scheme = match parsed.scheme() {
        "ws" | "http" => "ws",
        "wss" | "https" => "wss",
        other => {
            let message = format!(
                "The URL's scheme must be either 'http', 'https', 'ws', or 'wss'. '{other}' is not allowed."
            );
            return Err(syntax_error(&message, cx));
        }
    };
    // The setter fails for no such URL.
    let _ = parsed.set_scheme(scheme);
    if let Some(fragment) = parsed.fragment() {
        let message = format!(
            "The URL contains a fragment identifier ('{fragment}'). Fragment identifiers are not allowed in WebSocket URLs."
        );
        return Err(syntax_error(&message, cx));
    }
    // 3. and 4. The protocols are names, each of them once.
    let protocols = match protocols {
        None => Vec::new(),
        Some(SocketProtocols::DomString(one)) => vec![one],
        Some(SocketProtocols::Sequence(all)) => all,
    };
    for (number, protocol) in protocols.iter().enumerate() {
        if !is_header_name(protocol) {
            let message = format!("The subprotocol '{protocol}' is invalid.");
            return Err(syntax_error(&message, cx));
        }
        let mut before = protocols.iter().take(number);
        if before.any(|held| held.eq_ignore_ascii_case(protocol)) {
            let message = format!("The subprotocol '{protocol}' is duplicated.");
            return Err(syntax_error(&message, cx));
        }
    }
    // 5. and 6. Make the object.
    let data = WebSocketData {
        url: parsed.to_string(),
        protocol: String::new(),
        ready_state: CONNECTING,
        buffered: 0,
        binary_type: BinaryType::Blob,
        connection: None,
    };
    let object = target.create(data, cx)?;
    let number = LAST.with(cx, |last| {
        *last += 1;
        *last
    });
    let socket = Socket {
        object: object.clone(),
        global,
        failure: None,
    };
    SOCKETS.with(cx, |sockets| sockets.insert(number, socket));
    // 7. Establish the connection.
    match establish(number, global, parsed, protocols, cx) {
        Ok(connection) => platform::write(&object, |data: &mut WebSocketData| {
            data.connection = Some(connection);
        })?,
        Err(error) => queue_failure(cx, number, error),
    }
    Ok(object)
}

fn syntax_error(message: &str, cx: &mut Context) -> boa_engine::JsError {
    throw("SyntaxError", message, cx)
}

/// [Establish a WebSocket connection](https://websockets.spec.whatwg.org/#concept-websocket-establish), up to the request.
fn establish(
    number: u64,
    global: GlobalId,
    url: Url,
    protocols: Vec<String>,
    cx: &Context,
) -> Result<ConnectionId, LoadError> {
    let request = with_contexts(cx, |contexts| contexts.websocket_request(global, &url))?;
    let id = TaskId::number(number);
    let text = url.to_string();
    let opened = connections::socket(cx, (&LISTENER, id), global, (url, protocols), request);
    opened.ok_or_else(|| LoadError::Failed {
        url: text,
        message: "there is no network, and routes do not answer WebSockets".to_owned(),
    })
}

/// Queues the task that tells the listeners that there is no connection.
fn queue_failure(cx: &Context, number: u64, error: LoadError) {
    let global = SOCKETS.with(cx, |sockets| {
        let socket = sockets.get_mut(&number)?;
        socket.failure = Some(error);
        Some(socket.global)
    });
    let Some(global) = global else { return };
    with_loop(cx, |event_loop| {
        let client = event_loop.client_of(global);
        if client.is_some() {
            let task = EngineTask::new(&FAIL, TaskId::number(number));
            event_loop.queue_task_in_parallel(TaskSource::Networking, client, task);
        }
    });
}

/// [Fail the WebSocket connection](https://websockets.spec.whatwg.org/#fail-the-websocket-connection)
static FAIL: TaskKind = TaskKind {
    name: "fail a WebSocket",
    run: |cx, id| {
        let number = id.as_number();
        let failure = SOCKETS.with(cx, |sockets| sockets.get_mut(&number)?.failure.take());
        if let Some(failure) = failure {
            failed(cx, number, &failure);
        }
    },
};

/// The number of a WebSocket that is not closed.
fn number_of(cx: &Context, object: &JsObject) -> Option<u64> {
    SOCKETS.with(cx, |sockets| {
        let mut sockets = sockets.iter();
        let found = sockets.find(|(_, socket)| JsObject::equals(&socket.object, object));
        found.map(|(number, _)| *number)
    })
}

/// [close()](https://websockets.spec.whatwg.org/#dom-websocket-close)
pub(super) fn close(
    socket: &JsObject,
    code: Option<u16>,
    reason: Option<String>,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Some codes are not for pages.
    if let Some(code) = code
        && code != 1000
        && !(3000..=4999).contains(&code)
    {
        let message = format!(
            "The close code must be either 1000, or between 3000 and 4999. {code} is neither."
        );
        return Err(throw("InvalidAccessError", &message, cx));
    }
    // 2. A reason has to fit into the frame.
    let reason = reason.unwrap_or_default();
    if reason.len() > MAX_REASON {
        let message =
            format!("The close reason must not be greater than {MAX_REASON} UTF-8 bytes.");
        return Err(syntax_error(&message, cx));
    }
    // 3. Close, unless it is closing already.
    let (state, connection) = platform::write(socket, |data: &mut WebSocketData| {
        let state = data.ready_state;
        if state < CLOSING {
            data.ready_state = CLOSING;
        }
        (state, data.connection)
    })?;
    match (state, connection) {
        // Before it is established, the connection fails.
        (CONNECTING, _) => {
            if let Some(connection) = connection {
                connections::end(cx, connection);
            }
            if let Some(number) = number_of(cx, socket) {
                let url = platform::read(socket, |data: &WebSocketData| data.url.clone())?;
                let message = "WebSocket is closed before the connection is established".to_owned();
                queue_failure(cx, number, LoadError::Failed { url, message });
            }
        }
        (OPEN, Some(connection)) => {
            let frame = match (code, reason.is_empty()) {
                (None, true) => None,
                (code, _) => Some((code.unwrap_or(1000), reason)),
            };
            connections::command(cx, connection, Command::Close(frame));
        }
        _ => {}
    }
    Ok(())
}

/// [send()](https://websockets.spec.whatwg.org/#dom-websocket-send)
pub(super) fn send(socket: &JsObject, message: SocketMessage, cx: &mut Context) -> JsResult<()> {
    // 1. It is too early before the connection is established.
    let state = platform::read(socket, |data: &WebSocketData| data.ready_state)?;
    if state == CONNECTING {
        let message = "Still in CONNECTING state.";
        return Err(throw("InvalidStateError", message, cx));
    }
    // 2. Send the data, and count it in any case.
    let (length, command) = match message {
        SocketMessage::UsvString(text) => (text.len(), Command::Text(text)),
        SocketMessage::Blob(blob) => (blob.size(), Command::Bytes(blob.bytes().to_vec())),
        SocketMessage::BufferSource(source) => {
            let bytes = source.bytes(cx)?;
            (bytes.len(), Command::Bytes(bytes))
        }
    };
    let connection = platform::write(socket, |data: &mut WebSocketData| {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        data.buffered = data.buffered.saturating_add(length);
        data.connection.filter(|_| data.ready_state == OPEN)
    })?;
    if let Some(connection) = connection {
        connections::command(cx, connection, command);
    }
    Ok(())
}

/// Handles what has happened on a connection.
fn hear(cx: &mut Context, id: TaskId, event: ConnectionEvent) {
    let number = id.as_number();
    let found = SOCKETS.with(cx, |sockets| {
        let socket = sockets.get(&number)?;
        Some((socket.object.clone(), socket.global))
    });
    let Some((object, global)) = found else {
        return;
    };
    let realm = realm_of(cx, global);
    in_realm(cx, &realm, |cx| match event {
        ConnectionEvent::Opened(response) => {
            let protocol = response.header("sec-websocket-protocol");
            established(cx, &object, protocol.unwrap_or_default());
        }
        ConnectionEvent::Text(text) => {
            message_received(cx, &object, |_, _| Ok(JsString::from(text.as_str()).into()));
        }
        ConnectionEvent::Bytes(bytes) => message_received(cx, &object, |binary_type, cx| {
            Ok(match binary_type {
                BinaryType::ArrayBuffer => buffer_source::array_buffer(&bytes, cx)?.into(),
                BinaryType::Blob => {
                    let data = BlobData::new(Arc::new(bytes), String::new(), None);
                    blob::create(data, &realm_of(cx, global), cx).into()
                }
            })
        }),
        ConnectionEvent::Sent(length) => {
            let length = u64::try_from(length).unwrap_or(u64::MAX);
            let _ = platform::write(&object, |data: &mut WebSocketData| {
                data.buffered = data.buffered.saturating_sub(length);
            });
        }
        ConnectionEvent::Closed(closing) => closed(cx, number, closing),
        ConnectionEvent::Ended(Err(error)) => failed(cx, number, &error),
        ConnectionEvent::Ended(Ok(())) | ConnectionEvent::Part(_) => {}
    });
}

/// [When the WebSocket connection is established](https://websockets.spec.whatwg.org/#feedback-from-the-protocol)
fn established(cx: &mut Context, object: &JsObject, protocol: &str) {
    // 1. to 3. Set the state, the extensions and the protocol.
    let is_open = platform::write(object, |data: &mut WebSocketData| {
        if data.ready_state == CONNECTING {
            data.ready_state = OPEN;
            protocol.clone_into(&mut data.protocol);
        }
        data.ready_state == OPEN
    });
    // 4. Tell the listeners.
    if is_open.unwrap_or(false) {
        fire(cx, object, "open", NewEvent::plain());
    }
}

/// [When a WebSocket message has been received](https://websockets.spec.whatwg.org/#feedback-from-the-protocol)
fn message_received(
    cx: &mut Context,
    object: &JsObject,
    value: impl FnOnce(BinaryType, &mut Context) -> JsResult<JsValue>,
) {
    // 1. Nothing arrives once it is closing.
    let found = platform::read(object, |data: &WebSocketData| {
        (data.ready_state == OPEN).then(|| (data.binary_type, data.url.clone()))
    });
    let Ok(Some((binary_type, url))) = found else {
        return;
    };
    // 2. Make the data.
    let Ok(data) = value(binary_type, cx) else {
        return;
    };
    // 3. Fire the event.
    let origin = Url::parse(&url).ok().as_ref().and_then(Origin::of_url);
    let origin = origin.map(|origin| origin.to_string()).unwrap_or_default();
    let data = MessageData {
        data,
        origin: EventOrigin::Given(JsString::from(origin.as_str())),
        ..MessageData::default()
    };
    fire(cx, object, "message", NewEvent::of(&MESSAGE_EVENT, data));
}

/// The connection has failed.
fn failed(cx: &mut Context, number: u64, error: &LoadError) {
    emit(cx, &Output::Diagnostic(error.to_string()));
    let object = SOCKETS.with(cx, |sockets| Some(sockets.get(&number)?.object.clone()));
    let Some(object) = object else { return };
    let set = |data: &mut WebSocketData| data.ready_state = CLOSED;
    if platform::write(&object, set).is_ok() {
        fire(cx, &object, "error", NewEvent::plain());
    }
    let closing = Closing {
        code: ABNORMAL,
        reason: String::new(),
        was_clean: false,
    };
    closed(cx, number, closing);
}

/// [When the WebSocket connection is closed](https://websockets.spec.whatwg.org/#closeWebSocket)
fn closed(cx: &mut Context, number: u64, closing: Closing) {
    let socket = SOCKETS.with(cx, |sockets| sockets.remove(&number));
    let Some(Socket { object, .. }) = socket else {
        return;
    };
    // 1. Set the state.
    let set = platform::write(&object, |data: &mut WebSocketData| {
        data.ready_state = CLOSED;
        data.connection = None;
    });
    if set.is_err() {
        return;
    }
    // 2. and 3. Tell the listeners.
    let data = CloseData {
        was_clean: closing.was_clean,
        code: closing.code,
        reason: closing.reason,
    };
    fire(cx, &object, "close", NewEvent::of(&CLOSE_EVENT, data));
}

fn fire(cx: &mut Context, object: &JsObject, type_: &str, event: NewEvent) {
    let target = Target::Object(object.clone());
    event_dispatch::fire(cx, &target, None, type_, (false, false), event);
}

/// [Make disappear](https://websockets.spec.whatwg.org/#make-disappear) the WebSockets of a discarded window or an ended
/// worker.
pub(crate) fn global_discarded(cx: &Context, global: GlobalId) {
    let ended = SOCKETS.with(cx, |sockets| {
        let of_global = sockets.iter().filter(|(_, socket)| socket.global == global);
        let mut numbers: Vec<u64> = of_global.map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        let removed = numbers.iter().filter_map(|number| sockets.remove(number));
        removed.collect::<Vec<_>>()
    });
    for socket in &ended {
        let connection = platform::read(&socket.object, |data: &WebSocketData| data.connection);
        if let Ok(Some(connection)) = connection {
            connections::end(cx, connection);
        }
    }
    // Dropping script values may run finalizers, so the slot must not be borrowed here.
    drop(ended);
}
