//! Reads hostile bytes. Every value read can be printed, written and read again.
#![no_main]

use framepost_messaging::structured_clone::{CloneError, CloneLimits, Serialized, structured_deserialize, structured_serialize};
use framepost_messaging::value::ValueHeap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut heap = ValueHeap {
        limits: CloneLimits::DEFAULT.with_objects(10_000),
    };
    // Messages of another version are refused at once, so they would test nothing.
    let message = [&[0xfb, 2], bytes].concat();
    let Ok(value) = structured_deserialize(&mut heap, &Serialized::from_bytes(message), &()) else {
        return;
    };
    let _ = format!("{value:?}");
    match structured_serialize(&mut heap, &value) {
        Ok(serialized) => {
            let again = structured_deserialize(&mut heap, &serialized, &());
            if let Some(object) = again.expect("what was written is read").as_object() {
                object.clear();
            }
        }
        // A view may arrive out of the bounds of its resizable buffer.
        Err(error) => assert_eq!(error, CloneError::OutOfBoundsView),
    }
    // Most cycles include the outermost object.
    if let Some(object) = value.as_object() {
        object.clear();
    }
});
