//! One run of a page as `framepost run` does it: load it, let it come to rest, evaluate what the
//! user asks for, and show what came of it.
//!
//! The command and the fixtures both go through here, so that a fixture shows what a person would
//! see. Nothing here knows arguments or processes.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use framepost::{
    ConsoleMessage, DumpFormat, HttpOptions, Level, MessageDropReason, Outcome, Output, Page,
    PageError, PageLimits, PageOptions, ScriptErrorKind, TraceFormat,
};
use framepost_browsing_context::loader::{DirectoryLoader, Loader};
use framepost_browsing_context::{Destination, FetchRequest, LoadError};
use thiserror::Error;
use url::Url;

/// The origin that the page's own directory is served as.
pub const DEFAULT_ORIGIN: &str = "http://localhost/";

/// How many tasks a page may run unless told otherwise: windows that answer each other's messages
/// without end hardly take up virtual time.
pub const MAX_TASKS: u64 = 1_000_000;

/// What to run, and how.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// A file, or the URL of a page of one of the `origins`, or of any other with `http`.
    pub page: String,
    /// The directory that is served as [`DEFAULT_ORIGIN`], if not the page's own.
    pub root: Option<PathBuf>,
    /// Further origins, and the directories that they are served from.
    pub origins: Vec<(Url, PathBuf)>,
    /// Selectors of what is clicked, as a user would, each once the page is idle; all of them
    /// before the scripts.
    pub clicks: Vec<String>,
    /// Scripts for the top window, each run once the page is idle.
    pub evals: Vec<String>,
    /// How much virtual time the page may take.
    pub max_time: Duration,
    /// How many tasks it may run.
    pub max_tasks: u64,
    /// What is shown of each document at the end.
    pub dump: Option<DumpFormat>,
    /// Where to write what happened to messages, in the form that the file's name tells.
    pub trace: Option<PathBuf>,
    /// How many messages may wait at one port.
    pub max_port_messages: Option<usize>,
    /// How origins that no directory is served as are loaded over the network, if they are.
    pub http: Option<HttpOptions>,
}

impl RunOptions {
    /// Runs this page for up to a minute of virtual time, and a million tasks, without a network,
    /// and shows its text at the end.
    #[must_use]
    pub fn new(page: impl Into<String>) -> Self {
        Self {
            page: page.into(),
            root: None,
            origins: Vec::new(),
            clicks: Vec::new(),
            evals: Vec::new(),
            max_time: Duration::from_secs(60),
            max_tasks: MAX_TASKS,
            dump: Some(DumpFormat::Text),
            trace: None,
            max_port_messages: None,
            http: None,
        }
    }
}

/// How a run ended. If several of these happened, the last of them in this list counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The page came to rest.
    #[default]
    Idle,
    /// A script of it threw, or a promise was rejected, and nothing handled it.
    ScriptFailed,
    /// A limit stopped it.
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

/// Why a page could not be run at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RunError {
    /// There is no such file.
    #[error("no such file: {0}")]
    NoSuchFile(String),
    /// The page is not a file.
    #[error("not a file: {0}")]
    NotAFile(String),
    /// A directory that was named does not exist.
    #[error("no such directory: {0}")]
    NoSuchDirectory(String),
    /// The page is not below the root.
    #[error("{page} is not below {root}")]
    OutsideRoot {
        /// The page, as it was named.
        page: String,
        /// The root, as it was named.
        root: String,
    },
    /// The page's URL cannot be parsed.
    #[error("not a URL: {0}")]
    BadUrl(String),
    /// No directory is served as the origin of the page.
    #[error("no directory is served as the origin of {0}")]
    NotServed(String),
    /// There is no engine to run it.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The page cannot be loaded.
    #[error(transparent)]
    NotLoaded(#[from] LoadError),
    /// A file for the trace whose name tells no form.
    #[error("{0:?} is no name for a trace: expected one that ends in .json or .mmd")]
    NoTraceFormat(String),
    /// The file for the trace cannot be written.
    #[error("cannot write {file:?}: {why}")]
    TraceNotWritten {
        /// The file.
        file: String,
        /// What the system says.
        why: String,
    },
    /// Two directories for one origin.
    #[error("two directories for the origin {0}")]
    OriginTwice(String),
}

/// Where the lines of a run go.
pub trait Transcript: Send + 'static {
    /// A line of what the page says.
    fn out(&mut self, line: &str);
    /// A line of what went wrong.
    fn err(&mut self, line: &str);
}

/// Runs a page to its end.
pub fn run<T: Transcript>(options: &RunOptions, transcript: T) -> Result<Status, RunError> {
    let (url, directories) = resolve(options)?;
    let trace = options.trace.as_deref().map(trace_file).transpose()?;
    let mut loader = DirectoryLoader::new();
    for (origin, directory) in directories {
        loader.mount(&origin, &directory)?;
    }
    if options.http.is_none() || loader.serves(&url) {
        check_page(&url, options, &mut loader)?;
    }
    let shared = Arc::new(Mutex::new(Shared {
        transcript,
        status: Status::Idle,
        beyond_limits: 0,
    }));
    let of_page = Arc::clone(&shared);
    let mut limits = PageLimits::default();
    limits.messages_per_port = options.max_port_messages;
    let mut page_options = PageOptions::new()
        .trace(trace.is_some())
        .limits(limits)
        .loader(move || Box::new(loader))
        .on_output(move |output| lock(&of_page).show(output));
    if let Some(http) = &options.http {
        page_options = page_options.http(http.clone());
    }
    let mut page = Page::open(url, page_options)?;
    let mut run = Run {
        page: &mut page,
        options,
        shared: &shared,
    };
    let mut goes_on = run.until_idle();
    if run.page.load_error().is_some() {
        // It was reported when it happened.
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
            if !run.until_idle() {
                break;
            }
        }
    }
    lock(&shared).sum_up();
    if let Some(format) = options.dump {
        let dump = page.dump(format);
        let mut shared = lock(&shared);
        for line in dump.lines() {
            shared.transcript.out(line);
        }
    }
    if let Some((file, format)) = trace {
        let text = page.take_trace().to_text(format);
        std::fs::write(file, text).map_err(|error| RunError::TraceNotWritten {
            file: file.display().to_string(),
            why: error.to_string(),
        })?;
    }
    let status = lock(&shared).status;
    Ok(status)
}

/// The file for the trace and its form.
fn trace_file(file: &Path) -> Result<(&Path, TraceFormat), RunError> {
    let format = TraceFormat::of_file(file);
    let no_format = || RunError::NoTraceFormat(file.display().to_string());
    Ok((file, format.ok_or_else(no_format)?))
}

/// How many of the messages that a limit has dropped are told of one by one.
const DROPS_SHOWN: u64 = 10;

struct Shared<T> {
    transcript: T,
    status: Status,
    /// How many messages were dropped for a limit.
    beyond_limits: u64,
}

/// The lock is held for a line at a time; a panic elsewhere leaves nothing half done in it.
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
                self.raise(match error.kind {
                    ScriptErrorKind::Limit => Status::LimitReached,
                    _ => Status::ScriptFailed,
                });
                self.transcript.err(&error.to_string());
            }
            Output::Diagnostic(text) => self.transcript.err(text),
            // Only the one reason is a matter of how the page was run.
            Output::Dropped(dropped) if dropped.reason == MessageDropReason::Limit => {
                self.raise(Status::LimitReached);
                self.beyond_limits += 1;
                if self.beyond_limits <= DROPS_SHOWN {
                    self.transcript.err(&dropped.to_string());
                }
            }
            // Output of a later version has no place in the transcript.
            _ => {}
        }
    }

    /// Says how much was not told of one by one.
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

struct Run<'a, T> {
    page: &'a mut Page,
    options: &'a RunOptions,
    shared: &'a Mutex<Shared<T>>,
}

impl<T: Transcript> Run<'_, T> {
    /// Whether it came to rest; a limit is reported.
    fn until_idle(&mut self) -> bool {
        let outcome = self
            .page
            .run_within(self.options.max_time, Some(self.options.max_tasks));
        let text = match outcome {
            Outcome::Idle => return true,
            Outcome::TimeReached => format!(
                "stopped: not idle after {} s of virtual time",
                self.options.max_time.as_secs_f64()
            ),
            Outcome::TasksReached => {
                format!("stopped: not idle after {} tasks", self.options.max_tasks)
            }
            Outcome::Waiting { outstanding, .. } => {
                let noun = if outstanding == 1 {
                    "load was"
                } else {
                    "loads were"
                };
                format!("stopped: {outstanding} {noun} not answered in time")
            }
            Outcome::LimitReached(limit) => format!("stopped: limit of {limit} reached"),
            other => format!("stopped: {other:?}"),
        };
        let mut shared = lock(self.shared);
        shared.raise(Status::LimitReached);
        shared.transcript.err(&text);
        false
    }
}

/// The page's URL, and which directory is served as which origin.
fn resolve(options: &RunOptions) -> Result<(Url, Vec<(Url, PathBuf)>), RunError> {
    let mut directories = options.origins.clone();
    for (_, directory) in &directories {
        check_directory(directory)?;
    }
    let is_url = options.page.starts_with("http://") || options.page.starts_with("https://");
    let url = if is_url {
        if let Some(root) = &options.root {
            directories.push((default_origin(), root.clone()));
        }
        let bad = |_| RunError::BadUrl(options.page.clone());
        Url::parse(&options.page).map_err(bad)?
    } else {
        let (url, root) = file_page(&options.page, options.root.as_deref())?;
        directories.push((default_origin(), root));
        url
    };
    let mut origins = BTreeSet::new();
    for (origin, _) in &directories {
        let origin = origin.origin().ascii_serialization();
        if !origins.insert(origin.clone()) {
            return Err(RunError::OriginTwice(origin));
        }
    }
    Ok((url, directories))
}

/// Asks for the page once, so that one that cannot be loaded is told apart from one that shows
/// little.
fn check_page(
    url: &Url,
    options: &RunOptions,
    loader: &mut DirectoryLoader,
) -> Result<(), RunError> {
    let request = FetchRequest::new(url.clone(), Destination::Document);
    match loader.load(&request) {
        Ok(_) => Ok(()),
        Err(LoadError::NotFound { .. }) => Err(RunError::NoSuchFile(options.page.clone())),
        Err(LoadError::UnknownOrigin { .. }) => Err(RunError::NotServed(options.page.clone())),
        Err(error) => Err(RunError::NotLoaded(error)),
    }
}

fn default_origin() -> Url {
    // The constant is a URL, as every run of a file shows.
    #[allow(clippy::expect_used, reason = "no input reaches it")]
    Url::parse(DEFAULT_ORIGIN).expect("the default origin is a URL")
}

fn check_directory(directory: &Path) -> Result<(), RunError> {
    if directory.is_dir() {
        Ok(())
    } else {
        Err(RunError::NoSuchDirectory(directory.display().to_string()))
    }
}

/// The URL of a file, and the directory that is served.
fn file_page(page: &str, root: Option<&Path>) -> Result<(Url, PathBuf), RunError> {
    let file = Path::new(page);
    if !file.exists() {
        return Err(RunError::NoSuchFile(page.to_owned()));
    }
    let (Some(name), true) = (file.file_name(), file.is_file()) else {
        return Err(RunError::NotAFile(page.to_owned()));
    };
    let parent = match file.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => Path::new("."),
    };
    let (root, below) = match root {
        None => (parent.to_owned(), PathBuf::from(name)),
        Some(root) => {
            check_directory(root)?;
            let outside = || RunError::OutsideRoot {
                page: page.to_owned(),
                root: root.display().to_string(),
            };
            // Of the page only its directory is resolved: a symbolic link keeps its own name.
            let resolved = parent.canonicalize().map_err(|_| outside())?;
            let top = root.canonicalize().map_err(|_| outside())?;
            let below = resolved.strip_prefix(top).map_err(|_| outside())?;
            (root.to_owned(), below.join(name))
        }
    };
    let mut url = default_origin();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.clear();
        for component in below.components() {
            if let Component::Normal(segment) = component {
                segments.push(&segment.to_string_lossy());
            }
        }
    }
    Ok((url, root))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_file_is_a_page_of_the_default_origin() {
        let directory = tempfile::tempdir().unwrap();
        let below = directory.path().join("a b/c#d");
        std::fs::create_dir_all(&below).unwrap();
        let page = below.join("é?.html");
        std::fs::write(&page, "").unwrap();
        let mut options = RunOptions::new(page.to_string_lossy());

        let (url, served) = resolve(&options).unwrap();
        assert_eq!(url.as_str(), "http://localhost/%C3%A9%3F.html");
        assert_eq!(served, [(default_origin(), below.clone())]);

        options.root = Some(directory.path().to_owned());
        let (url, served) = resolve(&options).unwrap();
        assert_eq!(url.as_str(), "http://localhost/a%20b/c%23d/%C3%A9%3F.html");
        assert_eq!(served, [(default_origin(), directory.path().to_owned())]);
        // And back.
        let mut loader = DirectoryLoader::new();
        loader.mount(&url, &served[0].1).unwrap();
        assert_eq!(check_page(&url, &options, &mut loader), Ok(()));
    }

    #[test]
    fn the_worst_that_happened_is_the_status() {
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
