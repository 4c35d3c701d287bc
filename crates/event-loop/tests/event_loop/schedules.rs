//! Tests of schedules: what may run next, names, records, and departures.

use std::time::Duration;

use framepost_event_loop::explore::{Exhaustive, Exploration, Strategy, explore, narrow, shrink};
use framepost_event_loop::{
    AgentId, EventLoopOptions, Hold, Order, OrderFreedom, Record, RunOutcome, RunUntil, Schedule,
    TaskSource, TimerKind, run_until,
};

use crate::page::{Page, Task};

fn with(schedule: &Schedule) -> Page {
    Page::new(EventLoopOptions::new().schedule(schedule))
}

/// Runs two messages, a DOM task and a timer of 30 ms. Returns their order.
fn program(schedule: &Schedule) -> (String, Record) {
    let mut page = with(schedule);
    let global = page.global;
    page.event_loop
        .timer_initialization_steps(global, 30, TimerKind::Timeout);
    page.queue(TaskSource::PostedMessage, Task::Say("m1"));
    page.queue(TaskSource::PostedMessage, Task::Say("m2"));
    page.queue(TaskSource::DomManipulation, Task::Say("d"));
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    let record = page.event_loop.take_record();
    let mut said = page.log.into_iter();
    let order = record.ran.iter().map(|ran| match ran.source {
        TaskSource::Timer => "t".to_owned(),
        _ => said.next().unwrap_or_default(),
    });
    (order.collect::<Vec<_>>().join(" "), record)
}

#[test]
fn schedule_without_departures_has_the_default_order() {
    let (order, record) = program(&Schedule::default());
    assert_eq!(order, "m1 m2 d t");
    assert_eq!(record.holds(), []);
}

#[test]
fn departures_and_choices_of_a_random_run_repeat_it() {
    let mut orders = std::collections::BTreeSet::new();
    for seed in 0..50 {
        let (order, record) = program(&Schedule::new(Order::Random { seed }));
        let held = program(&Schedule::new(Order::Held(record.holds())));
        assert_eq!(held.0, order, "{:?}", record.holds());
        let recorded = program(&Schedule::new(Order::Recorded(record.choices())));
        assert_eq!(recorded, (order.clone(), record));
        orders.insert(order);
    }
    // The timer and the DOM task at any place, the messages in order.
    assert_eq!(orders.len(), 12, "{orders:?}");
}

#[test]
fn timer_overtakes_only_within_the_slack() {
    let seen = |slack| {
        let orders = (0..50).map(|seed| {
            let schedule = Schedule::new(Order::Random { seed });
            program(&schedule.slack(Duration::from_millis(slack))).0
        });
        orders.collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!(seen(4 * 29), 3);
    assert_eq!(seen(4 * 30), 12);
}

#[test]
fn every_strategy_finds_the_other_order_and_it_shrinks_to_one_departure() {
    for strategy in [
        Strategy::Portfolio,
        Strategy::Pairs,
        Strategy::Random,
        Strategy::Pctcp(2),
        Strategy::Pctcp(3),
        Strategy::Sampling,
    ] {
        let mut exploration = Exploration::new(strategy);
        let (_, usual) = program(&exploration.schedule(0));
        exploration.learn(&usual);
        let is_late = |order: &str| order.ends_with("m2");
        let found = (1..60).find_map(|number| {
            let (order, record) = program(&exploration.schedule(number));
            is_late(&order).then_some(record)
        });
        let record = found.unwrap_or_else(|| panic!("{strategy} has not found it"));
        let shows = |holds: &[Hold]| is_late(&program(&exploration.with_holds(holds)).0);
        let holds = shrink(record.holds(), shows);
        assert!(holds.len() <= 2, "{strategy}: {holds:?}");
        let holds = narrow(holds, &usual, &record, shows);
        assert!(shows(&holds));
    }
}

#[test]
fn tasks_of_two_agents_are_free_and_of_one_are_not() {
    let orders = |agent| {
        let run = |seed| {
            let mut page = with(&Schedule::new(Order::Random { seed }));
            let global = page.event_loop.create_global();
            let other = page.event_loop.create_client(global);
            page.event_loop.set_agent(other, AgentId(agent));
            page.event_loop.set_fully_active(other, true);
            page.queue(TaskSource::PostedMessage, Task::Say("a"));
            let queued =
                page.event_loop
                    .queue_task(TaskSource::PostedMessage, Some(other), Task::Say("b"));
            assert!(queued.is_ok());
            assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
            page.log.join(" ")
        };
        (0..20)
            .map(run)
            .collect::<std::collections::BTreeSet<_>>()
            .len()
    };
    assert_eq!(orders(0), 1);
    assert_eq!(orders(1), 2);
}

#[test]
fn responses_of_one_document_arrive_in_any_order() {
    let run = |seed| {
        let schedule = Schedule::new(Order::Random { seed }).freedom(OrderFreedom::Standard);
        let mut page = with(&schedule);
        for name in ["1", "2", "3"] {
            page.queue(TaskSource::Networking, Task::Say(name));
        }
        assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
        page.log.concat()
    };
    let orders: std::collections::BTreeSet<String> = (0..60).map(run).collect();
    assert_eq!(orders.len(), 6, "{orders:?}");
}

#[test]
fn exhaustive_search_finds_every_order_once() {
    let mut search = Exhaustive::new(OrderFreedom::Standard, Schedule::DEFAULT_SLACK);
    let mut orders = Vec::new();
    while let Some(schedule) = search.next_schedule() {
        let (order, record) = program(&schedule);
        search.ran(&record);
        orders.push(order);
    }
    let different: std::collections::BTreeSet<&String> = orders.iter().collect();
    assert_eq!((orders.len(), different.len()), (12, 12), "{orders:?}");
    assert_eq!(search.pruned(), 0);
}

#[test]
fn exhaustive_search_does_not_swap_tasks_of_different_agents() {
    let run = |schedule: &Schedule| {
        let mut page = with(schedule);
        let global = page.event_loop.create_global();
        let other = page.event_loop.create_client(global);
        page.event_loop.set_agent(other, AgentId(1));
        page.event_loop.set_fully_active(other, true);
        for source in [TaskSource::PostedMessage, TaskSource::DomManipulation] {
            page.queue(source, Task::Say("a"));
            let queued = page
                .event_loop
                .queue_task(source, Some(other), Task::Say("b"));
            assert!(queued.is_ok());
        }
        assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
        page.event_loop.take_record()
    };
    let mut search = Exhaustive::new(OrderFreedom::Standard, Schedule::DEFAULT_SLACK);
    let mut runs = 0;
    while let Some(schedule) = search.next_schedule() {
        let record = run(&schedule);
        search.ran(&record);
        runs += 1;
    }
    // All four tasks have 24 orders; each agent's two have two.
    assert!((4..24).contains(&runs), "{runs}");
    assert!(search.pruned() > 0);
}

#[test]
fn exploration_of_any_program_groups_and_shrinks_its_outcomes() {
    let exploration = Exploration::new(Strategy::Portfolio);
    let found = explore(exploration, 60, |schedule| {
        let (order, record) = program(schedule);
        (order.ends_with('t'), record)
    });
    assert_eq!(found.len(), 2);
    assert!(found[0].outcome && found[0].holds.is_empty());
    assert_eq!(found[1].holds.len(), 1);
    assert_eq!(found[0].runs + found[1].runs, 60);
}
