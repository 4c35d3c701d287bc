//! The state of all ports.

use std::collections::{BTreeSet, HashMap, VecDeque};

use framepost_event_loop::{Arena, GlobalId, new_key_type};

use super::{HalfId, LifetimeChange};
use crate::accounting::{Endpoint, Envelope, Load};
use crate::host::MessageTarget;
use crate::structured_clone::Message;

new_key_type! {
    /// Names a port for as long as one owner has it: what a script engine's `MessagePort` object
    /// holds. Once the port is transferred or closed the name is gone for good, which is what
    /// [`[[Detached]]`](https://html.spec.whatwg.org/multipage/structured-data.html#detached) is.
    pub struct PortId: "port";
}

/// Who has a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Owner {
    /// A window, or the global scope of a worker: its realm receives the messages, in tasks of its
    /// document or event loop.
    Window(GlobalId),
    /// Rust code: messages come out as data, in tasks without a document.
    Host,
}

impl Owner {
    /// The window, if it is one.
    #[must_use]
    pub fn window(self) -> Option<GlobalId> {
        match self {
            Self::Window(window) => Some(window),
            Self::Host => None,
        }
    }
}

/// Where a half is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Owned under this name.
    Port(PortId),
    /// A value: in a message in the queue of another half, or, if that is none, somewhere that
    /// the embedder can still get at.
    Transit { inside: Option<HalfId> },
}

#[derive(Debug)]
pub(crate) struct HalfState {
    pub(crate) place: Place,
    /// The other end, as long as there is one: entangled. It names this one as its peer.
    pub(crate) peer: Option<HalfId>,
    /// The peer has ended, and `close` has not fired here yet. Never true while there is a peer.
    pub(crate) closing: bool,
    /// The port message queue.
    pub(crate) queue: VecDeque<Envelope<Message>>,
    pub(crate) load: Load,
    /// How many messages in the queue carry halves.
    pub(crate) carriers: usize,
}

/// What an owner has of a half.
#[derive(Debug)]
pub(crate) struct PortState {
    pub(crate) half: HalfId,
    pub(crate) owner: Owner,
    pub(crate) enabled: bool,
    /// Tokens of this port in the owner's loop.
    pub(crate) tokens: usize,
    /// Whether somebody listens to it, as the embedder last said.
    pub(crate) has_listener: bool,
    /// Its [message event target](https://html.spec.whatwg.org/multipage/web-messaging.html#message-event-target),
    /// when that is not the port itself.
    pub(crate) event_target: Option<MessageTarget>,
}

#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) halves: Arena<HalfId, HalfState>,
    pub(crate) ports: Arena<PortId, PortState>,
    /// The ports that each window owns; sorted by creation.
    pub(crate) of_window: HashMap<GlobalId, BTreeSet<PortId>>,
    /// Ports that were disowned with tokens in their owner's loop, which are still to be removed.
    pub(crate) disowned_with_tokens: Vec<(PortId, Owner)>,
    /// What has changed for a collector; `None` if nobody wants to know.
    pub(crate) lifetime_changes: Option<Vec<LifetimeChange>>,
}

impl Table {
    /// Adds a half at an owner, without a peer.
    pub(crate) fn add(&mut self, owner: Owner) -> (PortId, HalfId) {
        let half = self.halves.insert(HalfState {
            place: Place::Transit { inside: None },
            peer: None,
            closing: false,
            queue: VecDeque::new(),
            load: Load::default(),
            carriers: 0,
        });
        (self.own(owner, half), half)
    }

    /// Gives a half to an owner, disabled.
    pub(crate) fn own(&mut self, owner: Owner, half: HalfId) -> PortId {
        let port = self.ports.insert(PortState {
            half,
            owner,
            enabled: false,
            tokens: 0,
            has_listener: false,
            event_target: None,
        });
        if let Some(state) = self.halves.get_mut(half) {
            state.place = Place::Port(port);
        }
        if let Owner::Window(window) = owner {
            self.of_window.entry(window).or_default().insert(port);
        }
        port
    }

    /// Takes a port from its owner.
    pub(crate) fn disown(&mut self, port: PortId) -> Option<PortState> {
        let state = self.ports.remove(port)?;
        if state.tokens > 0 {
            self.disowned_with_tokens.push((port, state.owner));
        }
        self.port_changed(port);
        if let Owner::Window(window) = state.owner
            && let Some(ports) = self.of_window.get_mut(&window)
        {
            ports.remove(&port);
            if ports.is_empty() {
                self.of_window.remove(&window);
            }
        }
        Some(state)
    }

    pub(crate) fn half_of(&self, port: PortId) -> Option<HalfId> {
        self.ports.get(port).map(|state| state.half)
    }

    pub(crate) fn peer_of(&self, port: PortId) -> Option<HalfId> {
        self.halves.get(self.half_of(port)?)?.peer
    }

    /// The owner of a half, unless it is in transit.
    pub(crate) fn owner_of(&self, half: HalfId) -> Option<(PortId, &PortState)> {
        match self.halves.get(half)?.place {
            Place::Port(port) => Some((port, self.ports.get(port)?)),
            Place::Transit { .. } => None,
        }
    }

    pub(crate) fn window_of(&self, half: HalfId) -> Option<GlobalId> {
        self.owner_of(half)
            .and_then(|(_, port)| port.owner.window())
    }

    pub(crate) fn endpoint(&self, half: HalfId) -> Endpoint {
        Endpoint::Port {
            half,
            window: self.window_of(half),
        }
    }
}
