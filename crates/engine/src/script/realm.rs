//! One realm per window.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use boa_engine::context::HostHooks;
use boa_engine::context::intrinsics::Intrinsics;
use boa_engine::job::JobCallback;
use boa_engine::object::builtins::{JsFunction, JsPromise};
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsData, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_browsing_context::{NavigableId, Origin};
use framepost_event_loop::GlobalId;

use crate::boa::slots::Slot;
use crate::script::{self, WindowRecord};
use crate::webidl;
use crate::webidl::platform::PlatformObject;

pub(crate) use crate::webidl::realm::{
    global_of as window_of, held_singleton, in_realm, root_shape, singleton,
};

/// HTML's [backup incumbent settings object stack](https://html.spec.whatwg.org/multipage/webappapis.html#backup-incumbent-settings-object-stack),
/// innermost last.
static INCUMBENTS: Slot<Vec<BackupIncumbent>> = Slot::new();

/// The windows and workers that have a realm and are not gone.
static WINDOWS: Slot<HashMap<GlobalId, WindowRecord>> = Slot::new();

/// Who is incumbent while a callback is called and no script runs in it.
#[derive(Clone, Copy, Debug)]
struct BackupIncumbent {
    window: GlobalId,
    /// How many calls of script there were around it: the script of a call within counts instead.
    depth: usize,
}

/// The hooks that the agent's context was made with.
static HOOKS: Slot<Rc<Hooks>> = Slot::new();

/// The WindowProxy of a window, which its realm has even when the navigable is gone; of a worker its
/// global object.
#[derive(Trace, Finalize, JsData)]
struct GlobalThis(JsObject);

/// The window of the current realm.
pub(crate) fn current_window(ctx: &Context) -> Option<GlobalId> {
    window_of(ctx.realm())
}

/// The record of a window that has a realm.
pub(crate) fn window_record(ctx: &Context, window: GlobalId) -> Option<WindowRecord> {
    let live = WINDOWS.with(ctx, |windows| windows.get(&window).cloned());
    live.or_else(|| crate::script::gone_windows::record(ctx, window))
}

/// Whether this window or worker has a realm and is not gone.
pub(crate) fn is_live(ctx: &Context, window: GlobalId) -> bool {
    WINDOWS.with(ctx, |windows| windows.contains_key(&window))
}

/// The windows and workers that have a realm and are not gone.
pub(crate) fn live(ctx: &Context) -> Vec<GlobalId> {
    WINDOWS.with(ctx, |windows| windows.keys().copied().collect())
}

/// Takes the record of a window or a worker that is gone from now on.
pub(crate) fn take_record(ctx: &Context, window: GlobalId) -> Option<WindowRecord> {
    WINDOWS.with(ctx, |windows| windows.remove(&window))
}

/// The realm of a window, or the current one when the window is gone.
pub(crate) fn realm_of(ctx: &Context, window: GlobalId) -> Realm {
    window_record(ctx, window).map_or_else(|| ctx.realm().clone(), |record| record.realm)
}

/// The hooks of Boa.
#[derive(Default)]
pub(crate) struct Hooks {
    /// The data of the global object of the realm that is about to be made.
    next: RefCell<Option<PlatformObject>>,
    /// What `this` is there, unless it is the global object.
    next_this: RefCell<Option<JsObject>>,
}

/// Says which hooks a new context was made with.
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

    /// [HostMakeJobCallback](https://html.spec.whatwg.org/multipage/webappapis.html#hostmakejobcallback):
    /// remembers the incumbent window.
    fn make_job_callback(&self, callback: JsFunction, ctx: &mut Context) -> JobCallback {
        JobCallback::new(callback, IncumbentOfJob(incumbent(ctx)))
    }

    /// [HostCallJobCallback](https://html.spec.whatwg.org/multipage/webappapis.html#hostcalljobcallback).
    fn call_job_callback(
        &self,
        job: &JobCallback,
        this: &JsValue,
        args: &[JsValue],
        ctx: &mut Context,
    ) -> JsResult<JsValue> {
        let saved: &dyn std::any::Any = job.host_defined().as_any();
        let incumbent = saved
            .downcast_ref::<IncumbentOfJob>()
            .and_then(|saved| saved.0);
        with_incumbent(ctx, incumbent, |ctx| job.callback().call(this, args, ctx))
    }

    fn promise_rejection_tracker(
        &self,
        promise: &JsObject<boa_engine::builtins::promise::Promise>,
        operation: boa_engine::builtins::promise::OperationType,
        ctx: &mut Context,
    ) {
        if let Ok(promise) = JsPromise::from_object(promise.clone().upcast()) {
            (script::state(ctx).embedding.track_rejection)(ctx, promise, operation);
        }
    }

    /// [HostEnsureCanCompileStrings](https://html.spec.whatwg.org/multipage/webappapis.html#hostensurecancompilestrings(realm,-parameterstrings,-bodystring,-codestring,-compilationtype,-parameterargs,-bodyarg))
    fn ensure_can_compile_strings(
        &self,
        _: Realm,
        parameters: &[JsString],
        body: &JsString,
        _: bool,
        _: &mut Context,
    ) -> JsResult<()> {
        let mut texts = parameters.iter().chain(std::iter::once(body));
        texts.try_for_each(|text| crate::boa::nesting::check(text.iter()))
    }

    fn local_timezone_offset_seconds(&self, _: i64) -> i32 {
        // The same page gives the same run wherever it runs.
        0
    }
}

#[derive(Trace, Finalize, JsData)]
struct IncumbentOfJob(#[unsafe_ignore_trace] Option<GlobalId>);

/// The window of the [incumbent realm](https://html.spec.whatwg.org/multipage/webappapis.html#concept-incumbent-everything):
/// that of the running script, else that which the running callback was made in.
pub(crate) fn incumbent(ctx: &Context) -> Option<GlobalId> {
    running_window(ctx).or_else(|| current_window(ctx))
}

/// The window whose script or callback is running; none while none is.
pub(crate) fn running_window(ctx: &Context) -> Option<GlobalId> {
    use boa_engine::vm::ActiveRunnable;
    let backup = INCUMBENTS.with(ctx, |incumbents| incumbents.last().copied());
    if let Some(backup) = backup
        && ctx.stack_trace().count() <= backup.depth
    {
        return Some(backup.window);
    }
    match ctx.get_active_script_or_module() {
        Some(ActiveRunnable::Script(script)) => window_of(script.realm()),
        Some(ActiveRunnable::Module(module)) => window_of(module.realm()),
        None => None,
    }
}

/// Runs `call` as [a callback](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-a-callback)
/// that was handed over while this window was incumbent.
pub(crate) fn with_incumbent<R>(
    ctx: &mut Context,
    incumbent: Option<GlobalId>,
    call: impl FnOnce(&mut Context) -> R,
) -> R {
    let Some(window) = incumbent else {
        return call(ctx);
    };
    let depth = ctx.stack_trace().count();
    let backup = BackupIncumbent { window, depth };
    INCUMBENTS.with(ctx, |incumbents| incumbents.push(backup));
    let result = call(ctx);
    INCUMBENTS.with(ctx, Vec::pop);
    result
}

/// The window of the [entry realm](https://html.spec.whatwg.org/multipage/webappapis.html#concept-entry-everything):
/// that of the script or callback which was entered last from outside of script.
pub(crate) fn entry(ctx: &Context) -> Option<GlobalId> {
    script::entry(ctx).or_else(|| incumbent(ctx))
}

/// A global object that is about to be made.
pub(crate) struct NewGlobal {
    pub(crate) id: GlobalId,
    /// The data of the global object.
    pub(crate) parts: PlatformObject,
    /// The WindowProxy, of a window.
    pub(crate) proxy: Option<JsObject>,
    /// Where a window is shown.
    pub(crate) navigable: Option<NavigableId>,
}

/// Makes a realm with what all globals have, and remembers it.
pub(crate) fn create_realm(ctx: &mut Context, global: NewGlobal) -> JsResult<(Realm, JsObject)> {
    let hooks = HOOKS.with(ctx, |hooks| hooks.clone());
    let NewGlobal {
        id: window,
        parts,
        proxy,
        navigable,
    } = global;
    *hooks.next.borrow_mut() = Some(parts);
    hooks.next_this.borrow_mut().clone_from(&proxy);
    let made = crate::boa::global_bindings::create_realm(&*hooks, proxy.as_ref(), |realm| {
        in_realm(ctx, realm, |ctx| ctx.global_object())
    });
    hooks.next.borrow_mut().take();
    hooks.next_this.borrow_mut().take();
    let (realm, root_shape, global) = made?;
    webidl::realm::install(&realm, window, root_shape);
    let this = proxy.unwrap_or_else(|| global.clone());
    realm.host_defined_mut().insert(GlobalThis(this));
    // IMPLEMENTATION-DEFINED: the standard keeps the constructor in documents of other origins that
    // an isolated page shows, where it is of little use: their memory cannot be sent.
    if !crate::script::agent_clusters::cross_origin_isolated(ctx, window) {
        global.delete_property_or_throw(boa_engine::js_string!("SharedArrayBuffer"), ctx)?;
    }
    let record = WindowRecord {
        realm: realm.clone(),
        global: global.clone(),
        navigable,
    };
    WINDOWS.with(ctx, |windows| windows.insert(window, record));
    in_realm(ctx, &realm, |ctx| {
        crate::boa::random::install(ctx, &realm);
        crate::boa::reg_exp::install(&realm, ctx)?;
        crate::boa::array_buffer::install(&realm);
        crate::boa::error_stack::install(&realm, crate::webidl::exception::stack_of);
        JsResult::Ok(())
    })?;
    Ok((realm, global))
}

/// The WindowProxy of the window, or the global object of the worker, as a value for script; null
/// when it is gone.
pub(crate) fn window_value(ctx: &mut Context, window: GlobalId) -> JsValue {
    let Some(record) = window_record(ctx, window) else {
        return JsValue::null();
    };
    let host_defined = record.realm.host_defined();
    host_defined
        .get::<GlobalThis>()
        .map_or_else(JsValue::null, |this| this.0.clone().into())
}

/// The origin of a worker, of a window's document, or of the last one that it had.
pub(crate) fn origin_of_window(ctx: &Context, window: GlobalId) -> Option<Origin> {
    let origin = script::with_contexts(ctx, |contexts| contexts.origin_of_global(window).cloned());
    origin.or_else(|| crate::script::gone_windows::origin_of(ctx, window))
}
