//! The agents of documents and workers.

use framepost_event_loop::{AgentId, ClientId, FxHashMap, GlobalId, Key as _, TaskQueues};

use super::AgentClusterKey;
use crate::Contexts;
use crate::origin::Origin;
use crate::steps::ContextTask;

/// The numbers of the [similar-origin window agents](https://html.spec.whatwg.org/multipage/webappapis.html#similar-origin-window-agent)
/// whose agent cluster key is a tuple origin.
#[derive(Debug, Default)]
pub(super) struct AgentNumbers {
    // Looked up, never iterated.
    numbers: FxHashMap<AgentClusterKey, u64>,
}

/// The lowest bits of an agent's number tell the kinds apart.
const OPAQUE: u64 = 1;
const WORKER: u64 = 2;

impl Contexts {
    /// [Obtain a similar-origin window agent](https://html.spec.whatwg.org/multipage/webappapis.html#obtain-similar-origin-window-agent)
    /// for a document.
    // IMPLEMENTATION-DEFINED: all agents share one event loop. Their numbers say which tasks have an order.
    pub(crate) fn obtain_a_window_agent(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        key: &AgentClusterKey,
    ) {
        let number = match key {
            Origin::Opaque(opaque) => opaque.number() << 2 | OPAQUE,
            Origin::Tuple(_) => {
                #[allow(
                    clippy::mutable_key_type,
                    reason = "only the cached serialization changes, which the hash ignores"
                )]
                let numbers = &mut self.documents.agents.numbers;
                let next = numbers.len() as u64;
                // OPTIMIZATION: the key is copied only once.
                let number = match numbers.get(key) {
                    Some(number) => *number,
                    None => *numbers.entry(key.clone()).or_insert(next),
                };
                number << 2
            }
        };
        queues.set_agent(document, AgentId(number));
    }

    /// [Obtain a dedicated/shared worker agent](https://html.spec.whatwg.org/multipage/webappapis.html#obtain-a-dedicated/shared-worker-agent)
    /// for the event loop of a worker: each worker has one of its own.
    pub(crate) fn obtain_a_worker_agent(
        queues: &mut dyn TaskQueues<ContextTask>,
        event_loop: ClientId,
        worker: GlobalId,
    ) {
        queues.set_agent(event_loop, AgentId(worker.serial() << 2 | WORKER));
    }
}
