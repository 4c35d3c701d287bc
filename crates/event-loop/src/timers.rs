//! Timers ([HTML, timers](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers)).
//!
//! A timer belongs to a window. When its time has come, a [`TimerTask`] is queued on the timer
//! task source of the document that the window has then; the embedder takes it back to
//! [`EventLoop::begin_timer`](crate::EventLoop::begin_timer), which says whether it still counts.
//! What the timer calls is the embedder's own, found by the [`TimerId`].
//!
//! NOT YET: a timer's time goes on while its document is not fully active; its task then waits.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use crate::{Arena, GlobalId};

crate::new_key_type! {
    /// Names one `setTimeout` or `setInterval`, unlike the handle that script sees, which may be
    /// used again.
    pub struct TimerId: "timer";
}

/// A timer's task, queued when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerTask {
    /// Which timer.
    pub timer: TimerId,
    /// Whose it is.
    pub global: GlobalId,
}

/// Whether a timer runs once or again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// [`setTimeout()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-settimeout):
    /// runs once.
    Timeout,
    /// [`setInterval()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-setinterval):
    /// runs until it is cleared.
    Interval,
}

/// A timer that is to run now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiredTimer {
    /// Which timer.
    pub timer: TimerId,
    /// The handle that script got for it.
    pub handle: i32,
    /// Whether it is a timeout or an interval.
    pub kind: TimerKind,
}

/// The nesting above which short timeouts are lengthened, and what to.
/// [Timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps), step 5.
const NESTING_ABOVE_WHICH_CLAMPED: u32 = 5;
const CLAMPED_TO_MS: i32 = 4;

#[derive(Debug)]
pub(crate) struct Timer {
    pub(crate) global: GlobalId,
    pub(crate) handle: i32,
    pub(crate) kind: TimerKind,
    timeout_ms: i32,
    nesting_level: u32,
    /// Its place among the waiting ones, or `None` while its task is queued or runs.
    pub(crate) due: Option<(Duration, u64)>,
}

/// The active timers of all windows.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    timers: Arena<TimerId, Timer>,
    // Ordered by time, then by the order in which they were set: this is HTML's ordering rule
    // ("run steps after a timeout", step 4.2), since a timer that was set earlier with no longer
    // timeout is due no later.
    waiting: BTreeMap<(Duration, u64), TimerId>,
    // Looked up, never iterated.
    by_handle: HashMap<(GlobalId, i32), TimerId>,
    last_handle: HashMap<GlobalId, i32>,
    last_order: u64,
    /// The nesting level of the timer task that is running.
    pub(crate) running_nesting_level: Option<u32>,
}

impl Timers {
    /// [Timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps)
    pub(crate) fn timer_initialization_steps(
        &mut self,
        global: GlobalId,
        timeout_ms: i32,
        kind: TimerKind,
        now: Duration,
    ) -> (i32, TimerId) {
        let last = self.last_handle.entry(global).or_insert(0);
        // A page would have to set 2^31 timers to come round; those that are still active then
        // keep their handles.
        loop {
            *last = last.checked_add(1).unwrap_or(1);
            if !self.by_handle.contains_key(&(global, *last)) {
                break;
            }
        }
        let handle = *last;
        let timer = self.timers.insert(Timer {
            global,
            handle,
            kind,
            timeout_ms,
            nesting_level: 0,
            due: None,
        });
        self.by_handle.insert((global, handle), timer);
        self.arm(timer, now);
        (handle, timer)
    }

    /// Steps 3 to 6 and 12 to 13 of the initialization: also what an interval does after each run.
    fn arm(&mut self, id: TimerId, now: Duration) {
        let nesting_level = self.running_nesting_level.unwrap_or(0);
        let Some(timer) = self.timers.get_mut(id) else {
            return;
        };
        let mut timeout_ms = timer.timeout_ms.max(0);
        if nesting_level > NESTING_ABOVE_WHICH_CLAMPED {
            timeout_ms = timeout_ms.max(CLAMPED_TO_MS);
        }
        timer.nesting_level = nesting_level.saturating_add(1);
        self.last_order += 1;
        let due = (
            now.saturating_add(Duration::from_millis(timeout_ms.unsigned_abs().into())),
            self.last_order,
        );
        timer.due = Some(due);
        self.waiting.insert(due, id);
    }

    /// The next timer that is due by `now`, which then waits no longer.
    pub(crate) fn take_due(&mut self, now: Duration) -> Option<TimerTask> {
        let (&due, &id) = self.waiting.first_key_value()?;
        if due.0 > now {
            return None;
        }
        self.waiting.remove(&due);
        let timer = self.timers.get_mut(id)?;
        timer.due = None;
        Some(TimerTask {
            timer: id,
            global: timer.global,
        })
    }

    /// When the next timer is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.waiting.first_key_value().map(|((due, _), _)| *due)
    }

    pub(crate) fn begin(&mut self, task: &TimerTask) -> Option<FiredTimer> {
        let timer = self.timers.get(task.timer)?;
        self.running_nesting_level = Some(timer.nesting_level);
        Some(FiredTimer {
            timer: task.timer,
            handle: timer.handle,
            kind: timer.kind,
        })
    }

    /// After the callback: an interval waits again, a timeout is done. Returns whether the timer
    /// still exists.
    pub(crate) fn finish(&mut self, task: &TimerTask, now: Duration) -> bool {
        let Some(timer) = self.timers.get(task.timer) else {
            return false;
        };
        if timer.kind == TimerKind::Interval {
            self.arm(task.timer, now);
            return true;
        }
        self.remove(task.timer);
        false
    }

    pub(crate) fn clear(&mut self, global: GlobalId, handle: i32) -> Option<TimerId> {
        let id = *self.by_handle.get(&(global, handle))?;
        self.remove(id);
        Some(id)
    }

    fn remove(&mut self, id: TimerId) {
        if let Some(timer) = self.timers.remove(id) {
            self.by_handle.remove(&(timer.global, timer.handle));
            if let Some(due) = timer.due {
                self.waiting.remove(&due);
            }
        }
    }

    /// Clears all timers of a window that ends, and says which they were, in order of creation.
    pub(crate) fn remove_global(&mut self, global: GlobalId) -> Vec<TimerId> {
        let mut ids: Vec<TimerId> = self
            .timers
            .iter()
            .filter(|(_, timer)| timer.global == global)
            .map(|(id, _)| id)
            .collect();
        ids.sort_unstable();
        for &id in &ids {
            self.remove(id);
        }
        self.last_handle.remove(&global);
        ids
    }

    /// Whether the window has an active timer.
    pub(crate) fn has_one(&self, global: GlobalId) -> bool {
        self.timers.iter().any(|(_, timer)| timer.global == global)
    }

    pub(crate) fn contains(&self, id: TimerId) -> bool {
        self.timers.contains(id)
    }

    /// The waiting timers, next first.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (Duration, &Timer)> {
        self.waiting
            .iter()
            .filter_map(|((due, _), id)| Some((*due, self.timers.get(*id)?)))
    }
}
