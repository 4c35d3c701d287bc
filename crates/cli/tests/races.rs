//! Races of servers and pages that others have described, said with ports, timers and loads. Each is found, and the
//! explanation names the two tasks; its fixed twin is clean.
//!
//! The kinds are those of the faults that Node.fz (Davis et al., "Node.fz: Fuzzing the Server-Side Event-Driven
//! Architecture", 2017) was measured with, and of handshakes of well-known libraries.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use support::{Ran, framepost};

mod support;

/// A race: its directory, the task that runs too early, and the task that has to run before it.
struct Race {
    name: &'static str,
    early: &'static str,
    late: &'static str,
    /// Another task that may be named instead, if the network was slow in the run with the default order.
    slow: Option<&'static str>,
}

const fn race(name: &'static str, early: &'static str, late: &'static str) -> Race {
    Race {
        name,
        early,
        late,
        slow: None,
    }
}

const RACES: [Race; 15] = [
    race(
        "late-model",
        "the message from http://localhost/racy.html",
        "the response for http://localhost/config.json, requested at http://localhost/child.html:4:",
    ),
    race(
        "call-without-ready",
        "the message from http://localhost/racy.html",
        "the response for the module http://localhost/add.js",
    ),
    race(
        "worker-before-listener",
        "the message over a port from worker http://localhost/ready.js",
        "the response for http://localhost/settings.json, requested at http://localhost/racy.html:4:",
    ),
    race(
        "lost-update",
        "of http://localhost/counter.html?b",
        "http://localhost/counter.html?a",
    ),
    race(
        "stale-answer",
        "the response for http://localhost/results.json?ab, requested at",
        "the response for http://localhost/results.json?a, requested at",
    ),
    race(
        "closed-connection",
        "the message over a port from worker http://localhost/server.js",
        "a timer of http://localhost/racy.html, set at http://localhost/racy.html:5:",
    ),
    race(
        "expired-job",
        "a timer of http://localhost/racy.html, set at http://localhost/racy.html:7:",
        "the message over a port from worker http://localhost/job.js",
    ),
    race(
        "created-twice",
        "a timer of http://localhost/racy.html, set at http://localhost/racy.html:9:",
        "the message over a port from http://localhost/store.html",
    ),
    race(
        "closed-before-reply",
        "a timer of http://localhost/racy.html, set at http://localhost/racy.html:8:",
        "the message over a port from worker http://localhost/server.js",
    ),
    race(
        "count-of-remaining",
        "a timer of http://localhost/racy.html, set at http://localhost/racy.html:9:",
        "the response for http://localhost/b.json, requested at http://localhost/racy.html:7:",
    ),
    race(
        "reopened-log",
        "a timer of http://localhost/racy.html, set at http://localhost/racy.html:14:",
        "the message from http://localhost/racy.html to http://localhost/racy.html, posted at http://localhost/racy.html:8:",
    ),
    Race {
        name: "shared-request",
        // The timer that posts the second message, or that message.
        early: " at http://localhost/racy.html:10:",
        late: "the message from http://localhost/racy.html to http://localhost/racy.html, posted at http://localhost/racy.html:9:",
        slow: Some(
            "the response for http://localhost/work.json, requested at http://localhost/racy.html:6:",
        ),
    },
    race(
        "resizer-start-up",
        "the response for the script http://localhost/content-window.js",
        "the message from http://localhost/racy.html to http://localhost/content.html, posted at http://localhost/racy.html:3:",
    ),
    race(
        "storage-against-message",
        "the message from http://localhost/login.html to http://localhost/racy.html, posted at http://localhost/login.html:3:",
        "the storage event from http://localhost/login.html",
    ),
    race(
        "network-against-message",
        "the message from http://localhost/editor.html to http://localhost/racy.html",
        "the response for http://localhost/settings.json, requested at http://localhost/racy.html:3:",
    ),
];

fn explore(name: &str, arguments: &[&str]) -> Ran {
    let races = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/races");
    framepost(&races.join(name), &[&["explore"], arguments].concat())
}

/// Whether one explanation names both tasks.
fn is_explained(report: &str, race: &Race) -> bool {
    let mut is_early = false;
    report.lines().any(|line| {
        if line.contains("runs first:") {
            is_early = line.contains(race.early);
        }
        let mut late = [Some(race.late), race.slow].into_iter().flatten();
        is_early && line.contains("runs after it:") && late.any(|late| line.contains(late))
    })
}

#[test]
fn each_race_is_found_and_its_two_tasks_are_named() {
    for race in &RACES {
        let found = explore(race.name, &["racy.html", "--runs", "40"]);
        assert_eq!(
            found.code,
            Some(1),
            "{}: {}{}",
            race.name,
            found.out,
            found.err
        );
        assert!(
            is_explained(&found.out, race),
            "{}: {}",
            race.name,
            found.out
        );
        let departures = |line: &str| line.contains("because of") && line.contains("departure");
        assert!(
            found
                .out
                .lines()
                .filter(|line| departures(line))
                .all(|line| {
                    ["of 1 ", "of 2 ", "of 3 "]
                        .iter()
                        .any(|few| line.contains(few))
                }),
            "{}: {}",
            race.name,
            found.out
        );
    }
}

#[test]
fn fixed_twin_of_each_race_is_clean() {
    for race in &RACES {
        let clean = explore(race.name, &["fixed.html", "--runs", "40"]);
        assert_eq!(
            clean.code,
            Some(0),
            "{}: {}{}",
            race.name,
            clean.out,
            clean.err
        );
    }
}
