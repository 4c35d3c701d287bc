//! `postMessage()` of windows, and `structuredClone()`
//! ([HTML, posting messages](https://html.spec.whatwg.org/multipage/web-messaging.html#posting-messages)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::GlobalId;

use crate::messaging::host::{post_to_window, structured_clone};
use crate::script::{origins, realm};
use crate::webidl::interface;

use super::message_delivery::{hold_discarded_source, include_user_activation};

interface! {
    partial interface Window(GlobalId) {
        undefined postMessage(any message, USVString targetOrigin, optional sequence<object> transfer = []) =
            |window: GlobalId, message, origin, transfer, cx| post_message(window, &message, &origin, &PostMessageOptions::with(transfer), cx);
        undefined postMessage(any message, optional WindowPostMessageOptions options = {}) =
            |window: GlobalId, message, options, cx| post_message(window, &message, &options.target_origin, &options, cx);
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

/// The [window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps)
/// for a message from the incumbent window.
fn post_message(
    target: GlobalId,
    message: &JsValue,
    target_origin: &str,
    options: &PostMessageOptions,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2.
    let incumbent = realm::incumbent(cx).unwrap_or(target);
    // 3. to 8. The messaging crate performs them.
    let posted = post_to_window(
        cx,
        target,
        incumbent,
        message,
        target_origin,
        &options.transfer,
    )?;
    origins::posted(cx, posted);
    hold_discarded_source(cx, incumbent);
    if options.include_user_activation {
        include_user_activation(cx, posted, incumbent);
    }
    Ok(())
}
