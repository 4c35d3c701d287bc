//! `framepost explore`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use framepost::Strategy;
use framepost::explore::{ExploreOptions, SameBy};
use framepost_cli::explore::explore;
use framepost_cli::route::Route;
use framepost_cli::run::RunOptions;
use framepost_guard::Target;
use url::Url;

use super::guard::ChildOutput;
use super::order::Model;
use super::{cannot, guard, network, output, page_limits};

pub(super) const EXIT_STATUS: &str = "\
Exit status:
  0  all runs agree, and none has an unhandled error, a failed subtest or a failed assertion
  1  two runs differ, or a run has an unhandled error, a failed subtest or a failed assertion
  2  the page could not be run
  3  a limit stopped a run or the exploration, and nothing else was found";

/// The time after which a process of the command ends, if --time does not say anything else.
const LONGEST: Duration = Duration::from_secs(3600);

/// Run a page in many legal orders of its tasks, and report how the outcomes differ.
///
/// Messages, timers, loads and events may run in more than one order. The report groups the runs by what the page
/// did: its console, its documents, its unhandled errors, its failed subtests of testharness.js, and its dropped
/// messages. For each outcome but that of the default order it names the tasks whose order makes the difference.
/// docs/schedules.md describes which orders are legal.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A file or a URL.
    #[arg(value_name = "PAGE")]
    page: String,

    /// The number of runs, 200 by default. The first one has the default order. With --exhaustive the limit on the
    /// number of runs, 100000 by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    runs: Option<u64>,

    /// Try all orders, except those that only swap tasks of different agents that queue nothing on the same source.
    /// This is for small pages.
    #[arg(long, conflicts_with_all = ["strategy", "seed", "jobs"])]
    exhaustive: bool,

    /// The seed of the first run. Run N with the seed S has the same order as run N-1 with the seed S+1.
    #[arg(long, value_name = "FROM", default_value_t = 0)]
    seed: u64,

    /// The number of runs at the same time. It does not change the results. The default is the number of processors.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,

    /// How orders are chosen.
    #[arg(long, value_enum, default_value_t)]
    strategy: Chosen,

    /// The orders that are legal.
    #[arg(long, value_enum, default_value_t)]
    model: Model,

    /// The time by which a response may be late, in seconds: timers that are due within it may overtake the response.
    /// Other tasks may be late for a quarter of it.
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = super::run::seconds)]
    slack: Duration,

    /// Start no run after this wall time, in seconds.
    #[arg(long, value_name = "SECONDS", value_parser = super::run::seconds)]
    time: Option<Duration>,

    /// What makes two outcomes different.
    #[arg(long, value_enum, default_value_t)]
    same_by: Same,

    /// Write the report to a file as well, as a page that needs no network: the tasks of the outcomes side by side, with
    /// the messages and the place where the orders part.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// An expression that has to be true in the top window at the end of each run. May be given several times.
    #[arg(long = "assert", value_name = "JS")]
    assertions: Vec<String>,

    /// Serve this directory as http://localhost/, instead of the directory of the page.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// Serve a directory as another origin. May be given several times.
    #[arg(long = "origin", value_name = "URL=DIR", value_parser = super::run::origin)]
    origins: Vec<(Url, PathBuf)>,

    /// Answer requests whose URL matches GLOB with a file, or with a status and no content, as `framepost run --route`
    /// does. May be given several times.
    #[arg(long = "route", value_name = "GLOB=FILE|STATUS")]
    routes: Vec<Route>,

    /// Click the first element of the page that a CSS selector matches, once the page is idle. May be given several
    /// times.
    #[arg(long = "click", value_name = "SELECTOR")]
    clicks: Vec<String>,

    /// Run a script in the top window once the page is idle, after all clicks. May be given several times.
    #[arg(long = "eval", value_name = "JS")]
    evals: Vec<String>,

    /// The limit on the time of each run by the page's own clock, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = super::run::seconds)]
    max_time: Duration,

    /// The limit on the number of tasks of each run.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    max_tasks: u64,

    #[command(flatten)]
    page_limits: page_limits::PageOptions,

    #[command(flatten)]
    network: network::Network,

    #[command(flatten)]
    limits: guard::Limits,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Chosen {
    /// All of the others, in turn.
    #[default]
    Portfolio,
    /// One task is held back until a later one has run, for each pair of tasks.
    Pairs,
    /// Uniform over the tasks that can run.
    Random,
    /// Random priorities of ports and task sources, of which one changes in a run.
    Pctcp2,
    /// Random priorities of ports and task sources, of which two change in a run.
    Pctcp3,
    /// Random priorities of tasks. A priority is drawn again when another task of the same agent runs.
    Sampling,
}

impl Chosen {
    fn strategy(self) -> Strategy {
        match self {
            Self::Portfolio => Strategy::Portfolio,
            Self::Pairs => Strategy::Pairs,
            Self::Random => Strategy::Random,
            Self::Pctcp2 => Strategy::Pctcp(2),
            Self::Pctcp3 => Strategy::Pctcp(3),
            Self::Sampling => Strategy::Sampling,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Same {
    /// Everything. Outcomes that differ only in dropped messages are shown apart, but do not count as a difference.
    #[default]
    All,
    /// The lines of the console, in order.
    Console,
    /// The documents at the end.
    Documents,
    /// The unhandled errors.
    Errors,
    /// The subtests of testharness.js that did not pass.
    Tests,
    /// The dropped messages.
    Drops,
}

impl Same {
    fn same_by(self) -> SameBy {
        match self {
            Self::All => SameBy::All,
            Self::Console => SameBy::Console,
            Self::Documents => SameBy::Documents,
            Self::Errors => SameBy::Errors,
            Self::Tests => SameBy::Tests,
            Self::Drops => SameBy::Drops,
        }
    }
}

impl Arguments {
    /// The limits of the process, which makes all runs.
    fn process_limits(&self) -> guard::Limits {
        let mut limits = self.limits.clone();
        let runs = self.time.unwrap_or(LONGEST);
        limits.wall_time = limits.wall_time.saturating_add(runs);
        limits
    }

    fn run_options(&self) -> RunOptions {
        let mut options = RunOptions::new(self.page.clone());
        options.root.clone_from(&self.root);
        options.origins.clone_from(&self.origins);
        options.routes.clone_from(&self.routes);
        options.clicks.clone_from(&self.clicks);
        options.evals.clone_from(&self.evals);
        options.max_time = self.max_time;
        options.max_tasks = self.max_tasks;
        options.limits = self.page_limits.limits();
        options.max_load = self.network.max_load();
        options.stack = self.limits.space.stack();
        options.http = self.network.options();
        options
    }

    fn explore_options(&self) -> ExploreOptions {
        let mut options = ExploreOptions::new();
        let runs = if self.exhaustive { 100_000 } else { 200 };
        options.runs = self.runs.unwrap_or(runs);
        options.exhaustive = self.exhaustive;
        options.seed = self.seed;
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        options.jobs = self.jobs.map_or_else(processors, usize::from);
        options.strategy = self.strategy.strategy();
        options.freedom = self.model.freedom();
        options.slack = self.slack;
        options.same_by = self.same_by.same_by();
        options.assertions.clone_from(&self.assertions);
        options.failed_tests = Some(framepost_wpt::harness::failed_subtests);
        options.time = self.time;
        options.timelines = self.html.is_some();
        options
    }
}

/// Runs the page in a child.
pub(super) fn main(arguments: &Arguments, given: Vec<OsString>) -> ExitCode {
    let limits = arguments.process_limits();
    let ended = guard::run_child(given.into_iter(), &limits, ChildOutput::Shared, None);
    output::exit_code(ended.code)
}

/// Runs the page in this process, which is the child.
pub(super) fn child_main(child: &guard::Child, arguments: &Arguments) -> ExitCode {
    if let Err(error) = child.prepare(&arguments.process_limits(), None) {
        return cannot(&format_args!("cannot start the watchdog: {error}"));
    }
    // The file is opened first, so that no exploration is lost because it cannot be written.
    let html = arguments
        .html
        .as_deref()
        .map(|path| (path, Target::open(path)));
    let html = match html {
        Some((path, Err(error))) => {
            return cannot(&format_args!("cannot write {}: {error}", path.display()));
        }
        Some((path, Ok(file))) => Some((path, file)),
        None => None,
    };
    let explored = explore(&arguments.run_options(), &arguments.explore_options());
    match explored {
        Ok(explored) => {
            output::out(&explored.text);
            if let (Some((path, file)), Some(text)) = (html, explored.html)
                && let Err(error) = file.write(text.as_bytes())
            {
                return cannot(&format_args!("cannot write {}: {error}", path.display()));
            }
            output::exit_code(explored.status.code())
        }
        Err(error) => {
            guard::complain(&format!("framepost: {error}"));
            output::exit_code(error.status().code())
        }
    }
}
