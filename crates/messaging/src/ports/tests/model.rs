//! A model of ports as sequences and sets.
//!
//! The model has no tokens, places or chains. It knows who owns each half, which messages wait
//! where, and what is reachable. It finds unreachable halves by a full search.

use std::collections::{BTreeMap, BTreeSet};

use framepost_event_loop::GlobalId;

use crate::identity::HalfId;

/// The limits of a program: messages of a port, messages of a global.
pub(super) type Limits = (Option<usize>, Option<usize>);

#[derive(Debug, Default)]
pub(super) struct ModelHalf {
    pub(super) peer: Option<HalfId>,
    pub(super) owner: Option<GlobalId>,
    pub(super) enabled: bool,
    pub(super) closing: bool,
    pub(super) listener: bool,
    /// The waiting messages, each with the time since when it can be delivered.
    pub(super) queue: Vec<(u64, u64)>,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) halves: BTreeMap<HalfId, ModelHalf>,
    /// The halves that each waiting message carries.
    pub(super) carried: BTreeMap<u64, Vec<HalfId>>,
    /// The messages that wait for windows.
    pub(super) for_windows: BTreeMap<u64, (GlobalId, u64)>,
    pub(super) limits: Limits,
    pub(super) now: u64,
    pub(super) posted: u64,
    pub(super) delivered: u64,
    pub(super) dropped: u64,
}

impl Model {
    pub(super) fn drop_message(&mut self, number: u64) {
        self.dropped += 1;
        self.carried.remove(&number);
    }

    pub(super) fn end(&mut self, half: HalfId) {
        self.disentangle(half);
        self.halves.remove(&half);
    }

    pub(super) fn disentangle(&mut self, half: HalfId) {
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
    pub(super) fn end_what_is_out_of_reach(&mut self) {
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

    /// How many messages wait for a global.
    pub(super) fn load(&self, global: GlobalId) -> usize {
        let owned = self.halves.values().filter(|it| it.owner == Some(global));
        let at_ports: usize = owned.map(|half| half.queue.len()).sum();
        let for_windows = self.for_windows.values();
        at_ports + for_windows.filter(|(target, _)| *target == global).count()
    }

    pub(super) fn global_admits(&self, global: GlobalId) -> bool {
        self.limits.1.is_none_or(|most| self.load(global) < most)
    }

    pub(super) fn half_admits(&self, half: HalfId) -> bool {
        let half = &self.halves[&half];
        self.limits.0.is_none_or(|most| half.queue.len() < most)
            && half.owner.is_none_or(|global| self.global_admits(global))
    }

    /// The end of the chain from a half upwards: the owned half whose queue has it, directly or through others;
    /// `None` for a task.
    pub(super) fn holder(&self, mut half: HalfId) -> Option<HalfId> {
        while self.halves[&half].owner.is_none() {
            let (carrier, _) = self.carried.iter().find(|(_, it)| it.contains(&half))?;
            let has = |it: &ModelHalf| it.queue.iter().any(|(number, _)| number == carrier);
            let (holder, _) = self.halves.iter().find(|(_, it)| has(it))?;
            half = *holder;
        }
        Some(half)
    }

    pub(super) fn leave(&mut self, halves: &[HalfId]) {
        for half in halves {
            let state = self.halves.get_mut(half).unwrap();
            state.owner = None;
            state.enabled = false;
            state.listener = false;
        }
    }

    pub(super) fn arrive(&mut self, window: GlobalId, number: u64) -> Vec<HalfId> {
        self.delivered += 1;
        let halves = self.carried.remove(&number).unwrap();
        for half in &halves {
            self.halves.get_mut(half).unwrap().owner = Some(window);
        }
        halves
    }

    /// The message to deliver next under the oldest-first rule.
    pub(super) fn oldest(&self) -> Option<u64> {
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
