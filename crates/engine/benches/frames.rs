//! Measures memory and time per frame: creates and removes ten thousand frames of each kind, and
//! prints the growth of the process and the time per frame.
//!
//! This benchmark uses no harness because it measures memory. Run it on Linux with `cargo bench -p
//! framepost --bench frames`.

use std::time::Instant;

use framepost::{Page, PageOptions, RunOutcome};
use url::Url;

const PAGE: &str = r#"<!doctype html><body><script>
    let left = 0;
    var loaded = 0;
    const kinds = {
        "about:blank": frame => {},
        "srcdoc": frame => { frame.srcdoc = "<p>a frame</p>" },
        "srcdoc with a script": frame => { frame.srcdoc = "<script>parent.loaded++<\/script>" },
    };
    function one(kind) {
        if (left-- == 0) return;
        const frame = document.createElement("iframe");
        kinds[kind](frame);
        frame.onload = () => { frame.remove(); setTimeout(one, 0, kind) };
        document.body.append(frame);
    }
    function frames_(kind, count) { left = count; one(kind) }
</script>"#;

/// Returns the resident memory of this process in KiB.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn frames(page: &mut Page, kind: &str, count: u64) -> Option<()> {
    page.eval(&format!("frames_({kind:?}, {count})")).ok()?;
    match page.run_until_idle() {
        RunOutcome::Idle => Some(()),
        other => {
            println!("{kind}: {other:?}");
            None
        }
    }
}

fn measure(kind: &str, count: u64) -> Option<()> {
    let url = Url::parse("http://localhost/").ok()?;
    let options = PageOptions::new().document(url.clone(), PAGE);
    let mut page = Page::open(url, options).ok()?;
    let _idle = page.run_until_idle();
    // The first thousand frames fill the caches.
    frames(&mut page, kind, 1_000)?;
    let (before, start) = (resident()?, Instant::now());
    frames(&mut page, kind, count)?;
    let (after, time) = (resident()?, start.elapsed());
    let stays = after.saturating_sub(before) * 1024 / count;
    let micros = time.as_micros() / u128::from(count);
    println!("{kind}: {stays} bytes stay of each of {count} frames; {micros} µs each");
    Some(())
}

fn main() {
    // `cargo test --benches` also runs this, to check that it works.
    let count = if std::env::args().any(|argument| argument == "--bench") {
        10_000
    } else {
        10
    };
    for kind in ["about:blank", "srcdoc", "srcdoc with a script"] {
        if measure(kind, count).is_none() {
            println!("{kind}: cannot be measured here");
        }
    }
}
