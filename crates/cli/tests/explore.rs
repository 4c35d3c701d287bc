//! `framepost explore`: races are found and explained, and pages without races stay clean.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use support::{HARNESS, Ran, files, framepost};

mod support;

fn race(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/races")
        .join(name)
}

fn explore(directory: &Path, arguments: &[&str]) -> Ran {
    framepost(directory, &[&["explore"], arguments].concat())
}

/// The two tasks whose order matters are the last two of `named`.
#[track_caller]
fn check_race(name: &str, named: &[&str; 2]) {
    let racy = explore(&race(name), &["racy.html", "--runs", "60"]);
    assert_eq!(racy.code, Some(1), "{}{}", racy.out, racy.err);
    let first = racy
        .out
        .lines()
        .any(|line| line.contains("runs first:") && line.contains(named[0]));
    let second = racy
        .out
        .lines()
        .any(|line| line.contains("runs after it:") && line.contains(named[1]));
    assert!(first && second, "{}", racy.out);
    assert!(racy.out.contains("because of 1 departure"), "{}", racy.out);
    let fixed = explore(&race(name), &["fixed.html", "--runs", "80"]);
    assert_eq!(fixed.code, Some(0), "{}{}", fixed.out, fixed.err);
}

#[test]
fn reply_before_the_listener_is_found() {
    check_race(
        "reply-before-listener",
        &[
            "the message from http://localhost/echo.html",
            "a timer of http://localhost/racy.html",
        ],
    );
}

#[test]
fn load_against_message_is_found() {
    check_race(
        "load-against-message",
        &[
            "the message from http://localhost/ready.html",
            "the load event at the <iframe>",
        ],
    );
}

#[test]
fn two_frames_that_register_are_found() {
    check_race(
        "two-frames-register",
        &[
            "the response for http://localhost/register.html?b",
            "the response for http://localhost/register.html?a",
        ],
    );
}

#[test]
fn port_that_starts_too_early_is_found() {
    check_race(
        "port-before-start",
        &[
            "the message over a port",
            "the response for the script http://localhost/settings.js",
        ],
    );
}

#[test]
fn timer_against_message_is_found() {
    check_race(
        "timer-against-message",
        &[
            "a timer of http://localhost/racy.html",
            "the response for http://localhost/service.html",
        ],
    );
}

#[test]
fn handshake_that_is_offered_once_is_found_and_repeated_handshake_is_clean() {
    check_race(
        "one-handshake",
        &[
            "the response for the script http://localhost/model.js",
            "the message from http://localhost/racy.html",
        ],
    );
}

#[test]
fn order_of_two_workers_is_found() {
    check_race("worker-order", &["from worker \"b\"", "from worker \"a\""]);
}

#[test]
fn frame_that_is_removed_too_early_is_found() {
    check_race(
        "closed-too-early",
        &[
            "a timer of http://localhost/racy.html",
            "the message from http://localhost/",
        ],
    );
}

#[test]
fn printed_departure_repeats_the_outcome() {
    let directory = race("load-against-message");
    let explored = explore(&directory, &["racy.html", "--runs", "60"]);
    let line = explored
        .out
        .lines()
        .find(|line| line.contains("to repeat it:"));
    let line = line.unwrap().split_once("framepost ").unwrap().1;
    let arguments: Vec<&str> = line.split(' ').chain(["--quiet"]).collect();
    let usual = framepost(&directory, &["run", "racy.html", "--quiet"]);
    assert_eq!(usual.out, "got ready\n");
    assert_eq!(framepost(&directory, &arguments).out, "");
}

#[test]
fn report_is_the_same_for_any_number_of_jobs() {
    let one = explore(
        &race("two-frames-register"),
        &["racy.html", "--runs", "40", "--jobs", "1"],
    );
    let three = explore(
        &race("two-frames-register"),
        &["racy.html", "--runs", "40", "--jobs", "3"],
    );
    assert_eq!(one.out, three.out);
    assert!(one.out.contains("2 outcomes in 40 runs"), "{}", one.out);
}

#[test]
fn assertions_and_unhandled_errors_fail_although_all_runs_agree() {
    let directory = files([
        (
            "page.html",
            "<script>var n = 1; setTimeout(() => n++)</script>",
        ),
        ("error.html", "<script>null.x</script>"),
    ]);
    let path = directory.path();
    let asserted =
        |expression| explore(path, &["page.html", "--runs", "5", "--assert", expression]);
    assert_eq!(asserted("n === 2").code, Some(0));
    let failed = asserted("n === 3");
    assert_eq!(failed.code, Some(1));
    assert!(
        failed.out.contains("n === 3: it is false"),
        "{}",
        failed.out
    );
    let error = explore(path, &["error.html", "--runs", "5"]);
    assert_eq!(error.code, Some(1));
    assert!(error.out.contains("1 outcome in 5 runs"), "{}", error.out);
}

#[test]
fn what_cannot_be_run_and_what_meets_a_limit_have_their_own_statuses() {
    let directory = files([
        ("endless.html", "<script>setInterval(() => {}, 1)</script>"),
        ("page.html", ""),
    ]);
    let path = directory.path();
    let absent = explore(path, &["absent.html"]);
    assert_eq!((absent.code, absent.out.as_str()), (Some(2), ""));
    let endless = explore(path, &["endless.html", "--runs", "2", "--max-tasks", "50"]);
    assert_eq!(endless.code, Some(3), "{}{}", endless.out, endless.err);
    let late = explore(path, &["page.html", "--runs", "1000000", "--time", "0.2"]);
    assert_eq!(late.code, Some(3), "{}{}", late.out, late.err);
}

#[test]
fn compared_part_decides_which_outcomes_differ() {
    let directory = race("two-frames-register");
    let same = |part| {
        explore(
            &directory,
            &["racy.html", "--runs", "40", "--same-by", part],
        )
        .code
    };
    assert_eq!(same("console"), Some(1));
    assert_eq!(same("documents"), Some(0));
    assert_eq!(same("errors"), Some(0));
}

#[test]
fn failed_subtests_make_outcomes_differ() {
    let head = "<!DOCTYPE html><script src=/testharness.js></script><script>
        setup({ explicit_done: true });
        let answered = false;
        onmessage = () => { answered = true; console.log('answer') };
        setTimeout(() => { console.log('timer'); finish(); done() }, 50);
        postMessage('');
    </script>";
    let page = |finish: &str| format!("{head}<script>const finish = () => {{ {finish} }}</script>");
    let flaky = page("test(() => { if (!answered) throw new Error('too early') }, 'in time')");
    let stable = page("test(() => {}, 'always')");
    let failing = page("test(() => { throw new Error('no') }, 'never')");
    let directory = files([
        ("testharness.js", HARNESS),
        ("flaky.html", flaky.as_str()),
        ("stable.html", stable.as_str()),
        ("failing.html", failing.as_str()),
    ]);
    let same_by =
        |page, part| explore(directory.path(), &[page, "--runs", "20", "--same-by", part]);
    let found = same_by("flaky.html", "tests");
    assert_eq!(found.code, Some(1), "{}{}", found.out, found.err);
    assert!(
        found.out.starts_with("2 outcomes in 20 runs"),
        "{}",
        found.out
    );
    assert!(
        found.out.contains(
            "  failed tests (- outcome 1, + this one):\n  + FAIL \"in time\": Error: too early\n"
        ),
        "{}",
        found.out
    );
    // The console differs, the results do not.
    assert_eq!(same_by("stable.html", "tests").code, Some(0));
    assert_eq!(same_by("stable.html", "console").code, Some(1));
    let failing = same_by("failing.html", "tests");
    assert_eq!(failing.code, Some(1), "{}", failing.out);
    assert!(
        failing.out.starts_with("1 outcome in 20 runs"),
        "{}",
        failing.out
    );
}

#[test]
fn exhaustive_exploration_covers_all_orders() {
    let directory = files([
        (
            "page.html",
            "<script>
                onmessage = () => console.log('message');
                postMessage('');
                setTimeout(() => console.log('timer'));
            </script>",
        ),
        ("quiet.html", "<script>postMessage('')</script>"),
    ]);
    let all = explore(directory.path(), &["page.html", "--exhaustive"]);
    assert_eq!(all.code, Some(1), "{}{}", all.out, all.err);
    assert!(all.out.starts_with("2 outcomes in "), "{}", all.out);
    assert!(all.out.contains("all orders are covered"), "{}", all.out);
    assert!(
        all.out
            .contains("only the order of lines of the console differs"),
        "{}",
        all.out
    );
    let quiet = explore(directory.path(), &["quiet.html", "--exhaustive"]);
    assert_eq!(quiet.code, Some(0), "{}{}", quiet.out, quiet.err);
    let cut = explore(
        directory.path(),
        &["quiet.html", "--exhaustive", "--runs", "1"],
    );
    assert_eq!(cut.code, Some(3), "{}{}", cut.out, cut.err);
    assert!(
        cut.out.contains("not all orders are covered"),
        "{}",
        cut.out
    );
}

#[test]
fn exhaustive_exploration_finds_the_race_and_not_its_fixed_twin() {
    let racy = explore(
        &race("reply-before-listener"),
        &["racy.html", "--exhaustive"],
    );
    assert_eq!(racy.code, Some(1), "{}{}", racy.out, racy.err);
    let fixed = explore(
        &race("reply-before-listener"),
        &["fixed.html", "--exhaustive"],
    );
    assert_eq!(fixed.code, Some(0), "{}{}", fixed.out, fixed.err);
    assert!(
        fixed.out.contains("all orders are covered"),
        "{}",
        fixed.out
    );
}

const LOBBY: &str = "<script>
const joined = new Map();
addEventListener('message', ({ data, source }) => {
  joined.set(data, source);
  if (joined.size === 2)
    for (const name of [...joined.keys()].sort()) joined.get(name).postMessage('go ' + name, '*');
});
</script><iframe src=player.html?a></iframe><iframe src=player.html?b></iframe>";

#[test]
fn handshake_that_ends_the_same_in_all_orders_is_no_race() {
    let player = "<p>waits</p><script>
        onmessage = ({ data }) => { document.querySelector('p').textContent = data };
        fetch('rules.json').then(() => parent.postMessage(location.search, '*'));
    </script>";
    let late = "<p>waits</p><script>
        fetch('rules.json').then(() => {
            onmessage = ({ data }) => { document.querySelector('p').textContent = data };
        });
        parent.postMessage(location.search, '*');
    </script>";
    let site = |player| {
        files([
            ("page.html", LOBBY),
            ("player.html", player),
            ("rules.json", "1"),
        ])
    };
    let clean = explore(site(player).path(), &["page.html", "--runs", "300"]);
    assert_eq!(clean.code, Some(0), "{}{}", clean.out, clean.err);
    assert!(clean.out.starts_with("1 outcome in"), "{}", clean.out);
    // The players still join in either order. Only the listener that comes late is named.
    let racy = explore(site(late).path(), &["page.html"]);
    assert_eq!(racy.code, Some(1), "{}{}", racy.out, racy.err);
    assert!(racy.out.contains("because of 1 departure"), "{}", racy.out);
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for line in racy.out.lines() {
        if line.contains("runs first:") {
            firsts.push(line);
        }
        if line.contains("runs after it:") {
            seconds.push(line);
        }
    }
    let go = "the message from http://localhost/page.html to http://localhost/player.html?";
    assert!(firsts.iter().all(|line| line.contains(go)), "{}", racy.out);
    let rules =
        "the response for http://localhost/rules.json, requested at http://localhost/player.html?";
    assert!(
        seconds.iter().all(|line| line.contains(rules)),
        "{}",
        racy.out
    );
    assert!(!firsts.is_empty(), "{}", racy.out);
}

#[test]
fn outcome_that_differs_only_in_dropped_messages_is_marked() {
    let directory = files([
        (
            "page.html",
            "<iframe src=frame.html></iframe><script>
                onmessage = () => { clearInterval(retry); console.log('connected') };
                const retry = setInterval(() => frames[0].postMessage('', '*'), 100);
            </script>",
        ),
        (
            "frame.html",
            "<script>let done; onmessage = () => { if (!done) parent.postMessage('', '*'); done = true }</script>",
        ),
    ]);
    let clean = explore(directory.path(), &["page.html"]);
    assert_eq!(clean.code, Some(0), "{}{}", clean.out, clean.err);
    assert!(
        clean.out.contains("it shows the same as outcome 1"),
        "{}",
        clean.out
    );
}

#[test]
fn message_that_is_dropped_when_it_arrives_is_named_with_its_post() {
    let directory = files([
        (
            "page.html",
            "<iframe src=http://pay.test/pay.html></iframe><script>
setTimeout(() => frames[0].postMessage({ amount: 5 }, 'http://pay.test'), 50);
onmessage = ({ data }) => console.log('paid', data);
</script>",
        ),
        (
            "pay.html",
            "<script>onmessage = ({ data, source }) => source.postMessage(data.amount, '*')</script>",
        ),
    ]);
    let origin = ["page.html", "--origin", "http://pay.test/=."];
    let found = explore(directory.path(), &origin);
    assert_eq!(found.code, Some(1), "{}{}", found.out, found.err);
    let message = |line: &str| {
        line.contains("the message from http://localhost/page.html to about:blank")
            && line.contains(", posted at http://localhost/page.html:2:")
    };
    assert!(found.out.lines().any(message), "{}", found.out);
    assert!(
        found.out.contains(" --origin http://pay.test/=. --hold "),
        "{}",
        found.out
    );
}

#[test]
fn routes_answer_in_all_orders() {
    let directory = files([
        (
            "page.html",
            "<script>
                const get = async (name) => console.log(await (await fetch('http://api.test/' + name)).json());
                get('one');
                get('two');
            </script>",
        ),
        ("one.json", "1"),
        ("two.json", "2"),
    ]);
    let routes = ["--route", "*/one=one.json", "--route", "*/two=two.json"];
    let found = explore(directory.path(), &[&["page.html"], &routes[..]].concat());
    assert_eq!(found.code, Some(1), "{}{}", found.out, found.err);
    assert!(found.out.starts_with("2 outcomes in"), "{}", found.out);
    let line = found
        .out
        .lines()
        .find(|line| line.contains("to repeat it:"));
    let line = line.unwrap().split_once("framepost ").unwrap().1;
    let arguments: Vec<String> = line.split(' ').map(|word| word.replace('\'', "")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let again = framepost(directory.path(), &[&arguments[..], &["--quiet"]].concat());
    assert_eq!(again.out, "2\n1\n", "{}", again.err);
}

#[test]
fn explain_idle_lists_listeners_that_wait_for_nothing() {
    let directory = files([(
        "page.html",
        "<script>
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {};
port2.close();
const open = new MessageChannel();
open.port1.onmessage = () => {};
globalThis.kept = open;
const alone = new BroadcastChannel('news');
alone.addEventListener('message', () => {});
const shared = new BroadcastChannel('shared');
shared.addEventListener('message', () => {});
const other = new BroadcastChannel('shared');
navigator.locks.request('database', () => new Promise(() => {}));
navigator.locks.request('database', () => {});
</script>",
    )]);
    let arguments = ["run", "page.html", "--explain-idle", "--quiet"];
    let ran = framepost(directory.path(), &arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let of_page = |what: &str, place: &str| {
        let begin = format!("waits for nothing: {what} of http://localhost/page.html, {place}");
        let is_it = |line: &&str| line.starts_with(&begin) && line.ends_with(" ms ago");
        assert_eq!(
            ran.err.lines().filter(is_it).count(),
            1,
            "{begin}: {}",
            ran.err
        );
    };
    of_page(
        "a listener at a port whose other end is closed or gone",
        "added at http://localhost/page.html:3:",
    );
    of_page(
        "a listener at the broadcast channel \"news\", which no other window or worker has",
        "added at http://localhost/page.html:9:",
    );
    of_page(
        "a request of the lock \"database\", which is held",
        "requested at http://localhost/page.html:14:",
    );
    let lines = ran
        .err
        .lines()
        .filter(|line| line.starts_with("waits for nothing"));
    assert_eq!(lines.count(), 3, "{}", ran.err);
    assert!(
        ran.err.starts_with("idle: nothing is outstanding\n"),
        "{}",
        ran.err
    );
}

#[test]
fn explain_idle_lists_what_is_outstanding() {
    let directory = files([
        (
            "page.html",
            "<script>
setInterval(() => {}, 2000);
new MessageChannel().port1.postMessage(1);
new Worker('w.js');
</script>",
        ),
        ("w.js", ""),
        ("idle.html", ""),
    ]);
    let arguments = ["--explain-idle", "--max-time", "1", "--quiet"];
    let run = |page| framepost(directory.path(), &[&["run", page], &arguments[..]].concat());
    let busy = run("page.html").err;
    assert!(
        busy.contains("outstanding: an interval of http://localhost/page.html, due in "),
        "{busy}"
    );
    assert!(
        busy.contains("set at http://localhost/page.html:2:"),
        "{busy}"
    );
    let interval = busy
        .lines()
        .find(|line| line.contains("an interval"))
        .unwrap();
    assert!(interval.ends_with(" ms ago"), "{busy}");
    assert!(
        busy.contains(
            "outstanding: a message at a port that is not started of http://localhost/page.html, posted at \
             http://localhost/page.html:3:"
        ),
        "{busy}"
    );
    assert!(
        busy.contains(
            "running: worker http://localhost/w.js, created by http://localhost/page.html\n"
        ),
        "{busy}"
    );
    assert_eq!(run("idle.html").err, "idle: nothing is outstanding\n");
}
