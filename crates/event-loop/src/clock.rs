//! Clocks: virtual time or wall time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of an event loop. Times count from the time origin, which is when the clock was made.
pub trait Clock {
    /// Reads the time for script. Each reading advances a virtual clock a little.
    fn now(&mut self) -> Duration;
    /// Reads the time without advancing the clock.
    fn peek(&self) -> Duration;
    /// Records that a task begins to run.
    fn task_begins(&mut self);
    /// Advances the clock to `time` and returns true. A clock that cannot be moved returns whether
    /// `time` has come; if not, the embedder has to wait.
    fn jump_to(&mut self, time: Duration) -> bool;
    /// The time origin, since the Unix epoch.
    fn time_origin(&self) -> Duration;
}

/// A clock of virtual time, which moves in two ways. It *jumps* to the next timer when nothing else
/// can run. It *creeps* by a fixed cost with each task and each reading, so that a page which waits
/// in a loop for time to pass sees time pass.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    now: Duration,
    cost_of_a_task: Duration,
    cost_of_a_reading: Duration,
    time_origin: Duration,
}

impl VirtualClock {
    /// The default cost of a task and of a reading.
    pub const DEFAULT_COST: Duration = Duration::from_micros(1);

    /// The default time origin: 2025-01-01T00:00:00Z, the same in every run.
    pub const DEFAULT_TIME_ORIGIN: Duration = Duration::from_secs(1_735_689_600);

    /// Creates a clock at zero.
    #[must_use]
    pub fn new() -> Self {
        Self {
            now: Duration::ZERO,
            cost_of_a_task: Self::DEFAULT_COST,
            cost_of_a_reading: Self::DEFAULT_COST,
            time_origin: Self::DEFAULT_TIME_ORIGIN,
        }
    }

    /// Sets the cost of each task and of each reading.
    #[must_use]
    pub fn with_costs(mut self, task: Duration, reading: Duration) -> Self {
        self.cost_of_a_task = task;
        self.cost_of_a_reading = reading;
        self
    }

    /// Sets the time origin, since the Unix epoch.
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

/// A clock of real time.
#[derive(Clone, Debug)]
pub struct WallClock {
    started: Instant,
    time_origin: Duration,
}

impl WallClock {
    /// Creates a clock whose time origin is now.
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
    fn virtual_clock_advances_and_jumps_but_never_goes_back() {
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
    fn wall_clock_does_not_jump() {
        let mut clock = WallClock::new();
        assert!(!clock.jump_to(Duration::from_secs(3_600)));
        assert!(clock.jump_to(Duration::ZERO));
    }
}
