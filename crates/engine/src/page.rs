//! The public [`Page`]: a handle to an engine that runs on its own thread.
//!
//! The engine needs its own thread because of the stack. Deeply nested calls and deeply nested
//! source text use far more stack than a thread usually has, and a stack overflow aborts the process. The thread runs
//! only on request: each method sends it one piece of work and waits for the result. A [`Page`] can therefore move
//! between threads, although nothing in the engine is
//! `Send`.
//!
//! Rejected: a function `with_large_stack(|| …)` that users wrap around every call. It would save
//! the thread, but a user who forgets it sees no error until a page aborts the program.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use framepost_browsing_context::LoadError;
use framepost_browsing_context::loader::DirectoryLoader;
use framepost_event_loop::{Record, RunUntil};
use thiserror::Error;
use url::Url;

use crate::agent::{Agent, AgentOptions};
use crate::dom::selectors::{check_selector, query_selector};
use crate::dump::{self, DumpFormat};
use crate::inspect::format_log;
use crate::loads::arrivals::Arrival;
use crate::loads::{RewriteResponse, Route};
use crate::output::{ConsoleMessage, Output, ScriptError, TaskNote};
use crate::pending::{self, PendingWork};
use crate::script::{task_log, with_contexts};
use crate::trace::Trace;

mod options;

pub use options::PageOptions;

pub use framepost_event_loop::{LimitReached, RunOutcome};
use framepost_messaging::storage::StoredArea;

pub use framepost_messaging::accounting::{DroppedMessage, MessageDropReason};

/// A top-level window of a [`Page`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageWindow {
    /// The URL of the window's document.
    pub url: String,
    /// The window's name.
    pub name: String,
    /// Whether the window has an opener.
    pub has_opener: bool,
}

/// An error of a [`Page`] method.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PageError {
    /// The operating system cannot create a thread with the stack that a page needs.
    #[error("cannot start a thread for the page: {0}")]
    NoThread(String),
    /// The engine cannot be set up.
    #[error("the engine could not be set up: {0}")]
    NoEngine(String),
    /// A directory cannot be served.
    #[error(transparent)]
    NotServed(#[from] LoadError),
    /// No element of the top document matches the selector.
    #[error("no element matches {0:?}")]
    NoSuchElement(String),
    /// The text is not a valid CSS selector.
    #[error("{0}")]
    BadSelector(String),
    /// A script that the caller passed in threw an exception.
    #[error(transparent)]
    Script(#[from] ScriptError),
}

type Work = Box<dyn FnOnce(&mut Agent) + Send>;

/// A page with its frames and its event loop.
///
/// The page runs only inside method calls. Time is virtual, unless [`PageOptions::clock`] sets another clock: no
/// method sleeps until a timer is due. Methods wait only for the engine and for responses over
/// [HTTP](PageOptions::http).
///
/// ```
/// use framepost::{RunOutcome, Page, PageOptions};
///
/// let url: url::Url = "http://localhost/".parse()?;
/// let html = "<p>Nothing.</p><script>
///     onmessage = (event) => { document.querySelector('p').textContent = event.data };
///     postMessage('Hello.');
/// </script>";
/// let mut page = Page::open(url.clone(), PageOptions::new().document(url, html))?;
/// assert_eq!(page.run_until_idle(), RunOutcome::Idle);
/// assert_eq!(page.text(), "Hello.\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Page {
    /// `None` only during `drop`.
    work: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
    output: Arc<Mutex<Vec<Output>>>,
    tasks: u64,
}

impl Page {
    /// Starts to load a page. Run the page to finish the load.
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
            .stack_size(options.stack)
            .spawn(move || {
                crate::boa::stack::begin(options.stack);
                serve(url, options, directories, kept, &queue, &started);
            })
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

    /// Runs until no task is queued and no timer is pending. A page with an interval never becomes
    /// idle: use [`run_within`](Self::run_within).
    pub fn run_until_idle(&mut self) -> RunOutcome {
        self.with(|agent| agent.run(RunUntil::idle()))
    }

    /// Runs until the page is idle, until `time` of virtual time has passed since the page was
    /// opened, or until this method has run `tasks` tasks. The count covers all calls of this
    /// method.
    pub fn run_within(&mut self, time: Duration, tasks: Option<u64>) -> RunOutcome {
        let Some(most) = tasks else {
            return self.with(move |agent| agent.run(RunUntil::idle().at(time)));
        };
        let left = most.saturating_sub(self.tasks);
        let (ran, outcome) = self.with(move |agent| {
            let before = agent.tasks_run();
            let outcome = agent.run(RunUntil::idle().at(time).after_tasks(left));
            (agent.tasks_run() - before, outcome)
        });
        self.tasks += ran;
        outcome
    }

    /// Runs this many tasks. Stops earlier if the page becomes idle.
    pub fn run_tasks(&mut self, tasks: u64) -> RunOutcome {
        self.with(move |agent| agent.run(RunUntil::idle().after_tasks(tasks)))
    }

    /// Runs a script and its microtasks in the top window. Returns the result as the console would
    /// print it. Tasks that the script queues wait for the next run.
    pub fn eval(&mut self, source: &str) -> Result<String, ScriptError> {
        let source = source.to_owned();
        self.with(move |agent| {
            let value = agent.eval(&source, "eval")?;
            Ok(format_log(&[value], agent.context()))
        })
    }

    /// Clicks the first element of the top document that matches a CSS selector.
    ///
    /// The click behaves like a user's: the event is trusted, and the window gets
    /// [transient activation](https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation).
    /// The DOM method `click()` gives neither. Microtasks run during the call; tasks wait for the
    /// next run.
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
                    crate::html::activation::click(agent.context(), &element);
                    Ok(())
                }
                Ok(None) => Err(PageError::NoSuchElement(selector)),
                Err(error) => Err(PageError::BadSelector(error.to_string())),
            }
        })
    }

    /// Checks that [`click`](Self::click) could parse a selector.
    pub fn check_selector(selector: &str) -> Result<(), PageError> {
        check_selector(selector).map_err(|error| PageError::BadSelector(error.to_string()))
    }

    /// Returns the text of the top document's body, with collapsed white space and one line per
    /// block element.
    pub fn text(&mut self) -> String {
        self.with(|agent| top_document(agent).map_or_else(String::new, |top| dump::text(&top.node)))
    }

    /// Returns the serialized top document.
    pub fn html(&mut self) -> String {
        self.with(|agent| top_document(agent).map_or_else(String::new, |top| dump::html(&top.node)))
    }

    /// Returns every document in the frame tree: its URL, indented by depth, and below it the text
    /// or HTML that `format` selects. Then come the documents of each open window that the page has
    /// opened.
    pub fn dump(&mut self, format: DumpFormat) -> String {
        self.with(move |agent| dump::dump(&all_documents(agent), format))
    }

    /// Returns the open top-level windows in the order in which they were opened: the page's own
    /// window, unless it was closed, and every window opened from it.
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

    /// Returns the URL of the top document.
    pub fn url(&mut self) -> Option<String> {
        self.with(|agent| top_document(agent).map(|top| top.url))
    }

    /// Returns the reason why the page could not be loaded, if a run has detected this.
    pub fn load_error(&mut self) -> Option<LoadError> {
        self.with(|agent| agent.page_error())
    }

    /// Returns the local storage of all origins, for [`PageOptions::local_storage`] of a later page.
    pub fn local_storage(&mut self) -> Vec<StoredArea> {
        self.with(|agent| agent.local_storage())
    }

    /// Returns the requests over HTTP and HTTPS that no route, loader or server has answered: the method and the URL of
    /// each, sorted and without repetition. The list ends after a thousand.
    pub fn unanswered_requests(&mut self) -> Vec<String> {
        self.with(|agent| agent.unanswered_requests())
    }

    /// Returns the requests of the page over HTTP and HTTPS and their answers as a HAR, which is JSON. The text is empty unless
    /// the page was opened with [`PageOptions::har`]. Two runs with the same answers give the same text, because its times are
    /// those of the page's clock.
    pub fn har(&mut self) -> String {
        self.with(|agent| agent.har())
    }

    /// Takes the output of the page since the last call, in order.
    pub fn take_output(&mut self) -> Vec<Output> {
        std::mem::take(&mut *self.output.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the console messages since the last call of [`take_output`](Self::take_output),
    /// without removing them.
    #[must_use]
    pub fn console(&self) -> Vec<ConsoleMessage> {
        self.select(|output| match output {
            Output::Console(message) => Some(message.clone()),
            _ => None,
        })
    }

    /// Returns the unhandled errors since the last call of [`take_output`](Self::take_output),
    /// without removing them.
    #[must_use]
    pub fn errors(&self) -> Vec<ScriptError> {
        self.select(|output| match output {
            Output::Error(error) => Some(error.clone()),
            _ => None,
        })
    }

    /// Returns the dropped messages since the last call of [`take_output`](Self::take_output),
    /// without removing them.
    #[must_use]
    pub fn drops(&self) -> Vec<DroppedMessage> {
        self.select(|output| match output {
            Output::Dropped(dropped) => Some(*dropped),
            _ => None,
        })
    }

    /// Takes the record of messages and ports since the last call. The trace is empty unless the
    /// page was opened with [`PageOptions::trace`].
    pub fn take_trace(&mut self) -> Trace {
        self.with(Agent::take_trace)
    }

    /// Returns what is outstanding at this moment: tasks, timers, loads, messages at ports that are not started, and
    /// workers. A page stays idle if nothing of it [keeps it busy](PendingWork::keeps_busy), unless the caller does
    /// something.
    pub fn pending(&mut self) -> Vec<PendingWork> {
        self.with(|agent| pending::pending(agent.context()))
    }

    /// Takes the record of the tasks that ran since the last call. It is empty unless the page was opened with
    /// [`PageOptions::schedule`].
    pub fn take_record(&mut self) -> Record {
        self.with(Agent::take_record)
    }

    /// Returns when the answers of the network have arrived. There are none unless the page was opened with
    /// [`PageOptions::record_arrivals`].
    pub fn arrivals(&mut self) -> Vec<Arrival> {
        self.with(|agent| agent.arrivals())
    }

    /// Takes a note for each task that ran since the last call. There are none unless the page was opened with
    /// [`PageOptions::task_notes`].
    pub fn take_task_notes(&mut self) -> Vec<TaskNote> {
        self.with(|agent| task_log::take(agent.context()))
    }

    /// Ends the page, and returns what would have run if it had gone on: tasks, timers and loads.
    ///
    /// A test that ends while this is not empty has not seen everything that its page does.
    ///
    /// ```
    /// use framepost::{Page, PageOptions};
    ///
    /// let url: url::Url = "http://localhost/".parse()?;
    /// let html = "<script>setInterval(() => console.log('tick'), 1000)</script>";
    /// let options = PageOptions::new().document(url.clone(), html).task_origins(true);
    /// let mut page = Page::open(url, options)?;
    /// let _ = page.run_within(std::time::Duration::from_millis(100), None);
    /// let rest = page.teardown();
    /// assert_eq!(rest.len(), 1);
    /// assert_eq!(rest[0].what, "an interval");
    /// assert_eq!(rest[0].origin.as_ref().map(|origin| origin.line), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn teardown(mut self) -> Vec<PendingWork> {
        let mut pending = self.pending();
        pending.retain(PendingWork::keeps_busy);
        pending
    }

    fn select<R>(&self, pick: impl FnMut(&Output) -> Option<R>) -> Vec<R> {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.iter().filter_map(pick).collect()
    }

    /// Runs `work` on the page's thread and waits for its result.
    fn with<R: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Agent) -> R + Send + 'static,
    ) -> R {
        let (done, answer) = mpsc::channel();
        let work: Work = Box::new(move |agent| {
            // The receiver is gone only if the caller's thread has ended.
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

    /// Resumes the panic of the page's thread on the caller's thread. The page's thread ends early
    /// only by a panic.
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
        // The thread ends when the sender is dropped.
        self.work = None;
        if let Some(thread) = self.thread.take() {
            // The panic hook has already reported a panic of the thread.
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Page").finish_non_exhaustive()
    }
}

/// Runs on the page's thread: sets up the agent, then performs work until the page is dropped.
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
        route: options.route.map(|route| -> Route { route }),
        rewrite: options
            .rewrite
            .map(|rewrite| -> RewriteResponse { rewrite }),
        on_output,
        limits: options.limits,
        popups: options.popups,
        cross_origin_isolated: options.cross_origin_isolated,
        seed: options.seed,
        clock: options.clock,
        local_storage: options.local_storage,
        schedule: options.schedule,
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
    if let Some(on_answer) = options.on_answer {
        agent.on_answer(on_answer);
    }
    if options.record_arrivals {
        agent.record_arrivals();
    }
    if let Some(arrivals) = options.arrivals {
        agent.repeat_arrivals(arrivals);
    }
    if options.har {
        agent.record_har();
    }
    if let Some(har) = options.har_replay {
        agent.replay_har(har);
    }
    if options.task_origins {
        agent.record_task_origins();
    }
    if options.task_notes {
        agent.record_task_notes();
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
