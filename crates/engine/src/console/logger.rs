//! How a console logs and prints ([Console, supporting abstract operations](https://console.spec.whatwg.org/#supporting-ops)).

use std::time::Duration;

use boa_engine::{Context, Finalize, JsData, JsValue, Trace};
use framepost_event_loop::{EventLoop, FxHashMap};

use super::console_of_realm;
use crate::inspect::format_log;
use crate::output::{ConsoleMessage, Level, Output};
use crate::script::{emit, realm, state, with_contexts, with_loop};

/// The counters, timers and indentation of a console.
#[derive(Default, Trace, Finalize, JsData)]
pub(super) struct ConsoleData {
    #[unsafe_ignore_trace]
    pub(super) counts: FxHashMap<String, u64>,
    #[unsafe_ignore_trace]
    pub(super) timers: FxHashMap<String, Duration>,
    pub(super) indent: usize,
}

/// Changes the state of the console of the current realm. Methods find it without `this`, because pages pass the
/// methods as callbacks.
pub(super) fn write<R: Default>(cx: &mut Context, write: impl FnOnce(&mut ConsoleData) -> R) -> R {
    let console = console_of_realm(cx);
    let data = console.downcast_mut::<ConsoleData>();
    data.map_or_else(R::default, |mut data| write(&mut data))
}

/// [Logger](https://console.spec.whatwg.org/#logger)
pub(super) fn log(level: Level, data: &[JsValue], cx: &mut Context) {
    if !data.is_empty() {
        // An error that script has caught still has the message of the script engine.
        for object in data.iter().filter_map(JsValue::as_object) {
            (state(cx).embedding.name_the_expression)(cx, &object);
        }
        let text = format_log(data, cx);
        print(level, &text, cx);
    }
}

pub(super) fn print_timer(
    label: &str,
    began: Option<Duration>,
    data: &[JsValue],
    cx: &mut Context,
) {
    let Some(began) = began else {
        let text = format!("Timer '{label}' does not exist");
        print(Level::Warn, &text, cx);
        return;
    };
    let elapsed = with_loop(cx, EventLoop::now).saturating_sub(began);
    let milliseconds = elapsed.as_secs_f64() * 1000.0;
    let text = format!("{label}: {milliseconds:.3}ms {}", format_log(data, cx));
    print(Level::Info, text.trim_end(), cx);
}

/// [Printer](https://console.spec.whatwg.org/#printer): emits the message to the embedder.
pub(super) fn print(level: Level, text: &str, ctx: &mut Context) {
    let indent = write(ctx, |console| console.indent);
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
