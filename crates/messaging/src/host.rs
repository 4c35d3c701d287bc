//! What an embedder brings, and how a task of messaging is run.

use std::fmt;

use framepost_browsing_context::{Contexts, NavigableId, Origin};
use framepost_event_loop::GlobalId;

use crate::accounting::{DropReason, MessageInfo};
use crate::broadcast_channel::{BroadcastId, BroadcastTask};
use crate::error::MessagingError;
use crate::messaging::{Messaging, Queues};
use crate::ports::{HalfId, PortId, Taken};
use crate::structured_clone::{Heap, Message, Received, Serialized};
use crate::structured_clone::{structured_deserialize, structured_deserialize_with_transfer};
use crate::task::MessagingTask;
use crate::window_post_message::PostedMessage;

/// What is asked of an [environment settings object](https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Its [origin](https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-origin).
    pub origin: Origin,
    /// The navigable whose WindowProxy is the global `this`.
    pub navigable: NavigableId,
}

/// An embedder's heap together with its ports, windows and event loop.
pub trait MessagingHost: Heap {
    /// Gives access to the state. No script runs inside `f`, and no value of the heap is touched.
    fn with_messaging<R>(
        &mut self,
        f: impl FnOnce(&mut Messaging, &Contexts, &mut Queues<'_>) -> R,
    ) -> R
    where
        Self: Sized;

    /// The realm of a window; `None` if there is none any more.
    fn realm_of(&mut self, window: GlobalId) -> Option<Self::Realm>;

    /// What a window's settings object says. A host whose script may go on running in a window
    /// that is gone (in a frame that has removed itself) answers for that one too.
    fn settings_of(&mut self, window: GlobalId) -> Option<Settings>
    where
        Self: Sized,
    {
        self.with_messaging(|_, contexts, _| {
            Some(Settings {
                origin: contexts.origin_of_window(window)?.clone(),
                navigable: contexts.window(window)?.navigable(),
            })
        })
    }

    /// The port that a `MessagePort` object stands for, be it detached or not; `None` for any other
    /// object.
    fn port_of(&mut self, object: &Self::Object) -> Option<PortId>;

    /// Makes the exception for an error: a `DOMException` of
    /// [that name](MessagingError::dom_exception_name) in the current realm.
    fn messaging_error(&mut self, error: MessagingError) -> Self::Error;
}

/// Where an event of messaging is to be fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageTarget {
    /// At a window, or at the global scope of a worker.
    Window(GlobalId),
    /// At the `Worker` object of a dedicated worker.
    Worker(GlobalId),
    /// At a port.
    Port(PortId),
    /// At a broadcast channel.
    BroadcastChannel(BroadcastId),
}

/// An event for the embedder to fire: what a task of messaging comes to.
#[non_exhaustive]
pub enum Delivery<H: Heap + ?Sized> {
    /// Fire `message`, a `MessageEvent`.
    Message {
        /// Where.
        target: MessageTarget,
        /// `data`.
        data: H::Value,
        /// `origin`; empty for a port.
        origin: String,
        /// `source`: the WindowProxy of this navigable.
        source: Option<NavigableId>,
        /// `ports`.
        ports: Vec<H::Object>,
        /// What is known of the message.
        info: MessageInfo,
    },
    /// Fire `messageerror`, a `MessageEvent`: the message could not be deserialized.
    MessageError {
        /// Where.
        target: MessageTarget,
        /// `origin`; empty for a port.
        origin: String,
        /// `source`: the WindowProxy of this navigable.
        source: Option<NavigableId>,
        /// What is known of the message.
        info: MessageInfo,
    },
    /// Fire `close`, an `Event`, at a port: its peer is gone.
    Close {
        /// Where.
        port: PortId,
    },
    /// A port that Rust code owns has something to
    /// [receive](crate::Messaging::host_receive).
    Host {
        /// Which port.
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
            Self::Close { port } => f.debug_struct("Close").field("port", port).finish(),
            Self::Host { port } => f.debug_struct("Host").field("port", port).finish(),
        }
    }
}

/// Runs a task of messaging up to the event that it fires: deserializes the message in the realm
/// of its target. The caller fires the event in the same task.
///
/// `None`: there is no event. The message, if there was one, has been dropped with a reason.
pub fn run_messaging_task<H: MessagingHost>(
    host: &mut H,
    task: MessagingTask,
) -> Option<Delivery<H>> {
    match task {
        MessagingTask::Port(token) => {
            let port = token.port;
            let taken = host.with_messaging(|messaging, _, queues| messaging.take(token, queues));
            match taken? {
                Taken::Close { implicit: true } => None,
                Taken::Close { .. } => Some(Delivery::Close { port }),
                Taken::Host => Some(Delivery::Host { port }),
                Taken::Message {
                    window,
                    event_target,
                    info,
                    message,
                } => {
                    let target = event_target.unwrap_or(MessageTarget::Port(port));
                    receive(host, window, target, String::new(), None, info, message)
                }
            }
        }
        MessagingTask::PostedMessage(posted) => run_posted_message(host, *posted),
        MessagingTask::Broadcast(broadcast) => run_broadcast(host, *broadcast),
    }
}

/// The task of the [window post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#window-post-message-steps), step 8.
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
    let (info, message) = host.with_messaging(|messaging, contexts, queues| {
        let info = *envelope.info();
        messaging.leave_window(&info);
        if target_origin.admits(contexts, target) {
            return Some(envelope.open());
        }
        messaging
            .accounting
            .discard(envelope, DropReason::TargetOriginMismatch);
        messaging.settle(queues);
        None
    })?;
    let event_target = MessageTarget::Window(target);
    receive(host, target, event_target, origin, source, info, message?)
}

/// The task of [`postMessage()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-postmessage) of a broadcast channel.
fn run_broadcast<H: MessagingHost>(host: &mut H, broadcast: BroadcastTask) -> Option<Delivery<H>> {
    let BroadcastTask {
        target,
        origin,
        envelope,
    } = broadcast;
    let (window, info, message) = host.with_messaging(|messaging, _, _| {
        let info = *envelope.info();
        messaging.leave_window(&info);
        match messaging.channels.open_window(target) {
            Some(window) => {
                let (info, message) = envelope.open();
                Some((window, info, message))
            }
            None => {
                messaging
                    .accounting
                    .discard(envelope, DropReason::ChannelClosed);
                None
            }
        }
    })?;
    let message: std::sync::Arc<Serialized> = message?;
    let target = MessageTarget::BroadcastChannel(target);
    let Some(realm) = host.realm_of(window) else {
        end(host, info, Some(DropReason::WindowGone));
        return None;
    };
    match structured_deserialize(host, &message, &realm) {
        Ok(data) => {
            end(host, info, None);
            Some(Delivery::Message {
                target,
                data,
                origin,
                source: None,
                ports: Vec::new(),
                info,
            })
        }
        Err(_) => {
            end(host, info, Some(DropReason::DeserializationFailed));
            Some(Delivery::MessageError {
                target,
                origin,
                source: None,
                info,
            })
        }
    }
}

/// Deserializes a message in the realm of `window`, for an event at `target`.
fn receive<H: MessagingHost>(
    host: &mut H,
    window: GlobalId,
    target: MessageTarget,
    origin: String,
    source: Option<NavigableId>,
    info: MessageInfo,
    message: Message,
) -> Option<Delivery<H>> {
    let Some(realm) = host.realm_of(window) else {
        drop(message);
        end(host, info, Some(DropReason::WindowGone));
        return None;
    };
    let carried: Vec<HalfId> = message.halves().collect();
    match structured_deserialize_with_transfer(host, message, &realm) {
        Ok(Received {
            deserialized,
            transferred_values,
        }) => {
            end(host, info, None);
            let is_port = |object: &H::Object| host.port_of(object).is_some();
            Some(Delivery::Message {
                target,
                data: deserialized,
                origin,
                source,
                ports: transferred_values.into_iter().filter(is_port).collect(),
                info,
            })
        }
        Err(_) => {
            // Ports that were received before it failed exist, but nobody has been given them.
            host.with_messaging(|messaging, _, queues| messaging.forsake(&carried, queues));
            end(host, info, Some(DropReason::DeserializationFailed));
            Some(Delivery::MessageError {
                target,
                origin,
                source,
                info,
            })
        }
    }
}

fn end<H: MessagingHost>(host: &mut H, info: MessageInfo, dropped: Option<DropReason>) {
    host.with_messaging(|messaging, _, queues| {
        match dropped {
            None => messaging.accounting.delivered(info),
            Some(reason) => messaging.accounting.dropped(info, reason),
        }
        messaging.settle(queues);
    });
}
