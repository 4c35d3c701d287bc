//! `ProgressEvent` ([XMLHttpRequest, interface ProgressEvent](https://xhr.spec.whatwg.org/#interface-progressevent)).

use boa_engine::{Context, Finalize, JsObject, Trace};

use crate::dom::event::{EVENT, EventInit};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::{NewEvent, construct_event};
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

/// [Fire a progress event](https://xhr.spec.whatwg.org/#concept-event-fire-progress)
#[allow(clippy::cast_precision_loss, reason = "nothing has 2^53 bytes")]
pub(crate) fn fire_progress_event(
    ctx: &mut Context,
    object: &JsObject,
    type_: &str,
    loaded: usize,
    total: usize,
) {
    let data = ProgressEventInit {
        parent: EventInit::default(),
        length_computable: total != 0,
        loaded: loaded as f64,
        total: total as f64,
    };
    let target = Target::Object(object.clone());
    let event = NewEvent::of(&PROGRESS_EVENT, data);
    event_dispatch::fire(ctx, &target, None, type_, (false, false), event);
}
