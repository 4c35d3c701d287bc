//! `UserActivation`
//! ([HTML, the UserActivation interface](https://html.spec.whatwg.org/multipage/interaction.html#the-useractivation-interface)),
//! and clicks of a user.

use boa_engine::{Context, JsObject, JsResult};
use framepost_event_loop::{EventLoop, GlobalId};

use crate::script::{realm, with_contexts, with_loop};
use crate::webidl::interface;
use crate::webidl::platform::{self, Untraced};

interface! {
    /// The `UserActivation` interface.
    [Exposed=Window]
    interface UserActivation {
        readonly attribute boolean hasBeenActive = |this, cx| activation(this, cx).map(|activation| activation.has_been_active);
        readonly attribute boolean isActive = |this, cx| activation(this, cx).map(|activation| activation.is_active);
    }
}

/// The data of a `UserActivation`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Activation {
    has_been_active: bool,
    is_active: bool,
}

/// The [user activation](https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation)
/// of a window at present.
pub(crate) fn of_window(ctx: &Context, window: GlobalId) -> Activation {
    let now = with_loop(ctx, EventLoop::now);
    with_contexts(ctx, |contexts| Activation {
        has_been_active: contexts.has_sticky_activation(window),
        is_active: contexts.has_transient_activation(window, now),
    })
}

fn activation(this: &JsObject, ctx: &Context) -> JsResult<Activation> {
    let snapshot = platform::read(this, |snapshot: &Untraced<Option<Activation>>| snapshot.0)?;
    Ok(snapshot.unwrap_or_else(|| {
        platform::relevant_global(this).map_or_else(Activation::default, |it| of_window(ctx, it))
    }))
}

/// The sender's user activation in a message, for script in this window.
// IMPLEMENTATION-DEFINED: `includeUserActivation` of the options of `postMessage()` and
// `MessageEvent.userActivation` are in no standard, only in Chromium and its tests.
pub(crate) fn snapshot(ctx: &mut Context, window: GlobalId, activation: Activation) -> JsObject {
    realm::create_in(window, &USER_ACTIVATION, Untraced(Some(activation)), ctx)
}
