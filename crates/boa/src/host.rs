//! A Boa context as the heap and host of `framepost-messaging`.

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject};
use framepost_browsing_context::Contexts;
use framepost_event_loop::{GlobalId, HasState};
use framepost_messaging::structured_clone::AgentCluster;
use framepost_messaging::{
    EnvironmentSettings, Messaging, MessagingError, MessagingHost, MessagingState, Queues,
};

use crate::port_objects::{self, PORT_OBJECTS, PortObjects};
use crate::webidl::exception;

/// What an embedder of Boa knows that messages need: the state of the messaging crate, and which realm belongs to which
/// global.
///
/// Its functions take the context of an agent, so the trait needs no value. A type without values implements it.
pub trait Embedder: 'static {
    /// The state that contains the ports and channels.
    type State: MessagingState;

    /// Gives access to the state. `f` must not allocate objects of Boa.
    fn with_state<R>(ctx: &Context, f: impl FnOnce(&mut Self::State) -> R) -> R;

    /// Gives access to the ports and channels, and then updates what keeps the objects of ports alive. `f` must not
    /// allocate objects of Boa.
    #[inline]
    fn with_messaging<R>(
        ctx: &Context,
        f: impl FnOnce(&mut Messaging, &mut Queues<'_>, &Contexts) -> R,
    ) -> R {
        let (result, changed) = Self::with_state(ctx, |state| {
            let (messaging, queues, contexts) = state.messaging();
            let result = f(messaging, queues, contexts);
            let changed = messaging.has_reachability_changes()
                && PORT_OBJECTS.with(ctx, |objects| objects.take_changes(messaging));
            (result, changed)
        });
        if changed {
            PORT_OBJECTS.with(ctx, PortObjects::apply);
        }
        result
    }

    /// The realm of a global; `None` once it is gone.
    fn realm_of(ctx: &Context, global: GlobalId) -> Option<Realm>;

    /// The [settings object](https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object) of a
    /// global that can post messages to windows; `None` if there is none.
    fn settings_of(ctx: &Context, global: GlobalId) -> Option<EnvironmentSettings>;

    /// The agent cluster of a realm that may share memory; `None` if it may not.
    fn agent_cluster_of(ctx: &Context, realm: &Realm) -> Option<AgentCluster>;
}

/// Names a new agent cluster. Messages cross threads, so the names are unique in the process.
#[doc(hidden)]
#[must_use]
pub fn new_agent_cluster() -> AgentCluster {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    AgentCluster(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A Boa context, through which the algorithms of `framepost-messaging` access the heap and the state of an embedder.
pub struct BoaHost<'a, E>(pub(crate) &'a mut Context, PhantomData<E>);

impl<'a, E: Embedder> BoaHost<'a, E> {
    /// Borrows a context of this embedder.
    #[inline]
    pub fn new(ctx: &'a mut Context) -> Self {
        Self(ctx, PhantomData)
    }

    /// The context.
    pub fn context(&mut self) -> &mut Context {
        self.0
    }
}

impl<E> fmt::Debug for BoaHost<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoaHost").finish_non_exhaustive()
    }
}

impl<E: Embedder> HasState for BoaHost<'_, E> {
    type State = E::State;

    #[inline]
    fn with_state<R>(&mut self, f: impl FnOnce(&mut E::State) -> R) -> R {
        E::with_state(self.0, f)
    }
}

impl<E: Embedder> MessagingHost for BoaHost<'_, E> {
    #[inline]
    fn with_messaging<R>(
        &mut self,
        f: impl FnOnce(&mut Messaging, &mut Queues<'_>, &Contexts) -> R,
    ) -> R {
        E::with_messaging(self.0, f)
    }

    fn realm_of(&mut self, global: GlobalId) -> Option<Realm> {
        E::realm_of(self.0, global)
    }

    fn settings_of(&mut self, global: GlobalId) -> Option<EnvironmentSettings> {
        E::settings_of(self.0, global)
    }

    fn port_of(&mut self, object: &JsObject) -> Option<framepost_messaging::ports::PortId> {
        port_objects::as_port(object)
    }

    fn messaging_error(&mut self, error: MessagingError) -> JsError {
        exception::throw(error.dom_exception_name(), &error.to_string(), self.0)
    }
}
