//! The end of a port ([disentangle](https://html.spec.whatwg.org/multipage/web-messaging.html#disentangle)).

use framepost_event_loop::{GlobalId, Key, TaskSource};

use super::table::Place;
use super::{HalfId, Owner, PortId};
use crate::accounting::{DropReason, Endpoint, Load, MessageInfo, Thrown, TraceRecord};
use crate::messaging::{Messaging, Queues};

impl Messaging {
    /// [`close()`](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-close):
    /// detaches and disentangles the port. What it has not received yet is dropped.
    pub fn close(&mut self, port: PortId, queues: &mut Queues<'_>) {
        self.end_port(port, DropReason::PortClosed, queues);
    }

    /// The port's object was collected: its queue can never be enabled nor its messages read.
    pub fn port_collected(&mut self, port: PortId, queues: &mut Queues<'_>) {
        self.end_port(port, DropReason::PortCollected, queues);
    }

    /// The window is gone, as when its document was destroyed
    /// ([destroy a document](https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroy-a-document)):
    /// its ports are disentangled, in the order in which they came to it, and its broadcast channels
    /// end.
    ///
    /// The ports are not detached. Script of another window may still hold one, and transfer it;
    /// each ends when it is closed or [collected](Self::port_collected).
    pub fn window_gone(&mut self, window: GlobalId, queues: &mut Queues<'_>) {
        self.settle(queues);
        self.accounting.record(TraceRecord::WindowGone { window });
        let ports = self.table.of_window.get(&window).cloned();
        for port in ports.unwrap_or_default() {
            if let Some(half) = self.table.half_of(port) {
                self.disentangle(half, Some(window), DropReason::WindowGone, queues);
            }
        }
        self.channels.window_gone(window);
        self.settle(queues);
    }

    /// The same of a worker, whose ports no script of anybody else can hold: they end.
    pub(crate) fn end_ports_of_worker(&mut self, worker: GlobalId, queues: &mut Queues<'_>) {
        self.settle(queues);
        let window = worker;
        self.accounting.record(TraceRecord::WindowGone { window });
        for port in self.table.of_window.remove(&worker).unwrap_or_default() {
            self.end_port(port, DropReason::WorkerGone, queues);
        }
        self.channels.window_gone(worker);
        self.settle(queues);
    }

    /// Ends those of the halves that have an owner, because nobody was told of the ports.
    pub(crate) fn forsake(&mut self, halves: &[HalfId], queues: &mut Queues<'_>) {
        for &half in halves {
            if let Some((port, _)) = self.table.owner_of(half) {
                self.end_port(port, DropReason::CarrierDropped, queues);
            }
        }
    }

    pub(crate) fn end_port(&mut self, port: PortId, reason: DropReason, queues: &mut Queues<'_>) {
        self.settle(queues);
        let Some(state) = self.table.disown(port) else {
            return;
        };
        self.end_half(state.half, state.owner.window(), reason, queues);
        self.settle(queues);
    }

    /// Ends a half: whoever owned it does so no longer.
    fn end_half(
        &mut self,
        half: HalfId,
        window: Option<GlobalId>,
        reason: DropReason,
        queues: &mut Queues<'_>,
    ) {
        self.disentangle(half, window, reason, queues);
        self.table.halves.remove(half);
    }

    /// [Disentangles](https://html.spec.whatwg.org/multipage/web-messaging.html#disentangle) a half,
    /// and drops what waits in its queue.
    // IMPLEMENTATION-DEFINED: by the standard the messages of a port whose document is destroyed
    // stay, to be heard should script of another window transfer the port. As in browsers they are
    // dropped, so that their sender's embedder learns what became of them.
    fn disentangle(
        &mut self,
        half: HalfId,
        window: Option<GlobalId>,
        reason: DropReason,
        queues: &mut Queues<'_>,
    ) {
        let Some(state) = self.table.halves.get_mut(half) else {
            return;
        };
        let peer = state.peer.take();
        let queue = std::mem::take(&mut state.queue);
        let load = std::mem::take(&mut state.load);
        state.carriers = 0;
        state.closing = false;
        self.table.half_changed(half);
        self.accounting
            .record(TraceRecord::Closed { half, peer, reason });
        if let Some(window) = window {
            self.accounting.loads.take(window, load);
        }
        for envelope in queue {
            self.accounting.discard(envelope, reason);
        }
        let Some(peer) = peer else { return };
        if let Some(other) = self.table.halves.get_mut(peer) {
            other.peer = None;
            other.closing = true;
            let place = other.place;
            self.table.half_changed(peer);
            if let Place::Port(port) = place {
                self.queue_close_token(port, queues);
            }
        }
    }

    /// Takes the tokens of ports that were transferred or closed out of the loop.
    fn remove_tokens(&mut self, queues: &mut Queues<'_>) {
        for (port, owner) in std::mem::take(&mut self.table.disowned_with_tokens) {
            let document = match owner {
                Owner::Host => None,
                Owner::Window(window) => match queues.client_of(window) {
                    Some(document) => Some(document),
                    // They went with the window's last document.
                    None => continue,
                },
            };
            queues.discard(TaskSource::Port(port.serial()), document);
        }
    }

    /// Hears of all that was dropped, until nothing is left to hear of.
    ///
    /// Every method that takes the queues does this by itself. It needs to be called only when
    /// the embedder has dropped messages or halves and does nothing else with the ports.
    pub fn settle(&mut self, queues: &mut Queues<'_>) {
        loop {
            self.remove_tokens(queues);
            let thrown = self.accounting.bin.empty();
            if thrown.is_empty() {
                return;
            }
            for what in thrown {
                match what {
                    Thrown::Half(half) => {
                        self.end_half(half, None, DropReason::CarrierDropped, queues);
                    }
                    Thrown::Message(info) => {
                        self.leave_window(&info);
                        self.accounting.dropped(info, DropReason::Abandoned);
                    }
                }
            }
        }
    }

    /// A message that waited in a task, and not in a port's queue, does so no longer.
    pub(crate) fn leave_window(&mut self, info: &MessageInfo) {
        if let Endpoint::Window(window) | Endpoint::BroadcastChannel { window, .. } = info.to {
            let load = Load {
                messages: 1,
                bytes: info.bytes,
            };
            self.accounting.in_tasks.leave(info);
            self.accounting.loads.take(window, load);
        }
    }

    /// Whether the port was transferred or closed:
    /// [`[[Detached]]`](https://html.spec.whatwg.org/multipage/structured-data.html#detached).
    #[must_use]
    pub fn is_detached(&self, port: PortId) -> bool {
        !self.table.ports.contains(port)
    }

    /// Who has the port; none if it is detached.
    #[must_use]
    pub fn owner(&self, port: PortId) -> Option<Owner> {
        self.table.ports.get(port).map(|state| state.owner)
    }
}
