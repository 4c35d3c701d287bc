//! Tests of the lifetime of ports.

use framepost_event_loop::RunUntil;
use framepost_messaging::accounting::Counters;

use super::with_agent;
use crate::agent::Agent;
use crate::messaging::message_delivery::gone_sources;
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::{Host, with_messaging};

/// Evaluates a script and runs the agent until idle.
fn run(agent: &mut Agent, source: &str) {
    agent.eval(source, "test").expect("a script that runs");
    let _ = agent.run(RunUntil::idle());
}

/// Collects garbage and runs the cleanup that follows.
fn collect(agent: &mut Agent) {
    // The second collection frees what only finalizers of the first have released.
    for _ in 0..2 {
        boa_gc::force_collect();
        Host::new(agent.context()).after_task();
        let _ = agent.run(RunUntil::idle());
    }
}

fn ports(agent: &mut Agent) -> usize {
    with_messaging(agent.context(), |messaging, _| messaging.port_count())
}

fn halves(agent: &mut Agent) -> usize {
    with_messaging(agent.context(), |messaging, _| messaging.half_count())
}

fn counters(agent: &mut Agent) -> Counters {
    with_messaging(agent.context(), |messaging, _| messaging.counters())
}

/// Returns the numbers of ports and links in the table of port objects.
fn objects(agent: &mut Agent) -> (usize, usize) {
    PORT_OBJECTS.with(agent.context(), |port_objects| port_objects.len())
}

#[test]
fn unreferenced_port_pair_is_collected() {
    with_agent("", |agent| {
        run(
            agent,
            "{ const { port1, port2 } = new MessageChannel();
               port1.onmessage = () => port2; port2.onmessage = () => port1; port1.x = port2 }",
        );
        assert_eq!(ports(agent), 2);
        collect(agent);
        assert_eq!((ports(agent), halves(agent)), (0, 0));
        assert_eq!(objects(agent), (0, 0));
    });
}

#[test]
fn port_with_listener_lives_as_long_as_its_peer() {
    let said = with_agent("", |agent| {
        run(
            agent,
            "globalThis.kept = (() => { const { port1, port2 } = new MessageChannel();
               port1.onmessage = event => console.log(event.data); return port2 })()",
        );
        collect(agent);
        assert_eq!(ports(agent), 2);
        run(agent, "kept.postMessage('heard')");
        run(agent, "kept = null");
        collect(agent);
        assert_eq!(objects(agent), (0, 0));
    });
    assert_eq!(said, ["heard"]);
}

#[test]
fn collected_port_without_listener_fires_close_at_its_peer() {
    let said = with_agent("", |agent| {
        run(
            agent,
            "globalThis.kept = (() => { const { port1, port2 } = new MessageChannel();
               port1.onclose = () => console.log('closed'); return port1 })();
             kept.postMessage('nobody hears this')",
        );
        collect(agent);
        assert_eq!(ports(agent), 1);
        assert_eq!(counters(agent).dropped, 1);
    });
    assert_eq!(said, ["closed"]);
}

#[test]
fn port_with_queued_message_is_a_root() {
    let said = with_agent("", |agent| {
        agent
            .eval(
                "{ const { port1, port2 } = new MessageChannel();
                   port1.onmessage = event => console.log(event.data);
                   port2.postMessage('first'); port2.postMessage('second') }",
                "test",
            )
            .expect("a script that runs");
        boa_gc::force_collect();
        let _ = agent.run(RunUntil::idle());
        collect(agent);
        assert_eq!(objects(agent), (0, 0));
    });
    assert_eq!(said, ["first", "second"]);
}

#[test]
fn port_is_rooted_during_deserialization() {
    let said = with_agent("", |agent| {
        run(
            agent,
            "{ const { port1, port2 } = new MessageChannel();
               port1.onmessage = event => console.log(event.data.length);
               port2.postMessage(Array.from({ length: 30000 }, () => ({ a: [1] }))) }",
        );
        collect(agent);
        assert_eq!(objects(agent), (0, 0));
    });
    assert_eq!(said, ["30000"]);
}

#[test]
fn queued_peer_keeps_port_alive() {
    let said = with_agent("", |agent| {
        run(
            agent,
            "globalThis.kept = (() => {
               const a = new MessageChannel(), b = new MessageChannel(), c = new MessageChannel();
               a.port1.onmessage = event => console.log(event.data);
               b.port1.postMessage(0, [a.port2]);
               c.port1.postMessage(0, [b.port2]);
               return c.port2 })()",
        );
        collect(agent);
        assert_eq!(halves(agent), 4, "nobody can hear from b.port1 and c.port1");
        run(
            agent,
            "kept.onmessage = ({ ports: [b] }) =>
               b.onmessage = ({ ports: [a] }) => a.postMessage('through two queues')",
        );
    });
    assert_eq!(said, ["through two queues"]);
}

#[test]
fn cycle_through_queues_is_collected() {
    with_agent("", |agent| {
        run(
            agent,
            "{ const a = new MessageChannel(), b = new MessageChannel();
               // The listener holds the port in whose queue the listener's peer waits.
               a.port1.onmessage = () => b.port2;
               b.port1.postMessage(0, [a.port2]) }",
        );
        assert_eq!(halves(agent), 4);
        collect(agent);
        assert_eq!((halves(agent), objects(agent)), (0, (0, 0)));
        let counters = counters(agent);
        assert_eq!((counters.dropped, counters.pending()), (1, 0));
    });
}

#[test]
fn broadcast_channel_with_listener_stays_alive() {
    let said = with_agent("", |agent| {
        run(
            agent,
            "{ const heard = new BroadcastChannel('x'); new BroadcastChannel('x');
               heard.onmessage = event => { console.log(event.data); heard.close() } }",
        );
        collect(agent);
        run(agent, "new BroadcastChannel('x').postMessage('heard')");
        collect(agent);
        let counters = counters(agent);
        assert_eq!((counters.posted, counters.delivered), (1, 1));
        let left = with_messaging(agent.context(), |messaging, _| {
            messaging.broadcast_channel_count()
        });
        assert_eq!(left, 0);
    });
    assert_eq!(said, ["heard"]);
}

#[test]
fn hundred_thousand_ports_leave_nothing_behind() {
    with_agent("", |agent| {
        run(
            agent,
            "let received = 0;
             function pass({ data, ports: [port] }) {
               port.onmessage = () => { received++; if (data % 2) port.close() };
             }
             onmessage = pass;
             function many(count) {
               for (let n = 0; n < count; n++) {
                 const { port1, port2 } = new MessageChannel();
                 port1.onmessage = () => {};
                 postMessage(n, '*', [port2]);
                 port1.postMessage(n);
               }
             }",
        );
        // Ten rounds of 10,000 ports make 100,000 ports.
        for round in 1..=10 {
            run(agent, "many(5000)");
            collect(agent);
            assert_eq!((ports(agent), halves(agent)), (0, 0));
            assert_eq!(objects(agent), (0, 0));
            let counters = counters(agent);
            assert_eq!((counters.posted, counters.pending()), (10_000 * round, 0));
        }
        let received = agent.eval("received", "test").expect("a number");
        assert_eq!(received.as_number(), Some(50_000.0));
    });
}

#[test]
fn unreferenced_ports_are_collected_during_a_script() {
    with_agent("", |agent| {
        run(
            agent,
            "for (let n = 0; n < 20000; n++) {
               const { port1, port2 } = new MessageChannel();
               port1.onmessage = () => port2; port2.onmessage = () => port1;
             }",
        );
        let left = ports(agent);
        assert!(left < 40_000, "none was collected while the script ran");
        collect(agent);
        assert_eq!((halves(agent), objects(agent)), (0, (0, 0)));
    });
}

#[test]
fn thousand_transfers_deliver_in_order() {
    let said = with_agent("", |agent| {
        run(
            agent,
            "const { port1, port2 } = new MessageChannel();
             let hops = 0;
             onmessage = ({ ports: [port] }) => {
               port1.postMessage(hops);
               if (++hops < 1000) return postMessage(0, '*', [port]);
               const got = [];
               port.onmessage = ({ data }) => {
                 got.push(data);
                 if (got.length === 1000) console.log(got.every((n, i) => n === i));
               };
             };
             postMessage(0, '*', [port2])",
        );
    });
    assert_eq!(said, ["true"]);
}

#[test]
fn port_of_removed_frame_is_disentangled_and_transferable() {
    let said = with_agent("<iframe></iframe>", |agent| {
        run(
            agent,
            "var made = new frames[0].MessageChannel(); const { port1, port2 } = new MessageChannel();
             port1.onclose = () => console.log('close');
             port1.onmessage = () => console.log('nobody says anything');
             frames[0].onmessage = ({ ports: [port] }) => globalThis.theirs = port;
             frames[0].postMessage('', '*', [port2]);",
        );
        run(
            agent,
            "document.querySelector('iframe').remove();
             theirs.postMessage('no'); made.port1.postMessage('no');
             onmessage = ({ ports }) => ports.forEach(port => {
               port.onmessage = port.onclose = () => console.log('nor these');
               port.postMessage('no');
             });
             postMessage('', '*', [theirs, made.port1, made.port2]);
             try { postMessage('', '*', [theirs]) } catch (e) { console.log(e.name) }
             made = theirs = null",
        );
        // Unreferenced ports leave nothing behind.
        run(agent, "port1.close(); port2.close()");
        collect(agent);
        assert_eq!((halves(agent), objects(agent)), (0, (0, 0)));
        assert_eq!(counters(agent).pending(), 0);
    });
    assert_eq!(said, ["DataCloneError", "close"]);
}

#[test]
fn discarded_source_window_is_released_with_its_messages() {
    let lines = with_agent("<body>", |agent| {
        let source = r#"
            // There is always some message on the way, while frames come and go.
            const beat = () => postMessage('beat', '*');
            let heard = 0;
            onmessage = ({ data }) => data === 'beat' ? beat() : heard++;
            beat(); beat();
            for (let n = 0; n < 20; n++) setTimeout(() => {
                const frame = document.createElement('iframe');
                document.body.append(frame);
                const page = 'const page = parent; () => page.postMessage(0, "*")';
                const say = frame.contentWindow.eval(page);
                say();
                frame.remove();
                say();
            });
        "#;
        agent.eval(source, "test").expect("a script that runs");
        let _ = agent.run(RunUntil::idle().after_tasks(5000));
        let heard = agent.eval("heard", "test").expect("a number");
        assert_eq!(heard.as_number(), Some(40.0));
        let held = gone_sources(agent.context());
        assert_eq!(held, 0);
    });
    assert_eq!(lines, Vec::<String>::new());
}
