//! Pages in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, reason = "each test uses a part")]

use framepost_browsing_context::{MemoryLoader, Url};
use framepost_event_loop::{RunOutcome, RunUntil};
use framepost_quickjs_embedding::Page;

/// Opens the first of `files`, whose names are paths at `http://a.test/` or URLs.
pub fn open(files: &[(&str, &str)]) -> Page {
    let base = Url::parse("http://a.test/").unwrap();
    let mut loader = MemoryLoader::new();
    for (path, text) in files {
        loader.add(base.join(path).unwrap().as_str(), *text).unwrap();
    }
    Page::open(base.join(files[0].0).unwrap(), loader).unwrap()
}

/// Runs a page to its end and returns what it logged.
pub fn run(files: &[(&str, &str)]) -> Vec<String> {
    let mut page = open(files);
    assert_eq!(page.run(RunUntil::idle()), RunOutcome::Idle);
    page.take_log()
}

/// Runs one script in a page.
pub fn run_script(script: &str) -> Vec<String> {
    run(&[("index.html", &format!("<!DOCTYPE html><body><script>\n{script}\n</script>"))])
}
