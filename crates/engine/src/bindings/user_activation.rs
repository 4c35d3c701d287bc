//! `UserActivation`
//! ([HTML, the UserActivation interface](https://html.spec.whatwg.org/multipage/interaction.html#the-useractivation-interface)),
//! and clicks of a user.

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::EventLoop;
use markup5ever_rcdom::Handle as Node;

use crate::platform::{self, Kind};
use crate::webidl::{self, Interface, Member};
use crate::world::{
    clean_up_after_running_script, prepare_to_run_script, with_contexts, with_loop,
};

/// The `UserActivation` interface.
pub(crate) static USER_ACTIVATION: Interface = Interface {
    members: &[&[
        Member::Attribute(
            "hasBeenActive",
            |this, ctx| {
                let window = platform::relevant_window(this);
                let active = window.is_some_and(|window| {
                    with_contexts(ctx, |contexts| contexts.has_sticky_activation(window))
                });
                Ok(active.into())
            },
            None,
        ),
        Member::Attribute(
            "isActive",
            |this, ctx| {
                let now = with_loop(ctx, EventLoop::now);
                let window = platform::relevant_window(this);
                let active = window.is_some_and(|window| {
                    with_contexts(ctx, |contexts| {
                        contexts.has_transient_activation(window, now)
                    })
                });
                Ok(active.into())
            },
            None,
        ),
    ]],
    ..Interface::new("UserActivation", |kind| {
        matches!(kind, Kind::UserActivation)
    })
};

/// `navigator.userActivation`
pub(crate) fn user_activation(_: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let realm = ctx.realm().clone();
    let object = crate::realm::singleton(ctx, &realm, "userActivation", |ctx, realm| {
        webidl::create_object(realm, &USER_ACTIVATION, Kind::UserActivation, ctx)
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
    prepare_to_run_script(ctx, super::node::window_of(ctx, element));
    super::html_element::synthetic_click(ctx, element, true);
    clean_up_after_running_script(ctx);
}
