//! What a policy has to know about waiting tasks beyond their queues: names, causes and times.
//!
//! OPTIMIZATION: only a loop with a policy has a tracker, so the default order costs nothing.

use std::time::Duration;

use crate::policy::{Candidate, CandidateTimer, Record, TaskName};
use crate::{FxHashMap, TaskSource, TimerId};

/// How a task was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueuedBy {
    /// By the running task.
    RunningTask,
    /// By steps in parallel that the running task has begun.
    InParallel,
    /// Its timer is due.
    Timer(TimerId),
    /// Its delay has passed.
    Delay(u64),
}

/// What is known of a task or of a timer.
#[derive(Clone, Copy, Debug)]
struct Known {
    name: TaskName,
    cause: TaskName,
    queued_at: Duration,
    in_parallel: bool,
    timer: Option<CandidateTimer>,
}

/// The counts of the tasks that one task has queued, by source.
#[derive(Debug, Default)]
struct Counts(Vec<(u64, u64)>);

impl Counts {
    fn next(&mut self, source: u64) -> u64 {
        match self.0.iter_mut().find(|(of, _)| *of == source) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.0.push((source, 0));
                0
            }
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Tracker {
    // Looked up, never iterated.
    tasks: FxHashMap<u64, Known>,
    timers: FxHashMap<TimerId, Known>,
    delayed: FxHashMap<u64, Known>,
    /// The task that runs, and its counts.
    running: TaskName,
    counts: Counts,
    /// The counts of what no task has queued.
    counts_outside: Counts,
    pub(crate) record: Record,
}

impl Tracker {
    fn name(&mut self, source: TaskSource) -> TaskName {
        let source = source.code();
        let counts = match self.running {
            TaskName::OUTSIDE => &mut self.counts_outside,
            _ => &mut self.counts,
        };
        let number = counts.next(source);
        self.running.of_child(source, number)
    }

    fn known(&mut self, source: TaskSource, queued_at: Duration, in_parallel: bool) -> Known {
        Known {
            name: self.name(source),
            cause: self.running,
            queued_at,
            in_parallel,
            timer: None,
        }
    }

    /// A task was queued.
    pub(crate) fn queued(&mut self, stamp: u64, source: TaskSource, now: Duration, by: QueuedBy) {
        let known = match by {
            QueuedBy::RunningTask => None,
            QueuedBy::InParallel => Some(self.known(source, now, true)),
            QueuedBy::Timer(timer) => self.timers.remove(&timer),
            QueuedBy::Delay(order) => self.delayed.remove(&order),
        };
        let known = known.unwrap_or_else(|| self.known(source, now, false));
        self.tasks.insert(stamp, known);
    }

    /// A timer was set.
    pub(crate) fn timer_set(&mut self, id: TimerId, timer: CandidateTimer) {
        let mut known = self.known(TaskSource::Timer, timer.due, false);
        known.timer = Some(timer);
        self.timers.insert(id, known);
    }

    /// A timer was cleared.
    pub(crate) fn timer_cleared(&mut self, id: TimerId) {
        self.timers.remove(&id);
    }

    /// A task was delayed.
    pub(crate) fn delayed(&mut self, order: u64, source: TaskSource, due: Duration) {
        let known = self.known(source, due, true);
        self.delayed.insert(order, known);
    }

    /// A task was dropped.
    pub(crate) fn dropped(&mut self, stamp: u64) {
        self.tasks.remove(&stamp);
    }

    /// Completes the candidate of a task.
    pub(crate) fn complete(&self, candidate: &mut Candidate) {
        if let Some(known) = self.tasks.get(&candidate.stamp) {
            Self::fill(candidate, known);
        }
    }

    /// Completes the candidate of a timer that waits. Returns whether the timer is known.
    pub(crate) fn complete_timer(&self, candidate: &mut Candidate, timer: TimerId) -> bool {
        let known = self.timers.get(&timer);
        if let Some(known) = known {
            Self::fill(candidate, known);
            if let Some(timer) = &mut candidate.timer {
                timer.is_waiting = true;
            }
        }
        known.is_some()
    }

    fn fill(candidate: &mut Candidate, known: &Known) {
        candidate.name = known.name;
        candidate.cause = known.cause;
        candidate.queued_at = known.queued_at;
        candidate.in_parallel = known.in_parallel;
        candidate.timer = known.timer;
    }

    /// A task begins.
    pub(crate) fn begins(&mut self, stamp: u64, name: TaskName) {
        self.tasks.remove(&stamp);
        self.running = name;
        self.counts.0.clear();
    }

    /// No task runs: what is queued now comes from outside.
    pub(crate) fn waits(&mut self) {
        self.running = TaskName::OUTSIDE;
    }
}
