//! Tests of the code that may run: documents without scripting, and unloaded documents.

use expect_test::expect;

use crate::support::check_page;

/// Logs the code of `html` that runs in a frame with this sandbox, by itself or called by the page.
#[track_caller]
fn sandboxed(script: &str, expected: expect_test::Expect) {
    let html = format!(
        "<!DOCTYPE html><body><script>
        var hits = [];
        const log = (...values) => console.log(values.map(String).join(' '));
        const frame = document.createElement('iframe');
        frame.sandbox = 'allow-same-origin';
        frame.srcdoc = `<body onclick='parent.hits.push(\"onclick\")'
            onload='parent.hits.push(\"body onload\")'>
            <iframe onload='parent.hits.push(\"onload of a frame\")'></iframe>
            <form onsubmit='parent.hits.push(\"submit\")'></form>
            <a href='javascript:parent.hits.push(\"link\")'>x</a>`;
        frame.onload = async () => {{
            frame.onload = null;
            const inside = frame.contentWindow, body = inside.document.body;
            {script}
            await new Promise(resolve => setTimeout(resolve, 50));
            log('ran:', hits.join(', '));
        }};
        document.body.append(frame);
        </script>"
    );
    check_page("http://a.test/", &html, expected);
}

#[test]
fn a_document_without_scripting_runs_no_handler_attributes() {
    sandboxed(
        "body.click(); log(body.onclick, body.onload);
         body.setAttribute('onclick', 'parent.hits.push(1)'); body.click(); log(body.onclick);
         inside.document.querySelector('form').requestSubmit();
         inside.document.querySelector('a').click();",
        expect![[r#"
            null null
            null
            ran: 
        "#]],
    );
}

#[test]
fn a_document_without_scripting_runs_no_strings() {
    sandboxed(
        "inside.setTimeout('parent.hits.push(\"timer\")');
         const interval = inside.setInterval('parent.hits.push(\"interval\")', 1);
         setTimeout(() => inside.clearInterval(interval), 20);
         const nested = inside.document.createElement('iframe');
         nested.src = 'javascript:parent.parent.hits.push(\"URL of a frame\")';
         body.append(nested);
         const script = document.createElement('script');
         script.textContent = 'parent.hits.push(\"script\")'; body.append(script);
         const module = document.createElement('script'); module.type = 'module';
         module.textContent = 'parent.hits.push(\"module\")'; body.append(module);
         inside.location = 'javascript:parent.hits.push(\"URL\")';",
        expect![[r#"
            ran: 
        "#]],
    );
}

#[test]
fn functions_of_the_page_run_at_a_document_without_scripting() {
    sandboxed(
        "body.addEventListener('click', () => hits.push('listener'));
         body.onmouseup = () => hits.push('handler');
         body.click(); body.dispatchEvent(new Event('mouseup'));
         inside.setTimeout(() => hits.push('timer'));
         inside.Promise.resolve().then(() => hits.push('promise'));
         inside.Promise.resolve().then(inside.Function('parent.hits.push(\"promise job\")'));
         log(inside.eval('1 + 1'));",
        expect![[r#"
            2
            ran: listener, handler, promise, timer
        "#]],
    );
}

#[test]
fn a_handler_attribute_of_a_document_without_scripting_stays_null_elsewhere() {
    sandboxed(
        "const moved = inside.document.createElement('p');
         moved.setAttribute('onclick', 'hits.push(\"moved out\")');
         document.body.append(moved); moved.click(); log(moved.onclick);
         const entered = document.createElement('p');
         entered.setAttribute('onclick', 'hits.push(\"moved in\")');
         body.append(entered); entered.click(); log(entered.onclick);",
        expect![[r#"
            null
            null
            ran: 
        "#]],
    );
}

#[test]
fn a_document_without_a_browsing_context_runs_nothing() {
    check_page(
        "http://a.test/",
        "<!DOCTYPE html><body><script>
        var hits = [];
        for (const made of [document.implementation.createHTMLDocument(''),
                new DOMParser().parseFromString('<body onclick=\"hits.push(1)\">', 'text/html')]) {
            made.body.setAttribute('onload', 'hits.push(2)');
            made.body.innerHTML = '<p onclick=\"hits.push(3)\">';
            const p = made.body.firstChild;
            p.click(); made.body.click();
            const script = made.createElement('script');
            script.textContent = 'hits.push(4)';
            made.body.append(script);
            document.body.append(script);
            console.log(p.onclick, made.body.onclick, made.body.onload, hits.length);
            p.onclick = () => hits.push('property'); p.click();
            console.log(hits.splice(0).join());
        }
        </script>",
        expect![[r#"
            null null null 0
            property
            null null null 0
            property
        "#]],
    );
}

/// Runs a script with objects of a frame's unloaded document: removed, then navigated.
#[track_caller]
fn left(before: &str, after: &str, expected: expect_test::Expect) {
    let html = format!(
        "<!DOCTYPE html><body><script>
        var hits = [];
        const hit = text => hits.push(text);
        const load = frame => new Promise(resolve => frame.onload = resolve);
        (async () => {{ for (const how of ['removed', 'navigated']) {{
            const frame = document.createElement('iframe');
            frame.srcdoc = '<body>';
            document.body.append(frame);
            await load(frame);
            const inside = frame.contentWindow, body = inside.document.body;
            const make = inside.eval('(hits => text => () => {{ hits.push(text) }})')(hits);
            const make_async = inside.eval(
                '(async function (hits, promise) {{ await promise; hits.push(\"after await\") }})');
            {before}
            if (how === 'removed') frame.remove();
            else {{ frame.srcdoc = 'next'; await load(frame); }}
            hits.length = 0;
            {after}
            await new Promise(resolve => setTimeout(resolve, 50));
            console.log(how + ':', hits.join(', '));
            frame.remove();
        }} }})();
        </script>"
    );
    check_page("http://a.test/", &html, expected);
}

#[test]
fn listeners_of_an_unloaded_document_are_not_called() {
    left(
        "const target = new inside.EventTarget(), own = new EventTarget();
         const signal = new inside.AbortController();
         target.addEventListener('x', () => hit('target of the frame'));
         target.addEventListener('x', make('both of the frame'));
         own.addEventListener('x', make('listener of the frame'));
         body.addEventListener('click', () => hit('body of the frame'));
         body.onclick = make('handler of the frame');
         signal.signal.onabort = () => hit('abort');
         own.addEventListener('x', () => hit('own'));",
        "target.dispatchEvent(new Event('x')); own.dispatchEvent(new Event('x')); body.click();
         signal.abort(); make('direct call')(); [1].forEach(make('forEach'));",
        expect![[r#"
            removed: own, direct call, forEach
            navigated: own, direct call, forEach
        "#]],
    );
}

#[test]
fn jobs_and_timers_of_an_unloaded_document_do_not_run() {
    left(
        "let open; make_async(hits, new Promise(resolve => open = resolve));",
        "open(); Promise.resolve().then(make('promise job'));
         queueMicrotask(make('microtask')); setTimeout(make('timer'));
         make_async(hits);
         new Promise(resolve => resolve()).then(() => hit('job of the page'));",
        expect![[r#"
            removed: job of the page
            navigated: job of the page
        "#]],
    );
}

#[test]
fn observers_and_messages_of_an_unloaded_document_are_not_delivered() {
    left(
        "const channel = new MessageChannel(), theirs = new inside.MessageChannel();
         channel.port1.onmessage = make('port');
         theirs.port1.onmessage = () => hit('port of the frame');
         const broadcast = new BroadcastChannel('c'), other = new BroadcastChannel('c');
         broadcast.onmessage = make('channel');
         new MutationObserver(make('observer')).observe(document.body, { attributes: true });
         new inside.MutationObserver(() => hit('observer of the frame'))
             .observe(document.body, { attributes: true });
         new MutationObserver(() => hit('own observer'))
             .observe(document.body, { attributes: true });",
        "channel.port2.postMessage(1); theirs.port2.postMessage(1); other.postMessage(1);
         document.body.id = how; addEventListener('message', make('message'));
         postMessage(1, '*');",
        expect![[r#"
            removed: own observer
            navigated: own observer, own observer
        "#]],
    );
}
