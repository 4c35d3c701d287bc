//! Damaged messages with ports and buffers in them: the property test of that name.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../crates/messaging/tests/hostile_messages.rs"]
mod hostile_messages;

fuzz_target!(|bytes: &[u8]| {
    if let Some(damages) = hostile_messages::damages_of_bytes(bytes) {
        hostile_messages::read(&damages);
    }
});
