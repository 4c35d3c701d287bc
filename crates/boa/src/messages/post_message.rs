//! `structuredClone()`, and `postMessage()` of a realm
//! ([HTML, posting messages](https://html.spec.whatwg.org/multipage/web-messaging.html#posting-messages)).

use boa_engine::vm::ActiveRunnable;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::GlobalId;
use framepost_messaging::structured_clone::{
    structured_deserialize_with_transfer, structured_serialize_with_transfer,
};
use framepost_messaging::window_post_message::window_post_message_steps;

use super::message_port::current_global;
use super::state::MessageHost;
use crate::webidl::interface;
use crate::webidl::realm::global_of;

interface! {
    /// The functions of a global object, which has no interface here.
    namespace WindowOrWorkerGlobalScope {
        any structuredClone(any value, optional StructuredSerializeOptions options = {}) =
            |value: JsValue, options: StructuredSerializeOptions, cx| structured_clone(&value, &options.transfer, cx);
        undefined postMessage(any message, USVString targetOrigin, optional sequence<object> transfer = []) =
            |message: JsValue, origin: String, transfer: Vec<JsObject>, cx| post_to_realm(&message, &origin, &transfer, cx);
        undefined postMessage(any message, optional WindowPostMessageOptions options = {}) =
            |message: JsValue, options: WindowPostMessageOptions, cx| post_to_realm(&message, &options.target_origin, &options.transfer, cx);
    }

    dictionary StructuredSerializeOptions {
        sequence<object> transfer = [];
    }

    /// The last argument of `postMessage()` of ports: a transfer list or options.
    typedef (sequence<object> or StructuredSerializeOptions) PostOptions;

    dictionary WindowPostMessageOptions : StructuredSerializeOptions {
        USVString targetOrigin = "/";
    }
}

impl PostOptions {
    /// The transfer list.
    pub(super) fn into_transfer(self) -> Vec<JsObject> {
        match self {
            Self::Sequence(transfer) => transfer,
            Self::StructuredSerializeOptions(options) => options.transfer,
        }
    }
}

/// [`structuredClone()`](https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone)
fn structured_clone(value: &JsValue, transfer: &[JsObject], cx: &mut Context) -> JsResult<JsValue> {
    let realm = cx.realm().clone();
    let host = &mut MessageHost::new(cx);
    let message = structured_serialize_with_transfer(host, value, transfer)?;
    Ok(structured_deserialize_with_transfer(host, message, &realm)?.deserialized)
}

/// The [window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps)
/// for the realm of the function.
fn post_to_realm(
    message: &JsValue,
    target_origin: &str,
    transfer: &[JsObject],
    cx: &mut Context,
) -> JsResult<()> {
    let target = current_global(cx)?;
    let incumbent = incumbent(cx).unwrap_or(target);
    let host = &mut MessageHost::new(cx);
    window_post_message_steps(host, target, incumbent, message, target_origin, transfer)?;
    Ok(())
}

/// The global of the [incumbent](https://html.spec.whatwg.org/multipage/webappapis.html#concept-incumbent-everything)
/// realm: that of the running script.
// IMPLEMENTATION-DEFINED: a function that another realm's `Function` or `eval` created counts as its caller's, since Boa
// does not tell the realm of a running function.
fn incumbent(cx: &Context) -> Option<GlobalId> {
    match cx.get_active_script_or_module()? {
        ActiveRunnable::Script(script) => global_of(script.realm()),
        ActiveRunnable::Module(module) => global_of(module.realm()),
    }
}
