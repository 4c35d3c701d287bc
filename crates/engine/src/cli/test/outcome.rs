//! What became of a page and of its subtests.

use serde::{Deserialize, Serialize};

/// What became of a page as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PageStatus {
    /// The harness has completed. This says nothing about the subtests.
    Ok,
    /// The harness, or a script outside of every subtest, has failed; or the page cannot be loaded.
    Error,
    /// The harness has not completed in time.
    Timeout,
    /// What the page needs before it tests anything is not there.
    PreconditionFailed,
    /// The process that ran the page has ended on its own.
    Crash,
    /// The page was not run, or what it did says nothing: the message says why.
    Skip,
}

/// What became of a subtest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum SubtestStatus {
    Pass,
    Fail,
    Timeout,
    #[serde(rename = "NOTRUN")]
    NotRun,
    #[serde(rename = "PRECONDITION_FAILED")]
    PreconditionFailed,
}

impl PageStatus {
    pub(crate) fn name(self) -> &'static str {
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
    pub(crate) fn name(self) -> &'static str {
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
pub(crate) struct Subtest {
    pub(crate) name: String,
    pub(crate) status: SubtestStatus,
    pub(crate) message: Option<String>,
}

/// A page with its results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageOutcome {
    pub(crate) test: String,
    pub(crate) status: PageStatus,
    pub(crate) message: Option<String>,
    pub(crate) subtests: Vec<Subtest>,
}

impl PageOutcome {
    /// A page of which nothing is known but this.
    pub(crate) fn without_subtests(
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
