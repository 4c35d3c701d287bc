//! An agent that logs its tasks, microtasks and timers.

use std::time::Duration;

use framepost_event_loop::{
    Agent, ClientId, EventLoop, EventLoopOptions, GlobalId, HasState, Queued, TaskSource,
    TimerKind, TimerTask,
};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Task {
    Say(&'static str),
    /// Logs, then queues itself again on the source.
    Flood(TaskSource),
    /// Sets a timeout from inside a timeout, `n` levels deep.
    Nest(u32),
    Microtask(&'static str),
    Timer(TimerTask),
}

impl From<TimerTask> for Task {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

#[derive(Debug, PartialEq)]
pub(crate) enum Microtask {
    Say(&'static str),
    Endless,
}

pub(crate) struct Page {
    pub(crate) event_loop: EventLoop<Task, Microtask>,
    pub(crate) global: GlobalId,
    pub(crate) client: ClientId,
    pub(crate) log: Vec<String>,
    pub(crate) fired: Vec<(i32, Duration)>,
    pub(crate) clear_when_fired: Option<i32>,
    pub(crate) nest: u32,
    pub(crate) checkpoints: u32,
}

impl Page {
    pub(crate) fn new(options: EventLoopOptions) -> Self {
        let mut event_loop = EventLoop::with_options(options);
        let global = event_loop.create_global();
        let client = event_loop.create_client(global);
        event_loop.set_fully_active(client, true);
        Self {
            event_loop,
            global,
            client,
            log: Vec::new(),
            fired: Vec::new(),
            clear_when_fired: None,
            nest: 0,
            checkpoints: 0,
        }
    }

    pub(crate) fn queue(&mut self, source: TaskSource, task: Task) {
        let queued = self.event_loop.queue_global_task(source, self.global, task);
        assert!(queued.is_ok(), "{queued:?}");
    }
}

impl HasState for Page {
    type State = EventLoop<Task, Microtask>;
    fn with_state<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, Microtask>) -> R) -> R {
        f(&mut self.event_loop)
    }
}

impl Agent for Page {
    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Say(what) => self.log.push(what.to_owned()),
            Task::Flood(source) => {
                self.log.push("flood".to_owned());
                self.queue(source, Task::Flood(source));
            }
            Task::Microtask(what) => {
                self.log.push(format!("task of {what}"));
                self.event_loop.queue_microtask(Microtask::Say(what));
            }
            Task::Nest(depth) => {
                self.nest = depth;
                self.event_loop
                    .timer_initialization_steps(self.global, 0, TimerKind::Timeout);
            }
            Task::Timer(task) => {
                let Some(fired) = self.event_loop.begin_timer(&task) else {
                    return;
                };
                let now = self.event_loop.peek_now();
                self.fired.push((fired.handle, now));
                if self.nest > 0 {
                    self.nest -= 1;
                    self.event_loop
                        .timer_initialization_steps(self.global, 0, TimerKind::Timeout);
                }
                if let Some(handle) = self.clear_when_fired.take() {
                    self.event_loop.clear_timer(self.global, handle);
                }
                self.event_loop.finish_timer(&task);
            }
        }
    }

    fn run_microtask(&mut self, microtask: Microtask) {
        match microtask {
            Microtask::Say(what) => self.log.push(what.to_owned()),
            Microtask::Endless => self.event_loop.queue_microtask(Microtask::Endless),
        }
    }

    fn after_checkpoint(&mut self) {
        self.checkpoints += 1;
    }
}

pub(crate) fn page() -> Page {
    Page::new(EventLoopOptions::default())
}
