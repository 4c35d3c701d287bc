//! No child outlives the command, however the command ends, and each child watches itself.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

mod support;

/// An endless page with a harness that waits for it.
const ENDLESS: &str = "<script src=testharness.js></script>\
    <script>const f = () => { for (let i = 0; i < 1e7; i++); }; for (;;) f()</script>";

/// The time that a test waits for an event.
const PATIENCE: Duration = Duration::from_secs(60);

fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < PATIENCE, "{what} has not happened");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The parent and the state of a process.
fn process(pid: u32) -> Option<(u32, char)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((fields.next()?.parse().ok()?, state))
}

fn is_alive(pid: u32) -> bool {
    process(pid).is_some_and(|(_, state)| !matches!(state, 'Z' | 'X'))
}

fn children_of(parent: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap();
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|pid| process(*pid).is_some_and(|(of, _)| of == parent))
        .collect()
}

fn send(signal: &str, pid: u32) {
    let sent = Command::new("kill")
        .args([signal, &pid.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Starts the command, and waits until it has this many children.
fn start(directory: &Path, arguments: &[&str], children: usize) -> (Child, Vec<u32>) {
    let parent = Command::new(env!("CARGO_BIN_EXE_framepost"))
        .current_dir(directory)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut found = Vec::new();
    wait_until("the start of the children", || {
        found = children_of(parent.id());
        found.len() >= children
    });
    (parent, found)
}

fn directory() -> tempfile::TempDir {
    support::files([
        ("index.html", ENDLESS),
        ("other.html", ENDLESS),
        ("testharness.js", ""),
    ])
}

#[test]
fn child_processes_end_with_the_command() {
    let directory = directory();
    let commands: [(&[&str], usize); 3] = [
        (&["run", "index.html", "--wall-time", "300"], 1),
        (&["check", ".", "--wall-time", "300"], 1),
        (&["test", ".", "--jobs", "2", "--wall-time", "300"], 2),
    ];
    for (arguments, count) in commands {
        for signal in ["-TERM", "-HUP", "-INT", "-KILL"] {
            let (mut parent, children) = start(directory.path(), arguments, count);
            send(signal, parent.id());
            parent.wait().unwrap();
            for child in children {
                wait_until(
                    &format!("{arguments:?} {signal}: the end of a child"),
                    || !is_alive(child),
                );
            }
        }
    }
}

/// A command that a signal has stopped cannot end its children.
#[test]
fn child_process_ends_when_its_command_is_stopped() {
    let directory = directory();
    for arguments in [
        &["run", "index.html", "--wall-time", "1"][..],
        &["check", ".", "--wall-time", "1"],
        &["test", "index.html", "--wall-time", "1"],
    ] {
        let (mut parent, children) = start(directory.path(), arguments, 1);
        send("-STOP", parent.id());
        for child in children {
            wait_until(&format!("{arguments:?}: the end of a child"), || {
                !is_alive(child)
            });
        }
        parent.kill().unwrap();
        parent.wait().unwrap();
    }
}

#[test]
fn environment_variables_do_not_disable_the_guard() {
    let directory = support::files([("index.html", ENDLESS)]);
    let ended = Command::new(env!("CARGO_BIN_EXE_framepost"))
        .current_dir(directory.path())
        .args(["run", "index.html", "--wall-time", "1"])
        .env("FRAMEPOST_INSIDE_GUARD", "1")
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(3));
}
