//! `framepost run`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use framepost::{DumpFormat, PageClock};
use framepost_cli::route::Route;
use framepost_cli::run::{ErrorFormat, RunOptions, Transcript, run};
use url::Url;

use super::guard::ChildOutput;
use super::{cannot, guard, network, order, output, page_limits};

/// Load a page, run it until it is idle, and print its output.
///
/// The directory of the page is served as http://localhost/. Other URLs are loaded over the network. Time is virtual:
/// it jumps from timer to timer, so the command waits only for the network, and two runs of a page print the same
/// output, unless the responses of the network differ.
///
/// Standard output contains the lines that the page logs, at the time of logging, and then every document of the
/// frame tree: its URL, indented by depth, and its text below. Standard error contains the lines of console.warn and
/// console.error, and unhandled errors.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A file or a URL.
    #[arg(value_name = "PAGE")]
    page: String,

    /// Serve this directory as http://localhost/, instead of the directory of the page.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// Serve a directory as another origin. May be given several times.
    #[arg(long = "origin", value_name = "URL=DIR", value_parser = origin)]
    origins: Vec<(Url, PathBuf)>,

    /// Answer requests whose URL matches GLOB with a file, or with a status and no content. May be given several times:
    /// the first that matches applies.
    ///
    /// `*` stands for any characters. A GLOB that begins with a slash is compared with the path and the query of a URL.
    /// This applies to documents, scripts and fetches over http and https. Requests that nothing has answered are listed
    /// at the end.
    #[arg(long = "route", value_name = "GLOB=FILE|STATUS")]
    routes: Vec<Route>,

    /// Write the requests over http and https and their answers to a file, in the format HAR.
    ///
    /// The times are those of the clock of the page. A file that exists is only replaced if framepost has written it. It
    /// contains what was sent and received, passwords and cookies included.
    #[arg(long, value_name = "FILE")]
    har: Option<PathBuf>,

    /// Answer requests from a HAR file, in place of the network.
    ///
    /// This applies to requests over http and https that no --route answers and no directory serves. They need the method and
    /// the URL of a request in the file. Requests that nothing has answered are listed at the end.
    #[arg(long, value_name = "FILE")]
    har_replay: Option<PathBuf>,

    /// Click the first element of the page that a CSS selector matches, as a user would, once the
    /// page is idle, then run until idle again. May be given several times.
    ///
    /// This gives the window user activation; click() in a script does not.
    #[arg(long = "click", value_name = "SELECTOR")]
    clicks: Vec<String>,

    /// Run a script in the top window once the page is idle, after all clicks, then run until idle
    /// again. May be given several times.
    #[arg(long = "eval", value_name = "JS")]
    evals: Vec<String>,

    /// Do not print the documents at the end.
    #[arg(long)]
    quiet: bool,

    /// The part of each document to print at the end.
    ///
    /// `text` is the text of the body without scripts, styles and templates, with collapsed white
    /// space and a line for each block element. `html` is the serialized document.
    #[arg(long, value_enum, default_value_t = Dump::Text)]
    dump: Dump,

    /// The limit on the time of the page by its own clock, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    max_time: Duration,

    /// The clock of the page.
    #[arg(long, value_enum, default_value_t)]
    clock: Clock,

    /// The limit on the number of tasks that the page runs.
    #[arg(long, value_name = "N", default_value_t = framepost_cli::run::MAX_TASKS)]
    max_tasks: u64,

    /// The format of uncaught errors and unhandled rejections on standard error.
    ///
    /// `text` shows the place, the message and the line of the source, in colours on a terminal unless
    /// the variable NO_COLOR is set. `line` shows the place and the message in one line. `json` writes one object per
    /// line; docs/errors.md lists its fields.
    #[arg(long, value_enum, default_value_t = Errors::Text)]
    errors: Errors,

    /// Write a trace of all messages and ports to a file. A name that ends in .json selects trace events for
    /// Perfetto; a name that ends in .mmd selects a Mermaid sequence diagram.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,

    /// Begin with the local storage in this file, and replace the file at the end of the run.
    ///
    /// The file is JSON, and is created if it is absent. Without this option local storage begins empty.
    #[arg(long, value_name = "FILE")]
    storage: Option<PathBuf>,

    /// Write a recording of the run to a file: the order of tasks, the responses, the seed and the options. `framepost
    /// replay` repeats the run from it, without the files and the network.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["clock", "storage"])]
    record: Option<PathBuf>,

    /// Write the tasks of the run to a file, as a page that needs no network: a column for each window, worker and port, and
    /// an arrow for each message.
    #[arg(long, value_name = "FILE", conflicts_with = "record")]
    html: Option<PathBuf>,

    /// Write to standard error what is outstanding at the end: tasks, timers, loads, messages at ports that are not
    /// started, and listeners that wait for nothing, each with its window and place.
    #[arg(long)]
    explain_idle: bool,

    #[command(flatten)]
    order: order::OrderOptions,

    #[command(flatten)]
    page_limits: page_limits::PageOptions,

    #[command(flatten)]
    network: network::Network,

    #[command(flatten)]
    pub(super) limits: guard::Limits,
}

/// The clock of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Clock {
    /// Virtual time: it jumps to the next timer, and every run is the same.
    #[default]
    Virtual,
    /// Real time, for timers, performance.now() and Date.
    Wall,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Errors {
    Text,
    Line,
    Json,
}

impl Errors {
    pub(super) fn format(self) -> ErrorFormat {
        match self {
            Self::Line => ErrorFormat::Line,
            Self::Json => ErrorFormat::Json,
            Self::Text if output::has_colours() => ErrorFormat::Coloured,
            Self::Text => ErrorFormat::Text,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Dump {
    Text,
    Html,
    None,
}

pub(super) fn origin(text: &str) -> Result<(Url, PathBuf), String> {
    let (url, directory) = text
        .split_once('=')
        .ok_or("expected URL=DIR, for example http://other.test=pages")?;
    let url = Url::parse(url).map_err(|error| format!("{url:?} is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{url} has another scheme than http and https"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "{url} has a path, a query or a fragment: expected only an origin"
        ));
    }
    Ok((url, PathBuf::from(directory)))
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| format!("{text:?} is not a number"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// Runs the page in a child.
pub(super) fn main(arguments: &Arguments, given: Vec<OsString>) -> ExitCode {
    let limits = &arguments.limits;
    let ended = guard::run_child(given.into_iter(), limits, ChildOutput::Shared, None);
    output::exit_code(ended.code)
}

/// Runs the page in this process, which is the child.
pub(super) fn child_main(child: &guard::Child, arguments: Arguments) -> ExitCode {
    if let Err(error) = child.prepare(&arguments.limits, None) {
        return cannot(&format_args!("cannot start the watchdog: {error}"));
    }
    let mut options = RunOptions::new(arguments.page);
    options.root = arguments.root;
    options.origins = arguments.origins;
    options.routes = arguments.routes;
    options.har = arguments.har;
    options.har_replay = arguments.har_replay;
    options.clicks = arguments.clicks;
    options.evals = arguments.evals;
    options.max_time = arguments.max_time;
    options.max_tasks = arguments.max_tasks;
    options.trace = arguments.trace;
    options.storage = arguments.storage;
    options.limits = arguments.page_limits.limits();
    options.max_load = arguments.network.max_load();
    options.stack = arguments.limits.space.stack();
    options.is_last = true;
    options.clock = match arguments.clock {
        Clock::Virtual => PageClock::Virtual,
        Clock::Wall => PageClock::Wall,
    };
    options.dump = match arguments.dump {
        _ if arguments.quiet => None,
        Dump::Text => Some(DumpFormat::Text),
        Dump::Html => Some(DumpFormat::Html),
        Dump::None => None,
    };
    options.http = arguments.network.options();
    options.errors = arguments.errors.format();
    options.schedule = arguments.order.schedule();
    options.record = arguments.record;
    options.html = arguments.html;
    options.explain_idle = arguments.explain_idle;
    match run(&options, Terminal) {
        Ok(status) => output::exit_code(status.code()),
        Err(error) => {
            guard::complain(&format!("framepost: {error}"));
            output::exit_code(error.status().code())
        }
    }
}

/// The standard streams.
pub(super) struct Terminal;

impl Transcript for Terminal {
    fn out(&mut self, line: &str) {
        output::out(&format!("{line}\n"));
    }

    fn err(&mut self, line: &str) {
        guard::complain(line);
    }
}
