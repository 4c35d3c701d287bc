//! The choice of the next task queue.
//!
//! HTML leaves the choice to the implementation ([processing model, step 2.1](https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model)).
//! The default, [`OldestFirst`], is the order that pages expect from browsers. [`Shuffled`] chooses a legal
//! order by a seed. It finds pages and engines that rely on an order that the standard does not
//! guarantee.

use crate::{ClientId, TaskSource};

/// The first task of a runnable queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The stamp of the task.
    pub stamp: u64,
    /// The task source.
    pub source: TaskSource,
    /// The client.
    pub client: Option<ClientId>,
}

/// Chooses among runnable task queues.
pub trait Policy {
    /// Returns the index in `candidates` of the queue whose first task runs next.
    ///
    /// There is at least one candidate. They are in the default order: first the tasks at the end of
    /// loading, then by the priority of scheduled tasks, then the oldest first. An index beyond the end means the
    /// last candidate.
    fn choose(&mut self, candidates: &[Candidate]) -> usize;
}

/// The default, the order that pages expect from browsers: first the tasks at the end of loading a
/// document, then the oldest task of all queues. Scheduled tasks run by their priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OldestFirst;

impl Policy for OldestFirst {
    fn choose(&mut self, _candidates: &[Candidate]) -> usize {
        0
    }
}

/// The freedom of a policy to depart from the order in which tasks were queued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Freedom {
    /// The freedom of the standard within one agent: each task source keeps its order.
    #[default]
    Standard,
    /// The freedom of engines with a scheduler for each frame: the order between documents is free, too.
    Browsers,
}

/// Chooses among the legal orders by a seed. The same seed gives the same run.
#[derive(Clone, Debug)]
pub struct Shuffled {
    state: u64,
    freedom: Freedom,
    legal: Vec<usize>,
}

impl Shuffled {
    /// Creates a policy that chooses by `seed`, within `freedom`.
    #[must_use]
    pub fn new(seed: u64, freedom: Freedom) -> Self {
        Self {
            state: seed,
            freedom,
            legal: Vec::new(),
        }
    }

    /// Whether `other` has to run before a candidate. `is_before`: whether it is before it in the default
    /// order.
    fn forbids(&self, other: &Candidate, candidate: &Candidate, is_before: bool) -> bool {
        match (other.source, candidate.source) {
            // [Select the next scheduler task queue](https://wicg.github.io/scheduling-apis/#select-the-next-scheduler-task-queue-from-all-schedulers)
            // prescribes the order.
            (TaskSource::Scheduler(_), TaskSource::Scheduler(_)) => is_before,
            (first, second) => {
                self.freedom == Freedom::Standard
                    && first.of_the_standard() == second.of_the_standard()
                    && other.stamp < candidate.stamp
            }
        }
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014), which is good enough for schedules.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Policy for Shuffled {
    fn choose(&mut self, candidates: &[Candidate]) -> usize {
        self.legal.clear();
        for (place, candidate) in candidates.iter().enumerate() {
            let mut others = candidates.iter().enumerate();
            let forbidden = others.any(|(at, other)| self.forbids(other, candidate, at < place));
            if !forbidden {
                self.legal.push(place);
            }
        }
        let draw = self.draw();
        // The remainder is less than the length, which is a usize.
        #[allow(clippy::cast_possible_truncation)]
        let place = (draw % self.legal.len().max(1) as u64) as usize;
        self.legal.get(place).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    fn candidate(stamp: u64, source: TaskSource, client: u64) -> Candidate {
        Candidate {
            stamp,
            source,
            client: Some(ClientId::from_parts(0, client)),
        }
    }

    #[test]
    fn standard_freedom_keeps_the_end_of_loading_after_older_dom_manipulation() {
        // The default order puts the end of loading first.
        let candidates = [
            candidate(2, TaskSource::EndOfLoading, 2),
            candidate(1, TaskSource::DomManipulation, 1),
        ];
        let mut standard = Shuffled::new(7, Freedom::Standard);
        assert!((0..100).all(|_| standard.choose(&candidates) == 1));
        assert_eq!(OldestFirst.choose(&candidates), 0);
    }

    #[test]
    fn standard_freedom_keeps_a_source_in_order_across_clients() {
        let candidates = [
            candidate(1, TaskSource::PostedMessage, 1),
            candidate(2, TaskSource::PostedMessage, 2),
            candidate(3, TaskSource::Timer, 2),
        ];
        let mut standard = Shuffled::new(7, Freedom::Standard);
        let mut browsers = Shuffled::new(7, Freedom::Browsers);
        let (mut seen_standard, mut seen_browsers) = ([0; 3], [0; 3]);
        for _ in 0..200 {
            seen_standard[standard.choose(&candidates)] += 1;
            seen_browsers[browsers.choose(&candidates)] += 1;
        }
        assert_eq!(
            seen_standard[1], 0,
            "document 2's message overtook an older one"
        );
        assert!(seen_standard[0] > 0 && seen_standard[2] > 0);
        assert!(seen_browsers.iter().all(|&times| times > 0));
    }
}
