//! The [Window](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object), as
//! far as it is not the embedder's global object.

use core::time::Duration;

use framepost_event_loop::{ClientId, GlobalId};

use super::NewDocument;
use crate::ids::NavigableId;
use crate::origin::Origin;

/// The group of global objects that may share memory and objects
/// ([agent cluster key](https://html.spec.whatwg.org/multipage/webappapis.html#agent-cluster-key)):
/// the origin, because this crate keys all clusters by origin.
// SPEC-ISSUE: the standard's default key is the site. The difference is visible only in shared memory, which the
// origins of a site cannot exchange here. `document.domain` works as usual.
pub type AgentClusterKey = Origin;

/// [Transient activation duration](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation-duration).
// IMPLEMENTATION-DEFINED: the standard leaves it open; browsers use five seconds.
const TRANSIENT_ACTIVATION_DURATION: Duration = Duration::from_secs(5);

/// A window.
#[derive(Clone, Debug)]
pub struct Window {
    id: GlobalId,
    navigable: NavigableId,
    pub(super) document: ClientId,
    agent_cluster_key: AgentClusterKey,
    cross_origin_isolated: bool,
    last_activation: LastActivation,
}

/// A window's [last activation timestamp](https://html.spec.whatwg.org/multipage/interaction.html#last-activation-timestamp).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LastActivation {
    /// The user has not acted on the window.
    #[default]
    Never,
    /// The user has acted, and the activation was consumed.
    Consumed,
    /// The user acted at this time of the loop's clock.
    At(Duration),
}

impl Window {
    pub(super) fn new(new: &NewDocument, document: ClientId) -> Self {
        Self {
            id: new.window,
            navigable: new.navigable,
            document,
            agent_cluster_key: new.origin.clone(),
            cross_origin_isolated: new.cross_origin_isolated,
            last_activation: LastActivation::default(),
        }
    }

    /// Its key.
    #[must_use]
    pub fn id(&self) -> GlobalId {
        self.id
    }

    /// The navigable whose document it belongs or belonged to.
    #[must_use]
    pub fn navigable(&self) -> NavigableId {
        self.navigable
    }

    /// Its [associated document](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-document-window).
    #[must_use]
    pub fn document(&self) -> ClientId {
        self.document
    }

    /// The key of its agent cluster.
    #[must_use]
    pub fn agent_cluster_key(&self) -> &AgentClusterKey {
        &self.agent_cluster_key
    }

    /// Whether it has the cross-origin isolated capability.
    pub(crate) fn cross_origin_isolated(&self) -> bool {
        self.cross_origin_isolated
    }

    /// [Sticky activation](https://html.spec.whatwg.org/multipage/interaction.html#sticky-activation)
    pub(crate) fn has_sticky_activation(&self) -> bool {
        self.last_activation != LastActivation::Never
    }

    /// [Transient activation](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation)
    pub(crate) fn has_transient_activation(&self, now: Duration) -> bool {
        match self.last_activation {
            LastActivation::At(then) => now >= then && now < then + TRANSIENT_ACTIVATION_DURATION,
            LastActivation::Never | LastActivation::Consumed => false,
        }
    }

    pub(crate) fn set_last_activation(&mut self, last: LastActivation) {
        self.last_activation = last;
    }
}
