//! The engine as the embedder of `framepost-boa`, and so as the messaging crate's host.

use boa_engine::Context;
use boa_engine::realm::Realm;
use framepost_boa::{BoaHost, Embedder};
use framepost_browsing_context::Contexts;
use framepost_event_loop::GlobalId;
use framepost_messaging::structured_clone::AgentCluster;
use framepost_messaging::{EnvironmentSettings, Messaging, Queues};

use super::realm::{self, origin_of_window};
use super::state::{World, state};
use super::{agent_clusters, with_messaging_and_contexts};

/// The engine.
#[derive(Debug)]
pub(crate) enum Engine {}

/// The messaging crate's host.
pub(crate) type MessageHost<'a> = BoaHost<'a, Engine>;

impl Embedder for Engine {
    type State = World;

    #[inline]
    fn with_state<R>(ctx: &Context, f: impl FnOnce(&mut World) -> R) -> R {
        f(&mut state(ctx).world.borrow_mut())
    }

    /// Records what happens in the trace, too.
    #[inline]
    fn with_messaging<R>(
        ctx: &Context,
        f: impl FnOnce(&mut Messaging, &mut Queues<'_>, &Contexts) -> R,
    ) -> R {
        with_messaging_and_contexts(ctx, f)
    }

    fn realm_of(ctx: &Context, window: GlobalId) -> Option<Realm> {
        realm::realm_of_window(ctx, window)
    }

    fn settings_of(ctx: &Context, window: GlobalId) -> Option<EnvironmentSettings> {
        Some(EnvironmentSettings::new(
            origin_of_window(ctx, window)?,
            realm::navigable_of(ctx, window)?,
        ))
    }

    fn agent_cluster_of(ctx: &Context, realm: &Realm) -> Option<AgentCluster> {
        agent_clusters::of_realm(ctx, realm)
    }
}
