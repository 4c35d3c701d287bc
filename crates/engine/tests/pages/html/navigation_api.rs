//! Tests of `window.navigation`.

use crate::support::{pages, script};

/// A page whose script runs after the load event, with `log` and a `Navigation` that logs its events.
const LOG: &str = "
    const log = (...a) => console.log(...a), hash = () => location.hash || '-';
    const watch = n => { for (const type of ['navigate', 'currententrychange', 'navigatesuccess', 'navigateerror'])
        n.addEventListener(type, e => log(type, e.navigationType ?? e.error?.name ?? '', hash())) };
    const settle = (name, result) => { for (const which of ['committed', 'finished'])
        result[which].then(e => log(name, which, e.index), e => log(name, which, e.name ?? e)) };
    const loaded = new Promise(r => onload = () => setTimeout(r));";

fn after_load(source: &str, expected: &[&str]) {
    script(
        &format!("{LOG} loaded.then(async () => {{ {source} }})"),
        expected,
    );
}

#[test]
fn entries_have_keys_and_states() {
    after_load(
        "const first = navigation.currentEntry
         log(navigation.entries().length, first.index, first.sameDocument, first.url, first.getState())
         navigation.updateCurrentEntry({ state: { a: 1 } })
         log(first.getState().a, first.getState() === first.getState())
         history.pushState(1, '', '#x')
         const second = navigation.currentEntry
         log(second === navigation.entries()[1], second.key !== first.key, second.getState(), navigation.canGoBack, navigation.canGoForward)
         second.ondispose = () => log('dispose', second.index, second.id === id)
         const id = second.id
         history.replaceState(2, '', '#y')
         const third = navigation.currentEntry
         log(third.key === second.key, third.id !== second.id, second.index, third.index, /^[0-9a-f-]{36}$/.test(third.id))",
        &[
            "1 0 true http://a.test/ undefined",
            "1 false",
            "true true undefined true false",
            "dispose -1 true",
            "true true -1 1 true",
        ],
    );
}

#[test]
fn fragments_fire_navigate_and_settle_the_promises() {
    after_load(
        "watch(navigation)
         settle('navigate', navigation.navigate('#1', { state: 5, info: 'i' }))
         await 0; await new Promise(r => setTimeout(r))
         log(navigation.currentEntry.getState())
         settle('back', navigation.back())
         log('later')",
        &[
            "navigate push -",
            "currententrychange push #1",
            "navigate committed 1",
            "navigatesuccess  #1",
            "navigate finished 1",
            "5",
            "later",
            "navigate traverse #1",
            "currententrychange traverse -",
            "back committed 0",
            "navigatesuccess  -",
            "back finished 0",
        ],
    );
}

#[test]
fn intercepted_navigation_stays_in_the_document() {
    after_load(
        "watch(navigation)
         navigation.addEventListener('navigate', e => e.intercept({ async handler() {
             log('handler', location.pathname, navigation.transition.navigationType, e.info)
             await 0
             log('handled') } }), { once: true })
         settle('navigate', navigation.navigate('/other', { info: 'why' }))
         await navigation.transition.finished
         log(location.pathname, navigation.transition)",
        &[
            "navigate push -",
            "currententrychange push -",
            "handler /other push why",
            "handled",
            "navigate committed 1",
            "navigatesuccess  -",
            "navigate finished 1",
            "/other null",
        ],
    );
}

#[test]
fn canceled_navigation_rejects_with_abort_errors() {
    after_load(
        "watch(navigation)
         navigation.onnavigate = e => { e.signal.onabort = () => log('abort'); e.preventDefault() }
         settle('navigate', navigation.navigate('/other'))
         await new Promise(r => setTimeout(r))
         navigation.onnavigate = null
         log(location.pathname)
         settle('none', navigation.forward()); settle('bad', navigation.navigate('http://')); settle('state', navigation.navigate('#', { state: () => 1 }))",
        &[
            "navigate push -",
            "abort",
            "navigateerror AbortError -",
            "navigate committed AbortError",
            "navigate finished AbortError",
            "/",
            "none committed InvalidStateError",
            "none finished InvalidStateError",
            "bad committed SyntaxError",
            "bad finished SyntaxError",
            "state committed DataCloneError",
            "state finished DataCloneError",
        ],
    );
}

#[test]
fn handler_that_throws_is_a_navigateerror() {
    after_load(
        "watch(navigation)
         navigation.onnavigate = e => e.intercept({ handler() { throw new RangeError('no') } })
         settle('push', navigation.navigate('#1'))
         await new Promise(r => setTimeout(r))
         history.pushState(1, '', '#2')
         log(location.hash, history.state)",
        &[
            "navigate push -",
            "currententrychange push #1",
            "navigateerror RangeError #1",
            "push committed 1",
            "push finished RangeError",
            "navigate push #1",
            "currententrychange push #2",
            "#2 1",
            "navigateerror RangeError #2",
        ],
    );
}

#[test]
fn precommit_handler_defers_the_commit() {
    after_load(
        "watch(navigation)
         navigation.onnavigate = e => e.intercept({
             async precommitHandler(controller) { log('before', hash()); await 0; controller.redirect('#elsewhere') },
             handler() { log('after', hash()) } })
         await navigation.navigate('#1').finished",
        &[
            "navigate push -",
            "before -",
            "currententrychange push #elsewhere",
            "after #elsewhere",
            "navigatesuccess  #elsewhere",
        ],
    );
}

#[test]
fn entries_of_a_frame_outlive_its_documents() {
    let top = format!(
        "<body><iframe src=a.html></iframe><script>{LOG}
         const frame = document.querySelector('iframe')
         const next = act => new Promise(r => {{ frame.onload = () => setTimeout(r); act() }})
         loaded.then(async () => {{
             const n = () => frame.contentWindow.navigation
             const key = n().currentEntry.key
             await next(() => n().navigate('b.html', {{ state: 'b' }}))
             log(n().entries().map(e => e.url.slice(14) + e.sameDocument).join(), n().currentEntry.getState(), n().activation.navigationType, n().activation.from.key === key)
             n().onnavigate = e => log(e.navigationType, e.destination.index, e.destination.key === key, e.canIntercept, e.cancelable, e.info)
             await next(() => n().traverseTo(key, {{ info: 7 }}))
             log(n().currentEntry.index, n().currentEntry.key === key, n().activation.navigationType, n().canGoForward)
             const gone = n(), entry = gone.currentEntry
             frame.remove()
             log(gone.currentEntry, gone.entries().length, entry.key, entry.index)
         }})</script>"
    );
    pages(
        &[
            ("http://a.test/", &top),
            ("http://a.test/a.html", "a"),
            ("http://a.test/b.html", "b"),
        ],
        &[
            "a.htmlfalse,b.htmltrue b push true",
            "traverse 0 true false false 7",
            "0 true traverse true",
            "null 0  -1",
        ],
    );
}
