//! What became of the messages of a run, as a person looks at it: a timeline or a diagram.
//!
//! What happened is the messaging crate's to tell ([`TraceEvent`]). Here it is given names that mean
//! something to a person, the URLs of the documents, and written down. Nothing here writes files.

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

/// What has been recorded since it was last taken.
pub(crate) static TRACE: Slot<Trace> = Slot::new();

/// In which form a trace is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TraceFormat {
    /// [Trace events](https://perfetto.dev/docs/getting-started/other-formats#chrome-json-format)
    /// in JSON, which Perfetto opens: a track for each window, and an arrow for each message.
    Chrome,
    /// A [Mermaid sequence diagram](https://mermaid.js.org/syntax/sequenceDiagram.html).
    Mermaid,
}

impl TraceFormat {
    /// The format of a file of this name: `.json` or `.mmd`.
    #[must_use]
    pub fn of_file(name: &Path) -> Option<Self> {
        match name.extension()?.to_str()? {
            "json" => Some(Self::Chrome),
            "mmd" => Some(Self::Mermaid),
            _ => None,
        }
    }
}

/// What happened to the messages and ports of a page, in order.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    events: Vec<TraceEvent>,
    /// The windows that occur, each with the last URL that it was seen with.
    windows: BTreeMap<GlobalId, String>,
}

impl Trace {
    /// What happened.
    #[must_use]
    pub fn events(&self) -> &[TraceEvent] {
        &self.events
    }

    /// The URL of a window that occurs in the trace.
    #[must_use]
    pub fn url(&self, window: GlobalId) -> Option<&str> {
        self.windows.get(&window).map(String::as_str)
    }

    /// Writes it down.
    #[must_use]
    pub fn to_text(&self, format: TraceFormat) -> String {
        match format {
            TraceFormat::Chrome => chrome::write(self),
            TraceFormat::Mermaid => mermaid::write(self),
        }
    }

    /// Adds what has happened, while its windows can still be asked for their URLs.
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

/// The windows that an event names.
fn windows_of(event: &TraceEvent) -> impl Iterator<Item = GlobalId> {
    let named = match &event.record {
        TraceRecord::Posted { message, .. }
        | TraceRecord::Delivered { message }
        | TraceRecord::Dropped { message, .. } => [message.from.global(), message.to.global()],
        TraceRecord::Detached { owner, .. } | TraceRecord::Attached { owner, .. } => {
            [owner.global(), None]
        }
        TraceRecord::GlobalGone { global: window } => [Some(*window), None],
        _ => [None, None],
    };
    named.into_iter().chain([event.cause.global]).flatten()
}

/// Whose track or life line something belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Window(GlobalId),
    /// Rust code.
    Host,
    /// A message that carries the port, or nobody any more.
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

/// The places that a trace needs, in the order in which they first occur.
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
            // That a window which has had no messages goes is of no interest here.
            _ => {}
        }
    }
    places
}

/// What a place is called.
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

/// Which end of what a message came from or is for, in a few words.
fn role(endpoint: Endpoint) -> String {
    match endpoint {
        Endpoint::Window(_) => "window".to_owned(),
        Endpoint::Port { half, .. } => half.to_string(),
        Endpoint::BroadcastChannel { channel, .. } => channel.to_string(),
        Endpoint::Nobody => "nobody".to_owned(),
        Endpoint::Host => "Rust code".to_owned(),
        other => other.to_string(),
    }
}
