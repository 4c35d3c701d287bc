//! `UserActivation`
//! ([HTML, the UserActivation interface](https://html.spec.whatwg.org/multipage/interaction.html#the-useractivation-interface)),
//! and clicks of a user.

use crate::webidl::platform::Untraced;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::{EventLoop, GlobalId};
use markup5ever_rcdom::Handle as Node;

use crate::script::{
    clean_up_after_running_script, prepare_to_run_script, with_contexts, with_loop,
};
use crate::webidl::platform;
use crate::webidl::receiver::interface_tag;
use crate::webidl::{self, Interface, Member};

interface_tag! {
    /// `UserActivation` as a type of Web IDL.
    UserActivation = USER_ACTIVATION
}

/// The `UserActivation` interface.
pub(crate) static USER_ACTIVATION: Interface = Interface {
    members: &[&[
        Member::Attribute(
            "hasBeenActive",
            |this, ctx| Ok(activation(this, ctx)?.has_been_active.into()),
            None,
        ),
        Member::Attribute(
            "isActive",
            |this, ctx| Ok(activation(this, ctx)?.is_active.into()),
            None,
        ),
    ]],
    ..Interface::new("UserActivation")
};

/// What a `UserActivation` says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Activation {
    has_been_active: bool,
    is_active: bool,
}

/// The [user activation](https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation)
/// of a window as it is now.
pub(crate) fn of_window(ctx: &Context, window: GlobalId) -> Activation {
    let now = with_loop(ctx, EventLoop::now);
    with_contexts(ctx, |contexts| Activation {
        has_been_active: contexts.has_sticky_activation(window),
        is_active: contexts.has_transient_activation(window, now),
    })
}

fn activation(this: &JsObject, ctx: &Context) -> JsResult<Activation> {
    let snapshot = platform::with(this, |snapshot: &Untraced<Option<Activation>>| {
        Some(snapshot.0)
    });
    let snapshot = snapshot.ok_or_else(platform::illegal_invocation)?;
    Ok(snapshot.unwrap_or_else(|| {
        platform::relevant_window(this).map_or_else(Activation::default, |it| of_window(ctx, it))
    }))
}

/// What a message says of its sender's user activation, for script in this window.
// IMPLEMENTATION-DEFINED: `includeUserActivation` of the options of `postMessage()` and
// `MessageEvent.userActivation` are in no standard, only in Chromium and its tests.
pub(crate) fn snapshot(ctx: &mut Context, window: GlobalId, activation: Activation) -> JsObject {
    let realm = crate::script::realm::realm_of(ctx, window);
    let kind = Untraced(Some(activation));
    webidl::create_object(&realm, &USER_ACTIVATION, kind, ctx)
}

/// `navigator.userActivation`
pub(crate) fn user_activation(_: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let realm = ctx.realm().clone();
    let object = crate::script::realm::singleton(ctx, &realm, "userActivation", |ctx, realm| {
        webidl::create_object(realm, &USER_ACTIVATION, Untraced(None::<Activation>), ctx)
    });
    Ok(object.into())
}

/// A user clicks an element: its document is
/// [activated](https://html.spec.whatwg.org/multipage/interaction.html#activation-notification),
/// and it gets a trusted `click`.
pub(crate) fn click(ctx: &mut Context, element: &Node) {
    let now = with_loop(ctx, EventLoop::now);
    with_contexts(ctx, |contexts| {
        if let Some(document) = contexts.connected_document(element) {
            contexts.activation_notification(document, now);
        }
    });
    prepare_to_run_script(ctx, crate::dom::node::window_of(ctx, element));
    super::activation::synthetic_click(element, true, ctx);
    clean_up_after_running_script(ctx);
}
