//! Finds the messages that are still queued when a trace ends.

use framepost_event_loop::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

use framepost_messaging::accounting::{Endpoint, MessageInfo, TraceEvent, TraceRecord};
use framepost_messaging::ports::HalfId;

use super::Place;

/// A message that is still queued when the trace ends.
pub(super) struct Waiting {
    pub(super) message: MessageInfo,
    /// The place of the message, as far as the trace shows.
    pub(super) place: Place,
    /// The port half whose queue holds the message, if it was not started at its current place. A
    /// missing `start()` is the most frequent mistake.
    pub(super) not_started: Option<HalfId>,
}

impl Waiting {
    /// Returns the text that describes the message.
    pub(super) fn text(&self) -> String {
        let id = self.message.id;
        match self.not_started {
            Some(half) => format!("{id} still waits: {half} has not been started"),
            None => format!("{id} still waits"),
        }
    }
}

/// Returns the messages that are still queued when the trace ends, in the order in which they were
/// posted.
pub(super) fn waiting(events: &[TraceEvent]) -> Vec<Waiting> {
    let mut posted = BTreeMap::new();
    let mut places = FxHashMap::default();
    let mut started = FxHashSet::default();
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
