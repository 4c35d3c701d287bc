//! The [port message queue](https://html.spec.whatwg.org/multipage/web-messaging.html#port-message-queue)
//! and its tokens.

use framepost_event_loop::{GlobalId, Key, TaskSource};

use crate::accounting::{Endpoint, Envelope, Load, MessageDropReason, Posted, TraceRecord};
use crate::identity::{HalfId, MessageTarget, Owner, PortId};
use crate::state::{HalfLocation, Messaging, MessagingTask, PortTask, PortTaskKind, Queues};
use crate::structured_clone::Message;

/// The result of a token.
#[derive(Debug)]
pub(crate) enum Taken {
    /// A message for a global.
    Message {
        global: GlobalId,
        /// The object to fire the event at, if not the port.
        event_target: Option<MessageTarget>,
        envelope: Envelope<Message>,
    },
    /// The mark after the last message. An implicit port has no object to fire `close` at.
    Close { implicit: bool },
    /// Rust code can [receive](Messaging::host_receive) a message now.
    Host,
}

impl Messaging {
    /// Steps 4, 6 and 7 of the [message port post message steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps):
    /// adds a message to the port message queue of `target`, wherever `target` is now.
    pub(crate) fn add_to_port_message_queue(
        &mut self,
        queues: &mut Queues<'_>,
        source: Option<HalfId>,
        target: Option<HalfId>,
        message: Message,
    ) -> Posted {
        self.process_drops(queues);
        let bytes = message.serialized.bytes().len();
        let endpoint =
            |half: Option<HalfId>| half.map_or(Endpoint::Nobody, |half| self.table.endpoint(half));
        let (from, to) = (endpoint(source), endpoint(target));
        let refused = match target.and_then(|half| Some((half, self.table.halves.get(half)?))) {
            // 6. There is no target.
            None => Some(MessageDropReason::PortClosed),
            // 4. The target is in the transfer list: the message is doomed.
            Some((target, _)) if message.halves().any(|half| half == target) => {
                Some(MessageDropReason::PortInOwnMessage)
            }
            // IMPLEMENTATION-DEFINED: a message can also meet a limit, or come to a port that nobody can
            // reach any more.
            Some((target, state)) => {
                let global = self.table.global_of(target);
                let limits = &self.accounting.limits;
                if !limits.admit_to_port(state.load, bytes)
                    || global
                        .is_some_and(|global| !self.accounting.loads.admit(limits, global, bytes))
                {
                    Some(MessageDropReason::Limit)
                } else if self.would_close_a_ring(target, &message) {
                    Some(MessageDropReason::PortCollected)
                } else {
                    None
                }
            }
        };
        let carried = message.carried();
        let envelope = self.accounting.post(message, from, to, &carried);
        let id = envelope.id();
        let dropped = match (refused, target) {
            // 7. Add the message to the queue of the target.
            (None, Some(target)) => {
                let carries = !carried.is_empty();
                for half in carried {
                    if let Some(carried) = self.table.halves.get_mut(half) {
                        carried.location = HalfLocation::InQueueOf(target);
                    }
                    self.table.half_changed(half);
                }
                if let Some(state) = self.table.halves.get_mut(target) {
                    state.load.add(bytes);
                    state.carriers += usize::from(carries);
                    state.queue.push_back(envelope);
                }
                self.queue_token_for_arrival(queues, target, bytes);
                None
            }
            // 6. Nothing is queued.
            (reason, _) => {
                let reason = reason.unwrap_or(MessageDropReason::PortClosed);
                self.accounting.discard(envelope, reason);
                self.process_drops(queues);
                Some(reason)
            }
        };
        Posted { id, dropped }
    }

    /// Whether `target` is in a message that waits, directly or through others, in the queue of a
    /// half that this message carries.
    fn would_close_a_ring(&self, target: HalfId, message: &Message) -> bool {
        // OPTIMIZATION: the chain from `target` upwards cannot reach a half whose queue carries no
        // halves. So most posts need no search.
        let carries_halves = |half: HalfId| {
            self.table
                .halves
                .get(half)
                .is_some_and(|it| it.carriers > 0)
        };
        if !message.halves().any(carries_halves) {
            return false;
        }
        let mut holder = Some(target);
        while let Some(half) = holder {
            if message.halves().any(|carried| carried == half) {
                return true;
            }
            holder = match self.table.halves.get(half).map(|state| state.location) {
                Some(HalfLocation::InQueueOf(holder)) => Some(holder),
                _ => None,
            };
        }
        false
    }

    fn queue_token_for_arrival(&mut self, queues: &mut Queues<'_>, half: HalfId, bytes: usize) {
        let Some((port, state)) = self.table.owner_of(half) else {
            return;
        };
        let enabled = state.enabled;
        if let Owner::Global(global) = state.owner {
            self.accounting
                .loads
                .add(global, Load { messages: 1, bytes });
        }
        if !enabled {
            return;
        }
        self.queue_token(queues, port, PortTaskKind::Message);
        // A getter of the message closed the peer: `close` stays after the message.
        if self.is_closing(half) {
            self.queue_close_token(queues, port);
        }
    }

    /// Whether the mark of `close` is after the last message of a half.
    fn is_closing(&self, half: HalfId) -> bool {
        let state = self.table.halves.get(half);
        state.is_some_and(|state| state.closing)
    }

    pub(crate) fn queue_close_token(&mut self, queues: &mut Queues<'_>, port: PortId) {
        self.queue_token(queues, port, PortTaskKind::Close);
    }

    fn queue_token(&mut self, queues: &mut Queues<'_>, port: PortId, kind: PortTaskKind) {
        let Some(state) = self.table.ports.get(port) else {
            return;
        };
        let client = match state.owner {
            Owner::Host => None,
            Owner::Global(global) => match queues.client_of(global) {
                Some(client) => Some(client),
                // The global runs no tasks any more. The message ends with the port.
                None => return,
            },
        };
        let task = MessagingTask::Port(PortTask { port, kind });
        if queues.queue(TaskSource::Port(port.serial()), client, task) {
            self.table.token_queued(port);
        }
    }

    /// [`start()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-start):
    /// enables the port message queue. The standard has one sentence for this, without steps.
    pub fn start(&mut self, queues: &mut Queues<'_>, port: PortId) {
        self.process_drops(queues);
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
            self.queue_token(queues, port, PortTaskKind::Message);
        }
        // The token that was queued with the mark runs before the messages. It finds them and
        // leaves `close` to this token.
        if closing && waiting > 0 {
            self.queue_close_token(queues, port);
        }
    }

    /// The setter of [`onmessage`](https://html.spec.whatwg.org/multipage/web-messaging.html#handler-messageport-onmessage):
    /// the first use, even with null, enables the port message queue like `start()`.
    pub fn set_onmessage(&mut self, queues: &mut Queues<'_>, port: PortId) {
        self.start(queues, port);
    }

    /// Runs a token; `None` if it is stale.
    pub(crate) fn take(&mut self, queues: &mut Queues<'_>, task: PortTask) -> Option<Taken> {
        self.process_drops(queues);
        self.table.token_ended(task.port);
        let port = self.table.ports.get(task.port)?;
        let (half, owner, enabled) = (port.half, port.owner, port.enabled);
        let event_target = port.event_target;
        let Owner::Global(global) = owner else {
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
                let envelope = self.pop(half, Some(global))?;
                Some(Taken::Message {
                    global,
                    event_target,
                    envelope,
                })
            }
        }
    }

    /// Takes the first message out of the queue of a half that `global` owns.
    pub(crate) fn pop(
        &mut self,
        half: HalfId,
        global: Option<GlobalId>,
    ) -> Option<Envelope<Message>> {
        let state = self.table.halves.get_mut(half)?;
        let envelope = state.queue.pop_front()?;
        let (bytes, message) = (envelope.bytes(), envelope.message()?);
        state.load.take(bytes);
        if message.halves().next().is_some() {
            state.carriers = state.carriers.saturating_sub(1);
        }
        for carried in message.halves() {
            if let Some(state) = self.table.halves.get_mut(carried) {
                state.location = HalfLocation::InTransit;
            }
            self.table.half_changed(carried);
        }
        if let Some(global) = global {
            self.accounting
                .loads
                .take(global, Load { messages: 1, bytes });
        }
        Some(envelope)
    }

    /// Queues a token again that the event loop dropped with a client, if the global has another
    /// client now.
    pub(crate) fn token_dropped(&mut self, queues: &mut Queues<'_>, task: PortTask) {
        if let Some(half) = self.table.half_of(task.port) {
            self.table.token_ended(task.port);
            self.queue_token(queues, task.port, task.kind);
            // The peer may have been closed since the client ended, by another of its tasks. `close`
            // stays after the message.
            if task.kind == PortTaskKind::Message && self.is_closing(half) {
                self.queue_close_token(queues, task.port);
            }
        }
    }
}
