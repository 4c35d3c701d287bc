//! `postMessage()` of windows, and `structuredClone()`
//! ([HTML, posting messages](https://html.spec.whatwg.org/multipage/web-messaging.html#posting-messages)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::GlobalId;

use crate::messaging::host::{post_to_window, structured_clone};
use crate::script::realm;
use crate::webidl::convert::{
    Dictionary, FromDictionary as _, FromJs, Place, iterator_method, sequence_from_iterable,
};
use crate::webidl::interface;

use super::message_delivery::{hold_source_that_is_gone, include_user_activation};

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

/// The last argument of `postMessage()` of ports and workers: a transfer list or options, told apart
/// as [overloads](https://webidl.spec.whatwg.org/#es-overloads) are.
pub(crate) struct PostOptions(pub(crate) PostMessageOptions);

impl FromJs for PostOptions {
    fn from_js(value: &JsValue, _: Place<'_>, cx: &mut Context) -> JsResult<Self> {
        if let Some(object) = value.as_object()
            && let Some(method) = iterator_method(&object, cx)?
        {
            let list = sequence_from_iterable(&object, &method, cx)?.into_iter();
            let transfer = list.map(|value| {
                value
                    .as_object()
                    .ok_or_else(|| Place::Item.is_not("object"))
            });
            return Ok(Self(PostMessageOptions::with(
                transfer.collect::<JsResult<_>>()?,
            )));
        }
        PostMessageOptions::from_dictionary(&Dictionary::new(value)?, cx).map(Self)
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
    // 3. to 8. are the messages' crate's.
    let posted = post_to_window(
        cx,
        target,
        incumbent,
        message,
        target_origin,
        &options.transfer,
    )?;
    hold_source_that_is_gone(cx, incumbent);
    if options.include_user_activation {
        include_user_activation(cx, posted, incumbent);
    }
    Ok(())
}
