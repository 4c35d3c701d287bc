//! The transfer steps of streams ([Streams, transfer](https://streams.spec.whatwg.org/#rs-transfer)).
//!
//! Streams are transferred by message ports, which are in a higher room. It gives the steps to this table.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject};
use framepost_messaging::structured_clone::{CloneError, Failure, TransferDataHolder};

use super::readable_stream::Readable;
use super::transform_stream::Transform;
use super::writable_stream::Writable;
use crate::boa::slots::Slot;
use crate::webidl::serializable::Transferable;

/// The transfer steps of an interface.
type Transfer = fn(&JsObject, &mut Context) -> Result<TransferDataHolder, JsError>;

/// The transfer-receiving steps of an interface.
type Receive = fn(&Realm, TransferDataHolder, &mut Context) -> Option<JsObject>;

/// The steps of the room of transferred streams.
pub(crate) struct Steps {
    pub(crate) readable: (Transfer, Receive),
    pub(crate) writable: (Transfer, Receive),
    pub(crate) transform: (Transfer, Receive),
}

static STEPS: Slot<Option<&'static Steps>> = Slot::new();

/// Gives an agent the steps.
pub(crate) fn install(cx: &Context, steps: &'static Steps) {
    STEPS.set(cx, Some(steps));
}

fn transfer(
    choose: fn(&Steps) -> Transfer,
    object: &JsObject,
    cx: &mut Context,
) -> Result<TransferDataHolder, Failure<JsError>> {
    match STEPS.with(cx, |steps| steps.map(choose)) {
        Some(transfer) => transfer(object, cx).map_err(Failure::Heap),
        None => Err(CloneError::NotSerializable("ReadableStream".to_owned()).into()),
    }
}

fn receive(
    choose: fn(&Steps) -> Receive,
    realm: &Realm,
    holder: TransferDataHolder,
    cx: &mut Context,
) -> Option<JsObject> {
    let receive = STEPS.with(cx, |steps| steps.map(choose))?;
    receive(realm, holder, cx)
}

/// The steps of [`ReadableStream`](https://streams.spec.whatwg.org/#rs-transfer).
pub(super) static READABLE: Transferable = Transferable {
    is_detached: |object, _| {
        Readable::of_object(object).is_some_and(|stream| stream.with(|data| data.detached))
    },
    transfer: |object, cx| transfer(|steps| steps.readable.0, object, cx),
    receive: |realm, holder, cx| receive(|steps| steps.readable.1, realm, holder, cx),
};

/// The steps of [`WritableStream`](https://streams.spec.whatwg.org/#ws-transfer).
pub(super) static WRITABLE: Transferable = Transferable {
    is_detached: |object, _| {
        Writable::of_object(object).is_some_and(|stream| stream.with(|data| data.detached))
    },
    transfer: |object, cx| transfer(|steps| steps.writable.0, object, cx),
    receive: |realm, holder, cx| receive(|steps| steps.writable.1, realm, holder, cx),
};

/// The steps of [`TransformStream`](https://streams.spec.whatwg.org/#ts-transfer).
pub(super) static TRANSFORM: Transferable = Transferable {
    is_detached: |object, _| {
        Transform::of_object(object).is_some_and(|stream| stream.with(|data| data.detached))
    },
    transfer: |object, cx| transfer(|steps| steps.transform.0, object, cx),
    receive: |realm, holder, cx| receive(|steps| steps.transform.1, realm, holder, cx),
};
