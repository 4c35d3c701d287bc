//! Connections that stay open: responses that arrive in parts, and WebSockets.
//!
//! An open connection keeps a run going while something happens on it. When it was quiet for a while, in real time, the
//! run no longer waits for it: virtual time goes on, and the page can become idle. What arrives later is handled if the
//! page runs again.

use std::rc::Rc;
use std::time::Instant;

use boa_engine::Context;
use framepost_browsing_context::{FetchRequest, LoadError, Response};
use framepost_event_loop::{GlobalId, OutstandingId, TaskSource};
use url::Url;

use super::{
    Fetches, after, answer_at_once, fetches, http_request, is_tracing, not_answered, note,
    record_request, shown, trace,
};
use crate::cookies::jar;
use crate::har::EntryNumber;
use crate::http::{
    Command, Connection, ConnectionEvent, ConnectionId, News, SocketRequest, TakeNews, connect,
};
use crate::script::{Task, TaskId, with_loop};

/// The functions of a family that uses connections.
pub(crate) struct Listener {
    /// What keeps the run going, such as "WebSocket".
    pub(crate) what: &'static str,
    /// Handles what has happened on a connection. After the last event, the connection is gone.
    pub(crate) hear: fn(&mut Context, TaskId, ConnectionEvent),
}

/// An open connection.
pub(super) struct Open {
    listener: &'static Listener,
    id: TaskId,
    global: GlobalId,
    /// The request. That of a WebSocket has the URL of HTTP.
    details: FetchRequest,
    /// The URL that script has given.
    url: Url,
    entry: Option<EntryNumber>,
    /// `None` until the connection was started.
    connection: Option<Connection>,
    outstanding: Option<OutstandingId>,
    quiet_at: Instant,
}

impl Open {
    /// When the run stops waiting for it, if it waits.
    pub(super) fn quiet_at(&self) -> Option<Instant> {
        self.outstanding.is_some().then_some(self.quiet_at)
    }
}

/// The start of a response that arrives in parts.
pub(crate) enum Streamed {
    /// A route, a loader or a HAR has answered at once, with the whole body.
    Answer(Result<Response, LoadError>),
    /// The network will answer.
    Opened(ConnectionId),
}

/// Starts a request whose response is passed on as it arrives.
pub(crate) fn stream(
    ctx: &Context,
    (listener, id): (&'static Listener, TaskId),
    global: GlobalId,
    mut details: FetchRequest,
) -> Streamed {
    jar::attach(ctx, &mut details);
    let entry = record_request(ctx, &details);
    let fetches = fetches(ctx);
    let at_once = answer_at_once(ctx, &details);
    let Some(network) = fetches.network.as_ref().filter(|_| at_once.is_none()) else {
        let answer = at_once.unwrap_or_else(|| {
            let url = details.url.to_string();
            Err(LoadError::UnknownOrigin { url })
        });
        if let Ok(response) = &answer {
            jar::receive(ctx, &details, response);
        }
        note(ctx, &fetches, &details, entry, &answer);
        return Streamed::Answer(answer);
    };
    let request = http_request(&details);
    let of_page = (details.url.clone(), details);
    let opened = open(ctx, &fetches, (listener, id), global, of_page, entry);
    let connection = network
        .client
        .stream(opened, request, answers_of(ctx, global));
    started(&fetches, opened, connection);
    Streamed::Opened(opened)
}

/// Connects to the server of a WebSocket. `details` is the handshake as a request. `None` without a network.
pub(crate) fn socket(
    ctx: &Context,
    (listener, id): (&'static Listener, TaskId),
    global: GlobalId,
    (url, protocols): (Url, Vec<String>),
    mut details: FetchRequest,
) -> Option<ConnectionId> {
    let fetches = fetches(ctx);
    let is_replay = fetches.replay.borrow().is_some();
    let Some(network) = fetches.network.as_ref().filter(|_| !is_replay) else {
        not_answered(&fetches, "GET", &url);
        return None;
    };
    jar::attach(ctx, &mut details);
    let mut headers = details.headers.clone();
    let mut add = |name: &str, value: String| headers.push((name.to_owned(), value));
    if let Some(origin) = &details.origin {
        add("origin", origin.to_string());
    }
    add("user-agent", super::USER_AGENT.to_owned());
    add("accept-language", super::LANGUAGE.to_owned());
    add("pragma", "no-cache".to_owned());
    add("cache-control", "no-cache".to_owned());
    let of_page = (url.clone(), details);
    let opened = open(ctx, &fetches, (listener, id), global, of_page, None);
    let request = SocketRequest {
        url,
        protocols,
        headers,
    };
    let connection = connect(&network.options, opened, request, answers_of(ctx, global));
    started(&fetches, opened, connection);
    Some(opened)
}

fn open(
    ctx: &Context,
    fetches: &Fetches,
    (listener, id): (&'static Listener, TaskId),
    global: GlobalId,
    (url, details): (Url, FetchRequest),
    entry: Option<EntryNumber>,
) -> ConnectionId {
    let outstanding = with_loop(ctx, |event_loop| {
        event_loop.begin_outstanding(Some(global), listener.what, url.as_str())
    });
    let network = fetches.network.as_ref();
    // The thread reports a server that does not answer in time.
    let wait = network.map(|network| network.options.load_time.saturating_mul(2));
    fetches.connections.borrow_mut().insert(Open {
        listener,
        id,
        global,
        details,
        url,
        entry,
        connection: None,
        outstanding: Some(outstanding),
        quiet_at: after(Instant::now(), wait.unwrap_or_default()),
    })
}

fn started(fetches: &Fetches, id: ConnectionId, connection: Connection) {
    if let Some(open) = fetches.connections.borrow_mut().get_mut(id) {
        open.connection = Some(connection);
    }
}

/// Returns a callback that queues each event as a networking task of the global.
fn answers_of(ctx: &Context, global: GlobalId) -> TakeNews {
    let (inbox, client) = with_loop(ctx, |event_loop| {
        (event_loop.inbox(), event_loop.client_of(global))
    });
    Box::new(move |news| {
        let task = Task::Connection(Box::new(news));
        let queued = inbox.queue_task(TaskSource::Networking, client, task);
        queued.is_ok()
    })
}

/// Does something on a WebSocket.
pub(crate) fn command(ctx: &Context, id: ConnectionId, command: Command) {
    let fetches = fetches(ctx);
    if is_tracing(ctx) {
        let what = match &command {
            Command::Text(text) => Some(format!("text, {} bytes", text.len())),
            Command::Bytes(bytes) => Some(format!("binary, {} bytes", bytes.len())),
            Command::Close(_) => None,
        };
        let found = fetches.connections.borrow().get(id).map(describe);
        if let Some(((global, url), what)) = found.zip(what) {
            trace(ctx, Some(global), format!("send to {url}"), what);
        }
    }
    active(ctx, &fetches, id);
    let connections = fetches.connections.borrow();
    let open = connections.get(id);
    if let Some(connection) = open.and_then(|open| open.connection.as_ref()) {
        connection.command(command);
    }
}

fn describe(open: &Open) -> (GlobalId, String) {
    (open.global, shown(&open.url))
}

/// The run waits for the connection again.
fn active(ctx: &Context, fetches: &Fetches, id: ConnectionId) {
    let network = fetches.network.as_ref();
    let wait = network.map(|network| network.options.quiet_time);
    let mut connections = fetches.connections.borrow_mut();
    let Some(open) = connections.get_mut(id) else {
        return;
    };
    open.quiet_at = after(Instant::now(), wait.unwrap_or_default());
    if open.outstanding.is_none() {
        let (what, url) = (open.listener.what, open.url.as_str());
        open.outstanding = Some(with_loop(ctx, |event_loop| {
            event_loop.begin_outstanding(Some(open.global), what, url)
        }));
    }
}

/// Ends a connection that nobody needs any more.
pub(crate) fn end(ctx: &Context, id: ConnectionId) {
    let ended = fetches(ctx).connections.borrow_mut().remove(id);
    if let Some(outstanding) = ended.and_then(|open| open.outstanding) {
        with_loop(ctx, |event_loop| event_loop.end_outstanding(outstanding));
    }
}

/// Stops waiting for the connections that are quiet. Returns whether there were any.
pub(super) fn stop_waiting(ctx: &Context, now: Instant) -> bool {
    let fetches = fetches(ctx);
    let mut connections = fetches.connections.borrow_mut();
    let mut any = false;
    for id in connections.keys_in_order() {
        let Some(open) = connections.get_mut(id) else {
            continue;
        };
        if open.quiet_at().is_some_and(|at| at <= now)
            && let Some(outstanding) = open.outstanding.take()
        {
            any = true;
            with_loop(ctx, |event_loop| event_loop.end_outstanding(outstanding));
        }
    }
    any
}

/// Runs the task of something that has happened on a connection.
pub(crate) fn take_in(ctx: &mut Context, news: News) {
    let News { id, event } = news;
    let fetches = fetches(ctx);
    active(ctx, &fetches, id);
    record(ctx, &fetches, id, &event);
    let connections = fetches.connections.borrow();
    let found = connections.get(id).map(|open| (open.listener, open.id));
    drop(connections);
    let Some((listener, of_family)) = found else {
        return;
    };
    if event.is_last() {
        end(ctx, id);
    }
    (listener.hear)(ctx, of_family, event);
}

/// Records an event: its cookies, and what the trace and the HAR show.
fn record(ctx: &Context, fetches: &Rc<Fetches>, id: ConnectionId, event: &ConnectionEvent) {
    let connections = fetches.connections.borrow();
    let Some(open) = connections.get(id) else {
        return;
    };
    let (details, entry) = (open.details.clone(), open.entry);
    let (global, url) = describe(open);
    let mut of_page = details.clone();
    of_page.url = open.url.clone();
    drop(connections);
    let (what, detail) = match event {
        ConnectionEvent::Opened(response) => {
            jar::receive(ctx, &details, response);
            return note(ctx, fetches, &of_page, entry, &Ok((**response).clone()));
        }
        ConnectionEvent::Ended(Err(error)) => {
            return note(ctx, fetches, &of_page, entry, &Err(error.clone()));
        }
        ConnectionEvent::Part(bytes) => {
            let mut recorder = fetches.recorder.borrow_mut();
            if let Some((recorder, entry)) = recorder.as_mut().zip(entry) {
                recorder.add_to_body(entry, bytes);
            }
            ("receive from", format!("{} bytes", bytes.len()))
        }
        ConnectionEvent::Text(text) => ("receive from", format!("text, {} bytes", text.len())),
        ConnectionEvent::Bytes(bytes) => ("receive from", format!("binary, {} bytes", bytes.len())),
        ConnectionEvent::Closed(closing) => ("close", format!("code {}", closing.code)),
        ConnectionEvent::Sent(_) | ConnectionEvent::Ended(Ok(())) => return,
    };
    if is_tracing(ctx) {
        trace(ctx, Some(global), format!("{what} {url}"), detail);
    }
}
