//! Tests that removed frames and ended workers leave nothing behind.

use boa_engine::Context;
use framepost_event_loop::RunUntil;

use super::with_agent;
use crate::dom::event_dispatch;
use crate::html::timers;
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::{discarded_windows, muted_scripts, realm, with_contexts};
use crate::windows::{cross_origin, window_proxy};

/// Returns the number of entries in each of an agent's tables, by name.
fn held(ctx: &Context) -> Vec<(&'static str, usize)> {
    let counts = with_contexts(ctx, |contexts| contexts.counts());
    vec![
        ("navigables", counts.navigables),
        ("documents", counts.documents),
        ("windows", counts.windows),
        ("workers", counts.workers),
        ("modules", counts.modules),
        ("scripts", counts.scripts),
        ("requests", counts.requests),
        ("window records", realm::live(ctx).len()),
        ("exotic objects", window_proxy::count(ctx)),
        ("cross-origin functions", cross_origin::count(ctx)),
        (
            "ports and channels",
            PORT_OBJECTS.with(ctx, |objects| objects.count()),
        ),
        ("muted scripts", muted_scripts::count(ctx)),
        ("source texts", crate::boa::sources::count(ctx)),
        ("timers", timers::count(ctx)),
        ("current events", event_dispatch::current_events(ctx)),
    ]
}

#[test]
fn removed_frames_leave_no_table_entries() {
    let html = "<body><script>
        function turn(n) {
            for (let i = 0; i < n; i++) {
                const frame = document.createElement('iframe');
                frame.srcdoc = `<p onclick='1'>x</p><iframe></iframe><script>
                    addEventListener('message', () => {});
                    document.addEventListener('click', () => {});
                    const { port1, port2 } = new MessageChannel(); port1.onmessage = () => {};
                    new BroadcastChannel('b').onmessage = () => {};
                    setTimeout(() => {}, 100000); setInterval(() => {}, 1000);
                    location.hash; history.length; navigator.userAgent;
                    parent.postMessage('up', '*', [port2]);
                <\\/script>`;
                frame.onload = () => {
                    frame.contentWindow.postMessage('late', '*');
                    frame.contentDocument.querySelector('p').style.color = 'red';
                    frame.remove();
                };
                document.body.append(frame);
            }
        }
        onmessage = e => { e.ports[0].onmessage = () => {} };
    </script>";
    let lines = with_agent(html, |agent| {
        let turn = |agent: &mut crate::agent::Agent| {
            agent
                .eval("turn(20)", "test")
                .expect("the page's own function");
            let _ = agent.run(RunUntil::idle());
            // The cleanup after a task releases what that task has left behind, so run one more
            // task.
            agent.eval("setTimeout(() => {})", "test").expect("a timer");
            let _ = agent.run(RunUntil::idle());
            // Boa's shared root shape keeps the prototypes of ended realms until it is pruned after a
            // collection, so the realms themselves are collected by the next one.
            for _ in 0..2 {
                boa_gc::force_collect();
                discarded_windows::prune_the_shared_root_shape(agent.context());
                agent.eval("setTimeout(() => {})", "test").expect("a timer");
                let _ = agent.run(RunUntil::idle());
            }
            held(agent.context())
        };
        let first = turn(agent);
        let mut last = first.clone();
        for _ in 0..5 {
            last = turn(agent);
        }
        assert_eq!(first, last);
        // Unreferenced windows are collected, except those of the last rounds.
        let gone = discarded_windows::count(agent.context());
        assert!(gone < 100, "{gone} windows of 240 are still there");
    });
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn timers_of_discarded_window_are_removed() {
    let html = "<iframe></iframe><script>
        var frame = document.querySelector('iframe'), gone = frame.contentWindow;
        setTimeout(() => console.log('here'), 10);
        gone.setTimeout(() => console.log('never'), 5);
        gone.eval('onmessage = () => { parent.frame.remove(); console.log(\"removed\"); setTimeout(() => {}) }');
        var frame_window = gone;
        gone.postMessage('', '*');
    </script>";
    let lines = with_agent(html, |agent| {
        let source = "const handles = [1, 2].map(() => frame_window.setInterval(() => console.log('never'), 1));
            console.log(handles[1] - handles[0])";
        agent.eval(source, "test").expect("a script that runs");
        let _ = agent.run(RunUntil::idle());
        let timers = timers::count(agent.context());
        assert_eq!(timers, 0);
    });
    assert_eq!(lines, ["removed", "here", "1"]);
}

#[test]
fn ended_workers_leave_no_table_entries() {
    let html = "<body><script>
        const source = (text, type) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
        const inner = source('setInterval(() => {}, 1000); onmessage = () => {}');
        const code = `
            new Worker('${inner}').postMessage(1);
            new BroadcastChannel('b').onmessage = () => {};
            setInterval(() => {}, 1000); self.kept = new MessageChannel();
            location.href; navigator.userAgent; kept.port1.onmessage = () => {};
            onmessage = e => { postMessage(e.data, e.ports); if (e.data === 'close') close() };`;
        const classic = source(code), module = source(code);
        function turn(n) {
            for (let i = 0; i < n; i++) {
                for (const [url, type] of [[classic, 'classic'], [module, 'module']]) {
                    const one = new Worker(url, { type }), two = new Worker(url, { type });
                    one.onmessage = () => one.terminate();
                    one.postMessage('terminate', [new MessageChannel().port2]);
                    two.onmessage = () => {};
                    two.postMessage('close');
                }
                new Worker('data:text/javascript,(((');
                const shared = new SharedWorker(source('onconnect = () => close()'), 'n');
                shared.port.onmessage = () => {};
            }
        }
    </script>";
    let lines = with_agent(html, |agent| {
        let turn = |agent: &mut crate::agent::Agent| {
            agent
                .eval("turn(2)", "test")
                .expect("the page's own function");
            for _ in 0..3 {
                let _ = agent.run(RunUntil::idle());
                boa_gc::force_collect();
                agent.eval("setTimeout(() => {})", "test").expect("a timer");
            }
            let _ = agent.run(RunUntil::idle());
            held(agent.context())
        };
        let first = turn(agent);
        let mut last = first.clone();
        for _ in 0..3 {
            last = turn(agent);
        }
        assert_eq!(first, last);
        assert!(first.contains(&("workers", 0)), "{first:?}");
    });
    // Only the scripts with syntax errors produce output.
    assert!(
        lines.iter().all(|line| line.contains("SyntaxError")),
        "{lines:?}"
    );
}
