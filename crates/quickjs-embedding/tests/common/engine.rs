//! The checks for embedders that need the engine itself: its heap and its host.

#![allow(clippy::unwrap_used)]

use framepost_browsing_context::{MemoryLoader, Url};
use framepost_event_loop::RunUntil;
use framepost_messaging::conformance::{Feature, PAGE, Samples, check_depth, check_heap, check_host};
use rquickjs::Value;

use super::Page;

fn page() -> Page {
    let url = "http://a.test/";
    let loader = MemoryLoader::new().with(url, PAGE).unwrap();
    let mut page = Page::open(Url::parse(url).unwrap(), loader).unwrap();
    let _ = page.run(RunUntil::idle());
    page
}

#[test]
fn quickjs_passes_the_checks_of_heaps() {
    let mut page = page();
    let window = page.with_contexts(|contexts, top| contexts.active_window(top).unwrap());
    page.with_engine(|engine| {
        let (mut engine, realm) = engine.within(window).unwrap();
        // A view on a resizable buffer that ends where its buffer ends is taken to follow it; see the README.
        let mut samples = Samples::new().lacking(&[Feature::LengthTrackingViews]);
        for (name, script) in [
            ("a function", "(() => 1)"),
            ("a symbol", "Symbol.iterator"),
            ("a proxy", "new Proxy({}, {})"),
            ("a promise", "Promise.resolve()"),
            ("a weak map", "new WeakMap()"),
            ("a window", "window"),
        ] {
            let value: Value<'_> = engine.ctx.eval(script).unwrap();
            samples = samples.refused(name, value);
        }
        let report = check_heap(&mut engine, &realm, &samples);
        assert!(report.failures().is_empty(), "{report}");
        let report = check_depth(&mut engine, &realm, &samples);
        assert!(report.failures().is_empty(), "{report}");
    });
}

#[test]
fn the_engine_passes_the_checks_of_hosts() {
    let mut page = page();
    let navigable = page.navigable;
    page.with_engine(|engine| {
        let report = check_host(engine, navigable);
        assert!(report.failures().is_empty(), "{report}");
    });
}
