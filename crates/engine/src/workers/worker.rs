//! `Worker` ([HTML, dedicated workers and the Worker interface](https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface)).

use boa_engine::{Finalize, Trace};
use framepost_boa::enumerations::WorkerType;
use framepost_event_loop::GlobalId;

use super::dedicated_workers::{construct, terminate};
use crate::dom::event_target::EVENT_TARGET;
use crate::fetch::request::RequestCredentials;
use crate::messaging::port_steps::post_message_to;
use crate::messaging::post_message::PostOptions;
use crate::script::port_objects::hidden_port;
use crate::webidl::interface;
use crate::webidl::receiver::receivers;

/// The data of a `Worker`: empty if the global that created it was gone.
#[derive(Clone, Copy, Default, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct WorkerData {
    pub(super) worker: Option<GlobalId>,
}

receivers!(WorkerData);

interface! {
    /// The `Worker` interface.
    [Exposed=(Window,Worker)]
    interface Worker(WorkerData) : EventTarget {
        constructor(USVString scriptURL, optional WorkerOptions options = {});

        undefined terminate();
        undefined postMessage(any message, optional PostOptions options) = |this, message, options, cx| match hidden_port(this) {
            Some(port) => post_message_to(port, this, &message, options, cx),
            None => Ok(()),
        };

        attribute EventHandler onmessage;
        attribute EventHandler onmessageerror;
        attribute EventHandler onerror;
    }

    dictionary WorkerOptions {
        DOMString name = "";
        WorkerType type = "classic";
        RequestCredentials credentials = "same-origin";
    }
}

impl From<WorkerOptions> for framepost_browsing_context::WorkerOptions {
    fn from(options: WorkerOptions) -> Self {
        Self::new()
            .with_name(options.name)
            .with_type(options.type_)
            .with_credentials(options.credentials)
    }
}
