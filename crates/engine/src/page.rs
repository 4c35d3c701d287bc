//! A page, as a library's user has it.
//!
//! The engine runs on a thread of its own, for the sake of its stack: script that calls deeply,
//! and source text that nests deeply, need far more of it than a thread usually has, and too little
//! of it ends the whole process. That thread does nothing by itself: each method hands it one
//! piece of work and waits until it is done. So a [`Page`] can be moved between threads, though
//! nothing in the engine can.
//!
//! Rejected: asking users to call everything from within a `with_large_stack(|| …)`. It costs no
//! thread, but who forgets it sees no error, until some page kills the program.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use framepost_browsing_context::loader::{DirectoryLoader, Loader, MemoryLoader};
use framepost_browsing_context::{FetchRequest, LoadError, PopupPolicy, Response};
use framepost_event_loop::Stop;
use thiserror::Error;
use url::Url;

use crate::agent::{Agent, AgentOptions};
use crate::dom::selectors::query_selector;
use crate::dump::{self, DumpFormat};
use crate::fetch::loads::RewriteResponse;
use crate::http::HttpOptions;
use crate::inspect::format_log;
use crate::limits::PageLimits;
use crate::output::{ConsoleMessage, Output, ScriptError};
use crate::script::with_contexts;
use crate::trace::Trace;

pub use framepost_event_loop::{LimitReached, Outcome};
pub use framepost_messaging::accounting::{DroppedMessage, MessageDropReason};

/// The stack of a page's thread. Only the part that is used takes up memory.
const STACK: usize = 256 << 20;

type MakeLoader = Box<dyn FnOnce() -> Box<dyn Loader> + Send>;
type Sink = Box<dyn FnMut(&Output) + Send>;
type Rewrite = Box<dyn FnMut(&FetchRequest, &mut Response) + Send>;

/// How to open a [`Page`].
#[must_use]
pub struct PageOptions {
    directories: Vec<(Url, PathBuf)>,
    documents: MemoryLoader,
    loader: Option<MakeLoader>,
    http: Option<HttpOptions>,
    rewrite: Option<Rewrite>,
    on_output: Option<Sink>,
    limits: PageLimits,
    popups: PopupPolicy,
    cross_origin_isolated: bool,
    seed: u64,
    trace: bool,
    collect_after_each_task: bool,
}

/// A window of a [`Page`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageWindow {
    /// The URL of its document.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Whether it knows who opened it.
    pub has_opener: bool,
}

impl Default for PageOptions {
    fn default() -> Self {
        Self {
            directories: Vec::new(),
            documents: MemoryLoader::new(),
            loader: None,
            http: None,
            rewrite: None,
            on_output: None,
            limits: PageLimits::default(),
            popups: PopupPolicy::default(),
            cross_origin_isolated: false,
            seed: 0,
            trace: false,
            collect_after_each_task: false,
        }
    }
}

impl PageOptions {
    /// Serves nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves a directory as an origin.
    pub fn directory(mut self, origin: Url, directory: impl Into<PathBuf>) -> Self {
        self.directories.push((origin, directory.into()));
        self
    }

    /// Serves this text at a URL, as HTML.
    pub fn document(mut self, url: Url, html: impl Into<String>) -> Self {
        let html: String = html.into();
        self.documents
            .add_response(Response::new(url, "text/html;charset=utf-8", html));
        self
    }

    /// Serves everything by a loader of the caller's, instead of directories and documents. It
    /// lives on the page's thread, where `make` is called.
    pub fn loader(mut self, make: impl FnOnce() -> Box<dyn Loader> + Send + 'static) -> Self {
        self.loader = Some(Box::new(make));
        self
    }

    /// Loads over http and https what nothing else serves. Without this a page has no network.
    ///
    /// Virtual time stands still while a load is under way, and methods that run the page wait for
    /// it. In which order the answers come is up to the network.
    pub fn http(mut self, options: HttpOptions) -> Self {
        self.http = Some(options);
        self
    }

    /// Lets `rewrite` change every response on its way to the page, on the page's thread.
    pub fn rewrite_responses(
        mut self,
        rewrite: impl FnMut(&FetchRequest, &mut Response) + Send + 'static,
    ) -> Self {
        self.rewrite = Some(Box::new(rewrite));
        self
    }

    /// Calls `sink`, on the page's thread, with everything the page says, as it says it, instead
    /// of keeping it for [`Page::take_output`].
    pub fn on_output(mut self, sink: impl FnMut(&Output) + Send + 'static) -> Self {
        self.on_output = Some(Box::new(sink));
        self
    }

    /// What the page may use up.
    pub fn limits(mut self, limits: PageLimits) -> Self {
        self.limits = limits;
        self
    }

    /// When the page may open windows: always, unless this is called. To open one is to run it:
    /// it shares the page's event loop.
    pub fn popups(mut self, policy: PopupPolicy) -> Self {
        self.popups = policy;
        self
    }

    /// Records what happens to messages and ports, for [`Page::take_trace`].
    pub fn trace(mut self, trace: bool) -> Self {
        self.trace = trace;
        self
    }

    /// Collects garbage after each task, which is slow: for tests of what a page holds, and of what
    /// it does when something is collected (`WeakRef`, a port whose peer is forgotten).
    pub fn collect_after_each_task(mut self, collect: bool) -> Self {
        self.collect_after_each_task = collect;
        self
    }

    /// Whether the page is [cross-origin isolated](https://html.spec.whatwg.org/multipage/document-sequences.html#cross-origin-isolation-mode),
    /// and so has `SharedArrayBuffer`, as with the headers `Cross-Origin-Opener-Policy` and
    /// `Cross-Origin-Embedder-Policy`. Without this only windows that come with these are.
    pub fn cross_origin_isolated(mut self, isolated: bool) -> Self {
        self.cross_origin_isolated = isolated;
        self
    }

    /// Where `Math.random` begins. Two runs with one seed are the same run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
}

/// Why something could not be done with a page.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PageError {
    /// The operating system gives no thread with the stack that a page needs.
    #[error("no thread for the page: {0}")]
    NoThread(String),
    /// The engine could not be set up.
    #[error("the engine could not be set up: {0}")]
    NoEngine(String),
    /// A directory cannot be served.
    #[error(transparent)]
    NotServed(#[from] LoadError),
    /// No element of the top document matches.
    #[error("no element matches {0:?}")]
    NoSuchElement(String),
    /// Something is not a CSS selector.
    #[error("{0}")]
    BadSelector(String),
    /// A script of the caller's threw.
    #[error(transparent)]
    Script(#[from] ScriptError),
}

type Work = Box<dyn FnOnce(&mut Agent) + Send>;

/// A page and its frames, with their event loop.
///
/// Nothing of it runs but inside of a method, and time is virtual: no method waits for anything but
/// the engine itself, and for the answers of loads over [http](PageOptions::http).
///
/// ```
/// use framepost::{Outcome, Page, PageOptions};
///
/// let url: url::Url = "http://localhost/".parse()?;
/// let html = "<p>Nothing.</p><script>
///     onmessage = (event) => { document.querySelector('p').textContent = event.data };
///     postMessage('Hello.');
/// </script>";
/// let mut page = Page::open(url.clone(), PageOptions::new().document(url, html))?;
/// assert_eq!(page.run_until_idle(), Outcome::Idle);
/// assert_eq!(page.text(), "Hello.\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Page {
    /// `None` only while it is dropped.
    work: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
    output: Arc<Mutex<Vec<Output>>>,
    tasks: u64,
}

impl Page {
    /// Begins to load a page. It is loaded once a run has come to rest.
    pub fn open(url: Url, options: PageOptions) -> Result<Self, PageError> {
        let mut directories = DirectoryLoader::new();
        for (origin, directory) in &options.directories {
            directories.mount(origin, directory)?;
        }
        let output = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&output);
        let (work, queue) = mpsc::channel::<Work>();
        let (started, answer) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name(String::from("page"))
            .stack_size(STACK)
            .spawn(move || serve(url, options, directories, kept, &queue, &started))
            .map_err(|error| PageError::NoThread(error.to_string()))?;
        let mut page = Self {
            work: Some(work),
            thread: Some(thread),
            output,
            tasks: 0,
        };
        match answer.recv() {
            Ok(Ok(())) => Ok(page),
            Ok(Err(error)) => Err(PageError::NoEngine(error)),
            Err(_) => page.pass_on_the_panic(),
        }
    }

    /// Runs until nothing is left to run and nothing is to come. A page with an interval has no
    /// such end: see [`run_within`](Self::run_within).
    pub fn run_until_idle(&mut self) -> Outcome {
        self.with(|agent| agent.run(Stop::idle()))
    }

    /// Runs until idle, or until `time` of virtual time have gone by since the page was opened, or
    /// until `tasks` tasks have been run by this method since then.
    pub fn run_within(&mut self, time: Duration, tasks: Option<u64>) -> Outcome {
        let Some(most) = tasks else {
            return self.with(move |agent| agent.run(Stop::idle().at(time)));
        };
        let left = most.saturating_sub(self.tasks);
        let (ran, outcome) = self.with(move |agent| {
            for ran in 0..left {
                let outcome = agent.run(Stop::idle().at(time).after_tasks(1));
                if outcome != Outcome::TasksReached {
                    return (ran, outcome);
                }
            }
            // Whether anything is left shows only when one asks for it.
            (left, agent.run(Stop::idle().at(time).after_tasks(0)))
        });
        self.tasks += ran;
        outcome
    }

    /// Runs this many tasks, or until idle.
    pub fn run_tasks(&mut self, tasks: u64) -> Outcome {
        self.with(move |agent| agent.run(Stop::idle().after_tasks(tasks)))
    }

    /// Runs a script in the top window, with the microtasks after it, and answers what it came to,
    /// as the console would show it. The tasks that it queues are for a later run.
    pub fn eval(&mut self, source: &str) -> Result<String, ScriptError> {
        let source = source.to_owned();
        self.with(move |agent| {
            let value = agent.eval(&source, "eval")?;
            Ok(format_log(&[value], agent.context()))
        })
    }

    /// Clicks the first element of the top document that matches a CSS selector, as a user would:
    /// the event is trusted, and the window has
    /// [user activation](https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation)
    /// for some time, which script's own `click()` does not give it. Microtasks run, tasks are for
    /// a later run.
    pub fn click(&mut self, selector: &str) -> Result<(), PageError> {
        let selector = selector.to_owned();
        self.with(move |agent| {
            let mode = top_document(agent).map(|top| (top.node, top.mode));
            let found = match mode {
                Some((node, mode)) => query_selector(&node, &selector, mode),
                None => Ok(None),
            };
            match found {
                Ok(Some(element)) => {
                    crate::html::user_activation::click(agent.context(), &element);
                    Ok(())
                }
                Ok(None) => Err(PageError::NoSuchElement(selector)),
                Err(error) => Err(PageError::BadSelector(error.to_string())),
            }
        })
    }

    /// The text of the top document's body, white space collapsed, a line a block element.
    pub fn text(&mut self) -> String {
        self.with(|agent| top_document(agent).map_or_else(String::new, |top| dump::text(&top.node)))
    }

    /// The top document, serialized.
    pub fn html(&mut self) -> String {
        self.with(|agent| top_document(agent).map_or_else(String::new, |top| dump::html(&top.node)))
    }

    /// Every document of the frame tree: its URL, indented by depth, and below it what `format`
    /// says; then the same for each window that the page has opened and that is still there.
    pub fn dump(&mut self, format: DumpFormat) -> String {
        self.with(move |agent| dump::dump(&all_documents(agent), format))
    }

    /// The windows that are there, in the order in which they were opened: the page's own, unless
    /// it has closed itself, and those that it or they have opened.
    pub fn windows(&mut self) -> Vec<PageWindow> {
        self.with(|agent| {
            with_contexts(agent.context(), |contexts| {
                let tops = contexts.top_level_navigables().into_iter();
                let windows = tops.filter_map(|top| {
                    let held = contexts.navigable(top)?;
                    let document = contexts.document(held.active_document()?)?;
                    Some(PageWindow {
                        url: document.url().to_string(),
                        name: held.name().to_owned(),
                        has_opener: held.opener().is_some(),
                    })
                });
                windows.collect()
            })
        })
    }

    /// The URL of the top document.
    pub fn url(&mut self) -> Option<String> {
        self.with(|agent| top_document(agent).map(|top| top.url))
    }

    /// Why the page itself could not be loaded, if a run has found that out.
    pub fn load_error(&mut self) -> Option<LoadError> {
        self.with(|agent| agent.page_error())
    }

    /// What the page has said since this was last called, in the order in which it did.
    pub fn take_output(&mut self) -> Vec<Output> {
        std::mem::take(&mut *self.output.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The console lines in what the page has said since [`take_output`](Self::take_output) was
    /// last called. They stay there.
    #[must_use]
    pub fn console(&self) -> Vec<ConsoleMessage> {
        self.select(|output| match output {
            Output::Console(message) => Some(message.clone()),
            _ => None,
        })
    }

    /// The same for errors that nothing handled.
    #[must_use]
    pub fn errors(&self) -> Vec<ScriptError> {
        self.select(|output| match output {
            Output::Error(error) => Some(error.clone()),
            _ => None,
        })
    }

    /// The same for messages that were dropped, each with the reason.
    #[must_use]
    pub fn drops(&self) -> Vec<DroppedMessage> {
        self.select(|output| match output {
            Output::Dropped(dropped) => Some(*dropped),
            _ => None,
        })
    }

    /// What happened to messages and ports since this was last called, if the page was opened with
    /// [`PageOptions::trace`].
    pub fn take_trace(&mut self) -> Trace {
        self.with(Agent::take_trace)
    }

    fn select<R>(&self, pick: impl FnMut(&Output) -> Option<R>) -> Vec<R> {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.iter().filter_map(pick).collect()
    }

    /// Does something on the page's thread, and waits until it is done.
    fn with<R: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Agent) -> R + Send + 'static,
    ) -> R {
        let (done, answer) = mpsc::channel();
        let work: Work = Box::new(move |agent| {
            // Nobody waits any more only if the caller's thread is gone.
            let _ = done.send(work(agent));
        });
        let sent = self
            .work
            .as_ref()
            .is_some_and(|queue| queue.send(work).is_ok());
        match sent.then(|| answer.recv()) {
            Some(Ok(result)) => result,
            _ => self.pass_on_the_panic(),
        }
    }

    /// The page's thread ends by itself only by a panic: it goes on here, as if there were no
    /// second thread.
    fn pass_on_the_panic(&mut self) -> ! {
        self.work = None;
        let cause: Box<dyn std::any::Any + Send> = match self.thread.take().map(JoinHandle::join) {
            Some(Err(cause)) => cause,
            _ => Box::new("the page's thread has ended"),
        };
        std::panic::resume_unwind(cause)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // Without senders the thread ends.
        self.work = None;
        if let Some(thread) = self.thread.take() {
            // A panic on the way out has been reported by its hook.
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Page").finish_non_exhaustive()
    }
}

/// The life of a page's thread.
fn serve(
    url: Url,
    options: PageOptions,
    directories: DirectoryLoader,
    kept: Arc<Mutex<Vec<Output>>>,
    queue: &Receiver<Work>,
    started: &Sender<Result<(), String>>,
) {
    let loader = match options.loader {
        Some(make) => make(),
        None => Box::new((options.documents, directories)),
    };
    let on_output = options.on_output.unwrap_or_else(|| {
        Box::new(move |output: &Output| {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(output.clone());
        })
    });
    let agent = Agent::new(AgentOptions {
        loader,
        http: options.http,
        rewrite: options
            .rewrite
            .map(|rewrite| -> RewriteResponse { rewrite }),
        on_output,
        limits: options.limits,
        popups: options.popups,
        cross_origin_isolated: options.cross_origin_isolated,
        seed: options.seed,
    });
    let mut agent = match agent {
        Ok(agent) => agent,
        Err(error) => {
            let _ = started.send(Err(error));
            return;
        }
    };
    if options.trace {
        agent.set_trace();
    }
    if options.collect_after_each_task {
        agent.collect_after_each_task();
    }
    agent.open(url);
    let _ = started.send(Ok(()));
    while let Ok(work) = queue.recv() {
        work(&mut agent);
    }
}

fn all_documents(agent: &mut Agent) -> Vec<dump::FrameDocument> {
    with_contexts(agent.context(), |contexts| {
        let tops = contexts.top_level_navigables();
        let documents = tops.into_iter().map(|top| dump::documents(contexts, top));
        documents.flatten().collect()
    })
}

fn documents(agent: &mut Agent) -> Vec<dump::FrameDocument> {
    match agent.top() {
        Some(top) => with_contexts(agent.context(), |contexts| dump::documents(contexts, top)),
        None => Vec::new(),
    }
}

fn top_document(agent: &mut Agent) -> Option<dump::FrameDocument> {
    documents(agent).into_iter().next()
}
