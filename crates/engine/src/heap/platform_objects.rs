//! Platform objects in messages, by their interfaces.

use boa_engine::builtins::proxy::Proxy;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject, JsValue};
use framepost_messaging::ports::Owner;
use framepost_messaging::structured_clone::{
    CloneError, Failure, Heap, HeapString, StateReader, StateWriter, TransferDataHolder,
    Transferability,
};

use super::HostString;
use crate::canvas;
use crate::file::blob_clone;
use crate::geometry::interfaces as geometry;
use crate::messaging::message_port;
use crate::script::realm::window_of;
use crate::script::with_messaging;
use crate::webidl::exception;
use crate::webidl::exception::{ExceptionData, Quota};
use crate::webidl::platform;
use crate::webidl::platform::PlatformObject;

const DOM_EXCEPTION: &str = "DOMException";
const QUOTA_EXCEEDED_ERROR: &str = "QuotaExceededError";

/// What structured clone is to know of a platform object: its interface, if it is serializable,
/// or the interface's name.
pub(super) enum Interface {
    Serializable(&'static str),
    Other(&'static str),
}

/// The interface of a platform object; none if the object is none.
pub(super) fn interface(object: &JsObject, ctx: &mut Context) -> Option<Interface> {
    let object = &unwrapped(object, ctx);
    if let Some(interface) = blob_clone::serializable_interface(object) {
        return Some(Interface::Serializable(interface));
    }
    if let Some(interface) = canvas::serializable_interface(object) {
        return Some(Interface::Serializable(interface));
    }
    if let Some(interface) = geometry::serializable_interface(object) {
        return Some(Interface::Serializable(interface));
    }
    let platform = object.downcast_ref::<PlatformObject>()?;
    Some(match platform.data::<ExceptionData>() {
        Some(ExceptionData { quota: None, .. }) => Interface::Serializable(DOM_EXCEPTION),
        Some(_) => Interface::Serializable(QUOTA_EXCEEDED_ERROR),
        None => Interface::Other(platform.interface.name),
    })
}

/// The object behind the proxy by which indexed properties are made.
fn unwrapped(object: &JsObject, ctx: &mut Context) -> JsObject {
    if object.is::<Proxy>()
        && let Ok(Some(target)) = crate::webidl::legacy::target_of(object, ctx)
    {
        return target;
    }
    object.clone()
}

/// The serialization steps.
pub(super) fn serialize<H: Heap<Value = JsValue> + ?Sized>(
    object: &JsObject,
    out: &mut StateWriter<'_, H>,
    ctx: &mut Context,
) -> Result<(), CloneError> {
    let object = &unwrapped(object, ctx);
    // https://webidl.spec.whatwg.org/#dom-domexception-domexception: the name and the message.
    let data = platform::with(object, |data: &ExceptionData| Some(data.clone()));
    match data {
        Some(ExceptionData {
            name,
            message,
            quota,
            stack,
            ..
        }) => {
            out.string(HostString(name).units())?;
            out.string(HostString(message).units())?;
            // "Any interesting accompanying data", notably the stack.
            out.string(HostString(stack).units())?;
            // https://webidl.spec.whatwg.org/#quotaexceedederror: these two as well.
            for slot in quota
                .into_iter()
                .flat_map(|quota| [quota.quota, quota.requested])
            {
                out.integer(slot.is_some().into());
                slot.into_iter().for_each(|slot| out.number(slot));
            }
            Ok(())
        }
        None if canvas::serializable_interface(object).is_some() => {
            canvas::serialization_steps(object, out)
        }
        None if geometry::serializable_interface(object).is_some() => {
            geometry::serialization_steps(object, out);
            Ok(())
        }
        None => {
            blob_clone::serialization_steps(object, out);
            Ok(())
        }
    }
}

/// The deserialization steps.
pub(super) fn deserialize(
    interface: &str,
    realm: &Realm,
    input: &mut StateReader<'_, '_>,
    ctx: &mut Context,
) -> Result<JsObject, CloneError> {
    match interface {
        DOM_EXCEPTION | QUOTA_EXCEEDED_ERROR => {
            let name = super::string_of(input.string()?);
            let message = super::string_of(input.string()?);
            let stack = super::string_of(input.string()?);
            let quota = match interface {
                QUOTA_EXCEEDED_ERROR => Some(Quota {
                    quota: optional_number(input)?,
                    requested: optional_number(input)?,
                }),
                _ => None,
            };
            let data = ExceptionData {
                name,
                message,
                quota,
                stack,
                unnamed: false,
            };
            Ok(exception::create_in(realm, data, ctx))
        }
        "Blob" | "File" | "FileList" => {
            blob_clone::deserialization_steps(interface, realm, input, ctx)
        }
        "ImageData" | "ImageBitmap" => canvas::deserialization_steps(interface, realm, input, ctx),
        _ => geometry::deserialization_steps(interface, realm, input, ctx)
            .unwrap_or_else(|| Err(CloneError::NotExposed(interface.to_owned()))),
    }
}

fn optional_number(input: &mut StateReader<'_, '_>) -> Result<Option<f64>, CloneError> {
    Ok(match input.integer()? {
        0 => None,
        1 => Some(input.number()?),
        _ => return Err(input.malformed("whether there is a number expected")),
    })
}

/// Takes a value that was sub-serialized with an object.
pub(super) fn sub_deserialized(
    object: &JsObject,
    value: &JsValue,
    ctx: &mut Context,
) -> Result<(), CloneError> {
    let object = &unwrapped(object, ctx);
    match blob_clone::serializable_interface(object) {
        Some("FileList") => blob_clone::sub_deserialized(object, value),
        None if canvas::serializable_interface(object) == Some("ImageData") => {
            canvas::sub_deserialized(object, value)
        }
        None if geometry::serializable_interface(object).is_some() => {
            geometry::sub_deserialized(object, value)
        }
        _ => Err(CloneError::UnexpectedSubValue),
    }
}

/// Whether a platform object is transferable, and detached.
pub(super) fn transferability(object: &JsObject, ctx: &Context) -> Transferability {
    if let Some(answer) = canvas::transferability(object) {
        return answer;
    }
    match message_port::as_port(object) {
        Some(port) => Transferability::Platform {
            detached: with_messaging(ctx, |messaging, _| messaging.is_detached(port)),
        },
        None => Transferability::No,
    }
}

/// The transfer steps: those of pictures, or
/// [those of a port](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps).
pub(super) fn transfer(
    object: &JsObject,
    ctx: &mut Context,
) -> Result<TransferDataHolder, Failure<JsError>> {
    if canvas::transferability(object).is_some() {
        return canvas::transfer_steps(object, ctx);
    }
    let refused = || CloneError::NotSerializable("MessagePort".to_owned());
    let port = message_port::as_port(object).ok_or_else(refused)?;
    let half = with_messaging(ctx, |messaging, _| messaging.detach(port));
    let half = half.map_err(|_| refused())?;
    Ok(TransferDataHolder::Port(half))
}

/// The transfer-receiving steps: those of pictures, or
/// [those of a port](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-receiving-steps).
pub(super) fn receive(
    realm: &Realm,
    attachment: TransferDataHolder,
    ctx: &mut Context,
) -> Result<JsObject, Failure<JsError>> {
    let refused = CloneError::NotExposed(attachment.interface().to_owned());
    let attachment = match attachment {
        TransferDataHolder::Platform(interface, data) => {
            return canvas::transfer_receiving_steps(realm, interface, data, ctx)
                .map_err(|_| refused.into());
        }
        other => other,
    };
    let (TransferDataHolder::Port(half), Some(window)) = (attachment, window_of(realm)) else {
        return Err(refused.into());
    };
    let owner = Owner::Global(window);
    match with_messaging(ctx, |messaging, queues| {
        messaging.attach(queues, owner, half)
    }) {
        Ok(port) => Ok(message_port::create(ctx, window, port)),
        Err(_) => Err(refused.into()),
    }
}
