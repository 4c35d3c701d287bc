//! Damaged messages with ports and buffers in them: the property test of that name.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../crates/messaging/tests/hostile_messages.rs"]
mod hostile_messages;

fuzz_target!(|bytes: &[u8]| {
    framepost_fuzz::check(bytes, &hostile_messages::damages(), |damages| {
        hostile_messages::read(&damages);
    });
});
