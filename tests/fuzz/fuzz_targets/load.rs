//! Loads the bytes as a page with frames, without a script engine. The page finishes loading, and its tree can be
//! serialized.
#![no_main]

use framepost_browsing_context::dom;
use framepost_browsing_context::loader::MemoryLoader;
use framepost_messaging::plain::World;
use libfuzzer_sys::fuzz_target;

/// More tasks than a page of this size has. A page that refreshes itself never ends.
const TASKS: usize = 2_000;

fuzz_target!(|bytes: &[u8]| {
    let html = String::from_utf8_lossy(bytes);
    let mut loader = MemoryLoader::new();
    for url in ["http://a.test/", "http://a.test/frame.html", "http://b.test/frame.html"] {
        loader.add(url, html.as_ref()).expect("the URL is valid");
    }
    let mut world = World::new(loader);
    let Ok(page) = world.open("http://a.test/") else {
        return;
    };
    for _ in 0..TASKS {
        if !world.step() {
            break;
        }
        let _ = world.take_events();
    }
    let contexts = world.contexts();
    let document = contexts.active_document(page);
    if let Some(document) = document.and_then(|document| contexts.document(document)) {
        let _ = dom::serialize_inner(document.node());
    }
});
