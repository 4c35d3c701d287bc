//! The members that windows and workers share
//! ([HTML, the WindowOrWorkerGlobalScope mixin](https://html.spec.whatwg.org/multipage/webappapis.html#windoworworkerglobalscope-mixin)).

use boa_engine::{Context, JsString};
use framepost_browsing_context::Origin;
use framepost_event_loop::{GlobalId, TimerKind};

use crate::script::agent_clusters::cross_origin_isolated;
use crate::script::{realm, report_error, with_contexts};
use crate::webidl::interface;

use super::performance::PERFORMANCE;
use super::{base64, timers};

interface! {
    /// The `WindowOrWorkerGlobalScope` mixin.
    interface mixin WindowOrWorkerGlobalScope {
        [Replaceable] readonly attribute USVString origin;
        readonly attribute boolean isSecureContext = |global: GlobalId, cx| with_contexts(cx, |contexts| contexts.is_secure_context(global));
        readonly attribute boolean crossOriginIsolated = |global: GlobalId, cx| cross_origin_isolated(cx, global);
        undefined reportError(any e) = |global: GlobalId, error, cx| report_error(cx, global, &error);

        // NOT YET: time-related members other than `performance`. `fetch()` is in `fetch::globals`.
        [Replaceable, SameObject] readonly attribute Performance performance = |global: GlobalId, cx| realm::create_in(global, &PERFORMANCE, (), cx);

        DOMString btoa(DOMString data) = |_, data: JsString, cx| base64::btoa(&data, cx);
        ByteString atob(DOMString data) = |_, data: JsString, cx| base64::atob(&data, cx);

        long setTimeout(TimerHandler handler, optional long timeout = 0, any... arguments) =
            |global: GlobalId, handler, timeout, arguments, cx| timers::timer_initialization_steps(global, handler, timeout, arguments, TimerKind::Timeout, cx);
        undefined clearTimeout(optional long id = 0) = timers::clear_timeout;
        long setInterval(TimerHandler handler, optional long timeout = 0, any... arguments) =
            |global: GlobalId, handler, timeout, arguments, cx| timers::timer_initialization_steps(global, handler, timeout, arguments, TimerKind::Interval, cx);
        undefined clearInterval(optional long id = 0) = timers::clear_timeout;
        undefined queueMicrotask(VoidFunction callback) = |_, callback, cx| timers::queue_microtask(callback, cx);
    }

    typedef (DOMString(JsString) or Function) TimerHandler;

    callback VoidFunction = undefined ();
}

/// [`origin`](https://html.spec.whatwg.org/multipage/webappapis.html#dom-origin)
fn origin(global: GlobalId, cx: &mut Context) -> String {
    let origin = realm::origin_of_window(cx, global);
    origin.map_or_else(|| "null".to_owned(), |origin: Origin| origin.to_string())
}
