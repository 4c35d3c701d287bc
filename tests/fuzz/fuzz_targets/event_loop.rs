//! Random calls of the event loop: the property test of that name.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../crates/event-loop/tests/random_calls.rs"]
mod random_calls;

fuzz_target!(|bytes: &[u8]| {
    random_calls::run(&random_calls::calls_of_bytes(bytes));
});
