//! Random numbers, and the uniform choice among the legal orders.

use super::{Candidate, OrderFreedom, Policy, legal_choices};

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
pub(super) fn mix(number: u64) -> u64 {
    let mut z = number;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A generator of random numbers: SplitMix64, which is good enough for schedules. The same seed gives the same numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// Creates a generator.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Draws a number.
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// Draws a number below `end`, or 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw() % end.max(1)
    }
}

/// Chooses among the legal orders by a seed. The same seed gives the same run.
#[derive(Clone, Debug)]
pub struct Shuffled {
    random: Random,
    freedom: OrderFreedom,
    legal: Vec<usize>,
}

impl Shuffled {
    /// Creates a policy that chooses by `seed`, within `freedom`.
    #[must_use]
    pub fn new(seed: u64, freedom: OrderFreedom) -> Self {
        Self {
            random: Random::new(seed),
            freedom,
            legal: Vec::new(),
        }
    }
}

impl Policy for Shuffled {
    fn choose(&mut self, candidates: &[Candidate]) -> usize {
        legal_choices(candidates, self.freedom, &mut self.legal);
        // The remainder is less than the length, which is a usize.
        #[allow(clippy::cast_possible_truncation)]
        let place = self.random.below(self.legal.len() as u64) as usize;
        self.legal.get(place).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::OldestFirst;
    use crate::{ClientId, Key, TaskSource};

    fn candidate(stamp: u64, source: TaskSource, client: u64) -> Candidate {
        Candidate::new(stamp, source, Some(ClientId::from_parts(0, client)))
    }

    #[test]
    fn standard_freedom_keeps_the_end_of_loading_after_older_dom_manipulation() {
        // The default order puts the end of loading first.
        let candidates = [
            candidate(2, TaskSource::EndOfLoading, 2),
            candidate(1, TaskSource::DomManipulation, 1),
        ];
        let mut standard = Shuffled::new(7, OrderFreedom::Standard);
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
        let mut standard = Shuffled::new(7, OrderFreedom::Standard);
        let mut browsers = Shuffled::new(7, OrderFreedom::Browsers);
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
