//! Settings of an event loop.

use core::fmt;
use std::time::Duration;

use crate::policy::{Policy, Schedule};
use crate::{Clock, VirtualClock};

/// Limits on one run. `None` means no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventLoopLimits {
    /// Microtasks in one checkpoint.
    pub microtasks_per_checkpoint: Option<u64>,
}

impl EventLoopLimits {
    /// Sets the most microtasks that one checkpoint may run.
    #[must_use]
    pub fn with_microtasks_per_checkpoint(mut self, most: Option<u64>) -> Self {
        self.microtasks_per_checkpoint = most;
        self
    }
}

impl Default for EventLoopLimits {
    /// Ten million microtasks in a checkpoint: far more than pages need, but soon reached by an
    /// endless chain.
    fn default() -> Self {
        Self {
            microtasks_per_checkpoint: Some(10_000_000),
        }
    }
}

/// Settings of an [`EventLoop`](crate::EventLoop).
///
/// ```
/// use framepost_event_loop::{EventLoop, EventLoopOptions, OrderFreedom, Shuffled, TimerTask, WallClock};
///
/// let options = EventLoopOptions::new()
///     .clock(WallClock::new())
///     .policy(Shuffled::new(7, OrderFreedom::Standard));
/// let event_loop: EventLoop<TimerTask, ()> = EventLoop::with_options(options);
/// ```
#[must_use]
pub struct EventLoopOptions {
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) policy: Option<Box<dyn Policy>>,
    pub(crate) slack: Duration,
    pub(crate) keeps_candidates: bool,
    pub(crate) limits: EventLoopLimits,
}

impl EventLoopOptions {
    /// The default settings: a [`VirtualClock`], the oldest task first, default [`EventLoopLimits`].
    pub fn new() -> Self {
        Self {
            clock: Box::new(VirtualClock::new()),
            policy: None,
            slack: Duration::ZERO,
            keeps_candidates: false,
            limits: EventLoopLimits::default(),
        }
    }

    /// Sets the clock.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Sets the policy that chooses the next task among the runnable ones.
    pub fn policy(mut self, policy: impl Policy + 'static) -> Self {
        self.policy = Some(Box::new(policy));
        self
    }

    /// Sets the policy and the slack of a schedule. The loop then [records](crate::EventLoop::take_record) its choices.
    pub fn schedule(mut self, schedule: &Schedule) -> Self {
        self.policy = Some(schedule.policy());
        self.slack = schedule.slack;
        self.keeps_candidates = schedule.keeps_candidates;
        self
    }

    /// Sets how long a task may be late: a policy may choose a timer that is due within this time. The default is
    /// zero. It has no effect without a policy.
    pub fn slack(mut self, slack: Duration) -> Self {
        self.slack = slack;
        self
    }

    /// Sets the limits.
    pub fn limits(mut self, limits: EventLoopLimits) -> Self {
        self.limits = limits;
        self
    }
}

impl Default for EventLoopOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for EventLoopOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventLoopOptions")
            .field("now", &self.clock.peek())
            .field("has_policy", &self.policy.is_some())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
