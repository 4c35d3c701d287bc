//! Exploration: which orders to try, and the smallest departure that shows an outcome.
//!
//! The embedder runs its program once for each [`Schedule`] and compares the outcomes. This module runs nothing. It
//! does not know what an outcome is.
//!
//! ```
//! use framepost_event_loop::explore::{Exploration, Strategy, shrink};
//! use framepost_event_loop::{EventLoop, EventLoopOptions, NextTask, Record, Schedule, TaskSource, TimerTask};
//!
//! // A program of two tasks, each of its own source. Its outcome is their order.
//! #[derive(Debug)]
//! struct Letter(char);
//! impl From<TimerTask> for Letter {
//!     fn from(_: TimerTask) -> Self { Self('t') }
//! }
//! fn run(schedule: &Schedule) -> (String, Record) {
//!     let options = EventLoopOptions::new().schedule(schedule);
//!     let mut event_loop: EventLoop<Letter, ()> = EventLoop::with_options(options);
//!     let global = event_loop.create_global();
//!     let client = event_loop.create_client(global);
//!     event_loop.set_fully_active(client, true);
//!     event_loop.queue_task(TaskSource::PostedMessage, Some(client), Letter('a')).unwrap();
//!     event_loop.queue_task(TaskSource::DomManipulation, Some(client), Letter('b')).unwrap();
//!     let mut order = String::new();
//!     while let NextTask::Task(queued) = event_loop.next_task() {
//!         order.push(queued.task.0);
//!     }
//!     (order, event_loop.take_record())
//! }
//!
//! let mut exploration = Exploration::new(Strategy::Portfolio);
//! let (usual, record) = run(&exploration.schedule(0));
//! exploration.learn(&record);
//! let other = (1..100).map(|number| run(&exploration.schedule(number))).find(|(order, _)| *order != usual);
//! let (order, record) = other.unwrap();
//! assert_eq!((usual.as_str(), order.as_str()), ("ab", "ba"));
//!
//! let holds = shrink(record.holds(), |holds| run(&exploration.with_holds(holds)).0 == order);
//! assert_eq!(holds.len(), 1);
//! ```

mod all;
mod exhaustive;
mod pairs;
mod shrink;

use std::time::Duration;

use crate::policy::{Hold, Order, OrderFreedom, Random, Record, Schedule};

pub use all::{Found, explore};
pub use exhaustive::Exhaustive;
pub use shrink::{narrow, shrink};

/// How an exploration chooses orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strategy {
    /// All of the others, in turn.
    #[default]
    Portfolio,
    /// The default order, with one task held back until a later one has run: each pair of tasks whose order is not
    /// fixed, the nearest first. Then like [`Random`](Self::Random).
    Pairs,
    /// [`Shuffled`](crate::Shuffled): uniform over what can run.
    Random,
    /// [`Pctcp`](crate::Pctcp) with this depth.
    Pctcp(u32),
    /// [`PartialOrderSampling`](crate::PartialOrderSampling).
    Sampling,
}

impl core::fmt::Display for Strategy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Portfolio => f.write_str("portfolio"),
            Self::Pairs => f.write_str("pairs"),
            Self::Random => f.write_str("random"),
            Self::Pctcp(depth) => write!(f, "pctcp{depth}"),
            Self::Sampling => f.write_str("sampling"),
        }
    }
}

/// The plan of an exploration. The schedule of a run depends on its number, on the options, and on the first run,
/// not on the runs between. So runs may be in any order, and at the same time.
#[derive(Clone, Debug)]
pub struct Exploration {
    strategy: Strategy,
    seed: u64,
    freedom: OrderFreedom,
    slack: Duration,
    /// The number of tasks of the first run.
    tasks: u64,
    pairs: Vec<Hold>,
}

impl Exploration {
    /// Creates a plan with the seed 0, within the freedom of the standard.
    #[must_use]
    pub fn new(strategy: Strategy) -> Self {
        Self {
            strategy,
            seed: 0,
            freedom: OrderFreedom::Standard,
            slack: Schedule::DEFAULT_SLACK,
            tasks: 1,
            pairs: Vec::new(),
        }
    }

    /// Sets the seed. Run `n` with the seed `s` is like run `n + 1` with the seed `s - 1`, except that run 0 has
    /// always the default order.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets which orders are legal.
    #[must_use]
    pub fn freedom(mut self, freedom: OrderFreedom) -> Self {
        self.freedom = freedom;
        self
    }

    /// Sets how long a task may be late; see [`Schedule::slack`].
    #[must_use]
    pub fn slack(mut self, slack: Duration) -> Self {
        self.slack = slack;
        self
    }

    /// Takes from the record of run 0 what the schedules of the others depend on.
    pub fn learn(&mut self, record: &Record) {
        self.tasks = u64::try_from(record.ran.len()).unwrap_or(u64::MAX);
        self.pairs = match self.strategy {
            Strategy::Portfolio | Strategy::Pairs => pairs::pairs(record, self.freedom),
            _ => Vec::new(),
        };
    }

    /// Returns the schedule of a run. Run 0 has the default order.
    #[must_use]
    pub fn schedule(&self, run: u64) -> Schedule {
        if run == 0 {
            return self.with_holds(&[]);
        }
        let number = self.seed.wrapping_add(run - 1);
        let seed = Random::new(number).draw();
        let order = match self.strategy {
            // Half of the runs are pairs, until there are no more.
            Strategy::Portfolio => match self.pair(number / 2).filter(|_| number.is_multiple_of(2))
            {
                Some(pair) => pair,
                None => match (number / 2) % 4 {
                    0 => Order::Random { seed },
                    1 => self.pctcp(seed, 2),
                    2 => Order::Sampled { seed },
                    _ => self.pctcp(seed, 3),
                },
            },
            Strategy::Pairs => self.pair(number).unwrap_or(Order::Random { seed }),
            Strategy::Random => Order::Random { seed },
            Strategy::Pctcp(depth) => self.pctcp(seed, depth),
            Strategy::Sampling => Order::Sampled { seed },
        };
        self.with_order(order)
    }

    /// Returns the schedule of the default order with these departures.
    #[must_use]
    pub fn with_holds(&self, holds: &[Hold]) -> Schedule {
        self.with_order(Order::Held(holds.to_vec()))
    }

    fn with_order(&self, order: Order) -> Schedule {
        let schedule = Schedule::new(order).freedom(self.freedom);
        schedule.slack(self.slack)
    }

    fn pctcp(&self, seed: u64, depth: u32) -> Order {
        let tasks = self.tasks;
        Order::Pctcp { seed, depth, tasks }
    }

    fn pair(&self, number: u64) -> Option<Order> {
        let pair = self.pairs.get(usize::try_from(number).ok()?)?;
        Some(Order::Held(vec![*pair]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Ran, TaskName};
    use crate::{ClientId, Key, TaskSource};

    /// Tasks of different sources, each without a cause.
    fn record(tasks: u64) -> Record {
        let mut record = Record::default();
        for number in 1..=tasks {
            record.ran.push(Ran {
                name: TaskName::from_bits(number),
                cause: TaskName::OUTSIDE,
                source: TaskSource::Port(number),
                client: Some(ClientId::from_parts(0, 1)),
                agent: None,
                at: Duration::ZERO,
                candidates: 1,
                overtook: Vec::new(),
                kept: Vec::new(),
            });
        }
        record
    }

    #[test]
    fn run_of_a_seed_is_the_run_before_of_the_next_seed() {
        for strategy in [
            Strategy::Portfolio,
            Strategy::Pairs,
            Strategy::Random,
            Strategy::Pctcp(2),
            Strategy::Sampling,
        ] {
            let mut one = Exploration::new(strategy).seed(4);
            let mut next = Exploration::new(strategy).seed(5);
            one.learn(&record(4));
            next.learn(&record(4));
            for run in 1..30 {
                assert_eq!(one.schedule(run + 1), next.schedule(run), "{strategy}");
            }
            assert_eq!(one.schedule(0), next.schedule(0));
        }
    }
}
