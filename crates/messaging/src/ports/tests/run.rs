//! Runs a program on the ports and on the [model](super::model), and compares the two after each step.

use std::collections::{BTreeMap, BTreeSet};

use framepost_event_loop::GlobalId;

use super::Retainer;
use super::model::{Limits, Model, ModelHalf};
use super::rig::{self, Event, Heap, Rig};
use crate::accounting::QueueLimits;
use crate::identity::{HalfId, Owner, PortId};
use crate::state::HalfLocation;

pub(super) const WINDOWS: usize = 3;
const WORKERS: usize = 2;

/// A step of a program. A number selects one of the existing ports or windows.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Create(usize),
    Post(usize, Vec<usize>),
    PostToWindow(usize, Vec<usize>),
    Start(usize),
    Close(usize),
    Collect(usize),
    DropHalf(usize),
    DestroyWindow(usize),
    /// Opens a window where one was destroyed.
    OpenWindow(usize),
    /// Replaces the document of a window, but not the window.
    NextDocument(usize),
    StartWorker(usize, usize),
    /// The worker's script has run.
    EnableWorker(usize),
    /// Posts to a worker, or from it.
    PostToWorker(usize, bool, Vec<usize>),
    EndWorker(usize, bool),
    Listen(usize, bool),
    Step,
    /// A step whose message cannot be deserialized.
    FailingStep,
}

#[derive(Clone, Copy, Debug)]
struct Worker {
    global: GlobalId,
    outside: PortId,
    inside: PortId,
}

struct Run {
    rig: Rig,
    model: Model,
    windows: Vec<Option<GlobalId>>,
    workers: Vec<Option<Worker>>,
    /// The ports that script can have.
    ports: Vec<PortId>,
    /// The ports of workers, which no script has.
    implicit: Vec<PortId>,
    next_number: u64,
}

/// The time of an event at this step. Events of one step are ordered by `rank`.
fn at(now: u64, rank: u64) -> u64 {
    now * 1000 + rank
}

impl Run {
    fn new(limits: Limits) -> Self {
        let mut rig = Rig::default();
        let queue_limits = QueueLimits::default()
            .with_messages_per_port(limits.0)
            .with_messages_per_global(limits.1);
        rig.messaging.set_limits(queue_limits);
        let windows = (0..WINDOWS).map(|_| Some(rig.window())).collect();
        Self {
            rig,
            model: Model {
                limits,
                ..Model::default()
            },
            windows,
            workers: vec![None; WORKERS],
            ports: Vec::new(),
            implicit: Vec::new(),
            next_number: 0,
        }
    }

    fn window(&self, n: usize) -> Option<GlobalId> {
        self.windows[n % WINDOWS]
    }

    fn port(&self, n: usize) -> Option<PortId> {
        let count = self.ports.len();
        (count > 0).then(|| self.ports[n % count])
    }

    fn half(&self, port: PortId) -> HalfId {
        self.rig.messaging.half_of(port).unwrap()
    }

    fn forget_detached(&mut self) {
        let messaging = &self.rig.messaging;
        self.ports.retain(|port| !messaging.is_detached(*port));
        self.implicit.retain(|port| !messaging.is_detached(*port));
    }

    fn all_ports(&self) -> impl Iterator<Item = PortId> {
        self.ports.iter().chain(&self.implicit).copied()
    }

    /// Two entangled halves of these owners.
    fn entangle(&mut self, ports: [PortId; 2], owners: [GlobalId; 2]) {
        let [one, other] = ports.map(|port| self.half(port));
        for (half, peer, owner) in [(one, other, owners[0]), (other, one, owners[1])] {
            let state = ModelHalf {
                peer: Some(peer),
                owner: Some(owner),
                ..ModelHalf::default()
            };
            self.model.halves.insert(half, state);
        }
    }

    fn post(&mut self, port: PortId, carried: &[PortId]) {
        let now = at(self.model.now, 0);
        let halves: Vec<HalfId> = carried.iter().map(|port| self.half(*port)).collect();
        let number = self.next_number;
        self.next_number += 1;
        let source = self.half(port);
        self.model.posted += 1;
        self.model.leave(&halves);
        match self.model.halves[&source].peer {
            Some(target) if self.model.half_admits(target) => {
                let target = self.model.halves.get_mut(&target).unwrap();
                target.queue.push((number, now));
                self.model.carried.insert(number, halves);
            }
            _ => self.model.dropped += 1,
        }
        self.model.end_what_is_out_of_reach();
        self.rig.post(port, number, carried);
    }

    fn start(&mut self, port: PortId, rank: u64) {
        let now = at(self.model.now, rank);
        let half = self.half(port);
        let state = self.model.halves.get_mut(&half).unwrap();
        if !state.enabled {
            state.enabled = true;
            for waiting in &mut state.queue {
                waiting.1 = now;
            }
        }
    }

    fn drop_messages_for(&mut self, window: GlobalId) {
        let for_windows = &self.model.for_windows;
        let lost: Vec<u64> = for_windows
            .iter()
            .filter(|(_, (target, _))| *target == window)
            .map(|(number, _)| *number)
            .collect();
        for number in lost {
            self.model.for_windows.remove(&number);
            self.model.drop_message(number);
        }
    }

    /// The tokens of a window's ports are queued again, in their order.
    fn queue_again(&mut self, window: GlobalId) {
        let now = self.model.now;
        let mut waiting: Vec<&mut (u64, u64)> = self
            .model
            .halves
            .values_mut()
            .filter(|half| half.owner == Some(window) && half.enabled)
            .flat_map(|half| &mut half.queue)
            .collect();
        waiting.sort_by_key(|(number, since)| (*since, *number));
        for (rank, waiting) in (0..).zip(waiting) {
            waiting.1 = at(now, rank);
        }
    }

    /// Chooses distinct ports other than `but`.
    fn choose(&self, choices: &[usize], but: Option<PortId>) -> Vec<PortId> {
        let mut chosen = Vec::new();
        for &n in choices {
            if let Some(port) = self.port(n)
                && Some(port) != but
                && !chosen.contains(&port)
            {
                chosen.push(port);
            }
        }
        chosen
    }

    fn apply(&mut self, op: &Op) {
        self.model.now += 1;
        let now = at(self.model.now, 0);
        match op {
            Op::Create(n) => {
                let Some(window) = self.window(*n) else {
                    return;
                };
                let (a, b) = self.rig.channel(window);
                self.entangle([a, b], [window, window]);
                self.ports.extend([a, b]);
            }
            Op::Post(n, carried) => {
                let Some(port) = self.port(*n) else { return };
                let carried = self.choose(carried, Some(port));
                self.post(port, &carried);
            }
            Op::PostToWindow(n, carried) => {
                let Some(&target) = self.windows.get(*n % WINDOWS) else {
                    return;
                };
                let carried = self.choose(carried, None);
                let halves: Vec<HalfId> = carried.iter().map(|port| self.half(*port)).collect();
                let Some(target) = target else { return };
                let number = self.next_number;
                self.next_number += 1;
                self.model.posted += 1;
                self.model.leave(&halves);
                if self.model.global_admits(target) {
                    self.model.carried.insert(number, halves);
                    self.model.for_windows.insert(number, (target, now));
                } else {
                    self.model.dropped += 1;
                    self.model.end_what_is_out_of_reach();
                }
                self.rig.post_to_window(target, number, &carried);
            }
            Op::Start(n) => {
                let Some(port) = self.port(*n) else { return };
                self.start(port, 0);
                self.rig.start(port);
            }
            Op::Close(n) | Op::Collect(n) | Op::DropHalf(n) => {
                let Some(port) = self.port(*n) else { return };
                let half = self.half(port);
                self.model.end(half);
                self.model.end_what_is_out_of_reach();
                let queues = &mut self.rig.event_loop;
                match op {
                    Op::Close(_) => self.rig.messaging.close(queues, port),
                    Op::Collect(_) => self.rig.messaging.port_collected(queues, port),
                    _ => {
                        drop(self.rig.messaging.detach(port).unwrap());
                        self.rig.messaging.process_drops(queues);
                    }
                }
            }
            Op::DestroyWindow(n) => {
                let Some(window) = self.windows[*n % WINDOWS].take() else {
                    return;
                };
                let owned: Vec<HalfId> = self
                    .model
                    .halves
                    .iter()
                    .filter(|(_, half)| half.owner == Some(window))
                    .map(|(id, _)| *id)
                    .collect();
                for half in owned {
                    self.model.disentangle(half);
                }
                self.drop_messages_for(window);
                self.model.end_what_is_out_of_reach();
                self.rig.destroy_window(window);
            }
            Op::OpenWindow(n) => {
                let place = n % WINDOWS;
                if self.windows[place].is_none() {
                    self.windows[place] = Some(self.rig.window());
                }
            }
            Op::NextDocument(n) => {
                let Some(window) = self.window(*n) else {
                    return;
                };
                self.drop_messages_for(window);
                self.model.end_what_is_out_of_reach();
                self.queue_again(window);
                self.rig.next_document(window);
            }
            Op::StartWorker(n, owner) => {
                let (place, Some(window)) = (n % WORKERS, self.window(*owner)) else {
                    return;
                };
                if self.workers[place].is_some() {
                    return;
                }
                let global = self.rig.window();
                let ports = self.rig.messaging.create_worker_ports(window, global);
                let (outside, inside) = (ports.outside, ports.inside);
                self.entangle([outside, inside], [window, global]);
                self.implicit.extend([outside, inside]);
                self.workers[place] = Some(Worker {
                    global,
                    outside,
                    inside,
                });
            }
            Op::EnableWorker(n) => {
                let Some(worker) = self.workers[n % WORKERS] else {
                    return;
                };
                let queues = &mut self.rig.event_loop;
                self.rig
                    .messaging
                    .enable_worker_ports(queues, worker.global);
                for (rank, port) in [(0, worker.outside), (1, worker.inside)] {
                    if self.implicit.contains(&port) {
                        self.start(port, rank);
                    }
                }
            }
            Op::PostToWorker(n, to_worker, carried) => {
                let Some(worker) = self.workers[n % WORKERS] else {
                    return;
                };
                let port = if *to_worker {
                    worker.outside
                } else {
                    worker.inside
                };
                let carried = self.choose(carried, None);
                if self.implicit.contains(&port) {
                    self.post(port, &carried);
                }
            }
            Op::EndWorker(n, terminated) => {
                let Some(worker) = self.workers[n % WORKERS].take() else {
                    return;
                };
                if *terminated && self.implicit.contains(&worker.outside) {
                    self.model.end(self.half(worker.outside));
                }
                let halves = &self.model.halves;
                let owned: Vec<HalfId> = halves
                    .iter()
                    .filter(|(_, half)| half.owner == Some(worker.global))
                    .map(|(id, _)| *id)
                    .collect();
                for half in owned {
                    self.model.end(half);
                }
                self.model.end_what_is_out_of_reach();
                self.rig.end_worker(worker.global, *terminated);
            }
            Op::Listen(n, listens) => {
                let Some(port) = self.port(*n) else { return };
                let half = self.half(port);
                self.model.halves.get_mut(&half).unwrap().listener = *listens;
                self.rig.messaging.set_has_listener(port, *listens);
            }
            Op::Step => {
                self.step(Heap::Works);
            }
            Op::FailingStep => {
                self.step(Heap::Fails);
            }
        }
        self.forget_detached();
        self.check();
    }

    fn step(&mut self, heap: Heap) -> bool {
        // Looked up before the turn, because a port may be gone after it.
        let halves: BTreeMap<PortId, HalfId> = self
            .all_ports()
            .map(|port| (port, self.half(port)))
            .collect();
        let oldest = self.model.oldest();
        let Some(event) = self.rig.step_with(heap) else {
            assert_eq!(oldest, None, "idle with a message to deliver");
            for (id, half) in &self.model.halves {
                assert!(
                    !(half.closing && half.owner.is_some()),
                    "no close event at {id}"
                );
            }
            return false;
        };
        let received = match event {
            Event::Nothing => return true,
            Event::Close(port) => {
                let half = self.model.halves.get_mut(&halves[&port]).unwrap();
                assert!(
                    half.closing && half.peer.is_none(),
                    "close without a reason"
                );
                assert!(
                    half.queue.is_empty() || !half.enabled,
                    "close before a message"
                );
                half.closing = false;
                return true;
            }
            Event::Host(_) => panic!("no port of Rust code was made"),
            Event::Failed(number) => {
                assert_eq!(oldest, Some(number), "not the oldest");
                self.model.for_windows.remove(&number);
                for half in self.model.halves.values_mut() {
                    half.queue.retain(|(waiting, _)| *waiting != number);
                }
                self.model.drop_message(number);
                self.model.end_what_is_out_of_reach();
                return true;
            }
            Event::Message(port, number, ports) => {
                let half = self.model.halves.get_mut(&halves[&port]).unwrap();
                assert!(half.enabled, "a message at a port that is not started");
                assert_eq!(half.queue.remove(0).0, number, "lost or out of order");
                (half.owner.unwrap(), number, ports)
            }
            Event::WindowMessage(window, number, ports) => {
                let waiting = self.model.for_windows.remove(&number);
                assert_eq!(waiting.map(|(target, _)| target), Some(window));
                (window, number, ports)
            }
        };
        let (window, number, ports) = received;
        assert_eq!(oldest, Some(number), "not the oldest");
        let expected = self.model.arrive(window, number);
        let arrived: Vec<HalfId> = ports.iter().map(|port| self.half(*port)).collect();
        assert_eq!(arrived, expected);
        self.ports.extend(ports);
        true
    }

    /// Compares the implementation with the model, and checks the implementation's own counts.
    fn check(&self) {
        let messaging = &self.rig.messaging;
        let table = &messaging.table;
        let ids: Vec<HalfId> = table.halves.keys_in_order();
        assert_eq!(ids, self.model.halves.keys().copied().collect::<Vec<_>>());
        let mut waiting = self.model.for_windows.len() as u64;
        for id in ids {
            let (half, expected) = (table.halves.get(id).unwrap(), &self.model.halves[&id]);
            let owner = table.owner_of(id);
            assert_eq!(
                owner.is_some_and(|(_, port)| port.has_listener),
                expected.listener
            );
            assert_eq!(half.peer, expected.peer, "{id}");
            assert_eq!(half.closing, expected.closing, "{id}");
            assert_eq!(table.global_of(id), expected.owner, "{id}");
            let enabled = owner.is_some_and(|(_, port)| port.enabled);
            assert_eq!(enabled, expected.enabled, "{id}");
            let envelopes = || half.queue.iter().map(|it| it.message().unwrap());
            let queue: Vec<u64> = envelopes().map(rig::number).collect();
            let expected_queue: Vec<u64> = expected.queue.iter().map(|it| it.0).collect();
            assert_eq!(queue, expected_queue, "{id}");
            waiting += queue.len() as u64;
            assert_eq!(half.load.messages, queue.len());
            assert_eq!(half.load.bytes, 8 * queue.len());
            let carriers = envelopes().filter(|it| it.halves().next().is_some());
            assert_eq!(half.carriers, carriers.count());
            for carried in envelopes().flat_map(|it| it.halves().collect::<Vec<_>>()) {
                let location = table.halves.get(carried).unwrap().location;
                assert_eq!(location, HalfLocation::InQueueOf(id));
            }
            if let Some((port, state)) = owner {
                let deliverable = if enabled { queue.len() } else { 0 };
                assert!(state.tokens >= deliverable + usize::from(half.closing));
                let retainer = match expected.peer {
                    Some(peer) if expected.listener => match self.model.holder(peer) {
                        Some(holder) => Retainer::Port(table.owner_of(holder).unwrap().0),
                        None => Retainer::Root,
                    },
                    _ => Retainer::None,
                };
                assert_eq!(messaging.retainer(port), retainer, "{port}");
                if let Retainer::Port(by) = retainer {
                    assert!(messaging.retained_ports(by).contains(&port));
                }
                for kept in messaging.retained_ports(port) {
                    assert_eq!(messaging.retainer(kept), Retainer::Port(port));
                }
                let rooted = state.tokens > 0 || retainer == Retainer::Root;
                assert_eq!(messaging.is_rooted(port), rooted);
            }
        }
        let workers = self.workers.iter().flatten().map(|worker| worker.global);
        for global in self.windows.iter().flatten().copied().chain(workers) {
            let load = messaging.accounting.loads.of(global);
            assert_eq!(load.messages, self.model.load(global));
            let owned = self
                .all_ports()
                .filter(|port| messaging.owner(*port) == Some(Owner::Global(global)));
            let listed = table.of_global.get(&global).map_or(0, BTreeSet::len);
            assert_eq!(listed, owned.count());
        }
        // No token outlives its port, so each queued task has a recipient.
        let owned = self.all_ports().map(|port| table.ports.get(port));
        let tokens: usize = owned.map(|port| port.map_or(0, |port| port.tokens)).sum();
        let queued = self.rig.event_loop.pending().len();
        assert_eq!(queued, tokens + self.model.for_windows.len());
        assert_eq!(
            messaging.accounting.in_tasks.count(),
            self.model.for_windows.len()
        );
        let counters = messaging.counters();
        assert_eq!(counters.posted, self.model.posted);
        assert_eq!(counters.delivered, self.model.delivered);
        assert_eq!(counters.dropped, self.model.dropped);
        assert_eq!(
            counters.pending(),
            waiting,
            "posted = delivered + dropped + pending"
        );
        assert_eq!(messaging.accounting.dropped.len() as u64, counters.dropped);
    }

    /// Runs to idle, destroys all windows and collects the ports. Nothing must remain.
    fn finish(mut self) {
        while self.step(Heap::Works) {
            self.forget_detached();
            self.check();
        }
        for n in 0..WORKERS {
            self.apply(&Op::EndWorker(n, n % 2 == 0));
        }
        for n in 0..WINDOWS {
            self.apply(&Op::DestroyWindow(n));
        }
        // The remaining ports of workers are collected like other ports.
        self.ports.append(&mut self.implicit);
        assert_eq!(self.rig.messaging.counters().pending(), 0);
        while !self.ports.is_empty() {
            self.apply(&Op::Collect(0));
        }
        assert_eq!(self.rig.messaging.half_count(), 0, "leaked");
        assert_eq!(self.rig.messaging.counters().pending(), 0);
        assert!(self.rig.messaging.table.of_global.is_empty());
    }
}

/// Runs a program to its end.
pub(super) fn run(program: &[Op], limits: Limits) {
    let mut run = Run::new(limits);
    for op in program {
        run.apply(op);
    }
    run.finish();
}
