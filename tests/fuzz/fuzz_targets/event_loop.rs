//! Random calls of the event loop: the property test of that name.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../crates/event-loop/tests/random_calls.rs"]
mod random_calls;

fuzz_target!(|bytes: &[u8]| {
    framepost_fuzz::check(bytes, &random_calls::calls(), |calls| {
        random_calls::run(&calls);
    });
});
