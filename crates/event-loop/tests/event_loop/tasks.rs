//! Task queues: the order and the end of tasks.

use std::time::Duration;

use framepost_event_loop::{
    DropReason, EventLoopOptions, NextTask, OrderFreedom, Pending, RunOutcome, RunUntil, Shuffled,
    TaskSource, TimerKind, run_until,
};

use crate::page::{Microtask, Page, Task, page};

#[test]
fn oldest_task_runs_first_across_sources() {
    let mut page = page();
    page.queue(TaskSource::Timer, Task::Say("a"));
    page.queue(TaskSource::PostedMessage, Task::Say("b"));
    page.queue(TaskSource::Timer, Task::Say("c"));
    page.queue(TaskSource::Port(1), Task::Say("d"));
    page.queue(TaskSource::PostedMessage, Task::Say("e"));
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["a", "b", "c", "d", "e"]);
}

#[test]
fn tasks_of_an_inactive_client_wait_and_keep_their_order() {
    let mut page = page();
    page.queue(TaskSource::Timer, Task::Say("held"));
    page.event_loop.set_fully_active(page.client, false);
    page.queue(TaskSource::Timer, Task::Say("held too"));
    page.event_loop
        .queue_task(TaskSource::Timer, None, Task::Say("nobody's"))
        .unwrap();
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["nobody's"]);
    assert_eq!(page.event_loop.pending().len(), 2);

    page.event_loop.set_fully_active(page.client, true);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["nobody's", "held", "held too"]);
}

#[test]
fn destroyed_client_drops_its_tasks_once_with_a_reason() {
    let mut page = page();
    page.queue(TaskSource::Timer, Task::Say("a"));
    page.queue(TaskSource::Port(3), Task::Say("b"));
    page.event_loop.destroy_client(page.client);
    let dropped = page.event_loop.take_dropped();
    let told: Vec<_> = dropped
        .iter()
        .map(|dropped| (&dropped.queued.task, dropped.reason))
        .collect();
    assert_eq!(
        told,
        [
            (&Task::Say("a"), DropReason::ClientDestroyed),
            (&Task::Say("b"), DropReason::ClientDestroyed)
        ]
    );
    assert!(page.event_loop.take_dropped().is_empty());
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert!(page.log.is_empty());

    let refused = page
        .event_loop
        .queue_task(TaskSource::Timer, Some(page.client), Task::Say("late"))
        .unwrap_err();
    assert_eq!(refused.reason, DropReason::NoClient);
    assert_eq!(refused.queued.task, Task::Say("late"));
}

#[test]
fn global_task_goes_to_the_client_at_the_time_of_queueing() {
    let mut page = page();
    let first = page.client;
    page.queue(TaskSource::Timer, Task::Say("first document's"));
    let second = page.event_loop.create_client(page.global);
    page.event_loop.set_fully_active(second, true);
    page.queue(TaskSource::Timer, Task::Say("second document's"));
    page.event_loop.destroy_client(first);
    assert_eq!(page.event_loop.client_of(page.global), Some(second));
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["second document's"]);
}

#[test]
fn task_queued_in_parallel_runs_after_tasks_of_the_running_task() {
    let mut page = page();
    let client = page.event_loop.client_of(page.global);
    let source = TaskSource::Networking;
    page.event_loop
        .queue_task_in_parallel(source, client, Task::Say("answer"));
    page.queue(TaskSource::PostedMessage, Task::Say("message"));
    page.event_loop
        .timer_initialization_steps(page.global, 0, TimerKind::Timeout);
    assert_eq!(page.event_loop.pending().len(), 3);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["message", "answer"]);
    assert_eq!(page.fired.len(), 1);
}

#[test]
fn pending_lists_everything_with_its_owner() {
    let mut page = page();
    page.queue(TaskSource::PostedMessage, Task::Say("message"));
    page.event_loop.queue_microtask(Microtask::Say("micro"));
    page.event_loop
        .timer_initialization_steps(page.global, 7, TimerKind::Interval);
    page.event_loop
        .begin_outstanding(Some(page.global), "load", "http://localhost/a.html");
    let global = page.global;
    let pending = page.event_loop.pending();
    assert!(matches!(
        pending[0],
        Pending::Task {
            source: TaskSource::PostedMessage,
            runnable: true,
            task: Task::Say("message"),
            ..
        }
    ));
    assert_eq!(pending[1], Pending::Microtasks { count: 1 });
    assert_eq!(
        pending[2],
        Pending::Timer {
            global,
            handle: 1,
            due: Duration::from_millis(7),
            kind: TimerKind::Interval
        }
    );
    assert_eq!(
        pending[3],
        Pending::Outstanding {
            global: Some(global),
            what: "load",
            detail: "http://localhost/a.html"
        }
    );
    assert_eq!(pending.len(), 4);
}

#[test]
fn shuffled_schedule_is_fixed_by_its_seed_and_keeps_sources_in_order() {
    let run = |seed| {
        let mut page =
            Page::new(EventLoopOptions::new().policy(Shuffled::new(seed, OrderFreedom::Standard)));
        for name in ["m1", "m2", "m3", "m4"] {
            page.queue(TaskSource::PostedMessage, Task::Say(name));
        }
        for name in ["d1", "d2", "d3", "d4"] {
            page.queue(TaskSource::DomManipulation, Task::Say(name));
        }
        assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
        page.log
    };
    let orders: Vec<Vec<String>> = (0..20).map(run).collect();
    for (seed, order) in orders.iter().enumerate() {
        assert_eq!(*order, run(seed as u64));
        for source in ["m", "d"] {
            let of_source: Vec<_> = order
                .iter()
                .filter(|name| name.starts_with(source))
                .collect();
            assert!(of_source.is_sorted(), "{order:?}");
            assert_eq!(of_source.len(), 4);
        }
    }
    assert!(orders.iter().any(|order| *order != orders[0]));
}

#[test]
fn removed_tasks_are_returned_and_the_rest_runs() {
    let mut page = page();
    for name in ["a", "b", "c"] {
        page.queue(TaskSource::Port(9), Task::Say(name));
    }
    let client = page.client;
    let removed = page
        .event_loop
        .remove_tasks(TaskSource::Port(9), Some(client), |task| {
            *task != Task::Say("b")
        });
    assert_eq!(removed.len(), 2);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["b"]);
    assert_eq!(page.event_loop.next_task(), NextTask::Idle);
}
