//! The event loop's state: everything that waits to be run by one agent.

use std::time::Duration;

use crate::delayed::{Delayed, DelayedTask};
use crate::inbox::InboxReceiver;
use crate::key::Arena;
use crate::microtask::MicrotaskQueue;
use crate::pending::Outstanding;
use crate::queues::{ClientEntry, Queues};
use crate::timers::Timers;
use crate::{
    ClientId, Clock, DropReason, Dropped, FiredTimer, GlobalId, Inbox, LimitReached, Next,
    OutstandingId, Pending, Policy, Queued, TaskSource, TimerId, TimerKind, TimerTask,
    VirtualClock,
};

/// Bounds on what one run may do. `None` is no bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Microtasks in one checkpoint.
    pub microtasks_per_checkpoint: Option<u64>,
}

impl Limits {
    /// Sets the most microtasks that one checkpoint may run; `None` is no bound.
    #[must_use]
    pub fn with_microtasks_per_checkpoint(mut self, most: Option<u64>) -> Self {
        self.microtasks_per_checkpoint = most;
        self
    }
}

impl Default for Limits {
    /// Ten million microtasks in a checkpoint: far above what pages do, and soon reached by a
    /// chain without end.
    fn default() -> Self {
        Self {
            microtasks_per_checkpoint: Some(10_000_000),
        }
    }
}

/// Settings of an [`EventLoop`].
///
/// ```
/// use framepost_event_loop::{EventLoopOptions, Freedom, Shuffled, WallClock};
///
/// let options = EventLoopOptions::new()
///     .clock(WallClock::new())
///     .policy(Shuffled::new(7, Freedom::Standard));
/// # let _ = options;
/// ```
#[must_use]
pub struct EventLoopOptions {
    clock: Box<dyn Clock>,
    policy: Option<Box<dyn Policy>>,
    limits: Limits,
}

impl EventLoopOptions {
    /// A [`VirtualClock`], the oldest task first, default limits.
    pub fn new() -> Self {
        Self {
            clock: Box::new(VirtualClock::new()),
            policy: None,
            limits: Limits::default(),
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

    /// Sets the limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl Default for EventLoopOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for EventLoopOptions {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("EventLoopOptions")
            .field("now", &self.clock.peek())
            .field("has_policy", &self.policy.is_some())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// One agent's [event loop](https://html.spec.whatwg.org/multipage/webappapis.html#event-loop).
///
/// `T` is the embedder's type of task, `M` its type of microtask; both are data. It must be
/// possible to make a `T` from a [`TimerTask`] for tasks to be taken out.
pub struct EventLoop<T, M> {
    queues: Queues<T>,
    clients: Arena<ClientId, ClientEntry>,
    globals: Arena<GlobalId, Option<ClientId>>,
    pub(crate) microtasks: MicrotaskQueue<M>,
    timers: Timers,
    delayed: Delayed<T>,
    clock: Box<dyn Clock>,
    policy: Option<Box<dyn Policy>>,
    limits: Limits,
    pub(crate) limit_reached: Option<LimitReached>,
    script_nesting: usize,
    outstanding: Arena<OutstandingId, Outstanding>,
    inbox: InboxReceiver<T>,
    // What the work in parallel has queued, which begins when the running task ends.
    from_parallel: Vec<(TaskSource, Option<ClientId>, T)>,
    dropped: Vec<Dropped<T>>,
    dropped_timers: Vec<TimerId>,
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
            .field("windows", &self.globals.len())
            .field("documents", &self.clients.len())
            .finish_non_exhaustive()
    }
}

impl<T, M> EventLoop<T, M> {
    /// A loop with a virtual clock, oldest task first.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A loop made to measure.
    #[must_use]
    pub fn with_options(options: EventLoopOptions) -> Self {
        Self {
            queues: Queues::default(),
            clients: Arena::new(),
            globals: Arena::new(),
            microtasks: MicrotaskQueue::default(),
            timers: Timers::default(),
            delayed: Delayed::default(),
            clock: options.clock,
            policy: options.policy,
            limits: options.limits,
            limit_reached: None,
            script_nesting: 0,
            outstanding: Arena::new(),
            inbox: InboxReceiver::new(),
            from_parallel: Vec::new(),
            dropped: Vec::new(),
            dropped_timers: Vec::new(),
        }
    }

    // Windows and documents.

    /// Adds a window, which has no document yet.
    pub fn create_global(&mut self) -> GlobalId {
        self.globals.insert(None)
    }

    /// Ends a window: its timers are cleared, and its document, if it still has one, is destroyed.
    pub fn destroy_global(&mut self, global: GlobalId) {
        if let Some(Some(client)) = self.globals.remove(global) {
            self.destroy_client(client);
        }
        self.dropped_timers
            .extend(self.timers.remove_global(global));
    }

    /// Adds a document, which is its window's document from now on. It is not fully active yet:
    /// its tasks wait.
    pub fn create_client(&mut self, global: GlobalId) -> ClientId {
        let client = self.clients.insert(ClientEntry::new(global));
        if let Some(current) = self.globals.get_mut(global) {
            *current = Some(client);
        }
        client
    }

    /// Says whether the document is
    /// [fully active](https://html.spec.whatwg.org/multipage/document-sequences.html#fully-active).
    /// The tasks of a document that is not wait until it is.
    pub fn set_fully_active(&mut self, client: ClientId, fully_active: bool) {
        let Some(entry) = self.clients.get_mut(client) else {
            return;
        };
        if entry.fully_active != fully_active {
            entry.fully_active = fully_active;
            self.queues.set_runnable(entry, fully_active);
        }
    }

    /// Whether the document exists and is fully active.
    #[must_use]
    pub fn is_fully_active(&self, client: ClientId) -> bool {
        self.clients
            .get(client)
            .is_some_and(|entry| entry.fully_active)
    }

    /// Ends a document: its tasks are dropped, and can be had from
    /// [`take_dropped`](Self::take_dropped).
    pub fn destroy_client(&mut self, client: ClientId) {
        let Some(entry) = self.clients.remove(client) else {
            return;
        };
        if let Some(current) = self.globals.get_mut(entry.global)
            && *current == Some(client)
        {
            *current = None;
        }
        let delayed = self.delayed.remove_client(client);
        let delayed = delayed.into_iter().map(|delayed| Queued {
            stamp: 0,
            source: delayed.source,
            client: delayed.client,
            task: delayed.task,
        });
        let tasks = self.queues.remove_client(entry).into_iter();
        self.dropped
            .extend(tasks.chain(delayed).map(|queued| Dropped {
                queued,
                reason: DropReason::ClientDestroyed,
            }));
    }

    /// The document that the window has now.
    #[must_use]
    pub fn client_of(&self, global: GlobalId) -> Option<ClientId> {
        self.globals.get(global).copied().flatten()
    }

    /// The window that the document is or was shown in.
    #[must_use]
    pub fn global_of(&self, client: ClientId) -> Option<GlobalId> {
        self.clients.get(client).map(|entry| entry.global)
    }

    // Tasks.

    /// [Queue a task](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-task) on a
    /// source, for a document or for none. Returns its stamp.
    ///
    /// # Errors
    /// The task comes back when its document is gone.
    pub fn queue_task(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        task: impl Into<T>,
    ) -> Result<u64, Dropped<T>> {
        self.take_in_inbox();
        self.push(source, client, task.into())
    }

    /// [Queue a global task](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-global-task):
    /// for the document that the window has now. Returns its stamp.
    ///
    /// # Errors
    /// The task comes back when the window or its document is gone.
    pub fn queue_global_task(
        &mut self,
        source: TaskSource,
        global: GlobalId,
        task: impl Into<T>,
    ) -> Result<u64, Dropped<T>> {
        match self.client_of(global) {
            Some(client) => self.queue_task(source, Some(client), task),
            None => Err(gone(source, None, task.into())),
        }
    }

    fn push(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        task: T,
    ) -> Result<u64, Dropped<T>> {
        let place = match client {
            None => None,
            Some(id) => match self.clients.get_mut(id) {
                Some(entry) => Some((id, entry)),
                None => return Err(gone(source, client, task)),
            },
        };
        Ok(self.queues.push(source, place, task))
    }

    /// Keeps a refused task for [`take_dropped`](Self::take_dropped); says whether it was queued.
    pub fn keep_dropped(&mut self, queued: Result<u64, Dropped<T>>) -> bool {
        match queued {
            Ok(_) => true,
            Err(dropped) => {
                self.dropped.push(dropped);
                false
            }
        }
    }

    /// Takes out of one task queue those tasks for which `which` says so, oldest first.
    pub fn remove_tasks(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        which: impl FnMut(&T) -> bool,
    ) -> Vec<Queued<T>> {
        self.queues
            .remove_tasks(source, client, which, &mut self.clients)
    }

    /// The tasks that were dropped since this was last called, each with its reason.
    #[must_use]
    pub fn take_dropped(&mut self) -> Vec<Dropped<T>> {
        std::mem::take(&mut self.dropped)
    }

    /// The timers that ended with their windows since this was last called: whoever holds what
    /// they were to call can let go of it.
    #[must_use]
    pub fn take_dropped_timers(&mut self) -> Vec<TimerId> {
        std::mem::take(&mut self.dropped_timers)
    }

    /// Queues a task from steps that the specification runs
    /// [in parallel](https://html.spec.whatwg.org/multipage/infrastructure.html#in-parallel): its
    /// place is behind everything that the running task queues, as if they began when it ends.
    pub fn queue_task_in_parallel(
        &mut self,
        source: TaskSource,
        client: Option<ClientId>,
        task: impl Into<T>,
    ) {
        self.from_parallel.push((source, client, task.into()));
    }

    /// Queues a task when so much time has gone by
    /// ([run steps after a timeout](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#run-steps-after-a-timeout)).
    /// It is dropped when its document is destroyed before.
    pub fn queue_task_after(
        &mut self,
        delay: Duration,
        source: TaskSource,
        client: Option<ClientId>,
        task: impl Into<T>,
    ) {
        let task = task.into();
        if client.is_some_and(|client| !self.clients.contains(client)) {
            self.dropped.push(gone(source, client, task));
            return;
        }
        let due = self.clock.peek().saturating_add(delay);
        let task = DelayedTask {
            source,
            client,
            task,
        };
        self.delayed.add(due, task);
    }

    fn next_due(&self) -> Option<Duration> {
        let due = self.timers.next_due().into_iter();
        due.chain(self.delayed.next_due()).min()
    }

    fn take_in_from_parallel(&mut self) {
        for (source, client, task) in std::mem::take(&mut self.from_parallel) {
            let queued = self.push(source, client, task);
            self.keep_dropped(queued);
        }
    }

    fn take_in_inbox(&mut self) {
        for (source, client, task) in self.inbox.take() {
            let queued = self.push(source, client, task);
            self.keep_dropped(queued);
        }
    }

    /// A door for other threads.
    #[must_use]
    pub fn inbox(&self) -> Inbox<T> {
        self.inbox.sender()
    }

    /// Whom to wake when a task comes in through an [`Inbox`].
    pub fn set_waker(&self, waker: std::task::Waker) {
        self.inbox.set_waker(waker);
    }

    // Microtasks and script.

    /// [Queue a microtask](https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-microtask).
    pub fn queue_microtask(&mut self, microtask: M) {
        self.microtasks.queue.push_back(microtask);
    }

    /// Takes out all queued microtasks without running them: for a loop that a limit has stopped.
    #[must_use]
    pub fn take_microtasks(&mut self) -> Vec<M> {
        self.microtasks.queue.drain(..).collect()
    }

    /// The next microtask. [`perform_a_microtask_checkpoint`](crate::perform_a_microtask_checkpoint)
    /// is the caller; `None` also when a limit was reached.
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

    /// [Prepare to run script](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-script)
    /// or a callback: counts how deep scripts are nested.
    pub fn prepare_to_run_script(&mut self) {
        self.script_nesting += 1;
    }

    /// [Clean up after running script](https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-script)
    /// or a callback. `true` says that the stack is empty and a microtask checkpoint is due.
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

    /// The limit that stopped this loop, if one did. Nothing runs until it is
    /// [cleared](Self::clear_limit_reached).
    #[must_use]
    pub fn limit_reached(&self) -> Option<LimitReached> {
        self.limit_reached
    }

    /// Stops the loop as if a limit had been reached: for limits that are the embedder's own.
    pub fn reach_limit(&mut self, limit: LimitReached) {
        self.limit_reached.get_or_insert(limit);
    }

    /// Lets a loop that a limit has stopped go on.
    pub fn clear_limit_reached(&mut self) {
        self.limit_reached = None;
    }

    // Time.

    /// The time since the time origin; reading it costs virtual time.
    pub fn now(&mut self) -> Duration {
        self.clock.now()
    }

    /// The time since the time origin, for those who only look: reading it costs nothing.
    #[must_use]
    pub fn peek_now(&self) -> Duration {
        self.clock.peek()
    }

    /// The time origin, since the Unix epoch.
    #[must_use]
    pub fn time_origin(&self) -> Duration {
        self.clock.time_origin()
    }

    /// Clears a window's timer by its handle; says which one it was.
    pub fn clear_timer(&mut self, global: GlobalId, handle: i32) -> Option<TimerId> {
        self.timers.clear(global, handle)
    }

    /// Whether the timer is still active: it has neither been cleared nor done its last run.
    #[must_use]
    pub fn timer_is_active(&self, timer: TimerId) -> bool {
        self.timers.contains(timer)
    }

    /// To be called when a timer's task runs, before its callback: `None` when it was cleared
    /// meanwhile.
    pub fn begin_timer(&mut self, task: &TimerTask) -> Option<FiredTimer> {
        self.timers.begin(task)
    }

    // What is outstanding.

    /// Says that an answer from outside is awaited: virtual time does not jump meanwhile.
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

    /// Says that the answer came, or will not come any more.
    pub fn end_outstanding(&mut self, id: OutstandingId) {
        self.outstanding.remove(id);
    }

    /// Whether nothing waits on behalf of this window: no task, no timer.
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

    /// Everything that keeps the loop from being idle: tasks oldest first, then microtasks,
    /// timers next first, and answers awaited from outside in the order asked.
    #[must_use]
    pub fn pending(&self) -> Vec<Pending<'_, T>> {
        let mut pending: Vec<Pending<'_, T>> = self
            .queues
            .in_order()
            .into_iter()
            .map(|(stamp, source, client, task)| Pending::Task {
                stamp,
                source,
                client,
                runnable: client.is_none_or(|client| self.is_fully_active(client)),
                task,
            })
            .collect();
        let in_parallel = self.from_parallel.iter();
        pending.extend(in_parallel.map(|(source, client, task)| Pending::Task {
            stamp: u64::MAX,
            source: *source,
            client: *client,
            runnable: client.is_none_or(|client| self.is_fully_active(client)),
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
}

impl<T: From<TimerTask>, M> EventLoop<T, M> {
    /// Takes the next task to run. A virtual clock jumps to the next timer when nothing can run
    /// and no answer is outstanding.
    pub fn next_task(&mut self) -> Next<T> {
        self.next_task_until(None)
    }

    /// [`next_task`](Self::next_task), but the clock does not jump past `end`.
    pub fn next_task_until(&mut self, end: Option<Duration>) -> Next<T> {
        self.take_in_inbox();
        self.take_in_from_parallel();
        self.queue_due_timers();
        if !self.queues.has_runnable()
            && self.outstanding.is_empty()
            && let Some(due) = self.next_due()
            && end.is_none_or(|end| due <= end)
            && self.clock.jump_to(due)
        {
            self.queue_due_timers();
        }
        if let Some(queued) = self
            .queues
            .pop(self.policy.as_deref_mut(), &mut self.clients)
        {
            self.clock.task_begins();
            return Next::Task(queued);
        }
        match (self.next_due(), self.outstanding.len()) {
            (None, 0) => Next::Idle,
            (until, outstanding) => Next::Wait { until, outstanding },
        }
    }

    /// [Timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps):
    /// sets a timer for a window, `timeout_ms` milliseconds from now. Returns the handle for
    /// script and the timer's own name.
    pub fn timer_initialization_steps(
        &mut self,
        global: GlobalId,
        timeout_ms: i32,
        kind: TimerKind,
    ) -> (i32, TimerId) {
        let now = self.clock.peek();
        let timer = self
            .timers
            .timer_initialization_steps(global, timeout_ms, kind, now);
        self.queue_due_timers();
        timer
    }

    /// To be called after a timer's callback: sets an interval again. Returns whether the timer
    /// is still active.
    pub fn finish_timer(&mut self, task: &TimerTask) -> bool {
        let now = self.clock.peek();
        let stays = self.timers.finish(task, now);
        self.queue_due_timers();
        stays
    }

    /// Timers of a window without a document end here: nobody could run them.
    ///
    /// IMPLEMENTATION-DEFINED: how soon a timer of no milliseconds gets its task. It does when it
    /// is set, so that it runs in turn with the messages posted before and after, as in browsers.
    fn queue_due_timers(&mut self) {
        let now = self.clock.peek();
        while let Some(delayed) = self.delayed.take_due(now) {
            let queued = self.push(delayed.source, delayed.client, delayed.task);
            self.keep_dropped(queued);
        }
        while let Some(task) = self.timers.take_due(now) {
            let queued = self.queue_global_task(TaskSource::Timer, task.global, task);
            self.keep_dropped(queued);
        }
    }

    /// To be called when a task has run, before the microtask checkpoint:
    /// [`step`](crate::step) does.
    pub fn task_has_run(&mut self) {
        self.timers.running_nesting_level = None;
    }
}

fn gone<T>(source: TaskSource, client: Option<ClientId>, task: T) -> Dropped<T> {
    Dropped {
        queued: Queued {
            stamp: 0,
            source,
            client,
            task,
        },
        reason: DropReason::ClientGone,
    }
}
