//! Realms of windows and workers, with their hooks and incumbents.

use std::cell::RefCell;
use std::rc::Rc;

use boa_engine::context::HostHooks;
use boa_engine::context::intrinsics::Intrinsics;
use boa_engine::job::JobCallback;
use boa_engine::object::builtins::{JsFunction, JsPromise};
use boa_engine::realm::Realm;
use boa_engine::{
    Context, Finalize, JsData, JsNativeError, JsObject, JsResult, JsString, JsValue, Trace,
};
use framepost_browsing_context::{NavigableId, Origin};
use framepost_event_loop::{FxHashMap, GlobalId};

use crate::boa::errors::type_error;
use crate::boa::slots::Slot;
use crate::boa::source_text;
use crate::boa::sources;
use crate::script::scheduling_state::{self, SchedulingState};
use crate::script::{self, WindowRecord};
use crate::webidl::platform::{Data, PlatformObject};
use crate::webidl::{self, Exposed, Interface};

pub(crate) use crate::webidl::realm::{
    global_of as window_of, held_singleton, in_realm, root_shape, singleton,
};

/// The windows and workers that have a realm and are not discarded.
static WINDOWS: Slot<FxHashMap<GlobalId, WindowRecord>> = Slot::new();

/// The host hooks that the agent's context was created with.
static HOOKS: Slot<Rc<Hooks>> = Slot::new();

/// Returns the window of the current realm.
pub(crate) fn current_window(ctx: &Context) -> Option<GlobalId> {
    window_of(ctx.realm())
}

/// Returns the global of the current realm, for steps that need one.
pub(crate) fn current_global(ctx: &Context) -> JsResult<GlobalId> {
    current_window(ctx).ok_or_else(|| type_error("The current realm has no global object."))
}

/// Returns the record of a window that has a realm.
pub(crate) fn window_record(ctx: &Context, window: GlobalId) -> Option<WindowRecord> {
    let live = with_record(ctx, window, WindowRecord::clone);
    live.or_else(|| crate::script::discarded_windows::record(ctx, window))
}

/// Reads the record of a window or a worker that has a realm and is not discarded. `read` borrows nothing and creates no
/// object.
#[inline]
fn with_record<R>(
    ctx: &Context,
    window: GlobalId,
    read: impl FnOnce(&WindowRecord) -> R,
) -> Option<R> {
    let state = script::state(ctx);
    if let Some(record) = state.recent_realms.borrow().record(window) {
        return Some(read(record));
    }
    let record = WINDOWS.with(ctx, |windows| windows.get(&window).cloned())?;
    let result = read(&record);
    state.recent_realms.borrow_mut().insert(window, record);
    Some(result)
}

/// Returns the navigable that shows a window, or showed it when it was discarded.
pub(crate) fn navigable_of(ctx: &Context, window: GlobalId) -> Option<NavigableId> {
    let live = with_record(ctx, window, |record| record.navigable);
    let gone = || crate::script::discarded_windows::record(ctx, window)?.navigable;
    live.unwrap_or_else(gone)
}

/// Whether this window or worker has a realm and is not discarded.
pub(crate) fn is_live(ctx: &Context, window: GlobalId) -> bool {
    with_record(ctx, window, |_| ()).is_some()
}

/// Lists the windows and workers that have a realm and are not discarded.
pub(crate) fn live(ctx: &Context) -> Vec<GlobalId> {
    WINDOWS.with(ctx, |windows| windows.keys().copied().collect())
}

/// Removes and returns the record of a window or a worker when it is discarded.
pub(crate) fn take_record(ctx: &Context, window: GlobalId) -> Option<WindowRecord> {
    script::state(ctx).recent_realms.borrow_mut().remove(window);
    WINDOWS.with(ctx, |windows| windows.remove(&window))
}

/// Returns the realm of a window that has one.
pub(crate) fn realm_of_window(ctx: &Context, window: GlobalId) -> Option<Realm> {
    let live = with_record(ctx, window, |record| record.realm.clone());
    live.or_else(|| {
        crate::script::discarded_windows::record(ctx, window).map(|record| record.realm)
    })
}

/// Returns the realm of a window, or the current realm if the window has none.
pub(crate) fn realm_of(ctx: &Context, window: GlobalId) -> Realm {
    realm_of_window(ctx, window).unwrap_or_else(|| ctx.realm().clone())
}

/// Creates a platform object in the realm of a window or a worker.
pub(crate) fn create_in(
    global: GlobalId,
    interface: &'static Interface,
    data: impl Data,
    cx: &mut Context,
) -> JsObject {
    let realm = realm_of(cx, global);
    webidl::create_object(&realm, interface, data, cx)
}

/// The engine's implementation of Boa's host hooks.
#[derive(Default)]
pub(crate) struct Hooks {
    /// The data of the next realm's global object.
    next: RefCell<Option<PlatformObject>>,
    /// The `this` value of the next realm, unless it is the global object.
    next_this: RefCell<Option<JsObject>>,
}

/// Stores the hooks that a new context was created with.
pub(crate) fn install_hooks(ctx: &Context, hooks: Rc<Hooks>) {
    HOOKS.set(ctx, hooks);
}

impl HostHooks for Hooks {
    fn create_global_object(&self, intrinsics: &Intrinsics) -> JsObject {
        let prototype = intrinsics.constructors().object().prototype();
        match self.next.borrow_mut().take() {
            Some(parts) => JsObject::from_proto_and_data(prototype, parts),
            None => JsObject::with_object_proto(intrinsics),
        }
    }

    fn create_global_this(&self, _: &Intrinsics) -> Option<JsObject> {
        self.next_this.borrow().clone()
    }

    /// [HostMakeJobCallback](https://html.spec.whatwg.org/multipage/webappapis.html#hostmakejobcallback)
    ///
    /// Saves the incumbent window and the scheduling state.
    fn make_job_callback(&self, callback: JsFunction, ctx: &mut Context) -> JobCallback {
        let context = ContextOfJob {
            incumbent: incumbent(ctx),
            state: scheduling_state::current(ctx),
        };
        JobCallback::new(callback, context)
    }

    /// [HostCallJobCallback](https://html.spec.whatwg.org/multipage/webappapis.html#hostcalljobcallback)
    fn call_job_callback(
        &self,
        job: &JobCallback,
        this: &JsValue,
        args: &[JsValue],
        ctx: &mut Context,
    ) -> JsResult<JsValue> {
        let saved: &dyn std::any::Any = job.host_defined().as_any();
        let saved = saved.downcast_ref::<ContextOfJob>();
        let incumbent = saved.and_then(|saved| saved.incumbent);
        let state = saved.and_then(|saved| saved.state.clone());
        scheduling_state::with(ctx, state, |ctx| {
            script::running::with_incumbent(ctx, incumbent, |ctx| {
                job.callback().call(this, args, ctx)
            })
        })
    }

    /// [HostPromiseRejectionTracker](https://html.spec.whatwg.org/multipage/webappapis.html#the-hostpromiserejectiontracker-implementation)
    fn promise_rejection_tracker(
        &self,
        promise: &JsObject<boa_engine::builtins::promise::Promise>,
        operation: boa_engine::builtins::promise::OperationType,
        ctx: &mut Context,
    ) {
        if let Ok(promise) = JsPromise::from_object(promise.clone().upcast()) {
            let state = script::state(ctx);
            state.has_rejections.set(true);
            (state.embedding.track_rejection)(ctx, promise, operation);
        }
    }

    /// [HostEnsureCanAddPrivateElement](https://html.spec.whatwg.org/multipage/webappapis.html#the-hostensurecanaddprivateelement-implementation)
    fn ensure_can_add_private_element(&self, object: &JsObject, ctx: &mut Context) -> JsResult<()> {
        // 1. Refuse a WindowProxy and a Location.
        let is_exotic = crate::script::globals::window_of_global(object).is_some()
            || crate::webidl::platform::is_proxy_of_higher_floor(object, ctx)?;
        match is_exotic {
            true => Err(type_error(
                "A WindowProxy or a Location cannot have private elements.",
            )),
            // 2. Allow any other object.
            false => Ok(()),
        }
    }

    /// [HostEnsureCanCompileStrings](https://html.spec.whatwg.org/multipage/webappapis.html#hostensurecancompilestrings(realm,-parameterstrings,-bodystring,-codestring,-compilationtype,-parameterargs,-bodyarg))
    fn ensure_can_compile_strings(
        &self,
        realm: Realm,
        parameters: &[JsString],
        body: &JsString,
        _: bool,
        ctx: &mut Context,
    ) -> JsResult<()> {
        // The content security policy of the realm's document may forbid it.
        if !allows_eval(ctx, window_of(&realm)) {
            let message =
                "The content security policy of the document does not allow to evaluate strings.";
            return Err(JsNativeError::eval().with_message(message).into());
        }
        script::muted_scripts::compiling(ctx, window_of(&realm));
        sources::remember_string(ctx, body);
        source_text::check_strings(parameters, body)
    }

    fn local_timezone_offset_seconds(&self, _: i64) -> i32 {
        // Runs of a page are the same on every machine.
        0
    }
}

/// [EnsureCSPDoesNotBlockStringCompilation](https://w3c.github.io/webappsec-csp/#can-compile-strings)
pub(crate) fn allows_eval(ctx: &Context, global: Option<GlobalId>) -> bool {
    let allows = script::with_contexts(ctx, |contexts| {
        if let Some(worker) = contexts.worker(global?) {
            return Some(worker.allows_eval());
        }
        let document = contexts.window(global?)?.document();
        Some(contexts.document(document)?.allows_eval())
    });
    allows.unwrap_or(true)
}

/// The data of the script that created a promise job.
#[derive(Trace, Finalize, JsData)]
struct ContextOfJob {
    #[unsafe_ignore_trace]
    incumbent: Option<GlobalId>,
    state: Option<SchedulingState>,
}

/// The window of the [incumbent realm](https://html.spec.whatwg.org/multipage/webappapis.html#concept-incumbent-everything):
/// that of the running script, else that of the running callback's context.
pub(crate) fn incumbent(ctx: &Context) -> Option<GlobalId> {
    running_window(ctx).or_else(|| current_window(ctx))
}

/// Returns the window whose script or callback is running, if any.
pub(crate) fn running_window(ctx: &Context) -> Option<GlobalId> {
    script::running::backup_incumbent(ctx).or_else(|| window_of_active_script(ctx))
}

/// Returns the window of the innermost script or module.
pub(super) fn window_of_active_script(ctx: &Context) -> Option<GlobalId> {
    use boa_engine::vm::ActiveRunnable;
    match ctx.get_active_script_or_module() {
        Some(ActiveRunnable::Script(script)) => window_of_realm(ctx, script.realm()),
        Some(ActiveRunnable::Module(module)) => window_of_realm(ctx, module.realm()),
        None => None,
    }
}

/// Returns the window of a realm: [`window_of`], for a realm that was probably used lately.
pub(super) fn window_of_realm(ctx: &Context, realm: &Realm) -> Option<GlobalId> {
    let state = script::state(ctx);
    let recent = state.recent_realms.borrow().global_of(realm);
    recent.or_else(|| window_of(realm))
}

/// The window of the [entry realm](https://html.spec.whatwg.org/multipage/webappapis.html#concept-entry-everything):
/// that of the script or callback that was last entered from outside script.
pub(crate) fn entry(ctx: &Context) -> Option<GlobalId> {
    script::running::entry(ctx).or_else(|| incumbent(ctx))
}

/// The parts of a global object to create.
pub(crate) struct NewGlobal {
    pub(crate) id: GlobalId,
    /// Its kind, and whether it is a secure context.
    pub(crate) exposed: Exposed,
    /// The data of the global object.
    pub(crate) parts: PlatformObject,
    /// The WindowProxy; `None` for a worker.
    pub(crate) proxy: Option<JsObject>,
    /// The navigable of the window; `None` for a worker.
    pub(crate) navigable: Option<NavigableId>,
}

/// Creates a realm with the properties that all globals share, and stores its record
/// ([creating a new realm](https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-new-javascript-realm)).
pub(crate) fn create_realm(ctx: &mut Context, global: NewGlobal) -> JsResult<(Realm, JsObject)> {
    let hooks = HOOKS.with(ctx, |hooks| hooks.clone());
    let NewGlobal {
        id: window,
        exposed,
        parts,
        proxy,
        navigable,
    } = global;
    // 1. Create the realm with this global object and this global `this` value.
    *hooks.next.borrow_mut() = Some(parts);
    hooks.next_this.borrow_mut().clone_from(&proxy);
    let made = crate::boa::global_bindings::create_realm(&*hooks, proxy.as_ref(), |realm| {
        in_realm(ctx, realm, |ctx| ctx.global_object())
    });
    hooks.next.borrow_mut().take();
    hooks.next_this.borrow_mut().take();
    // 2. to 4. Its execution context is not on the stack. The realm is the result.
    let (realm, root_shape, global) = made?;
    webidl::realm::install(&realm, window, exposed, root_shape);
    let this = proxy.unwrap_or_else(|| global.clone());
    // 5. Without cross-origin isolation there is no SharedArrayBuffer.
    // IMPLEMENTATION-DEFINED: the standard keeps the constructor in cross-origin documents inside
    // an isolated page. It would be of little use there: such memory cannot be sent.
    if !crate::script::agent_clusters::cross_origin_isolated(ctx, window) {
        global.delete_property_or_throw(boa_engine::js_string!("SharedArrayBuffer"), ctx)?;
    }
    let record = WindowRecord {
        realm: realm.clone(),
        global: global.clone(),
        this,
        navigable,
    };
    script::state(ctx).recent_realms.borrow_mut().remove(window);
    WINDOWS.with(ctx, |windows| windows.insert(window, record));
    in_realm(ctx, &realm, |ctx| {
        crate::boa::random::install(ctx, &realm);
        crate::boa::reg_exp::install(&realm, ctx)?;
        crate::boa::dynamic_code::install(&realm);
        crate::boa::array_buffer::install(&realm);
        crate::boa::json::install(&realm);
        crate::boa::allocation::install(&realm);
        crate::boa::sort::install(&realm);
        crate::boa::keyed_collections::install(&realm);
        crate::boa::containment::install(&realm);
        crate::boa::conversion::install(&realm);
        crate::boa::error_stack::install(
            &realm,
            crate::webidl::exception::stack_of,
            script::muted_scripts::stack_without_marks,
        );
        JsResult::Ok(())
    })?;
    // 6. Return it.
    Ok((realm, global))
}

/// Returns a window's WindowProxy or a worker's global object, or null if it was collected.
pub(crate) fn window_value(ctx: &Context, window: GlobalId) -> JsValue {
    let live = with_record(ctx, window, |record| record.this.clone());
    let this = live.or_else(|| {
        let gone = crate::script::discarded_windows::record(ctx, window)?;
        Some(gone.this)
    });
    this.map_or_else(JsValue::null, JsValue::from)
}

/// Returns the origin of a worker or of a window's last document.
pub(crate) fn origin_of_window(ctx: &Context, window: GlobalId) -> Option<Origin> {
    let origin = script::with_contexts(ctx, |contexts| contexts.origin_of_global(window).cloned());
    origin.or_else(|| crate::script::discarded_windows::origin_of(ctx, window))
}
