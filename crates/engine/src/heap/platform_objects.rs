//! Platform objects in messages: the steps stand in the tables of their interfaces.

use boa_engine::builtins::proxy::Proxy;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject, JsValue};
use framepost_messaging::structured_clone::{
    CloneError, Failure, StateReader, StateWriter, TransferDataHolder, Transferability,
};

use crate::boa::slots::Slot;
use crate::webidl::Interface;
use crate::webidl::platform::PlatformObject;
use crate::webidl::serializable::Serializable;

/// The interfaces that every global exposes.
static EXPOSED: Slot<&'static [&'static Interface]> = Slot::new();

/// Lets messages to the globals of an agent hold objects of these interfaces.
pub(crate) fn expose(interfaces: &'static [&'static Interface], cx: &Context) {
    EXPOSED.set(cx, interfaces);
}

/// The exposed interface of this name.
fn exposed(name: &str, cx: &Context) -> Option<&'static Interface> {
    let all = EXPOSED.with(cx, |interfaces| *interfaces);
    all.iter().copied().find(|interface| interface.name == name)
}

/// The interface of a platform object; none if the object is none.
pub(super) fn interface(object: &JsObject) -> Option<&'static Interface> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    Some(platform.interface)
}

/// The object behind the proxy by which indexed properties are made.
pub(super) fn unwrapped(object: &JsObject, cx: &mut Context) -> JsObject {
    if object.is::<Proxy>()
        && let Ok(Some(target)) = crate::webidl::legacy::target_of(object, cx)
    {
        return target;
    }
    object.clone()
}

fn serializable(object: &JsObject) -> Option<&'static Serializable> {
    interface(object)?.serializable
}

/// The serialization steps of an object.
pub(super) fn serialize(
    interface: &str,
    object: &JsObject,
    out: &mut StateWriter<'_, JsValue>,
    cx: &mut Context,
) -> Result<(), CloneError> {
    let object = unwrapped(object, cx);
    match serializable(&object) {
        Some(steps) => (steps.serialize)(&object, out),
        None => Err(CloneError::NotSerializable(interface.to_owned())),
    }
}

/// The deserialization steps of the interface of this name.
pub(super) fn deserialize(
    name: &str,
    realm: &Realm,
    input: &mut StateReader<'_, '_>,
    cx: &mut Context,
) -> Result<JsObject, CloneError> {
    let found = exposed(name, cx).and_then(|interface| Some((interface, interface.serializable?)));
    match found {
        Some((interface, steps)) => (steps.deserialize)(interface, realm, input, cx),
        None => Err(CloneError::NotExposed(name.to_owned())),
    }
}

/// Takes a value that was sub-serialized with an object.
pub(super) fn sub_deserialized(
    object: &JsObject,
    value: &JsValue,
    cx: &mut Context,
) -> Result<(), CloneError> {
    let object = unwrapped(object, cx);
    let steps = serializable(&object).ok_or(CloneError::UnexpectedSubValue)?;
    (steps.sub_deserialized)(&object, value)
}

/// Whether a platform object is transferable, and detached.
pub(super) fn transferability(object: &JsObject, cx: &Context) -> Transferability {
    match interface(object).and_then(|interface| interface.transferable) {
        Some(steps) => Transferability::Platform {
            detached: (steps.is_detached)(object, cx),
        },
        None => Transferability::No,
    }
}

/// The transfer steps of an object.
pub(super) fn transfer(
    object: &JsObject,
    cx: &mut Context,
) -> Result<TransferDataHolder, Failure<JsError>> {
    match interface(object).and_then(|interface| interface.transferable) {
        Some(steps) => (steps.transfer)(object, cx),
        None => Err(CloneError::NotSerializable("Object".to_owned()).into()),
    }
}

/// The transfer-receiving steps of the interface that the attachment names.
pub(super) fn receive(
    realm: &Realm,
    attachment: TransferDataHolder,
    cx: &mut Context,
) -> Result<JsObject, Failure<JsError>> {
    let name = attachment.interface();
    let steps = exposed(name, cx).and_then(|interface| interface.transferable);
    let received = steps.and_then(|steps| (steps.receive)(realm, attachment, cx));
    received.ok_or_else(|| CloneError::NotExposed(name.to_owned()).into())
}
