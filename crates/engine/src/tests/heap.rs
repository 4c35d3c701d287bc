//! Runs the checks for embedders on Boa's heap, on the engine as a host, and on its pages.

use boa_engine::realm::Realm;
use boa_engine::{Context, Source};
use framepost_messaging::conformance::{
    AgentOf, PAGE, Report, Samples, check_depth, check_heap, check_host_with_agent, check_pages,
};
use framepost_messaging::structured_clone::{
    Serialized, structured_deserialize, structured_serialize,
};

use crate::script::{Host, MessageHost, realm, with_contexts};
use crate::tests::{outputs, with_agent};

#[track_caller]
fn assert_passes(report: &Report, least: usize) {
    assert!(report.failures().is_empty(), "{report}");
    assert!(report.passed() >= least, "{report}");
}

/// Calls `test` with the context of a page and the page's realm.
fn with_page(test: impl FnOnce(&mut Context, &Realm) + Send + 'static) {
    with_agent("<!doctype html>", |agent| {
        let ctx = agent.context();
        let window = realm::live(ctx).into_iter().next();
        let record = window.and_then(|window| realm::window_record(ctx, window));
        let realm = record.map(|record| record.realm);
        test(ctx, &realm.expect("the page's realm"));
    });
}

/// Calls `test` with the heap of a page and the page's realm.
fn with_heap(test: impl FnOnce(&mut MessageHost<'_>, &Realm) + Send + 'static) {
    with_page(|ctx, realm| test(&mut MessageHost::new(ctx), realm));
}

#[test]
fn boa_passes_the_checks_of_heaps() {
    with_page(|ctx, realm| {
        let values = [
            ("a symbol", "Symbol.iterator"),
            ("a function", "(() => 1)"),
            ("a proxy", "new Proxy({}, {})"),
            ("a promise", "Promise.resolve()"),
            ("a generator", "(function* () {})()"),
            ("a weak map", "new WeakMap()"),
            ("an object with a method", "({ f() {} })"),
        ];
        let values = values.map(|(name, script)| {
            let value = ctx.eval(Source::from_bytes(script));
            (name, value.expect(name))
        });
        let mut samples = Samples::new();
        for (name, value) in values {
            samples = samples.refused(name, value);
        }
        let report = check_heap(&mut MessageHost::new(ctx), realm, &samples);
        assert_passes(&report, 70);
    });
}

#[test]
fn boa_passes_the_checks_of_deep_values() {
    with_heap(|heap, realm| assert_passes(&check_depth(heap, realm, &Samples::new()), 1));
}

/// The agent that belongs to a host.
struct Agent;

impl<'h> AgentOf<MessageHost<'h>> for Agent {
    type Agent<'a>
        = Host<'a>
    where
        'h: 'a;

    fn agent<'a>(host: &'a mut MessageHost<'h>) -> Host<'a>
    where
        'h: 'a,
    {
        Host::new(host.context())
    }
}

#[test]
fn the_engine_passes_the_checks_of_hosts() {
    with_agent(PAGE, |agent| {
        let ctx = agent.context();
        let pages = with_contexts(ctx, |contexts| contexts.top_level_navigables());
        let host = &mut MessageHost::new(ctx);
        let report = check_host_with_agent::<_, Agent>(host, pages[0]);
        assert_passes(&report, 50);
    });
}

#[test]
fn the_engine_passes_the_checks_of_pages() {
    assert_passes(&check_pages(outputs), 60);
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
