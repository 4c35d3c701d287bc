//! `ProgressEvent` ([XMLHttpRequest, interface ProgressEvent](https://xhr.spec.whatwg.org/#interface-progressevent)).

use boa_engine::{Finalize, Trace};

use crate::dom::event::{EVENT, EventInit};
use crate::dom::events::construct_event;
use crate::webidl::interface;

interface! {
    /// The `ProgressEvent` interface.
    [Exposed=(Window,Worker)]
    interface ProgressEvent(ProgressEventInit) : Event {
        constructor(DOMString type, optional ProgressEventInit eventInitDict = {}) = construct_event::<ProgressEventInit>;
        readonly attribute boolean lengthComputable = .length_computable;
        readonly attribute double loaded = .loaded;
        readonly attribute double total = .total;
    }

    #[derive(Clone, Copy, Default, Trace, Finalize)]
    #[boa_gc(empty_trace)]
    dictionary ProgressEventInit : EventInit {
        boolean lengthComputable = false;
        double loaded = 0;
        double total = 0;
    }
}
