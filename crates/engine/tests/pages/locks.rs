//! Tests of Web Locks.

use expect_test::expect;

use crate::support::{check_script, pages};

/// Checks the output of a page of https that can load these files.
#[track_caller]
fn secure_page_with(html: &str, files: &[(&str, &str)], expected: &[&str]) {
    let url = |name: &str| format!("https://a.test/{name}");
    let files = files.iter().map(|(name, text)| (url(name), *text));
    let documents: Vec<_> = [(url(""), html)].into_iter().chain(files).collect();
    let documents: Vec<_> = documents
        .iter()
        .map(|(url, text)| (&**url, *text))
        .collect();
    pages(&documents, expected);
}

#[test]
fn callback_holds_the_lock_until_its_promise_is_settled() {
    check_script(
        "(async () => {
           const order = [];
           const first = navigator.locks.request('a', async (lock) => {
             order.push('first', lock.name, lock.mode, lock instanceof Lock);
             const { held, pending } = await navigator.locks.query();
             order.push(held.length, pending.length, held[0].clientId === pending[0].clientId);
             await new Promise((resolve) => setTimeout(resolve, 10));
             order.push('end');
             return 'result';
           });
           const second = navigator.locks.request('a', { mode: 'shared' }, () => { order.push('second'); throw new Error('x'); });
           order.push('requested');
           log(await first, await second.catch((error) => error.message));
           log(order.join());
           log(JSON.stringify(await navigator.locks.query()));
         })();",
        expect![[r#"
            result x
            requested,first,a,exclusive,true,1,1,true,end,second
            {"held":[],"pending":[]}
        "#]],
    );
}

#[test]
fn options_decide_whether_a_request_waits() {
    check_script(
        "(async () => {
           const never = new Promise(() => {});
           const lost = navigator.locks.request('a', () => never);
           log(await navigator.locks.request('a', { ifAvailable: true }, (lock) => String(lock)));
           lost.catch((error) => log('lost', error.name));
           log(await navigator.locks.request('a', { steal: true }, (lock) => lock.mode));
           const controller = new AbortController();
           navigator.locks.request('b', () => never);
           const waiting = navigator.locks.request('b', { signal: controller.signal }, () => log('not called'));
           controller.abort('why');
           await waiting.catch((reason) => log(reason));
           // A signal has no effect once the callback was called.
           const late = new AbortController();
           log(await navigator.locks.request('c', { signal: late.signal }, async () => { late.abort(); return 'kept'; }));
           await navigator.locks.request('c', { signal: late.signal }, () => {}).catch((error) => log(error.name));
         })();",
        expect![[r#"
            null
            lost AbortError
            exclusive
            why
            kept
            AbortError
        "#]],
    );
}

#[test]
fn invalid_requests_reject() {
    check_script(
        "(async () => {
           const f = () => {};
           for (const args of [[], ['a'], ['a', {}], ['-a', f], ['a', { mode: 'x' }, f], ['a', { steal: true, ifAvailable: true }, f],
                               ['a', { steal: true, mode: 'shared' }, f], ['a', { steal: true, signal: new AbortController().signal }, f],
                               ['a', { signal: {} }, f]]) {
             await navigator.locks.request(...args).then(() => log('resolved'), (error) => log(error.name));
           }
           const frame = document.body.appendChild(document.createElement('iframe'));
           const { locks } = frame.contentWindow.navigator;
           frame.remove();
           // The jobs of a removed frame do not run, so nothing awaits its promises.
           locks.request('a', f).catch((error) => log(error.name));
           locks.query().catch((error) => log(error.name));
         })();",
        expect![[r#"
            TypeError
            TypeError
            TypeError
            NotSupportedError
            TypeError
            NotSupportedError
            NotSupportedError
            NotSupportedError
            TypeError
            InvalidStateError
            InvalidStateError
        "#]],
    );
}

#[test]
fn locks_are_released_when_frames_and_workers_end() {
    secure_page_with(
        "<iframe src=frame.html></iframe><script>
           const worker = new Worker('worker.js');
           onmessage = worker.onmessage = ({ data }) => {
             console.log(data, 'holds');
             if (data === 'frame') document.querySelector('iframe').remove();
             else worker.terminate();
           };
           onload = () => {
             worker.postMessage(0);
             setTimeout(() => navigator.locks.request('leader', () => console.log('page holds')), 100);
           };
         </script>",
        &[
            (
                "frame.html",
                "<script>
                   navigator.locks.request('leader', () => { parent.postMessage('frame', '*'); return new Promise(() => {}); });
                 </script>",
            ),
            (
                "worker.js",
                "onmessage = () => {
                   navigator.locks.request('leader', () => { postMessage('worker'); return new Promise(() => {}); });
                 };",
            ),
        ],
        &["frame holds", "worker holds", "page holds"],
    );
}

#[test]
fn opaque_origins_have_no_locks() {
    secure_page_with(
        "<iframe sandbox=allow-scripts src=frame.html></iframe>",
        &[(
            "frame.html",
            "<script>navigator.locks.request('a', () => {}).catch((error) => console.log(error.name));
             navigator.locks.query().catch((error) => console.log(error.name));</script>",
        )],
        &["SecurityError", "SecurityError"],
    );
}
