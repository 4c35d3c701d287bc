//! Runs pages, each in its own process, and delivers their outcomes in order.
//!
//! The embedder's program has two roles. It calls [`Runner::run`]. When it is started with the arguments that it
//! passed to [`Runner::new`], it calls [`answer_job`].

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use framepost::HttpOptions;
use framepost_browsing_context::loader::MAX_FILE;
use serde::{Deserialize, Serialize};

pub use crate::answer::answer_job;

use crate::outcome::{PageStatus, TestOutcome};
use crate::selection::Item;
use crate::{pool, process};

/// A page to run, with its options. It is sent to the page's process on standard input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Job {
    /// The name of the page in the report.
    pub test: String,
    /// Where the page is.
    pub place: Place,
    /// Whether the page has the long timeout. For a page of the network, this is known only after loading.
    pub is_long: bool,
    /// The network options for URLs that the [place](Self::place) does not serve; `None` means no network.
    pub http: Option<HttpOptions>,
    /// The limits of the process.
    pub limits: ProcessLimits,
    /// Whether the page has real time instead of virtual time.
    pub wall_clock: bool,
    /// The number of orders of tasks in which the page runs.
    pub explore: u64,
    /// The time limit of the process. The [`Runner`] sets it.
    pub(crate) wall_time: Duration,
    /// The number of the lifeline of the process. The [`Runner`] sets it.
    pub(crate) lifeline: i32,
}

/// The limits of the process of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProcessLimits {
    /// The limit on its resident memory, in MiB.
    pub memory: u64,
    /// The stack of the page, in MiB.
    pub stack: u64,
    /// The limit on the size of one load, in bytes.
    pub load: u64,
}

impl Default for ProcessLimits {
    /// 2 GiB of memory, a stack of 256 MiB, loads of 64 MiB.
    fn default() -> Self {
        Self {
            memory: 2048,
            stack: 256,
            load: MAX_FILE,
        }
    }
}

impl Job {
    /// A page with the normal timeout, no network, and the default limits.
    #[must_use]
    pub fn new(test: impl Into<String>, place: Place) -> Self {
        Self {
            test: test.into(),
            place,
            is_long: false,
            http: None,
            limits: ProcessLimits::default(),
            wall_clock: false,
            explore: 1,
            wall_time: Duration::MAX,
            lifeline: -1,
        }
    }
}

/// The place of a page, and its server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Place {
    /// In a checkout of web-platform-tests.
    Wpt {
        /// The checkout.
        root: PathBuf,
        /// The page's URL at one of the hosts of the tests' server.
        url: String,
    },
    /// In a directory that is served as its own origin.
    Directory {
        /// The directory.
        root: PathBuf,
        /// The page's URL at that origin.
        url: String,
    },
    /// Text from another source, such as a pipe.
    Text {
        /// The page's URL.
        url: String,
        /// The page, as bytes.
        content: Vec<u8>,
        /// The directory that is served at the origin of the URL.
        root: Option<PathBuf>,
    },
    /// On the network.
    Network {
        /// The page's URL.
        url: String,
    },
}

/// The options for running pages: the program for one page, the number of pages at the same time, and the time limit.
#[derive(Clone, Debug)]
pub struct Runner {
    program: PathBuf,
    arguments: Vec<OsString>,
    jobs: usize,
    wall_time: Duration,
}

impl Runner {
    /// Starts `program` with `arguments` for each page; the program has to call [`answer_job`]. Pages
    /// run one after another, for up to a minute each.
    pub fn new(
        program: impl AsRef<Path>,
        arguments: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            jobs: 1,
            wall_time: Duration::from_secs(60),
        }
    }

    /// Runs this many pages at the same time. The outcomes are the same for any number.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs;
        self
    }

    /// Ends a page after this wall time.
    #[must_use]
    pub fn wall_time(mut self, wall_time: Duration) -> Self {
        self.wall_time = wall_time;
        self
    }

    /// Runs the items and calls `done` with each outcome, in the order of the items.
    pub fn run(&self, items: &[Item], mut done: impl FnMut(TestOutcome)) {
        let work = |item: &Item| match item {
            Item::Run(job) => process::run(self.command(), job, self.wall_time),
            Item::Skip { test, reason } => {
                TestOutcome::without_subtests(test, PageStatus::Skip, reason.clone())
            }
            Item::Unreadable { test, why } => {
                TestOutcome::without_subtests(test, PageStatus::Error, why.clone())
            }
        };
        pool::in_order(items, self.jobs, work, |_, outcome| done(outcome));
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_round_trips_to_its_process() {
        let mut job = Job::new(
            "/a \u{1f600}.html?\"",
            Place::Wpt {
                root: PathBuf::from("/x y"),
                url: "http://a/".to_owned(),
            },
        );
        job.is_long = true;
        job.http = Some(HttpOptions::new());
        job.limits.memory = 1024;
        let sent = serde_json::to_vec(&job).unwrap();
        assert_eq!(serde_json::from_slice::<Job>(&sent).unwrap(), job);
    }

    #[test]
    fn program_that_cannot_be_started_is_an_error_of_the_page() {
        let runner = Runner::new("/no/such/program", [""; 0]);
        let place = Place::Network {
            url: "http://a.test/".to_owned(),
        };
        let mut outcomes = Vec::new();
        runner.run(&[Item::Run(Box::new(Job::new("a", place)))], |outcome| {
            outcomes.push(outcome);
        });
        assert_eq!(outcomes.len(), 1);
        assert_eq!(outcomes[0].status, PageStatus::Error);
        let message = outcomes[0].message.as_deref().unwrap_or_default();
        assert!(message.starts_with("cannot run a process"), "{message}");
    }
}
