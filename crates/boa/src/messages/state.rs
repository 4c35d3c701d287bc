//! The state of a context with messages: the world of the three library crates, and the agent that runs its tasks.

use std::convert::Infallible;
use std::fmt;
use std::rc::Rc;

use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject};
use framepost_browsing_context::loader::Loader as _;
use framepost_browsing_context::{
    ClientId, Effect, EffectHost as ContextHost, MemoryLoader, NavigableId, drive,
};
use framepost_event_loop::{
    Agent, FxHashMap, GlobalId, HasState, Queued, perform_a_microtask_checkpoint,
};
use framepost_messaging::accounting::DroppedMessage;
use framepost_messaging::structured_clone::AgentCluster;
use framepost_messaging::{EnvironmentSettings, Task};

use super::delivery;
use super::event_targets::EventTargets;
use super::message_port::MESSAGE_PORT;
use crate::boa::slots::Slot;
use crate::host::{BoaHost, Embedder, new_agent_cluster};
use crate::port_objects::PORT_OBJECTS;
use crate::ports::{PortEmbedder, account_for_the_collected};
use crate::webidl::Interface;

/// The state of the context.
pub(super) static WORLD: Slot<World> = Slot::new();

/// The state of the library crates. Boa's jobs stay in the context's own job executor. No timer is ever set.
pub(super) type State = framepost_messaging::State<Task, Infallible>;

/// A program's function for dropped messages.
pub(super) type OnDropped = Rc<dyn Fn(&DroppedMessage)>;

/// A realm with messages.
#[derive(Clone)]
pub(super) struct RealmRecord {
    pub(super) realm: Realm,
    /// Its global object.
    pub(super) global: JsObject,
    /// The target of the messages that are posted to the realm.
    pub(super) target: JsObject,
    pub(super) navigable: NavigableId,
}

/// The state.
pub(super) struct World {
    pub(super) state: State,
    pub(super) realms: FxHashMap<GlobalId, RealmRecord>,
    /// The document whose origin all realms have.
    pub(super) opener: Option<ClientId>,
    pub(super) loader: MemoryLoader,
    /// The embedder's event targets; `None` for those of this crate.
    pub(super) event_targets: Option<Rc<dyn EventTargets>>,
    /// The program's function for dropped messages.
    pub(super) on_dropped: Option<OnDropped>,
    /// Whether a task of messaging has run since this was last read.
    pub(super) has_run: bool,
    /// Exceptions of listeners and jobs.
    pub(super) errors: Vec<JsError>,
    cluster: AgentCluster,
}

impl Default for World {
    fn default() -> Self {
        let mut state = State::default();
        state.messaging.track_reachability();
        Self {
            state,
            realms: FxHashMap::default(),
            opener: None,
            loader: MemoryLoader::new(),
            event_targets: None,
            on_dropped: None,
            has_run: false,
            errors: Vec::new(),
            cluster: new_agent_cluster(),
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

/// Borrows the state. `f` must not allocate Boa objects.
pub(super) fn with_world<R>(ctx: &Context, f: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with(ctx, f)
}

/// Keeps an exception that no script can catch.
pub(super) fn report(ctx: &Context, error: JsError) {
    with_world(ctx, |world| world.errors.push(error));
}

/// The embedder's event targets, if it has any.
pub(super) fn event_targets(ctx: &Context) -> Option<Rc<dyn EventTargets>> {
    with_world(ctx, |world| world.event_targets.clone())
}

/// The record of a realm.
pub(super) fn record(ctx: &Context, global: GlobalId) -> Option<RealmRecord> {
    with_world(ctx, |world| world.realms.get(&global).cloned())
}

/// This crate as an embedder.
#[derive(Debug)]
pub(super) enum Own {}

/// The host of messaging.
pub(super) type MessageHost<'a> = BoaHost<'a, Own>;

impl Embedder for Own {
    type State = State;

    fn with_state<R>(ctx: &Context, f: impl FnOnce(&mut State) -> R) -> R {
        with_world(ctx, |world| f(&mut world.state))
    }

    fn realm_of(ctx: &Context, global: GlobalId) -> Option<Realm> {
        Some(record(ctx, global)?.realm)
    }

    fn settings_of(ctx: &Context, global: GlobalId) -> Option<EnvironmentSettings> {
        with_world(ctx, |world| {
            Some(EnvironmentSettings::new(
                world.state.contexts.origin_of_global(global)?.clone(),
                world.realms.get(&global)?.navigable,
            ))
        })
    }

    /// All realms of a context can reach each other's objects, so they may share memory.
    fn agent_cluster_of(ctx: &Context, _: &Realm) -> Option<AgentCluster> {
        Some(with_world(ctx, |world| world.cluster))
    }
}

impl PortEmbedder for Own {
    const MESSAGE_PORT: &'static Interface = &MESSAGE_PORT;
}

/// A context as the agent of the loop, and the host of the browsing contexts.
pub(super) struct Host<'a>(pub(super) &'a mut Context);

impl HasState for Host<'_> {
    type State = State;

    fn with_state<R>(&mut self, f: impl FnOnce(&mut State) -> R) -> R {
        Own::with_state(self.0, f)
    }
}

impl Agent for Host<'_> {
    fn run_task(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Context(task) => {
                let steps = with_world(self.0, |world| world.state.contexts.run_task(task));
                drive(self, steps);
            }
            Task::Messaging(task) => {
                with_world(self.0, |world| world.has_run = true);
                delivery::run(self.0, task);
            }
            Task::Timer(_) => {}
        }
        with_world(self.0, |world| world.state.messaging.task_ended());
        housekeep(self.0);
    }

    fn run_microtask(&mut self, microtask: Infallible) {
        match microtask {}
    }

    fn run_engine_jobs(&mut self) -> bool {
        if let Err(error) = self.0.run_jobs() {
            report(self.0, error);
        }
        // The executor runs its jobs until there are none, and there are no microtasks here.
        false
    }

    fn after_checkpoint(&mut self) {
        self.0.clear_kept_objects();
    }
}

impl ContextHost for Host<'_> {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Fetch(request, what) => with_world(self.0, |world| {
                let response = world.loader.load(&what);
                world
                    .state
                    .contexts
                    .respond(&mut world.state.event_loop, request, response);
            }),
            Effect::Checkpoint => perform_a_microtask_checkpoint(self),
            Effect::WindowDiscarded(global) => {
                let channels = Own::with_messaging(self.0, |messaging, queues, _| {
                    let channels = messaging.broadcast_channels_of(global);
                    messaging.global_ended(queues, global);
                    channels
                });
                PORT_OBJECTS.with(self.0, |objects| {
                    for channel in channels {
                        objects.forget_channel(channel);
                    }
                });
            }
            // The documents are empty and show nothing.
            _ => {}
        }
        housekeep(self.0);
    }
}

/// Accounts for what is gone after a task or an effect: dropped tasks, and the objects that were collected.
pub(super) fn housekeep(ctx: &Context) {
    let dropped = with_world(ctx, |world| world.state.event_loop.take_dropped());
    for dropped in dropped {
        if let Task::Messaging(task) = dropped.queued.task {
            Own::with_messaging(ctx, |messaging, queues, _| {
                messaging.task_dropped(queues, task);
            });
        }
    }
    account_for_the_collected::<Own>(ctx);
    let (dropped, on_dropped) = with_world(ctx, |world| {
        (
            world.state.messaging.take_dropped(),
            world.on_dropped.clone(),
        )
    });
    if let Some(on_dropped) = on_dropped {
        dropped.iter().for_each(|dropped| on_dropped(dropped));
    }
}
