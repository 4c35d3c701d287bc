//! Posting on a port.

use super::PortId;
use crate::accounting::Posted;
use crate::error::MessagingError;
use crate::host::MessagingHost;
use crate::structured_clone::structured_serialize_with_transfer;

/// [Message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps).
///
/// # Errors
/// `"DataCloneError"` if the port is in its own transfer list, or as serializing has it; and
/// whatever script throws while it is serialized.
pub fn message_port_post_message_steps<H: MessagingHost>(
    host: &mut H,
    source_port: PortId,
    message: &H::Value,
    transfer: &[H::Object],
) -> Result<Posted, H::Error> {
    // The target is the peer at the time of the call, even if a getter closes the source port.
    let (source, target) = host.with_messaging(|messaging, _, _| {
        (
            messaging.table.half_of(source_port),
            messaging.table.peer_of(source_port),
        )
    });
    for object in transfer {
        if host.port_of(object) == Some(source_port) {
            return Err(host.messaging_error(MessagingError::SourcePortInTransfer));
        }
    }
    // Steps 3 and 4, whether the target port is in the list, are left to the queue: it sees that
    // the message carries the half that it is for.
    let message = structured_serialize_with_transfer(host, message, transfer)?;
    Ok(host.with_messaging(|messaging, _, queues| {
        messaging.add_to_port_message_queue(source, target, message, queues)
    }))
}
