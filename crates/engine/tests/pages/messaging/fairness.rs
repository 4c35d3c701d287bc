//! Tests that a flood of messages does not starve other tasks.

use crate::support::{lines, run};

#[test]
fn timer_fires_during_message_flood() {
    let flood = "<script>
        let n = 0, over = false;
        onmessage = () => { n++; if (!over) postMessage(0, '*') };
        postMessage(0, '*');
        setTimeout(() => { over = true; console.log(n > 100, n < 10000) }, 5);
    </script>";
    assert_eq!(lines(&run(&[("http://a.test/", flood)])), ["true true"]);
}

#[test]
fn other_frames_and_ports_run_during_message_flood() {
    let page = "<iframe src=/flood></iframe><iframe src=/frame></iframe><script>
        onload = () => {
          const { port1, port2 } = new MessageChannel();
          let turns = 0;
          port1.onmessage = () => {
            if (++turns < 10) return port1.postMessage(turns);
            // Two of ten turns each, and a flood that is one message ahead: no more than one of
            // its messages fits between two of these.
            frames[0].postMessage('stop', '*');
            onmessage = (event) => console.log(turns, event.data <= 40);
          };
          frames[0].postMessage('go', '*');
          frames[1].postMessage(0, '*', [port2]);
        };
    </script>";
    let flood = "<script>
        let n = 0, over = false;
        onmessage = ({ data }) => {
          if (data === 'stop') { over = true; parent.postMessage(n, '*') }
          else { n++; if (!over) postMessage('more', '*') }
        };
    </script>";
    let frame = "<script>
        onmessage = ({ ports: [port] }) => {
          port.onmessage = () => port.postMessage(0);
          port.postMessage(0);
        };
    </script>";
    let documents = [
        ("http://a.test/", page),
        ("http://a.test/flood", flood),
        ("http://a.test/frame", frame),
    ];
    assert_eq!(lines(&run(&documents)), ["10 true"]);
}
