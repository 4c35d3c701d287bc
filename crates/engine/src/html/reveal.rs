//! Revealing documents ([HTML, reveal](https://html.spec.whatwg.org/multipage/browsing-the-web.html#reveal)).
//!
//! A document is revealed when it is first rendered. Only an animation frame callback or a listener for `pagereveal`
//! can observe that, so a document with neither is never rendered, and is not revealed.

use std::collections::BTreeSet;

use boa_engine::Context;
use framepost_event_loop::{EventLoop, GlobalId};

use super::navigation::page_swap;
use crate::boa::slots::Slot;
use crate::dom::event_listeners;
use crate::script::realm::window_record;
use crate::script::{with_contexts, with_loop};

/// The windows that wait for their first frame.
#[derive(Default)]
struct Reveals {
    /// Those whose page is shown, and has a listener.
    waiting: BTreeSet<GlobalId>,
    /// Those that were revealed before their page was shown.
    early: BTreeSet<GlobalId>,
}

static REVEALS: Slot<Reveals> = Slot::new();

/// The page of a window is shown. If a listener waits for the reveal, there will be a frame. Returns whether there is one.
// IMPLEMENTATION-DEFINED: later listeners hear nothing, since a browser would have rendered the page before.
pub(crate) fn page_shown(cx: &mut Context, window: GlobalId) -> bool {
    if REVEALS.with(cx, |reveals| reveals.early.remove(&window)) {
        return false;
    }
    let listens = window_record(cx, window).is_some_and(|record| {
        event_listeners::global_listens(cx, window, &record.global, "pagereveal")
    });
    if listens {
        REVEALS.with(cx, |reveals| reveals.waiting.insert(window));
    }
    listens
}

/// Reveals documents in a frame: those that wait for it, and those that are rendered for the first time.
pub(super) fn reveal(cx: &mut Context, rendered: &[GlobalId]) {
    let waiting = REVEALS.with(cx, |reveals| std::mem::take(&mut reveals.waiting));
    let (revealed, later): (BTreeSet<_>, BTreeSet<_>) = waiting
        .into_iter()
        .partition(|window| is_fully_active(cx, *window));
    REVEALS.with(cx, |reveals| reveals.waiting.extend(later));
    // 1. A document is revealed once.
    let early: Vec<GlobalId> = rendered
        .iter()
        .copied()
        .filter(|global| is_loading(cx, *global))
        .filter(|window| REVEALS.with(cx, |reveals| reveals.early.insert(*window)))
        .collect();
    // 3. There are no view transitions.
    for window in revealed.into_iter().chain(early) {
        // 2. and 4. Fire pagereveal.
        page_swap::fire_page_reveal(cx, window);
        // 5. There is no transition to activate.
    }
}

fn is_fully_active(cx: &Context, window: GlobalId) -> bool {
    with_loop(cx, |event_loop| {
        let client = event_loop.client_of(window);
        client.is_some_and(|client| event_loop.is_fully_active(client))
    })
}

fn is_loading(cx: &Context, global: GlobalId) -> bool {
    with_contexts(cx, |contexts| {
        let document = contexts
            .window(global)
            .map(framepost_browsing_context::Window::document);
        document.is_some_and(|document| !contexts.is_completely_loaded(document))
    })
}

/// Drops the windows that are gone.
pub(crate) fn forget_dropped(cx: &Context) {
    REVEALS.with(cx, |reveals| {
        if reveals.waiting.is_empty() && reveals.early.is_empty() {
            return;
        }
        let is_there = |window: &GlobalId| {
            with_loop(cx, |event_loop: &mut EventLoop<_, _>| {
                event_loop.client_of(*window)
            })
            .is_some()
        };
        reveals.waiting.retain(is_there);
        reveals.early.retain(is_there);
    });
}
