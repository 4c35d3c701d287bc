//! The workers that send or receive messages.

use std::collections::BTreeMap;

use framepost_event_loop::GlobalId;

use crate::identity::PortId;

/// The implicit ports of a dedicated worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerPorts {
    /// The [outside port](https://html.spec.whatwg.org/multipage/workers.html#concept-abstractworker-outside-port),
    /// which the global of the `Worker` object owns.
    pub outside: PortId,
    /// The [inside port](https://html.spec.whatwg.org/multipage/workers.html#concept-WorkerGlobalScope-inside-port),
    /// which the worker owns.
    pub inside: PortId,
}

/// All workers, and the implicit ports of the dedicated ones.
#[derive(Debug, Default)]
pub(crate) struct Workers(BTreeMap<GlobalId, Option<WorkerPorts>>);

impl Workers {
    pub(crate) fn add_dedicated(&mut self, worker: GlobalId, ports: WorkerPorts) {
        self.0.insert(worker, Some(ports));
    }

    pub(crate) fn add_shared(&mut self, worker: GlobalId) {
        self.0.entry(worker).or_default();
    }

    /// Returns whether it was a worker.
    pub(crate) fn remove(&mut self, global: GlobalId) -> bool {
        self.0.remove(&global).is_some()
    }

    pub(crate) fn contains(&self, global: GlobalId) -> bool {
        self.0.contains_key(&global)
    }

    pub(crate) fn ports(&self, worker: GlobalId) -> Option<WorkerPorts> {
        self.0.get(&worker).copied().flatten()
    }

    /// The dedicated worker that this outside port belongs to.
    pub(crate) fn of_outside_port(&self, port: PortId) -> Option<GlobalId> {
        // A search is enough: workers are few, and this runs once for each worker that ends.
        let mut workers = self.0.iter();
        let is_it = |ports: &WorkerPorts| ports.outside == port;
        let found = workers.find(|(_, ports)| ports.as_ref().is_some_and(is_it))?;
        Some(*found.0)
    }
}
