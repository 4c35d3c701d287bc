//! The processing model, written once over the [`Agent`] trait
//! ([HTML, event loop processing model](https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model)).

use std::time::Duration;

use crate::{EventLoop, Next, Queued, TimerTask};

/// An [agent](https://tc39.es/ecma262/#sec-agents) as the embedder brings it: it has a loop, and
/// it can run what the loop holds.
pub trait Agent {
    /// The embedder's tasks.
    type Task: From<TimerTask>;
    /// The embedder's microtasks.
    type Microtask;

    /// Gives access to the loop. No script runs inside `f`, so an engine may keep its loop behind
    /// a `RefCell` or a lock.
    fn with_loop<R>(
        &mut self,
        f: impl FnOnce(&mut EventLoop<Self::Task, Self::Microtask>) -> R,
    ) -> R;

    /// Runs a task. The checkpoint after it is [`step`]'s business.
    fn run_task(&mut self, queued: Queued<Self::Task>);

    /// Runs a microtask.
    fn run_microtask(&mut self, microtask: Self::Microtask);

    /// Is called at the end of each microtask checkpoint: notify about rejected promises, clear
    /// kept objects.
    fn after_checkpoint(&mut self) {}
}

/// A bound that stopped a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitReached {
    /// [`Limits::microtasks_per_checkpoint`](crate::Limits::microtasks_per_checkpoint).
    MicrotasksPerCheckpoint,
    /// A limit of the embedder's own, by name.
    Embedder(&'static str),
}

impl core::fmt::Display for LimitReached {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::MicrotasksPerCheckpoint => f.write_str("microtasks per checkpoint"),
            Self::Embedder(name) => f.write_str(name),
        }
    }
}

/// When a run ends, besides being idle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stop {
    /// At this time on the loop's clock.
    pub at: Option<Duration>,
    /// After this many tasks.
    pub after_tasks: Option<u64>,
}

impl Stop {
    /// Only when idle.
    #[must_use]
    pub fn idle() -> Self {
        Self::default()
    }

    /// At `time` on the loop's clock, at the latest.
    #[must_use]
    pub fn at(mut self, time: Duration) -> Self {
        self.at = Some(time);
        self
    }

    /// After `tasks` tasks, at the latest.
    #[must_use]
    pub fn after_tasks(mut self, tasks: u64) -> Self {
        self.after_tasks = Some(tasks);
        self
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing is left to run and nothing is to come.
    Idle,
    /// Nothing can run now: a wall clock has not come so far, or answers are awaited.
    Waiting {
        /// When the next timer is due.
        until: Option<Duration>,
        /// How many answers from outside are awaited.
        outstanding: usize,
    },
    /// The time given in [`Stop::at`] has come.
    TimeReached,
    /// As many tasks have run as [`Stop::after_tasks`] says.
    TasksReached,
    /// A limit stopped the loop.
    LimitReached(LimitReached),
}

/// What one turn of the loop did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Step {
    /// A task was run, and the microtasks after it.
    Ran,
    /// Nothing was run, for this reason.
    Stopped(Outcome),
}

/// [Perform a microtask checkpoint](https://html.spec.whatwg.org/multipage/webappapis.html#perform-a-microtask-checkpoint).
/// Does nothing while one is under way.
pub fn perform_a_microtask_checkpoint<A: Agent>(agent: &mut A) {
    let begun = agent.with_loop(|event_loop| {
        let microtasks = &mut event_loop.microtasks;
        if microtasks.performing_a_checkpoint {
            return false;
        }
        microtasks.performing_a_checkpoint = true;
        microtasks.run_in_this_checkpoint = 0;
        true
    });
    if !begun {
        return;
    }
    while let Some(microtask) = agent.with_loop(EventLoop::next_microtask) {
        agent.run_microtask(microtask);
    }
    agent.with_loop(|event_loop| event_loop.microtasks.performing_a_checkpoint = false);
    agent.after_checkpoint();
}

/// One turn of the loop: takes a task, runs it, and performs a microtask checkpoint.
pub fn step<A: Agent>(agent: &mut A) -> Step {
    step_until(agent, None)
}

fn step_until<A: Agent>(agent: &mut A, end: Option<Duration>) -> Step {
    let next = agent.with_loop(|event_loop| match event_loop.limit_reached {
        Some(limit) => Err(limit),
        None => Ok(event_loop.next_task_until(end)),
    });
    match next {
        Err(limit) => Step::Stopped(Outcome::LimitReached(limit)),
        Ok(Next::Idle) => Step::Stopped(Outcome::Idle),
        Ok(Next::Wait { until, outstanding }) => {
            Step::Stopped(Outcome::Waiting { until, outstanding })
        }
        Ok(Next::Task(queued)) => {
            agent.run_task(queued);
            agent.with_loop(EventLoop::task_has_run);
            perform_a_microtask_checkpoint(agent);
            Step::Ran
        }
    }
}

/// Runs tasks until none is left, or until `stop` or a limit says so.
pub fn run_until<A: Agent>(agent: &mut A, stop: Stop) -> Outcome {
    let mut tasks = 0;
    loop {
        if stop.after_tasks.is_some_and(|most| tasks >= most) {
            return Outcome::TasksReached;
        }
        if let Some(end) = stop.at
            && agent.with_loop(|event_loop| event_loop.peek_now()) >= end
        {
            return Outcome::TimeReached;
        }
        match step_until(agent, stop.at) {
            Step::Ran => tasks += 1,
            Step::Stopped(Outcome::Waiting {
                until: Some(due),
                outstanding: 0,
            }) if stop.at.is_some_and(|end| due > end) => return Outcome::TimeReached,
            Step::Stopped(outcome) => {
                // The last task's checkpoint may have been the one that reached a limit.
                return outcome;
            }
        }
    }
}
