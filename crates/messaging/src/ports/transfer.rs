//! Creating channels, and moving their ends
//! ([transfer steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps)
//! and [transfer-receiving steps](https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-receiving-steps)).

use std::sync::Arc;

use thiserror::Error;

use super::table::Place;
use super::{Half, Owner, PortId};
use crate::accounting::TraceRecord;
use crate::messaging::{Messaging, Queues};

/// The port is gone: it was transferred or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} is detached")]
pub struct Gone(pub PortId);

/// The half comes from another [`Messaging`] and is given back.
#[derive(Debug, Error)]
#[error("{} belongs to another table of ports", .0.id())]
pub struct ForeignHalf(pub Half);

impl Messaging {
    /// The [`MessageChannel()` constructor](https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messagechannel):
    /// two entangled ports, both at this owner.
    pub fn create_channel(&mut self, owner: Owner) -> (PortId, PortId) {
        self.create_channel_between(owner, owner)
    }

    /// Two entangled ports, each at its own owner: as when a page connects to a worker.
    pub fn create_channel_between(&mut self, one: Owner, other: Owner) -> (PortId, PortId) {
        let (port1, half1) = self.table.add(one);
        let (port2, half2) = self.table.add(other);
        // Entangle: neither can have been entangled before.
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

    /// The transfer steps: takes the port from its owner. Its queue goes along, its tokens become
    /// stale, and it stays entangled.
    ///
    /// # Errors
    /// The port is detached already.
    pub fn detach(&mut self, port: PortId) -> Result<Half, Gone> {
        let state = self.table.disown(port).ok_or(Gone(port))?;
        let half = state.half;
        if let Some(moved) = self.table.halves.get_mut(half) {
            moved.place = Place::Transit { inside: None };
            if let Owner::Window(window) = state.owner {
                self.accounting.loads.take(window, moved.load);
            }
        }
        self.table.half_changed(half);
        self.accounting.record(TraceRecord::Detached {
            half,
            port,
            owner: state.owner,
        });
        Ok(Half::new(half, Arc::clone(&self.accounting.bin)))
    }

    /// The transfer-receiving steps: gives the half to a new owner, disabled, with all that its
    /// queue has gathered. If its peer has ended meanwhile, `close` is on its way.
    ///
    /// # Errors
    /// A half of another table is given back.
    pub fn attach(
        &mut self,
        owner: Owner,
        half: Half,
        queues: &mut Queues<'_>,
    ) -> Result<PortId, ForeignHalf> {
        self.settle(queues);
        if !half.belongs_to(&self.accounting.bin) || !self.table.halves.contains(half.id()) {
            return Err(ForeignHalf(half));
        }
        let half = half.arrive();
        let port = self.table.own(owner, half);
        self.table.half_changed(half);
        let state = self.table.halves.get(half);
        let load = state.map(|state| state.load).unwrap_or_default();
        if let Owner::Window(window) = owner {
            self.accounting.loads.add(window, load);
        }
        self.accounting.record(TraceRecord::Attached {
            half,
            port,
            owner,
            waiting: load.messages,
        });
        if state.is_some_and(|state| state.closing) {
            self.queue_close_token(port, queues);
        }
        Ok(port)
    }
}
