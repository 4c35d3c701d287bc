//! `postMessage()` of windows, and `structuredClone()`
//! ([HTML, posting messages](https://html.spec.whatwg.org/multipage/web-messaging.html#posting-messages)).

use boa_engine::{JsObject, JsString};
use framepost_event_loop::GlobalId;

use crate::boa::strings::text_of;
use crate::messaging::host::structured_clone;
use crate::webidl::interface;

use super::message_delivery::window_post_message_steps;

interface! {
    partial interface Window(GlobalId) {
        undefined postMessage(any message, USVString targetOrigin, optional sequence<object> transfer = []) =
            |window: GlobalId, message, origin: JsString, transfer, cx| window_post_message_steps(window, &message, &text_of(&origin), &PostMessageOptions::with(transfer), cx);
        undefined postMessage(any message, optional WindowPostMessageOptions options = {}) =
            |window: GlobalId, message, options, cx| window_post_message_steps(window, &message, &options.target_origin, &options, cx);
    }

    partial interface mixin WindowOrWorkerGlobalScope {
        any structuredClone(any value, optional StructuredSerializeOptions options = {}) =
            |global: GlobalId, value, options, cx| structured_clone(cx, global, &value, &options.transfer);
    }

    dictionary StructuredSerializeOptions {
        sequence<object> transfer = [];
    }

    // IMPLEMENTATION-DEFINED: `includeUserActivation` is in no standard, only in Chromium and its tests.
    dictionary PostMessageOptions : StructuredSerializeOptions {
        boolean includeUserActivation = false;
    }

    /// The last argument of `postMessage()` of ports and workers: a transfer list or options.
    typedef (sequence<object> or PostMessageOptions) PostOptions;

    dictionary WindowPostMessageOptions : PostMessageOptions {
        USVString targetOrigin = "/";
    }
}

impl PostMessageOptions {
    /// The default: nothing is transferred.
    // OPTIMIZATION: a call without options gets this value. To convert `undefined` takes 250 instructions.
    pub(super) fn none() -> Self {
        Self::with(Vec::new())
    }

    fn with(transfer: Vec<JsObject>) -> Self {
        Self {
            parent: StructuredSerializeOptions { transfer },
            include_user_activation: false,
        }
    }
}

impl From<PostOptions> for PostMessageOptions {
    fn from(options: PostOptions) -> Self {
        match options {
            PostOptions::Sequence(transfer) => Self::with(transfer),
            PostOptions::PostMessageOptions(options) => options,
        }
    }
}
