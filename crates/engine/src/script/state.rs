//! An agent's state: the world of the three library crates.
//!
//! [`State`] gives access to it. The engine's modules keep their state of an agent in [slots](crate::boa::slots).
//! Both need two rules:
//! - No Boa object is allocated while the [`World`] or a slot is borrowed. Boa may collect at any
//!   allocation, and a finalizer must not find the world borrowed.
//! - Finalizers only push ids to lists, which are drained later.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use boa_engine::module::{ModuleLoader, ModuleRequest, Referrer};
use boa_engine::{Context, JsObject, JsResult, Module, realm::Realm};
use framepost_browsing_context::{ContextState, ContextTask, Contexts, Loader, NavigableId};
use framepost_event_loop::{LoopState, TaskQueues};
use framepost_messaging::accounting::{Cause, MessageId};
use framepost_messaging::{Messaging, MessagingState, Queues};

use super::host::Embedding;
use super::origins::Origins;
use super::recent_realms::RecentRealms;
use super::running::Running;
use super::task_log;
use super::tasks::{AgentLoop, EngineTask, Task};
use crate::output::Output;
use crate::script::port_objects::{PORT_OBJECTS, PortObjects};
use crate::trace::TRACE;

/// The state of the three library crates, and the running scripts.
pub(crate) struct World {
    pub(crate) event_loop: AgentLoop,
    pub(crate) contexts: Contexts,
    pub(crate) messaging: Messaging,
    pub(crate) running: Running,
}

impl LoopState for World {
    type Task = Task;
    type Microtask = EngineTask;

    #[inline]
    fn event_loop(&mut self) -> &mut AgentLoop {
        &mut self.event_loop
    }
}

impl ContextState for World {
    #[inline]
    fn contexts(&mut self) -> (&mut Contexts, &mut dyn TaskQueues<ContextTask>) {
        (&mut self.contexts, &mut self.event_loop)
    }
}

impl MessagingState for World {
    #[inline]
    fn messaging(&mut self) -> (&mut Messaging, &mut Queues<'_>, &Contexts) {
        (&mut self.messaging, &mut self.event_loop, &self.contexts)
    }
}

/// The script side of a window or a worker.
#[derive(Clone)]
pub(crate) struct WindowRecord {
    pub(crate) realm: Realm,
    pub(crate) global: JsObject,
    /// The realm's global `this`: a window's WindowProxy, which outlives its navigable here, or a
    /// worker's global object.
    pub(crate) this: JsObject,
    /// The navigable of the window; `None` for a worker.
    pub(crate) navigable: Option<NavigableId>,
}

/// The embedder's callback for a page's output.
pub(crate) type OnOutput = Box<dyn FnMut(&Output)>;

/// The state of one agent.
pub(crate) struct State {
    /// The functions of higher modules.
    pub(crate) embedding: &'static Embedding,
    pub(crate) world: RefCell<World>,
    pub(crate) loader: RefCell<Box<dyn Loader>>,
    pub(crate) on_output: RefCell<OnOutput>,
    /// The message whose event is being handled.
    pub(crate) handling: Cell<Option<MessageId>>,
    /// Whether a promise was rejected since the last microtask checkpoint.
    pub(crate) has_rejections: Cell<bool>,
    /// The number of tasks so far.
    pub(crate) tasks_run: Cell<u64>,
    /// The realms that were used last.
    pub(crate) recent_realms: RefCell<RecentRealms>,
    /// The positions of posts and timers in the source.
    pub(crate) origins: RefCell<Origins>,
    /// The number of [finalizers](crate::boa::collection::finalizers_run) at the end of the last task.
    pub(crate) finalizers_run: Cell<u64>,
}

/// Passes a page's output to the embedder.
pub(crate) fn emit(ctx: &Context, output: &Output) {
    task_log::prints(ctx, output);
    let state = state(ctx);
    // The embedder's callback has no access to the page, so no output is lost to a nested call.
    if let Ok(mut on_output) = state.on_output.try_borrow_mut() {
        on_output(output);
    }
}

/// OPTIMIZATION: the state is the context's module loader, one of the two objects of the embedder that Boa returns by
/// type without hashing; the other contains the slots. A message accesses its agent's state forty times.
impl ModuleLoader for State {
    /// [HostLoadImportedModule](https://html.spec.whatwg.org/multipage/webappapis.html#hostloadimportedmodule)
    fn load_imported_module(
        self: Rc<Self>,
        referrer: Referrer,
        request: ModuleRequest,
        context: &RefCell<&mut Context>,
    ) -> impl Future<Output = JsResult<Module>> {
        let load = self.embedding.load_imported_module;
        std::future::ready(load(&referrer, &request, *context.borrow_mut()))
    }

    /// [HostGetImportMetaProperties](https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties)
    fn init_import_meta(self: Rc<Self>, meta: &JsObject, module: &Module, ctx: &mut Context) {
        (self.embedding.init_import_meta)(meta, module, ctx);
    }
}

/// Returns the state of the agent that owns this context.
#[inline]
pub(crate) fn state(ctx: &Context) -> Rc<State> {
    // An agent creates its context with its state.
    #[allow(
        clippy::expect_used,
        reason = "no input can take the state out of a context"
    )]
    ctx.downcast_module_loader()
        .expect("a context without an agent")
}

/// Borrows the documents and navigables. `f` must not allocate Boa objects.
#[inline]
pub(crate) fn with_contexts<R>(ctx: &Context, f: impl FnOnce(&mut Contexts) -> R) -> R {
    f(&mut state(ctx).world.borrow_mut().contexts)
}

/// Borrows the event loop. `f` must not allocate Boa objects.
#[inline]
pub(crate) fn with_loop<R>(ctx: &Context, f: impl FnOnce(&mut AgentLoop) -> R) -> R {
    f(&mut state(ctx).world.borrow_mut().event_loop)
}

/// Borrows messaging. `f` must not allocate Boa objects.
pub(crate) fn with_messaging<R>(
    ctx: &Context,
    f: impl FnOnce(&mut Messaging, &mut Queues<'_>) -> R,
) -> R {
    with_messaging_and_contexts(ctx, |messaging, queues, _| f(messaging, queues))
}

/// Borrows messaging, and the documents and navigables to read. `f` must not allocate Boa objects.
///
/// Updates the references of the ports' objects before it returns.
#[inline]
pub(crate) fn with_messaging_and_contexts<R>(
    ctx: &Context,
    f: impl FnOnce(&mut Messaging, &mut Queues<'_>, &Contexts) -> R,
) -> R {
    with_messaging_of(&state(ctx), ctx, f)
}

/// [`with_messaging_and_contexts`], for a caller that has the state.
#[inline]
pub(crate) fn with_messaging_of<R>(
    state: &State,
    ctx: &Context,
    f: impl FnOnce(&mut Messaging, &mut Queues<'_>, &Contexts) -> R,
) -> R {
    let (result, changed) = {
        let world = &mut *state.world.borrow_mut();
        if world.messaging.is_tracing() {
            set_trace_context(ctx, world);
        }
        let result = f(&mut world.messaging, &mut world.event_loop, &world.contexts);
        if world.messaging.is_tracing() {
            let events = world.messaging.take_trace();
            TRACE.with(ctx, |trace| trace.add(events, &world.contexts));
        }
        let changed = world.messaging.has_reachability_changes()
            && PORT_OBJECTS.with(ctx, |objects| objects.take_changes(&mut world.messaging));
        (result, changed)
    };
    if changed {
        PORT_OBJECTS.with(ctx, PortObjects::apply);
    }
    result
}

/// Sets the time and the cause of the next events of the trace.
#[cold]
fn set_trace_context(ctx: &Context, world: &mut World) {
    let running = world.running.backup_incumbent(ctx);
    let running = running.or_else(|| crate::script::realm::window_of_active_script(ctx));
    let cause = Cause::default()
        .with_global(running)
        .with_message(state(ctx).handling.get());
    let now = world.event_loop.peek_now();
    world.messaging.set_trace_context(now, cause);
}
