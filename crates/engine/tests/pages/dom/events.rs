//! Tests of the dispatch of events and of event handlers.

use crate::support::{page, script};

#[test]
fn dispatch_captures_then_bubbles() {
    page(
        "<div id=d><p id=p></p></div><script>
         const log = s => e => console.log(s, e.eventPhase, e.currentTarget === d, e.target.id);
         d.addEventListener('x', log('down'), true); d.addEventListener('x', log('up')); p.addEventListener('x', log('at'));
         console.log(p.dispatchEvent(new Event('x', {bubbles: true, cancelable: true})));
         </script>",
        &["down 1 true p", "at 2 false p", "up 3 true p", "true"],
    );
}

#[test]
fn listener_objects_options_and_signals_work() {
    script(
        "const t = new EventTarget(); let n = 0;
         t.addEventListener('a', {handleEvent(e) { console.log('object', this === arguments.callee, e.type) }});
         t.addEventListener('a', () => n++, {once: true}); const c = new AbortController(); t.addEventListener('a', () => n += 10, {signal: c.signal});
         t.dispatchEvent(new Event('a')); c.abort(); t.dispatchEvent(new Event('a')); console.log(n);
         try { t.addEventListener('a', 'x') } catch (e) { console.log(e.name) }
         t.addEventListener('a', null); class T extends EventTarget {}; console.log(new T() instanceof EventTarget, new T().constructor === T);",
        &["object false a", "object false a", "11", "TypeError", "true true"],
    );
    script(
        "const t = new EventTarget(); t.addEventListener('a', () => { throw new Error('one') }); t.addEventListener('a', () => console.log('two'));
         onerror = m => (console.log(m), true); t.dispatchEvent(new Event('a'))",
        &["Uncaught Error: one", "two"],
    );
    script(
        "const e = new CustomEvent('c', {detail: {a: 1}, cancelable: true}); const t = new EventTarget(); t.addEventListener('c', e => { console.log(e.detail.a, e.isTrusted); e.preventDefault() });
         console.log(t.dispatchEvent(e), e.defaultPrevented); try { t.dispatchEvent(document.createEvent('Event')) } catch (x) { console.log(x.name) }",
        &["1 false", "false true", "InvalidStateError"],
    );
}

#[test]
fn event_handler_attributes_are_compiled() {
    page(
        "<button id=b onclick=\"console.log(event.type, this.id, id)\">x</button><script>
         b.click(); console.log(typeof b.onclick, b.onclick.name); b.onclick = () => console.log('other'); b.click(); b.onclick = 1; console.log(b.onclick); b.click();
         b.setAttribute('onclick', 'console.log(\"set\")'); b.click(); b.removeAttribute('onclick'); b.click();
         </script>",
        &["click b b", "function onclick", "other", "null", "set"],
    );
    page(
        "<body onload=\"console.log('loaded', this === window, event.target === document)\"><script>console.log(typeof onload)</script>",
        &["function", "loaded true true"],
    );
    page(
        "<body onload='console.log(1)'><script>onload = () => console.log(2)</script>",
        &["2"],
    );
    page(
        "<body onmessage='console.log(event.data)'><script>console.log(typeof window.onmessage, document.body.onmessage === window.onmessage)</script>",
        &["function true"],
    );
}

#[test]
fn handlers_of_a_later_body_hear_events_of_the_window() {
    // The first message finds a body without handlers, the others find one that parsed text brought.
    page(
        "<body><script>
         addEventListener('message', e => {
             console.log('listener', e.data);
             if (e.data === 1) document.documentElement.innerHTML = `<body onmessage='console.log(\"body\", event.data)'>`;
             if (e.data < 3) postMessage(e.data + 1, '*');
         });
         postMessage(1, '*');
         </script>",
        &["listener 1", "listener 2", "body 2", "listener 3", "body 3"],
    );
}

#[test]
fn load_events_fire_in_order() {
    page(
        "<script>
         document.onreadystatechange = () => console.log(document.readyState);
         addEventListener('DOMContentLoaded', () => console.log('content'));
         addEventListener('load', e => console.log('load', e.target === document, e.currentTarget === window));
         addEventListener('pageshow', e => console.log('pageshow', e.persisted));
         </script>",
        &["interactive", "content", "complete", "load true true", "pageshow false"],
    );
}

#[test]
fn microtasks_run_between_listeners_only_when_the_stack_is_empty() {
    script(
        "const t = new EventTarget(); for (const n of [1, 2]) t.addEventListener('x', () => { console.log(n); queueMicrotask(() => console.log('m' + n)) });
         t.dispatchEvent(new Event('x')); console.log('end')",
        &["1", "2", "end", "m1", "m2"],
    );
    page(
        "<script>for (const n of [1, 2]) addEventListener('load', () => { console.log(n); queueMicrotask(() => console.log('m' + n)) })</script>",
        &["1", "m1", "2", "m2"],
    );
}

#[test]
fn click_runs_activation_behavior() {
    page(
        "<label id=l>x<input type=checkbox id=c></label><script>
         c.onchange = () => console.log('change', c.checked); l.click();
         c.onclick = e => { console.log('during', c.checked); e.preventDefault() }; c.click(); console.log(c.checked);
         </script>",
        &["change true", "during false", "true"],
    );
}

#[test]
fn window_event_is_set_during_dispatch() {
    script(
        "const t = new EventTarget(), e = new Event('x'); t.addEventListener('x', () => console.log(window.event === e)); t.dispatchEvent(e); console.log(window.event)",
        &["true", "undefined"],
    );
}

#[test]
fn document_open_erases_listeners() {
    page(
        "<body><iframe></iframe><script>
         const d = frames[0].document, b = d.body, never = () => console.log('never');
         b.addEventListener('x', never); d.addEventListener('x', never); b.onclick = never; frames[0].addEventListener('x', never);
         new MutationObserver(records => console.log(records.length, records[0].removedNodes[0].localName)).observe(d, { childList: true });
         d.open(); console.log(b.onclick, d.childNodes.length);
         for (const target of [b, d, frames[0]]) target.dispatchEvent(new Event('x')); b.click();
         d.write('<p>new'); d.close(); console.log(d.body.innerHTML)</script>",
        &["null 0", "<p>new</p>", "2 html"],
    );
}

#[test]
fn events_outside_of_trees_have_a_path_of_one() {
    script(
        "const t = new EventTarget(), e = new Event('x');
         t.addEventListener('x', e => { const path = e.composedPath(); console.log(path.length, path[0] === t, e.eventPhase) });
         console.log(e.composedPath().length); t.dispatchEvent(e); console.log(e.composedPath().length, e.eventPhase);
         addEventListener('x', e => console.log(e.composedPath().length, e.composedPath()[0] === window));
         dispatchEvent(new Event('x'));",
        &["0", "1 true 2", "0 0", "1 true"],
    );
    // Listeners that come and go during the dispatch, on one target.
    script(
        "const t = new EventTarget(), log = []; const late = () => log.push('late'), gone = () => log.push('gone');
         t.addEventListener('x', () => { log.push('first'); t.addEventListener('x', late); t.removeEventListener('x', gone);
             t.removeEventListener('x', again); t.addEventListener('x', again) });
         const again = () => log.push('again');
         t.addEventListener('x', gone); t.addEventListener('x', again); t.addEventListener('x', () => log.push('once'), {once: true});
         t.addEventListener('x', () => log.push('down'), true);
         t.dispatchEvent(new Event('x')); console.log(log.join()); log.length = 0;
         t.dispatchEvent(new Event('x')); console.log(log.join());",
        &["down,first,once", "down,first,late"],
    );
    // window.event of nested and re-entered dispatches.
    script(
        "const t = new EventTarget(), inner = new Event('inner'), outer = new Event('outer');
         t.addEventListener('inner', () => console.log(event === inner));
         t.addEventListener('outer', () => { t.dispatchEvent(inner); console.log(event === outer) });
         t.dispatchEvent(outer); console.log(event);",
        &["true", "true", "undefined"],
    );
}

#[test]
fn forms_inside_of_forms_submit_and_reset_alone() {
    crate::support::script(
        "const outer = document.createElement('form'), inner = document.createElement('form'), button = document.createElement('button');
         document.body.append(outer); outer.append(inner); inner.append(button);
         for (const type of ['submit', 'reset']) {
           outer['on' + type] = e => console.log('outer', type);
           inner['on' + type] = e => { console.log('inner', type); e.preventDefault() };
           document['on' + type] = e => console.log('document', type);
           outer.addEventListener(type, () => console.log('captures', type), true);
           button.type = type; button.click();
         }",
        &[
            "captures submit",
            "inner submit",
            "captures reset",
            "inner reset",
        ],
    );
}

#[test]
fn lenient_event_handlers_ignore_other_receivers() {
    crate::support::script(
        "const of = (o, n) => Object.getOwnPropertyDescriptor(o, n);
         for (const d of [of(window, 'onmouseenter'), of(Document.prototype, 'onreadystatechange')])
           console.log(d.get.call({}), d.set.call({}, 1));
         try { of(window, 'onclick').get.call({}) } catch (e) { console.log(e.name) }",
        &["undefined undefined", "undefined undefined", "TypeError"],
    );
}
