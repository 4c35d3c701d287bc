//! Priorities for chains of tasks: PCTCP (Ozkan, Majumdar, Niksic, Befrouei and Weissenbacher, "Randomized testing of
//! distributed systems with probabilistic guarantees", 2018).

use super::{Candidate, OrderFreedom, Policy, Random, legal_choices};
use crate::{FxHashMap, TaskSource};

/// Gives each chain of tasks a random priority, and runs the legal task of the highest one. At `depth - 1` random tasks
/// of the run, the chain that would run gets the lowest priority instead.
///
/// A chain is a port, a task source of an agent, or a single response of the network. A fault that needs `depth`
/// tasks in a certain order is found with a probability that does not depend on the number of tasks between
/// them.
#[derive(Clone, Debug)]
pub struct Pctcp {
    random: Random,
    freedom: OrderFreedom,
    legal: Vec<usize>,
    priorities: FxHashMap<u64, u64>,
    /// The numbers of the tasks at which a priority is lowered.
    changes: Vec<u64>,
    task: u64,
}

/// Lowered priorities are below this.
const LOWERED: u64 = 1 << 32;

impl Pctcp {
    /// Creates a policy for a run of about `tasks` tasks.
    #[must_use]
    pub fn new(seed: u64, freedom: OrderFreedom, depth: u32, tasks: u64) -> Self {
        let mut random = Random::new(seed);
        let changes = (1..depth).map(|_| random.below(tasks.max(1))).collect();
        Self {
            random,
            freedom,
            legal: Vec::new(),
            priorities: FxHashMap::default(),
            changes,
            task: 0,
        }
    }

    fn highest(&mut self, candidates: &[Candidate]) -> Option<(usize, u64)> {
        let mut highest: Option<(u64, usize, u64)> = None;
        for &place in &self.legal {
            let Some(candidate) = candidates.get(place) else {
                continue;
            };
            let chain = chain(candidate, self.freedom);
            let priority = match self.priorities.get(&chain) {
                Some(&priority) => priority,
                None => {
                    let priority = self.random.draw().max(LOWERED);
                    self.priorities.insert(chain, priority);
                    priority
                }
            };
            if highest.is_none_or(|(most, ..)| priority > most) {
                highest = Some((priority, place, chain));
            }
        }
        highest.map(|(_, place, chain)| (place, chain))
    }
}

/// Names the chain of a task.
fn chain(candidate: &Candidate, freedom: OrderFreedom) -> u64 {
    use crate::Key as _;
    let source = candidate.source.of_the_standard();
    let owner = match (source, freedom) {
        (TaskSource::Networking, _) => candidate.name.to_bits(),
        (TaskSource::Port(port), _) => port,
        (TaskSource::Timer, _) => candidate.timer.map_or(0, |timer| timer.global.serial()),
        (_, OrderFreedom::Standard) => candidate.agent.map_or(u64::MAX, |agent| agent.0),
        (_, OrderFreedom::Browsers) => candidate.client.map_or(u64::MAX, crate::Key::serial),
    };
    super::random::mix(owner ^ source.code().rotate_right(8))
}

impl Policy for Pctcp {
    fn choose(&mut self, candidates: &[Candidate]) -> usize {
        legal_choices(candidates, self.freedom, &mut self.legal);
        let mut changes = 0;
        while let Some(at) = self.changes.iter().position(|task| *task == self.task) {
            self.changes.swap_remove(at);
            changes += 1;
            if let Some((_, chain)) = self.highest(candidates) {
                // The later a priority is lowered, the lower it is.
                self.priorities
                    .insert(chain, self.changes.len() as u64 * 2 + changes % 2);
            }
        }
        self.task += 1;
        self.highest(candidates).map_or(0, |(place, _)| place)
    }
}
