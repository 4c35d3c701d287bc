//! Creating channels and moving their ends.

use std::sync::Arc;

use thiserror::Error;

use crate::accounting::TraceRecord;
use crate::half::Half;
use crate::identity::{Owner, PortId};
use crate::state::{HalfLocation, Messaging, Queues};

/// The port was transferred or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} is detached")]
pub struct PortDetached(pub PortId);

/// The half belongs to another [`Messaging`] and is given back.
#[derive(Debug, Error)]
#[error("{} belongs to another table of ports", .0.id())]
pub struct ForeignHalf(pub Half);

impl Messaging {
    /// The [`MessageChannel()` constructor](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messagechannel):
    /// creates two entangled ports with the same owner.
    pub fn create_channel(&mut self, owner: Owner) -> (PortId, PortId) {
        self.create_channel_between(owner, owner)
    }

    /// Creates two entangled ports with different owners, for example a page and its worker
    /// ([entangle](https://html.spec.whatwg.org/multipage/web-messaging.html#entangle)).
    pub fn create_channel_between(&mut self, one: Owner, other: Owner) -> (PortId, PortId) {
        let (port1, half1) = self.table.add(one);
        let (port2, half2) = self.table.add(other);
        // 1. Both ports are new, so neither is entangled yet.
        // 2. Associate the two.
        for (half, peer) in [(half1, half2), (half2, half1)] {
            if let Some(state) = self.table.halves.get_mut(half) {
                state.peer = Some(peer);
            }
        }
        self.accounting.record(TraceRecord::Created {
            halves: (half1, half2),
        });
        (port1, port2)
    }

    /// The [transfer steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps):
    /// takes the port from its owner. It keeps its queue and stays entangled; its tokens become
    /// stale.
    ///
    /// # Errors
    /// The port is already detached.
    pub fn detach(&mut self, port: PortId) -> Result<Half, PortDetached> {
        // 1. A shipped port needs no flag: its `PortId` is gone.
        let state = self.table.disown(port).ok_or(PortDetached(port))?;
        let half = state.half;
        // 2. and 3. The queue and the peer belong to the half, so they move with it.
        if let Some(moved) = self.table.halves.get_mut(half) {
            moved.location = HalfLocation::InTransit;
            if let Owner::Global(global) = state.owner {
                self.accounting.loads.take(global, moved.load);
            }
        }
        self.table.half_changed(half);
        self.accounting.record(TraceRecord::Detached {
            half,
            port,
            owner: state.owner,
        });
        Ok(Half::new(half, Arc::clone(&self.accounting.drop_reports)))
    }

    /// The [transfer-receiving steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-receiving-steps):
    /// gives the half to a new owner. The new port is disabled and has the messages that arrived
    /// during the transit. If the peer ended during the transit, `close` follows.
    ///
    /// # Errors
    /// A half of another [`Messaging`] is given back.
    pub fn attach(
        &mut self,
        queues: &mut Queues<'_>,
        owner: Owner,
        half: Half,
    ) -> Result<PortId, ForeignHalf> {
        self.process_drops(queues);
        if !half.belongs_to(&self.accounting.drop_reports) || !self.table.halves.contains(half.id())
        {
            return Err(ForeignHalf(half));
        }
        // 2. and 3. The half keeps its queue and its peer.
        let half = half.arrive();
        let port = self.table.own(owner, half);
        self.table.half_changed(half);
        let state = self.table.halves.get(half);
        let load = state.map(|state| state.load).unwrap_or_default();
        if let Owner::Global(global) = owner {
            self.accounting.loads.add(global, load);
        }
        self.accounting.record(TraceRecord::Attached {
            half,
            port,
            owner,
            waiting: load.messages,
        });
        if state.is_some_and(|state| state.closing) {
            self.queue_close_token(queues, port);
        }
        Ok(port)
    }
}
