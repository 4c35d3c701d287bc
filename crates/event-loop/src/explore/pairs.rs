//! The pairs of tasks of a run whose order is not fixed.

use crate::policy::{Hold, OrderFreedom, Ran, Record, TaskName};
use crate::{FxHashMap, FxHashSet, TaskSource};

/// The most tasks of a run that are paired.
const PAIRED: usize = 400;

/// Returns a departure for each pair: the earlier task is held back until the later one has run.
///
/// Pairs of one agent come first, and then the nearest ones. A task and what it has caused are not a pair, and neither
/// are two tasks that a source keeps in order.
pub(super) fn pairs(record: &Record, freedom: OrderFreedom) -> Vec<Hold> {
    let ran = record.ran.get(..PAIRED).unwrap_or(&record.ran);
    let causes: FxHashMap<TaskName, TaskName> =
        ran.iter().map(|ran| (ran.name, ran.cause)).collect();
    let mut pairs: Vec<(bool, usize, usize, Hold)> = Vec::new();
    for (place, later) in ran.iter().enumerate() {
        let mut causes_of_later = FxHashSet::default();
        let mut cause = later.cause;
        while causes_of_later.insert(cause)
            && let Some(next) = causes.get(&cause)
        {
            cause = *next;
        }
        for (distance, earlier) in (1..).zip(ran.iter().take(place).rev()) {
            if causes_of_later.contains(&earlier.name) || is_fixed(earlier, later, freedom) {
                continue;
            }
            let hold = Hold {
                held: earlier.name,
                until: later.name,
            };
            let is_of_others = earlier.agent != later.agent;
            pairs.push((is_of_others, distance, place, hold));
        }
    }
    pairs.sort_by_key(|(is_of_others, distance, place, _)| (*is_of_others, *distance, *place));
    pairs.into_iter().map(|(.., hold)| hold).collect()
}

/// Whether a source keeps the order of two tasks.
fn is_fixed(earlier: &Ran, later: &Ran, freedom: OrderFreedom) -> bool {
    let source = earlier.source.of_the_standard();
    source == later.source.of_the_standard()
        && match source {
            TaskSource::Networking | TaskSource::Timer | TaskSource::NavigationAndTraversal => {
                false
            }
            _ => match freedom {
                OrderFreedom::Standard => earlier.agent == later.agent,
                OrderFreedom::Browsers => earlier.client == later.client,
            },
        }
}
