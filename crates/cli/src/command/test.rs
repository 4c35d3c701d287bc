//! `framepost test`.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use framepost::HttpOptions;
use framepost_wpt::runner::{Runner, answer_job};
use framepost_wpt::selection::{Item, Selection, SelectionError};
use framepost_wpt::shard::Shard;
use framepost_wpt::wpt_server::{WptServer, WptServerError, skipped_for_python};
use indicatif::{ProgressBar, ProgressStyle};

use super::results::{Results, ResultsError};
use super::run::Clock;
use super::{cannot, guard, network, output, results};

/// The hidden subcommand that runs one page.
pub(super) const PAGE_SUBCOMMAND: &str = "test-page";

pub(super) const EXIT_STATUS: &str = "\
Exit status:
  0  every page passed, or failed as the list of known failures says
  1  there was any other result
  2  the tests could not be run, for example because of a missing file or an
     invalid option, or the results could not be written";

/// Run pages that test themselves with testharness.js.
///
/// Each page runs in a process of its own, until the harness has completed or 10 s of virtual time
/// have passed (60 s if its timeout is "long"). A line for each page shows its status and the number of passed
/// subtests; the lines below it show the other subtests. A page that needs a handler in Python or another protocol is
/// skipped; its result is ignored.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files, URLs or directories of pages. With --wpt: paths or URLs of the tests' server, such as
    /// /dom/events/ or /dom/events/Event-type.html.
    #[arg(value_name = "PATH|URL", required = true)]
    names: Vec<String>,

    #[command(flatten)]
    network: network::Network,

    /// Serve this checkout of web-platform-tests, at the hosts and ports of its configuration, and use
    /// no network.
    #[arg(long, value_name = "DIR")]
    wpt: Option<PathBuf>,

    /// Run the server of the checkout, and send it the requests that need a handler in Python. It uses the ports of
    /// the tests' configuration: 8000, 8443 and some more. Without Python, such pages are skipped. With `=running`,
    /// use a server that is already running.
    #[arg(long, requires = "wpt", value_enum, num_args = 0..=1, require_equals = true,
          default_missing_value = "start", value_name = "WHICH")]
    wpt_server: Option<WhichServer>,

    /// Trust these certificates, in PEM, for the https pages of that server, instead of those of the checkout.
    #[arg(long, value_name = "FILE", requires = "wpt_server")]
    wpt_ca: Option<PathBuf>,

    /// Serve this directory, instead of the directory of the page or the named directory.
    #[arg(long, value_name = "DIR", conflicts_with = "wpt")]
    root: Option<PathBuf>,

    /// The number of pages that run at the same time. It does not change the results.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = jobs)]
    jobs: usize,

    /// Run only one of several parts of the pages. A stable hash of its name assigns a page to a part. `framepost
    /// merge` combines the reports of the parts.
    #[arg(long, value_name = "M/N")]
    shard: Option<Shard>,

    /// Run each page in this many orders of its tasks, one after another. A page whose results differ is an error, which
    /// names the results and the first seed of each. `framepost explore PAGE --seed SEED --runs 2` runs the page once in
    /// the default order and once in that one.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    explore: u64,

    #[command(flatten)]
    results: results::Destinations,

    /// The clock of the pages.
    #[arg(long, value_enum, default_value_t)]
    clock: Clock,

    #[command(flatten)]
    limits: guard::Limits,
}

/// The most pages that may run at the same time.
const MOST_JOBS: usize = 1024;

fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs @ 1..=MOST_JOBS) => Ok(jobs),
        _ => Err(format!("not a whole number from 1 to {MOST_JOBS}")),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WhichServer {
    /// A server that this run starts.
    Start,
    /// A server that is already running.
    Running,
}

/// The reason why no test was run.
#[derive(Debug, thiserror::Error)]
enum TestError {
    #[error(transparent)]
    Selection(#[from] SelectionError),
    #[error("cannot start the processes of pages: {0}")]
    NoProgram(io::Error),
    #[error(transparent)]
    Server(#[from] WptServerError),
    #[error(transparent)]
    Results(#[from] ResultsError),
}

pub(super) fn main(arguments: &Arguments) -> ExitCode {
    match run(arguments) {
        Ok(true) => output::exit_code(0),
        Ok(false) => output::exit_code(1),
        Err(error) => cannot(&error),
    }
}

/// Runs the page that standard input names.
pub(super) fn page_main() -> ExitCode {
    match answer_job() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cannot(&error),
    }
}

/// Whether every result was expected.
fn run(arguments: &Arguments) -> Result<bool, TestError> {
    let server = server(arguments)?;
    let mut items = items(arguments, server.as_ref())?;
    if let Some(shard) = &arguments.shard {
        items = shard.keep(items);
    }
    let mut results = Results::new(&arguments.results)?;
    let program = framepost_guard::this_program().map_err(TestError::NoProgram)?;
    let runner = Runner::new(program, [PAGE_SUBCOMMAND])
        .jobs(arguments.jobs)
        .wall_time(arguments.limits.wall_time);
    let bar = progress_bar(items.len());
    runner.run(&items, |outcome| {
        if let Some(lines) = results.add(outcome) {
            bar.suspend(|| output::out(&lines));
        }
        bar.inc(1);
    });
    bar.finish_and_clear();
    let skipped = skipped_for_python(results.outcomes());
    let pages = match skipped {
        0 => None,
        1 => Some(String::from("1 page was skipped because it needs")),
        more => Some(format!("{more} pages were skipped because they need")),
    };
    if let Some(pages) = pages {
        guard::complain(&format!(
            "framepost: {pages} a handler in Python (--wpt-server)"
        ));
    }
    Ok(results.finish()?)
}

/// The server of the checkout, if it was requested and Python is installed.
fn server(arguments: &Arguments) -> Result<Option<WptServer>, WptServerError> {
    let (Some(checkout), Some(which)) = (arguments.wpt.as_deref(), arguments.wpt_server) else {
        return Ok(None);
    };
    let authorities = arguments.wpt_ca.as_deref();
    let server = match which {
        WhichServer::Start => WptServer::start(checkout, authorities),
        WhichServer::Running => WptServer::running(checkout, authorities),
    };
    match server {
        Ok(server) => Ok(Some(server)),
        Err(error @ WptServerError::NoPython(_)) => {
            guard::complain(&format!("framepost: {error}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The pages that the arguments name.
fn items(arguments: &Arguments, server: Option<&WptServer>) -> Result<Vec<Item>, SelectionError> {
    let mut selection = Selection::new(&arguments.names);
    selection.checkout.clone_from(&arguments.wpt);
    selection.root.clone_from(&arguments.root);
    selection.http = match &arguments.wpt {
        // Requests go only to the server of the checkout.
        Some(_) => server.map(|server| server.http(HttpOptions::new())),
        None => arguments.network.options(),
    };
    selection.limits.memory = arguments.limits.space.max_memory;
    selection.limits.stack = arguments.limits.space.max_stack;
    selection.limits.load = arguments.network.max_load();
    selection.explore = arguments.explore;
    selection.wall_clock = arguments.clock == Clock::Wall;
    selection.wait = arguments.limits.wall_time;
    selection.items()
}

/// The progress bar of a terminal.
fn progress_bar(length: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} {elapsed}") {
        bar.set_style(style);
    }
    bar
}
