//! Opening and closing windows, and the members for a browser's user interface
//! ([HTML, window.open()](https://html.spec.whatwg.org/multipage/nav-history-apis.html#apis-for-creating-and-navigating-browsing-contexts-by-name),
//! [simple dialogs](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#simple-dialogs)).
//! This engine shows no windows and no prompts.

use boa_engine::{Context, JsResult, JsValue};
use framepost_browsing_context::{EffectHost as _, SandboxFlags};
use framepost_event_loop::{ClientId, GlobalId};

use super::related_windows::navigable_of;
use crate::output::Output;
use crate::script::{Host, emit, realm, run_steps, with_contexts};
use crate::webidl::exception::OrThrow;
use crate::windows::window_proxy;

fn document_of(cx: &Context, window: Option<GlobalId>) -> Option<ClientId> {
    with_contexts(cx, |contexts| Some(contexts.window(window?)?.document()))
}

/// The [window open steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps)
/// of a window. A window that is gone opens nothing.
pub(crate) fn window_open_steps(
    window: GlobalId,
    url: &str,
    target: &str,
    features: &str,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let current = with_contexts(cx, |contexts| navigable_of(contexts, window));
    let (Some(source), Some(current)) = (document_of(cx, realm::entry(cx)), current) else {
        return Ok(JsValue::null());
    };
    let opened = Host::new(cx).with_contexts(|contexts, queues| {
        contexts.window_open_steps(queues, source, current, url, target, features)
    });
    let (navigable, steps) = opened.or_throw(cx)?;
    run_steps(cx, steps);
    Ok(navigable.map_or_else(JsValue::null, |navigable| {
        window_proxy::proxy_value(cx, navigable)
    }))
}

/// [`close()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-close)
pub(crate) fn close(window: GlobalId, cx: &mut Context) {
    let source = document_of(cx, realm::incumbent(cx));
    Host::new(cx).with_contexts(|contexts, queues| {
        if let (Some(source), Some(navigable)) = (source, navigable_of(contexts, window)) {
            contexts.window_close(queues, source, navigable);
        }
    });
}

/// [`closed`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-closed)
pub(crate) fn closed(window: GlobalId, cx: &mut Context) -> bool {
    let is_open = with_contexts(cx, |contexts| {
        let navigable = contexts.navigable(navigable_of(contexts, window)?)?;
        Some(!navigable.is_closing())
    });
    is_open != Some(true)
}

/// [`stop()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-stop)
pub(crate) fn stop(window: GlobalId, cx: &mut Context) {
    let steps = with_contexts(cx, |contexts| {
        let navigable = navigable_of(contexts, window)?;
        Some(contexts.window_stop(navigable))
    });
    if let Some(steps) = steps {
        run_steps(cx, steps);
    }
}

/// Reports a [simple dialog](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#simple-dialogs).
pub(crate) fn show_dialog(window: GlobalId, what: &str, message: &str, cx: &mut Context) {
    // https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#cannot-show-simple-dialogs
    let sandboxed = with_contexts(cx, |contexts| {
        let document = contexts.window(window)?.document();
        let sandbox = contexts.document(document)?.sandbox();
        Some(sandbox.contains(SandboxFlags::MODALS))
    });
    if sandboxed == Some(false) {
        emit(cx, &Output::Diagnostic(format!("{what}: {message}")));
    }
}
