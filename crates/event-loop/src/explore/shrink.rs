//! Finds the fewest departures from the default order that show an outcome.

use crate::policy::{Hold, Record, TaskName};
use crate::{FxHashMap, FxHashSet};

/// The most tasks that [`narrow`] tries for each end of a departure.
const TRIED: usize = 24;

/// Removes departures while `shows` returns true: delta debugging (Zeller and Hildebrandt, "Simplifying and isolating
/// failure-inducing input", 2002). `shows` runs the program with departures and returns whether its outcome is still
/// the same.
///
/// No departure of the result can be left out alone.
pub fn shrink(holds: Vec<Hold>, mut shows: impl FnMut(&[Hold]) -> bool) -> Vec<Hold> {
    let mut best = holds;
    // One departure is often enough.
    if best.len() > 1 {
        for hold in best.iter().rev().take(TRIED) {
            if shows(&[*hold]) {
                return vec![*hold];
            }
        }
    }
    let mut size = best.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        let before = best.len();
        while at < best.len() {
            let mut fewer = best.clone();
            fewer.drain(at..(at + size).min(fewer.len()));
            if shows(&fewer) {
                best = fewer;
            } else {
                at += size;
            }
        }
        if size == 1 && best.len() == before {
            break;
        }
        size = match size {
            1 => 1,
            _ => size.div_ceil(2),
        };
        if best.is_empty() {
            break;
        }
    }
    best
}

/// Moves the two ends of each departure as near to each other as possible, so that it names the two tasks whose order
/// matters. `usual` is the record of the default order, and `record` that of the run with `holds`.
///
/// A task that is held back may be only the cause of the task that matters, for example the response of a frame whose
/// `load` event matters. And it may be held back for longer than necessary.
pub fn narrow(
    holds: Vec<Hold>,
    usual: &Record,
    record: &Record,
    mut shows: impl FnMut(&[Hold]) -> bool,
) -> Vec<Hold> {
    let mut best = holds;
    for index in 0..best.len() {
        let Some(&hold) = best.get(index) else { break };
        // The latest task that the held one has caused in the default order, before the other task.
        let caused = descendants(usual, hold.held);
        for held in caused.into_iter().rev().take(TRIED) {
            if replace(&mut best, index, Hold { held, ..hold }, &mut shows) {
                break;
            }
        }
        let Some(&hold) = best.get(index) else { break };
        // The earliest task that overtakes it.
        let end = record.position(hold.until).unwrap_or(0);
        let overtaking = record.ran.iter().take(end).filter(|ran| {
            ran.overtook.contains(&hold.held)
                || ran
                    .overtook
                    .iter()
                    .any(|task| is_cause(usual, *task, hold.held))
        });
        let overtaking: Vec<TaskName> = overtaking.map(|ran| ran.name).take(TRIED).collect();
        for until in overtaking {
            if replace(&mut best, index, Hold { until, ..hold }, &mut shows) {
                break;
            }
        }
    }
    best
}

/// Replaces a departure if the outcome stays the same.
fn replace(
    best: &mut [Hold],
    index: usize,
    hold: Hold,
    shows: &mut impl FnMut(&[Hold]) -> bool,
) -> bool {
    let Some(place) = best.get_mut(index) else {
        return false;
    };
    let old = std::mem::replace(place, hold);
    if shows(best) {
        return true;
    }
    if let Some(place) = best.get_mut(index) {
        *place = old;
    }
    false
}

/// The tasks that a task has caused, directly or not, in the order in which they ran.
fn descendants(record: &Record, task: TaskName) -> Vec<TaskName> {
    let mut found: FxHashSet<TaskName> = [task].into_iter().collect();
    let mut in_order = Vec::new();
    for ran in &record.ran {
        if found.contains(&ran.cause) && found.insert(ran.name) {
            in_order.push(ran.name);
        }
    }
    in_order
}

/// Whether a task has caused another one, directly or not.
fn is_cause(record: &Record, task: TaskName, of: TaskName) -> bool {
    let causes: FxHashMap<TaskName, TaskName> =
        record.ran.iter().map(|ran| (ran.name, ran.cause)).collect();
    let mut seen = FxHashSet::default();
    let mut cause = of;
    while seen.insert(cause)
        && let Some(next) = causes.get(&cause)
    {
        if *next == task {
            return true;
        }
        cause = *next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(held: u64, until: u64) -> Hold {
        Hold {
            held: TaskName::from_bits(held),
            until: TaskName::from_bits(until),
        }
    }

    #[test]
    fn two_departures_that_are_needed_together_stay() {
        let holds: Vec<Hold> = (1..40).map(|number| hold(number, number + 100)).collect();
        let needed = [hold(3, 103), hold(30, 130)];
        let shows = |holds: &[Hold]| needed.iter().all(|needed| holds.contains(needed));
        assert_eq!(shrink(holds, shows), needed);
    }

    #[test]
    fn no_departure_is_left_if_none_is_needed() {
        assert_eq!(shrink(vec![hold(1, 2), hold(3, 4)], |_| true).len(), 1);
        assert_eq!(shrink(vec![hold(1, 2)], |_| true), []);
    }
}
