//! Tests of pages that collect garbage after each task.

use framepost::{Page, PageOptions, RunOutcome};
use url::Url;

/// Returns the console messages and the dump of a directory of fixtures.
fn transcript(fixture: &str, collect: bool) -> (Vec<String>, String) {
    let directory = format!("{}/../../fixtures/{fixture}", env!("CARGO_MANIFEST_DIR"));
    let origin = Url::parse("http://localhost/index.html").unwrap();
    let options = PageOptions::new()
        .directory(origin.clone(), directory)
        .collect_after_each_task(collect);
    let mut page = Page::open(origin, options).unwrap();
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    let console = page.console().into_iter();
    let lines = console.map(|message| message.text).collect();
    (lines, page.dump(framepost::DumpFormat::Text))
}

#[test]
fn fixtures_behave_the_same_with_collection() {
    for fixture in ["mdn-channel-messaging", "relay", "frames-in-flight", "chat"] {
        let plain = transcript(fixture, false);
        assert_ne!(plain.1, "", "{fixture}");
        assert_eq!(transcript(fixture, true), plain, "{fixture}");
    }
}

#[test]
fn collection_is_observable_after_the_task() {
    let url = Url::parse("http://localhost/").unwrap();
    let html = "<script>
        (() => {
          const { port1, port2 } = new MessageChannel();
          port1.onclose = () => console.log('the peer was forgotten');
          globalThis.kept = port1;
          globalThis.weak = new WeakRef(port2);
        })();
        setTimeout(() => console.log(weak.deref() === undefined), 5);
    </script>";
    for (collect, expected) in [
        (true, vec!["the peer was forgotten", "true"]),
        (false, vec!["false"]),
    ] {
        let options = PageOptions::new()
            .document(url.clone(), html)
            .collect_after_each_task(collect);
        let mut page = Page::open(url.clone(), options).unwrap();
        assert_eq!(page.run_until_idle(), RunOutcome::Idle);
        let console = page.console().into_iter();
        let lines: Vec<String> = console.map(|message| message.text).collect();
        assert_eq!(lines, expected);
    }
}
