//! Rendering opportunities, animation frames and idle periods.

use std::time::Duration;

use super::EventLoop;
use crate::delayed::DelayedTask;
use crate::idle::LONGEST_IDLE_PERIOD;
use crate::rendering::Rendering;
use crate::{GlobalId, TaskSource};

impl<T, M> EventLoop<T, M> {
    /// Requests a [rendering opportunity](https://html.spec.whatwg.org/multipage/webappapis.html#rendering-opportunity)
    /// (the steps that a [window event loop](https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model)
    /// runs in parallel): `task` is queued on the rendering task source at the next one. An earlier
    /// request that is still pending stays in place.
    ///
    /// The task [updates the rendering](https://html.spec.whatwg.org/multipage/webappapis.html#update-the-rendering)
    /// for all documents of the loop. It begins with [`begin_rendering`](Self::begin_rendering).
    pub fn request_rendering_opportunity(&mut self, task: impl FnOnce() -> T) {
        if self.rendering.requested.is_some() {
            return;
        }
        // 1. Wait until there is a rendering opportunity.
        let due = Rendering::next_opportunity(self.clock.peek());
        self.rendering.requested = Some(due);
        // 3. Queue the task then.
        // OPTIMIZATION: one task for all navigables of the loop, which the standard allows.
        let task = DelayedTask {
            source: TaskSource::Rendering,
            client: None,
            task: task(),
        };
        let order = self.delayed.add(due, task);
        if let Some(tracker) = &mut self.tracker {
            tracker.delayed(order, TaskSource::Rendering, due);
        }
    }

    /// Begins to update the rendering. Returns the
    /// [last render opportunity time](https://html.spec.whatwg.org/multipage/webappapis.html#last-render-opportunity-time),
    /// which is the time stamp of all animation frame callbacks that run now.
    pub fn begin_rendering(&mut self) -> Duration {
        // 2. Set the last render opportunity time.
        if let Some(time) = self.rendering.requested.take() {
            self.rendering.last_opportunity = time;
        }
        // 3.1. It is the time stamp of the frame.
        self.rendering.last_opportunity
    }

    /// Adds an animation frame callback of a global and returns its handle
    /// ([`requestAnimationFrame()`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-animationframeprovider-requestanimationframe)).
    /// The embedder keeps the callback, and requests a [rendering opportunity](Self::request_rendering_opportunity).
    pub fn request_animation_frame(&mut self, global: GlobalId) -> u32 {
        self.rendering.add(global)
    }

    /// Removes an animation frame callback, because it was cancelled
    /// ([`cancelAnimationFrame()`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#animationframeprovider-cancelanimationframe))
    /// or runs now. Returns whether it was there.
    pub fn remove_animation_frame(&mut self, global: GlobalId, handle: u32) -> bool {
        self.rendering.remove(global, handle)
    }

    /// The globals that have animation frame callbacks, oldest first.
    #[must_use]
    pub fn animation_frame_globals(&self) -> Vec<GlobalId> {
        self.rendering.globals().collect()
    }

    /// The handles of a global's animation frame callbacks, oldest first.
    #[must_use]
    pub fn animation_frames(&self, global: GlobalId) -> Vec<u32> {
        self.rendering.handles(global)
    }

    /// Requests an [idle period](https://w3c.github.io/requestidlecallback/#idle-periods): `task` is
    /// queued on the idle-task task source when nothing else can run. An earlier
    /// request that is still pending stays in place.
    ///
    /// The task begins with [`start_an_idle_period`](Self::start_an_idle_period).
    pub fn request_idle_period(&mut self, task: impl FnOnce() -> T) {
        self.idle.requested.get_or_insert_with(task);
    }

    /// The [last idle period deadline](https://w3c.github.io/requestidlecallback/#dfn-last-idle-period-deadline).
    #[must_use]
    pub fn idle_deadline(&self) -> Duration {
        self.idle.deadline
    }

    /// Adds an idle callback of a global and returns its handle
    /// ([`requestIdleCallback()`](https://w3c.github.io/requestidlecallback/#the-requestidlecallback-method)).
    /// The embedder keeps the callback, and requests an [idle period](Self::request_idle_period).
    pub fn request_idle_callback(&mut self, global: GlobalId) -> u32 {
        self.idle.add(global)
    }

    /// Removes an idle callback, because it was cancelled or its timeout passed. Returns whether it
    /// was there.
    pub fn remove_idle_callback(&mut self, global: GlobalId, handle: u32) -> bool {
        self.idle.remove(global, handle)
    }

    /// Steps 5 and 6 of [start an idle period](https://w3c.github.io/requestidlecallback/#start-an-idle-period-algorithm)
    /// for all globals: their requested callbacks become runnable. Returns the globals that have
    /// runnable callbacks.
    pub fn start_an_idle_period(&mut self) -> Vec<GlobalId> {
        self.idle.make_runnable()
    }

    /// Takes the next runnable idle callback of a global.
    pub fn take_idle_callback(&mut self, global: GlobalId) -> Option<u32> {
        self.idle.take_runnable(global)
    }

    /// Whether a global has runnable idle callbacks.
    #[must_use]
    pub fn has_runnable_idle_callback(&self, global: GlobalId) -> bool {
        self.idle.has_runnable(global)
    }

    /// The earliest time of the requested idle period: the end of the last one.
    pub(super) fn next_idle_period(&self) -> Option<Duration> {
        self.idle.requested.as_ref().map(|_| self.idle.deadline)
    }

    /// Queues the task of the requested idle period, if it can begin now and would not end at once. The
    /// caller has found that nothing else can run.
    pub(super) fn begin_idle_period(&mut self) {
        let now = self.clock.peek();
        if self.next_idle_period().is_none_or(|from| from > now) {
            return;
        }
        let longest = now.saturating_add(LONGEST_IDLE_PERIOD);
        let due = self.timers.next_due().into_iter();
        let deadline = due
            .chain(self.delayed.next_due())
            .fold(longest, Duration::min);
        if deadline <= now {
            return;
        }
        if let Some(task) = self.idle.requested.take() {
            self.idle.deadline = deadline;
            let queued = self.push(TaskSource::Idle, None, task);
            self.keep_dropped(queued);
        }
    }
}
