//! The running scripts and callbacks: their entry settings objects and incumbents.
//!
//! OPTIMIZATION: the stacks are part of the [`World`](super::World), so preparing to run a callback borrows once.

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_event_loop::GlobalId;

use super::state::{State, state};

/// The stacks of an agent's running scripts and callbacks, innermost last.
#[derive(Debug, Default)]
pub(crate) struct Running {
    /// The windows of the entry settings objects.
    pub(super) entries: Vec<Option<GlobalId>>,
    /// HTML's [backup incumbent settings object stack](https://html.spec.whatwg.org/multipage/webappapis.html#backup-incumbent-settings-object-stack).
    pub(super) incumbents: Vec<BackupIncumbent>,
    /// The events that listeners are being called with, for `window.event`: the listener's window and the
    /// event, `None` when the window is gone.
    pub(crate) current_events: Vec<(GlobalId, Option<JsObject>)>,
}

/// The incumbent while a callback is called from outside script.
#[derive(Clone, Copy, Debug)]
pub(super) struct BackupIncumbent {
    pub(super) window: GlobalId,
    /// The number of frames around the callback. With more frames, the script inside it counts.
    pub(super) depth: usize,
}

/// Returns the window of the [entry settings object](https://html.spec.whatwg.org/multipage/webappapis.html#entry-settings-object).
pub(crate) fn entry(ctx: &Context) -> Option<GlobalId> {
    let state = state(ctx);
    let world = state.world.borrow();
    world.running.entries.last().copied().flatten()
}

impl Running {
    /// Returns the window of the innermost callback, unless script runs inside it.
    pub(super) fn backup_incumbent(&self, ctx: &Context) -> Option<GlobalId> {
        let BackupIncumbent { window, depth } = self.incumbents.last().copied()?;
        (ctx.stack_trace().count() <= depth).then_some(window)
    }
}

/// [`Running::backup_incumbent`], while the world is not borrowed.
pub(super) fn backup_incumbent(ctx: &Context) -> Option<GlobalId> {
    state(ctx).world.borrow().running.backup_incumbent(ctx)
}

/// [Prepare to run a callback](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-a-callback),
/// runs `call`, then [cleans up](https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-a-callback).
///
/// `incumbent` is the incumbent window of the callback context.
pub(crate) fn with_incumbent<R>(
    ctx: &mut Context,
    incumbent: Option<GlobalId>,
    call: impl FnOnce(&mut Context) -> R,
) -> R {
    let Some(window) = incumbent else {
        return call(ctx);
    };
    // The depth stands in for the standard's skip-when-determining-incumbent counter.
    let depth = ctx.stack_trace().count();
    let backup = BackupIncumbent { window, depth };
    let state = state(ctx);
    state.world.borrow_mut().running.incumbents.push(backup);
    let result = call(ctx);
    state.world.borrow_mut().running.incumbents.pop();
    result
}

/// Calls a callback: [prepares to run script](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-script)
/// of `window` and to run the callback, then calls it. The caller
/// [cleans up](super::clean_up_after_running_script), after it has reported an exception.
pub(super) fn call_prepared(
    ctx: &mut Context,
    state: &State,
    window: Option<GlobalId>,
    incumbent: Option<GlobalId>,
    call: impl FnOnce(&mut Context) -> JsResult<JsValue>,
) -> JsResult<JsValue> {
    {
        let world = &mut *state.world.borrow_mut();
        world.event_loop.prepare_to_run_script();
        world.running.entries.push(window);
        // IMPLEMENTATION-DEFINED: the standard calls it. Browsers call no callback of a document that is no longer
        // fully active. For events, `inner_invoke` checks the target's document, which may be another one.
        let is_left = |window| !world.contexts.is_in_a_fully_active_document(window);
        if window.is_some_and(is_left) {
            return Ok(JsValue::undefined());
        }
        if let Some(window) = incumbent {
            // The depth stands in for the standard's skip-when-determining-incumbent counter.
            let depth = ctx.stack_trace().count();
            let backup = BackupIncumbent { window, depth };
            world.running.incumbents.push(backup);
        }
    }
    let result = call(ctx);
    if incumbent.is_some() {
        state.world.borrow_mut().running.incumbents.pop();
    }
    result
}
