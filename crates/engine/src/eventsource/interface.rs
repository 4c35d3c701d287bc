//! `EventSource` ([HTML, the EventSource interface](https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface)).

use boa_engine::{Finalize, Trace};

use super::connection::{close, construct};
use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::interface;

pub(super) const CONNECTING: u16 = 0;
pub(super) const OPEN: u16 = 1;
pub(super) const CLOSED: u16 = 2;

/// The data of an `EventSource`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct EventSourceData {
    pub(super) url: String,
    pub(super) with_credentials: bool,
    pub(super) ready_state: u16,
    /// The number of its connection, while it is not closed.
    pub(super) number: u64,
}

interface! {
    /// The `EventSource` interface.
    [Exposed=(Window,Worker)]
    interface EventSource(EventSourceData) : EventTarget {
        constructor(USVString url, optional EventSourceInit eventSourceInitDict = {});

        readonly attribute USVString url = .url;
        readonly attribute boolean withCredentials = .with_credentials;

        const unsigned short CONNECTING = 0;
        const unsigned short OPEN = 1;
        const unsigned short CLOSED = 2;
        readonly attribute unsigned short readyState = .ready_state;

        attribute EventHandler onopen;
        attribute EventHandler onmessage;
        attribute EventHandler onerror;
        undefined close();
    }

    dictionary EventSourceInit {
        boolean withCredentials = false;
    }
}
