//! Microtask checkpoints.

use framepost_event_loop::{
    Agent, EventLoop, EventLoopLimits, EventLoopOptions, HasState, LimitReached, Queued,
    RunOutcome, RunUntil, TaskSource, perform_a_microtask_checkpoint, run_until,
};

use crate::page::{Microtask, Page, Task, page};

#[test]
fn microtasks_run_after_every_task_and_not_inside_a_checkpoint() {
    let mut page = page();
    page.queue(TaskSource::Timer, Task::Microtask("one"));
    page.queue(TaskSource::Timer, Task::Microtask("two"));
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["task of one", "one", "task of two", "two"]);
    assert_eq!(page.checkpoints, 2);
}

#[test]
fn checkpoint_is_due_when_the_outermost_script_ends() {
    let mut event_loop: EventLoop<Task, Microtask> = EventLoop::new();
    event_loop.prepare_to_run_script();
    event_loop.prepare_to_run_script();
    assert!(!event_loop.clean_up_after_running_script());
    assert!(event_loop.clean_up_after_running_script());
}

#[test]
fn endless_microtask_chain_reaches_a_limit_and_loses_no_task() {
    let limits = EventLoopLimits::default().with_microtasks_per_checkpoint(Some(1_000));
    let mut page = Page::new(EventLoopOptions::new().limits(limits));
    page.event_loop.queue_microtask(Microtask::Endless);
    page.queue(TaskSource::Timer, Task::Say("before the chain"));
    page.queue(TaskSource::Timer, Task::Say("after the chain"));
    let reached = RunOutcome::LimitReached(LimitReached::MicrotasksPerCheckpoint);
    assert_eq!(run_until(&mut page, RunUntil::idle()), reached);
    assert_eq!(
        run_until(&mut page, RunUntil::idle()),
        reached,
        "it stays stopped"
    );
    assert_eq!(page.log, ["before the chain"]);

    page.event_loop.clear_limit_reached();
    assert_eq!(page.event_loop.take_microtasks(), [Microtask::Endless]);
    assert_eq!(run_until(&mut page, RunUntil::idle()), RunOutcome::Idle);
    assert_eq!(page.log, ["before the chain", "after the chain"]);
}

#[test]
fn checkpoints_do_not_nest() {
    struct Nested(EventLoop<Task, Microtask>, Vec<&'static str>);
    impl HasState for Nested {
        type State = EventLoop<Task, Microtask>;
        fn with_state<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, Microtask>) -> R) -> R {
            f(&mut self.0)
        }
    }

    impl Agent for Nested {
        fn run_task(&mut self, _: Queued<Task>) {}
        fn run_microtask(&mut self, microtask: Microtask) {
            let Microtask::Say(what) = microtask else {
                return;
            };
            self.1.push(what);
            if what == "outer" {
                self.0.queue_microtask(Microtask::Say("inner"));
                perform_a_microtask_checkpoint(self);
                self.1.push("outer ends");
            }
        }
    }
    let mut agent = Nested(EventLoop::new(), Vec::new());
    agent.0.queue_microtask(Microtask::Say("outer"));
    perform_a_microtask_checkpoint(&mut agent);
    assert_eq!(agent.1, ["outer", "outer ends", "inner"]);
}

#[test]
fn checkpoint_ends_after_the_part_of_the_embedder() {
    struct Ending(EventLoop<Task, Microtask>, Vec<&'static str>);
    impl HasState for Ending {
        type State = EventLoop<Task, Microtask>;
        fn with_state<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, Microtask>) -> R) -> R {
            f(&mut self.0)
        }
    }

    impl Agent for Ending {
        fn run_task(&mut self, _: Queued<Task>) {}
        fn run_microtask(&mut self, _: Microtask) {
            self.1.push("microtask");
        }
        fn after_checkpoint(&mut self) {
            self.1.push("after the checkpoint");
            self.0.queue_microtask(Microtask::Say("late"));
            perform_a_microtask_checkpoint(self);
        }
    }
    let mut agent = Ending(EventLoop::new(), Vec::new());
    perform_a_microtask_checkpoint(&mut agent);
    assert_eq!(agent.1, ["after the checkpoint"]);
}

/// An agent whose script engine has a queue of its own.
#[derive(Default)]
struct WithJobs {
    event_loop: EventLoop<Task, Microtask>,
    jobs: Vec<&'static str>,
    log: Vec<&'static str>,
}

impl HasState for WithJobs {
    type State = EventLoop<Task, Microtask>;
    fn with_state<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, Microtask>) -> R) -> R {
        f(&mut self.event_loop)
    }
}

impl Agent for WithJobs {
    fn run_task(&mut self, _: Queued<Task>) {}
    fn run_microtask(&mut self, microtask: Microtask) {
        if let Microtask::Say(what) = microtask {
            self.log.push(what);
            self.jobs.push("job of a microtask");
        }
    }
    fn run_engine_jobs(&mut self) -> bool {
        let jobs = std::mem::take(&mut self.jobs);
        for job in &jobs {
            self.log.push(job);
            if *job == "job" {
                self.event_loop
                    .queue_microtask(Microtask::Say("microtask of a job"));
            }
        }
        !jobs.is_empty()
    }
    fn after_checkpoint(&mut self) {
        self.log.push("after");
    }
}

#[test]
fn checkpoint_empties_the_queue_of_the_engine_too() {
    let mut agent = WithJobs::default();
    agent.jobs.push("job");
    perform_a_microtask_checkpoint(&mut agent);
    assert_eq!(
        agent.log,
        ["job", "microtask of a job", "job of a microtask", "after"]
    );
}

#[test]
fn no_checkpoint_while_script_runs() {
    let mut agent = WithJobs::default();
    agent.jobs.push("job of a microtask");
    agent.event_loop.prepare_to_run_script();
    perform_a_microtask_checkpoint(&mut agent);
    assert!(agent.log.is_empty());
    assert!(agent.event_loop.clean_up_after_running_script());
    perform_a_microtask_checkpoint(&mut agent);
    assert_eq!(agent.log, ["job of a microtask", "after"]);
}
