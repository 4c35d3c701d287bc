//! Runs the suite of structured clone on Boa's heap.

#[path = "../../../messaging/tests/suite/mod.rs"]
mod suite;

use boa_engine::realm::Realm;
use framepost_messaging::structured_clone::{
    Serialized, structured_deserialize, structured_serialize,
};

use crate::script::{MessageHost, realm};
use crate::tests::with_agent;

/// Calls `test` with the heap of a page and the page's realm.
fn with_heap(test: impl FnOnce(&mut MessageHost<'_>, &Realm) + Send + 'static) {
    with_agent("<!doctype html>", |agent| {
        let ctx = agent.context();
        let window = realm::live(ctx).into_iter().next();
        let record = window.and_then(|window| realm::window_record(ctx, window));
        let realm = record.map(|record| record.realm);
        test(
            &mut MessageHost::new(ctx),
            &realm.expect("the page's realm"),
        );
    });
}

#[test]
fn boa_passes_the_heap_suite() {
    with_heap(|heap, realm| suite::run(heap, realm));
}

#[test]
fn platform_object_state_is_not_trusted() {
    with_heap(|heap, realm| {
        for interface in [
            "Blob",
            "File",
            "FileList",
            "DOMException",
            "QuotaExceededError",
            "ImageData",
            "ImageBitmap",
            "Window",
            "",
        ] {
            // Numbers, strings, dangling references; then sub-values, or none.
            for state in [
                &[][..],
                &[0],
                &[0xff; 9],
                &[0x83, 97, 98, 99],
                &[0x81, 97, 0x81, 98, 0],
            ] {
                for rest in [&[0x01][..], &[0x10, 0x01], &[0xc1, 0x20, 0x01, 0x01], &[]] {
                    let mut bytes = vec![0xfb, 2, 0, 0, 0x2f, interface.len() as u8];
                    bytes.extend(interface.bytes());
                    bytes.push(state.len() as u8);
                    bytes.extend(state);
                    bytes.extend(rest);
                    let message = Serialized::from_bytes(bytes);
                    if let Ok(value) = structured_deserialize(heap, &message, realm) {
                        assert!(structured_serialize(heap, &value).is_ok());
                    }
                }
            }
        }
    });
}
