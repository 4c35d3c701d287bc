//! Departures from the default order, each of which holds one task back.

use super::{Candidate, OrderFreedom, Policy, TaskName, legal_choices};
use crate::{FxHashMap, FxHashSet};

/// A departure from the default order: one task does not run before another one has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// The task that is held back.
    pub held: TaskName,
    /// The task that runs before it.
    pub until: TaskName,
}

/// Runs tasks in the default order, except for those that are held back.
///
/// If only tasks that are held back can run, the first of them runs.
#[derive(Clone, Debug, Default)]
pub struct Held {
    until: FxHashMap<TaskName, Vec<TaskName>>,
    freedom: OrderFreedom,
    ran: FxHashSet<TaskName>,
    legal: Vec<usize>,
}

impl Held {
    /// Creates a policy with these departures, within `freedom`.
    #[must_use]
    pub fn new(holds: &[Hold], freedom: OrderFreedom) -> Self {
        let mut until: FxHashMap<TaskName, Vec<TaskName>> = FxHashMap::default();
        for hold in holds {
            until.entry(hold.held).or_default().push(hold.until);
        }
        Self {
            until,
            freedom,
            ..Self::default()
        }
    }

    fn is_held(&self, task: TaskName) -> bool {
        let until = self.until.get(&task);
        until.is_some_and(|until| until.iter().any(|until| !self.ran.contains(until)))
    }
}

impl Policy for Held {
    fn choose(&mut self, candidates: &[Candidate]) -> usize {
        let first = candidates.first();
        let place = match first {
            Some(first) if !self.until.is_empty() && self.is_held(first.name) => {
                legal_choices(candidates, self.freedom, &mut self.legal);
                let free = self.legal.iter().copied().find(|place| {
                    let candidate = candidates.get(*place);
                    candidate.is_some_and(|candidate| !self.is_held(candidate.name))
                });
                free.unwrap_or(0)
            }
            // The default order is what browsers do, even where the standard is stricter.
            _ => 0,
        };
        if let Some(chosen) = candidates.get(place)
            && !self.until.is_empty()
        {
            self.ran.insert(chosen.name);
        }
        place
    }
}
