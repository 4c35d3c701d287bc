//! `Math.random` from the agent's seed, so that a run can be repeated.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsValue, js_string};

use super::functions::function;
use super::slots::Slot;
use crate::boa::properties::{HIDDEN, data_property};

/// The agent's random number generator.
static RANDOM: Slot<Random> = Slot::new();

/// A SplitMix64 generator: small, seedable with any number, sufficient for pages.
#[derive(Clone, Debug, Default)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from zero up to, but not including, one.
    #[allow(
        clippy::cast_precision_loss,
        reason = "53 bits are what a double holds"
    )]
    pub fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / 2f64.powi(53)
    }
}

/// Seeds the agent's generator.
pub fn seed(ctx: &Context, seed: u64) {
    RANDOM.set(ctx, Random::new(seed));
}

/// Returns the next number of the agent's generator.
pub fn next_u64(ctx: &Context) -> u64 {
    RANDOM.with(ctx, Random::next_u64)
}

/// Replaces the `Math.random` of a realm.
pub fn install(ctx: &mut Context, realm: &Realm) {
    let math: Option<JsObject> = ctx
        .global_object()
        .get(js_string!("Math"), ctx)
        .ok()
        .and_then(|math| math.as_object());
    let Some(math) = math else { return };
    let random = function(realm, "random", 0, |_, _, ctx| {
        Ok(JsValue::from(RANDOM.with(ctx, Random::next_f64)))
    });
    let descriptor = data_property(random, HIDDEN);
    math.insert_property(js_string!("random"), descriptor);
}

/// A random UUID ([version 4](https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-4)) of these
/// bits.
pub fn uuid(high: u64, low: u64) -> String {
    let high = high & !0xf000 | 0x4000;
    let low = low & !(0b11 << 62) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_gives_one_sequence_within_the_unit_interval() {
        let (mut a, mut b, mut c) = (Random::new(7), Random::new(7), Random::new(8));
        let ours: Vec<f64> = (0..100).map(|_| a.next_f64()).collect();
        assert!(ours.iter().all(|number| (0.0..1.0).contains(number)));
        assert_eq!(ours, (0..100).map(|_| b.next_f64()).collect::<Vec<_>>());
        assert_ne!(ours, (0..100).map(|_| c.next_f64()).collect::<Vec<_>>());
    }
}
