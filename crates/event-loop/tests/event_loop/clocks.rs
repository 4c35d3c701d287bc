//! Clocks, and answers from outside the loop.

use std::time::Duration;

use framepost_event_loop::{
    EventLoopOptions, RunOutcome, RunUntil, TaskSource, TimerKind, WallClock, run_until,
};

use crate::page::{Page, Task, page};

#[test]
fn virtual_time_does_not_jump_while_an_answer_is_outstanding() {
    let mut page = page();
    page.event_loop
        .timer_initialization_steps(page.global, 5, TimerKind::Timeout);
    let load =
        page.event_loop
            .begin_outstanding(Some(page.global), "load", "http://localhost/slow.html");
    assert_eq!(
        run_until(&mut page, RunUntil::idle()),
        RunOutcome::Waiting {
            until: Some(Duration::from_millis(5)),
            outstanding: 1
        }
    );
    assert!(page.fired.is_empty());
    page.event_loop.end_outstanding(load);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.fired.len(), 1);
}

#[test]
fn thread_queues_through_the_inbox_and_wakes_the_loop() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Count(AtomicUsize);
    impl std::task::Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let mut page = page();
    let woken = Arc::new(Count(AtomicUsize::new(0)));
    page.event_loop.set_waker(Arc::clone(&woken).into());
    let inbox = page.event_loop.inbox();
    let client = page.client;
    std::thread::spawn({
        let inbox = inbox.clone();
        move || {
            inbox
                .queue_task(TaskSource::Networking, Some(client), Task::Say("from afar"))
                .unwrap();
        }
    })
    .join()
    .unwrap();
    assert_eq!(woken.0.load(Ordering::SeqCst), 1);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["from afar"]);

    drop(page);
    let back = inbox.queue_task(TaskSource::Networking, None, Task::Say("too late"));
    assert_eq!(back.unwrap_err().0, Task::Say("too late"));
}

#[test]
fn wall_clock_makes_the_embedder_wait() {
    let mut page = Page::new(EventLoopOptions::new().clock(WallClock::new()));
    page.event_loop
        .timer_initialization_steps(page.global, 3_600_000, TimerKind::Timeout);
    assert!(matches!(
        run_until(&mut page, RunUntil::idle()),
        RunOutcome::Waiting {
            until: Some(_),
            outstanding: 0
        }
    ));
}
