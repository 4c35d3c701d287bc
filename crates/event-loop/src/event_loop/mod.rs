//! The state of an event loop: everything that one agent has to run.

mod choice;
mod clients;
mod rendering;
mod scheduler;
mod task_queues;
mod tasks;
mod time;

use std::time::Duration;

use crate::delayed::Delayed;
use crate::idle::Idle;
use crate::inbox::InboxReceiver;
use crate::key::Arena;
use crate::microtask::MicrotaskQueue;
use crate::pending::Outstanding;
use crate::queues::{ClientEntry, Queues};
use crate::rendering::Rendering;
use crate::timers::Timers;
use crate::tracker::Tracker;
use crate::{
    ClientId, Clock, Dropped, EventLoopLimits, EventLoopOptions, GlobalId, LimitReached,
    OutstandingId, Pending, Policy, TaskSource, TimerId,
};

/// An [event loop](https://html.spec.whatwg.org/multipage/webappapis.html#event-loop) of one agent.
///
/// `T` is the embedder's type of task, `M` its type of microtask; both are data. Tasks can be taken
/// out if `T` can be made from a [`TimerTask`](crate::TimerTask).
pub struct EventLoop<T, M> {
    queues: Queues<T>,
    clients: Arena<ClientId, ClientEntry>,
    /// The globals, each with its current client.
    globals: Arena<GlobalId, Option<ClientId>>,
    pub(crate) microtasks: MicrotaskQueue<M>,
    timers: Timers,
    delayed: Delayed<T>,
    rendering: Rendering,
    idle: Idle<T>,
    clock: Box<dyn Clock>,
    policy: Option<Box<dyn Policy>>,
    /// Present if there is a policy.
    tracker: Option<Box<Tracker>>,
    /// How long a task may be late, for the policy.
    slack: Duration,
    /// Whether the record keeps the candidates of each choice.
    keeps_candidates: bool,
    limits: EventLoopLimits,
    pub(crate) limit_reached: Option<LimitReached>,
    pub(crate) client_of_last_task: Option<ClientId>,
    /// The number of scripts and callbacks on the stack.
    script_nesting: usize,
    outstanding: Arena<OutstandingId, Outstanding>,
    inbox: InboxReceiver<T>,
    /// Tasks that were queued in parallel. They are queued when the running task ends.
    from_parallel: Vec<(TaskSource, Option<ClientId>, T)>,
    dropped: Vec<Dropped<T>>,
    dropped_timers: Vec<TimerId>,
    /// Whether a global or a client was destroyed.
    has_ended: bool,
}

impl<T, M> Default for EventLoop<T, M> {
    fn default() -> Self {
        Self::with_options(EventLoopOptions::new())
    }
}

impl<T, M> core::fmt::Debug for EventLoop<T, M> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("EventLoop")
            .field("now", &self.clock.peek())
            .field("tasks", &self.queues.len())
            .field("microtasks", &self.microtasks.queue.len())
            .field("globals", &self.globals.len())
            .field("clients", &self.clients.len())
            .finish_non_exhaustive()
    }
}

impl<T, M> EventLoop<T, M> {
    /// Creates a loop with a virtual clock that runs tasks in the order of [`OldestFirst`](crate::OldestFirst).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a loop with these settings.
    #[must_use]
    pub fn with_options(options: EventLoopOptions) -> Self {
        Self {
            queues: Queues::default(),
            clients: Arena::new(),
            globals: Arena::new(),
            microtasks: MicrotaskQueue::default(),
            timers: Timers::default(),
            delayed: Delayed::default(),
            rendering: Rendering::default(),
            idle: Idle::default(),
            clock: options.clock,
            tracker: options.policy.as_ref().map(|_| Box::default()),
            policy: options.policy,
            slack: options.slack,
            keeps_candidates: options.keeps_candidates,
            limits: options.limits,
            limit_reached: None,
            client_of_last_task: None,
            script_nesting: 0,
            outstanding: Arena::new(),
            inbox: InboxReceiver::new(),
            from_parallel: Vec::new(),
            dropped: Vec::new(),
            dropped_timers: Vec::new(),
            has_ended: false,
        }
    }

    // Microtasks and script.

    /// [Queues a microtask](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-microtask).
    pub fn queue_microtask(&mut self, microtask: M) {
        self.microtasks.queue.push_back(microtask);
    }

    /// Takes all queued microtasks without running them, for a loop that a limit has stopped.
    #[must_use]
    pub fn take_microtasks(&mut self) -> Vec<M> {
        self.microtasks.queue.drain(..).collect()
    }

    /// Takes the next microtask; `None` if there is none or a limit was reached.
    /// [`perform_a_microtask_checkpoint`](crate::perform_a_microtask_checkpoint) calls this.
    pub fn next_microtask(&mut self) -> Option<M> {
        if self.limit_reached.is_some() {
            return None;
        }
        let limit = self.limits.microtasks_per_checkpoint;
        if !self.microtasks.queue.is_empty()
            && limit.is_some_and(|limit| self.microtasks.run_in_this_checkpoint >= limit)
        {
            self.limit_reached = Some(LimitReached::MicrotasksPerCheckpoint);
            return None;
        }
        self.microtasks.run_in_this_checkpoint += 1;
        self.microtasks.queue.pop_front()
    }

    /// [Prepares to run script](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-script)
    /// or a callback: counts the nesting of scripts.
    pub fn prepare_to_run_script(&mut self) {
        self.script_nesting += 1;
    }

    /// [Cleans up after running script](https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-script)
    /// or a callback. Returns whether the stack is empty, so that a microtask checkpoint is due.
    #[must_use = "a microtask checkpoint may be due"]
    pub fn clean_up_after_running_script(&mut self) -> bool {
        debug_assert!(self.script_nesting > 0, "clean-up without preparation");
        self.script_nesting = self.script_nesting.saturating_sub(1);
        self.script_nesting == 0 && !self.microtasks.performing_a_checkpoint
    }

    /// Whether no script is running.
    #[must_use]
    pub fn script_stack_is_empty(&self) -> bool {
        self.script_nesting == 0
    }

    // Limits.

    /// The limit that stopped this loop. Nothing runs until it is
    /// [cleared](Self::clear_limit_reached).
    #[must_use]
    pub fn limit_reached(&self) -> Option<LimitReached> {
        self.limit_reached
    }

    /// The client of the task that ran last, and so of the microtasks that are queued between tasks. An
    /// embedder whose agents share the loop learns from it which of them met a limit.
    #[must_use]
    pub fn client_of_last_task(&self) -> Option<ClientId> {
        self.client_of_last_task
    }

    /// Stops the loop for a limit of the embedder.
    pub fn reach_limit(&mut self, limit: LimitReached) {
        self.limit_reached.get_or_insert(limit);
    }

    /// Lets a loop that a limit has stopped run again.
    pub fn clear_limit_reached(&mut self) {
        self.limit_reached = None;
    }

    // Outstanding answers and idleness.

    /// Records that an answer from outside is outstanding. Virtual time does not jump meanwhile.
    pub fn begin_outstanding(
        &mut self,
        global: Option<GlobalId>,
        what: &'static str,
        detail: impl Into<String>,
    ) -> OutstandingId {
        self.outstanding.insert(Outstanding {
            global,
            what,
            detail: detail.into(),
        })
    }

    /// Records that the answer came, or will not come.
    pub fn end_outstanding(&mut self, id: OutstandingId) {
        self.outstanding.remove(id);
    }

    /// Whether a task can run now, before time passes.
    #[must_use]
    pub fn has_runnable_task(&self) -> bool {
        self.queues.has_runnable()
    }

    /// Whether no task and no timer waits for this global.
    #[must_use]
    pub fn is_idle_for(&self, global: GlobalId) -> bool {
        let client = self.client_of(global);
        let is_its = |of: &Option<ClientId>| client.is_some() && *of == client;
        let entry = client.and_then(|client| self.clients.get(client));
        let has_task = entry.is_some_and(|entry| self.queues.has_task(entry))
            || self.from_parallel.iter().any(|(_, of, _)| is_its(of))
            || self
                .delayed
                .in_order()
                .any(|(_, task)| is_its(&task.client));
        !has_task && !self.timers.has_one(global)
    }

    /// Everything that keeps the loop from being idle: tasks, oldest first, then microtasks, then
    /// timers and delayed tasks, next first, then outstanding answers, oldest first.
    #[must_use]
    pub fn pending(&self) -> Vec<Pending<'_, T>> {
        let runnable =
            |client: Option<ClientId>| client.is_none_or(|client| self.is_fully_active(client));
        let queued = self.queues.in_order().into_iter();
        let mut pending: Vec<Pending<'_, T>> = queued
            .map(|(stamp, source, client, task)| Pending::Task {
                stamp,
                source,
                client,
                runnable: runnable(client),
                task,
            })
            .collect();
        let in_parallel = self.from_parallel.iter();
        pending.extend(in_parallel.map(|(source, client, task)| Pending::Task {
            stamp: u64::MAX,
            source: *source,
            client: *client,
            runnable: runnable(*client),
            task,
        }));
        if !self.microtasks.queue.is_empty() {
            pending.push(Pending::Microtasks {
                count: self.microtasks.queue.len(),
            });
        }
        pending.extend(self.timers.in_order().map(|(due, timer)| Pending::Timer {
            global: timer.global,
            handle: timer.handle,
            due,
            kind: timer.kind,
        }));
        let delayed = self.delayed.in_order();
        pending.extend(delayed.map(|(due, delayed)| Pending::Delayed {
            source: delayed.source,
            client: delayed.client,
            due,
            task: &delayed.task,
        }));
        pending.extend(self.idle.requested.as_ref().map(|task| Pending::Delayed {
            source: TaskSource::Idle,
            client: None,
            due: self.idle.deadline,
            task,
        }));
        for id in self.outstanding.keys_in_order() {
            if let Some(outstanding) = self.outstanding.get(id) {
                pending.push(Pending::Outstanding {
                    global: outstanding.global,
                    what: outstanding.what,
                    detail: &outstanding.detail,
                });
            }
        }
        pending
    }

    /// The time of the next timer, delayed task or idle period.
    fn next_due(&self) -> Option<Duration> {
        let due = self.timers.next_due().into_iter();
        let due = due.chain(self.delayed.next_due());
        due.chain(self.next_idle_period()).min()
    }
}
