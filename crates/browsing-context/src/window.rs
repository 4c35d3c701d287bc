//! Windows ([HTML, the Window object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object)),
//! as far as they are not the embedder's global objects.

use framepost_event_loop::{ClientId, GlobalId};

use crate::Origin;
use crate::navigable::NavigableId;
use crate::user_activation::LastActivation;

/// Which documents may share memory and objects
/// ([agent cluster key](https://html.spec.whatwg.org/multipage/webappapis.html#agent-cluster-key)):
/// the origin, for this crate keys all clusters by origin.
// SPEC-ISSUE: sites, not origins, are the standard's default key; the difference is only that
// `document.domain` then works across the origins of a site, which it does here as well, and that
// shared memory may not pass between them here.
pub type AgentClusterKey = Origin;

/// A window.
#[derive(Clone, Debug)]
pub struct Window {
    pub(crate) id: GlobalId,
    pub(crate) navigable: NavigableId,
    pub(crate) document: ClientId,
    pub(crate) agent_cluster_key: AgentClusterKey,
    pub(crate) cross_origin_isolated: bool,
    pub(crate) last_activation: LastActivation,
}

impl Window {
    /// Its name for those who hold it.
    #[must_use]
    pub fn id(&self) -> GlobalId {
        self.id
    }

    /// The navigable it is or was shown in.
    #[must_use]
    pub fn navigable(&self) -> NavigableId {
        self.navigable
    }

    /// [The associated document](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-document-window).
    #[must_use]
    pub fn document(&self) -> ClientId {
        self.document
    }

    /// The key of its agent cluster.
    #[must_use]
    pub fn agent_cluster_key(&self) -> &AgentClusterKey {
        &self.agent_cluster_key
    }
}
