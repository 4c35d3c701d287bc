//! A thread queues a task on an event loop that waits for it.
//!
//! Run with `cargo run -p framepost-event-loop --example inbox`.

use std::sync::Arc;
use std::task::{Wake, Waker};
use std::thread::{self, Thread};

use framepost_event_loop::{
    Agent, EventLoop, HasState, OutstandingId, Queued, RunOutcome, RunUntil, TaskSource, TimerTask,
    run_until,
};

#[derive(Debug)]
enum Task {
    Answer(u64),
    Timer(TimerTask),
}

impl From<TimerTask> for Task {
    fn from(task: TimerTask) -> Self {
        Self::Timer(task)
    }
}

struct Asker {
    event_loop: EventLoop<Task, ()>,
    outstanding: Option<OutstandingId>,
    answer: Option<u64>,
}

impl HasState for Asker {
    type State = EventLoop<Task, ()>;
    fn with_state<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, ()>) -> R) -> R {
        f(&mut self.event_loop)
    }
}

impl Agent for Asker {
    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Answer(answer) => {
                self.answer = Some(answer);
                if let Some(outstanding) = self.outstanding.take() {
                    self.event_loop.end_outstanding(outstanding);
                }
            }
            Task::Timer(task) => {
                self.event_loop.finish_timer(&task);
            }
        }
    }

    fn run_microtask(&mut self, (): ()) {}
}

/// Wakes a parked thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn main() {
    let mut event_loop: EventLoop<Task, ()> = EventLoop::new();
    event_loop.set_waker(Waker::from(Arc::new(Unpark(thread::current()))));
    let inbox = event_loop.inbox();
    // While an answer is outstanding, the loop waits and does not report that it is idle.
    let outstanding = event_loop.begin_outstanding(None, "answer", "6 * 7");
    let mut asker = Asker {
        event_loop,
        outstanding: Some(outstanding),
        answer: None,
    };

    let thread =
        thread::spawn(move || inbox.queue_task(TaskSource::Networking, None, Task::Answer(6 * 7)));
    while let RunOutcome::Waiting { .. } = run_until(&mut asker, RunUntil::idle()) {
        thread::park();
    }
    println!("the answer is {:?}", asker.answer);
    drop(thread.join());
}
