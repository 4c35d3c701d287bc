//! Tests the event loop through its public interface: which tasks run, in which order, and which
//! tasks are dropped.

use std::time::Duration;

use framepost_event_loop::{
    Agent, ClientId, DropReason, EventLoop, EventLoopOptions, Freedom, GlobalId, LimitReached,
    Limits, Next, Outcome, Pending, Queued, Shuffled, Stop, TaskSource, TimerKind, TimerTask,
    WallClock, perform_a_microtask_checkpoint, run_until,
};

#[derive(Clone, Debug, PartialEq)]
enum Task {
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
enum Microtask {
    Say(&'static str),
    Endless,
}

struct Page {
    event_loop: EventLoop<Task, Microtask>,
    global: GlobalId,
    client: ClientId,
    log: Vec<String>,
    fired: Vec<(i32, Duration)>,
    clear_when_fired: Option<i32>,
    nest: u32,
    checkpoints: u32,
}

impl Page {
    fn new(options: EventLoopOptions) -> Self {
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

    fn queue(&mut self, source: TaskSource, task: Task) {
        let queued = self.event_loop.queue_global_task(source, self.global, task);
        assert!(queued.is_ok(), "{queued:?}");
    }
}

impl Agent for Page {
    type Task = Task;
    type Microtask = Microtask;

    fn with_loop<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, Microtask>) -> R) -> R {
        f(&mut self.event_loop)
    }

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

fn page() -> Page {
    Page::new(EventLoopOptions::default())
}

#[test]
fn oldest_task_runs_first_whatever_its_source() {
    let mut page = page();
    page.queue(TaskSource::Timer, Task::Say("a"));
    page.queue(TaskSource::PostedMessage, Task::Say("b"));
    page.queue(TaskSource::Timer, Task::Say("c"));
    page.queue(TaskSource::Port(1), Task::Say("d"));
    page.queue(TaskSource::PostedMessage, Task::Say("e"));
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
    assert_eq!(page.log, ["a", "b", "c", "d", "e"]);
}

#[test]
fn microtasks_run_after_every_task_and_not_inside_a_checkpoint() {
    let mut page = page();
    page.queue(TaskSource::Timer, Task::Microtask("one"));
    page.queue(TaskSource::Timer, Task::Microtask("two"));
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
fn tasks_of_an_inactive_client_wait_and_keep_their_order() {
    let mut page = page();
    page.queue(TaskSource::Timer, Task::Say("held"));
    page.event_loop.set_fully_active(page.client, false);
    page.queue(TaskSource::Timer, Task::Say("held too"));
    page.event_loop
        .queue_task(TaskSource::Timer, None, Task::Say("nobody's"))
        .unwrap();
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
    assert_eq!(page.log, ["nobody's"]);
    assert_eq!(page.event_loop.pending().len(), 2);

    page.event_loop.set_fully_active(page.client, true);
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
    assert!(page.log.is_empty());

    let refused = page
        .event_loop
        .queue_task(TaskSource::Timer, Some(page.client), Task::Say("late"))
        .unwrap_err();
    assert_eq!(refused.reason, DropReason::ClientGone);
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
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
    assert_eq!(page.log, ["second document's"]);
}

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
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
    assert_eq!(page.log, ["first", "later", "latest"]);
    assert!(page.event_loop.peek_now() >= Duration::from_millis(20));
    after(&mut page, 10, client, "never");
    page.event_loop.destroy_client(page.client);
    after(&mut page, 10, client, "neither");
    let dropped = page.event_loop.take_dropped();
    let reasons: Vec<_> = dropped.iter().map(|dropped| dropped.reason).collect();
    let expected = [DropReason::ClientDestroyed, DropReason::ClientGone];
    assert_eq!(reasons, expected);
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
    while let Next::Task(queued) = page.event_loop.next_task() {
        order.push(queued.source);
        page.run_task(queued);
    }
    use TaskSource::{PostedMessage, Timer};
    assert_eq!(order, [PostedMessage, Timer, PostedMessage, Timer]);
    assert_eq!(page.log, ["before", "after"]);
}

#[test]
fn task_queued_in_parallel_runs_behind_tasks_of_the_running_task() {
    let mut page = page();
    let client = page.event_loop.client_of(page.global);
    let source = TaskSource::Networking;
    page.event_loop
        .queue_task_in_parallel(source, client, Task::Say("answer"));
    page.queue(TaskSource::PostedMessage, Task::Say("message"));
    page.event_loop
        .timer_initialization_steps(page.global, 0, TimerKind::Timeout);
    assert_eq!(page.event_loop.pending().len(), 3);
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
    assert_eq!(page.log, ["message", "answer"]);
    assert_eq!(page.fired.len(), 1);
}

#[test]
fn sixth_nested_timeout_is_clamped_to_four_milliseconds() {
    let mut page = page();
    page.queue(TaskSource::DomManipulation, Task::Nest(7));
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
        run_until(&mut page, Stop::idle().at(Duration::from_millis(35))),
        Outcome::TimeReached
    );
    assert_eq!(page.fired.len(), 3);
    assert!(page.event_loop.timer_is_active(id));
    page.clear_when_fired = Some(interval);
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
        run_until(&mut page, Stop::idle().after_tasks(1_500)),
        Outcome::TasksReached
    );
    assert_eq!(
        page.fired.len(),
        1,
        "a task costs 1 µs, so the millisecond has passed"
    );
}

#[test]
fn endless_microtask_chain_reaches_a_limit_and_loses_no_task() {
    let limits = Limits::default().with_microtasks_per_checkpoint(Some(1_000));
    let mut page = Page::new(EventLoopOptions::new().limits(limits));
    page.event_loop.queue_microtask(Microtask::Endless);
    page.queue(TaskSource::Timer, Task::Say("before the chain"));
    page.queue(TaskSource::Timer, Task::Say("after the chain"));
    let reached = Outcome::LimitReached(LimitReached::MicrotasksPerCheckpoint);
    assert_eq!(run_until(&mut page, Stop::idle()), reached);
    assert_eq!(
        run_until(&mut page, Stop::idle()),
        reached,
        "it stays stopped"
    );
    assert_eq!(page.log, ["before the chain"]);

    page.event_loop.clear_limit_reached();
    assert_eq!(page.event_loop.take_microtasks(), [Microtask::Endless]);
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
    assert_eq!(page.log, ["before the chain", "after the chain"]);
}

#[test]
fn virtual_time_does_not_jump_while_an_answer_is_outstanding() {
    let mut page = page();
    page.event_loop
        .timer_initialization_steps(page.global, 5, TimerKind::Timeout);
    let load =
        page.event_loop
            .begin_outstanding(Some(page.global), "load", "http://localhost/slow.html");
    assert_eq!(
        run_until(&mut page, Stop::idle()),
        Outcome::Waiting {
            until: Some(Duration::from_millis(5)),
            outstanding: 1
        }
    );
    assert!(page.fired.is_empty());
    page.event_loop.end_outstanding(load);
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
        run_until(&mut page, Stop::idle()),
        Outcome::Waiting {
            until: Some(_),
            outstanding: 0
        }
    ));
}

#[test]
fn shuffled_schedule_is_fixed_by_its_seed_and_keeps_sources_in_order() {
    let run = |seed| {
        let mut page =
            Page::new(EventLoopOptions::new().policy(Shuffled::new(seed, Freedom::Standard)));
        for name in ["m1", "m2", "m3", "m4"] {
            page.queue(TaskSource::PostedMessage, Task::Say(name));
        }
        for name in ["d1", "d2", "d3", "d4"] {
            page.queue(TaskSource::DomManipulation, Task::Say(name));
        }
        assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
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
    assert_eq!(run_until(&mut page, Stop::idle()), Outcome::Idle);
    assert_eq!(page.log, ["b"]);
    assert_eq!(page.event_loop.next_task(), Next::Idle);
}

#[test]
fn checkpoints_do_not_nest() {
    struct Nested(EventLoop<Task, Microtask>, Vec<&'static str>);
    impl Agent for Nested {
        type Task = Task;
        type Microtask = Microtask;
        fn with_loop<R>(&mut self, f: impl FnOnce(&mut EventLoop<Task, Microtask>) -> R) -> R {
            f(&mut self.0)
        }
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
