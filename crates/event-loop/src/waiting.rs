//! Timers that wait, by the time at which they are due.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::TimerId;

/// The place of a waiting timer: when it is due, and which call of all calls has set it.
pub(crate) type Place = (Duration, u64);

/// The timers that wait, in the order of their places.
///
/// OPTIMIZATION: most timers share their time with others, and calls come in order. So the timers of one
/// time are a list. To take a timer out of a tree of all took 470 instructions.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    times: BTreeMap<Duration, Due>,
}

/// The timers of one time: at least one.
#[derive(Debug)]
enum Due {
    One(u64, TimerId),
    Many(Box<List>),
}

/// Timers in the order of their calls. One that was removed leaves a gap.
#[derive(Debug)]
struct List {
    timers: VecDeque<(u64, Option<TimerId>)>,
    gaps: usize,
}

impl List {
    /// Whether the list is empty now.
    fn remove(&mut self, call: u64) -> bool {
        let found = self.timers.binary_search_by_key(&call, |(held, _)| *held);
        if let Some((_, timer)) = found.ok().and_then(|at| self.timers.get_mut(at))
            && timer.take().is_some()
        {
            self.gaps += 1;
        }
        // Each gap is filled once, so that a removal costs the same however long the list is.
        if 2 * self.gaps > self.timers.len() {
            self.timers.retain(|(_, timer)| timer.is_some());
            self.gaps = 0;
        }
        self.timers.is_empty()
    }

    /// Takes the first timer. Also returns whether the list is empty now.
    fn take_first(&mut self) -> (Option<TimerId>, bool) {
        let mut first = None;
        while first.is_none()
            && let Some((_, timer)) = self.timers.pop_front()
        {
            self.gaps -= usize::from(timer.is_none());
            first = timer;
        }
        (first, self.timers.len() == self.gaps)
    }
}

impl Waiting {
    /// Adds a timer, which was set after all timers that are there.
    pub(crate) fn insert(&mut self, (time, call): Place, timer: TimerId) {
        match self.times.entry(time) {
            Entry::Vacant(vacant) => {
                vacant.insert(Due::One(call, timer));
            }
            Entry::Occupied(mut occupied) => match occupied.get_mut() {
                Due::Many(list) => list.timers.push_back((call, Some(timer))),
                Due::One(first_call, first) => {
                    let timers = [(*first_call, Some(*first)), (call, Some(timer))].into();
                    occupied.insert(Due::Many(Box::new(List { timers, gaps: 0 })));
                }
            },
        }
    }

    /// Removes the timer with this place.
    pub(crate) fn remove(&mut self, (time, call): Place) {
        let Entry::Occupied(mut occupied) = self.times.entry(time) else {
            return;
        };
        let is_empty = match occupied.get_mut() {
            Due::One(held, _) => *held == call,
            Due::Many(list) => list.remove(call),
        };
        if is_empty {
            occupied.remove();
        }
    }

    /// Takes the first timer that is due by `now`.
    pub(crate) fn take_due(&mut self, now: Duration) -> Option<TimerId> {
        let mut first = self.times.first_entry()?;
        if *first.key() > now {
            return None;
        }
        let (timer, is_empty) = match first.get_mut() {
            Due::One(_, timer) => (Some(*timer), true),
            Due::Many(list) => list.take_first(),
        };
        if is_empty {
            first.remove();
        }
        timer
    }

    /// When the first timer is due.
    pub(crate) fn next_due(&self) -> Option<Duration> {
        self.times.first_key_value().map(|(time, _)| *time)
    }

    /// All timers with their times, in order.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (Duration, TimerId)> {
        self.times.iter().flat_map(|(time, due)| {
            let (one, many) = match due {
                Due::One(_, timer) => (Some(*timer), None),
                Due::Many(list) => (None, Some(list.timers.iter())),
            };
            let many = many.into_iter().flatten();
            let timers = one.into_iter().chain(many.filter_map(|(_, timer)| *timer));
            timers.map(|timer| (*time, timer))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::Key;

    proptest! {
        #[test]
        fn timers_wait_in_the_order_of_a_tree(steps in prop::collection::vec((0..3_u8, 0..6_u64), 0..200)) {
            let mut waiting = Waiting::default();
            let mut tree: BTreeMap<Place, TimerId> = BTreeMap::new();
            for (call, (kind, number)) in (1..).zip(steps) {
                let time = Duration::from_millis(number);
                match kind {
                    0 => {
                        let timer = TimerId::from_parts(0, call);
                        waiting.insert((time, call), timer);
                        tree.insert((time, call), timer);
                    }
                    1 => {
                        let places: Vec<_> = tree.keys().copied().collect();
                        if let Some(place) = places.get(number as usize * places.len() / 6) {
                            waiting.remove(*place);
                            tree.remove(place);
                        }
                    }
                    _ => {
                        let first = tree.first_key_value().filter(|((due, _), _)| *due <= time);
                        let first = first.map(|(place, _)| *place);
                        let expected = first.and_then(|place| tree.remove(&place));
                        prop_assert_eq!(waiting.take_due(time), expected);
                    }
                }
                let expected: Vec<_> = tree.iter().map(|((time, _), timer)| (*time, *timer)).collect();
                prop_assert_eq!(waiting.in_order().collect::<Vec<_>>(), expected);
                prop_assert_eq!(waiting.next_due(), tree.keys().next().map(|place| place.0));
            }
        }
    }
}
