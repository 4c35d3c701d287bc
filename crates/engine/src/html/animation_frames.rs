//! Animation frames
//! ([HTML, animation frames](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#animation-frames)).
//!
//! There is no painting. Rendering opportunities occur while an animation frame callback or a listener for `pagereveal`
//! waits.

use std::collections::BTreeMap;

use boa_engine::{Context, JsObject, JsValue};
use framepost_event_loop::{EventLoop, GlobalId};

use crate::boa::slots::Slot;
use crate::script::callback::{self, Callback};
use crate::script::{EngineTask, Task, TaskId, TaskKind, time, with_loop};

/// The callbacks that wait, by global and handle.
static CALLBACKS: Slot<BTreeMap<(GlobalId, u32), Callback>> = Slot::new();

/// [`requestAnimationFrame()`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#dom-animationframeprovider-requestanimationframe)
pub(super) fn request_animation_frame(
    global: GlobalId,
    callback: JsObject,
    cx: &mut Context,
) -> u32 {
    // NOT YET: 1. A worker without a rendering document as its owner has no animation frames.
    // 2. to 4. Add the callback to the map, under the next handle.
    let callback = Callback::new(callback, cx);
    let (handle, client) = with_loop(cx, |event_loop| {
        event_loop.request_rendering_opportunity(task);
        let handle = event_loop.request_animation_frame(global);
        (handle, event_loop.client_of(global))
    });
    // That of a global that is gone is never called.
    if client.is_some() {
        CALLBACKS.with(cx, |callbacks| callbacks.insert((global, handle), callback));
    }
    // 5. Return the handle.
    handle
}

/// [`cancelAnimationFrame()`](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#animationframeprovider-cancelanimationframe)
pub(super) fn cancel_animation_frame(global: GlobalId, handle: u32, cx: &mut Context) {
    // 2. and 3. Remove the callback.
    with_loop(cx, |event_loop| {
        event_loop.remove_animation_frame(global, handle)
    });
    let callback = CALLBACKS.with(cx, |callbacks| callbacks.remove(&(global, handle)));
    drop(callback);
}

/// The page of a window is shown: its document is revealed in the next frame, if that can be observed.
pub(crate) fn page_shown(cx: &mut Context, window: GlobalId) {
    if super::reveal::page_shown(cx, window) {
        with_loop(cx, |event_loop| {
            event_loop.request_rendering_opportunity(task);
        });
    }
}

fn task() -> Task {
    EngineTask::new(&UPDATE_THE_RENDERING, TaskId::ONLY).into()
}

/// [Update the rendering](https://html.spec.whatwg.org/multipage/webappapis.html#update-the-rendering)
static UPDATE_THE_RENDERING: TaskKind = TaskKind {
    name: "update the rendering",
    run: |cx, _| {
        // 1. Take the time of the frame.
        let time = with_loop(cx, EventLoop::begin_rendering);
        // 2. Find the documents that are fully active, in the order of their first callbacks.
        // NOT YET: 3. Leave out documents that are render-blocked.
        // 4. Leave out documents without animation frame callbacks: they have no visible change.
        let globals = with_loop(cx, |event_loop| {
            let mut globals = event_loop.animation_frame_globals();
            globals.retain(|global| {
                let client = event_loop.client_of(*global);
                client.is_some_and(|client| event_loop.is_fully_active(client))
            });
            globals
        });
        // 5. No document is left out for other reasons.
        // 6. Reveal the documents.
        super::reveal::reveal(cx, &globals);
        // NOT YET: 7. Flush autofocus candidates.
        // NOT YET: 8. Resize steps. 9. Scroll steps. 10. Media queries. 11. Animations.
        // NOT YET: 12. Fullscreen steps. 13. Lost canvas contexts.
        // 14. Run the animation frame callbacks.
        for global in globals {
            run_the_animation_frame_callbacks(global, time::coarsen(time), cx);
        }
        // NOT YET: 15. Take the time at which style and layout start. 16. Resize observations.
        // NOT YET: 17. Focus fixup. 18. View transitions. 19. Intersection observations.
        // NOT YET: 20. Rendering time. 21. Paint timing. 22. Paint. 23. Top layer removals.
    },
};

/// [Run the animation frame callbacks](https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#run-the-animation-frame-callbacks)
fn run_the_animation_frame_callbacks(global: GlobalId, now: f64, cx: &mut Context) {
    // 1. and 2. Take the waiting callbacks. Callbacks that they request wait for the next frame.
    let handles = with_loop(cx, |event_loop| event_loop.animation_frames(global));
    for handle in handles {
        // 3. A callback may have been cancelled by an earlier one.
        if !with_loop(cx, |event_loop| {
            event_loop.remove_animation_frame(global, handle)
        }) {
            continue;
        }
        let callback = CALLBACKS.with(cx, |callbacks| callbacks.remove(&(global, handle)));
        if let Some(callback) = callback {
            let (this, now) = (JsValue::undefined(), JsValue::from(now));
            callback::invoke_and_report(&callback, &this, &[now], Some(global), cx);
        }
    }
}

/// Drops the callbacks of globals that are gone.
pub(crate) fn forget_dropped(cx: &Context) {
    let forgotten: Vec<_> = CALLBACKS.with(cx, |callbacks| {
        if callbacks.is_empty() {
            return Vec::new();
        }
        let gone = |global| with_loop(cx, |event_loop| event_loop.client_of(global)).is_none();
        callbacks
            .extract_if(.., |(global, _), _| gone(*global))
            .collect()
    });
    drop(forgotten);
    super::reveal::forget_dropped(cx);
}
