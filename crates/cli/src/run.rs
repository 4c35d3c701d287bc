//! Runs a page for `framepost run`: loads it, runs it until it is idle, evaluates the user's scripts, and writes the
//! output.
//!
//! The command and the fixtures share this module, so a fixture shows the output of the command. This module
//! knows no arguments and no processes.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use framepost::explore::{Answers, ran_tasks};
use framepost::{
    Arrival, ConsoleMessage, DumpFormat, HttpOptions, Level, MessageDropReason, OriginKind, Output,
    Page, PageClock, PageLimits, PageOptions, PendingKind, PendingWork, RunOutcome, Schedule,
    ScriptErrorKind,
};
use framepost_browsing_context::loader::{Loader, MAX_FILE, MemoryLoader};
use url::Url;

use crate::errors::show;
use crate::explore::html::write_run;
use crate::recording::Recorder;
use crate::route::{Route, Routes};

mod error;
mod har;
mod html_file;
mod resolve;
mod storage;
mod trace_file;

pub use crate::errors::ErrorFormat;
pub use error::RunError;

use har::HarFile;
use html_file::HtmlFile;
pub(crate) use resolve::Prepared;
pub(crate) use resolve::is_pipe;
use storage::StorageFile;
use trace_file::Trace;

/// The origin of the page's own directory.
pub const DEFAULT_ORIGIN: &str = "http://localhost/";

/// The default limit on the number of tasks. A limit on virtual time is not enough: two windows that
/// answer each other's messages forever take almost none.
pub const MAX_TASKS: u64 = 1_000_000;

/// The default size of the stack of a page, in bytes.
pub const DEFAULT_STACK: usize = 256 << 20;

/// The page to run, and its options.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunOptions {
    /// A file, or a URL of one of the `origins`; with `http` any URL.
    pub page: String,
    /// The directory to serve as [`DEFAULT_ORIGIN`], instead of the page's own.
    pub root: Option<PathBuf>,
    /// Further origins, and the directories to serve as them.
    pub origins: Vec<(Url, PathBuf)>,
    /// Answers to requests in place of the origins and the network. The first that matches applies.
    pub routes: Vec<Route>,
    /// The file for an archive of the requests and their answers.
    pub har: Option<PathBuf>,
    /// An archive that answers requests in place of the network.
    pub har_replay: Option<PathBuf>,
    /// Selectors of elements to click as a user. Each click waits until the page is idle; all come before
    /// the scripts.
    pub clicks: Vec<String>,
    /// Scripts to run in the top window. Each waits until the page is idle.
    pub evals: Vec<String>,
    /// The limit on the page's time.
    pub max_time: Duration,
    /// The limit on the number of tasks.
    pub max_tasks: u64,
    /// The part of each document to write at the end.
    pub dump: Option<DumpFormat>,
    /// The file for the trace of messages. Its extension selects the format.
    pub trace: Option<PathBuf>,
    /// The file with the local storage that the page begins with and leaves; `None` begins with an empty one.
    pub storage: Option<PathBuf>,
    /// The limits of the page.
    pub limits: PageLimits,
    /// The network options for URLs that no directory serves; `None` means no network.
    pub http: Option<HttpOptions>,
    /// The limit on the size of a file, in bytes.
    pub max_load: u64,
    /// The size of the stack of the page, in bytes.
    pub stack: usize,
    /// Whether the process ends after the run. The memory of the page is then not freed.
    pub is_last: bool,
    /// The clock of the page.
    pub clock: PageClock,
    /// The format of uncaught errors.
    pub errors: ErrorFormat,
    /// The order of the page's tasks, if it is not the default one.
    pub schedule: Option<Schedule>,
    /// The seed of random numbers.
    pub seed: u64,
    /// Whether to write what is outstanding at the end to the errors.
    pub explain_idle: bool,
    /// The file for a recording of the run.
    pub record: Option<PathBuf>,
    /// The file for a report of the run, as a page.
    pub html: Option<PathBuf>,
    /// The run ends after this many tasks, without being idle.
    pub until: Option<u64>,
    /// The responses of a recorded run. Nothing else is loaded then, and `page` is a URL.
    pub answers: Option<Answers>,
    /// When the answers of the network arrived in a recorded run.
    pub arrivals: Vec<Arrival>,
}

impl RunOptions {
    /// Runs this page for up to a minute of virtual time and a million tasks, without a network, and
    /// writes its text at the end.
    #[must_use]
    pub fn new(page: impl Into<String>) -> Self {
        Self {
            page: page.into(),
            root: None,
            origins: Vec::new(),
            routes: Vec::new(),
            har: None,
            har_replay: None,
            clicks: Vec::new(),
            evals: Vec::new(),
            max_time: Duration::from_secs(60),
            max_tasks: MAX_TASKS,
            dump: Some(DumpFormat::Text),
            trace: None,
            storage: None,
            limits: PageLimits::default(),
            http: None,
            max_load: MAX_FILE,
            stack: DEFAULT_STACK,
            is_last: false,
            clock: PageClock::default(),
            errors: ErrorFormat::Line,
            schedule: None,
            seed: 0,
            explain_idle: false,
            record: None,
            html: None,
            until: None,
            answers: None,
            arrivals: Vec::new(),
        }
    }
}

/// The end of a run. If several of these happened, the last one in this list applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The page became idle.
    #[default]
    Idle,
    /// An exception or a rejected promise was not handled.
    ScriptFailed,
    /// A limit stopped the page.
    LimitReached,
    /// The page itself could not be loaded.
    NotLoaded,
}

impl Status {
    /// The exit status of the command.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Idle => 0,
            Self::ScriptFailed => 1,
            Self::LimitReached => 3,
            Self::NotLoaded => 2,
        }
    }
}

/// Receives the lines of a run.
pub trait Transcript: Send + 'static {
    /// Receives a line of the output.
    fn out(&mut self, line: &str);
    /// Receives a line about an error or a warning.
    fn err(&mut self, line: &str);
}

/// Runs a page to its end.
pub fn run<T: Transcript>(options: &RunOptions, transcript: T) -> Result<Status, RunError> {
    let answers = options.answers.clone().unwrap_or_default();
    let (loader, url): (Box<dyn Loader + Send>, Url) = match &options.answers {
        Some(answers) => {
            let bad = |_| RunError::BadUrl(options.page.clone());
            let url = Url::parse(&options.page).map_err(bad)?;
            (Box::new(answers.loader(MemoryLoader::new())), url)
        }
        None => {
            let prepared = Prepared::new(options)?;
            let loader = prepared.loader()?;
            (Box::new(loader), prepared.url)
        }
    };
    let routes = Routes::read(&options.routes, options.max_load);
    let routes = routes.map_err(|(file, why)| RunError::RouteNotRead { file, why })?;
    let replay = options.har_replay.as_deref().map(har::read).transpose()?;
    let archive = options.har.as_deref().map(HarFile::open).transpose()?;
    let lists_unanswered = !routes.is_empty() || replay.is_some();
    let storage = options.storage.as_deref();
    let (storage, areas) = storage.map(StorageFile::open).transpose()?.unzip();
    let recorder = Recorder::open(options)?;
    let html = options.html.as_deref().map(HtmlFile::open).transpose()?;
    let page_url = url.clone();
    let trace = options.trace.as_deref().map(Trace::open).transpose()?;
    let shared = Arc::new(Mutex::new(Shared {
        transcript,
        status: Status::Idle,
        beyond_limits: 0,
        errors: options.errors,
    }));
    let of_page = Arc::clone(&shared);
    let mut page_options = PageOptions::new()
        .trace(trace.is_some())
        .task_origins(options.errors != ErrorFormat::Line || options.explain_idle || html.is_some())
        .task_notes(html.is_some())
        .limits(options.limits)
        .clock(options.clock)
        .stack(options.stack)
        .local_storage(areas.unwrap_or_default())
        .seed(options.seed)
        .loader(move || loader)
        .on_output(move |output| lock(&of_page).show(output));
    if recorder.is_some() {
        page_options = page_options.schedule(options.schedule.clone().unwrap_or_default());
        let answers = answers.clone();
        page_options = page_options
            .record_arrivals(true)
            .on_answer(move |request, answer| answers.record(request, answer));
    } else if options.schedule.is_some() || html.is_some() {
        page_options = page_options.schedule(options.schedule.clone().unwrap_or_default());
    }
    if !options.arrivals.is_empty() {
        page_options = page_options.repeat_arrivals(options.arrivals.clone());
    }
    if let Some(replay) = replay {
        page_options = page_options.har_replay(replay);
    } else if let Some(http) = &options.http {
        page_options = page_options.http(http.clone());
    }
    page_options = page_options.har(archive.is_some());
    if !options.routes.is_empty() {
        page_options = page_options.route(move |request| routes.respond(request));
    }
    let mut page = Page::open(url, page_options)?;
    let mut run = Run {
        page: &mut page,
        options,
        shared: &shared,
    };
    let mut goes_on = match options.until {
        Some(tasks) => {
            let _ = run.page.run_tasks(tasks);
            true
        }
        None => run.until_idle(),
    };
    if run.page.load_error().is_some() {
        // The error has already been reported.
        if let Some(archive) = archive {
            archive.write(&page.har())?;
        }
        return Ok(Status::NotLoaded);
    }
    for selector in &options.clicks {
        if goes_on {
            run.page.click(selector)?;
            goes_on = run.until_idle();
        }
    }
    if goes_on {
        for source in &options.evals {
            if let Err(error) = run.page.eval(source) {
                lock(&shared).show(&Output::Error(error));
            }
            if options.until.is_none() && !run.until_idle() {
                break;
            }
        }
    }
    lock(&shared).sum_up();
    if options.explain_idle {
        explain_idle(&page.pending(), &shared);
    }
    if lists_unanswered {
        for request in page.unanswered_requests() {
            let text = format!("not answered: {request}");
            lock(&shared).transcript.err(&text);
        }
    }
    if let Some(format) = options.dump {
        let dump = page.dump(format);
        let mut shared = lock(&shared);
        for line in dump.lines() {
            shared.transcript.out(line);
        }
    }
    if let Some(storage) = storage {
        storage.write(page.local_storage())?;
    }
    if let Some(archive) = archive {
        archive.write(&page.har())?;
    }
    if let Some(recorder) = recorder {
        let (record, arrivals) = (page.take_record(), page.arrivals());
        recorder.write(options, &page_url, &record, &answers, arrivals)?;
    }
    if let Some(html) = html {
        let tasks = ran_tasks(&mut page);
        let documents = page.dump(DumpFormat::Text);
        html.write(&write_run(&options.page, &tasks, &documents))?;
    }
    if let Some(trace) = trace {
        let text = page.take_trace().to_text(trace.format);
        trace.write(&text)?;
    }
    let status = lock(&shared).status;
    if options.is_last {
        // OPTIMIZATION: freeing a page of 200 frames took a sixth of its run.
        std::mem::forget(page);
    }
    Ok(status)
}

/// Writes what is outstanding.
fn explain_idle<T: Transcript>(pending: &[PendingWork], shared: &Mutex<Shared<T>>) {
    let transcript = &mut lock(shared).transcript;
    let is_idle =
        |work: &PendingWork| matches!(work.kind, PendingKind::Worker | PendingKind::Listener);
    if pending.iter().all(is_idle) {
        transcript.err("idle: nothing is outstanding");
    }
    for work in pending {
        transcript.err(&in_words(work));
    }
}

/// One thing that is outstanding, in one line.
fn in_words(work: &PendingWork) -> String {
    let what = &work.what;
    if work.kind == PendingKind::Worker {
        return match &work.window {
            Some(creator) => format!("running: {what}, created by {creator}"),
            None => format!("running: {what}"),
        };
    }
    let label = match work.kind {
        PendingKind::Listener => "waits for nothing",
        _ => "outstanding",
    };
    let mut line = format!("{label}: {what}");
    if let Some(window) = &work.window {
        line += &format!(" of {window}");
    }
    if let Some(due) = work.due_in {
        line += &format!(", due in {} ms", due.as_millis());
    }
    if let Some(origin) = &work.origin {
        let verb = match origin.kind {
            OriginKind::Message => "posted",
            OriginKind::Request => "requested",
            OriginKind::Listener => "added",
            _ => "set",
        };
        line += &format!(
            ", {verb} at {}:{}:{}",
            origin.url, origin.line, origin.column
        );
    }
    if let Some(age) = work.age {
        line += &format!(", {} ms ago", age.as_millis());
    }
    line
}

/// The number of dropped messages that are reported one by one; the others are counted.
const DROPS_SHOWN: u64 = 10;

struct Shared<T> {
    transcript: T,
    status: Status,
    /// The number of messages that were dropped because of a limit.
    beyond_limits: u64,
    errors: ErrorFormat,
}

/// The lock is held for one line at a time, so a panic elsewhere leaves no partial state.
fn lock<T>(shared: &Mutex<Shared<T>>) -> MutexGuard<'_, Shared<T>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T: Transcript> Shared<T> {
    fn show(&mut self, output: &Output) {
        match output {
            Output::Console(ConsoleMessage { level, text, .. }) => {
                let is_warning = matches!(level, Level::Warn | Level::Error);
                for line in text.split('\n') {
                    if is_warning {
                        self.transcript.err(line);
                    } else {
                        self.transcript.out(line);
                    }
                }
            }
            Output::Error(error) => {
                let (status, option) = match error.kind {
                    ScriptErrorKind::Limit => (Status::LimitReached, option_of(&error.message)),
                    _ => (Status::ScriptFailed, ""),
                };
                self.raise(status);
                self.transcript.err(&show(error, option, self.errors));
            }
            Output::Diagnostic(text) => self.transcript.err(text),
            Output::Limit(text) => {
                self.raise(Status::LimitReached);
                self.transcript.err(&format!("{text}{}", option_of(text)));
            }
            // The other reasons are due to the page, not to the options.
            Output::Dropped(dropped) if dropped.reason == MessageDropReason::Limit => {
                self.raise(Status::LimitReached);
                self.beyond_limits += 1;
                if self.beyond_limits <= DROPS_SHOWN {
                    self.transcript.err(&dropped.to_string());
                }
            }
            // Unknown kinds of output are ignored.
            _ => {}
        }
    }

    /// Reports the number of messages that were not reported one by one.
    fn sum_up(&mut self) {
        if let Some(more @ 1..) = self.beyond_limits.checked_sub(DROPS_SHOWN) {
            let text = format!(
                "{more} more messages were dropped: a limit on waiting messages was reached"
            );
            self.transcript.err(&text);
        }
    }

    fn raise(&mut self, status: Status) {
        self.status = self.status.max(status);
    }
}

/// Returns the option for the limit in a text, in parentheses.
fn option_of(text: &str) -> &'static str {
    match text {
        _ if text.starts_with("a worker") => " (--max-workers)",
        _ if text.contains("nested") => " (--max-frame-depth)",
        _ if text.starts_with("a frame") => " (--max-frames)",
        _ if text.contains("recursive calls") || text.contains("stack size") => {
            " (--max-recursion)"
        }
        _ if text.contains("iteration loops") => " (--max-loops)",
        _ if text.contains("microtasks") => " (--max-microtasks)",
        _ => "",
    }
}

struct Run<'a, T> {
    page: &'a mut Page,
    options: &'a RunOptions,
    shared: &'a Mutex<Shared<T>>,
}

impl<T: Transcript> Run<'_, T> {
    /// Runs until idle, and reports a limit. Returns whether the page is idle.
    fn until_idle(&mut self) -> bool {
        let outcome = self
            .page
            .run_within(self.options.max_time, Some(self.options.max_tasks));
        let text = match outcome {
            RunOutcome::Idle => return true,
            RunOutcome::TimeReached => format!(
                "stopped: not idle after {} s of virtual time",
                self.options.max_time.as_secs_f64()
            ),
            RunOutcome::TasksReached => {
                format!("stopped: not idle after {} tasks", self.options.max_tasks)
            }
            RunOutcome::Waiting { outstanding, .. } => {
                let noun = if outstanding == 1 {
                    "load was"
                } else {
                    "loads were"
                };
                format!("stopped: {outstanding} {noun} not answered in time")
            }
            RunOutcome::LimitReached(limit) => {
                let text = format!("stopped: limit of {limit} reached");
                let option = option_of(&text);
                text + option
            }
            other => format!("stopped: {other:?}"),
        };
        let mut shared = lock(self.shared);
        shared.raise(Status::LimitReached);
        shared.transcript.err(&text);
        false
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn most_severe_event_decides_the_status() {
        let worse = [
            Status::Idle,
            Status::ScriptFailed,
            Status::LimitReached,
            Status::NotLoaded,
        ];
        assert!(worse.is_sorted());
        assert_eq!(worse.map(Status::code), [0, 1, 3, 2]);
    }
}
