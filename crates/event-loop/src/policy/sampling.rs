//! Partial-order sampling (Yuan, Yang and Gu, "Partial order aware concurrency sampling", 2018).

use super::{Candidate, OrderFreedom, Policy, Random, TaskName, legal_choices};
use crate::FxHashMap;

/// Gives each task a random priority, and runs the legal one with the highest. A task whose order with the chosen one
/// matters then gets a new priority. So the orders of tasks that have nothing to do with each other are drawn
/// less often.
#[derive(Clone, Debug)]
pub struct PartialOrderSampling {
    random: Random,
    freedom: OrderFreedom,
    legal: Vec<usize>,
    priorities: FxHashMap<TaskName, u64>,
}

impl PartialOrderSampling {
    /// Creates a policy that draws priorities by `seed`, within `freedom`.
    #[must_use]
    pub fn new(seed: u64, freedom: OrderFreedom) -> Self {
        Self {
            random: Random::new(seed),
            freedom,
            legal: Vec::new(),
            priorities: FxHashMap::default(),
        }
    }
}

/// Whether the order of two tasks may matter: both run script of one agent, or one may concern every agent.
fn is_dependent(one: &Candidate, two: &Candidate) -> bool {
    match (one.agent, two.agent) {
        (Some(one), Some(two)) => one == two,
        _ => true,
    }
}

impl Policy for PartialOrderSampling {
    fn choose(&mut self, candidates: &[Candidate]) -> usize {
        legal_choices(candidates, self.freedom, &mut self.legal);
        let mut highest = (0, 0);
        for &place in &self.legal {
            if let Some(candidate) = candidates.get(place) {
                let random = &mut self.random;
                let priority = self.priorities.entry(candidate.name);
                let priority = *priority.or_insert_with(|| random.draw());
                if priority >= highest.0 {
                    highest = (priority, place);
                }
            }
        }
        if let Some(chosen) = candidates.get(highest.1) {
            self.priorities.remove(&chosen.name);
            for other in candidates
                .iter()
                .filter(|other| is_dependent(other, chosen))
            {
                self.priorities.remove(&other.name);
            }
        }
        highest.1
    }
}
