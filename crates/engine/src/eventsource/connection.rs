//! The connections of `EventSource` objects
//! ([HTML, processing model](https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model)).

use std::time::Duration;

use boa_engine::{Context, JsObject, JsResult, JsString};
use framepost_browsing_context::fetch::headers::extract_mime_type;
use framepost_browsing_context::fetch::{
    CacheMode, CredentialsMode, FetchStep, Fetching, FilteredResponse, Request,
};
use framepost_browsing_context::{LoadError, Origin, Response};
use framepost_event_loop::{FxHashMap, GlobalId, TaskSource};
use url::Url;

use super::interface::{CLOSED, CONNECTING, EventSourceData, EventSourceInit, OPEN};
use super::parse::{EventStream, Item};
use crate::boa::slots::Slot;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::http::{ConnectionEvent, ConnectionId};
use crate::loads::connections::{self, Listener, Streamed};
use crate::messaging::message_event::{EventOrigin, MESSAGE_EVENT, MessageData};
use crate::output::Output;
use crate::script::realm::{current_global, in_realm, realm_of};
use crate::script::{EngineTask, TaskId, TaskKind, emit, with_contexts, with_loop};
use crate::webidl::exception::throw;
use crate::webidl::{NewTarget, platform};

/// The reconnection time of a source, as in browsers.
const RECONNECTION_TIME: Duration = Duration::from_secs(3);

/// A source that is not closed.
struct Source {
    object: JsObject,
    global: GlobalId,
    url: Url,
    with_credentials: bool,
    fetching: Option<Fetching>,
    connection: Option<ConnectionId>,
    /// The stream, and the origin of its events, once the response was accepted.
    stream: Option<(EventStream, String)>,
    /// What a route, a loader or a HAR has answered, until its task runs.
    answer: Option<Answered>,
    reconnection_time: Duration,
    last_event_id: String,
}

/// The result of a fetch that was answered at once, and the body.
type Answered = (Result<Box<FilteredResponse>, LoadError>, Vec<u8>);

/// The sources that are not closed, by number.
static SOURCES: Slot<FxHashMap<u64, Source>> = Slot::new();

/// The number of the last source.
static LAST: Slot<u64> = Slot::new();

static LISTENER: Listener = Listener {
    what: "stream of events",
    hear,
};

/// [`new EventSource()`](https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource)
pub(super) fn construct(
    target: &NewTarget,
    url: &str,
    init: &EventSourceInit,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. and 2. Take the settings of the global.
    let global = current_global(cx)?;
    // 3. and 4. Parse the URL.
    let parsed = with_contexts(cx, |contexts| {
        contexts.encoding_parse_url_for_global(global, url)
    });
    let Ok(parsed) = parsed else {
        let message = format!("Cannot open an EventSource to '{url}'. The URL is invalid.");
        return Err(throw("SyntaxError", &message, cx));
    };
    // 5. to 14. Make the object and its request.
    let number = LAST.with(cx, |last| {
        *last += 1;
        *last
    });
    let data = EventSourceData {
        url: parsed.to_string(),
        with_credentials: init.with_credentials,
        ready_state: CONNECTING,
        number,
    };
    let object = target.create(data, cx)?;
    let source = Source {
        object: object.clone(),
        global,
        url: parsed,
        with_credentials: init.with_credentials,
        fetching: None,
        connection: None,
        stream: None,
        answer: None,
        reconnection_time: RECONNECTION_TIME,
        last_event_id: String::new(),
    };
    SOURCES.with(cx, |sources| sources.insert(number, source));
    // 15. Fetch it.
    fetch(cx, number);
    // 16. Return the object.
    Ok(object)
}

/// [close()](https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource-close)
pub(super) fn close(source: &JsObject, cx: &Context) -> JsResult<()> {
    let number = platform::write(source, |data: &mut EventSourceData| {
        data.ready_state = CLOSED;
        data.number
    })?;
    forget(cx, number);
    Ok(())
}

/// Drops a source that is closed.
fn forget(cx: &Context, number: u64) {
    let source = SOURCES.with(cx, |sources| sources.remove(&number));
    if let Some(connection) = source.as_ref().and_then(|source| source.connection) {
        connections::end(cx, connection);
    }
    // Dropping script values may run finalizers, so the slot must not be borrowed here.
    drop(source);
}

/// Starts a fetch of a source.
fn fetch(cx: &mut Context, number: u64) {
    let made = SOURCES.with(cx, |sources| {
        let source = sources.get(&number)?;
        let mut request = Request::new(source.url.clone());
        request.cache = CacheMode::NoStore;
        request.credentials = match source.with_credentials {
            true => CredentialsMode::Include,
            false => CredentialsMode::SameOrigin,
        };
        let accept = "text/event-stream".to_owned();
        request.headers.push(("Accept".to_owned(), accept));
        if !source.last_event_id.is_empty() {
            // The header has the bytes of UTF-8, each as one character.
            let id: String = source.last_event_id.bytes().map(char::from).collect();
            request.own_headers.push(("Last-Event-ID".to_owned(), id));
        }
        Some((source.global, request))
    });
    let Some((global, request)) = made else {
        return;
    };
    let fetching = with_contexts(cx, |contexts| contexts.begin_fetch(global, request));
    let Some(mut fetching) = fetching else {
        return forget(cx, number);
    };
    let step = fetching.begin();
    SOURCES.with(cx, |sources| {
        if let Some(source) = sources.get_mut(&number) {
            source.fetching = Some(fetching);
            source.stream = None;
        }
    });
    proceed(cx, number, step, Vec::new());
}

/// Performs the next step of a fetch. `body` is the body of a response that was answered at once.
fn proceed(cx: &mut Context, number: u64, step: FetchStep, body: Vec<u8>) {
    let (mut step, mut body) = (step, body);
    loop {
        let request = match step {
            FetchStep::Done(result) => return queue_answer(cx, number, (result, body)),
            FetchStep::Send(request) => request,
        };
        let Some(global) = SOURCES.with(cx, |sources| Some(sources.get(&number)?.global)) else {
            return;
        };
        let id = TaskId::number(number);
        match connections::stream(cx, (&LISTENER, id), global, *request) {
            Streamed::Opened(connection) => {
                SOURCES.with(cx, |sources| {
                    if let Some(source) = sources.get_mut(&number) {
                        source.connection = Some(connection);
                    }
                });
                return;
            }
            Streamed::Answer(answer) => {
                body = match &answer {
                    Ok(response) => response.body.clone(),
                    Err(_) => Vec::new(),
                };
                let Some(next) = answered(cx, number, answer) else {
                    return;
                };
                step = next;
            }
        }
    }
}

fn answered(cx: &Context, number: u64, answer: Result<Response, LoadError>) -> Option<FetchStep> {
    SOURCES.with(cx, |sources| {
        let source = sources.get_mut(&number)?;
        Some(source.fetching.as_mut()?.answered(answer))
    })
}

/// Queues the task that passes on a whole response.
fn queue_answer(cx: &Context, number: u64, answer: Answered) {
    let delay = answer.0.as_ref().map(|response| response.delay);
    let delay = delay.unwrap_or_default();
    let global = SOURCES.with(cx, |sources| {
        let source = sources.get_mut(&number)?;
        source.answer = Some(answer);
        Some(source.global)
    });
    let Some(global) = global else { return };
    with_loop(cx, |event_loop| {
        let Some(client) = event_loop.client_of(global) else {
            return;
        };
        let task = EngineTask::new(&PROCESS, TaskId::number(number));
        if delay.is_zero() {
            event_loop.queue_task_in_parallel(TaskSource::Networking, Some(client), task);
        } else {
            event_loop.queue_task_after(delay, TaskSource::Networking, Some(client), task);
        }
    });
}

static PROCESS: TaskKind = TaskKind {
    name: "process the response of an EventSource",
    run: |cx, id| {
        let number = id.as_number();
        let answer = SOURCES.with(cx, |sources| sources.get_mut(&number)?.answer.take());
        let Some((result, body)) = answer else { return };
        if accept(cx, number, result) {
            receive(cx, number, &body);
            reestablish(cx, number);
        }
    },
};

/// Handles what has happened on the connection of a source.
fn hear(cx: &mut Context, id: TaskId, event: ConnectionEvent) {
    let number = id.as_number();
    match event {
        ConnectionEvent::Opened(head) => match answered(cx, number, Ok(*head)) {
            Some(FetchStep::Done(result)) => {
                accept(cx, number, result);
            }
            Some(step @ FetchStep::Send(_)) => {
                // A redirect. The body of this response is not needed.
                let old = SOURCES.with(cx, |sources| sources.get_mut(&number)?.connection.take());
                if let Some(old) = old {
                    connections::end(cx, old);
                }
                proceed(cx, number, step, Vec::new());
            }
            None => {}
        },
        ConnectionEvent::Part(bytes) => receive(cx, number, &bytes),
        ConnectionEvent::Ended(ended) => {
            let is_open = SOURCES.with(cx, |sources| {
                let source = sources.get_mut(&number)?;
                source.connection = None;
                Some(source.stream.is_some())
            });
            match (is_open, ended) {
                (Some(true), _) => reestablish(cx, number),
                (Some(false), Err(error)) => {
                    if let Some(FetchStep::Done(result)) = answered(cx, number, Err(error)) {
                        accept(cx, number, result);
                    }
                }
                _ => {}
            }
        }
        _ => {}
    }
}

/// [processEventSourceEndOfBody and processResponse](https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource)
/// of the constructor. Returns whether the stream is open.
fn accept(cx: &mut Context, number: u64, result: Result<Box<FilteredResponse>, LoadError>) -> bool {
    let response = match result {
        Ok(response) => response,
        Err(error) => {
            emit(cx, &Output::Diagnostic(error.to_string()));
            match error {
                // 2. A network error may go away.
                LoadError::Failed { .. } => reestablish(cx, number),
                // It is futile to ask again.
                _ => fail(cx, number),
            }
            return false;
        }
    };
    // 3. The response has to be an event stream.
    let mime = extract_mime_type(&response.headers);
    let essence = mime.as_deref().and_then(|mime| mime.split(';').next());
    let is_stream = essence.is_some_and(|essence| essence.trim() == "text/event-stream");
    if response.status != 200 || !is_stream {
        let url = response.url.as_ref().map(Url::as_str).unwrap_or_default();
        let reason = format!(
            "{url} is no stream of events: status {}, expected 200 and the type text/event-stream",
            response.status
        );
        emit(cx, &Output::Diagnostic(reason));
        fail(cx, number);
        return false;
    }
    // 4. Announce the connection, and interpret the body.
    let origin = response.url.as_ref().and_then(Origin::of_url);
    let origin = origin.map(|origin| origin.to_string()).unwrap_or_default();
    SOURCES.with(cx, |sources| {
        if let Some(source) = sources.get_mut(&number) {
            let stream = EventStream::new(source.last_event_id.clone());
            source.stream = Some((stream, origin));
        }
    });
    fire(cx, number, Some(OPEN), "open", NewEvent::plain());
    SOURCES.with(cx, |sources| sources.contains_key(&number))
}

/// Interprets a part of the stream.
fn receive(cx: &mut Context, number: u64, bytes: &[u8]) {
    let found = SOURCES.with(cx, |sources| {
        let (stream, origin) = sources.get_mut(&number)?.stream.as_mut()?;
        Some((stream.feed(bytes), JsString::from(origin.as_str())))
    });
    let Some((items, origin)) = found else { return };
    for item in items {
        match item {
            Item::Retry(time) => SOURCES.with(cx, |sources| {
                if let Some(source) = sources.get_mut(&number) {
                    source.reconnection_time = time;
                }
            }),
            Item::LastEventId(id) => SOURCES.with(cx, |sources| {
                if let Some(source) = sources.get_mut(&number) {
                    source.last_event_id = id;
                }
            }),
            Item::Event { type_, data } => {
                let id = SOURCES.with(cx, |sources| {
                    Some(JsString::from(sources.get(&number)?.last_event_id.as_str()))
                });
                // A listener may have closed it.
                let Some(last_event_id) = id else { return };
                let data = MessageData {
                    data: JsString::from(data.as_str()).into(),
                    origin: EventOrigin::Given(origin.clone()),
                    last_event_id,
                    ..MessageData::default()
                };
                fire(cx, number, None, &type_, NewEvent::of(&MESSAGE_EVENT, data));
            }
        }
    }
}

/// Fires an event at a source, after it has got a new state.
fn fire(cx: &mut Context, number: u64, state: Option<u16>, type_: &str, event: NewEvent) {
    let found = SOURCES.with(cx, |sources| {
        let source = sources.get(&number)?;
        Some((source.object.clone(), source.global))
    });
    let Some((object, global)) = found else {
        return;
    };
    if let Some(state) = state {
        let set = |data: &mut EventSourceData| data.ready_state = state;
        if platform::write(&object, set).is_err() {
            return;
        }
    }
    let realm = realm_of(cx, global);
    in_realm(cx, &realm, |cx| {
        let target = Target::Object(object);
        event_dispatch::fire(cx, &target, None, type_, (false, false), event);
    });
}

/// [Fail the connection](https://html.spec.whatwg.org/multipage/server-sent-events.html#fail-the-connection)
fn fail(cx: &mut Context, number: u64) {
    fire(cx, number, Some(CLOSED), "error", NewEvent::plain());
    forget(cx, number);
}

/// [Reestablish the connection](https://html.spec.whatwg.org/multipage/server-sent-events.html#reestablish-the-connection)
fn reestablish(cx: &mut Context, number: u64) {
    // 1. Tell the listeners.
    fire(cx, number, Some(CONNECTING), "error", NewEvent::plain());
    // 2. and 3. Wait for the reconnection time.
    // 4. to 6. Then fetch again, unless a listener has closed it.
    let found = SOURCES.with(cx, |sources| {
        let source = sources.get_mut(&number)?;
        source.stream = None;
        source.connection = None;
        Some((source.global, source.reconnection_time))
    });
    let Some((global, time)) = found else { return };
    with_loop(cx, |event_loop| {
        let client = event_loop.client_of(global);
        if client.is_some() {
            let task = EngineTask::new(&RECONNECT, TaskId::number(number));
            event_loop.queue_task_after(time, TaskSource::Networking, client, task);
        }
    });
}

static RECONNECT: TaskKind = TaskKind {
    name: "reconnect an EventSource",
    run: |cx, id| fetch(cx, id.as_number()),
};

/// Closes the sources of a discarded window or an ended worker.
pub(crate) fn global_discarded(cx: &Context, global: GlobalId) {
    let mut numbers = SOURCES.with(cx, |sources| {
        let of_global = sources.iter().filter(|(_, source)| source.global == global);
        of_global.map(|(number, _)| *number).collect::<Vec<_>>()
    });
    numbers.sort_unstable();
    for number in numbers {
        forget(cx, number);
    }
}
