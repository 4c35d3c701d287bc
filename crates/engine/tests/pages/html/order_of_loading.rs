//! The order between the end of loading and the tasks of other sources.

use crate::support::{page, pages};

/// The lines of a page whose frame has this script: `load` is the load event of the frame's element, and `say` logs
/// the effects of the script.
#[track_caller]
fn frame(script: &str, expected: &[&str]) {
    let inner = format!("<script>const say = text => parent.console.log(text);{script}</script>");
    let outer = "<!DOCTYPE html><body><script>
        onmessage = event => console.log(event.data);
        const frame = document.createElement('iframe');
        frame.onload = () => console.log('load');";
    let srcdoc = format!(
        "{outer} frame.srcdoc = `{}`; document.body.append(frame)</script>",
        inner.replace("</script>", "<\\/script>")
    );
    page(&srcdoc, expected);
    let src = format!("{outer} frame.src = '/frame.html'; document.body.append(frame)</script>");
    pages(
        &[
            ("http://a.test/", &src),
            ("http://a.test/frame.html", &inner),
        ],
        expected,
    );
}

#[test]
fn the_load_event_of_a_frame_precedes_the_tasks_of_its_scripts() {
    frame(
        "parent.postMessage('message', '*'); setTimeout(() => say('timer'));
         const { port1, port2 } = new MessageChannel();
         port1.onmessage = () => say('port'); port2.postMessage(1);
         Promise.resolve().then(() => say('microtask'))",
        &["microtask", "load", "message", "timer", "port"],
    );
}

#[test]
fn the_events_of_loading_come_in_a_row() {
    frame(
        "addEventListener('DOMContentLoaded', () => {
             say('DOMContentLoaded'); parent.postMessage('message of DOMContentLoaded', '*') });
         addEventListener('load', () => {
             say('load of the window'); setTimeout(() => say('timer of load')) });",
        &[
            "DOMContentLoaded",
            "load of the window",
            "load",
            "message of DOMContentLoaded",
            "timer of load",
        ],
    );
}

#[test]
fn a_script_that_delays_the_load_event_lets_other_tasks_run() {
    frame(
        "parent.postMessage('message', '*');
         const script = document.createElement('script');
         script.src = 'data:text/javascript,say(%22script%22)'; document.head.append(script);",
        &["message", "script", "load"],
    );
}

#[test]
fn the_events_of_a_page_come_before_its_messages_and_timers() {
    page(
        "<!DOCTYPE html><script>
         for (const type of ['DOMContentLoaded', 'load', 'pageshow'])
             addEventListener(type, () => console.log(type));
         onmessage = () => console.log('message'); postMessage(1, '*');
         setTimeout(() => console.log('timer'));</script>
         <p>text<script>setTimeout(() => console.log('second timer'))</script>",
        &[
            "DOMContentLoaded",
            "load",
            "pageshow",
            "message",
            "timer",
            "second timer",
        ],
    );
}

#[test]
fn nested_frame_loads_before_its_message_is_delivered() {
    frame(
        "const inner = document.createElement('iframe');
         inner.srcdoc = '<scr' + 'ipt>top.postMessage(\"nested\", \"*\")</scr' + 'ipt>';
         document.documentElement.append(inner)",
        &["load", "nested"],
    );
}

#[test]
fn stop_ends_the_parser_and_the_submission_of_a_form() {
    pages(
        &[
            (
                "http://a.test/",
                "<!DOCTYPE html><body><iframe src=stopped.html></iframe><script>onload = () => console.log('load of the page')</script>",
            ),
            (
                "http://a.test/stopped.html",
                "<script>const say = text => parent.console.log(text);
                 document.onreadystatechange = () => say(document.readyState);
                 onload = () => say('never: load'); document.addEventListener('DOMContentLoaded', () => say('never: DOMContentLoaded'));
                 stop(); document.write('never written'); document.open();
                 setTimeout(() => { document.open(); document.write('<p>'); say(`${document.querySelectorAll('p').length} ${document.scripts.length}`) });
                 say(document.body ? 'body' : 'no body')</script><p>never parsed",
            ),
        ],
        &["interactive", "complete", "no body", "load of the page", "0 1"],
    );
    pages(
        &[
            (
                "http://a.test/",
                "<!DOCTYPE html><body><form action=other.html></form><script>
                 onload = () => { document.forms[0].submit(); stop(); setTimeout(() => console.log(location.pathname), 100) }</script>",
            ),
            ("http://a.test/other.html", "<script>console.log('never')</script>"),
        ],
        &["/"],
    );
}
