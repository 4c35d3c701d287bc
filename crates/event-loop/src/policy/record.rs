//! The record of a run: which tasks ran, and which choices were made.

use std::time::Duration;

use super::{Candidate, Hold, TaskName};
use crate::{AgentId, ClientId, FxHashMap, TaskSource};

/// A task that ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ran {
    /// Its name.
    pub name: TaskName,
    /// The task that queued it, or that set its timer.
    pub cause: TaskName,
    /// Its source.
    pub source: TaskSource,
    /// Its client.
    pub client: Option<ClientId>,
    /// The agent of the client.
    pub agent: Option<AgentId>,
    /// When it began, on the loop's clock.
    pub at: Duration,
    /// The number of tasks that could run, with this one.
    pub candidates: usize,
    /// The tasks that the default order would have run before it.
    pub overtook: Vec<TaskName>,
    /// What could run, if the schedule [keeps it](super::Schedule::keep_candidates).
    pub kept: Vec<Candidate>,
}

/// The tasks that ran, in their order. [`EventLoop::take_record`](crate::EventLoop::take_record) returns it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The tasks.
    pub ran: Vec<Ran>,
}

impl Record {
    pub(crate) fn add(
        &mut self,
        candidates: &[Candidate],
        chosen: usize,
        at: Duration,
        keep: bool,
    ) {
        let Some(candidate) = candidates.get(chosen) else {
            return;
        };
        let overtaken = candidates.iter().take(chosen);
        self.ran.push(Ran {
            name: candidate.name,
            cause: candidate.cause,
            source: candidate.source,
            client: candidate.client,
            agent: candidate.agent,
            at,
            candidates: candidates.len(),
            overtook: overtaken.map(|candidate| candidate.name).collect(),
            kept: if keep {
                candidates.to_vec()
            } else {
                Vec::new()
            },
        });
    }

    /// Returns the tasks that were chosen where more than one could run, for [`Recorded`](super::Recorded).
    #[must_use]
    pub fn choices(&self) -> Vec<TaskName> {
        let chosen = self.ran.iter().filter(|ran| ran.candidates > 1);
        chosen.map(|ran| ran.name).collect()
    }

    /// Returns the departures from the default order. [`Held`](super::Held) repeats the run with them.
    ///
    /// Each task that was overtaken is held back until the last task that overtook it.
    #[must_use]
    pub fn holds(&self) -> Vec<Hold> {
        let mut holds: Vec<Hold> = Vec::new();
        let mut places: FxHashMap<TaskName, usize> = FxHashMap::default();
        for ran in &self.ran {
            for &held in &ran.overtook {
                let hold = Hold {
                    held,
                    until: ran.name,
                };
                match places.get(&held).and_then(|place| holds.get_mut(*place)) {
                    Some(earlier) => *earlier = hold,
                    None => {
                        places.insert(held, holds.len());
                        holds.push(hold);
                    }
                }
            }
        }
        holds
    }

    /// Returns the place of a task in the run.
    #[must_use]
    pub fn position(&self, task: TaskName) -> Option<usize> {
        self.ran.iter().position(|ran| ran.name == task)
    }
}
