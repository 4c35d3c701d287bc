//! What the fuzz targets share.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Checks the input that a strategy makes of the fuzzer's bytes. So a property test is a fuzz target, too,
/// and the fuzzer finds inputs that random numbers do not.
pub fn check<S: Strategy>(bytes: &[u8], strategy: &S, check: impl FnOnce(S::Value)) {
    let random = TestRng::from_seed(RngAlgorithm::PassThrough, bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    if let Ok(tree) = strategy.new_tree(&mut runner) {
        check(tree.current());
    }
}
