//! Runs the suite for heaps on the heap of plain Rust values.
#![allow(clippy::expect_used, clippy::panic)]

mod suite;

use framepost_messaging::value::ValueHeap;

#[test]
fn plain_values_pass_the_suite() {
    suite::run(&mut ValueHeap::default(), &());
}
