//! Explores a program of any engine.

use std::collections::BTreeMap;

use super::{Exploration, narrow, shrink};
use crate::policy::{Hold, Record, Schedule};

/// The runs with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found<O> {
    /// The outcome.
    pub outcome: O,
    /// The number of runs.
    pub runs: u64,
    /// The number of the first of these runs. Run 0 has the default order.
    pub first_run: u64,
    /// The departures from the default order that show it, shrunk; none for the default order itself.
    pub holds: Vec<Hold>,
}

/// Runs a program in this many orders, and returns its outcomes: that of the default order first, then the
/// commonest first.
///
/// `run` runs the program from its beginning with [`EventLoopOptions::schedule`](crate::EventLoopOptions::schedule),
/// and returns its outcome and the [record](crate::EventLoop::take_record) of its event loop.
pub fn explore<O: Ord + Clone>(
    mut exploration: Exploration,
    runs: u64,
    mut run: impl FnMut(&Schedule) -> (O, Record),
) -> Vec<Found<O>> {
    let (usual_outcome, usual) = run(&exploration.schedule(0));
    exploration.learn(&usual);
    let mut found: BTreeMap<O, (u64, u64, Record)> = BTreeMap::new();
    found.insert(usual_outcome, (1, 0, usual.clone()));
    for number in 1..runs {
        let (outcome, record) = run(&exploration.schedule(number));
        let entry = found.entry(outcome);
        entry.or_insert((0, number, record)).0 += 1;
    }
    let mut outcomes: Vec<Found<O>> = Vec::new();
    for (outcome, (runs, first_run, record)) in found {
        let mut shows = |holds: &[Hold]| run(&exploration.with_holds(holds)).0 == outcome;
        let holds = match first_run {
            0 => Vec::new(),
            _ => {
                let holds = shrink(record.holds(), &mut shows);
                narrow(holds, &usual, &record, &mut shows)
            }
        };
        outcomes.push(Found {
            outcome,
            runs,
            first_run,
            holds,
        });
    }
    outcomes.sort_by_key(|found| (found.first_run != 0, std::cmp::Reverse(found.runs)));
    outcomes
}
