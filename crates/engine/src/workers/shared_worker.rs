//! `SharedWorker` ([HTML, shared workers and the SharedWorker interface](https://html.spec.whatwg.org/multipage/workers.html#shared-workers-and-the-sharedworker-interface)).

use super::connections::construct;
use super::worker::WorkerOptions;
use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::interface;
use crate::webidl::platform::OfObject;

interface! {
    /// The `SharedWorker` interface.
    [Exposed=Window]
    interface SharedWorker(OfObject) : EventTarget {
        constructor(USVString scriptURL, optional NameOrOptions options = {});
        readonly attribute MessagePort port = |port| port.0.clone();
        attribute EventHandler onerror;
    }

    typedef (DOMString or SharedWorkerOptions) NameOrOptions;

    // NOT YET: `sameSiteCookies`.
    dictionary SharedWorkerOptions : WorkerOptions {
        boolean extendedLifetime = false;
    }
}
