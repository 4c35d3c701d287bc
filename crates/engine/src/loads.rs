//! The loads of an agent: the sources of responses, and the pending fetches ([Fetch,
//! fetching](https://fetch.spec.whatwg.org/#fetching)).
//!
//! The routes of the user get each request first, then the page's loader. Both answer at once. A URL that neither serves
//! goes to the HAR of the user, if there is one, or else to the network, if the page has one. The event loop counts each network fetch as outstanding, so
//! virtual time stands still until the response arrives. A deadline in real time bounds the wait.

pub(crate) mod arrivals;
mod requests;
mod waiting;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use boa_engine::Context;
use framepost_browsing_context::loader::data_url_response;
use framepost_browsing_context::{
    Destination, EffectHost as _, FetchRequest, LoadError, RequestId, Response,
};
use framepost_event_loop::{Arena, EventLoop, GlobalId, NextTask, OutstandingId, TaskSource};

use crate::boa::slots::Slot;
use crate::cookies::jar;
use crate::har::{EntryNumber, Har, Recorder, Replay};
use crate::http::{Client, ConnectionId, FetchId, Fetched, HttpOptions, TakeAnswer, too_late};
use crate::output::TaskOrigin;
use crate::script::{
    AgentLoop, Host, Task, TaskId, state, with_contexts, with_loop, with_messaging,
};

pub(crate) mod connections;

use arrivals::{Arrivals, Mailbox};

use requests::http_request;
pub use requests::request_headers;
pub(crate) use waiting::waiting;

/// The `User-Agent` header of requests, and `navigator.userAgent`.
pub(crate) const USER_AGENT: &str = concat!(
    "Mozilla/5.0 (headless) Framepost/",
    env!("CARGO_PKG_VERSION")
);

/// The language of the user.
pub(crate) const LANGUAGE: &str = "en-US";

/// Changes a response before the page gets it.
pub(crate) type RewriteResponse = Box<dyn FnMut(&FetchRequest, &mut Response)>;

/// Sees each request with its answer, before a redirect is followed.
pub(crate) type OnAnswer = Box<dyn FnMut(&FetchRequest, &Result<Response, LoadError>)>;

/// Answers a request in place of the loader and the network, if it returns a response.
pub(crate) type Route = Box<dyn FnMut(&FetchRequest) -> Option<Response>>;

/// The receiver of a response.
#[derive(Clone, Copy)]
pub(crate) enum To {
    /// The documents and navigables.
    Contexts(RequestId),
    /// A family of interfaces, which names its fetch by an id. It follows redirects itself.
    Family(&'static Receiver, TaskId),
}

/// The functions of a family that receives responses.
pub(crate) struct Receiver {
    /// Whether the fetch still needs its response.
    pub(crate) is_awaited: fn(&Context, TaskId) -> bool,
    /// Takes the response.
    pub(crate) take: fn(&mut Context, TaskId, Result<Response, LoadError>),
    /// Returns the call of script that started the fetch, and the time since then, if positions are recorded.
    pub(crate) origin: fn(&Context, TaskId) -> Option<(TaskOrigin, Duration)>,
}

impl To {
    fn is_awaited(self, ctx: &Context) -> bool {
        match self {
            Self::Contexts(request) => with_contexts(ctx, |contexts| contexts.is_awaited(request)),
            Self::Family(receiver, id) => (receiver.is_awaited)(ctx, id),
        }
    }
}

/// The loads of an agent.
#[derive(Default)]
pub(crate) struct Fetches {
    network: Option<Network>,
    under_way: RefCell<Arena<FetchId, UnderWay>>,
    connections: RefCell<Arena<ConnectionId, connections::Open>>,
    route: RefCell<Option<Route>>,
    rewrite: RefCell<Option<RewriteResponse>>,
    on_answer: RefCell<Option<OnAnswer>>,
    page_error: RefCell<Option<LoadError>>,
    unanswered: RefCell<BTreeSet<String>>,
    /// Records requests, if the page is recorded.
    recorder: RefCell<Option<Recorder>>,
    /// Answers in place of the network.
    replay: RefCell<Option<Replay>>,
    arrivals: arrivals::Arrivals,
}

/// The number of requests without an answer that are kept.
const MAX_UNANSWERED: usize = 1000;

/// The loads of the agent, in an `Rc` because callers run script and the network while they use
/// them.
static FETCHES: Slot<Rc<Fetches>> = Slot::new();

fn fetches(ctx: &Context) -> Rc<Fetches> {
    FETCHES.with(ctx, |fetches| fetches.clone())
}

/// Stores the loads of a new agent.
pub(crate) fn install(ctx: &Context, fetches: Fetches) {
    FETCHES.set(ctx, Rc::new(fetches));
}

/// Returns the reason why the page itself could not be loaded.
pub(crate) fn page_error(ctx: &Context) -> Option<LoadError> {
    fetches(ctx).page_error.borrow().clone()
}

/// Returns the requests over HTTP that nothing has answered.
pub(crate) fn unanswered(ctx: &Context) -> Vec<String> {
    let fetches = fetches(ctx);
    let unanswered = fetches.unanswered.borrow();
    unanswered.iter().cloned().collect()
}

/// Starts to record the requests of the page as a HAR.
pub(crate) fn record_har(ctx: &Context) {
    *fetches(ctx).recorder.borrow_mut() = Some(Recorder::default());
}

/// Returns the recorded requests as a HAR.
pub(crate) fn har(ctx: &Context) -> String {
    let fetches = fetches(ctx);
    let recorder = fetches.recorder.borrow();
    recorder.as_ref().map(Recorder::to_text).unwrap_or_default()
}

/// Answers requests from a HAR in place of the network.
pub(crate) fn replay_har(ctx: &Context, har: Har) {
    *fetches(ctx).replay.borrow_mut() = Some(Replay::new(har));
}

/// The time since the epoch by the page's clock, which does not move.
fn since_epoch(ctx: &Context) -> Duration {
    with_loop(ctx, |event_loop| {
        event_loop
            .time_origin()
            .saturating_add(event_loop.peek_now())
    })
}

/// A load, from its start to its answer.
struct Load {
    to: To,
    details: FetchRequest,
    /// Its entry in the HAR.
    entry: Option<EntryNumber>,
}

/// Records that a request is sent.
fn record_request(ctx: &Context, details: &FetchRequest) -> Option<EntryNumber> {
    let fetches = fetches(ctx);
    let mut recorder = fetches.recorder.borrow_mut();
    let recorder = recorder.as_mut()?;
    recorder.sent(details, request_headers(details), since_epoch(ctx))
}

/// The longest `data:` URL that a trace shows whole, in characters.
const MAX_DATA_URL: usize = 80;

/// A URL as a trace shows it.
fn shown(url: &url::Url) -> String {
    let text = url.as_str();
    if url.scheme() != "data" || text.chars().count() <= MAX_DATA_URL {
        return text.to_owned();
    }
    text.chars().take(MAX_DATA_URL).chain(['…']).collect()
}

fn is_tracing(ctx: &Context) -> bool {
    state(ctx).world.borrow().messaging.is_tracing()
}

/// Records a request in the trace.
fn trace(ctx: &Context, global: Option<GlobalId>, request: String, answer: String) {
    with_messaging(ctx, |messaging, _| {
        messaging.record_request(global, request, answer);
    });
}

/// Records an answer: in the HAR, in the trace, and among the requests over HTTP that were not answered.
fn note(
    ctx: &Context,
    fetches: &Fetches,
    details: &FetchRequest,
    entry: Option<EntryNumber>,
    answer: &Result<Response, LoadError>,
) {
    if let Some(entry) = entry {
        let now = since_epoch(ctx);
        if let Some(recorder) = fetches.recorder.borrow_mut().as_mut() {
            recorder.answered(entry, answer, now);
        }
    }
    if let Some(on_answer) = fetches.on_answer.borrow_mut().as_mut() {
        on_answer(details, answer);
    }
    if is_tracing(ctx) {
        let global = with_contexts(ctx, |contexts| {
            contexts.global_of_client(details.initiator?)
        });
        let request = format!("{} {}", details.method(), shown(&details.url));
        let answer = match answer {
            Ok(response) => format!("{}, {} bytes", response.status, response.body.len()),
            Err(error) => error.to_string(),
        };
        trace(ctx, global, request, answer);
    }
    if answer.is_err() && matches!(details.url.scheme(), "http" | "https") {
        not_answered(fetches, details.method(), &details.url);
    }
}

/// Keeps a request that was not answered.
fn not_answered(fetches: &Fetches, method: &str, url: &url::Url) {
    let mut unanswered = fetches.unanswered.borrow_mut();
    if unanswered.len() < MAX_UNANSWERED {
        unanswered.insert(format!("{method} {url}"));
    }
}

/// Passes each request and its answer to a function from now on.
pub(crate) fn set_on_answer(ctx: &Context, on_answer: OnAnswer) {
    *fetches(ctx).on_answer.borrow_mut() = Some(on_answer);
}

/// Returns the limit on the time that one run waits for responses.
pub(crate) fn wait_time(ctx: &Context) -> Duration {
    let fetches = fetches(ctx);
    let network = fetches.network.as_ref();
    network.map_or(Duration::ZERO, |network| network.options.wait_time)
}

/// Returns a callback that queues each response as a task of `event_loop`, or puts it into the mailbox, if that is used.
fn answers_to(event_loop: &AgentLoop, mailbox: Arc<Mailbox>) -> TakeAnswer {
    let inbox = event_loop.inbox();
    Box::new(move |fetched| {
        if let Some(fetched) = mailbox.put(fetched) {
            let task = Task::Fetched(Box::new(fetched));
            // A closed event loop needs no response.
            let _ = inbox.queue_task(TaskSource::Networking, None, task);
        }
    })
}

struct Network {
    client: Client,
    options: HttpOptions,
}

struct UnderWay {
    load: Load,
    /// The number of the load, among all loads.
    number: u64,
    outstanding: OutstandingId,
    deadline: Instant,
}

/// Wakes the agent's thread while it waits for a response.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Fetches {
    /// Creates the loads of an agent whose event loop is `event_loop` and runs on this thread.
    pub(crate) fn new(
        http: Option<HttpOptions>,
        route: Option<Route>,
        rewrite: Option<RewriteResponse>,
        event_loop: &AgentLoop,
    ) -> Self {
        let arrivals = Arrivals::default();
        let network = http.map(|options| {
            event_loop.set_waker(Waker::from(Arc::new(Unpark(thread::current()))));
            Network {
                client: Client::new(&options, answers_to(event_loop, arrivals.mailbox())),
                options,
            }
        });
        Self {
            network,
            route: RefCell::new(route),
            rewrite: RefCell::new(rewrite),
            arrivals,
            ..Self::default()
        }
    }
}

/// Starts a fetch of the documents and navigables. A task of the networking task source delivers the response.
pub(crate) fn fetch(ctx: &mut Context, request: RequestId, details: FetchRequest) {
    load(ctx, To::Contexts(request), details);
}

/// Starts a load. The receiver gets the response at once, or in a task when the network has answered.
pub(crate) fn load(ctx: &mut Context, to: To, mut details: FetchRequest) {
    jar::attach(ctx, &mut details);
    let entry = record_request(ctx, &details);
    let load = Load { to, details, entry };
    let fetches = fetches(ctx);
    let number = fetches.arrivals.next_load();
    if fetches.arrivals.is_of_the_network(number) {
        begin(ctx, load, number);
        return;
    }
    match answer_at_once(ctx, &load.details) {
        Some(answer) => answered(ctx, &load, answer),
        None => send(ctx, load, number),
    }
}

/// The answer of a route, of a loader or of a HAR. `None` if only the network can answer.
fn answer_at_once(ctx: &Context, details: &FetchRequest) -> Option<Result<Response, LoadError>> {
    let fetches = fetches(ctx);
    let is_http = matches!(details.url.scheme(), "http" | "https");
    let routed = match fetches.route.borrow_mut().as_mut() {
        Some(route) if is_http => route(details),
        _ => None,
    };
    if let Some(response) = routed {
        return Some(Ok(response));
    }
    let answer = match details.url.scheme() {
        "blob" => crate::file::blob_url_store::load(ctx, details),
        "data" => data_url_response(&details.url),
        _ => state(ctx).loader.borrow_mut().load(details),
    };
    let is_absent = is_http
        && matches!(
            answer,
            Err(LoadError::UnknownOrigin { .. } | LoadError::NotFound { .. })
        );
    if is_absent && let Some(replay) = fetches.replay.borrow_mut().as_mut() {
        return Some(replay.respond(details).map_or(answer, Ok));
    }
    match answer {
        Err(LoadError::UnknownOrigin { .. }) if is_http && fetches.network.is_some() => None,
        answer => Some(answer),
    }
}

/// Loads synchronously, without redirects.
// IMPLEMENTATION-DEFINED: the request takes no virtual time.
pub(crate) fn load_now(ctx: &Context, details: &FetchRequest) -> Result<Response, LoadError> {
    let fetches = fetches(ctx);
    let mut sent = details.clone();
    jar::attach(ctx, &mut sent);
    let entry = record_request(ctx, &sent);
    let answer = match (answer_at_once(ctx, &sent), &fetches.network) {
        (Some(answer), _) => answer,
        (None, Some(network)) => exchange_now(network, &sent),
        (None, None) => Err(LoadError::UnknownOrigin {
            url: details.url.to_string(),
        }),
    };
    note(ctx, &fetches, details, entry, &answer);
    let mut response = answer?;
    jar::receive(ctx, details, &response);
    rewrite(&fetches, details, &mut response);
    Ok(response)
}

/// Fetches synchronously and follows redirects.
pub(crate) fn fetch_now(ctx: &Context, request: FetchRequest) -> Result<Response, LoadError> {
    let mut details = request;
    loop {
        let response = load_now(ctx, &details)?;
        match details.redirect(&response) {
            Some(next) => details = next?,
            None => return Ok(response),
        }
    }
}

fn rewrite(fetches: &Fetches, details: &FetchRequest, response: &mut Response) {
    if let Some(rewrite) = fetches.rewrite.borrow_mut().as_mut() {
        rewrite(details, response);
    }
}

/// Sends a request and waits for the response on a separate event loop.
fn exchange_now(network: &Network, details: &FetchRequest) -> Result<Response, LoadError> {
    let mut own: AgentLoop = EventLoop::new();
    own.set_waker(Waker::from(Arc::new(Unpark(thread::current()))));
    let client = Client::new(&network.options, answers_to(&own, Arc::default()));
    let mut ids: Arena<FetchId, ()> = Arena::new();
    client.send(ids.insert(()), http_request(details));
    let end = after(Instant::now(), network.options.load_time);
    loop {
        if let NextTask::Task(queued) = own.next_task()
            && let Task::Fetched(fetched) = queued.task
        {
            return fetched.answer;
        }
        let now = Instant::now();
        if now >= end {
            let url = details.url.to_string();
            let message = too_late(network.options.load_time);
            return Err(LoadError::Failed { url, message });
        }
        thread::park_timeout(end.saturating_duration_since(now));
    }
}

fn send(ctx: &Context, load: Load, number: u64) {
    let fetches = fetches(ctx);
    if let Some(network) = &fetches.network {
        let to_send = http_request(&load.details);
        network.client.send(begin(ctx, load, number), to_send);
    }
}

/// Begins to wait for the response to a load.
fn begin(ctx: &Context, load: Load, number: u64) -> FetchId {
    let fetches = fetches(ctx);
    let outstanding = with_loop(ctx, |event_loop| {
        event_loop.begin_outstanding(None, "load", load.details.url.as_str())
    });
    let network = fetches.network.as_ref();
    // The loads of a replay end when those of the recorded run did.
    let time = network.map_or(Duration::MAX, |network| network.options.load_time);
    let id = fetches.under_way.borrow_mut().insert(UnderWay {
        load,
        number,
        outstanding,
        deadline: after(Instant::now(), time),
    });
    fetches.arrivals.begins(number, id);
    id
}

/// Runs the task of a network response.
pub(crate) fn take_in(ctx: &mut Context, fetched: Fetched) {
    if let Some(load) = end(ctx, fetched.id) {
        let answer = match fetches(ctx).arrivals.are_repeated() {
            true => arrivals::known_answer(ctx, &load.details),
            false => fetched.answer,
        };
        answered(ctx, &load, answer);
    }
}

/// Removes a pending fetch, so that the event loop stops waiting for it.
fn end(ctx: &Context, id: FetchId) -> Option<Load> {
    let ended = fetches(ctx).under_way.borrow_mut().remove(id)?;
    with_loop(ctx, |event_loop| {
        event_loop.end_outstanding(ended.outstanding);
    });
    Some(ended.load)
}

/// Follows a redirect of the documents and navigables, or passes the response on.
fn answered(ctx: &mut Context, ended: &Load, mut answer: Result<Response, LoadError>) {
    let Load { to, details, entry } = ended;
    let to = *to;
    if let Ok(response) = &answer {
        jar::receive(ctx, details, response);
    }
    let fetches = fetches(ctx);
    note(ctx, &fetches, details, *entry, &answer);
    let request = match to {
        To::Contexts(request) => request,
        To::Family(receiver, id) => {
            if let Ok(response) = &mut answer {
                rewrite(&fetches, details, response);
            }
            return (receiver.take)(ctx, id, answer);
        }
    };
    let mut answer = match answer {
        Ok(response) => match details.redirect(&response) {
            None => Ok(response),
            Some(Ok(next)) => {
                if to.is_awaited(ctx) {
                    load(ctx, to, next);
                }
                return;
            }
            Some(Err(error)) => Err(error),
        },
        Err(error) => Err(error),
    };
    if let Ok(response) = &mut answer {
        rewrite(&fetches, details, response);
    }
    if let Err(error) = &answer
        && details.initiator.is_none()
        && details.destination == Destination::Document
    {
        *fetches.page_error.borrow_mut() = Some(error.clone());
    }
    // The algorithm that made the request reports the failure.
    Host::new(ctx).with_contexts(|contexts, queues| contexts.respond(queues, request, answer));
}

/// Drops fetches without a receiver, and fails fetches past their deadline. Returns whether any
/// were removed, because the loop may then have a new task.
pub(crate) fn give_up(ctx: &mut Context) -> bool {
    let fetches = fetches(ctx);
    let now = Instant::now();
    let ids = fetches.under_way.borrow().keys_in_order();
    let mut any = connections::stop_waiting(ctx, now);
    for id in ids {
        let found = fetches
            .under_way
            .borrow()
            .get(id)
            .map(|load| (load.load.to, load.deadline <= now, load.number));
        let Some((to, is_late, number)) = found else {
            continue;
        };
        let awaited = to.is_awaited(ctx);
        if awaited && !is_late {
            continue;
        }
        any = true;
        let mut time = Duration::ZERO;
        if let Some(network) = &fetches.network {
            network.client.forget(id);
            time = network.options.load_time;
        }
        fetches.arrivals.note(number, true);
        if let Some(load) = end(ctx, id)
            && awaited
        {
            let url = load.details.url.to_string();
            let message = too_late(time);
            let answer = Err(LoadError::Failed { url, message });
            answered(ctx, &load, answer);
        }
    }
    any
}

/// Returns `now` plus `time`, capped at one year.
pub(crate) fn after(now: Instant, time: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    now + time.min(YEAR)
}

/// Sleeps until a response arrives, a fetch reaches its deadline, or `end`.
pub(crate) fn wait(ctx: &Context, end: Instant) {
    let fetches = fetches(ctx);
    let under_way = fetches.under_way.borrow();
    let first = under_way.iter().map(|(_, under_way)| under_way.deadline);
    let connections = fetches.connections.borrow();
    let quiet = connections.iter().filter_map(|(_, open)| open.quiet_at());
    let until = first.chain(quiet).min().unwrap_or(end).min(end);
    drop(connections);
    drop(under_way);
    thread::park_timeout(until.saturating_duration_since(Instant::now()));
}
