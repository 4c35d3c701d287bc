//! The fewest departures from the default order for an outcome, in words.

use std::collections::BTreeMap;

use framepost_event_loop::explore::{Exploration, narrow, shrink};
use framepost_event_loop::{FxHashMap, Hold, Record, TaskName};

use super::{Found, Runner};
use crate::output::TaskNote;
use crate::page::{Page, PageOptions, RunOutcome};

/// The most runs that are made to explain one outcome.
const MOST_RUNS: usize = 300;
/// The most causes that are listed of one task.
const MOST_CAUSES: usize = 12;

/// A departure from the default order: two tasks that run in the other order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Departure {
    /// The task that runs first now.
    pub first: TaskStory,
    /// The task that waits for it, although the default order runs it first.
    pub second: TaskStory,
    /// The departure, for a [`Schedule`](framepost_event_loop::Schedule).
    pub hold: Hold,
}

/// A task, and how it came to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskStory {
    /// The task.
    pub task: TaskNote,
    /// The task that queued it, the one that queued that one, and so on.
    pub causes: Vec<TaskNote>,
}

/// An explained outcome.
#[derive(Clone)]
pub(super) struct Explained {
    pub(super) holds: Vec<Hold>,
    pub(super) departures: Vec<Departure>,
}

/// Explains outcomes, by the number of their first run: those with a failure first, then those with the fewest
/// departures.
pub(super) fn explain<M, D>(
    runner: &Runner<'_, M, D>,
    exploration: &Exploration,
    usual: &Record,
    found: &[Found],
) -> BTreeMap<u64, Explained>
where
    M: Fn() -> PageOptions + Sync,
    D: Fn(&mut Page) -> RunOutcome + Sync,
{
    let mut others: Vec<&Found> = found.iter().filter(|group| group.first_run != 0).collect();
    others.sort_by_key(|group| {
        (
            !group.outcome.has_failed(),
            group.departures,
            group.first_run,
        )
    });
    let mut explained = BTreeMap::new();
    for group in others.into_iter().take(runner.options.explained) {
        let key = group.outcome.key(runner.options.same_by);
        let mut runs = 0;
        let mut shows = |holds: &[Hold]| {
            runs += 1;
            runs <= MOST_RUNS
                && runner
                    .run(&exploration.with_holds(holds))
                    .is_ok_and(|(outcome, _)| outcome.key(runner.options.same_by) == key)
        };
        let holds = group.record.holds();
        // A limit on time may be met at another place.
        if !shows(&holds) {
            continue;
        }
        let holds = shrink(holds, &mut shows);
        let Ok((_, record)) = runner.run(&exploration.with_holds(&holds)) else {
            continue;
        };
        let holds = narrow(holds, usual, &record, &mut shows);
        let departures = in_words(runner, exploration, &holds);
        explained.insert(group.first_run, Explained { holds, departures });
    }
    explained
}

/// Runs the page once more in the default order and once with the departures, and describes the tasks. A task that
/// is held back may be dropped meanwhile, and then it runs only in the default order.
fn in_words<M, D>(
    runner: &Runner<'_, M, D>,
    exploration: &Exploration,
    holds: &[Hold],
) -> Vec<Departure>
where
    M: Fn() -> PageOptions + Sync,
    D: Fn(&mut Page) -> RunOutcome + Sync,
{
    let mut known: FxHashMap<TaskName, (TaskName, TaskNote)> = FxHashMap::default();
    for holds in [holds, &[]] {
        let Ok(mut page) = runner.open(&exploration.with_holds(holds), true) else {
            return Vec::new();
        };
        let _ = (runner.drive)(&mut page);
        let (record, notes) = (page.take_record(), page.take_task_notes());
        for (ran, note) in record.ran.iter().zip(notes) {
            known.entry(ran.name).or_insert((ran.cause, note));
        }
    }
    let story = |name: TaskName| {
        let (mut cause, task) = known.get(&name)?.clone();
        let mut causes = Vec::new();
        while causes.len() < MOST_CAUSES
            && let Some((next, note)) = known.get(&cause)
        {
            causes.push(note.clone());
            cause = *next;
        }
        Some(TaskStory { task, causes })
    };
    let departures = holds.iter().filter_map(|hold| {
        Some(Departure {
            first: story(hold.until)?,
            second: story(hold.held)?,
            hold: *hold,
        })
    });
    departures.collect()
}
