//! The [event loop processing model](https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model),
//! over the [`Agent`] trait.

use std::time::Duration;

use crate::{EventLoop, NextTask, Queued, TimerTask};

/// Access to the state of an embedder: the one accessor that it writes. The traits of this crate and of the crates above
/// it reach their parts of the state through it.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// use framepost_event_loop::{EventLoop, HasState, TimerTask};
///
/// /// An engine whose native functions share the state.
/// struct Engine(Rc<RefCell<EventLoop<TimerTask, ()>>>);
///
/// impl HasState for Engine {
///     type State = EventLoop<TimerTask, ()>;
///     fn with_state<R>(&mut self, f: impl FnOnce(&mut Self::State) -> R) -> R {
///         f(&mut self.0.borrow_mut())
///     }
/// }
/// ```
pub trait HasState {
    /// The state. [`LoopState`] says how to find the event loop in it, and the crates above have such a trait each.
    type State;

    /// Gives access to the state. `f` runs no script, so the state may be behind a `RefCell` or a lock.
    fn with_state<R>(&mut self, f: impl FnOnce(&mut Self::State) -> R) -> R;
}

/// State that contains an event loop. An event loop alone is such a state.
pub trait LoopState {
    /// The embedder's type of task.
    type Task: From<TimerTask>;
    /// The embedder's type of microtask.
    type Microtask;

    /// The event loop.
    fn event_loop(&mut self) -> &mut EventLoop<Self::Task, Self::Microtask>;
}

impl<T: From<TimerTask>, M> LoopState for EventLoop<T, M> {
    type Task = T;
    type Microtask = M;

    #[inline]
    fn event_loop(&mut self) -> &mut Self {
        self
    }
}

/// The type of task of an agent.
pub type TaskOf<A> = <<A as HasState>::State as LoopState>::Task;

/// The type of microtask of an agent.
pub type MicrotaskOf<A> = <<A as HasState>::State as LoopState>::Microtask;

/// An [agent](https://tc39.es/ecma262/#sec-agents) of the embedder: it owns an event loop and runs
/// the loop's tasks.
pub trait Agent: HasState<State: LoopState> {
    /// Gives access to the loop. `f` runs no script.
    #[inline]
    fn with_loop<R>(
        &mut self,
        f: impl FnOnce(&mut EventLoop<TaskOf<Self>, MicrotaskOf<Self>>) -> R,
    ) -> R {
        self.with_state(|state| f(state.event_loop()))
    }

    /// Runs a task. [`step`] performs the checkpoint after it.
    fn run_task(&mut self, queued: Queued<TaskOf<Self>>);

    /// Runs a microtask.
    fn run_microtask(&mut self, microtask: MicrotaskOf<Self>);

    /// Runs the jobs of a script engine that has a job queue of its own, until that queue is empty.
    /// Returns whether any ran.
    ///
    /// A checkpoint calls this after the microtasks of the loop, and goes on until both queues are empty.
    /// An engine that gives its jobs to the embedder queues them with [`EventLoop::queue_microtask`] and
    /// needs no implementation.
    fn run_engine_jobs(&mut self) -> bool {
        false
    }

    /// Does the embedder's part at the end of each microtask checkpoint: notifies about rejected
    /// promises and clears kept objects. It queues tasks and runs no script.
    fn after_checkpoint(&mut self) {}
}

/// A limit that stopped a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitReached {
    /// [`EventLoopLimits::microtasks_per_checkpoint`](crate::EventLoopLimits::microtasks_per_checkpoint).
    MicrotasksPerCheckpoint,
    /// A limit of the embedder, by name.
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

/// The conditions that end a run, besides being idle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunUntil {
    /// The run ends at this time on the loop's clock.
    pub at: Option<Duration>,
    /// The run ends after this many tasks.
    pub after_tasks: Option<u64>,
}

impl RunUntil {
    /// Ends the run only when the loop is idle.
    #[must_use]
    pub fn idle() -> Self {
        Self::default()
    }

    /// Ends the run at `time` on the loop's clock at the latest.
    #[must_use]
    pub fn at(mut self, time: Duration) -> Self {
        self.at = Some(time);
        self
    }

    /// Ends the run after `tasks` tasks at the latest.
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
pub enum RunOutcome {
    /// Nothing can run, and nothing is outstanding.
    Idle,
    /// Nothing can run now: a timer is not due on a wall clock, or answers are outstanding.
    Waiting {
        /// The time of the next timer.
        until: Option<Duration>,
        /// The number of outstanding answers.
        outstanding: usize,
    },
    /// The time of [`RunUntil::at`] was reached.
    TimeReached,
    /// The number of tasks of [`RunUntil::after_tasks`] was reached.
    TasksReached,
    /// A limit stopped the loop.
    LimitReached(LimitReached),
}

/// The result of one turn of the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum StepResult {
    /// A task ran, and the microtasks after it.
    Ran,
    /// Nothing ran, for this reason.
    Stopped(RunOutcome),
}

/// [Performs a microtask checkpoint](https://html.spec.whatwg.org/multipage/webappapis.html#perform-a-microtask-checkpoint).
/// Does nothing during another checkpoint, and while script runs (between
/// [`EventLoop::prepare_to_run_script`] and [`EventLoop::clean_up_after_running_script`]).
pub fn perform_a_microtask_checkpoint<A: Agent>(agent: &mut A) {
    let begun = agent.with_loop(begin_checkpoint);
    finish_checkpoint(agent, begun);
}

/// [Cleans up after running script](https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-script)
/// or a callback, after [`EventLoop::prepare_to_run_script`].
pub fn clean_up_after_running_script<A: Agent>(agent: &mut A) {
    // 3. A microtask checkpoint, when no script is running any more.
    let begun = agent.with_loop(
        |event_loop| match event_loop.clean_up_after_running_script() {
            true => begin_checkpoint(event_loop),
            false => Begun::Nested,
        },
    );
    finish_checkpoint(agent, begun);
}

/// The start of a microtask checkpoint.
enum Begun<M> {
    /// Another checkpoint is in progress.
    Nested,
    /// The first microtask to run, if there is one.
    First(Option<M>),
}

/// Steps 1 and 2 of [`perform_a_microtask_checkpoint`], and the first microtask of step 3.
///
/// OPTIMIZATION: most tasks leave no microtask. Then the loop is accessed once before the embedder's part.
fn begin_checkpoint<T, M>(event_loop: &mut EventLoop<T, M>) -> Begun<M> {
    // The callers in the standard check that no script runs.
    if !event_loop.script_stack_is_empty() {
        return Begun::Nested;
    }
    let microtasks = &mut event_loop.microtasks;
    // 1. Checkpoints do not nest.
    if microtasks.performing_a_checkpoint {
        return Begun::Nested;
    }
    // 2. One is under way now.
    microtasks.performing_a_checkpoint = true;
    microtasks.run_in_this_checkpoint = 0;
    Begun::First(event_loop.next_microtask())
}

/// Steps 3 to 8 of [`perform_a_microtask_checkpoint`].
fn finish_checkpoint<A: Agent>(agent: &mut A, begun: Begun<MicrotaskOf<A>>) {
    let Begun::First(mut next) = begun else {
        return;
    };
    // 3. Run the microtasks, oldest first, including those that they queue.
    loop {
        while let Some(microtask) = next {
            agent.run_microtask(microtask);
            next = agent.with_loop(EventLoop::next_microtask);
        }
        if !agent.run_engine_jobs() {
            break;
        }
        next = agent.with_loop(EventLoop::next_microtask);
    }
    // 4. Notify about rejected promises.
    // NOT YET: 5. Clean up transactions of Indexed Database.
    // 6. Clear kept objects.
    agent.after_checkpoint();
    // 7. No checkpoint is under way any more.
    agent.with_loop(|event_loop| event_loop.microtasks.performing_a_checkpoint = false);
    // NOT YET: 8. Record timing info for the checkpoint.
}

/// Runs one turn of the [event loop](https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model):
/// takes a task, runs it, and performs a microtask checkpoint.
pub fn step<A: Agent>(agent: &mut A) -> StepResult {
    step_until(agent, None)
}

fn step_until<A: Agent>(agent: &mut A, end: Option<Duration>) -> StepResult {
    // 1. No task has been taken yet.
    // 2.1. Choose a task queue.
    // NOT YET: 2.2. Take the time at which the task starts.
    // 2.3. Take the first runnable task of that queue.
    // 5. If there is none, begin an idle period.
    // OPTIMIZATION: the standard begins it after the last task. Taking the next task finds out whether
    // anything is runnable.
    let next = agent.with_loop(|event_loop| match event_loop.limit_reached {
        Some(limit) => Err(limit),
        None => Ok(event_loop.next_task_until(end)),
    });
    match next {
        Err(limit) => StepResult::Stopped(RunOutcome::LimitReached(limit)),
        Ok(NextTask::Idle) => StepResult::Stopped(RunOutcome::Idle),
        Ok(NextTask::Wait { until, outstanding }) => {
            StepResult::Stopped(RunOutcome::Waiting { until, outstanding })
        }
        Ok(NextTask::Task(queued)) => {
            // NOT YET: 2.4. Record the time at which the task starts, for its document.
            // 2.5. It is the currently running task.
            // 2.6. Perform its steps.
            let client = queued.client;
            agent.run_task(queued);
            // 2.7. No task is running any more.
            // 2.8. Perform a microtask checkpoint.
            let begun = agent.with_loop(|event_loop| {
                event_loop.client_of_last_task = client;
                event_loop.task_has_run();
                begin_checkpoint(event_loop)
            });
            finish_checkpoint(agent, begun);
            // NOT YET: 3. Take the time at which the task ends. 4. Report long tasks.
            // IMPLEMENTATION-DEFINED: 6. No worker has an event loop of its own. Workers share the rendering
            // opportunities of the loop, and the embedder destroys their globals.
            StepResult::Ran
        }
    }
}

/// Runs tasks until the loop is idle, or until `stop` or a limit ends the run.
pub fn run_until<A: Agent>(agent: &mut A, stop: RunUntil) -> RunOutcome {
    let mut tasks = 0;
    loop {
        if stop.after_tasks.is_some_and(|most| tasks >= most) {
            return RunOutcome::TasksReached;
        }
        if let Some(end) = stop.at
            && agent.with_loop(|event_loop| event_loop.peek_now()) >= end
        {
            return RunOutcome::TimeReached;
        }
        match step_until(agent, stop.at) {
            StepResult::Ran => tasks += 1,
            StepResult::Stopped(RunOutcome::Waiting {
                until: Some(due),
                outstanding: 0,
            }) if stop.at.is_some_and(|end| due > end) => return RunOutcome::TimeReached,
            StepResult::Stopped(outcome) => return outcome,
        }
    }
}
