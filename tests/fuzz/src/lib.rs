//! Shared helpers of the fuzz targets.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Checks an input that a strategy generates, with the fuzzer's bytes as the seed. So a property test is also a fuzz
/// target, and the fuzzer keeps the seeds that reach new code.
// NOT YET: the bytes are not the random numbers themselves. proptest's `RngAlgorithm::PassThrough` does not end.
pub fn check<S: Strategy>(bytes: &[u8], strategy: &S, check: impl FnOnce(S::Value)) {
    let mut seed = [0_u8; 32];
    for (at, byte) in bytes.iter().enumerate() {
        let held = &mut seed[at % 32];
        *held = held.wrapping_mul(31).wrapping_add(*byte);
    }
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    if let Ok(tree) = strategy.new_tree(&mut runner) {
        check(tree.current());
    }
}
