//! Traces: what happened to the messages of a run, written as a timeline or a diagram.
//!
//! The messaging crate records the events ([`TraceEvent`]). This module adds readable names, such
//! as the URLs of documents, and formats them. It writes no files.

mod chrome;
mod mermaid;
#[cfg(test)]
mod tests;
mod waiting;

use std::collections::BTreeMap;
use std::path::Path;

use framepost_browsing_context::Contexts;
use framepost_event_loop::GlobalId;
use framepost_messaging::accounting::{Endpoint, TraceEvent, TraceRecord};
use framepost_messaging::ports::Owner;

use crate::boa::slots::Slot;

/// The events recorded since the trace was last taken.
pub(crate) static TRACE: Slot<Trace> = Slot::new();

/// The output format of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceFormat {
    /// [Trace events](https://perfetto.dev/docs/getting-started/other-formats#chrome-json-format)
    /// in JSON, for Perfetto: one track per window, and one arrow per message.
    Chrome,
    /// A [Mermaid sequence diagram](https://mermaid.js.org/syntax/sequenceDiagram.html).
    Mermaid,
}

impl TraceFormat {
    /// Returns the format for a file name that ends in `.json` or `.mmd`.
    #[must_use]
    pub fn of_file(name: &Path) -> Option<Self> {
        match name.extension()?.to_str()? {
            "json" => Some(Self::Chrome),
            "mmd" => Some(Self::Mermaid),
            _ => None,
        }
    }
}

/// The record of what happened to the messages and ports of a page, in order.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    events: Vec<TraceEvent>,
    /// The windows that the events name, each with its last known URL.
    windows: BTreeMap<GlobalId, String>,
}

impl Trace {
    /// Returns the events, in order.
    #[must_use]
    pub fn events(&self) -> &[TraceEvent] {
        &self.events
    }

    /// Returns the last known URL of a window that the trace names.
    #[must_use]
    pub fn url(&self, window: GlobalId) -> Option<&str> {
        self.windows.get(&window).map(String::as_str)
    }

    /// Formats the trace.
    #[must_use]
    pub fn to_text(&self, format: TraceFormat) -> String {
        match format {
            TraceFormat::Chrome => chrome::write(self),
            TraceFormat::Mermaid => mermaid::write(self),
        }
    }

    /// Adds events. Call this while the windows still exist, because their URLs are looked up.
    pub(crate) fn add(&mut self, events: Vec<TraceEvent>, contexts: &Contexts) {
        for event in &events {
            for window in windows_of(event) {
                let url = contexts.url_of_global(window).map(ToString::to_string);
                match url {
                    Some(url) => {
                        self.windows.insert(window, url);
                    }
                    None => {
                        self.windows.entry(window).or_default();
                    }
                }
            }
        }
        self.events.extend(events);
    }
}

/// Returns the windows that an event names.
fn windows_of(event: &TraceEvent) -> impl Iterator<Item = GlobalId> {
    let named = match &event.record {
        TraceRecord::Posted { message, .. }
        | TraceRecord::Delivered { message }
        | TraceRecord::Dropped { message, .. } => [message.from.global(), message.to.global()],
        TraceRecord::Detached { owner, .. } | TraceRecord::Attached { owner, .. } => {
            [owner.global(), None]
        }
        TraceRecord::GlobalDestroyed { global: window } => [Some(*window), None],
        TraceRecord::Lock { global, .. } => [Some(*global), None],
        TraceRecord::Request { global, .. } => [*global, None],
        _ => [None, None],
    };
    named.into_iter().chain([event.cause.global]).flatten()
}

/// The owner of a track or lifeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Window(GlobalId),
    /// Rust code.
    Host,
    /// No owner: a message carries the port, or the port is gone.
    Nowhere,
}

impl Place {
    fn of(endpoint: Endpoint) -> Self {
        match endpoint {
            Endpoint::Host => Self::Host,
            other => other.global().map_or(Self::Nowhere, Self::Window),
        }
    }

    fn of_owner(owner: Owner) -> Self {
        owner.global().map_or(Self::Host, Self::Window)
    }
}

/// Returns the places that a trace names, in order of first occurrence.
fn places(trace: &Trace) -> Vec<Place> {
    let mut places = Vec::new();
    let mut add = |place| {
        if !places.contains(&place) {
            places.push(place);
        }
    };
    for event in &trace.events {
        match &event.record {
            TraceRecord::Posted { message, .. } | TraceRecord::Dropped { message, .. } => {
                add(Place::of(message.from));
                add(Place::of(message.to));
            }
            TraceRecord::Delivered { message } => add(Place::of(message.to)),
            TraceRecord::Detached { owner, .. } | TraceRecord::Attached { owner, .. } => {
                add(Place::of_owner(*owner));
            }
            TraceRecord::Lock { global, .. }
            | TraceRecord::Request {
                global: Some(global),
                ..
            } => add(Place::Window(*global)),
            // Skip the end of a window without messages.
            _ => {}
        }
    }
    places
}

/// Returns the displayed name of a place.
fn name(trace: &Trace, place: Place) -> String {
    match place {
        Place::Window(window) => match trace.url(window) {
            Some(url) if !url.is_empty() => format!("{window} {url}"),
            _ => window.to_string(),
        },
        Place::Host => "Rust code".to_owned(),
        Place::Nowhere => "on the way".to_owned(),
    }
}

/// Returns a short name for the sender or receiver of a message.
fn role(endpoint: Endpoint) -> String {
    match endpoint {
        Endpoint::Window(_) => "window".to_owned(),
        Endpoint::Port { half, .. } => half.to_string(),
        Endpoint::BroadcastChannel { channel, .. } => channel.to_string(),
        Endpoint::Storage { kind, .. } => kind.to_string(),
        Endpoint::Nobody => "nobody".to_owned(),
        Endpoint::Host => "Rust code".to_owned(),
        other => other.to_string(),
    }
}
