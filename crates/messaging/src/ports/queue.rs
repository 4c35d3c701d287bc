//! The [port message queue](https://html.spec.whatwg.org/multipage/web-messaging.html#port-message-queue)
//! and its tokens.

use framepost_event_loop::{GlobalId, Key, TaskSource};

use super::table::Place;
use super::{HalfId, Owner, PortId};
use crate::accounting::{DropReason, Endpoint, Load, MessageInfo, Posted, TraceRecord};
use crate::host::MessageTarget;
use crate::messaging::{Messaging, Queues};
use crate::structured_clone::Message;
use crate::task::MessagingTask;

/// A token: the right of a port to take one message from its queue, or to hear of its peer's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PortTask {
    /// Whose token it is. Once the port has been transferred or closed it is stale.
    pub port: PortId,
    /// What for.
    pub kind: PortTaskKind,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortTaskKind {
    /// The first message of the queue.
    Message,
    /// The `close` event.
    Close,
}

/// What a token took.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "it is returned and taken apart at once, never kept"
)]
pub(crate) enum Taken {
    /// A message for a window.
    Message {
        window: GlobalId,
        /// Where the event is fired, if not at the port.
        event_target: Option<MessageTarget>,
        info: MessageInfo,
        message: Message,
    },
    /// The mark behind the last message. Nobody hears it of a port that script does not have.
    Close { implicit: bool },
    /// Nothing, but Rust code may [receive](Messaging::host_receive) something now.
    Host,
}

impl Messaging {
    /// The last step of the [message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps):
    /// adds a task to the port message queue of `target`, wherever that is by now.
    pub(crate) fn add_to_port_message_queue(
        &mut self,
        source: Option<HalfId>,
        target: Option<HalfId>,
        message: Message,
        queues: &mut Queues<'_>,
    ) -> Posted {
        self.settle(queues);
        let bytes = message.serialized.bytes().len();
        let endpoint =
            |half: Option<HalfId>| half.map_or(Endpoint::Nobody, |half| self.table.endpoint(half));
        let (from, to) = (endpoint(source), endpoint(target));
        let refused = match target.and_then(|half| Some((half, self.table.halves.get(half)?))) {
            None => Some(DropReason::PortClosed),
            Some((target, _)) if message.halves().any(|half| half == target) => {
                Some(DropReason::PortInOwnMessage)
            }
            Some((target, state)) => {
                let window = self.table.window_of(target);
                let limits = &self.accounting.limits;
                if !limits.admit_to_port(state.load, bytes)
                    || window
                        .is_some_and(|window| !self.accounting.loads.admit(limits, window, bytes))
                {
                    Some(DropReason::Limit)
                } else if self.would_close_a_ring(target, &message) {
                    Some(DropReason::PortCollected)
                } else {
                    None
                }
            }
        };
        let carried: Vec<HalfId> = message.halves().collect();
        let envelope = self.accounting.post(message, bytes, from, to, &carried);
        let id = envelope.info().id;
        let dropped = match (refused, target) {
            (None, Some(target)) => {
                let carries = !carried.is_empty();
                for half in carried {
                    if let Some(carried) = self.table.halves.get_mut(half) {
                        carried.place = Place::Transit {
                            inside: Some(target),
                        };
                    }
                    self.table.half_changed(half);
                }
                if let Some(state) = self.table.halves.get_mut(target) {
                    state.load.add(bytes);
                    state.carriers += usize::from(carries);
                    state.queue.push_back(envelope);
                }
                self.queue_token_for_arrival(target, bytes, queues);
                None
            }
            (reason, _) => {
                let reason = reason.unwrap_or(DropReason::PortClosed);
                self.accounting.discard(envelope, reason);
                self.settle(queues);
                Some(reason)
            }
        };
        Posted { id, dropped }
    }

    /// Whether a message would, in the queue of `target`, be held by a half that it carries itself.
    fn would_close_a_ring(&self, target: HalfId, message: &Message) -> bool {
        // OPTIMIZATION: a half whose queue carries nothing holds nobody, so the chain up from
        // `target` cannot lead to it. This keeps the walk off all but the odd post.
        let holds = |half: HalfId| {
            self.table
                .halves
                .get(half)
                .is_some_and(|it| it.carriers > 0)
        };
        if !message.halves().any(holds) {
            return false;
        }
        let mut holder = Some(target);
        while let Some(half) = holder {
            if message.halves().any(|carried| carried == half) {
                return true;
            }
            holder = match self.table.halves.get(half).map(|state| state.place) {
                Some(Place::Transit { inside }) => inside,
                _ => None,
            };
        }
        false
    }

    fn queue_token_for_arrival(&mut self, half: HalfId, bytes: usize, queues: &mut Queues<'_>) {
        let Some((port, state)) = self.table.owner_of(half) else {
            return;
        };
        let enabled = state.enabled;
        if let Owner::Window(window) = state.owner {
            self.accounting
                .loads
                .add(window, Load { messages: 1, bytes });
        }
        if !enabled {
            return;
        }
        self.queue_token(port, PortTaskKind::Message, queues);
        // A message that a getter of its own value overtook with a close: `close` stays last.
        if self
            .table
            .halves
            .get(half)
            .is_some_and(|state| state.closing)
        {
            self.queue_close_token(port, queues);
        }
    }

    pub(crate) fn queue_close_token(&mut self, port: PortId, queues: &mut Queues<'_>) {
        self.queue_token(port, PortTaskKind::Close, queues);
    }

    fn queue_token(&mut self, port: PortId, kind: PortTaskKind, queues: &mut Queues<'_>) {
        let Some(state) = self.table.ports.get_mut(port) else {
            return;
        };
        let document = match state.owner {
            Owner::Host => None,
            Owner::Window(window) => match queues.client_of(window) {
                Some(document) => Some(document),
                // Nobody will ever run a task of this window: the message waits until it ends
                // with the port.
                None => return,
            },
        };
        let task = MessagingTask::Port(PortTask { port, kind });
        if queues.queue(TaskSource::Port(port.serial()), document, task) {
            state.tokens += 1;
            if state.tokens == 1 {
                self.table.port_changed(port);
            }
        }
    }

    /// [`start()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-start):
    /// enables the port message queue.
    pub fn start(&mut self, port: PortId, queues: &mut Queues<'_>) {
        self.settle(queues);
        let Some(state) = self.table.ports.get_mut(port) else {
            return;
        };
        if std::mem::replace(&mut state.enabled, true) {
            return;
        }
        let half = state.half;
        self.accounting.record(TraceRecord::Started { half });
        let (waiting, closing) = self
            .table
            .halves
            .get(half)
            .map_or((0, false), |state| (state.queue.len(), state.closing));
        for _ in 0..waiting {
            self.queue_token(port, PortTaskKind::Message, queues);
        }
        // The token that was queued when the mark was set comes before the messages; it will find
        // them and leave the event to this one.
        if closing && waiting > 0 {
            self.queue_close_token(port, queues);
        }
    }

    /// The setter of [`onmessage`](https://html.spec.whatwg.org/multipage/web-messaging.html#handler-messageport-onmessage):
    /// its first use, null included, enables the port message queue as `start()` does.
    pub fn set_onmessage(&mut self, port: PortId, queues: &mut Queues<'_>) {
        self.start(port, queues);
    }

    /// Redeems a token. `None`: it is stale.
    pub(crate) fn take(&mut self, task: PortTask, queues: &mut Queues<'_>) -> Option<Taken> {
        self.settle(queues);
        let port = self.table.ports.get_mut(task.port)?;
        debug_assert!(
            port.tokens > 0,
            "a token of {} that was not queued",
            task.port
        );
        port.tokens = port.tokens.saturating_sub(1);
        let (half, owner, enabled) = (port.half, port.owner, port.enabled);
        let event_target = port.event_target;
        if port.tokens == 0 {
            self.table.port_changed(task.port);
        }
        let Owner::Window(window) = owner else {
            return Some(Taken::Host);
        };
        match task.kind {
            PortTaskKind::Close => {
                let half = self.table.halves.get_mut(half)?;
                let behind_messages = enabled && !half.queue.is_empty();
                let implicit = event_target.is_some();
                (!behind_messages && std::mem::take(&mut half.closing))
                    .then_some(Taken::Close { implicit })
            }
            PortTaskKind::Message => {
                debug_assert!(
                    enabled,
                    "a message token of {}, which is disabled",
                    task.port
                );
                let (info, message) = self.pop(half, Some(window))?;
                Some(Taken::Message {
                    window,
                    event_target,
                    info,
                    message,
                })
            }
        }
    }

    /// Takes the first message out of the queue of a half, which `window` owns.
    pub(crate) fn pop(
        &mut self,
        half: HalfId,
        window: Option<GlobalId>,
    ) -> Option<(MessageInfo, Message)> {
        let state = self.table.halves.get_mut(half)?;
        let (info, message) = state.queue.pop_front()?.open();
        let message = message?;
        state.load.take(info.bytes);
        if message.halves().next().is_some() {
            state.carriers = state.carriers.saturating_sub(1);
        }
        for carried in message.halves() {
            if let Some(state) = self.table.halves.get_mut(carried) {
                state.place = Place::Transit { inside: None };
            }
            self.table.half_changed(carried);
        }
        if let Some(window) = window {
            let bytes = info.bytes;
            self.accounting
                .loads
                .take(window, Load { messages: 1, bytes });
        }
        Some((info, message))
    }

    /// Queues a token again that the loop dropped with its document, if the window lives on with
    /// another one.
    pub(crate) fn token_dropped(&mut self, task: PortTask, queues: &mut Queues<'_>) {
        if let Some(state) = self.table.ports.get_mut(task.port) {
            state.tokens = state.tokens.saturating_sub(1);
            self.table.port_changed(task.port);
            self.queue_token(task.port, task.kind, queues);
        }
    }
}
