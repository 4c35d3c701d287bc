//! Posting a message on a port.

use crate::accounting::Posted;
use crate::error::MessagingError;
use crate::host::MessagingHost;
use crate::identity::PortId;
use crate::structured_clone::{structured_serialize_plain, structured_serialize_rest};

/// The [message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps).
///
/// # Errors
/// `"DataCloneError"` if the port is in its own transfer list or the message cannot be serialized,
/// and any exception that script throws while it is serialized.
pub fn message_port_post_message_steps<H: MessagingHost>(
    host: &mut H,
    source_port: PortId,
    message: &H::Value,
    transfer: &[H::Object],
) -> Result<Posted, H::Error> {
    // OPTIMIZATION: while a primitive is serialized nothing changes, so that the ports are accessed once.
    if transfer.is_empty()
        && let Some(serialized) = structured_serialize_plain(host, message)?
    {
        return Ok(host.with_messaging(|messaging, queues, _| {
            let source = messaging.table.half_of(source_port);
            let target = messaging.table.peer_of(source_port);
            messaging.add_to_port_message_queue(queues, source, target, serialized.into())
        }));
    }
    // 1. The transfer list is a parameter.
    // The target is the peer at the time of the call. A getter of the message may close the port.
    let (source, target) = host.with_messaging(|messaging, _, _| {
        (
            messaging.table.half_of(source_port),
            messaging.table.peer_of(source_port),
        )
    });
    // 2. A port cannot be transferred through itself.
    for object in transfer {
        if host.port_of(object) == Some(source_port) {
            return Err(host.messaging_error(MessagingError::SourcePortInTransfer));
        }
    }
    // 3. The message is not doomed so far.
    // 4. The queue checks whether the target is in the list: the message then carries the half that it is
    // for.
    // 5. Serialize; exceptions go to the caller.
    let message = structured_serialize_rest(host, message, transfer)?;
    // 6. If there is no target, or the message is doomed, nothing is queued.
    // 7. Otherwise add a task to the queue of the target.
    Ok(host.with_messaging(|messaging, queues, _| {
        messaging.add_to_port_message_queue(queues, source, target, message)
    }))
}
