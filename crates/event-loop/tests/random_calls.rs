//! Random calls of the event loop: nothing panics, time never goes back, and each task runs or is dropped exactly
//! once. `PROPTEST_CASES` sets the number of programs.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::time::Duration;

use framepost_event_loop::{
    ClientId, EventLoop, GlobalId, NextTask, TaskSource, TimerKind, TimerTask,
};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Numbered(u64),
    Timer(TimerTask),
}

impl From<TimerTask> for Task {
    fn from(timer: TimerTask) -> Self {
        Self::Timer(timer)
    }
}

const SOURCES: [TaskSource; 4] = [
    TaskSource::DomManipulation,
    TaskSource::Networking,
    TaskSource::Timer,
    TaskSource::NavigationAndTraversal,
];

/// A call. The numbers select a global, a client or a source, also one that is gone.
#[derive(Clone, Debug)]
pub enum Call {
    CreateGlobal,
    CreateClient(usize),
    SetFullyActive(usize, bool),
    DestroyClient(usize),
    DestroyGlobal(usize),
    Queue(usize, Option<usize>),
    QueueForGlobal(usize, usize),
    QueueInParallel(usize, Option<usize>),
    QueueAfter(usize, Option<usize>, u64),
    Remove(usize, Option<usize>, u64),
    SetTimer(usize, i32, bool),
    ClearTimer(usize, i32),
    Microtask,
    NextTask,
    NextUntil(u64),
    ReadClock,
}

fn call() -> impl Strategy<Value = Call> {
    let n = || 0..6_usize;
    let client = || proptest::option::of(0..6_usize);
    prop_oneof![
        2 => Just(Call::CreateGlobal),
        3 => n().prop_map(Call::CreateClient),
        3 => (n(), any::<bool>()).prop_map(|(n, active)| Call::SetFullyActive(n, active)),
        1 => n().prop_map(Call::DestroyClient),
        1 => n().prop_map(Call::DestroyGlobal),
        6 => (n(), client()).prop_map(|(source, client)| Call::Queue(source, client)),
        3 => (n(), n()).prop_map(|(source, global)| Call::QueueForGlobal(source, global)),
        2 => (n(), client()).prop_map(|(source, client)| Call::QueueInParallel(source, client)),
        2 => (n(), client(), any::<u64>())
            .prop_map(|(source, client, delay)| Call::QueueAfter(source, client, delay >> 20)),
        1 => (n(), client(), 1..4_u64)
            .prop_map(|(source, client, modulus)| Call::Remove(source, client, modulus)),
        3 => (n(), any::<i32>(), any::<bool>())
            .prop_map(|(global, time, repeats)| Call::SetTimer(global, time, repeats)),
        2 => (n(), -1..6_i32).prop_map(|(global, handle)| Call::ClearTimer(global, handle)),
        1 => Just(Call::Microtask),
        8 => Just(Call::NextTask),
        2 => any::<u64>().prop_map(|end| Call::NextUntil(end >> 30)),
        1 => Just(Call::ReadClock),
    ]
}

/// A program.
pub fn calls() -> impl Strategy<Value = Vec<Call>> {
    proptest::collection::vec(call(), 0..60)
}

/// A program of bytes, for a fuzzer: four make a call.
pub fn calls_of_bytes(bytes: &[u8]) -> Vec<Call> {
    let calls = bytes.chunks_exact(4).map(|bytes| {
        let [kind, a, b, c] = [bytes[0], bytes[1], bytes[2], bytes[3]];
        let (n, m) = (usize::from(a % 6), usize::from(b % 6));
        let client = (b % 7 < 6).then_some(m);
        // From a microsecond to several years.
        let time = u64::from(c) << (b % 40);
        match kind % 16 {
            0 => Call::CreateGlobal,
            1 => Call::CreateClient(n),
            2 => Call::SetFullyActive(n, b % 2 == 0),
            3 => Call::DestroyClient(n),
            4 => Call::DestroyGlobal(n),
            5 => Call::Queue(n, client),
            6 => Call::QueueForGlobal(n, m),
            7 => Call::QueueInParallel(n, client),
            8 => Call::QueueAfter(n, client, time),
            9 => Call::Remove(n, client, 1 + u64::from(c % 3)),
            10 => Call::SetTimer(n, i32::from(c) << (b % 25), b % 2 == 0),
            11 => Call::ClearTimer(n, i32::from(c) - 1),
            12 => Call::Microtask,
            13 => Call::NextUntil(time),
            14 => Call::ReadClock,
            _ => Call::NextTask,
        }
    });
    calls.collect()
}

/// Runs a program, and checks that each of its tasks ends once.
pub fn run(calls: &[Call]) {
    let mut run = Run::default();
    for call in calls {
        run.apply(call);
    }
    run.finish();
}

#[derive(Default)]
struct Run {
    event_loop: EventLoop<Task, u64>,
    globals: Vec<GlobalId>,
    clients: Vec<ClientId>,
    /// How often each numbered task has run, was dropped or was removed.
    ends: BTreeMap<u64, u64>,
    queued: u64,
    microtasks: u64,
    now: Duration,
}

impl Run {
    fn number(&mut self) -> Task {
        self.queued += 1;
        Task::Numbered(self.queued)
    }

    fn client(&self, n: Option<usize>) -> Option<ClientId> {
        self.clients.get(n?).copied()
    }

    fn end(&mut self, task: Task) {
        match task {
            Task::Numbered(number) => *self.ends.entry(number).or_default() += 1,
            Task::Timer(timer) => {
                if self.event_loop.begin_timer(&timer).is_some() {
                    self.event_loop.finish_timer(&timer);
                }
            }
        }
    }

    fn take_dropped(&mut self) {
        for dropped in self.event_loop.take_dropped() {
            if let Task::Numbered(number) = dropped.queued.task {
                *self.ends.entry(number).or_default() += 1;
            }
        }
        let _ = self.event_loop.take_dropped_timers();
    }

    fn next(&mut self, end: Option<Duration>) -> bool {
        match self.event_loop.next_task_until(end) {
            NextTask::Task(queued) => {
                self.end(queued.task);
                self.event_loop.task_has_run();
                true
            }
            NextTask::Wait { .. } | NextTask::Idle => false,
        }
    }

    fn apply(&mut self, call: &Call) {
        let source = |n: &usize| SOURCES[n % SOURCES.len()];
        match call {
            Call::CreateGlobal => self.globals.push(self.event_loop.create_global()),
            Call::CreateClient(n) => {
                if let Some(global) = self.globals.get(*n) {
                    self.clients.push(self.event_loop.create_client(*global));
                }
            }
            Call::SetFullyActive(n, active) => {
                if let Some(client) = self.client(Some(*n)) {
                    self.event_loop.set_fully_active(client, *active);
                }
            }
            Call::DestroyClient(n) => {
                if let Some(client) = self.client(Some(*n)) {
                    self.event_loop.destroy_client(client);
                }
            }
            Call::DestroyGlobal(n) => {
                if let Some(global) = self.globals.get(*n) {
                    self.event_loop.destroy_global(*global);
                }
            }
            Call::Queue(n, client) => {
                let (task, client) = (self.number(), self.client(*client));
                let queued = self.event_loop.queue_task(source(n), client, task);
                self.event_loop.keep_dropped(queued);
            }
            Call::QueueForGlobal(n, global) => {
                if let Some(global) = self.globals.get(*global).copied() {
                    let task = self.number();
                    let queued = self.event_loop.queue_global_task(source(n), global, task);
                    self.event_loop.keep_dropped(queued);
                }
            }
            Call::QueueInParallel(n, client) => {
                let (task, client) = (self.number(), self.client(*client));
                self.event_loop
                    .queue_task_in_parallel(source(n), client, task);
            }
            Call::QueueAfter(n, client, delay) => {
                let (task, client) = (self.number(), self.client(*client));
                let delay = Duration::from_micros(*delay);
                self.event_loop
                    .queue_task_after(delay, source(n), client, task);
            }
            Call::Remove(n, client, modulus) => {
                let client = self.client(*client);
                let removed = self.event_loop.remove_tasks(
                    source(n),
                    client,
                    |task| matches!(task, Task::Numbered(number) if number % modulus == 0),
                );
                for queued in removed {
                    self.end(queued.task);
                }
            }
            Call::SetTimer(n, time, repeats) => {
                let kind = if *repeats {
                    TimerKind::Interval
                } else {
                    TimerKind::Timeout
                };
                if let Some(global) = self.globals.get(*n) {
                    self.event_loop
                        .timer_initialization_steps(*global, *time, kind);
                }
            }
            Call::ClearTimer(n, handle) => {
                if let Some(global) = self.globals.get(*n) {
                    self.event_loop.clear_timer(*global, *handle);
                }
            }
            Call::Microtask => {
                self.microtasks += 1;
                self.event_loop.queue_microtask(self.microtasks);
            }
            Call::NextTask => {
                self.next(None);
            }
            Call::NextUntil(end) => {
                self.next(Some(Duration::from_micros(*end)));
            }
            Call::ReadClock => {
                let _ = self.event_loop.now();
            }
        }
        self.take_dropped();
        let now = self.event_loop.peek_now();
        assert!(now >= self.now, "time has gone back");
        self.now = now;
        assert!(self.ends.values().all(|ends| *ends == 1), "{:?}", self.ends);
    }

    fn finish(mut self) {
        let expected: Vec<u64> = (1..=self.microtasks).collect();
        assert_eq!(self.event_loop.take_microtasks(), expected);
        for global in std::mem::take(&mut self.globals) {
            self.event_loop.destroy_global(global);
        }
        for client in std::mem::take(&mut self.clients) {
            self.event_loop.destroy_client(client);
        }
        while self.next(None) {}
        self.take_dropped();
        let ended: Vec<u64> = self.ends.keys().copied().collect();
        let all: Vec<u64> = (1..=self.queued).collect();
        assert_eq!(ended, all, "each task has run or was dropped");
        assert!(self.ends.values().all(|ends| *ends == 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn each_task_ends_once(calls in calls()) {
        run(&calls);
    }

    #[test]
    fn each_task_of_a_program_of_bytes_ends_once(bytes in proptest::collection::vec(any::<u8>(), 0..240)) {
        run(&calls_of_bytes(&bytes));
    }
}
