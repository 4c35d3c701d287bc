//! Broadcast channels
//! ([HTML, broadcasting to other browsing contexts](https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts)).

use std::cell::OnceCell;
use std::sync::Arc;

use framepost_browsing_context::Contexts;
use framepost_event_loop::{GlobalId, TaskSource};

use crate::accounting::{Endpoint, Load, MessageDropReason, Posted};
use crate::error::MessagingError;
use crate::host::MessagingHost;
use crate::state::{Messaging, MessagingTask, Queues};
use crate::structured_clone::{Serialized, structured_serialize};

pub use crate::identity::BroadcastChannelId;
pub use crate::state::BroadcastTask;

impl Messaging {
    /// The [`BroadcastChannel()` constructor](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel).
    pub fn create_broadcast_channel(
        &mut self,
        global: GlobalId,
        name: &[u16],
    ) -> BroadcastChannelId {
        self.channels.add(global, name)
    }

    /// [`close()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-close):
    /// the channel receives nothing more, not even messages that were posted before.
    pub fn close_broadcast_channel(&mut self, id: BroadcastChannelId) {
        self.channels.close(id);
    }

    /// Counts the broadcast channels, including closed ones whose objects still exist.
    #[must_use]
    pub fn broadcast_channel_count(&self) -> usize {
        self.channels.channels.len()
    }

    /// The channels of a global, in order of creation.
    #[must_use]
    pub fn broadcast_channels_of(&self, global: GlobalId) -> Vec<BroadcastChannelId> {
        self.channels.of(global).collect()
    }

    /// Whether the channel exists and is not closed.
    #[must_use]
    pub fn is_open(&self, id: BroadcastChannelId) -> bool {
        self.channels.open_global(id).is_some()
    }

    /// Returns the open channels to which nobody can post, with their globals, in order of creation: no other open channel
    /// of a global with the same storage key has their name.
    #[must_use]
    pub fn lonely_broadcast_channels(
        &self,
        contexts: &Contexts,
    ) -> Vec<(GlobalId, BroadcastChannelId)> {
        let channels = self.channels.channels.keys_in_order().into_iter();
        let open = channels.filter_map(|id| Some((self.channels.open_global(id)?, id)));
        let lonely = open.filter(|(global, id)| {
            let name = self.broadcast_channel_name(*id).unwrap_or_default();
            let key = contexts.storage_key(*global);
            let mut others = self.channels.named(name).filter(|other| other != id);
            !others.any(|other| {
                let other = self.channels.open_global(other);
                other.is_some_and(|other| {
                    other == *global || key.is_some() && contexts.storage_key(other) == key
                })
            })
        });
        lonely.collect()
    }

    /// Removes a channel whose object was collected.
    pub fn broadcast_channel_collected(&mut self, id: BroadcastChannelId) {
        self.channels.remove(id);
    }

    /// The channel's name; `None` once it is gone.
    #[must_use]
    pub fn broadcast_channel_name(&self, id: BroadcastChannelId) -> Option<&[u16]> {
        Some(&self.channels.channels.get(id)?.name)
    }

    /// [Eligible for messaging](https://html.spec.whatwg.org/multipage/web-messaging.html#eligible-for-messaging):
    /// the client of the channel's global is fully active.
    // A worker whose closing flag is set has no client any more.
    fn eligible_for_messaging(queues: &Queues<'_>, global: GlobalId) -> bool {
        queues
            .client_of(global)
            .is_some_and(|client| queues.is_fully_active(client))
    }

    /// Steps 4 to 9 of [`broadcast_channel_post_message_steps`].
    fn broadcast(
        &mut self,
        queues: &mut Queues<'_>,
        contexts: &Contexts,
        source: BroadcastChannelId,
        message: Serialized,
    ) -> Vec<Posted> {
        self.process_drops(queues);
        let Some(sender) = self.channels.channels.get(source) else {
            return Vec::new();
        };
        let sender_global = sender.global;
        // 4. Find the origin of the sender.
        let Some(source_origin) = contexts.origin_of_global(sender_global) else {
            return Vec::new();
        };
        // 5. Find its storage key.
        // OPTIMIZATION: it is found when another global has a channel of this name. It takes 2,000 instructions.
        let storage_key = OnceCell::new();
        let has_same_key = |global: GlobalId| {
            let own = storage_key.get_or_init(|| contexts.storage_key(sender_global));
            own.is_some() && contexts.storage_key(global) == *own
        };
        // 6. Find the channels of its name.
        // 7. Leave out the source.
        // 8. They are in the order of their creation already.
        let is_destination = |id: &BroadcastChannelId| {
            *id != source
                && self.channels.open_global(*id).is_some_and(|global| {
                    Self::eligible_for_messaging(queues, global)
                        && (global == sender_global
                            || contexts
                                .origin_of_global(global)
                                .is_some_and(|origin| origin.same_origin(source_origin))
                                && has_same_key(global))
                })
        };
        let destinations: Vec<BroadcastChannelId> = self
            .channels
            .named(&sender.name)
            .filter(is_destination)
            .collect();
        let bytes = message.bytes().len();
        let message = Arc::new(message);
        let origin = source_origin.serialize();
        let from = Endpoint::BroadcastChannel {
            channel: source,
            global: sender_global,
        };
        // 9. Queue a task for each destination.
        destinations
            .into_iter()
            .filter_map(|target| {
                let global = self.channels.open_global(target)?;
                let to = Endpoint::BroadcastChannel {
                    channel: target,
                    global,
                };
                let envelope = self.accounting.post(Arc::clone(&message), from, to, &[]);
                let id = envelope.id();
                let limits = &self.accounting.limits;
                if !self.accounting.loads.admit(limits, global, bytes) {
                    self.accounting.discard(envelope, MessageDropReason::Limit);
                    return Some(Posted {
                        id,
                        dropped: Some(MessageDropReason::Limit),
                    });
                }
                self.accounting
                    .loads
                    .add(global, Load { messages: 1, bytes });
                self.accounting.in_tasks.enter(&envelope.info());
                let task = MessagingTask::Broadcast(Box::new(BroadcastTask {
                    target,
                    origin: origin.clone(),
                    envelope,
                }));
                queues.queue_global(TaskSource::DomManipulation, global, task);
                Some(Posted { id, dropped: None })
            })
            .collect()
    }
}

/// [`postMessage()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-postmessage)
/// of a broadcast channel. Returns the result of the post for each destination.
///
/// # Errors
/// `"InvalidStateError"` if the channel is closed, `"DataCloneError"` if the message cannot be
/// serialized, and any exception that script throws while it is serialized.
pub fn broadcast_channel_post_message_steps<H: MessagingHost>(
    host: &mut H,
    channel: BroadcastChannelId,
    message: &H::Value,
) -> Result<Vec<Posted>, H::Error> {
    let closed = host.with_messaging(|messaging, queues, _| {
        let channel = messaging.channels.channels.get(channel)?;
        Messaging::eligible_for_messaging(queues, channel.global).then_some(channel.closed)
    });
    match closed {
        // 1. A channel that is not eligible for messaging posts nothing.
        None => return Ok(Vec::new()),
        // 2. A closed channel throws.
        Some(true) => return Err(host.messaging_error(MessagingError::BroadcastChannelClosed)),
        Some(false) => {}
    }
    // 3. Serialize; exceptions go to the caller.
    let message = structured_serialize(host, message)?;
    // 4. to 9. `broadcast` sends it.
    Ok(host.with_messaging(|messaging, queues, contexts| {
        messaging.broadcast(queues, contexts, channel, message)
    }))
}
