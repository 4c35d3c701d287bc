//! The trait through which the algorithms access an embedder's heap, realms and ports.

use framepost_browsing_context::{Contexts, NavigableId, Origin};
use framepost_event_loop::{GlobalId, HasState};

use crate::error::MessagingError;
use crate::identity::PortId;
use crate::state::{Messaging, MessagingState, Queues};
use crate::structured_clone::Heap;

/// The part of an
/// [environment settings object](https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object)
/// that posting a message needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnvironmentSettings {
    /// Its [origin](https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-origin).
    pub origin: Origin,
    /// The navigable whose WindowProxy is the global `this` value.
    pub navigable: NavigableId,
}

impl EnvironmentSettings {
    /// Settings with this origin and navigable.
    #[must_use]
    pub fn new(origin: Origin, navigable: NavigableId) -> Self {
        Self { origin, navigable }
    }
}

/// An embedder's heap together with its ports, browsing contexts and event loop.
pub trait MessagingHost: Heap + HasState<State: MessagingState> {
    /// Gives access to the ports and channels. `f` runs no script and touches no value of the heap.
    #[inline]
    fn with_messaging<R>(
        &mut self,
        f: impl FnOnce(&mut Messaging, &mut Queues<'_>, &Contexts) -> R,
    ) -> R {
        self.with_state(|state| {
            let (messaging, queues, contexts) = state.messaging();
            f(messaging, queues, contexts)
        })
    }

    /// The realm of a global; `None` once it is gone.
    fn realm_of(&mut self, global: GlobalId) -> Option<Self::Realm>;

    /// The settings object of a window; `None` if there is none.
    ///
    /// A host whose script may still run in a window that is gone (in a frame that removed itself)
    /// should answer for that window too.
    fn settings_of(&mut self, window: GlobalId) -> Option<EnvironmentSettings> {
        self.with_messaging(|_, _, contexts| {
            Some(EnvironmentSettings {
                origin: contexts.origin_of_global(window)?.clone(),
                navigable: contexts.window(window)?.navigable(),
            })
        })
    }

    /// The port of a `MessagePort` object, detached or not; `None` for any other object.
    fn port_of(&mut self, object: &Self::Object) -> Option<PortId>;

    /// Makes the exception for an error: a `DOMException` with
    /// [this name](MessagingError::dom_exception_name) in the current realm.
    fn messaging_error(&mut self, error: MessagingError) -> Self::Error;
}
