//! The options of an exploration.

use std::time::Duration;

use framepost_event_loop::explore::Strategy;
use framepost_event_loop::{OrderFreedom, Schedule};

use crate::page::Page;

/// What makes two outcomes different.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SameBy {
    /// The console, the documents at the end, the errors, the failed tests and the dropped messages. Outcomes that differ
    /// only in dropped messages are apart, but nothing is wrong with them: a handshake that is repeated until it is
    /// answered drops some.
    #[default]
    All,
    /// The lines of the console, in order.
    Console,
    /// The documents at the end.
    Documents,
    /// The unhandled errors.
    Errors,
    /// The tests that did not pass, if [`ExploreOptions::failed_tests`] finds them.
    Tests,
    /// The dropped messages.
    Drops,
}

/// The options of [`explore`](super::explore).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExploreOptions {
    /// The number of runs.
    pub runs: u64,
    /// The seed of the orders.
    pub seed: u64,
    /// The number of threads that run pages. It does not change the results.
    pub jobs: usize,
    /// How orders are chosen.
    pub strategy: Strategy,
    /// Which orders are legal.
    pub freedom: OrderFreedom,
    /// How long a task may be late, so that timers overtake it.
    pub slack: Duration,
    /// What makes two outcomes different.
    pub same_by: SameBy,
    /// Expressions that have to be true in the top window at the end of each run.
    pub assertions: Vec<String>,
    /// Finds the tests of a page that did not pass, at the end of each run: a line for each.
    pub failed_tests: Option<fn(&mut Page) -> Vec<String>>,
    /// The limit on the wall time of all runs. No run begins after it.
    pub time: Option<Duration>,
    /// The number of outcomes that are explained.
    pub explained: usize,
    /// Whether the report keeps the tasks of the explained outcomes and of the default order.
    pub timelines: bool,
    /// Whether to try all orders, up to the number of runs, instead of a strategy. It uses one thread.
    pub exhaustive: bool,
}

impl Default for ExploreOptions {
    fn default() -> Self {
        Self {
            runs: 200,
            seed: 0,
            jobs: 1,
            strategy: Strategy::Portfolio,
            freedom: OrderFreedom::Standard,
            slack: Schedule::DEFAULT_SLACK,
            same_by: SameBy::All,
            assertions: Vec::new(),
            failed_tests: None,
            time: None,
            explained: 5,
            timelines: false,
            exhaustive: false,
        }
    }
}

impl ExploreOptions {
    /// Creates options for 200 runs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the number of runs.
    #[must_use]
    pub fn runs(mut self, runs: u64) -> Self {
        self.runs = runs;
        self
    }

    /// Sets the seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets how orders are chosen.
    #[must_use]
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = strategy;
        self
    }

    /// Sets which orders are legal.
    #[must_use]
    pub fn freedom(mut self, freedom: OrderFreedom) -> Self {
        self.freedom = freedom;
        self
    }

    /// Adds an expression that has to be true at the end of each run.
    #[must_use]
    pub fn assert(mut self, expression: impl Into<String>) -> Self {
        self.assertions.push(expression.into());
        self
    }
}
