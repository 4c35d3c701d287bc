//! Two timers on a virtual clock: an hour passes at once.
//!
//! Run with `cargo run -p framepost-event-loop --example virtual_time`.

use framepost_event_loop::{
    Agent, EventLoop, HasState, Queued, RunOutcome, RunUntil, TimerKind, TimerTask, run_until,
};

struct Clockwork {
    event_loop: EventLoop<TimerTask, ()>,
}

impl HasState for Clockwork {
    type State = EventLoop<TimerTask, ()>;
    fn with_state<R>(&mut self, f: impl FnOnce(&mut EventLoop<TimerTask, ()>) -> R) -> R {
        f(&mut self.event_loop)
    }
}

impl Agent for Clockwork {
    fn run_task(&mut self, queued: Queued<TimerTask>) {
        let task = queued.task;
        // The timer may have been cleared after its task was queued.
        if let Some(fired) = self.event_loop.begin_timer(&task) {
            println!("{:?}: timer {}", self.event_loop.peek_now(), fired.handle);
        }
        self.event_loop.finish_timer(&task);
    }

    fn run_microtask(&mut self, (): ()) {}
}

fn main() {
    let mut agent = Clockwork {
        event_loop: EventLoop::new(),
    };
    let event_loop = &mut agent.event_loop;
    let global = event_loop.create_global();
    let client = event_loop.create_client(global);
    event_loop.set_fully_active(client, true);

    const HOUR_MS: i32 = 3_600_000;
    event_loop.timer_initialization_steps(global, HOUR_MS, TimerKind::Timeout);
    event_loop.timer_initialization_steps(global, 500, TimerKind::Timeout);
    assert_eq!(run_until(&mut agent, RunUntil::idle()), RunOutcome::Idle);
}
