//! Promises that a task settles: the standards' "queue a global task to resolve *promise*".

use boa_engine::builtins::promise::ResolvingFunctions;
use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, JsObject, JsValue};
use framepost_event_loop::{Arena, GlobalId, TaskSource, new_key_type};

use crate::boa::slots::Slot;
use crate::script::realm::{current_window, in_realm, realm_of};
use crate::script::{
    EngineTask, TaskId, TaskKind, clean_up_after_running_script, prepare_to_run_script,
    queue_a_global_task, report_exception, with_loop,
};

/// The promises that a queued task will settle.
static SETTLEMENTS: Slot<Arena<SettlementId, Settlement>> = Slot::new();

new_key_type! {
    /// Names a promise that a queued task will settle.
    pub struct SettlementId: "settlement";
}

/// A promise and the value to resolve it with.
pub(crate) struct Settlement {
    window: GlobalId,
    functions: ResolvingFunctions,
    value: JsValue,
}

/// Creates a promise of the current realm and queues a task of this source that resolves it with
/// `value`. The promise stays pending in a window without a document.
pub(crate) fn resolve_later(ctx: &mut Context, source: TaskSource, value: JsObject) -> JsValue {
    settle_with(ctx, value.into(), |ctx, window, task| {
        queue_a_global_task(ctx, source, window, task)
    })
}

/// The same for a task from steps that run in parallel.
pub(crate) fn resolve_in_parallel(
    ctx: &mut Context,
    source: TaskSource,
    value: impl Into<JsValue>,
) -> JsValue {
    settle_with(ctx, value.into(), |ctx, window, task| {
        with_loop(ctx, |event_loop| {
            let client = event_loop.client_of(window);
            if client.is_some() {
                event_loop.queue_task_in_parallel(source, client, task);
            }
            client.is_some()
        })
    })
}

fn settle_with(
    ctx: &mut Context,
    value: JsValue,
    queue: impl FnOnce(&Context, GlobalId, EngineTask) -> bool,
) -> JsValue {
    let (promise, functions) = JsPromise::new_pending(ctx);
    if let Some(window) = current_window(ctx) {
        let settlement = Settlement {
            window,
            functions,
            value,
        };
        let id = SETTLEMENTS.with(ctx, |settlements| settlements.insert(settlement));
        let task = EngineTask::new(&SETTLE, id);
        if !queue(ctx, window, task) {
            drop(SETTLEMENTS.with(ctx, |settlements| settlements.remove(id)));
        }
    }
    promise.into()
}

/// The task that settles a promise.
static SETTLE: TaskKind = TaskKind {
    name: "settle a promise",
    run: settle,
};

fn settle(ctx: &mut Context, id: TaskId) {
    let settlement = SETTLEMENTS.with(ctx, |settlements| settlements.remove(id.key()));
    let Some(settlement) = settlement else {
        return;
    };
    prepare_to_run_script(ctx, Some(settlement.window));
    let realm = realm_of(ctx, settlement.window);
    in_realm(ctx, &realm, |ctx| {
        let value = settlement.value;
        let resolve = &settlement.functions.resolve;
        // The promise's own functions throw only when the engine reaches one of its limits.
        if let Err(error) = resolve.call(&JsValue::undefined(), &[value], ctx) {
            report_exception(ctx, Some(settlement.window), error);
        }
    });
    clean_up_after_running_script(ctx);
}

/// Removes the promises of a discarded window or an ended worker. Their tasks were discarded before.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    // Dropping script values may run finalizers, so the slot must not be borrowed here.
    drop(SETTLEMENTS.with(ctx, |settlements| {
        let ids = settlements.keys_in_order().into_iter();
        let ids: Vec<_> = ids
            .filter(|id| {
                settlements
                    .get(*id)
                    .is_some_and(|held| held.window == global)
            })
            .collect();
        ids.into_iter()
            .filter_map(|id| settlements.remove(id))
            .collect::<Vec<_>>()
    }));
}
