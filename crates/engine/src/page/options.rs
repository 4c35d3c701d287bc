//! The options of a page.

use std::fmt;
use std::path::PathBuf;

use framepost_browsing_context::loader::{Loader, MemoryLoader};
use framepost_browsing_context::{FetchRequest, LoadError, PopupPolicy, Response};
use framepost_event_loop::Schedule;
use framepost_messaging::storage::StoredArea;
use url::Url;

use crate::clock::PageClock;
use crate::har::Har;
use crate::http::HttpOptions;
use crate::limits::PageLimits;
use crate::loads::arrivals::Arrival;
use crate::output::Output;

/// The stack size of a page's thread. The operating system commits only the pages that are used.
const STACK: usize = 256 << 20;

type MakeLoader = Box<dyn FnOnce() -> Box<dyn Loader> + Send>;
type Sink = Box<dyn FnMut(&Output) + Send>;
type Answer = Box<dyn FnMut(&FetchRequest) -> Option<Response> + Send>;
type OnAnswer = Box<dyn FnMut(&FetchRequest, &Result<Response, LoadError>) + Send>;
type Rewrite = Box<dyn FnMut(&FetchRequest, &mut Response) + Send>;

/// Options for [`Page::open`](super::Page::open).
#[must_use]
pub struct PageOptions {
    pub(super) directories: Vec<(Url, PathBuf)>,
    pub(super) documents: MemoryLoader,
    pub(super) loader: Option<MakeLoader>,
    pub(super) http: Option<HttpOptions>,
    pub(super) route: Option<Answer>,
    pub(super) rewrite: Option<Rewrite>,
    pub(super) on_answer: Option<OnAnswer>,
    pub(super) record_arrivals: bool,
    pub(super) arrivals: Option<Vec<Arrival>>,
    pub(super) on_output: Option<Sink>,
    pub(super) limits: PageLimits,
    pub(super) popups: PopupPolicy,
    pub(super) cross_origin_isolated: bool,
    pub(super) seed: u64,
    pub(super) trace: bool,
    pub(super) har: bool,
    pub(super) har_replay: Option<Har>,
    pub(super) task_origins: bool,
    pub(super) task_notes: bool,
    pub(super) schedule: Option<Schedule>,
    pub(super) collect_after_each_task: bool,
    pub(super) stack: usize,
    pub(super) clock: PageClock,
    pub(super) local_storage: Vec<StoredArea>,
}

/// Leaves out the loaders and the functions.
impl fmt::Debug for PageOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageOptions")
            .field("directories", &self.directories)
            .field("limits", &self.limits)
            .field("popups", &self.popups)
            .field("seed", &self.seed)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

impl Default for PageOptions {
    fn default() -> Self {
        Self {
            directories: Vec::new(),
            documents: MemoryLoader::new(),
            loader: None,
            http: None,
            route: None,
            rewrite: None,
            on_answer: None,
            record_arrivals: false,
            arrivals: None,
            on_output: None,
            limits: PageLimits::default(),
            popups: PopupPolicy::default(),
            cross_origin_isolated: false,
            seed: 0,
            trace: false,
            har: false,
            har_replay: None,
            task_origins: false,
            task_notes: false,
            schedule: None,
            collect_after_each_task: false,
            stack: STACK,
            clock: PageClock::default(),
            local_storage: Vec::new(),
        }
    }
}

impl PageOptions {
    /// Creates options that serve no content yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves the files of a directory under an origin.
    pub fn directory(mut self, origin: Url, directory: impl Into<PathBuf>) -> Self {
        self.directories.push((origin, directory.into()));
        self
    }

    /// Serves `html` at a URL, as HTML.
    pub fn document(mut self, url: Url, html: impl Into<String>) -> Self {
        let html: String = html.into();
        self.documents
            .add_response(Response::new(url, "text/html;charset=utf-8", html));
        self
    }

    /// Serves every request with a custom loader instead of directories and documents. `make` runs
    /// on the page's thread, and the loader stays there.
    pub fn loader(mut self, make: impl FnOnce() -> Box<dyn Loader> + Send + 'static) -> Self {
        self.loader = Some(Box::new(make));
        self
    }

    /// Fetches every `http` and `https` URL that no loader serves from the network. By default a
    /// page has no network.
    ///
    /// Virtual time stands still during a fetch, and the methods that run the page wait for the
    /// response. The network decides in which order responses arrive.
    pub fn http(mut self, options: HttpOptions) -> Self {
        self.http = Some(options);
        self
    }

    /// Calls `route` on the page's thread with every request over HTTP or HTTPS, before a loader or the network gets it. The
    /// page gets the response that it returns, if any: for documents, scripts, workers and fetches alike.
    ///
    /// If this is called several times, the first closure that returns a response answers.
    pub fn route(
        mut self,
        mut route: impl FnMut(&FetchRequest) -> Option<Response> + Send + 'static,
    ) -> Self {
        self.route = Some(match self.route.take() {
            None => Box::new(route),
            Some(mut first) => Box::new(move |request| first(request).or_else(|| route(request))),
        });
        self
    }

    /// Passes each request of the page and its answer to a function: those of routes, of loaders and of the network, before
    /// a redirect is followed, and before [`rewrite_responses`](Self::rewrite_responses).
    pub fn on_answer(
        mut self,
        on_answer: impl FnMut(&FetchRequest, &Result<Response, LoadError>) + Send + 'static,
    ) -> Self {
        self.on_answer = Some(Box::new(on_answer));
        self
    }

    /// Sets whether to record when the answers of the network arrive, for [`Page::arrivals`](super::Page::arrivals). They
    /// then arrive between two tasks only.
    pub fn record_arrivals(mut self, record: bool) -> Self {
        self.record_arrivals = record;
        self
    }

    /// Repeats a run with a network without it: the loader has to know the answers, and they arrive when those of the
    /// recorded run arrived.
    pub fn repeat_arrivals(mut self, arrivals: Vec<Arrival>) -> Self {
        self.arrivals = Some(arrivals);
        self
    }

    /// Sets whether to record the requests of the page and their answers, for [`Page::har`](super::Page::har).
    pub fn har(mut self, record: bool) -> Self {
        self.har = record;
        self
    }

    /// Answers requests from an archive, in place of a network: those over HTTP and HTTPS that no route answers and no loader
    /// serves.
    ///
    /// A request gets the answer to the same method and URL. If there are several, those with the same body come first, each
    /// answers once, and the last one answers again. An answer takes as long as in the archive, on the page's clock.
    pub fn har_replay(mut self, har: Har) -> Self {
        self.har_replay = Some(har);
        self
    }

    /// Calls `rewrite` on the page's thread with every response before the page gets it.
    pub fn rewrite_responses(
        mut self,
        rewrite: impl FnMut(&FetchRequest, &mut Response) + Send + 'static,
    ) -> Self {
        self.rewrite = Some(Box::new(rewrite));
        self
    }

    /// Calls `sink` on the page's thread with each [`Output`] as it happens. The output is then not
    /// kept for [`Page::take_output`](super::Page::take_output).
    pub fn on_output(mut self, sink: impl FnMut(&Output) + Send + 'static) -> Self {
        self.on_output = Some(Box::new(sink));
        self
    }

    /// Sets the resource limits of the page.
    pub fn limits(mut self, limits: PageLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the policy for windows that the page opens. The default is [`PopupPolicy::Allow`]. An
    /// opened window runs too, because it shares the page's event loop.
    pub fn popups(mut self, policy: PopupPolicy) -> Self {
        self.popups = policy;
        self
    }

    /// Sets whether to record the events of messages and ports, for [`Page::take_trace`](super::Page::take_trace).
    pub fn trace(mut self, trace: bool) -> Self {
        self.trace = trace;
        self
    }

    /// Sets whether errors contain the post or timer that queued their task
    /// ([`ErrorDetails::origin`](crate::ErrorDetails::origin)). Each post and each timer then takes a few
    /// hundred instructions more.
    pub fn task_origins(mut self, record: bool) -> Self {
        self.task_origins = record;
        self
    }

    /// Sets the order of tasks. The default is the order that pages expect from browsers. With a schedule the
    /// page records its choices, for [`Page::take_record`](super::Page::take_record). See `docs/schedules.md`.
    pub fn schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = Some(schedule);
        self
    }

    /// Sets whether to record what each task does, for [`Page::take_task_notes`](super::Page::take_task_notes).
    pub fn task_notes(mut self, record: bool) -> Self {
        self.task_notes = record;
        self
    }

    /// Sets whether to collect garbage after each task. This is slow. It is meant for tests of
    /// memory leaks and of effects of garbage collection, such as a cleared `WeakRef`.
    pub fn collect_after_each_task(mut self, collect: bool) -> Self {
        self.collect_after_each_task = collect;
        self
    }

    /// Sets the size of the stack of the page's thread, in bytes. The default is 256 MiB. A page that needs
    /// more ends the process.
    pub fn stack(mut self, bytes: usize) -> Self {
        self.stack = bytes;
        self
    }

    /// Sets the clock of the page. The default is virtual time.
    pub fn clock(mut self, clock: PageClock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the local storage with which the page begins: what [`Page::local_storage`](super::Page::local_storage) of an earlier page has
    /// returned. By default it is empty.
    pub fn local_storage(mut self, areas: Vec<StoredArea>) -> Self {
        self.local_storage = areas;
        self
    }

    /// Sets whether the page is always
    /// [cross-origin isolated](https://html.spec.whatwg.org/multipage/document-sequences.html#cross-origin-isolation-mode).
    ///
    /// An isolated page has `SharedArrayBuffer`. By default only windows whose responses have the
    /// headers `Cross-Origin-Opener-Policy` and `Cross-Origin-Embedder-Policy` are isolated.
    pub fn cross_origin_isolated(mut self, isolated: bool) -> Self {
        self.cross_origin_isolated = isolated;
        self
    }

    /// Sets the seed of `Math.random` and `crypto`. Without a network, two runs with the same seed
    /// are identical.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}
