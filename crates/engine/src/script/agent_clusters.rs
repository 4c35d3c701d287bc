//! [Agent clusters](https://tc39.es/ecma262/#sec-agent-clusters): the groups of windows that share memory, by their
//! [agent cluster keys](https://html.spec.whatwg.org/multipage/webappapis.html#agent-cluster-key).

use boa_engine::Context;
use boa_engine::realm::Realm;
use framepost_boa::new_agent_cluster;
use framepost_browsing_context::AgentClusterKey;
use framepost_event_loop::GlobalId;
use framepost_messaging::structured_clone::AgentCluster;

use crate::boa::slots::Slot;
use crate::script::realm::window_of;
use crate::script::with_contexts;

/// The agent clusters of the agent's windows.
static AGENT_CLUSTERS: Slot<AgentClusters> = Slot::new();

/// Numbers the agent clusters of one event loop, when a message first needs the number.
#[derive(Debug, Default)]
struct AgentClusters {
    // Whether all windows are isolated, regardless of their headers.
    isolated: bool,
    numbers: Vec<(AgentClusterKey, AgentCluster)>,
}

/// Sets for a new agent whether all its windows are isolated.
pub(crate) fn install(ctx: &Context, isolated: bool) {
    AGENT_CLUSTERS.with(ctx, |clusters| clusters.isolated = isolated);
}

impl AgentClusters {
    fn number(&mut self, key: AgentClusterKey) -> AgentCluster {
        if let Some((_, number)) = self.numbers.iter().find(|(known, _)| *known == key) {
            return *number;
        }
        let number = new_agent_cluster();
        self.numbers.push((key, number));
        number
    }
}

/// [The cross-origin isolated capability](https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-cross-origin-isolated-capability)
pub(crate) fn cross_origin_isolated(ctx: &Context, window: GlobalId) -> bool {
    AGENT_CLUSTERS.with(ctx, |agent_clusters| agent_clusters.isolated)
        || with_contexts(ctx, |contexts| contexts.is_cross_origin_isolated(window))
}

/// Returns the agent cluster of a realm whose window may share memory.
pub(crate) fn of_realm(ctx: &Context, realm: &Realm) -> Option<AgentCluster> {
    let window = window_of(realm)?;
    if !cross_origin_isolated(ctx, window) {
        return None;
    }
    let key = with_contexts(ctx, |contexts| contexts.agent_cluster_key(window).cloned())?;
    Some(AGENT_CLUSTERS.with(ctx, |agent_clusters| agent_clusters.number(key)))
}
