//! Runs the tasks of messaging, and accounts for those that the event loop dropped.

use std::fmt;
use std::sync::Arc;

use framepost_browsing_context::{NavigableId, SerializedOrigin};
use framepost_event_loop::GlobalId;

use crate::accounting::{Envelope, MessageDropReason, MessageInfo};
use crate::host::MessagingHost;
use crate::identity::{MessageTarget, PortId};
use crate::ports::Taken;
use crate::state::{BroadcastTask, Messaging, MessagingTask, PostedMessage, Queues};
use crate::structured_clone::{
    Heap, Message, Received, Serialized, structured_deserialize,
    structured_deserialize_with_transfer,
};

/// An event for the embedder to fire: the result of a task of messaging.
#[non_exhaustive]
pub enum Delivery<H: Heap + ?Sized> {
    /// Fire `message`, a `MessageEvent`.
    Message {
        /// The object to fire it at.
        target: MessageTarget,
        /// `data`.
        data: H::Value,
        /// `origin`; empty for a port.
        origin: SerializedOrigin,
        /// `source`: the WindowProxy of this navigable.
        source: Option<NavigableId>,
        /// `ports`.
        ports: Vec<H::Object>,
        /// The message's number, size, sender and receiver.
        info: MessageInfo,
    },
    /// Fire `messageerror`, a `MessageEvent`: the message could not be deserialized.
    MessageError {
        /// The object to fire it at.
        target: MessageTarget,
        /// `origin`; empty for a port.
        origin: SerializedOrigin,
        /// `source`: the WindowProxy of this navigable.
        source: Option<NavigableId>,
        /// The message's number, size, sender and receiver.
        info: MessageInfo,
    },
    /// Fire `close`, an `Event`, at a port: its peer is gone.
    Close {
        /// The port.
        port: PortId,
    },
    /// Continue a lock request.
    #[cfg(feature = "locks")]
    Lock {
        /// The request.
        request: crate::locks::LockRequestId,
        /// What to do.
        event: crate::locks::LockEvent,
    },
    /// Fire `storage`, a `StorageEvent`, at a window.
    #[cfg(feature = "storage")]
    Storage {
        /// The window.
        target: GlobalId,
        /// The area that has changed: its `storageArea`.
        kind: crate::storage::StorageKind,
        /// The change: its `key`, `oldValue`, `newValue` and `url`.
        change: Arc<crate::storage::StorageChange>,
        /// The event's number, size, sender and receiver.
        info: MessageInfo,
    },
    /// Call [`Messaging::host_receive`]: a port that Rust code owns has something to receive.
    Host {
        /// The port.
        port: PortId,
    },
}

impl<H: Heap + ?Sized> fmt::Debug for Delivery<H>
where
    H::Value: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message {
                target,
                data,
                origin,
                source,
                ports,
                info,
            } => f
                .debug_struct("Message")
                .field("target", target)
                .field("data", data)
                .field("origin", origin)
                .field("source", source)
                .field("ports", &ports.len())
                .field("info", info)
                .finish(),
            Self::MessageError {
                target,
                origin,
                source,
                info,
            } => f
                .debug_struct("MessageError")
                .field("target", target)
                .field("origin", origin)
                .field("source", source)
                .field("info", info)
                .finish(),
            #[cfg(feature = "locks")]
            Self::Lock { request, event } => f
                .debug_struct("Lock")
                .field("request", request)
                .field("event", event)
                .finish(),
            #[cfg(feature = "storage")]
            Self::Storage {
                target,
                kind,
                change,
                info,
            } => f
                .debug_struct("Storage")
                .field("target", target)
                .field("kind", kind)
                .field("change", change)
                .field("info", info)
                .finish(),
            Self::Close { port } => f.debug_struct("Close").field("port", port).finish(),
            Self::Host { port } => f.debug_struct("Host").field("port", port).finish(),
        }
    }
}

/// Runs a task of messaging up to the event that it fires: deserializes the message in the realm
/// of its target. The caller fires the event in the same task.
///
/// The result is `None` if there is no event to fire. A message that the task had is then dropped
/// with a reason.
pub fn run_messaging_task<H: MessagingHost>(
    host: &mut H,
    task: MessagingTask,
) -> Option<Delivery<H>> {
    match task {
        MessagingTask::Port(token) => {
            let port = token.port;
            let taken = host.with_messaging(|messaging, queues, _| messaging.take(queues, token));
            match taken? {
                Taken::Close { implicit: true } => None,
                Taken::Close { .. } => Some(Delivery::Close { port }),
                Taken::Host => Some(Delivery::Host { port }),
                // The task of the message port post message steps, step 7.
                Taken::Message {
                    global,
                    event_target,
                    envelope,
                } => {
                    // 7.1. The final target port is the one that the token names.
                    // 7.2. Take its message event target.
                    let target = event_target.unwrap_or(MessageTarget::Port(port));
                    // 7.3. Deserialize the message, up to the event.
                    receive(
                        host,
                        global,
                        target,
                        SerializedOrigin::default(),
                        None,
                        envelope,
                    )
                }
            }
        }
        MessagingTask::PostedMessage(posted) => run_posted_message(host, *posted),
        MessagingTask::Broadcast(broadcast) => run_broadcast(host, *broadcast),
        #[cfg(feature = "locks")]
        MessagingTask::Lock(task) => {
            let event = host.with_messaging(|messaging, _, _| messaging.run_lock_task(*task))?;
            let request = task.request;
            Some(Delivery::Lock { request, event })
        }
        #[cfg(feature = "storage")]
        MessagingTask::Storage(task) => run_storage_event(host, *task),
    }
}

/// The task of the
/// [window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps),
/// step 8.
fn run_posted_message<H: MessagingHost>(
    host: &mut H,
    posted: PostedMessage,
) -> Option<Delivery<H>> {
    let PostedMessage {
        target,
        target_origin,
        origin,
        source,
        envelope,
    } = posted;
    let envelope = host.with_messaging(|messaging, queues, contexts| {
        messaging.message_left_task(&envelope.info());
        // 8.1. The origin is compared now, not when the message was posted.
        if target_origin.admits(contexts, target) {
            return Some(envelope);
        }
        messaging
            .accounting
            .discard(envelope, MessageDropReason::TargetOriginMismatch);
        messaging.process_drops(queues);
        None
    })?;
    // 8.2. The origin was taken when the message was posted.
    // 8.3. So was the source.
    let event_target = MessageTarget::Global(target);
    // 8.4. Deserialize the message, up to the event.
    receive(host, target, event_target, origin, source, envelope)
}

/// The task of
/// [`postMessage()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-postmessage)
/// of a broadcast channel, step 9.
fn run_broadcast<H: MessagingHost>(host: &mut H, broadcast: BroadcastTask) -> Option<Delivery<H>> {
    let BroadcastTask {
        target,
        origin,
        envelope,
    } = broadcast;
    let (global, info, message) = host.with_messaging(|messaging, _, _| {
        messaging.message_left_task(&envelope.info());
        match messaging.channels.open_global(target) {
            Some(global) => {
                let (info, message) = envelope.open();
                Some((global, info, message))
            }
            // 9.1. A closed channel receives nothing.
            None => {
                messaging
                    .accounting
                    .discard(envelope, MessageDropReason::ChannelClosed);
                None
            }
        }
    })?;
    let message: Arc<Serialized> = message?;
    let target = MessageTarget::BroadcastChannel(target);
    // 9.2. The realm is that of the channel's global.
    let Some(realm) = host.realm_of(global) else {
        let reason = host.with_messaging(|messaging, _, _| messaging.reason_without_realm(global));
        end(host, info, Some(reason));
        return None;
    };
    // 9.3. Deserialize the message. If that throws, fire `messageerror`.
    let received = structured_deserialize(host, &message, &realm);
    // 9.4. Otherwise fire `message`.
    let received = received.map(|data| (data, Vec::new())).ok();
    Some(event_of(host, target, received, origin, None, info))
}

/// The event that a message fires: `message` with its data and ports, or `messageerror` if it could not be
/// deserialized. The message ends with it.
fn event_of<H: MessagingHost>(
    host: &mut H,
    target: MessageTarget,
    received: Option<(H::Value, Vec<H::Object>)>,
    origin: SerializedOrigin,
    source: Option<NavigableId>,
    info: MessageInfo,
) -> Delivery<H> {
    match received {
        Some((data, ports)) => {
            end(host, info, None);
            Delivery::Message {
                target,
                data,
                origin,
                source,
                ports,
                info,
            }
        }
        None => {
            end(host, info, Some(MessageDropReason::DeserializationFailed));
            Delivery::MessageError {
                target,
                origin,
                source,
                info,
            }
        }
    }
}

/// The task of [broadcast](https://html.spec.whatwg.org/multipage/webstorage.html#concept-storage-broadcast), step 4.
#[cfg(feature = "storage")]
fn run_storage_event<H: MessagingHost>(
    host: &mut H,
    task: crate::storage::StorageEventTask,
) -> Option<Delivery<H>> {
    let info = task.envelope.info();
    host.with_messaging(|messaging, _, _| messaging.message_left_task(&info));
    let (info, change) = task.envelope.open();
    let change = change?;
    end(host, info, None);
    Some(Delivery::Storage {
        target: task.target,
        kind: task.kind,
        change,
        info,
    })
}

/// The end that the tasks of windows and ports have in common: deserializes a message in the realm
/// of `global`, for an event at `target`. The numbers are those of the
/// [window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps),
/// with those of the [message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps)
/// behind them.
fn receive<H: MessagingHost>(
    host: &mut H,
    global: GlobalId,
    target: MessageTarget,
    origin: SerializedOrigin,
    source: Option<NavigableId>,
    envelope: Envelope<Message>,
) -> Option<Delivery<H>> {
    let (info, message) = envelope.open();
    let message = message?;
    // 1. (7.3.) Find the target realm.
    let Some(realm) = host.realm_of(global) else {
        drop(message);
        let reason = host.with_messaging(|messaging, _, _| messaging.reason_without_realm(global));
        end(host, info, Some(reason));
        return None;
    };
    // OPTIMIZATION: without transferred objects there is nothing to receive but the value.
    if message.transfer_data_holders.is_empty() {
        let received = structured_deserialize(host, &message.serialized, &realm).ok();
        let received = received.map(|deserialized| (deserialized, Vec::new()));
        return Some(event_of(host, target, received, origin, source, info));
    }
    let carried = message.carried();
    // 8.4. (7.4.) Deserialize the message in it.
    let received = match structured_deserialize_with_transfer(host, message, &realm) {
        Ok(Received {
            deserialized,
            transferred_values,
        }) => {
            // 8.6. (7.6.) The new ports are the transferred values that are MessagePort objects, in their
            // order.
            let is_port = |object: &H::Object| host.port_of(object).is_some();
            let ports = transferred_values.into_iter().filter(is_port).collect();
            // 8.5. (7.5.) The data is the deserialized value.
            Some((deserialized, ports))
        }
        Err(_) => {
            // 8.4. (7.4.) If that throws, fire `messageerror`.
            // Ports that arrived before the failure have no object that script could reach.
            host.with_messaging(|messaging, queues, _| {
                messaging.close_undelivered(queues, &carried);
            });
            None
        }
    };
    // 8.7. (7.7.) Fire `message`.
    Some(event_of(host, target, received, origin, source, info))
}

/// Accounts for the end of a message that was taken out of its envelope.
fn end<H: MessagingHost>(host: &mut H, info: MessageInfo, dropped: Option<MessageDropReason>) {
    host.with_messaging(|messaging, queues, _| {
        match dropped {
            None => messaging.accounting.delivered(info),
            Some(reason) => messaging.accounting.dropped(info, reason),
        }
        messaging.process_drops(queues);
    });
}

impl Messaging {
    /// Accounts for a task of messaging that the event loop dropped. Call it for each of them.
    ///
    /// A message ends here. A port's token is queued again if its global has another client by now.
    pub fn task_dropped(&mut self, queues: &mut Queues<'_>, task: MessagingTask) {
        match task {
            MessagingTask::PostedMessage(posted) => {
                let info = posted.envelope.info();
                let reason = self.reason_of_dropped_task(queues, posted.target);
                self.message_left_task(&info);
                self.accounting.discard(posted.envelope, reason);
            }
            MessagingTask::Broadcast(broadcast) => {
                let info = broadcast.envelope.info();
                let global = info.to.global();
                let reason = match global {
                    Some(global) => self.reason_of_dropped_task(queues, global),
                    None => MessageDropReason::WindowDiscarded,
                };
                self.message_left_task(&info);
                self.accounting.discard(broadcast.envelope, reason);
            }
            MessagingTask::Port(token) => self.token_dropped(queues, token),
            // Its client was destroyed, so its requests and locks end.
            #[cfg(feature = "locks")]
            MessagingTask::Lock(task) => {
                self.terminate_remaining_locks_and_requests(queues, task.client);
            }
            #[cfg(feature = "storage")]
            MessagingTask::Storage(task) => {
                let info = task.envelope.info();
                let reason = self.reason_of_dropped_task(queues, task.target);
                self.message_left_task(&info);
                self.accounting.discard(task.envelope, reason);
            }
        }
        self.process_drops(queues);
    }

    fn reason_of_dropped_task(&self, queues: &Queues<'_>, target: GlobalId) -> MessageDropReason {
        match queues.client_of(target) {
            Some(_) => MessageDropReason::DocumentNotActive,
            None => self.reason_without_realm(target),
        }
    }

    /// Why nothing can be delivered to a global that has no realm any more.
    fn reason_without_realm(&self, target: GlobalId) -> MessageDropReason {
        match self.workers.contains(target) {
            true => MessageDropReason::WorkerEnded,
            false => MessageDropReason::WindowDiscarded,
        }
    }
}
