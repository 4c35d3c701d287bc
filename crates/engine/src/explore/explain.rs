//! The fewest departures from the default order for an outcome, in words.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use framepost_event_loop::explore::{Exploration, narrow, shrink};
use framepost_event_loop::{FxHashMap, Hold, Record, TaskName, TaskSource};

use super::{Difference, Found, Runner};
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

/// A task of a run, in the order in which they ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RanTask {
    /// Its name, which is the same in all orders.
    pub name: TaskName,
    /// The task that queued it.
    pub cause: TaskName,
    /// When it began, on the page's clock.
    pub at: Duration,
    /// The number of the port, if it is a task of one.
    pub port: Option<u64>,
    /// The task in words.
    pub note: TaskNote,
}

/// An explained outcome.
#[derive(Clone, Default)]
pub(super) struct Explained {
    pub(super) holds: Vec<Hold>,
    pub(super) departures: Vec<Departure>,
    /// The tasks of the run, if they are requested.
    pub(super) tasks: Vec<RanTask>,
}

/// Explains outcomes, by the number of their first run: those with a failure first, then those that show something else
/// than the default order, then those with the fewest departures. Outcomes that show the same as an earlier one and differ
/// only in dropped messages come last.
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
    let has_others = found.iter().any(|group| group.first_run != 0);
    if !has_others && !runner.options.timelines {
        return BTreeMap::new();
    }
    let same_by = runner.options.same_by;
    let reference = found.iter().find(|group| group.first_run == 0);
    let mut others: Vec<(&Found, Difference)> = found
        .iter()
        .filter(|group| group.first_run != 0)
        .map(|group| {
            let difference = reference.map_or(Difference::Visible, |reference| {
                group.outcome.difference(&reference.outcome, same_by)
            });
            (group, difference)
        })
        .collect();
    others.sort_by_key(|(group, difference)| {
        (
            !group.outcome.has_failed(),
            *difference,
            group.departures,
            group.first_run,
        )
    });
    let mut shown = BTreeSet::new();
    others.sort_by_cached_key(|(group, _)| !shown.insert(group.outcome.visible_key(same_by)));
    let others = others.into_iter().map(|(group, _)| group);
    let mut explained = BTreeMap::new();
    let usual_tasks = timeline(runner, exploration, &[]);
    if runner.options.timelines {
        let tasks = usual_tasks.clone();
        let of_usual = Explained {
            tasks,
            ..Explained::default()
        };
        explained.insert(0, of_usual);
    }
    for group in others.take(runner.options.explained) {
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
        let tasks = timeline(runner, exploration, &holds);
        let departures = in_words(&usual_tasks, &tasks, &holds);
        let tasks = match runner.options.timelines {
            true => tasks,
            false => Vec::new(),
        };
        explained.insert(
            group.first_run,
            Explained {
                holds,
                departures,
                tasks,
            },
        );
    }
    explained
}

/// Runs the page once more with these departures, and describes its tasks.
fn timeline<M, D>(
    runner: &Runner<'_, M, D>,
    exploration: &Exploration,
    holds: &[Hold],
) -> Vec<RanTask>
where
    M: Fn() -> PageOptions + Sync,
    D: Fn(&mut Page) -> RunOutcome + Sync,
{
    let Ok(mut page) = runner.open(&exploration.with_holds(holds), true) else {
        return Vec::new();
    };
    let _ = (runner.drive)(&mut page);
    ran_tasks(&mut page)
}

/// Takes the tasks of a page that ran since the last call. The page needs a [schedule](PageOptions::schedule) and
/// [notes](PageOptions::task_notes).
pub fn ran_tasks(page: &mut Page) -> Vec<RanTask> {
    let (record, notes) = (page.take_record(), page.take_task_notes());
    let tasks = record.ran.into_iter().zip(notes);
    let tasks = tasks.map(|(ran, note)| RanTask {
        name: ran.name,
        cause: ran.cause,
        at: ran.at,
        port: match ran.source {
            TaskSource::Port(port) => Some(port),
            _ => None,
        },
        note,
    });
    tasks.collect()
}

/// Describes the tasks of departures. A task that is held back may be dropped meanwhile, and then it runs only in the
/// default order.
fn in_words(usual: &[RanTask], tasks: &[RanTask], holds: &[Hold]) -> Vec<Departure> {
    let mut known: FxHashMap<TaskName, &RanTask> = FxHashMap::default();
    for ran in tasks.iter().chain(usual) {
        known.entry(ran.name).or_insert(ran);
    }
    let story = |name: TaskName| {
        let ran = known.get(&name)?;
        let mut causes = Vec::new();
        let mut cause = ran.cause;
        while causes.len() < MOST_CAUSES
            && let Some(next) = known.get(&cause)
        {
            causes.push(next.note.clone());
            cause = next.cause;
        }
        Some(TaskStory {
            task: ran.note.clone(),
            causes,
        })
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
