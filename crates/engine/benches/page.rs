//! Benchmarks of messages, frames and realms in a page with the script engine.

use criterion::{Criterion, criterion_group, criterion_main};
use framepost::{Page, PageOptions};
use url::Url;

const PAGE: &str = r#"<!doctype html><p id="count">0</p><script>
    const channel = new MessageChannel();
    let left = 0;
    channel.port2.onmessage = event => channel.port2.postMessage(event.data);
    channel.port1.onmessage = event => { if (--left > 0) channel.port1.postMessage(event.data) };
    function roundTrips(count) { left = count; channel.port1.postMessage("a message of ordinary length") }
    function transfers(count) {
        while (count-- > 0) buffer = structuredClone(buffer, {transfer: [buffer]});
    }
    var loaded = 0;
    function frames_(count) {
        for (let i = 0; i < count; i++) {
            const frame = document.createElement("iframe");
            frame.srcdoc = "<script>parent.loaded++<\/script>";
            document.body.append(frame);
        }
    }
</script>"#;

fn open() -> Option<Page> {
    let url = Url::parse("http://localhost/").ok()?;
    let mut page = Page::open(url.clone(), PageOptions::new().document(url, PAGE)).ok()?;
    let _idle = page.run_until_idle();
    Some(page)
}

/// Evaluates a script and runs until idle. Returns whether the script succeeded, so that a failing
/// benchmark does not look fast.
fn turn(page: &mut Page, source: &str) -> bool {
    let evaluated = page.eval(source).is_ok();
    let _idle = page.run_until_idle();
    evaluated
}

fn pages(criterion: &mut Criterion) {
    criterion.bench_function("open a page with one script", |bencher| {
        bencher.iter(|| open().is_some());
    });
    let Some(mut page) = open() else { return };
    criterion.bench_function("100 port round trips of a string in a page", |bencher| {
        bencher.iter(|| assert!(turn(&mut page, "roundTrips(100)")));
    });
    for (name, length) in [("nothing", 0), ("64 MiB", 64 << 20)] {
        let source = format!("var buffer = new ArrayBuffer({length})");
        assert!(turn(&mut page, &source));
        let name = format!("transfer an ArrayBuffer of {name} 100 times in a page");
        criterion.bench_function(&name, |bencher| {
            bencher.iter(|| assert!(turn(&mut page, "transfers(100)")));
        });
        let left = page.eval("buffer.byteLength").ok();
        assert_eq!(left, Some(length.to_string()));
    }
    let mut group = criterion.benchmark_group("frames");
    group.sample_size(10);
    group.bench_function(
        "10 srcdoc iframes with a script each, in a new page",
        |bencher| {
            bencher.iter(|| {
                let Some(mut page) = open() else { return };
                assert!(turn(&mut page, "frames_(10)"));
                assert_eq!(page.eval("loaded").ok().as_deref(), Some("10"));
            });
        },
    );
    group.finish();
}

criterion_group!(benches, pages);
criterion_main!(benches);
