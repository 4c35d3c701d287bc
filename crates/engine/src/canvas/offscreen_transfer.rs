//! Transferring an `OffscreenCanvas`
//! ([HTML, the OffscreenCanvas interface](https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface)).

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult};

use super::element::CONTEXT;
use super::offscreen::{OFFSCREEN_CANVAS, OffscreenData, resize};
use crate::webidl::receiver::Receiver as _;
use crate::webidl::{self, exception, platform};

/// [Transfer steps](https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface:transfer-steps):
/// a canvas that has a context cannot be transferred.
pub(super) fn transfer_steps(this: &JsObject, ctx: &mut Context) -> JsResult<(u64, u64)> {
    let OffscreenData { width, height, .. } = OffscreenData::of(this)?;
    if platform::held_companion(this, CONTEXT).is_some() {
        let message = "An OffscreenCanvas with a context could not be transferred.";
        return Err(exception::throw("InvalidStateError", message, ctx));
    }
    resize(this, |data| {
        *data = OffscreenData {
            width: 0,
            height: 0,
            detached: true,
        };
    })?;
    Ok((width, height))
}

/// [Transfer-receiving steps](https://html.spec.whatwg.org/multipage/canvas.html#the-offscreencanvas-interface:transfer-receiving-steps)
pub(super) fn transfer_receiving_steps(
    (width, height): (u64, u64),
    realm: &Realm,
    ctx: &mut Context,
) -> JsObject {
    let data = OffscreenData {
        width,
        height,
        detached: false,
    };
    webidl::create_object(realm, &OFFSCREEN_CANVAS, data, ctx)
}
