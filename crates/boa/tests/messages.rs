//! Messages in contexts of a program's own.

#![allow(clippy::unwrap_used, missing_docs)]

use std::cell::RefCell;

use boa_engine::property::Attribute;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsString, JsValue, NativeFunction, Source, js_string};
use expect_test::{Expect, expect};
use framepost_boa::Options;
use framepost_boa::port_objects::PORT_OBJECTS;

thread_local! {
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    /// The realm of the first script.
    static FIRST: RefCell<Option<Realm>> = const { RefCell::new(None) };
}

fn log(line: String) {
    LINES.with_borrow_mut(|lines| lines.push(line));
}

/// A context with a realm for each script, in which the realms before it are known by their names.
fn context(scripts: &[(&str, &str)]) -> Context {
    let mut ctx = Context::default();
    let mut globals: Vec<(&str, JsObject)> = Vec::new();
    for (index, (name, _)) in scripts.iter().enumerate() {
        if index > 0 {
            let realm = ctx.create_realm().unwrap();
            ctx.enter_realm(realm);
        }
        framepost_boa::install(&mut ctx, Options::default()).unwrap();
        if index == 0 {
            FIRST.set(Some(ctx.realm().clone()));
        }
        let print = NativeFunction::from_fn_ptr(|_, args, _| {
            let words: Vec<String> = args.iter().map(text).collect();
            log(words.join(" "));
            Ok(JsValue::undefined())
        });
        ctx.register_global_callable(js_string!("log"), 0, print)
            .unwrap();
        for (other, global) in &globals {
            let other = JsString::from(*other);
            ctx.register_global_property(other, JsValue::from(global.clone()), Attribute::all())
                .unwrap();
        }
        globals.push((*name, ctx.global_object()));
        evaluate(&mut ctx, scripts[index].1);
    }
    ctx
}

fn text(value: &JsValue) -> String {
    match value.as_string() {
        Some(text) => text.to_std_string_lossy(),
        None => value.display().to_string(),
    }
}

fn evaluate(ctx: &mut Context, script: &str) {
    if let Err(error) = ctx.eval(Source::from_bytes(script)) {
        log(format!("Uncaught {error}"));
    }
}

/// Runs the scripts, then the tasks, and compares the lines that they log.
fn check(scripts: &[(&str, &str)], expected: &Expect) {
    let mut ctx = context(scripts);
    finish(&mut ctx, expected);
}

fn finish(ctx: &mut Context, expected: &Expect) {
    if let Err(error) = framepost_boa::run(ctx) {
        log(format!("Uncaught {error}"));
    }
    for error in framepost_boa::take_errors(ctx) {
        log(format!("Uncaught {error}"));
    }
    let lines = LINES.with_borrow_mut(std::mem::take);
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn regular_expression_keeps_its_source() {
    check(
        &[(
            "page",
            r#"
            for (const value of [/a\/b/, /[/]/, new RegExp("/"), /\\/]) {
                log(String(value), String(structuredClone(value)));
            }
            log("lastIndex" in RegExp.prototype, RegExp.prototype.source);
            "#,
        )],
        &expect![[r#"
            /a\/b/ /a\/b/
            /[/]/ /[/]/
            /\// /\//
            /\\/ /\\/
            false (?:)
        "#]],
    );
}

#[test]
fn structured_clone_keeps_what_json_loses() {
    check(
        &[(
            "page",
            r#"
            const show = (value) => log(Object.prototype.toString.call(value), String(value?.message ?? value?.size ?? value?.getTime?.() ?? value));
            const loop = {}; loop.self = loop;
            const copy = structuredClone(loop);
            log(copy !== loop, copy.self === copy);
            for (const value of [undefined, -0, NaN, 7n, new Date(0), /a.b/gi, new Map([[1, 2]]), new Set([1]),
                new RangeError("far"), new Uint8Array([1, 2]), new ArrayBuffer(2, {maxByteLength: 4}), Object("s"),
                new DOMException("gone", "AbortError"), [1, , 3]]) show(structuredClone(value));
            const error = structuredClone(new TypeError("t", {cause: 1}));
            log(error instanceof TypeError, error.cause, Object.is(structuredClone(-0), -0));
            const buffer = new ArrayBuffer(8);
            log(structuredClone(buffer, {transfer: [buffer]}).byteLength, buffer.byteLength);
            for (const value of [() => 0, Symbol("s"), new WeakMap(), new Proxy({}, {}), Promise.resolve()]) {
                try { structuredClone(value); } catch (error) {
                    log(error.name, error.code, error instanceof DOMException, error.message);
                }
            }
            "#,
        )],
        &expect![[r#"
            true true
            [object Undefined] undefined
            [object Number] 0
            [object Number] NaN
            [object BigInt] 7
            [object Date] 0
            [object RegExp] /a.b/gi
            [object Map] 1
            [object Set] 1
            [object Error] far
            [object Uint8Array] 1,2
            [object ArrayBuffer] [object ArrayBuffer]
            [object String] s
            [object DOMException] gone
            [object Array] 1,,3
            true 1 true
            8 0
            DataCloneError 25 true Failed to execute 'structuredClone' on 'WindowOrWorkerGlobalScope': () => 0 could not be cloned.
            DataCloneError 25 true Failed to execute 'structuredClone' on 'WindowOrWorkerGlobalScope': Symbol(s) could not be cloned.
            DataCloneError 25 true Failed to execute 'structuredClone' on 'WindowOrWorkerGlobalScope': #<WeakMap> could not be cloned.
            DataCloneError 25 true Failed to execute 'structuredClone' on 'WindowOrWorkerGlobalScope': #<Object> could not be cloned.
            DataCloneError 25 true Failed to execute 'structuredClone' on 'WindowOrWorkerGlobalScope': #<Promise> could not be cloned.
        "#]],
    );
}

#[test]
fn port_is_handed_round_between_two_realms() {
    check(
        &[
            (
                "plugin",
                r#"
                onmessage = (event) => {
                    const [port] = event.ports;
                    log("plugin:", event.data, event.origin, event.target === globalThis, event.source !== globalThis);
                    port.onmessage = ({data}) => port.postMessage(data * 2);
                    event.source.postMessage("ready", event.origin, [port]);
                };
                "#,
            ),
            (
                "page",
                r#"
                const {port1, port2} = new MessageChannel();
                addEventListener("message", (event) => {
                    log("page:", event.data, event.source === plugin, event.ports.length, event.ports[0] === port2);
                    const [port] = event.ports;
                    port.onmessage = ({data}) => log("came home:", data, port instanceof MessagePort);
                });
                port1.postMessage("before the journey");
                plugin.postMessage("hello", "*", [port2]);
                "#,
            ),
        ],
        &expect![[r#"
            plugin: hello https://localhost true true
            page: ready true 1 false
            came home: before the journey true
        "#]],
    );
}

#[test]
fn message_with_another_target_origin_is_dropped() {
    check(
        &[
            ("plugin", "onmessage = ({data}) => log(data);"),
            (
                "page",
                r#"
                plugin.postMessage("to another origin", "https://example.org");
                plugin.postMessage("to this origin", "https://localhost/path");
                plugin.postMessage("to the same origin");
                try { plugin.postMessage("", "no URL"); } catch (error) { log(error.name); }
                "#,
            ),
        ],
        &expect![[r#"
            SyntaxError
            to this origin
            to the same origin
        "#]],
    );
}

#[test]
fn broadcast_reaches_the_channels_of_other_realms() {
    check(
        &[
            (
                "plugin",
                "const news = new BroadcastChannel('news'); news.onmessage = ({data, origin}) => log('plugin', data.now, origin);",
            ),
            (
                "page",
                r#"
                const own = new BroadcastChannel("news");
                own.onmessage = () => log("never");
                const other = new BroadcastChannel("other");
                other.onmessage = () => log("never");
                own.postMessage({now: 1});
                own.close();
                try { own.postMessage(2); } catch (error) { log(error.name, own.name); }
                "#,
            ),
        ],
        &expect![[r#"
            InvalidStateError news
            plugin 1 https://localhost
        "#]],
    );
}

#[test]
fn jobs_run_after_each_task() {
    check(
        &[(
            "page",
            r#"
            const {port1, port2} = new MessageChannel();
            port2.onmessage = ({data}) => {
                log("message", data);
                Promise.resolve().then(() => log("job of", data));
            };
            port1.postMessage(1);
            port1.postMessage(2);
            Promise.resolve().then(() => log("job of the script"));
            "#,
        )],
        &expect![[r#"
            job of the script
            message 1
            job of 1
            message 2
            job of 2
        "#]],
    );
}

#[test]
fn transferred_port_keeps_its_queue_and_arrives_disabled() {
    check(
        &[(
            "page",
            r#"
            const {port1, port2} = new MessageChannel();
            port1.postMessage("queued");
            const {port} = structuredClone({port: port2}, {transfer: [port2]});
            port.addEventListener("message", ({data}) => log(data));
            log("not started");
            const other = new MessageChannel();
            other.port2.onmessage = () => { log("now"); port.start(); };
            other.port1.postMessage(0);
            try { port2.postMessage(0, [port2]); } catch (error) { log(error.name, error.message); }
            "#,
        )],
        &expect![[r#"
            not started
            DataCloneError Failed to execute 'postMessage' on 'MessagePort': the transfer list contains the port that the message is posted on
            now
            queued
        "#]],
    );
}

#[test]
fn closed_port_tells_its_peer() {
    check(
        &[(
            "page",
            r#"
            const {port1, port2} = new MessageChannel();
            port2.onclose = (event) => log(event.type, event instanceof MessageEvent, event.target === port2);
            port2.onmessage = ({data}) => log(data);
            port1.postMessage("before");
            port1.close();
            port1.postMessage("after");
            "#,
        )],
        &expect![[r#"
            before
            close false true
        "#]],
    );
}

#[test]
fn events_are_as_in_the_dom() {
    check(
        &[(
            "page",
            r#"
            const target = new EventTarget();
            const seen = [];
            target.addEventListener("x", () => seen.push("bubbling"));
            target.addEventListener("x", () => seen.push("capturing"), true);
            target.addEventListener("x", {handleEvent(event) { seen.push("once", event.eventPhase, this !== target); event.preventDefault(); }}, {once: true});
            log(target.dispatchEvent(new Event("x", {cancelable: true})), target.dispatchEvent(new Event("x")), seen.join());
            const event = new MessageEvent("message", {data: 1, origin: "o", lastEventId: "7", ports: []});
            log(event.data, event.origin, event.lastEventId, event.source, event.ports.length, event.isTrusted);
            const stopping = (event) => event.stopImmediatePropagation();
            target.addEventListener("y", stopping);
            target.addEventListener("y", () => log("never"));
            target.dispatchEvent(new Event("y"));
            log(onmessage, onmessageerror, Object.prototype.toString.call(new MessageChannel().port1));
            onmessage = 1;
            log(onmessage);
            try { MessagePort(); } catch (error) { log(error.name); }
            try { new MessagePort(); } catch (error) { log(error.message); }
            try { MessagePort.prototype.start.call({}); } catch (error) { log(error.message); }
            addEventListener("message", {});
            postMessage("to myself", "*");
            "#,
        )],
        &expect![[r#"
            false true capturing,bubbling,once,2,true,capturing,bubbling
            1 o 7 null 0 false
            null null [object MessagePort]
            null
            TypeError
            Illegal constructor
            Illegal invocation
            Uncaught TypeError: The listener's 'handleEvent' is not a function. (native)
        "#]],
    );
}

#[test]
fn shared_memory_reaches_the_other_realm() {
    check(
        &[
            (
                "plugin",
                "onmessage = ({data}) => { new Uint8Array(data)[0] = 9; };",
            ),
            (
                "page",
                r#"
                const memory = new SharedArrayBuffer(1);
                plugin.postMessage(memory, "*");
                const {port1, port2} = new MessageChannel();
                port2.onmessage = () => log(new Uint8Array(memory)[0]);
                port1.postMessage(0);
                "#,
            ),
        ],
        &expect![[r#"
            9
        "#]],
    );
}

#[test]
fn removed_realm_closes_its_ports_and_gets_no_message() {
    let mut ctx = context(&[
        (
            "plugin",
            "onmessage = ({ports, data}) => { log(data); if (ports[0]) ports[0].start(); };",
        ),
        (
            "page",
            r#"
            const {port1, port2} = new MessageChannel();
            port1.onclose = () => log("the other realm is gone");
            plugin.postMessage("hello", "*", [port2]);
            "#,
        ),
    ]);
    framepost_boa::run(&mut ctx).unwrap();
    let page = ctx.realm().clone();
    evaluate(&mut ctx, "plugin.postMessage('too late', '*')");
    let plugin = FIRST.take().unwrap();
    ctx.enter_realm(plugin);
    framepost_boa::remove(&mut ctx);
    ctx.enter_realm(page);
    finish(
        &mut ctx,
        &expect![[r#"
        hello
        the other realm is gone
    "#]],
    );
}

#[test]
fn forgotten_channels_are_collected() {
    let mut ctx = context(&[("page", "")]);
    evaluate(
        &mut ctx,
        r#"
        for (let i = 0; i < 2000; i++) {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = port2.onmessage = () => {};
            new BroadcastChannel("x");
        }
        "#,
    );
    framepost_boa::run(&mut ctx).unwrap();
    boa_gc::force_collect();
    framepost_boa::run(&mut ctx).unwrap();
    boa_gc::force_collect();
    evaluate(&mut ctx, "new MessageChannel()");
    framepost_boa::run(&mut ctx).unwrap();
    let (ports, halves) = PORT_OBJECTS.with(&ctx, |objects| objects.len());
    assert!(ports <= 4 && halves <= 4, "{ports} ports, {halves} halves");
}

#[test]
fn channel_with_a_listener_stays() {
    let mut ctx = context(&[(
        "page",
        "(() => { const {port1, port2} = new MessageChannel(); port1.onmessage = ({data}) => log('heard', data); globalThis.post = port2; })()",
    )]);
    boa_gc::force_collect();
    evaluate(&mut ctx, "post.postMessage(1)");
    boa_gc::force_collect();
    finish(
        &mut ctx,
        &expect![[r#"
        heard 1
    "#]],
    );
}

#[test]
fn program_runs_one_task_at_a_time() {
    let mut ctx = context(&[(
        "page",
        "const {port1, port2} = new MessageChannel(); port2.onmessage = ({data}) => log(data); port1.postMessage(1); port1.postMessage(2);",
    )]);
    assert!(framepost_boa::run_task(&mut ctx).unwrap());
    log("between".to_owned());
    assert!(framepost_boa::run_task(&mut ctx).unwrap());
    assert!(!framepost_boa::run_task(&mut ctx).unwrap());
    finish(
        &mut ctx,
        &expect![[r#"
        1
        between
        2
    "#]],
    );
}

#[test]
fn realm_takes_messages_once() {
    let mut ctx = context(&[("page", "")]);
    let error = framepost_boa::install(&mut ctx, Options::default()).unwrap_err();
    assert!(error.to_string().contains("already"), "{error}");
}

#[test]
fn context_without_messages_has_nothing_to_run() {
    let mut ctx = Context::default();
    framepost_boa::run(&mut ctx).unwrap();
    assert!(!framepost_boa::run_task(&mut ctx).unwrap());
    assert!(framepost_boa::take_errors(&mut ctx).is_empty());
    framepost_boa::remove(&mut ctx);
    framepost_boa::install(&mut ctx, Options::default()).unwrap();
    assert!(ctx.eval(Source::from_bytes("structuredClone(1)")).is_ok());
}
