//! Timers ([HTML, timers](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers)).
//!
//! A timer belongs to a global. When it is due, a [`TimerTask`] is queued on the timer task source
//! of the global's current client. To run the task, the embedder calls
//! [`EventLoop::begin_timer`](crate::EventLoop::begin_timer), which reports whether the timer is
//! still active, then the callback that it keeps under the [`TimerId`], then
//! [`EventLoop::finish_timer`](crate::EventLoop::finish_timer).
//!
//! NOT YET: the time of a timer stops while its client is not fully active. Here it continues, and
//! only the task waits.

use std::time::Duration;

use crate::policy::CandidateTimer;
use crate::waiting::{Place, Waiting};
use crate::{Arena, FxHashMap, GlobalId};

crate::new_key_type! {
    /// Names one call of `setTimeout()` or `setInterval()`. Unlike the handle that script sees, it
    /// is never used again.
    pub struct TimerId: "timer";
}

/// The task of a timer, queued when the timer is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerTask {
    /// The timer.
    pub timer: TimerId,
    /// The global that it belongs to.
    pub global: GlobalId,
}

/// Whether a timer runs once or repeatedly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// [`setTimeout()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-settimeout):
    /// runs once.
    Timeout,
    /// [`setInterval()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-setinterval):
    /// runs until it is cleared.
    Interval,
}

/// A timer that runs now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiredTimer {
    /// The timer.
    pub timer: TimerId,
    /// The handle that script has for it.
    pub handle: i32,
    /// Whether it is a timeout or an interval.
    pub kind: TimerKind,
}

/// Timeouts that are nested deeper than this are clamped: step 5 of the
/// [timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps).
const NESTING_ABOVE_WHICH_CLAMPED: u32 = 5;
const CLAMPED_TO_MS: i32 = 4;

#[derive(Debug)]
pub(crate) struct Timer {
    pub(crate) global: GlobalId,
    pub(crate) handle: i32,
    pub(crate) kind: TimerKind,
    timeout_ms: i32,
    nesting_level: u32,
    /// The timer's key among the waiting ones; `None` while its task is queued or runs.
    due: Option<Place>,
}

/// The active timers of all globals.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    timers: Arena<TimerId, Timer>,
    // Ordered by time, then by the order of the calls. This is step 4.2 of "run steps after a
    // timeout": an earlier timer with the same or a shorter timeout is due first.
    waiting: Waiting,
    of_global: FxHashMap<GlobalId, OfGlobal>,
    last_call: u64,
    /// The timer nesting level of the running task, if a timer's task is running.
    pub(crate) running_nesting_level: Option<u32>,
}

/// The active timers of one global.
#[derive(Debug, Default)]
struct OfGlobal {
    // Never iterated where the order shows.
    by_handle: FxHashMap<i32, TimerId>,
    last_handle: i32,
}

impl OfGlobal {
    /// A handle that no active timer has. Handles are reused only after 2^31 timers.
    fn new_handle(&mut self) -> i32 {
        loop {
            self.last_handle = self.last_handle.checked_add(1).unwrap_or(1);
            if !self.by_handle.contains_key(&self.last_handle) {
                return self.last_handle;
            }
        }
    }
}

impl Timers {
    /// The [timer initialization steps](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps).
    pub(crate) fn timer_initialization_steps(
        &mut self,
        global: GlobalId,
        timeout_ms: i32,
        kind: TimerKind,
        now: Duration,
    ) -> (i32, TimerId) {
        let of_global = self.of_global.entry(global).or_default();
        // 2. A handle that no active timer of this global has.
        let handle = of_global.new_handle();
        let timer = self.timers.insert(Timer {
            global,
            handle,
            kind,
            timeout_ms,
            nesting_level: 0,
            due: None,
        });
        // 14. Enter it in the map of handles.
        of_global.by_handle.insert(handle, timer);
        self.arm(timer, now);
        // 15. Return the handle.
        (handle, timer)
    }

    /// Steps 3 to 5 and 10 to 13, which an interval repeats after each run.
    fn arm(&mut self, id: TimerId, now: Duration) {
        // 3. The nesting level of the running task, if that is a timer's.
        let nesting_level = self.running_nesting_level.unwrap_or(0);
        let Some(timer) = self.timers.get_mut(id) else {
            return;
        };
        // 4. No negative timeout.
        let mut timeout_ms = timer.timeout_ms.max(0);
        // 5. Clamp nested timeouts.
        if nesting_level > NESTING_ABOVE_WHICH_CLAMPED {
            timeout_ms = timeout_ms.max(CLAMPED_TO_MS);
        }
        // 10. and 11. The timer's task is one level deeper.
        timer.nesting_level = nesting_level.saturating_add(1);
        // 12. and 13. Run steps after a timeout.
        self.last_call += 1;
        let due = (
            now.saturating_add(Duration::from_millis(timeout_ms.unsigned_abs().into())),
            self.last_call,
        );
        timer.due = Some(due);
        self.waiting.insert(due, id);
    }

    /// Takes the next timer that is due by `now` from the waiting ones.
    pub(crate) fn take_due(&mut self, now: Duration) -> Option<TimerTask> {
        let id = self.waiting.take_due(now)?;
        let timer = self.timers.get_mut(id)?;
        timer.due = None;
        Some(TimerTask {
            timer: id,
            global: timer.global,
        })
    }

    /// What decides the order of a waiting timer.
    pub(crate) fn candidate(&self, id: TimerId) -> Option<CandidateTimer> {
        let timer = self.timers.get(id)?;
        let (due, call) = timer.due?;
        Some(CandidateTimer {
            global: timer.global,
            call,
            timeout_ms: timer.timeout_ms,
            due,
            is_waiting: false,
        })
    }

    /// The waiting timers that are due by `end`, with their globals and times, next first.
    pub(crate) fn waiting_until(
        &self,
        end: Duration,
    ) -> impl Iterator<Item = (Duration, TimerId, GlobalId)> {
        let waiting = self.waiting.in_order();
        let waiting = waiting.take_while(move |(due, _)| *due <= end);
        waiting.filter_map(|(due, id)| Some((due, id, self.timers.get(id)?.global)))
    }

    /// Takes a timer from the waiting ones before the others.
    pub(crate) fn take_waiting(&mut self, id: TimerId) -> Option<TimerTask> {
        let timer = self.timers.get_mut(id)?;
        self.waiting.remove(timer.due.take()?);
        Some(TimerTask {
            timer: id,
            global: timer.global,
        })
    }

    /// When the next timer is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.waiting.next_due()
    }

    /// Steps 9.2 and 9.3: the task does nothing if the timer was cleared.
    pub(crate) fn begin(&mut self, task: &TimerTask) -> Option<FiredTimer> {
        let timer = self.timers.get(task.timer)?;
        self.running_nesting_level = Some(timer.nesting_level);
        Some(FiredTimer {
            timer: task.timer,
            handle: timer.handle,
            kind: timer.kind,
        })
    }

    /// Steps 9.7 to 9.10, after the callback: an interval waits again, a timeout ends. Returns
    /// whether the timer is still active.
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

    pub(crate) fn of_handle(&self, global: GlobalId, handle: i32) -> Option<TimerId> {
        self.of_global.get(&global)?.by_handle.get(&handle).copied()
    }

    pub(crate) fn clear(&mut self, global: GlobalId, handle: i32) -> Option<TimerId> {
        let id = self.of_handle(global, handle)?;
        self.remove(id);
        Some(id)
    }

    fn remove(&mut self, id: TimerId) {
        if let Some(timer) = self.timers.remove(id) {
            if let Some(of_global) = self.of_global.get_mut(&timer.global) {
                of_global.by_handle.remove(&timer.handle);
            }
            if let Some(place) = timer.due {
                self.waiting.remove(place);
            }
        }
    }

    /// Clears all timers of a global that ends. Returns them in order of creation.
    pub(crate) fn remove_global(&mut self, global: GlobalId) -> Vec<TimerId> {
        let Some(of_global) = self.of_global.remove(&global) else {
            return Vec::new();
        };
        let mut ids: Vec<TimerId> = of_global.by_handle.into_values().collect();
        ids.sort_unstable();
        for &id in &ids {
            self.remove(id);
        }
        ids
    }

    /// Whether the global has an active timer.
    pub(crate) fn has_one(&self, global: GlobalId) -> bool {
        let of_global = self.of_global.get(&global);
        of_global.is_some_and(|of_global| !of_global.by_handle.is_empty())
    }

    pub(crate) fn contains(&self, id: TimerId) -> bool {
        self.timers.contains(id)
    }

    /// The waiting timers, next first.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (Duration, &Timer)> {
        let waiting = self.waiting.in_order();
        waiting.filter_map(|(due, id)| Some((due, self.timers.get(id)?)))
    }
}
