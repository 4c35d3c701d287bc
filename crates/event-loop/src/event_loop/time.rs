//! The clock, timers, and the choice of the next task.

use std::time::Duration;

use super::EventLoop;
use crate::tracker::QueuedBy;
use crate::{FiredTimer, GlobalId, NextTask, TimerId, TimerKind, TimerTask};

impl<T, M> EventLoop<T, M> {
    /// The time since the time origin. A reading costs virtual time.
    pub fn now(&mut self) -> Duration {
        self.clock.now()
    }

    /// The time since the time origin, without any cost.
    #[must_use]
    pub fn peek_now(&self) -> Duration {
        self.clock.peek()
    }

    /// The time origin, since the Unix epoch.
    #[must_use]
    pub fn time_origin(&self) -> Duration {
        self.clock.time_origin()
    }

    /// Clears a global's timer by its handle
    /// ([`clearTimeout()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-cleartimeout)).
    /// Returns the timer.
    pub fn clear_timer(&mut self, global: GlobalId, handle: i32) -> Option<TimerId> {
        let cleared = self.timers.clear(global, handle);
        self.forget_timers(cleared.as_slice());
        cleared
    }

    /// The timer that has a handle in a global.
    #[must_use]
    pub fn timer_of(&self, global: GlobalId, handle: i32) -> Option<TimerId> {
        self.timers.of_handle(global, handle)
    }

    /// Whether the timer may still run: it was not cleared and has not finished.
    #[must_use]
    pub fn timer_is_active(&self, timer: TimerId) -> bool {
        self.timers.contains(timer)
    }

    /// Begins the run of a timer. Call it when the timer's task runs, before the callback.
    /// The result is `None` if the timer was cleared meanwhile.
    pub fn begin_timer(&mut self, task: &TimerTask) -> Option<FiredTimer> {
        self.timers.begin(task)
    }
}

impl<T: From<TimerTask>, M> EventLoop<T, M> {
    /// Takes the next task to run. If nothing can run and no answer is outstanding, a virtual clock
    /// jumps to the next timer.
    pub fn next_task(&mut self) -> NextTask<T> {
        self.next_task_until(None)
    }

    /// Takes the next task like [`next_task`](Self::next_task), but the clock does not jump beyond
    /// `end`.
    pub fn next_task_until(&mut self, end: Option<Duration>) -> NextTask<T> {
        self.take_in_inbox();
        self.take_in_from_parallel();
        self.queue_due_timers();
        if !self.queues.has_runnable() {
            self.begin_idle_period();
        }
        if !self.queues.has_runnable()
            && self.outstanding.is_empty()
            && let Some(due) = self.next_due()
            && end.is_none_or(|end| due <= end)
            && self.clock.jump_to(due)
        {
            self.queue_due_timers();
            if !self.queues.has_runnable() {
                self.begin_idle_period();
            }
        }
        let queued = match self.policy {
            None => self.queues.pop(&mut self.clients),
            Some(_) => self.take_by_policy(end),
        };
        if let Some(queued) = queued {
            self.clock.task_begins();
            return NextTask::Task(queued);
        }
        if let Some(tracker) = &mut self.tracker {
            tracker.waits();
        }
        match (self.next_due(), self.outstanding.len()) {
            (None, 0) => NextTask::Idle,
            (until, outstanding) => NextTask::Wait { until, outstanding },
        }
    }

    /// The [timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps):
    /// sets a timer of a global. Returns the handle for script, and the timer.
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
        self.timer_was_set(timer.1);
        self.queue_due_timers();
        timer
    }

    /// Ends the run of a timer: an interval is set again. Call it after the callback. Returns
    /// whether the timer is still active.
    pub fn finish_timer(&mut self, task: &TimerTask) -> bool {
        let now = self.clock.peek();
        let stays = self.timers.finish(task, now);
        if stays {
            self.timer_was_set(task.timer);
        }
        self.queue_due_timers();
        stays
    }

    /// Queues the tasks that are due. Timers of a global without a client end here, because nothing
    /// could run them.
    // IMPLEMENTATION-DEFINED: the moment at which the task of a timer of zero milliseconds is
    // queued. It is queued at once, so that it runs in turn with the messages posted before and after it, as in browsers.
    fn queue_due_timers(&mut self) {
        let now = self.clock.peek();
        while let Some((order, delayed)) = self.delayed.take_due(now) {
            let by = QueuedBy::Delay(order);
            let queued = self.push_by(by, delayed.source, delayed.client, delayed.task);
            self.keep_dropped(queued);
        }
        while let Some(task) = self.timers.take_due(now) {
            let queued = self.queue_timer_task(task);
            self.keep_dropped(queued);
        }
    }

    /// Marks the running task as done, before the microtask checkpoint. [`step`](crate::step) calls
    /// this.
    pub fn task_has_run(&mut self) {
        self.timers.running_nesting_level = None;
    }
}
