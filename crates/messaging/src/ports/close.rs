//! The end of a port ([disentangle](https://html.spec.whatwg.org/multipage/web-messaging.html#disentangle)).

use framepost_event_loop::{GlobalId, Key, TaskSource};

use crate::accounting::{DropReport, MessageDropReason, TraceRecord};
use crate::identity::{HalfId, Owner, PortId};
use crate::state::{HalfLocation, Messaging, Queues};

impl Messaging {
    /// [`close()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-close):
    /// detaches and disentangles the port. Messages that it has not received are dropped.
    pub fn close(&mut self, queues: &mut Queues<'_>, port: PortId) {
        self.end_port(queues, port, MessageDropReason::PortClosed);
    }

    /// Ends a port whose object was collected: nothing can enable its queue or read its messages.
    pub fn port_collected(&mut self, queues: &mut Queues<'_>, port: PortId) {
        self.end_port(queues, port, MessageDropReason::PortCollected);
    }

    /// Disentangles the ports of a global, in the order in which it got them. They are not
    /// detached: script of another global may still have one and transfer it.
    pub(crate) fn disentangle_ports(
        &mut self,
        queues: &mut Queues<'_>,
        global: GlobalId,
        reason: MessageDropReason,
    ) {
        let ports = self.table.of_global.get(&global).cloned();
        for port in ports.unwrap_or_default() {
            if let Some(half) = self.table.half_of(port) {
                self.disentangle(queues, half, Some(global), reason);
            }
        }
    }

    /// Ends the ports of a global, in the order in which it got them. No script of another global
    /// can have one.
    pub(crate) fn end_ports(
        &mut self,
        queues: &mut Queues<'_>,
        global: GlobalId,
        reason: MessageDropReason,
    ) {
        for port in self.table.of_global.remove(&global).unwrap_or_default() {
            self.end_port(queues, port, reason);
        }
    }

    /// Ends the halves that have an owner: they arrived with a message that failed, so no
    /// script can reach them.
    pub(crate) fn close_undelivered(&mut self, queues: &mut Queues<'_>, halves: &[HalfId]) {
        for &half in halves {
            if let Some((port, _)) = self.table.owner_of(half) {
                self.end_port(queues, port, MessageDropReason::CarrierDropped);
            }
        }
    }

    /// Takes a port from its owner and ends its half.
    pub(crate) fn end_port(
        &mut self,
        queues: &mut Queues<'_>,
        port: PortId,
        reason: MessageDropReason,
    ) {
        self.process_drops(queues);
        let Some(state) = self.table.disown(port) else {
            return;
        };
        self.end_half(queues, state.half, state.owner.global(), reason);
        self.process_drops(queues);
    }

    /// Ends a half, which has no owner any more.
    fn end_half(
        &mut self,
        queues: &mut Queues<'_>,
        half: HalfId,
        global: Option<GlobalId>,
        reason: MessageDropReason,
    ) {
        self.disentangle(queues, half, global, reason);
        self.table.halves.remove(half);
    }

    /// [Disentangles](https://html.spec.whatwg.org/multipage/web-messaging.html#disentangle) a half,
    /// and drops the messages in its queue.
    // IMPLEMENTATION-DEFINED: by the standard the messages of a port whose document is destroyed
    // stay, in case script of another window transfers the port. As in browsers they are dropped,
    // so that the sender's embedder learns their end.
    fn disentangle(
        &mut self,
        queues: &mut Queues<'_>,
        half: HalfId,
        global: Option<GlobalId>,
        reason: MessageDropReason,
    ) {
        let Some(state) = self.table.halves.get_mut(half) else {
            return;
        };
        // 1. The other port. A half without one still drops its queue.
        let peer = state.peer.take();
        let queue = std::mem::take(&mut state.queue);
        let load = std::mem::take(&mut state.load);
        state.carriers = 0;
        state.closing = false;
        self.table.half_changed(half);
        self.accounting
            .record(TraceRecord::Closed { half, peer, reason });
        if let Some(global) = global {
            self.accounting.loads.take(global, load);
        }
        for envelope in queue {
            self.accounting.discard(envelope, reason);
        }
        let Some(peer) = peer else { return };
        if let Some(other) = self.table.halves.get_mut(peer) {
            // 3. Neither end has a peer any more.
            other.peer = None;
            // 4. Fire `close` at the other port, after its last message.
            other.closing = true;
            let location = other.location;
            self.table.half_changed(peer);
            if let HalfLocation::Owned(port) = location {
                self.queue_close_token(queues, port);
            }
        }
    }

    /// Takes the tokens of detached ports out of the event loop.
    fn remove_tokens(&mut self, queues: &mut Queues<'_>) {
        for (port, owner) in std::mem::take(&mut self.table.disowned_with_tokens) {
            let client = match owner {
                Owner::Host => None,
                Owner::Global(global) => match queues.client_of(global) {
                    Some(client) => Some(client),
                    // The event loop dropped them with the global's last client.
                    None => continue,
                },
            };
            queues.discard(TaskSource::Port(port.serial()), client);
        }
    }

    /// Accounts for the messages and halves that were dropped as values, until no report is left.
    ///
    /// Every method that takes the queues calls this. Call it yourself only if you dropped messages
    /// or halves and do not use the ports afterwards.
    #[inline]
    pub fn process_drops(&mut self, queues: &mut Queues<'_>) {
        if self.accounting.drop_reports.may_have_some()
            || !self.table.disowned_with_tokens.is_empty()
        {
            self.process_drop_reports(queues);
        }
    }

    fn process_drop_reports(&mut self, queues: &mut Queues<'_>) {
        loop {
            self.remove_tokens(queues);
            let reports = self.accounting.drop_reports.take_all();
            if reports.is_empty() {
                return;
            }
            for report in reports {
                match report {
                    DropReport::Half(half) => {
                        self.end_half(queues, half, None, MessageDropReason::CarrierDropped);
                    }
                    DropReport::Message(info) => {
                        self.message_left_task(&info);
                        self.accounting.dropped(info, MessageDropReason::Abandoned);
                    }
                }
            }
        }
    }

    /// Whether the port was transferred or closed:
    /// [`[[Detached]]`](https://html.spec.whatwg.org/multipage/structured-data.html#detached).
    #[must_use]
    pub fn is_detached(&self, port: PortId) -> bool {
        !self.table.ports.contains(port)
    }

    /// The owner of the port; `None` if it is detached.
    #[must_use]
    pub fn owner(&self, port: PortId) -> Option<Owner> {
        self.table.ports.get(port).map(|state| state.owner)
    }
}
