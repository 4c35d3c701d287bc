//! Plain values with ports, for Rust code that owns one end of a channel.

use std::cell::RefCell;

use crate::half::Half;
use crate::structured_clone::{CloneError, Failure, TransferDataHolder, Transferability};
use crate::value::{Object, ValueHost};

const MESSAGE_PORT: &str = "MessagePort";

/// The heap of plain values in which a port is an object that holds a [`Half`].
///
/// Rust code uses it to send and receive ports without a world of its own.
///
/// ```
/// use framepost_messaging::Messaging;
/// use framepost_messaging::ports::Owner;
/// use framepost_messaging::structured_clone::{
///     structured_deserialize_with_transfer, structured_serialize_with_transfer,
/// };
/// use framepost_messaging::value::{HostHeap, Value};
///
/// let mut messaging = Messaging::new();
/// let (_ours, theirs) = messaging.create_channel(Owner::Host);
/// let port = HostHeap::port(messaging.detach(theirs)?);
///
/// let value = Value::record([("answer here", port.clone())]);
/// let message = structured_serialize_with_transfer(&mut HostHeap, &value, &[port.clone()])?;
/// assert!(HostHeap::take_port(&port).is_none(), "the port is in the message now");
///
/// let received = structured_deserialize_with_transfer(&mut HostHeap, message, &())?;
/// assert!(HostHeap::take_port(&received.transferred_values[0]).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct HostHeap;

/// The data of a port's object.
struct Held(RefCell<Option<Half>>);

impl HostHeap {
    /// Wraps a port in an object, for values and transfer lists.
    #[must_use]
    pub fn port(half: Half) -> Object {
        Object::platform(MESSAGE_PORT, Held(RefCell::new(Some(half))))
    }

    /// Takes the port out of its object. The result is `None` if the object is not a port, or if the
    /// port was already taken or transferred.
    #[must_use]
    pub fn take_port(object: &Object) -> Option<Half> {
        object.platform_data::<Held>()?.0.borrow_mut().take()
    }
}

impl ValueHost for HostHeap {
    type Realm = ();
    type Error = CloneError;

    fn platform_transferability(
        &mut self,
        _interface: &'static str,
        object: &Object,
    ) -> Transferability {
        match object.platform_data::<Held>() {
            Some(held) => Transferability::Platform {
                detached: held.0.borrow().is_none(),
            },
            None => Transferability::No,
        }
    }

    fn transfer_steps(
        &mut self,
        object: &Object,
    ) -> Result<TransferDataHolder, Failure<CloneError>> {
        let refused = || CloneError::NotSerializable(MESSAGE_PORT.to_owned());
        Ok(TransferDataHolder::Port(
            Self::take_port(object).ok_or_else(refused)?,
        ))
    }

    fn transfer_receiving_steps(
        &mut self,
        _realm: &(),
        attachment: TransferDataHolder,
    ) -> Result<Object, Failure<CloneError>> {
        match attachment {
            TransferDataHolder::Port(half) => Ok(Self::port(half)),
            other => Err(CloneError::NotExposed(other.interface().to_owned()).into()),
        }
    }
}
