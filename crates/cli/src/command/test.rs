//! `framepost test`.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use framepost_guard::{Named, NamedError, Target, read_named};
use framepost_wpt::expectations::{ExpectationError, Expectations};
use framepost_wpt::report;
use framepost_wpt::runner::{Runner, answer_job};
use framepost_wpt::selection::{Item, Selection, SelectionError};
use indicatif::{ProgressBar, ProgressStyle};

use super::run::Clock;
use super::{cannot, guard, network, output};

/// The hidden subcommand that runs one page.
pub(super) const PAGE_SUBCOMMAND: &str = "test-page";

pub(super) const EXIT_STATUS: &str = "\
Exit status:
  0  every page passed, or failed as the list of known failures says
  1  there was another result
  2  the tests could not be run: no such file, a bad option; or the results
     could not be written";

/// Run pages that test themselves with testharness.js.
///
/// Each page runs in a process of its own, until the harness has completed or 10 s of virtual time
/// have passed (60 s if its timeout is "long"). A line for each page shows its status and the number of
/// subtests that have passed; the lines below it show the others. A page that needs a handler in
/// Python or another protocol is skipped, whatever its result.
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

    /// Serve this directory, instead of the directory of the page or the named directory.
    #[arg(long, value_name = "DIR", conflicts_with = "wpt")]
    root: Option<PathBuf>,

    /// The number of pages that run at the same time. It does not change the results.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = jobs)]
    jobs: usize,

    /// Write the results to a file, in the format of wptreport.json.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Compare the results with this list of known failures. Each is a line `TEST | SUBTEST | STATUS |
    /// REASON`, without SUBTEST for the page itself. `\|`, `\n` and `\\` stand for a bar, a line break
    /// and a backslash. The run fails if a failure is not listed, or if a listed failure does not happen.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    /// Write a list for --expect that agrees with this run. It keeps the reasons of the list that
    /// --expect names, and its lines about pages that were not run. A new failure is "not explained yet".
    #[arg(long, value_name = "FILE")]
    write_expect: Option<PathBuf>,

    /// Which time pages have.
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

/// Why no test was run.
#[derive(Debug, thiserror::Error)]
enum TestError {
    #[error(transparent)]
    Selection(#[from] SelectionError),
    #[error("cannot start the processes of pages: {0}")]
    NoProgram(io::Error),
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: NamedError },
    #[error("{0}: not UTF-8")]
    NotUtf8(PathBuf),
    #[error("cannot write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("{path}: {source}")]
    Expectations {
        path: PathBuf,
        source: ExpectationError,
    },
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
    let expectations = read_expectations(arguments)?;
    let items = items(arguments)?;
    // A file that cannot be written is reported before the tests run, not after.
    let report_file = target(arguments.report.as_deref())?;
    let expectations_file = target(arguments.write_expect.as_deref())?;
    let program = framepost_guard::this_program().map_err(TestError::NoProgram)?;
    let runner = Runner::new(program, [PAGE_SUBCOMMAND])
        .jobs(arguments.jobs)
        .wall_time(arguments.limits.wall_time);
    let bar = progress_bar(items.len());
    let (mut outcomes, mut verdicts) = (Vec::new(), Vec::new());
    runner.run(&items, |outcome| {
        let verdict = expectations.judge(&outcome);
        bar.suspend(|| output::out(&report::describe(&outcome, &verdict)));
        bar.inc(1);
        outcomes.push(outcome);
        verdicts.push(verdict);
    });
    bar.finish_and_clear();
    output::out(&format!("{}\n", report::summary(verdicts.iter())));
    if let Some((path, file)) = report_file {
        let mut text = Vec::new();
        report::write_report(&mut text, &outcomes).map_err(write_error(path))?;
        file.write(&text).map_err(write_error(path))?;
    }
    if let Some((path, file)) = expectations_file {
        let text = expectations.updated(&outcomes);
        file.write(text.as_bytes()).map_err(write_error(path))?;
    }
    Ok(verdicts.iter().all(|verdict| verdict.complaints.is_empty()))
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> TestError {
    let path = path.to_owned();
    move |source| TestError::Write { path, source }
}

/// Opens a file that is written at the end.
fn target(path: Option<&Path>) -> Result<Option<(&Path, Target)>, TestError> {
    path.map(|path| Ok((path, Target::open(path).map_err(write_error(path))?)))
        .transpose()
}

fn read_expectations(arguments: &Arguments) -> Result<Expectations, TestError> {
    let Some(path) = &arguments.expect else {
        return Ok(Expectations::default());
    };
    let limits = Named {
        size: arguments.network.max_load(),
        wait: arguments.limits.wall_time,
    };
    let content = read_named(path, limits).map_err(|source| TestError::Read {
        path: path.clone(),
        source,
    })?;
    let text = String::from_utf8(content).map_err(|_| TestError::NotUtf8(path.clone()))?;
    Expectations::parse(&text).map_err(|source| TestError::Expectations {
        path: path.clone(),
        source,
    })
}

/// The pages that the arguments name.
fn items(arguments: &Arguments) -> Result<Vec<Item>, SelectionError> {
    let mut selection = Selection::new(&arguments.names);
    selection.checkout.clone_from(&arguments.wpt);
    selection.root.clone_from(&arguments.root);
    selection.http = arguments.network.options();
    selection.limits.memory = arguments.limits.space.max_memory;
    selection.limits.stack = arguments.limits.space.max_stack;
    selection.limits.load = arguments.network.max_load();
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
