//! Broadcast channels
//! ([HTML, broadcasting to other browsing contexts](https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts)).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use framepost_browsing_context::Contexts;
use framepost_event_loop::{Arena, GlobalId, TaskSource, new_key_type};

use crate::accounting::{DropReason, Endpoint, Envelope, Load, Posted};
use crate::error::MessagingError;
use crate::host::MessagingHost;
use crate::messaging::{Messaging, Queues};
use crate::structured_clone::Serialized;
use crate::structured_clone::structured_serialize;
use crate::task::MessagingTask;

new_key_type! {
    /// Names a broadcast channel, from its creation until its window ends or it is collected.
    pub struct BroadcastId: "broadcast-channel";
}

/// A message on its way to one broadcast channel.
#[derive(Debug)]
pub struct BroadcastTask {
    pub(crate) target: BroadcastId,
    /// The sender's origin, serialized.
    pub(crate) origin: String,
    pub(crate) envelope: Envelope<Arc<Serialized>>,
}

#[derive(Debug)]
struct Channel {
    window: GlobalId,
    name: Arc<[u16]>,
    closed: bool,
}

/// All broadcast channels.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    channels: Arena<BroadcastId, Channel>,
    /// Those that are not closed; sorted by creation.
    by_name: BTreeMap<Arc<[u16]>, BTreeSet<BroadcastId>>,
    /// All of a window. Looked up, never iterated.
    of_window: HashMap<GlobalId, BTreeSet<BroadcastId>>,
}

impl Channels {
    fn unlist(&mut self, channel: BroadcastId, name: &Arc<[u16]>) {
        if let Some(channels) = self.by_name.get_mut(name) {
            channels.remove(&channel);
            if channels.is_empty() {
                self.by_name.remove(name);
            }
        }
    }

    fn remove(&mut self, id: BroadcastId) {
        let Some(channel) = self.channels.remove(id) else {
            return;
        };
        self.unlist(id, &channel.name);
        if let Some(channels) = self.of_window.get_mut(&channel.window) {
            channels.remove(&id);
            if channels.is_empty() {
                self.of_window.remove(&channel.window);
            }
        }
    }

    pub(crate) fn window_gone(&mut self, window: GlobalId) {
        for id in self.of_window.remove(&window).unwrap_or_default() {
            self.remove(id);
        }
    }

    /// The window of a channel that is not closed.
    pub(crate) fn open_window(&self, id: BroadcastId) -> Option<GlobalId> {
        let channel = self.channels.get(id)?;
        (!channel.closed).then_some(channel.window)
    }
}

impl Messaging {
    /// The [`BroadcastChannel()` constructor](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel).
    pub fn create_broadcast_channel(&mut self, window: GlobalId, name: &[u16]) -> BroadcastId {
        let channels = &mut self.channels;
        let name: Arc<[u16]> = name.into();
        let id = channels.channels.insert(Channel {
            window,
            name: Arc::clone(&name),
            closed: false,
        });
        channels.by_name.entry(name).or_default().insert(id);
        channels.of_window.entry(window).or_default().insert(id);
        id
    }

    /// [`close()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-close):
    /// it hears nothing more, not even what was posted before.
    pub fn close_broadcast_channel(&mut self, id: BroadcastId) {
        if let Some(channel) = self.channels.channels.get_mut(id)
            && !std::mem::replace(&mut channel.closed, true)
        {
            let name = Arc::clone(&channel.name);
            self.channels.unlist(id, &name);
        }
    }

    /// How many broadcast channels there are, closed ones that script still has included.
    #[must_use]
    pub fn broadcast_channel_count(&self) -> usize {
        self.channels.channels.len()
    }

    /// The channels of a window, in the order of their creation.
    #[must_use]
    pub fn broadcast_channels_of(&self, window: GlobalId) -> Vec<BroadcastId> {
        let channels = self.channels.of_window.get(&window);
        channels.into_iter().flatten().copied().collect()
    }

    /// Whether the channel exists and is not closed.
    #[must_use]
    pub fn is_open(&self, id: BroadcastId) -> bool {
        self.channels.open_window(id).is_some()
    }

    /// The channel's object was collected.
    pub fn broadcast_channel_collected(&mut self, id: BroadcastId) {
        self.channels.remove(id);
    }

    /// The channel's name; `None` once it is gone.
    #[must_use]
    pub fn broadcast_channel_name(&self, id: BroadcastId) -> Option<&[u16]> {
        Some(&self.channels.channels.get(id)?.name)
    }

    /// [Eligible for messaging](https://html.spec.whatwg.org/multipage/web-messaging.html#eligible-for-messaging):
    /// the document of its window is fully active.
    fn eligible_for_messaging(window: GlobalId, queues: &Queues<'_>) -> bool {
        queues
            .client_of(window)
            .is_some_and(|document| queues.is_fully_active(document))
    }

    /// Steps 6 to 9 of `postMessage()`.
    fn broadcast(
        &mut self,
        source: BroadcastId,
        message: Serialized,
        contexts: &Contexts,
        queues: &mut Queues<'_>,
    ) -> Vec<Posted> {
        self.settle(queues);
        let Some(sender) = self.channels.channels.get(source) else {
            return Vec::new();
        };
        let sender_window = sender.window;
        let Some(storage_key) = contexts.origin_of_window(sender_window) else {
            return Vec::new();
        };
        let is_destination = |id: &BroadcastId| {
            *id != source
                && self.channels.open_window(*id).is_some_and(|window| {
                    Self::eligible_for_messaging(window, queues)
                        && contexts
                            .origin_of_window(window)
                            .is_some_and(|o| o.same_origin(storage_key))
                })
        };
        // The set is in order of creation already.
        let destinations: Vec<BroadcastId> = self
            .channels
            .by_name
            .get(&sender.name)
            .into_iter()
            .flatten()
            .copied()
            .filter(is_destination)
            .collect();
        let bytes = message.bytes().len();
        let message = Arc::new(message);
        let origin = storage_key.to_string();
        let from = Endpoint::BroadcastChannel {
            channel: source,
            window: sender_window,
        };
        destinations
            .into_iter()
            .filter_map(|target| {
                let window = self.channels.open_window(target)?;
                let to = Endpoint::BroadcastChannel {
                    channel: target,
                    window,
                };
                let envelope = self
                    .accounting
                    .post(Arc::clone(&message), bytes, from, to, &[]);
                let id = envelope.info().id;
                let limits = &self.accounting.limits;
                if !self.accounting.loads.admit(limits, window, bytes) {
                    self.accounting.discard(envelope, DropReason::Limit);
                    return Some(Posted {
                        id,
                        dropped: Some(DropReason::Limit),
                    });
                }
                self.accounting
                    .loads
                    .add(window, Load { messages: 1, bytes });
                self.accounting.in_tasks.enter(envelope.info());
                let task = MessagingTask::Broadcast(Box::new(BroadcastTask {
                    target,
                    origin: origin.clone(),
                    envelope,
                }));
                queues.queue_global(TaskSource::DomManipulation, window, task);
                Some(Posted { id, dropped: None })
            })
            .collect()
    }
}

/// [`postMessage()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-postmessage)
/// of a broadcast channel. Answers what became of the message at each channel that is to hear it.
///
/// # Errors
/// `"InvalidStateError"` if the channel is closed, `"DataCloneError"` as serializing has it, and
/// whatever script throws while it is serialized.
pub fn broadcast_channel_post_message_steps<H: MessagingHost>(
    host: &mut H,
    channel: BroadcastId,
    message: &H::Value,
) -> Result<Vec<Posted>, H::Error> {
    let closed = host.with_messaging(|messaging, _, queues| {
        let channel = messaging.channels.channels.get(channel)?;
        Messaging::eligible_for_messaging(channel.window, queues).then_some(channel.closed)
    });
    match closed {
        None => return Ok(Vec::new()),
        Some(true) => return Err(host.messaging_error(MessagingError::BroadcastChannelClosed)),
        Some(false) => {}
    }
    let message = structured_serialize(host, message)?;
    Ok(host.with_messaging(|messaging, contexts, queues| {
        messaging.broadcast(channel, message, contexts, queues)
    }))
}
