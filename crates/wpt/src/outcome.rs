//! The results of pages and of their subtests.

use serde::{Deserialize, Serialize};

/// The result of a page as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PageStatus {
    /// The harness has completed. Subtests may still have failed.
    Ok,
    /// The harness or a script outside every subtest has failed, or the page cannot be loaded.
    Error,
    /// The harness has not completed in time.
    Timeout,
    /// A precondition of the whole page is absent.
    PreconditionFailed,
    /// The process of the page has ended unexpectedly.
    Crash,
    /// The page was not run, or its result has no meaning. The message contains the reason.
    Skip,
}

/// The result of a subtest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SubtestStatus {
    /// It has passed.
    Pass,
    /// It has failed.
    Fail,
    /// It has not ended in time.
    Timeout,
    /// It has not begun.
    #[serde(rename = "NOTRUN")]
    NotRun,
    /// A feature that it needs is absent.
    #[serde(rename = "PRECONDITION_FAILED")]
    PreconditionFailed,
}

impl PageStatus {
    /// The name that reports and lists of known failures use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Error => "ERROR",
            Self::Timeout => "TIMEOUT",
            Self::PreconditionFailed => "PRECONDITION_FAILED",
            Self::Crash => "CRASH",
            Self::Skip => "SKIP",
        }
    }
}

impl SubtestStatus {
    /// The name that reports and lists of known failures use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Timeout => "TIMEOUT",
            Self::NotRun => "NOTRUN",
            Self::PreconditionFailed => "PRECONDITION_FAILED",
        }
    }
}

/// A subtest with its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subtest {
    /// The name, which is unique in its page.
    pub name: String,
    /// The result.
    pub status: SubtestStatus,
    /// The reason why it has not passed.
    pub message: Option<String>,
}

/// A page with its results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestOutcome {
    /// The name of the page in the report.
    pub test: String,
    /// The result of the page as a whole.
    pub status: PageStatus,
    /// The message of the harness or of the runner about the status.
    pub message: Option<String>,
    /// The subtests, in the order in which the page has created them.
    pub subtests: Vec<Subtest>,
}

impl TestOutcome {
    /// A page without results of subtests.
    pub fn without_subtests(
        test: impl Into<String>,
        status: PageStatus,
        message: impl Into<String>,
    ) -> Self {
        Self {
            test: test.into(),
            status,
            message: Some(message.into()),
            subtests: Vec::new(),
        }
    }
}
