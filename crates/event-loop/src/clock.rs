//! Where time comes from: a clock of its own, or the wall's.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of an event loop. Times count from its time origin, which is when it was made.
pub trait Clock {
    /// The time now, for script or for a timer. A virtual clock goes on a little at each reading.
    fn now(&mut self) -> Duration;
    /// The time now, without any effect.
    fn peek(&self) -> Duration;
    /// Says that a task begins to run.
    fn task_begins(&mut self);
    /// Goes forward to `time` if this clock can be moved; `false` means that the embedder has to
    /// wait until then.
    fn jump_to(&mut self, time: Duration) -> bool;
    /// The time origin, counted from the Unix epoch.
    fn time_origin(&self) -> Duration;
}

/// A clock that stands still but for two things: it *jumps* to the next timer when nothing else
/// is left to do, and it *creeps* by a fixed cost at each task and each reading, so that a page
/// that waits for time to pass sees it pass.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    now: Duration,
    cost_of_a_task: Duration,
    cost_of_a_reading: Duration,
    time_origin: Duration,
}

impl VirtualClock {
    /// What a task and a reading cost unless set otherwise.
    pub const DEFAULT_COST: Duration = Duration::from_micros(1);

    /// The default time origin: 2025-01-01T00:00:00Z, the same in every run.
    pub const DEFAULT_TIME_ORIGIN: Duration = Duration::from_secs(1_735_689_600);

    /// A clock at zero.
    #[must_use]
    pub fn new() -> Self {
        Self {
            now: Duration::ZERO,
            cost_of_a_task: Self::DEFAULT_COST,
            cost_of_a_reading: Self::DEFAULT_COST,
            time_origin: Self::DEFAULT_TIME_ORIGIN,
        }
    }

    /// Sets what each task and each reading of the clock cost.
    #[must_use]
    pub fn with_costs(mut self, task: Duration, reading: Duration) -> Self {
        self.cost_of_a_task = task;
        self.cost_of_a_reading = reading;
        self
    }

    /// Sets the time origin, counted from the Unix epoch.
    #[must_use]
    pub fn with_time_origin(mut self, since_epoch: Duration) -> Self {
        self.time_origin = since_epoch;
        self
    }
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for VirtualClock {
    fn now(&mut self) -> Duration {
        self.now = self.now.saturating_add(self.cost_of_a_reading);
        self.now
    }
    fn peek(&self) -> Duration {
        self.now
    }
    fn task_begins(&mut self) {
        self.now = self.now.saturating_add(self.cost_of_a_task);
    }
    fn jump_to(&mut self, time: Duration) -> bool {
        self.now = self.now.max(time);
        true
    }
    fn time_origin(&self) -> Duration {
        self.time_origin
    }
}

/// The machine's own time.
#[derive(Clone, Debug)]
pub struct WallClock {
    started: Instant,
    time_origin: Duration,
}

impl WallClock {
    /// A clock whose time origin is now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            time_origin: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }
}

impl Default for WallClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for WallClock {
    fn now(&mut self) -> Duration {
        self.peek()
    }
    fn peek(&self) -> Duration {
        self.started.elapsed()
    }
    fn task_begins(&mut self) {}
    fn jump_to(&mut self, time: Duration) -> bool {
        self.peek() >= time
    }
    fn time_origin(&self) -> Duration {
        self.time_origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_clock_creeps_and_jumps_and_never_goes_back() {
        let mut clock =
            VirtualClock::new().with_costs(Duration::from_micros(3), Duration::from_micros(2));
        assert_eq!(clock.now(), Duration::from_micros(2));
        clock.task_begins();
        assert_eq!(clock.peek(), Duration::from_micros(5));
        assert!(clock.jump_to(Duration::from_millis(1)));
        assert!(clock.jump_to(Duration::from_micros(7)));
        assert_eq!(clock.peek(), Duration::from_millis(1));
    }

    #[test]
    fn a_wall_clock_does_not_jump() {
        let mut clock = WallClock::new();
        assert!(!clock.jump_to(Duration::from_secs(3_600)));
        assert!(clock.jump_to(Duration::ZERO));
    }
}
