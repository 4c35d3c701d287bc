//! Platform objects in messages. Their steps are in the tables of their interfaces.

use boa_engine::builtins::proxy::Proxy;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject, JsValue};
use framepost_messaging::structured_clone::{
    CloneError, Failure, StateReader, StateWriter, TransferDataHolder, Transferability,
};

use crate::webidl::Interface;
use crate::webidl::extensions::extensions;
use crate::webidl::platform::PlatformObject;
use crate::webidl::realm::exposed_in;
use crate::webidl::serializable::Serializable;

/// Returns the interface of this name, if the global of a realm exposes it.
fn exposed(name: &str, realm: &Realm, cx: &Context) -> Option<&'static Interface> {
    let mut all = extensions(cx).exposed(exposed_in(realm));
    all.find(|interface| interface.name == name)
}

/// Returns the interface of a platform object, or `None` for any other object.
pub(super) fn interface(object: &JsObject) -> Option<&'static Interface> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    Some(platform.interface)
}

/// Returns the platform object behind its proxy, or the object itself if it has no proxy.
pub(super) fn unwrapped(object: &JsObject, cx: &mut Context) -> JsObject {
    if object.is::<Proxy>()
        && let Ok(Some(target)) = crate::webidl::legacy_platform_object::target_of(object, cx)
    {
        return target;
    }
    object.clone()
}

fn serializable(object: &JsObject) -> Option<&'static Serializable> {
    interface(object)?.serializable
}

/// Runs the [serialization steps](https://html.spec.whatwg.org/multipage/structured-data.html#serialization-steps)
/// of an object.
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

/// Runs the [deserialization steps](https://html.spec.whatwg.org/multipage/structured-data.html#deserialization-steps)
/// of the interface of this name.
pub(super) fn deserialize(
    name: &str,
    realm: &Realm,
    input: &mut StateReader<'_, '_>,
    cx: &mut Context,
) -> Result<JsObject, CloneError> {
    let found =
        exposed(name, realm, cx).and_then(|interface| Some((interface, interface.serializable?)));
    match found {
        Some((interface, steps)) => (steps.deserialize)(interface, realm, input, cx),
        None => Err(CloneError::NotExposed(name.to_owned())),
    }
}

/// Passes a sub-deserialized value to its object.
pub(super) fn sub_deserialized(
    object: &JsObject,
    value: &JsValue,
    cx: &mut Context,
) -> Result<(), CloneError> {
    let object = unwrapped(object, cx);
    let steps = serializable(&object).ok_or(CloneError::UnexpectedSubValue)?;
    (steps.sub_deserialized)(&object, value)
}

/// Whether a platform object is transferable, and whether it is detached.
pub(super) fn transferability(object: &JsObject, cx: &Context) -> Transferability {
    match interface(object).and_then(|interface| interface.transferable) {
        Some(steps) => Transferability::Platform {
            detached: (steps.is_detached)(object, cx),
        },
        None => Transferability::No,
    }
}

/// Runs the [transfer steps](https://html.spec.whatwg.org/multipage/structured-data.html#transfer-steps)
/// of an object.
pub(super) fn transfer(
    object: &JsObject,
    cx: &mut Context,
) -> Result<TransferDataHolder, Failure<JsError>> {
    match interface(object).and_then(|interface| interface.transferable) {
        Some(steps) => (steps.transfer)(object, cx),
        None => Err(CloneError::NotSerializable("Object".to_owned()).into()),
    }
}

/// Runs the [transfer-receiving steps](https://html.spec.whatwg.org/multipage/structured-data.html#transfer-receiving-steps)
/// of the attachment's interface.
pub(super) fn receive(
    realm: &Realm,
    attachment: TransferDataHolder,
    cx: &mut Context,
) -> Result<JsObject, Failure<JsError>> {
    let name = attachment.interface();
    let steps = exposed(name, realm, cx).and_then(|interface| interface.transferable);
    let received = steps.and_then(|steps| (steps.receive)(realm, attachment, cx));
    received.ok_or_else(|| CloneError::NotExposed(name.to_owned()).into())
}
