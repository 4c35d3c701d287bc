//! Timers and delayed tasks.

use std::time::Duration;

use framepost_event_loop::{
    Agent as _, DropReason, EventLoopOptions, NextTask, Pending, RunOutcome, RunUntil, TaskSource,
    TimerKind, run_until,
};

use crate::page::{Page, Task, page};

#[test]
fn timers_fire_by_time_then_by_age() {
    let mut page = page();
    let late = page
        .event_loop
        .timer_initialization_steps(page.global, 20, TimerKind::Timeout)
        .0;
    let early = page
        .event_loop
        .timer_initialization_steps(page.global, 10, TimerKind::Timeout)
        .0;
    let same = page
        .event_loop
        .timer_initialization_steps(page.global, 20, TimerKind::Timeout)
        .0;
    let negative = page
        .event_loop
        .timer_initialization_steps(page.global, -5, TimerKind::Timeout)
        .0;
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    let order: Vec<i32> = page.fired.iter().map(|&(handle, _)| handle).collect();
    assert_eq!(order, [negative, early, late, same]);
    assert_eq!(order, [4, 2, 1, 3], "handles count from 1 in each window");
    assert!(page.fired[2].1 >= Duration::from_millis(20));
    assert!(
        page.fired[2].1 < Duration::from_millis(21),
        "virtual time jumps, it does not run"
    );
}

#[test]
fn delayed_tasks_run_when_due_and_end_with_their_client() {
    let mut page = Page::new(EventLoopOptions::default());
    let client = Some(page.client);
    let after = |page: &mut Page, milliseconds, client, text| {
        let delay = Duration::from_millis(milliseconds);
        let source = TaskSource::Networking;
        page.event_loop
            .queue_task_after(delay, source, client, Task::Say(text));
    };
    after(&mut page, 20, client, "later");
    after(&mut page, 10, None, "first");
    after(&mut page, 20, client, "latest");
    assert!(matches!(
        page.event_loop.pending()[0],
        Pending::Delayed {
            client: None,
            task: Task::Say("first"),
            ..
        }
    ));
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["first", "later", "latest"]);
    assert!(page.event_loop.peek_now() >= Duration::from_millis(20));
    after(&mut page, 10, client, "never");
    page.event_loop.destroy_client(page.client);
    after(&mut page, 10, client, "neither");
    let dropped = page.event_loop.take_dropped();
    let reasons: Vec<_> = dropped.iter().map(|dropped| dropped.reason).collect();
    let expected = [DropReason::ClientDestroyed, DropReason::NoClient];
    assert_eq!(reasons, expected);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log.len(), 3);
}

#[test]
fn timer_of_zero_milliseconds_runs_in_turn_with_other_tasks() {
    let mut page = page();
    page.queue(TaskSource::PostedMessage, Task::Say("before"));
    page.event_loop
        .timer_initialization_steps(page.global, 0, TimerKind::Timeout);
    page.queue(TaskSource::PostedMessage, Task::Say("after"));
    page.event_loop
        .timer_initialization_steps(page.global, 1, TimerKind::Timeout);
    let mut order = Vec::new();
    while let NextTask::Task(queued) = page.event_loop.next_task() {
        order.push(queued.source);
        page.run_task(queued);
    }
    use TaskSource::{PostedMessage, Timer};
    assert_eq!(order, [PostedMessage, Timer, PostedMessage, Timer]);
    assert_eq!(page.log, ["before", "after"]);
}

#[test]
fn sixth_nested_timeout_is_clamped_to_four_milliseconds() {
    let mut page = page();
    page.queue(TaskSource::DomManipulation, Task::Nest(7));
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    let gaps: Vec<u128> = page
        .fired
        .windows(2)
        .map(|pair| (pair[1].1 - pair[0].1).as_millis())
        .collect();
    assert_eq!(gaps, [0, 0, 0, 0, 0, 4, 4]);
}

#[test]
fn interval_repeats_until_its_callback_clears_it() {
    let mut page = page();
    let (interval, id) =
        page.event_loop
            .timer_initialization_steps(page.global, 10, TimerKind::Interval);
    assert_eq!(
        run_until(&mut page, RunUntil::idle().at(Duration::from_millis(35))),
        RunOutcome::TimeReached
    );
    assert_eq!(page.fired.len(), 3);
    assert!(page.event_loop.timer_is_active(id));
    page.clear_when_fired = Some(interval);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.fired.len(), 4);
    assert!(!page.event_loop.timer_is_active(id));
}

#[test]
fn timer_cleared_after_its_task_was_queued_does_not_fire() {
    let mut page = page();
    let (first, _) = page
        .event_loop
        .timer_initialization_steps(page.global, 0, TimerKind::Timeout);
    let (second, _) =
        page.event_loop
            .timer_initialization_steps(page.global, 0, TimerKind::Timeout);
    page.clear_when_fired = Some(second);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.fired.len(), 1);
    assert_eq!(page.fired[0].0, first);
}

#[test]
fn destroyed_global_ends_its_timers() {
    let mut page = page();
    let (_, timer) =
        page.event_loop
            .timer_initialization_steps(page.global, 10, TimerKind::Interval);
    page.event_loop.destroy_global(page.global);
    assert_eq!(page.event_loop.take_dropped_timers(), [timer]);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert!(page.fired.is_empty());
}

#[test]
fn flood_of_messages_does_not_starve_timers() {
    let mut page = page();
    page.event_loop
        .timer_initialization_steps(page.global, 1, TimerKind::Timeout);
    page.queue(
        TaskSource::PostedMessage,
        Task::Flood(TaskSource::PostedMessage),
    );
    assert_eq!(
        run_until(&mut page, RunUntil::idle().after_tasks(1_500)),
        RunOutcome::TasksReached
    );
    assert_eq!(
        page.fired.len(),
        1,
        "a task costs 1 µs, so the millisecond has passed"
    );
}
