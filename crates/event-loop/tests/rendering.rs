//! Rendering opportunities, idle periods and scheduler task queues, as an embedder drives them.

use std::time::Duration;

use framepost_event_loop::{
    Agent, ClientId, EventLoop, GlobalId, HasState, Queued, RunOutcome, RunUntil,
    SchedulerQueueKind, TaskPriority, TaskSource, TimerKind, TimerTask, run_until,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Say(&'static str),
    UpdateTheRendering,
    StartAnIdlePeriod,
    Timer(TimerTask),
}

impl From<TimerTask> for Task {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

/// A page that requests `frames` frames and `idle_periods` idle periods.
struct Page {
    event_loop: EventLoop<Task, ()>,
    global: GlobalId,
    client: ClientId,
    frames: usize,
    idle_periods: usize,
    seen: Vec<String>,
}

impl Page {
    fn new() -> Self {
        let mut event_loop = EventLoop::new();
        let global = event_loop.create_global();
        let client = event_loop.create_client(global);
        event_loop.set_fully_active(client, true);
        Self {
            event_loop,
            global,
            client,
            frames: 0,
            idle_periods: 0,
            seen: Vec::new(),
        }
    }

    fn request_frame(&mut self) {
        self.event_loop.request_animation_frame(self.global);
        self.event_loop
            .request_rendering_opportunity(|| Task::UpdateTheRendering);
    }

    fn request_idle(&mut self) {
        self.event_loop.request_idle_callback(self.global);
        self.event_loop
            .request_idle_period(|| Task::StartAnIdlePeriod);
    }

    fn schedule(&mut self, priority: TaskPriority, kind: SchedulerQueueKind, name: &'static str) {
        let event_loop = &mut self.event_loop;
        let queue = event_loop.create_scheduler_queue(Some(self.client), priority, kind);
        let source = TaskSource::Scheduler(queue);
        let queued = event_loop.queue_task(source, Some(self.client), Task::Say(name));
        assert!(event_loop.keep_dropped(queued));
    }

    fn say(&mut self, source: TaskSource, name: &'static str) {
        let queued = self
            .event_loop
            .queue_task(source, Some(self.client), Task::Say(name));
        assert!(self.event_loop.keep_dropped(queued));
    }

    fn run(&mut self) -> &[String] {
        assert_eq!(run_until(self, RunUntil::idle()), RunOutcome::Idle);
        &self.seen
    }
}

impl HasState for Page {
    type State = EventLoop<Task, ()>;
    fn with_state<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, ()>) -> R) -> R {
        f(&mut self.event_loop)
    }
}

impl Agent for Page {
    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Say(name) => self.seen.push(name.to_owned()),
            Task::UpdateTheRendering => {
                let time = self.event_loop.begin_rendering();
                for global in self.event_loop.animation_frame_globals() {
                    for handle in self.event_loop.animation_frames(global) {
                        if self.event_loop.remove_animation_frame(global, handle) {
                            self.seen.push(format!("frame {handle} at {time:?}"));
                        }
                    }
                }
                if self.frames > 0 {
                    self.frames -= 1;
                    self.request_frame();
                }
            }
            Task::StartAnIdlePeriod => {
                for global in self.event_loop.start_an_idle_period() {
                    while let Some(handle) = self.event_loop.take_idle_callback(global) {
                        let left = self.event_loop.idle_deadline() - self.event_loop.peek_now();
                        self.seen
                            .push(format!("idle {handle}: {} ms", left.as_millis()));
                    }
                }
                if self.idle_periods > 0 {
                    self.idle_periods -= 1;
                    self.request_idle();
                }
            }
            Task::Timer(timer) => {
                self.event_loop.begin_timer(&timer);
                self.seen.push("timer".to_owned());
                self.event_loop.finish_timer(&timer);
            }
        }
    }

    fn run_microtask(&mut self, (): ()) {}
}

#[test]
fn page_without_animation_frames_has_no_rendering_opportunities() {
    let mut page = Page::new();
    page.say(TaskSource::Networking, "load");
    assert_eq!(page.run(), ["load"]);
    assert!(page.event_loop.peek_now() < Duration::from_millis(1));
}

#[test]
fn callbacks_of_one_frame_share_its_time_and_the_next_frame_comes_later() {
    let mut page = Page::new();
    page.frames = 1;
    page.request_frame();
    page.request_frame();
    assert_eq!(
        page.run(),
        [
            "frame 1 at 16.666667ms",
            "frame 2 at 16.666667ms",
            "frame 3 at 33.333334ms",
        ]
    );
}

#[test]
fn removed_callback_does_not_run() {
    let mut page = Page::new();
    page.request_frame();
    let handle = page.event_loop.request_animation_frame(page.global);
    assert!(page.event_loop.remove_animation_frame(page.global, handle));
    assert!(!page.event_loop.remove_animation_frame(page.global, handle));
    assert_eq!(page.run(), ["frame 1 at 16.666667ms"]);
}

#[test]
fn destroyed_global_loses_its_callbacks() {
    let mut page = Page::new();
    page.request_frame();
    page.request_idle();
    page.event_loop.destroy_global(page.global);
    assert!(page.run().is_empty());
}

#[test]
fn idle_period_waits_for_all_tasks_and_ends_at_the_next_timer() {
    let mut page = Page::new();
    page.request_idle();
    let timeout = TimerKind::Timeout;
    page.event_loop
        .timer_initialization_steps(page.global, 20, timeout);
    page.say(TaskSource::Networking, "load");
    assert_eq!(page.run(), ["load", "idle 1: 19 ms", "timer"]);
}

#[test]
fn idle_period_lasts_fifty_milliseconds_and_the_next_follows_it() {
    let mut page = Page::new();
    page.idle_periods = 2;
    page.request_idle();
    assert_eq!(
        page.run(),
        ["idle 1: 49 ms", "idle 2: 49 ms", "idle 3: 49 ms"]
    );
    assert!(page.event_loop.peek_now() >= Duration::from_millis(100));
}

#[test]
fn scheduled_tasks_run_by_priority_around_the_others() {
    let mut page = Page::new();
    page.schedule(
        TaskPriority::Background,
        SchedulerQueueKind::Tasks,
        "background",
    );
    page.schedule(
        TaskPriority::Background,
        SchedulerQueueKind::Continuations,
        "background continuation",
    );
    page.schedule(
        TaskPriority::UserVisible,
        SchedulerQueueKind::Tasks,
        "visible",
    );
    page.say(TaskSource::PostedMessage, "message");
    page.schedule(
        TaskPriority::UserVisible,
        SchedulerQueueKind::Continuations,
        "visible continuation",
    );
    page.schedule(
        TaskPriority::UserBlocking,
        SchedulerQueueKind::Tasks,
        "blocking",
    );
    page.schedule(
        TaskPriority::UserBlocking,
        SchedulerQueueKind::Continuations,
        "blocking continuation",
    );
    assert_eq!(
        page.run(),
        [
            "blocking continuation",
            "blocking",
            "visible continuation",
            "visible",
            "message",
            "background continuation",
            "background",
        ]
    );
}

#[test]
fn changed_priority_moves_tasks_that_wait() {
    let mut page = Page::new();
    let (client, event_loop) = (Some(page.client), &mut page.event_loop);
    let queue = event_loop.create_scheduler_queue(
        client,
        TaskPriority::Background,
        SchedulerQueueKind::Tasks,
    );
    for name in ["first", "second"] {
        let source = TaskSource::Scheduler(queue);
        let queued = event_loop.queue_task(source, client, Task::Say(name));
        assert!(event_loop.keep_dropped(queued));
    }
    page.say(TaskSource::PostedMessage, "message");
    page.event_loop
        .set_scheduler_queue_priority(queue, TaskPriority::UserBlocking);
    assert_eq!(page.run(), ["first", "second", "message"]);
}

#[test]
fn tasks_of_an_inactive_client_wait_at_any_priority() {
    let mut page = Page::new();
    page.schedule(
        TaskPriority::UserBlocking,
        SchedulerQueueKind::Tasks,
        "blocking",
    );
    page.event_loop.set_fully_active(page.client, false);
    assert!(matches!(
        run_until(&mut page, RunUntil::idle()),
        RunOutcome::Idle
    ));
    assert!(page.seen.is_empty());
    page.event_loop.set_fully_active(page.client, true);
    assert_eq!(page.run(), ["blocking"]);
}
