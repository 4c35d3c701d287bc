//! Tests that pages behave the same when garbage is collected at every call.

use super::{outputs, outputs_after, with_agent};
use crate::boa::collection;
use crate::script::port_objects::PORT_OBJECTS;
use crate::script::with_messaging;
use framepost_event_loop::RunUntil;

/// Checks the output of pages, both without and with a collection at every call.
#[track_caller]
fn check(pages: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(outputs(pages), expected);
    let collected = outputs_after(|| collection::at_each_call(true), pages);
    assert_eq!(collected, expected, "when everything is collected");
}

#[test]
fn channel_referenced_only_by_listeners_works() {
    check(
        &[
            (
                "http://a.test/",
                "<iframe src=b.html></iframe><script>onload = () => {
                   const { port1, port2 } = new MessageChannel();
                   port1.onmessage = ({ data }) => {
                     console.log(data);
                     if (data < 5) port1.postMessage(data + 1);
                   };
                   frames[0].postMessage('', '*', [port2]);
                   port1.postMessage(0);
                 }</script>",
            ),
            (
                "http://a.test/b.html",
                "<script>onmessage = ({ ports: [port] }) => {
                   port.addEventListener('message', ({ data, target }) => target.postMessage(data));
                   setTimeout(() => port.start(), 5);
                 }</script>",
            ),
        ],
        &["0", "1", "2", "3", "4", "5"],
    );
}

#[test]
fn nested_transferred_ports_deliver_their_messages() {
    check(
        &[(
            "http://a.test/",
            "<script>
             const hear = port => port.onmessage = ({ data, ports }) => {
               console.log(data);
               ports.forEach(hear);
             };
             (() => {
               const a = new MessageChannel(), b = new MessageChannel(), c = new MessageChannel();
               a.port1.postMessage('innermost');
               b.port1.postMessage('inner', [a.port2]);
               c.port1.postMessage('outer', [b.port2]);
               postMessage('outermost', '*', [structuredClone(c.port2, { transfer: [c.port2] })]);
             })();
             onmessage = ({ data, ports }) => {
               console.log(data);
               setTimeout(() => ports.forEach(hear), 5);
             };
             </script>",
        )],
        &["outermost", "outer", "inner", "innermost"],
    );
}

#[test]
fn ports_transferred_to_two_frames_communicate() {
    let frame = "<script>onmessage = ({ data, ports: [port] }) => {
        port.onmessage = ({ data: n }) => {
          parent.log(data, n);
          if (n < 3) port.postMessage(n + 1);
        };
        if (data === 'a') port.postMessage(0);
    }</script>";
    check(
        &[
            (
                "http://a.test/",
                "<iframe src=f.html></iframe><iframe src=f.html></iframe><script>
                 var log = console.log;
                 onload = () => {
                   const { port1, port2 } = new MessageChannel();
                   port1.postMessage('early');
                   frames[0].postMessage('a', '*', [port1]);
                   frames[1].postMessage('b', '*', [port2]);
                 };
                 </script>",
            ),
            ("http://a.test/f.html", frame),
        ],
        &["b early", "b 0", "a 1", "b 2", "a 3"],
    );
}

#[test]
fn broadcast_messages_and_event_data_survive_collection() {
    check(
        &[(
            "http://a.test/",
            "<script>
             (() => {
               const heard = new BroadcastChannel('x');
               heard.onmessage = ({ data }) => {
                 console.log(data.a.map(String).join());
                 if (data.last) heard.close();
               };
               new BroadcastChannel('x').postMessage({ a: [1, new Date(0).getTime(), /x/g] });
             })();
             setTimeout(() => {
               const from = new BroadcastChannel('x');
               from.postMessage({ a: [new Map([[1, 2]]).size], last: true });
               from.postMessage({ a: ['nobody'] });
             }, 5);
             addEventListener('message', event => {
               const { ports } = event;
               setTimeout(() => console.log(event.ports === ports, event.data.p === ports[0]));
             });
             {
               const { port1, port2 } = new MessageChannel();
               postMessage({ p: port1, q: port2 }, '*', [port1, port2]);
             }
             </script>",
        )],
        &["1,0,/x/g", "true true", "1"],
    );
}

#[test]
fn chain_of_transfers_loses_no_message() {
    check(
        &[(
            "http://a.test/",
            "<script>
             const got = [];
             (() => {
               const { port1, port2 } = new MessageChannel();
               const carry = new MessageChannel();
               let hops = 0;
               carry.port1.onmessage = ({ ports: [port] }) => {
                 port1.postMessage(hops);
                 if (++hops < 100) return carry.port2.postMessage(0, [port]);
                 port.onmessage = ({ data }) => {
                   if (got.push(data) === 100) console.log(got.every((n, i) => n === i));
                 };
               };
               carry.port2.postMessage(0, [port2]);
             })();
             </script>",
        )],
        &["true"],
    );
}

#[test]
fn close_event_fires_only_after_close() {
    check(
        &[(
            "http://a.test/",
            "<script>
             (() => {
               const { port1, port2 } = new MessageChannel();
               port1.onclose = () => console.log('closed');
               port1.onmessage = ({ data }) => console.log(data);
               let n = 0;
               const say = () => {
                 port2.postMessage(n);
                 if (++n < 5) setTimeout(say, 3); else port2.close();
               };
               say();
             })();
             </script>",
        )],
        &["0", "1", "2", "3", "4", "closed"],
    );
}

#[test]
fn ports_transferred_to_worker_and_back_communicate() {
    check(
        &[(
            "http://a.test/",
            "<script>
             (() => {
               const source = `onmessage = ({ data, ports: [port] }) => {
                 port.onmessage = ({ data: n }) => port.postMessage(n + 1);
                 const { port1, port2 } = new MessageChannel();
                 port1.onmessage = ({ data }) => port1.postMessage('worker got ' + data);
                 postMessage('here', [port2]);
               }`;
               const worker = new Worker(URL.createObjectURL(new Blob([source])));
               const { port1, port2 } = new MessageChannel();
               port1.onmessage = ({ data }) => {
                 console.log(data);
                 if (data < 3) port1.postMessage(data);
                 else worker.terminate();
               };
               worker.onmessage = ({ data, ports: [port] }) => {
                 console.log(data);
                 port.onmessage = ({ data }) => { console.log(data); port1.postMessage(0) };
                 port.postMessage('a word');
               };
               worker.postMessage('take it', [port2]);
             })();
             </script>",
        )],
        &["here", "worker got a word", "1", "2", "3"],
    );
}

#[test]
fn message_counters_add_up_after_collection() {
    with_agent("", |agent| {
        collection::at_each_call(true);
        agent.collect_after_each_task();
        agent
            .eval(
                "onmessage = ({ ports }) => ports.forEach(port => port.onmessage = () => {});
                 for (let n = 0; n < 50; n++) {
                   const { port1, port2 } = new MessageChannel();
                   port1.postMessage('waits');
                   if (n % 2) postMessage(n, '*', [port2]);
                   if (n % 3) port1.close();
                 }",
                "test",
            )
            .expect("a script that runs");
        let _ = agent.run(RunUntil::idle());
        let ctx = agent.context();
        let (counters, halves) = with_messaging(ctx, |messaging, _| {
            (messaging.counters(), messaging.half_count())
        });
        assert_eq!(counters.posted, 75);
        assert_eq!(counters.posted, counters.delivered + counters.dropped);
        assert_eq!(
            counters.delivered, 50,
            "25 at the window, 25 at the ports that came"
        );
        assert_eq!(
            (
                halves,
                PORT_OBJECTS.with(ctx, |port_objects| port_objects.len())
            ),
            (0, (0, 0))
        );
    });
}
