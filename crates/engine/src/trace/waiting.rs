//! The messages of a trace that have had no end.

use std::collections::{BTreeMap, HashMap, HashSet};

use framepost_messaging::accounting::{Endpoint, MessageInfo, TraceEvent, TraceRecord};
use framepost_messaging::ports::HalfId;

use super::Place;

/// A message that waits when the trace ends.
pub(super) struct Waiting {
    pub(super) message: MessageInfo,
    /// Where, as far as the trace tells.
    pub(super) place: Place,
    /// The end of a channel in whose queue it is, if that has not been started where it is now:
    /// what people forget most.
    pub(super) not_started: Option<HalfId>,
}

impl Waiting {
    /// What is to be said of it.
    pub(super) fn text(&self) -> String {
        let id = self.message.id;
        match self.not_started {
            Some(half) => format!("{id} still waits: {half} has not been started"),
            None => format!("{id} still waits"),
        }
    }
}

/// The messages that wait when the trace ends, in the order of their posts.
pub(super) fn waiting(events: &[TraceEvent]) -> Vec<Waiting> {
    let mut posted = BTreeMap::new();
    let mut places = HashMap::new();
    let mut started = HashSet::new();
    for event in events {
        match &event.record {
            TraceRecord::Posted { message, .. } => {
                posted.insert(message.id, *message);
            }
            TraceRecord::Delivered { message } | TraceRecord::Dropped { message, .. } => {
                posted.remove(&message.id);
            }
            TraceRecord::Attached { half, owner, .. } => {
                places.insert(*half, Place::of_owner(*owner));
            }
            TraceRecord::Detached { half, .. } => {
                places.insert(*half, Place::Nowhere);
                started.remove(half);
            }
            TraceRecord::Started { half } => {
                started.insert(*half);
            }
            _ => {}
        }
    }
    let waiting = posted.into_values().map(|message| {
        let half = match message.to {
            Endpoint::Port { half, .. } => Some(half),
            _ => None,
        };
        let place = half.and_then(|half| places.get(&half)).copied();
        Waiting {
            message,
            place: place.unwrap_or_else(|| Place::of(message.to)),
            not_started: half.filter(|half| !started.contains(half)),
        }
    });
    waiting.collect()
}
