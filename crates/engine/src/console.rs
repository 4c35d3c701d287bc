//! `console` ([Console](https://console.spec.whatwg.org/)).

use boa_engine::{
    Context, Finalize, JsData, JsObject, JsResult, JsString, JsSymbol, JsValue, Trace, js_string,
};
use framepost_event_loop::{EventLoop, FxHashMap};

use crate::boa::functions::function;
use crate::boa::properties::{CONFIGURABLE, ORDINARY, data_property};
use crate::output::{ConsoleMessage, Level, Output};
use crate::script::{emit, realm, with_contexts, with_loop};

/// The counters, timers and indentation of a console.
#[derive(Default, Trace, Finalize, JsData)]
struct ConsoleData {
    #[unsafe_ignore_trace]
    counts: FxHashMap<String, u64>,
    #[unsafe_ignore_trace]
    timers: FxHashMap<String, std::time::Duration>,
    indent: usize,
}

type Steps = fn(&JsObject, &[JsValue], &mut Context) -> JsResult<()>;

const METHODS: &[(&str, Steps)] = &[
    ("assert", |console, args, ctx| {
        if args.first().is_some_and(JsValue::to_boolean) {
            return Ok(());
        }
        let rest = args.get(1..).unwrap_or_default();
        let text = crate::inspect::format_log(rest, ctx);
        let text = if rest.is_empty() {
            "Assertion failed".to_owned()
        } else {
            format!("Assertion failed: {text}")
        };
        print(console, Level::Error, &text, ctx);
        Ok(())
    }),
    ("clear", |console, _, _| {
        write(console, |data| data.indent = 0);
        Ok(())
    }),
    ("count", |console, args, ctx| {
        let label = label(args, ctx)?;
        let mut count = 0;
        write(console, |data| {
            let held = data.counts.entry(label.clone()).or_insert(0);
            *held += 1;
            count = *held;
        });
        print(console, Level::Info, &format!("{label}: {count}"), ctx);
        Ok(())
    }),
    ("countReset", |console, args, ctx| {
        let label = label(args, ctx)?;
        let mut existed = false;
        write(console, |data| {
            existed = data.counts.remove(&label).is_some();
        });
        if !existed {
            print(
                console,
                Level::Warn,
                &format!("Count for '{label}' does not exist"),
                ctx,
            );
        }
        Ok(())
    }),
    ("debug", |console, args, ctx| {
        log(console, Level::Debug, args, ctx)
    }),
    ("dir", |console, args, ctx| {
        log(console, Level::Log, args.get(..1).unwrap_or_default(), ctx)
    }),
    ("dirxml", |console, args, ctx| {
        log(console, Level::Log, args, ctx)
    }),
    ("error", |console, args, ctx| {
        log(console, Level::Error, args, ctx)
    }),
    ("group", group),
    ("groupCollapsed", group),
    ("groupEnd", |console, _, _| {
        write(console, |data| data.indent = data.indent.saturating_sub(1));
        Ok(())
    }),
    ("info", |console, args, ctx| {
        log(console, Level::Info, args, ctx)
    }),
    ("log", |console, args, ctx| {
        log(console, Level::Log, args, ctx)
    }),
    ("time", |console, args, ctx| {
        let label = label(args, ctx)?;
        let now = with_loop(ctx, EventLoop::now);
        write(console, |data| {
            data.timers.entry(label).or_insert(now);
        });
        Ok(())
    }),
    ("timeEnd", |console, args, ctx| {
        time_log(console, args, true, ctx)
    }),
    ("timeLog", |console, args, ctx| {
        time_log(console, args, false, ctx)
    }),
    ("trace", |console, args, ctx| {
        let text = crate::inspect::format_log(args, ctx);
        print(
            console,
            Level::Log,
            format!("Trace: {text}").trim_end_matches([':', ' ']),
            ctx,
        );
        Ok(())
    }),
    ("warn", |console, args, ctx| {
        log(console, Level::Warn, args, ctx)
    }),
];

fn write(console: &JsObject, write: impl FnOnce(&mut ConsoleData)) {
    if let Some(mut data) = console.downcast_mut::<ConsoleData>() {
        write(&mut data);
    }
}

fn label(args: &[JsValue], ctx: &mut Context) -> JsResult<String> {
    match args.first().filter(|label| !label.is_undefined()) {
        Some(label) => Ok(label.to_string(ctx)?.to_std_string_lossy()),
        None => Ok("default".to_owned()),
    }
}

fn log(console: &JsObject, level: Level, args: &[JsValue], ctx: &mut Context) -> JsResult<()> {
    if !args.is_empty() {
        let text = crate::inspect::format_log(args, ctx);
        print(console, level, &text, ctx);
    }
    Ok(())
}

fn group(console: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<()> {
    log(console, Level::Log, args, ctx)?;
    write(console, |data| data.indent += 1);
    Ok(())
}

fn time_log(console: &JsObject, args: &[JsValue], end: bool, ctx: &mut Context) -> JsResult<()> {
    let label = label(args, ctx)?;
    let now = with_loop(ctx, EventLoop::now);
    let mut began = None;
    write(console, |data| {
        began = if end {
            data.timers.remove(&label)
        } else {
            data.timers.get(&label).copied()
        };
    });
    let Some(began) = began else {
        print(
            console,
            Level::Warn,
            &format!("Timer '{label}' does not exist"),
            ctx,
        );
        return Ok(());
    };
    let milliseconds = now.saturating_sub(began).as_secs_f64() * 1000.0;
    let rest = crate::inspect::format_log(args.get(1..).unwrap_or_default(), ctx);
    let text = format!("{label}: {milliseconds:.3}ms {rest}");
    print(console, Level::Info, text.trim_end(), ctx);
    Ok(())
}

/// [Printer](https://console.spec.whatwg.org/#printer): emits the message to the embedder.
fn print(console: &JsObject, level: Level, text: &str, ctx: &mut Context) {
    let indent = console
        .downcast_ref::<ConsoleData>()
        .map_or(0, |data| data.indent);
    let text = if indent == 0 {
        text.to_owned()
    } else {
        let margin = "  ".repeat(indent);
        text.split('\n')
            .map(|line| format!("{margin}{line}"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let url = realm::current_window(ctx).and_then(|window| {
        with_contexts(ctx, |contexts| {
            contexts.url_of_global(window).map(ToString::to_string)
        })
    });
    let message = ConsoleMessage {
        level,
        text,
        url: url.unwrap_or_default(),
    };
    emit(ctx, &Output::Console(message));
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
    for (name, steps) in METHODS {
        let steps = *steps;
        // Methods look up their console instead of using `this`, because pages pass them as
        // callbacks.
        let method = function(&realm, name, 0, move |_, args, ctx| {
            let console = console_of_realm(ctx);
            steps(&console, args, ctx)?;
            Ok(JsValue::undefined())
        });
        console.insert_property(JsString::from(*name), data_property(method, ORDINARY));
    }
    console.insert_property(
        JsSymbol::to_string_tag(),
        data_property(js_string!("console"), CONFIGURABLE),
    );
    console
}
