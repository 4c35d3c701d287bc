//! `framepost run --record` and `framepost replay`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use support::{Ran, files, framepost};

mod support;

const PAGE: &str = "<!DOCTYPE html><p>x</p><iframe src=frame.html></iframe><script src=s.js></script><script>
    console.log(Math.random(), performance.now() > 0, Date.now());
    onmessage = (event) => { console.log(event.data); document.querySelector('p').textContent = event.data };
    setTimeout(() => console.warn('timer'), 20);
    new Worker('w.js').onmessage = (event) => console.log('worker', event.data);
    fetchNothing = new Image;
    queueMicrotask(() => { null.property });
</script>";

fn site() -> tempfile::TempDir {
    files([
        ("page.html", PAGE),
        (
            "frame.html",
            "<script>parent.postMessage('é from frame', '*')</script>",
        ),
        ("s.js", "var s = 1"),
        ("w.js", "postMessage(1)"),
    ])
}

/// Records a run, and replays it in an empty directory.
fn record_and_replay(site: &Path, arguments: &[&str], replay: &[&str]) -> (Ran, Ran) {
    let run = [&["run", "page.html", "--record", "run.json"], arguments].concat();
    let recorded = framepost(site, &run);
    let empty = tempfile::tempdir().unwrap();
    std::fs::copy(site.join("run.json"), empty.path().join("run.json")).unwrap();
    let replayed = framepost(empty.path(), &[&["replay", "run.json"], replay].concat());
    (recorded, replayed)
}

#[test]
fn replay_is_the_same_to_the_byte_in_any_order() {
    let site = site();
    let orders: [&[&str]; 4] = [
        &[],
        &["--order-seed", "1"],
        &["--order-seed", "2", "--model", "browsers"],
        &[
            "--order-seed",
            "3",
            "--eval",
            "console.log(s)",
            "--dump",
            "html",
        ],
    ];
    let mut seen = std::collections::BTreeSet::new();
    for order in orders {
        let (recorded, replayed) = record_and_replay(site.path(), order, &[]);
        assert_eq!(recorded.code, Some(1), "{}", recorded.err);
        assert_eq!(replayed.code, recorded.code);
        assert_eq!(replayed.out, recorded.out);
        assert_eq!(replayed.err, recorded.err);
        seen.insert(recorded.out);
    }
    assert!(seen.len() > 1);
}

#[test]
fn recorded_run_prints_what_an_unrecorded_one_prints() {
    let site = site();
    let usual = framepost(site.path(), &["run", "page.html"]);
    let (recorded, _) = record_and_replay(site.path(), &[], &[]);
    assert_eq!((recorded.out, recorded.err), (usual.out, usual.err));
}

#[test]
fn replay_stops_after_a_number_of_tasks_and_evaluates_there() {
    let site = site();
    let look = [
        "--until",
        "1",
        "--eval",
        "console.log(frames.length, document.readyState)",
    ];
    let (_, replayed) = record_and_replay(site.path(), &[], &look);
    assert!(
        replayed.out.contains("\n1 loading\n") || replayed.out.starts_with("1 loading\n"),
        "{}",
        replayed.out
    );
    assert!(!replayed.out.contains("from frame"), "{}", replayed.out);
}

#[test]
fn damaged_and_other_recordings_are_refused() {
    let site = site();
    record_and_replay(site.path(), &[], &[]);
    let text = std::fs::read_to_string(site.path().join("run.json")).unwrap();
    let refused = |name: &str, text: &str| {
        std::fs::write(site.path().join(name), text).unwrap();
        let ran = framepost(site.path(), &["replay", name]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
        ran.err
    };
    let cut = refused("cut.json", &text[..text.len() / 2]);
    assert!(
        cut.contains("\"cut.json\"") && cut.contains("line "),
        "{cut}"
    );
    let changed = refused("changed.json", &text.replace("from frame", "from Frame"));
    assert!(changed.contains("checksum"), "{changed}");
    let older = refused("older.json", "{\"format\": 0, \"version\": \"0.0.9\"}");
    assert!(
        older.contains("\"format\" is 0, written by framepost 0.0.9"),
        "{older}"
    );
    let other = refused("other.json", "\"x\"");
    assert!(other.contains("it is not a recording"), "{other}");
    let absent = framepost(site.path(), &["replay", "absent.json"]);
    assert_eq!(absent.code, Some(2));
    assert!(
        absent.err.contains("cannot read \"absent.json\""),
        "{}",
        absent.err
    );
}
