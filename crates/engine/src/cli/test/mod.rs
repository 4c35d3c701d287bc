//! `framepost test`.

mod expectations;
mod harness;
mod local;
mod outcome;
mod page_process;
mod pool;
mod process;
mod report;

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use framepost::wpt;
use indicatif::{ProgressBar, ProgressStyle};

use self::expectations::Expectations;
use self::outcome::{PageOutcome, PageStatus};
use self::process::{Job, Place};
use super::{cannot, network};

pub(super) use self::page_process::main as page_main;
pub(super) use self::process::SUBCOMMAND as PAGE_SUBCOMMAND;

pub(super) const EXIT_STATUS: &str = "\
Exit status:
  0  everything passed, or failed as the list of known failures says
  1  something else happened
  2  it could not be done at all: no such file, a bad option";

/// Run pages that test themselves with testharness.js.
///
/// Each page is loaded in a process of its own and runs until the harness has completed, or for
/// 10 s of virtual time (60 s if its timeout is "long"). For each there is a line with its status
/// and how many of its subtests have passed, and below it those that have not. A page that asks for
/// what is not there (handlers in Python, other protocols) is skipped, whatever it says.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Pages by file or URL, or directories of pages. With --wpt, paths or URLs as the tests' server has them,
    /// such as /dom/events/ or /dom/events/Event-type.html.
    #[arg(value_name = "PATH|URL", required = true)]
    names: Vec<String>,

    #[command(flatten)]
    network: network::Network,

    /// A checkout of web-platform-tests, which is served at the hosts and ports of its
    /// configuration. No network is used.
    #[arg(long, value_name = "DIR")]
    wpt: Option<PathBuf>,

    /// Serve this directory, instead of the one that a page is in or that is given.
    #[arg(long, value_name = "DIR", conflicts_with = "wpt")]
    root: Option<PathBuf>,

    /// How many pages run at the same time. The results are the same for any number.
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,

    /// Write the results to a file, in the form of a wptreport.json.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// A list of known failures: a line `TEST | SUBTEST | STATUS | REASON` for each, with no
    /// SUBTEST for the page itself; `\|`, `\n` and `\\` stand for a bar, a line's end, a backslash.
    /// A failure that is not listed, and a listed one that does not happen, fail the run.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    /// Write a list for --expect that agrees with this run. Reasons, and what is said of pages that
    /// were not run, are taken over from the one given; other failures are "not explained yet".
    #[arg(long, value_name = "FILE")]
    write_expect: Option<PathBuf>,

    /// How many seconds by the clock on the wall a page may take.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = super::run::seconds)]
    wall_time: Duration,

    /// How many MiB of memory a page may use.
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    max_memory: u64,
}

/// Why no test was run.
#[derive(Debug, thiserror::Error)]
enum TestError {
    #[error("no such directory: {0}")]
    NoSuchDirectory(PathBuf),
    #[error(transparent)]
    Manifest(#[from] wpt::ManifestError),
    #[error(transparent)]
    Local(#[from] local::LocalError),
    #[error("{url} is not served by a checkout of web-platform-tests")]
    NotServed { url: String },
    #[error("{url} is not loaded: --offline")]
    Offline { url: String },
    #[error("nothing to test in {0}")]
    Nothing(String),
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("{path}: {source}")]
    Expectations {
        path: PathBuf,
        source: expectations::ExpectationError,
    },
}

/// A page to run, or not to.
enum Item {
    Run(Job),
    Skip { test: String, reason: String },
}

pub(super) fn main(arguments: &Arguments) -> ExitCode {
    match run(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => cannot(&error),
    }
}

/// Whether all was as it should be.
fn run(arguments: &Arguments) -> Result<bool, TestError> {
    let expectations = read_expectations(arguments.expect.as_deref())?;
    let items = items(arguments)?;
    // Better now than after an hour.
    let report_file = match &arguments.report {
        Some(path) => Some((path, File::create(path).map_err(write_error(path))?)),
        None => None,
    };
    let bar = progress_bar(items.len());
    let (mut outcomes, mut verdicts) = (Vec::new(), Vec::new());
    let work = |item: &Item| match item {
        Item::Run(job) => process::run(job, arguments.wall_time),
        Item::Skip { test, reason } => {
            PageOutcome::without_subtests(test, PageStatus::Skip, reason.clone())
        }
    };
    pool::in_order(&items, arguments.jobs, work, |_, outcome| {
        let verdict = expectations.judge(&outcome);
        bar.suspend(|| print(&report::describe(&outcome, &verdict)));
        bar.inc(1);
        outcomes.push(outcome);
        verdicts.push(verdict);
    });
    bar.finish_and_clear();
    print(&format!("{}\n", report::summary(verdicts.iter())));
    if let Some((path, file)) = report_file {
        report::write_report(file, &outcomes).map_err(write_error(path))?;
    }
    if let Some(path) = &arguments.write_expect {
        fs::write(path, expectations.updated(&outcomes)).map_err(write_error(path))?;
    }
    Ok(verdicts.iter().all(|verdict| verdict.complaints.is_empty()))
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> TestError {
    let path = path.to_owned();
    move |source| TestError::Write { path, source }
}

fn read_expectations(path: Option<&Path>) -> Result<Expectations, TestError> {
    let Some(path) = path else {
        return Ok(Expectations::default());
    };
    let text = fs::read_to_string(path).map_err(|source| TestError::Read {
        path: path.to_owned(),
        source,
    })?;
    Expectations::parse(&text).map_err(|source| TestError::Expectations {
        path: path.to_owned(),
        source,
    })
}

/// The pages that the arguments name, each once, in the arguments' order.
fn items(arguments: &Arguments) -> Result<Vec<Item>, TestError> {
    let mut items: Vec<Item> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for name in &arguments.names {
        let found = match &arguments.wpt {
            Some(root) => wpt_items(root, name, arguments.max_memory)?,
            None => local_items(name, arguments)?,
        };
        if found.is_empty() {
            return Err(TestError::Nothing(name.clone()));
        }
        items.extend(found.into_iter().filter(|item| {
            let (Item::Run(Job { test, .. }) | Item::Skip { test, .. }) = item;
            seen.insert(test.clone())
        }));
    }
    Ok(items)
}

fn wpt_items(root: &Path, name: &str, memory: u64) -> Result<Vec<Item>, TestError> {
    if !root.is_dir() {
        return Err(TestError::NoSuchDirectory(root.to_owned()));
    }
    let name = path_of(name)?;
    let tests = wpt::tests(root, &name)?;
    let item = |test: wpt::Test| match test.skip {
        Some(reason) => Item::Skip {
            test: test.name,
            reason,
        },
        None => Item::Run(Job {
            place: Place::Wpt {
                root: root.to_owned(),
                url: test.url(),
            },
            is_long: test.is_long,
            http: None,
            test: test.name,
            memory,
        }),
    };
    Ok(tests.into_iter().map(item).collect())
}

/// The path and query of a test that may be given as a URL.
fn path_of(name: &str) -> Result<String, TestError> {
    if !name.starts_with("http://") && !name.starts_with("https://") {
        return Ok(name.to_owned());
    }
    let not_served = || TestError::NotServed {
        url: name.to_owned(),
    };
    let url = url::Url::parse(name).map_err(|_| not_served())?;
    if !wpt::is_served(&url) {
        return Err(not_served());
    }
    Ok(url[url::Position::BeforePath..].to_owned())
}

fn local_items(name: &str, arguments: &Arguments) -> Result<Vec<Item>, TestError> {
    let http = arguments.network.options();
    if name.starts_with("http://") || name.starts_with("https://") {
        let http = http.ok_or_else(|| TestError::Offline {
            url: name.to_owned(),
        })?;
        return Ok(vec![Item::Run(Job {
            test: name.to_owned(),
            place: Place::Network {
                url: name.to_owned(),
            },
            is_long: false,
            http: Some(http),
            memory: arguments.max_memory,
        })]);
    }
    let pages = local::pages(name, arguments.root.as_deref())?;
    let item = |page: local::LocalPage| {
        Item::Run(Job {
            test: page.name,
            place: Place::Directory {
                root: page.root,
                url: page.url,
            },
            is_long: page.is_long,
            http: http.clone(),
            memory: arguments.max_memory,
        })
    };
    Ok(pages.into_iter().map(item).collect())
}

fn print(text: &str) {
    let mut output = io::stdout().lock();
    // A reader that has gone away, as `head` does, is no failure of the pages.
    let _ = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
}

/// A bar for whoever looks on.
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
