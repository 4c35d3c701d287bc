//! `console` ([Console](https://console.spec.whatwg.org/)).

mod logger;
mod table;

use boa_engine::{Context, JsObject, JsValue};
use framepost_event_loop::EventLoop;

use crate::inspect::format_log;
use crate::output::Level;
use crate::script::{realm, with_loop};
use crate::webidl::{self, interface};
use logger::{ConsoleData, log, print, print_timer, write};

interface! {
    /// The [`console`](https://console.spec.whatwg.org/#console-namespace) namespace.
    namespace console {
        undefined assert(optional boolean condition = false, any... data);
        undefined clear() = |cx| write(cx, |console| console.indent = 0);
        undefined debug(any... data) = |data, cx| log(Level::Debug, &data, cx);
        undefined error(any... data) = |data, cx| log(Level::Error, &data, cx);
        undefined info(any... data) = |data, cx| log(Level::Info, &data, cx);
        undefined log(any... data) = |data, cx| log(Level::Log, &data, cx);
        undefined table(optional any tabularData, optional any properties) =
            |data: Option<JsValue>, properties: Option<JsValue>, cx| table(data, properties.as_ref(), cx);
        undefined trace(any... data);
        undefined warn(any... data) = |data, cx| log(Level::Warn, &data, cx);
        undefined dir(any... data) = |data, cx| log(Level::Log, data.get(..1).unwrap_or_default(), cx);
        undefined dirxml(any... data) = |data, cx| log(Level::Log, &data, cx);

        // There is no profiling. These are in all browsers, but in no standard.
        undefined profile() = || ();
        undefined profileEnd() = || ();
        undefined timeStamp() = || ();

        undefined count(optional DOMString label = "default");
        undefined countReset(optional DOMString label = "default");

        undefined group(any... data);
        undefined groupCollapsed(any... data) = group;
        undefined groupEnd() = |cx| write(cx, |console| console.indent = console.indent.saturating_sub(1));

        undefined time(optional DOMString label = "default");
        undefined timeLog(optional DOMString label = "default", any... data);
        undefined timeEnd(optional DOMString label = "default");
    }
}

/// [`assert()`](https://console.spec.whatwg.org/#assert)
fn assert(condition: bool, data: &[JsValue], cx: &mut Context) {
    if condition {
        return;
    }
    let text = match format_log(data, cx) {
        _ if data.is_empty() => "Assertion failed".to_owned(),
        text => format!("Assertion failed: {text}"),
    };
    print(Level::Error, &text, cx);
}

/// [`table()`](https://console.spec.whatwg.org/#table)
fn table(data: Option<JsValue>, properties: Option<&JsValue>, cx: &mut Context) {
    let data = data.unwrap_or_default();
    match table::table(&data, properties, cx) {
        Some(text) => print(Level::Log, &text, cx),
        None => log(Level::Log, &[data], cx),
    }
}

/// [`trace()`](https://console.spec.whatwg.org/#trace)
// NOT YET: the stack.
fn trace(data: &[JsValue], cx: &mut Context) {
    let text = format!("Trace: {}", format_log(data, cx));
    print(Level::Log, text.trim_end_matches([':', ' ']), cx);
}

/// [`count()`](https://console.spec.whatwg.org/#count)
fn count(label: String, cx: &mut Context) {
    let text = format!("{label}: ");
    let count = write(cx, |console| {
        let count = console.counts.entry(label).or_insert(0);
        *count += 1;
        *count
    });
    print(Level::Info, &format!("{text}{count}"), cx);
}

/// [`countReset()`](https://console.spec.whatwg.org/#countreset)
fn count_reset(label: &str, cx: &mut Context) {
    if write(cx, |console| console.counts.remove(label)).is_none() {
        let text = format!("Count for '{label}' does not exist");
        print(Level::Warn, &text, cx);
    }
}

/// [`group()`](https://console.spec.whatwg.org/#group)
fn group(data: &[JsValue], cx: &mut Context) {
    log(Level::Log, data, cx);
    write(cx, |console| console.indent += 1);
}

/// [`time()`](https://console.spec.whatwg.org/#time)
fn time(label: String, cx: &mut Context) {
    let now = with_loop(cx, EventLoop::now);
    write(cx, |console| {
        console.timers.entry(label).or_insert(now);
    });
}

/// [`timeLog()`](https://console.spec.whatwg.org/#timelog)
fn time_log(label: &str, data: &[JsValue], cx: &mut Context) {
    let began = write(cx, |console| console.timers.get(label).copied());
    print_timer(label, began, data, cx);
}

/// [`timeEnd()`](https://console.spec.whatwg.org/#timeend)
fn time_end(label: &str, cx: &mut Context) {
    let began = write(cx, |console| console.timers.remove(label));
    print_timer(label, began, &[], cx);
}

/// Returns the `console` of the current realm.
pub(crate) fn console_of_realm(ctx: &mut Context) -> JsObject {
    let realm = ctx.realm().clone();
    realm::singleton(ctx, &realm, "console", |ctx, _| create(ctx))
}

/// Creates the `console` [namespace object](https://webidl.spec.whatwg.org/#namespace-object) of
/// the current realm.
fn create(ctx: &mut Context) -> JsObject {
    let realm = ctx.realm().clone();
    let prototype = JsObject::with_object_proto(ctx.intrinsics());
    let console = JsObject::new(
        &crate::script::realm::root_shape(ctx),
        prototype,
        ConsoleData::default(),
    )
    .upcast();
    webidl::define_namespace(&CONSOLE, &console, &realm, ctx);
    console
}
