//! The suite for every heap, in the heap of plain Rust values.
#![allow(clippy::expect_used, clippy::panic)]

mod suite;

use framepost_messaging::value::ValueHeap;

#[test]
fn plain_values() {
    suite::run(&mut ValueHeap::default(), &());
}
