//! Compares random and exhaustive programs with a model made of sequences and sets.
//!
//! The model has no tokens, places or chains. It knows who owns each half, which messages wait
//! where, and what is reachable. It finds unreachable halves by a full search.

use std::collections::{BTreeMap, BTreeSet};

use framepost_event_loop::GlobalId;
use proptest::prelude::*;

use super::rig::{Event, Rig};
use crate::identity::{HalfId, Owner, PortId};
use crate::state::HalfLocation;

const WINDOWS: usize = 3;

/// A step of a program. A number selects one of the existing ports or windows.
#[derive(Clone, Debug)]
enum Op {
    Create(usize),
    Post(usize, Vec<usize>),
    PostToWindow(usize, Vec<usize>),
    Start(usize),
    Close(usize),
    Collect(usize),
    DropHalf(usize),
    DestroyWindow(usize),
    Step,
}

#[derive(Debug, Default)]
struct ModelHalf {
    peer: Option<HalfId>,
    owner: Option<GlobalId>,
    enabled: bool,
    closing: bool,
    /// The waiting messages, each with the time since when it can be delivered.
    queue: Vec<(u64, u64)>,
}

#[derive(Debug, Default)]
struct Model {
    halves: BTreeMap<HalfId, ModelHalf>,
    /// The halves that each waiting message carries.
    carried: BTreeMap<u64, Vec<HalfId>>,
    /// The messages that wait for windows.
    for_windows: BTreeMap<u64, (GlobalId, u64)>,
    now: u64,
    posted: u64,
    delivered: u64,
    dropped: u64,
}

impl Model {
    fn drop_message(&mut self, number: u64) {
        self.dropped += 1;
        self.carried.remove(&number);
    }

    fn end(&mut self, half: HalfId) {
        self.disentangle(half);
        self.halves.remove(&half);
    }

    fn disentangle(&mut self, half: HalfId) {
        let Some(state) = self.halves.get_mut(&half) else {
            return;
        };
        let peer = state.peer.take();
        state.closing = false;
        for (number, _) in std::mem::take(&mut state.queue) {
            self.drop_message(number);
        }
        if let Some(peer) = peer.and_then(|peer| self.halves.get_mut(&peer)) {
            peer.peer = None;
            peer.closing = true;
        }
    }

    /// Ends every half that no owner and no task can reach.
    fn end_what_is_out_of_reach(&mut self) {
        let mut reached = BTreeSet::new();
        let mut to_visit: Vec<HalfId> = self
            .halves
            .iter()
            .filter(|(_, half)| half.owner.is_some())
            .map(|(id, _)| *id)
            .collect();
        for number in self.for_windows.keys() {
            to_visit.extend(&self.carried[number]);
        }
        while let Some(id) = to_visit.pop() {
            if reached.insert(id) {
                for (number, _) in &self.halves[&id].queue {
                    to_visit.extend(&self.carried[number]);
                }
            }
        }
        let lost: Vec<HalfId> = self
            .halves
            .keys()
            .filter(|id| !reached.contains(id))
            .copied()
            .collect();
        for id in lost {
            self.end(id);
        }
    }

    fn leave(&mut self, halves: &[HalfId]) {
        for half in halves {
            let state = self.halves.get_mut(half).unwrap();
            state.owner = None;
            state.enabled = false;
        }
    }

    fn arrive(&mut self, window: GlobalId, number: u64) -> Vec<HalfId> {
        self.delivered += 1;
        let halves = self.carried.remove(&number).unwrap();
        for half in &halves {
            self.halves.get_mut(half).unwrap().owner = Some(window);
        }
        halves
    }

    /// The message to deliver next under the oldest-first rule.
    fn oldest(&self) -> Option<u64> {
        let at_ports = self
            .halves
            .values()
            .filter(|half| half.owner.is_some() && half.enabled)
            .flat_map(|half| &half.queue)
            .map(|&(number, since)| (since, number));
        let at_windows = self
            .for_windows
            .iter()
            .map(|(&number, &(_, since))| (since, number));
        at_ports.chain(at_windows).min().map(|(_, number)| number)
    }
}

struct Run {
    rig: Rig,
    model: Model,
    windows: Vec<Option<GlobalId>>,
    ports: Vec<PortId>,
    next_number: u64,
}

impl Run {
    fn new() -> Self {
        let mut rig = Rig::default();
        let windows = (0..WINDOWS).map(|_| Some(rig.window())).collect();
        Self {
            rig,
            model: Model::default(),
            windows,
            ports: Vec::new(),
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
        let now = self.model.now;
        match op {
            Op::Create(n) => {
                let Some(window) = self.window(*n) else {
                    return;
                };
                let (a, b) = self.rig.channel(window);
                let (half_a, half_b) = (self.half(a), self.half(b));
                for (half, peer) in [(half_a, half_b), (half_b, half_a)] {
                    let state = ModelHalf {
                        peer: Some(peer),
                        owner: Some(window),
                        ..ModelHalf::default()
                    };
                    self.model.halves.insert(half, state);
                }
                self.ports.extend([a, b]);
            }
            Op::Post(n, carried) => {
                let Some(port) = self.port(*n) else { return };
                let carried = self.choose(carried, Some(port));
                let halves: Vec<HalfId> = carried.iter().map(|port| self.half(*port)).collect();
                let number = self.next_number;
                self.next_number += 1;
                let source = self.half(port);
                self.model.posted += 1;
                self.model.leave(&halves);
                match self.model.halves[&source].peer {
                    Some(target) => {
                        let target = self.model.halves.get_mut(&target).unwrap();
                        target.queue.push((number, now));
                        self.model.carried.insert(number, halves);
                    }
                    None => self.model.dropped += 1,
                }
                self.model.end_what_is_out_of_reach();
                self.rig.post(port, number, &carried);
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
                self.model.carried.insert(number, halves);
                self.model.for_windows.insert(number, (target, now));
                self.rig.post_to_window(target, number, &carried);
            }
            Op::Start(n) => {
                let Some(port) = self.port(*n) else { return };
                let half = self.half(port);
                let state = self.model.halves.get_mut(&half).unwrap();
                if !state.enabled {
                    state.enabled = true;
                    for waiting in &mut state.queue {
                        waiting.1 = now;
                    }
                }
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
                let lost: Vec<u64> = self
                    .model
                    .for_windows
                    .iter()
                    .filter(|(_, (target, _))| *target == window)
                    .map(|(number, _)| *number)
                    .collect();
                for number in lost {
                    self.model.for_windows.remove(&number);
                    self.model.drop_message(number);
                }
                self.model.end_what_is_out_of_reach();
                self.rig.destroy_window(window);
            }
            Op::Step => {
                self.step();
            }
        }
        self.forget_detached();
        self.check();
    }

    fn step(&mut self) -> bool {
        // Looked up before the turn, because a port may be gone after it.
        let halves: BTreeMap<PortId, HalfId> = self
            .ports
            .iter()
            .map(|port| (*port, self.half(*port)))
            .collect();
        let oldest = self.model.oldest();
        let Some(event) = self.rig.step() else {
            assert_eq!(oldest, None, "idle with a message to deliver");
            for (id, half) in &self.model.halves {
                assert!(
                    !(half.closing && half.owner.is_some()),
                    "{id} has not heard of its end"
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
            assert_eq!(half.peer, expected.peer, "{id}");
            assert_eq!(half.closing, expected.closing, "{id}");
            assert_eq!(table.global_of(id), expected.owner, "{id}");
            let enabled = owner.is_some_and(|(_, port)| port.enabled);
            assert_eq!(enabled, expected.enabled, "{id}");
            let envelopes = || half.queue.iter().map(|it| it.message().unwrap());
            let queue: Vec<u64> = envelopes().map(super::rig::number).collect();
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
                assert_eq!(messaging.is_rooted(port), state.tokens > 0);
            }
        }
        for window in self.windows.iter().flatten() {
            let of_ports = self.model.halves.values();
            let at_ports: usize = of_ports
                .filter(|half| half.owner == Some(*window))
                .map(|half| half.queue.len())
                .sum();
            let at_window = self.model.for_windows.values();
            let at_window = at_window.filter(|(target, _)| target == window).count();
            let load = messaging.accounting.loads.of(*window);
            assert_eq!(load.messages, at_ports + at_window);
            let owned = self
                .ports
                .iter()
                .filter(|port| messaging.owner(**port) == Some(Owner::Global(*window)));
            let listed = table.of_global.get(window).map_or(0, BTreeSet::len);
            assert_eq!(listed, owned.count());
        }
        // No token outlives its port, so each queued task has a recipient.
        let owned = self.ports.iter().map(|port| table.ports.get(*port));
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

    /// Runs to idle, destroys all windows and forgets the ports. Nothing must remain.
    fn finish(mut self) {
        while self.step() {
            self.forget_detached();
            self.check();
        }
        for n in 0..WINDOWS {
            self.apply(&Op::DestroyWindow(n));
        }
        assert_eq!(self.rig.messaging.counters().pending(), 0);
        while !self.ports.is_empty() {
            self.apply(&Op::Collect(0));
        }
        assert_eq!(self.rig.messaging.half_count(), 0, "leaked");
        assert_eq!(self.rig.messaging.counters().pending(), 0);
        assert!(self.rig.messaging.table.of_global.is_empty());
    }
}

fn run(program: &[Op]) {
    let mut run = Run::new();
    for op in program {
        run.apply(op);
    }
    run.finish();
}

fn op() -> impl Strategy<Value = Op> {
    let n = || 0..12_usize;
    let carried = || proptest::collection::vec(n(), 0..4);
    prop_oneof![
        3 => n().prop_map(Op::Create),
        8 => (n(), carried()).prop_map(|(n, ports)| Op::Post(n, ports)),
        4 => (n(), carried()).prop_map(|(n, ports)| Op::PostToWindow(n, ports)),
        3 => n().prop_map(Op::Start),
        1 => n().prop_map(Op::Close),
        1 => n().prop_map(Op::Collect),
        1 => n().prop_map(Op::DropHalf),
        6 => Just(Op::Step),
    ]
}

fn program() -> impl Strategy<Value = Vec<Op>> {
    // A window is destroyed now and then, but not so early that little happens.
    let ending = (proptest::collection::vec(op(), 1..40), 0..WINDOWS).prop_map(|(mut ops, n)| {
        ops.push(Op::DestroyWindow(n));
        ops
    });
    (
        proptest::collection::vec(ending, 1..3),
        proptest::collection::vec(op(), 0..20),
    )
        .prop_map(|(parts, rest)| {
            let mut ops: Vec<Op> = parts.into_iter().flatten().collect();
            ops.extend(rest);
            ops
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        // `PROPTEST_CASES` can raise the number.
        cases: ProptestConfig::default().cases.max(3000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_programs_match_the_model(program in program()) {
        run(&program);
    }
}

/// Runs every program of up to `length` steps from a small alphabet, after creating two channels.
#[test]
fn all_small_programs_match_the_model() {
    let mut alphabet = vec![Op::Step, Op::DestroyWindow(0), Op::Post(0, vec![])];
    for port in 0..2 {
        alphabet.extend([
            Op::Start(port),
            Op::Close(port),
            Op::Post(port, vec![2]),
            Op::Post(port + 1, vec![0, 3]),
            Op::PostToWindow(1, vec![port]),
        ]);
    }
    let length = 4;
    let mut program = vec![0; length];
    loop {
        let mut ops = vec![Op::Create(0), Op::Create(1)];
        ops.extend(program.iter().map(|&n| alphabet[n].clone()));
        run(&ops);
        // Advances to the next program, like an odometer.
        let Some(place) = program.iter().rposition(|&n| n + 1 < alphabet.len()) else {
            break;
        };
        program[place] += 1;
        program[place + 1..].fill(0);
    }
}
