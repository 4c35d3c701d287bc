//! Tests of the public [`Page`] interface.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use framepost::{
    DumpFormat, Level, Output, Page, PageClock, PageError, PageLimits, PageOptions, PendingKind,
    RunOutcome, ScriptErrorKind,
};

use crate::support::{lines, open_page, url};

#[test]
fn page_runs_only_inside_method_calls() {
    let mut page = open_page(
        "<p>loading</p><button>b</button><script>
           document.querySelector('p').textContent = 'loaded';
           document.querySelector('button').onclick = () => console.log('clicked');
         </script>",
    );
    assert_eq!(page.text(), "");
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    assert_eq!(page.text(), "loaded\nb\n");
    assert_eq!(page.url().as_deref(), Some("http://a.test/"));
    page.click("p + button").unwrap();
    assert_eq!(lines(&page), ["clicked"]);
    assert_eq!(
        page.click("a[href=\"x\"]"),
        Err(PageError::NoSuchElement(String::from("a[href=\"x\"]")))
    );
    assert!(matches!(page.click("a["), Err(PageError::BadSelector(_))));
    assert!(
        page.html()
            .starts_with("<html><head></head><body><p>loaded</p>")
    );
}

#[test]
fn click_of_the_user_is_user_involvement() {
    let mut page = open_page(
        "<a href=#a>link</a><form><button>send</button></form><script>
           onload = () => navigation.onnavigate = event => {
             event.preventDefault();
             console.log(event.userInitiated, event.sourceElement.localName);
           };
         </script>",
    );
    for (selector, name) in [("a", "a"), ("button", "button")] {
        assert_eq!(page.run_until_idle(), RunOutcome::Idle);
        let _ = page.take_output();
        page.eval(&format!("document.querySelector({selector:?}).click()"))
            .unwrap();
        assert_eq!(page.run_until_idle(), RunOutcome::Idle);
        page.click(selector).unwrap();
        assert_eq!(page.run_until_idle(), RunOutcome::Idle);
        assert_eq!(
            lines(&page),
            [format!("false {name}"), format!("true {name}")]
        );
    }
}

#[test]
fn eval_returns_formatted_result() {
    let mut page = open_page("<script>const x = { a: [1, 'two'] }</script>");
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    assert_eq!(page.eval("x").unwrap(), "{ a: [ 1, 'two' ] }");
    assert_eq!(page.eval("'as it ' + 'is'").unwrap(), "as it is");
    assert_eq!(page.eval("undefined").unwrap(), "undefined");
    let error = page.eval("null.x").unwrap_err();
    assert!(error.message.contains("TypeError"), "{error}");
    assert_eq!(error.kind, ScriptErrorKind::Exception);
    assert_eq!(page.errors(), []);
    // Microtasks run during the call, tasks in the next run.
    page.eval("setTimeout(() => console.log('task')); Promise.resolve().then(() => console.log('microtask'))")
        .unwrap();
    assert_eq!(lines(&page), ["microtask"]);
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    assert_eq!(lines(&page), ["microtask", "task"]);
}

#[test]
fn run_stops_at_task_and_time_limits() {
    let mut page = open_page("<script>let n = 0; setInterval(() => n++, 1000)</script>");
    assert_eq!(
        page.run_within(Duration::from_millis(2500), None),
        RunOutcome::TimeReached
    );
    assert_eq!(page.eval("n").unwrap(), "2");
    assert_eq!(page.run_tasks(3), RunOutcome::TasksReached);
    assert_eq!(page.eval("n").unwrap(), "5");

    // The task limit covers all calls together. An idle page stays idle.
    let mut page =
        open_page("<script>for (let i = 0; i < 5; i++) setTimeout(() => {}, i)</script>");
    let minute = Duration::from_secs(60);
    assert_eq!(page.run_within(minute, Some(4)), RunOutcome::TasksReached);
    assert_eq!(page.run_within(minute, Some(4)), RunOutcome::TasksReached);
    assert_eq!(page.run_within(minute, Some(1000)), RunOutcome::Idle);
}

#[test]
fn output_is_kept_or_passed_to_sink() {
    let html = "<script>
        console.log('a'); console.error('b'); Promise.reject(1);
    </script><iframe src='http://a.test/missing'></iframe>";
    let mut page = open_page(html);
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    let levels: Vec<Level> = page.console().iter().map(|line| line.level).collect();
    assert_eq!(levels, [Level::Log, Level::Error]);
    assert_eq!(page.errors()[0].kind, ScriptErrorKind::Rejection);
    let kept = page.take_output();
    assert!(
        kept.iter()
            .any(|output| matches!(output, Output::Diagnostic(text) if text.contains("missing"))),
        "{kept:?}"
    );
    assert_eq!(page.take_output(), []);

    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let options = PageOptions::new()
        .document(url("http://a.test/"), html)
        .on_output(move |output| sink.lock().unwrap().push(output.clone()));
    let mut page = Page::open(url("http://a.test/"), options).unwrap();
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    assert_eq!(*seen.lock().unwrap(), kept);
    assert_eq!(page.take_output(), []);
}

#[test]
fn limits_stop_scripts_and_microtasks() {
    let mut limits = PageLimits::default();
    limits.loop_iterations = 1000;
    limits.recursion = 100;
    limits.microtasks_per_checkpoint = 50;
    let html = "<script>for (let i = 0; i < 2000; i++);</script>
        <script>(function f(n) { if (n) f(n - 1) })(200)</script>
        <script>console.log('on'); (function again() { queueMicrotask(again) })()</script>";
    let options = PageOptions::new()
        .document(url("http://a.test/"), html)
        .limits(limits);
    let mut page = Page::open(url("http://a.test/"), options).unwrap();
    let outcome = page.run_until_idle();
    assert!(
        matches!(outcome, RunOutcome::LimitReached(_)),
        "{outcome:?}"
    );
    let kinds: Vec<ScriptErrorKind> = page.errors().iter().map(|error| error.kind).collect();
    assert_eq!(kinds, [ScriptErrorKind::Limit, ScriptErrorKind::Limit]);
    assert_eq!(lines(&page)[0], "on");
}

/// The nesting needs far more stack than the 2 MiB of a test's thread.
#[test]
fn page_thread_has_large_stack() {
    let mut page = open_page("");
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    let nested = format!("{}{}.length", "[".repeat(2000), "]".repeat(2000));
    assert_eq!(page.eval(&nested).unwrap(), "1");
    let deep = "let n = 0; const f = () => { if (n++ < 1500) [1].forEach(f) }; f(); n";
    assert_eq!(page.eval(deep).unwrap(), "1501");
}

#[test]
fn pages_are_independent_and_move_between_threads() {
    let mut first = open_page("<script>globalThis.x = 1</script>");
    let mut second = open_page("<p>second");
    assert_eq!(second.run_until_idle(), RunOutcome::Idle);
    let mut first = std::thread::spawn(move || {
        assert_eq!(first.run_until_idle(), RunOutcome::Idle);
        first
    })
    .join()
    .unwrap();
    assert_eq!(first.eval("x").unwrap(), "1");
    assert_eq!(second.eval("typeof x").unwrap(), "undefined");
    assert_eq!(second.dump(DumpFormat::Text), "http://a.test/\n  second\n");
}

#[test]
fn same_seed_gives_same_run() {
    let run = |seed| {
        let options = PageOptions::new()
            .document(url("http://a.test/"), "<p>")
            .seed(seed);
        let mut page = Page::open(url("http://a.test/"), options).unwrap();
        assert_eq!(page.run_until_idle(), RunOutcome::Idle);
        page.eval("[Math.random(), Date.now()]").unwrap()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn page_with_a_wall_clock_sleeps_until_its_timers_are_due() {
    let html = "<script>
        const start = performance.now(), order = [];
        setTimeout(() => order.push('late'), 40); setTimeout(() => order.push('soon'), 5);
        const interval = setInterval(() => { order.push('tick'); clearInterval(interval) }, 20);
        setTimeout(() => console.log(order.join(), performance.now() - start >= 60), 60);
        console.log(Date.now() > 1735776000000);
        </script>";
    let options = PageOptions::new().document(url("http://a.test/"), html);
    let mut page = Page::open(url("http://a.test/"), options.clock(PageClock::Wall)).unwrap();
    let before = std::time::Instant::now();
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    assert!(before.elapsed() > Duration::from_millis(40));
    assert_eq!(lines(&page), ["true", "soon,tick,late true"]);
    // A run ends at its time, before timers that are due later.
    page.eval("setTimeout(() => console.log('never'), 3_600_000)")
        .unwrap();
    let ended = page.run_within(Duration::from_millis(1), None);
    assert_eq!(ended, RunOutcome::TimeReached);
}

/// What is outstanding: the kind, the words, the line of the call, and the age in milliseconds.
fn outstanding(page: &mut Page) -> Vec<(PendingKind, String, Option<u32>, Option<u128>)> {
    let pending = page.pending().into_iter();
    let in_words = pending.map(|work| {
        let line = work.origin.map(|origin| origin.line);
        let age = work.age.map(|age| age.as_millis());
        (work.kind, work.what, line, age)
    });
    in_words.collect()
}

#[test]
fn pending_work_has_its_place_and_age() {
    let html = "<script>
const channel = new MessageChannel();
setTimeout(() => channel.port1.postMessage(1), 20);
setTimeout(() => {}, 40);
setTimeout(() => {}, 5000);
new Worker('data:text/javascript,onmessage = () => {}');
</script>";
    let address = url("http://localhost/");
    let options = PageOptions::new()
        .document(address.clone(), html)
        .task_origins(true);
    let mut page = Page::open(address, options).unwrap();
    let _ = page.run_within(Duration::from_millis(50), None);
    let found = outstanding(&mut page);
    let [timer, message, worker] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        (timer.0, timer.1.as_str(), timer.2),
        (PendingKind::Timer, "a timer", Some(5))
    );
    assert!(timer.3.is_some_and(|age| (40..=50).contains(&age)));
    assert_eq!((message.0, message.2), (PendingKind::Message, Some(3)));
    assert!(message.3.is_some_and(|age| (20..=30).contains(&age)));
    assert_eq!(worker.0, PendingKind::Worker);
}

#[test]
fn teardown_returns_what_would_have_run() {
    let html = "<script>
setInterval(() => {}, 1000);
new MessageChannel().port1.postMessage('never delivered');
</script>";
    let open = |html: &str| {
        let address = url("http://localhost/");
        let options = PageOptions::new()
            .document(address.clone(), html)
            .task_origins(true);
        Page::open(address, options).unwrap()
    };
    let mut page = open(html);
    let _ = page.run_within(Duration::from_millis(1500), None);
    let rest = page.teardown();
    let rest: Vec<_> = rest.iter().map(|work| work.what.as_str()).collect();
    assert_eq!(rest, ["an interval"]);
    // A message that waits for its task would have been delivered.
    let mut page = open("<script>onmessage = () => {}</script>");
    let _ = page.run_until_idle();
    page.eval("postMessage('')").unwrap();
    let rest = page.teardown();
    let rest: Vec<_> = rest.iter().map(|work| work.what.as_str()).collect();
    assert_eq!(rest, ["a message"]);
    let mut page = open("");
    let _ = page.run_until_idle();
    assert_eq!(page.teardown(), []);
}
