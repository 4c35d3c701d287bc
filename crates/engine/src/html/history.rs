//! `History` ([HTML, the History interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-history-interface)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::{
    Contexts, DomError, HistoryHandling, Host as _, ScrollRestoration, SerializedState,
};
use framepost_event_loop::{ClientId, GlobalId};
use framepost_messaging::structured_clone::{
    Serialized, structured_deserialize, structured_serialize_for_storage,
};

use crate::script::realm;
use crate::script::{Host, run_steps, with_contexts};
use crate::webidl::convert::{argument, js_str, long, optional, usv_string};
use crate::webidl::exception::OrThrow as _;
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member};

/// What a `History` holds.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct HistoryData {
    #[unsafe_ignore_trace]
    window: GlobalId,
    /// How often the state had been set when it was deserialized.
    #[unsafe_ignore_trace]
    version: u64,
    state: JsValue,
}

/// The `History` interface.
pub(crate) static HISTORY: Interface = Interface {
    members: &[&[
        Member::Attribute(
            "length",
            |this, ctx| {
                let length = with_history(this, ctx, |contexts, document| {
                    contexts.history_length(document)
                })?;
                Ok(length.into())
            },
            None,
        ),
        Member::Attribute(
            "scrollRestoration",
            |this, ctx| {
                let mode = with_history(this, ctx, |contexts, document| {
                    contexts.scroll_restoration(document)
                })?;
                Ok(js_str(mode.as_str()))
            },
            Some(|this, value, ctx| {
                let text = value.to_string(ctx)?;
                let mode = match text.to_std_string_lossy().as_str() {
                    "auto" => ScrollRestoration::Auto,
                    "manual" => ScrollRestoration::Manual,
                    // https://webidl.spec.whatwg.org/#js-enumeration: other values are ignored.
                    _ => return Ok(()),
                };
                with_history(this, ctx, |contexts, document| {
                    contexts.set_scroll_restoration(document, mode)
                })
            }),
        ),
        Member::Attribute("state", state, None),
        Member::Operation("go", 0, |this, args, ctx| {
            let delta = optional(args, 0).map_or(Ok(0), |value| long(value, ctx))?;
            traverse(this, delta, ctx)
        }),
        Member::Operation("back", 0, |this, _, ctx| traverse(this, -1, ctx)),
        Member::Operation("forward", 0, |this, _, ctx| traverse(this, 1, ctx)),
        Member::Operation("pushState", 2, |this, args, ctx| {
            push_or_replace(this, args, HistoryHandling::Push, ctx)
        }),
        Member::Operation("replaceState", 2, |this, args, ctx| {
            push_or_replace(this, args, HistoryHandling::Replace, ctx)
        }),
    ]],
    ..Interface::new("History")
};

/// The `History` of a window.
pub(crate) fn of_window(ctx: &mut Context, window: GlobalId) -> JsObject {
    let realm = realm::realm_of(ctx, window);
    realm::singleton(ctx, &realm, "history", |ctx, realm| {
        let data = HistoryData {
            window,
            version: 0,
            state: JsValue::null(),
        };
        webidl::create_object(realm, &HISTORY, data, ctx)
    })
}

fn window_of(this: &JsObject) -> JsResult<GlobalId> {
    platform::with(this, |data: &HistoryData| Some(data.window))
        .ok_or_else(platform::illegal_invocation)
}

/// Asks about the history of a `History`'s document. A document that is gone is not fully active.
fn with_history<R>(
    this: &JsObject,
    ctx: &mut Context,
    ask: impl FnOnce(&mut Contexts, ClientId) -> Result<R, DomError>,
) -> JsResult<R> {
    let window = window_of(this)?;
    let answer = with_contexts(ctx, |contexts| match document_of(contexts, window) {
        Some(document) => ask(contexts, document),
        None => Err(gone()),
    });
    answer.or_throw(ctx)
}

fn document_of(contexts: &Contexts, window: GlobalId) -> Option<ClientId> {
    Some(contexts.window(window)?.document())
}

fn gone() -> DomError {
    DomError::Security {
        reason: "the history of a document that is gone".to_owned(),
    }
}

fn traverse(this: &JsObject, delta: i32, ctx: &mut Context) -> JsResult<JsValue> {
    let window = window_of(this)?;
    let steps = Host(ctx).with_contexts(|contexts, queues| {
        let document = document_of(contexts, window).ok_or_else(gone)?;
        contexts.delta_traverse(queues, document, delta)
    });
    let steps = steps.or_throw(ctx)?;
    run_steps(ctx, steps);
    Ok(JsValue::undefined())
}

/// [Shared history push/replace steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#shared-history-push/replace-state-steps)
fn push_or_replace(
    this: &JsObject,
    args: &[JsValue],
    handling: HistoryHandling,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    // The title is converted, and ignored.
    argument(args, 1).to_string(ctx)?;
    let url = match optional(args, 2).filter(|url| !url.is_null()) {
        Some(url) => Some(usv_string(url, ctx)?),
        None => None,
    };
    with_history(this, ctx, |contexts, document| {
        contexts.check_history_push_or_replace(document)
    })?;
    let serialized = structured_serialize_for_storage(&mut Host(ctx), &argument(args, 0))?;
    with_history(this, ctx, |contexts, document| {
        let state = SerializedState::new(serialized);
        contexts.history_push_or_replace(document, state, url.as_deref(), handling)
    })?;
    Ok(JsValue::undefined())
}

/// The getter of [`history.state`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-state).
fn state(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let (version, serialized) = with_history(this, ctx, |contexts, document| {
        contexts.history_state(document)
    })?;
    let held = platform::with(this, |data: &HistoryData| {
        (data.version == version).then(|| data.state.clone())
    });
    if let Some(held) = held {
        return Ok(held);
    }
    let value = match serialized.as_ref().and_then(SerializedState::get) {
        Some(serialized) => {
            let realm = realm::realm_of(ctx, window_of(this)?);
            deserialize(ctx, serialized, &realm)
        }
        None => JsValue::null(),
    };
    platform::write(this, |data: &mut HistoryData| {
        data.version = version;
        data.state = value.clone();
    })?;
    Ok(value)
}

/// [Restore the history object state](https://html.spec.whatwg.org/multipage/browsing-the-web.html#restore-the-history-object-state):
/// what cannot be deserialized is null.
fn deserialize(
    ctx: &mut Context,
    serialized: &Serialized,
    realm: &boa_engine::realm::Realm,
) -> JsValue {
    structured_deserialize(&mut Host(ctx), serialized, realm).unwrap_or_else(|_| JsValue::null())
}

/// The `state` of a window's `History`, for the event `popstate`.
pub(crate) fn state_of_window(ctx: &mut Context, window: GlobalId) -> JsValue {
    let history = of_window(ctx, window);
    state(&history, ctx).unwrap_or_else(|_| JsValue::null())
}
