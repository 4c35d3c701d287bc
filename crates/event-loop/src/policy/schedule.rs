//! The choice of a policy as plain data.

use std::time::Duration;

use super::{
    Held, Hold, OrderFreedom, PartialOrderSampling, Pctcp, Policy, Recorded, Shuffled, TaskName,
};

/// How the order of tasks is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Order {
    /// The default order with these departures.
    Held(Vec<Hold>),
    /// [`Shuffled`].
    Random {
        /// The seed.
        seed: u64,
    },
    /// [`Pctcp`].
    Pctcp {
        /// The seed.
        seed: u64,
        /// The number of tasks whose order a fault needs.
        depth: u32,
        /// The expected number of tasks.
        tasks: u64,
    },
    /// [`PartialOrderSampling`].
    Sampled {
        /// The seed.
        seed: u64,
    },
    /// The choices of a recorded run.
    Recorded(Vec<TaskName>),
}

impl Default for Order {
    fn default() -> Self {
        Self::Held(Vec::new())
    }
}

/// The order of the tasks of one run, as plain data. The same schedule gives the same run.
///
/// ```
/// use framepost_event_loop::{EventLoop, EventLoopOptions, Order, Schedule, TimerTask};
///
/// let schedule = Schedule::new(Order::Random { seed: 7 });
/// let event_loop: EventLoop<TimerTask, ()> =
///     EventLoop::with_options(EventLoopOptions::new().schedule(&schedule));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schedule {
    /// How the order is chosen.
    pub order: Order,
    /// Which orders are legal.
    pub freedom: OrderFreedom,
    /// How long a response of the network, or another task of steps in parallel, may be late: a timer that is due
    /// within this time may overtake it. Any other task may be late for a quarter of it.
    pub slack: Duration,
    /// Whether the record keeps the candidates of each choice.
    pub keeps_candidates: bool,
}

impl Schedule {
    /// The default of [`slack`](Self::slack).
    pub const DEFAULT_SLACK: Duration = Duration::from_secs(1);

    /// Creates a schedule within the freedom of the standard.
    #[must_use]
    pub fn new(order: Order) -> Self {
        Self {
            order,
            freedom: OrderFreedom::Standard,
            slack: Self::DEFAULT_SLACK,
            keeps_candidates: false,
        }
    }

    /// Sets which orders are legal.
    #[must_use]
    pub fn freedom(mut self, freedom: OrderFreedom) -> Self {
        self.freedom = freedom;
        self
    }

    /// Sets how long a task may be late.
    #[must_use]
    pub fn slack(mut self, slack: Duration) -> Self {
        self.slack = slack;
        self
    }

    /// Sets whether the record keeps the candidates of each choice. They take much memory.
    #[must_use]
    pub fn keep_candidates(mut self, keep: bool) -> Self {
        self.keeps_candidates = keep;
        self
    }

    /// Creates the policy.
    #[must_use]
    pub fn policy(&self) -> Box<dyn Policy> {
        let freedom = self.freedom;
        match &self.order {
            Order::Held(holds) => Box::new(Held::new(holds, freedom)),
            Order::Random { seed } => Box::new(Shuffled::new(*seed, freedom)),
            Order::Pctcp { seed, depth, tasks } => {
                Box::new(Pctcp::new(*seed, freedom, *depth, *tasks))
            }
            Order::Sampled { seed } => Box::new(PartialOrderSampling::new(*seed, freedom)),
            Order::Recorded(choices) => Box::new(Recorded::new(choices.clone())),
        }
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self::new(Order::default())
    }
}
