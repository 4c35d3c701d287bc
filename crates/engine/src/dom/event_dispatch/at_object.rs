//! Dispatching events to one target outside trees.

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::events::{DispatchAtTarget, EventPhase, PropagationFlags};

use super::{Target, end, propagation_flags};
use crate::dom::event_listeners::{ListenerCallback, Listeners};
use crate::dom::events;
use crate::dom::extensions::extensions;
use crate::script::{State, callback, globals, realm};
use crate::webidl::platform::PlatformObject;

/// Steps 6.13 to 13 of [dispatch](https://dom.spec.whatwg.org/#concept-event-dispatch), for an event of this type that
/// has no related target. The target is `at`, which has no parent.
///
/// OPTIMIZATION: the general algorithm with the path of one item took 850 more instructions for each message. With one
/// target, the event has its targets from the start, nothing is activated, and the event is accessed twice.
pub(super) fn dispatch(
    ctx: &mut Context,
    state: &State,
    event: &JsObject,
    type_: &str,
    mut flags: PropagationFlags,
    target: &Target,
    at: &JsObject,
) -> JsResult<bool> {
    let (owner, window) = globals::owner_and_window(at);
    let mut dispatch = DispatchAtTarget::new(type_);
    // 6.13. and 6.14. Invoke the listeners, those that capture first.
    loop {
        if let Some(window) = window {
            (extensions().before_global_listeners)(ctx, window);
        }
        let (call, changed) = {
            let Some(mut platform) = at.downcast_mut::<PlatformObject>() else {
                break;
            };
            let Some(Listeners { list, .. }) = platform.attached_mut() else {
                break;
            };
            let before = list.len();
            (dispatch.next(flags, list), list.len() != before)
        };
        // A listener with `once` was removed.
        if changed {
            (extensions().listeners_changed)(ctx, at);
        }
        let Some(call) = call else { break };
        // Inner invoke, 2.6. The global is that of the callback's realm.
        let global = match &call.callback {
            ListenerCallback::Callback(callback) => callback.window(),
            ListenerCallback::Steps(..) => owner.or_else(|| realm::current_window(ctx)),
        };
        // 2.7. and 2.8. Push the current event of a window.
        {
            let world = &mut *state.world.borrow_mut();
            // IMPLEMENTATION-DEFINED: the standard calls it. See `inner_invoke`.
            let is_left = |owner| !world.contexts.is_in_a_fully_active_document(owner);
            if owner.is_some_and(is_left) {
                flags = events::read(event, propagation_flags)?;
                continue;
            }
            if let Some(window) = global {
                let shown = (window, Some(event.clone()));
                world.running.current_events.push(shown);
            }
        }
        // 2.9. A passive listener cannot cancel the event.
        let passive = call.passive == Some(true);
        events::write(event, |event| {
            event.phase = EventPhase::AtTarget as u32;
            // Invoke, 7. Set the current target.
            event.current_target = Some(target.clone());
            event.in_passive_listener = passive;
        })?;
        // NOT YET: 2.10. Record timing info for the listener.
        // 2.11. Call the callback. An exception is reported (2.11.1.).
        // NOT YET: 2.11.2. The flag of Indexed Database.
        let result = match &call.callback {
            ListenerCallback::Callback(callback) => {
                let this = target.value(ctx);
                let args = [event.clone().into()];
                let result = callback::call_operation(callback, "handleEvent", &this, &args, ctx);
                callback::finish(result, global, ctx);
                Ok(())
            }
            ListenerCallback::Steps(name, steps) => steps(ctx, at, name, target, event),
        };
        let ended = events::write(event, |event| {
            // 2.12. Unset the in passive listener flag.
            event.in_passive_listener = false;
            flags = propagation_flags(event);
            // OPTIMIZATION: after the last listener the dispatch ends, so the event is accessed once for both.
            call.is_last.then(|| end(event))
        });
        // 2.13. Restore the current event.
        if global.is_some() {
            state.world.borrow_mut().running.current_events.pop();
        }
        result?;
        if let Some(canceled) = ended? {
            // 13. Return whether the event was not canceled.
            return Ok(!canceled);
        }
    }
    // 7. to 10. End the dispatch.
    let canceled = events::write(event, end)?;
    // 11. The target is in no shadow tree. 12. Nothing is activated.
    // 13. Return whether the event was not canceled.
    Ok(!canceled)
}
