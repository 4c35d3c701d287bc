//! The cookie stores of windows, and their `change` events
//! ([Cookie Store API, process changes](https://cookiestore.spec.whatwg.org/#process-changes)).

use boa_engine::{Context, JsObject};
use framepost_browsing_context::cookies::{Cookie, CookieChange};
use framepost_event_loop::{Arena, FxHashMap, GlobalId, TaskSource, new_key_type};

use super::store::{COOKIE_CHANGE_EVENT, COOKIE_STORE, CookieChangeEventInit};
use super::store_steps::create_a_cookie_list_item;
use crate::boa::slots::Slot;
use crate::dom::event::EventInit;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::script::realm::{self, in_realm};
use crate::script::{EngineTask, TaskId, TaskKind, queue_a_global_task, with_contexts};

/// The stores of windows.
static STORES: Slot<FxHashMap<GlobalId, JsObject>> = Slot::new();

/// The changes on their way to a window.
static CHANGES: Slot<Arena<CookieChangesId, (GlobalId, Vec<CookieChange>)>> = Slot::new();

new_key_type! {
    /// Names changes of cookies on their way to a window.
    pub struct CookieChangesId: "cookie changes";
}

/// [`cookieStore`](https://cookiestore.spec.whatwg.org/#dom-window-cookiestore): one object a window.
pub(super) fn store_of(window: GlobalId, cx: &mut Context) -> JsObject {
    if let Some(held) = STORES.with(cx, |stores| stores.get(&window).cloned()) {
        return held;
    }
    let store = realm::create_in(window, &COOKIE_STORE, (), cx);
    if realm::is_live(cx, window) {
        STORES.with(cx, |stores| stores.insert(window, store.clone()));
        with_contexts(cx, |contexts| contexts.cookies_mut().record_changes());
    }
    store
}

/// Queues the tasks that fire `change`, in the order of the windows' creation.
pub(super) fn queue_changes(cx: &Context) {
    let mut windows = STORES.with(cx, |stores| stores.keys().copied().collect::<Vec<_>>());
    if windows.is_empty() {
        return;
    }
    windows.sort_unstable();
    let changes = with_contexts(cx, |contexts| contexts.cookies_mut().take_changes());
    for window in windows {
        // 1. Find the changes that the window observes.
        let observed = with_contexts(cx, |contexts| {
            let document = contexts.window(window)?.document();
            let context = contexts.cookie_context_of_document(document).ok()??;
            let all = changes.iter();
            let visible = all.filter(|change| change.cookie.is_visible_to(&context));
            Some(visible.cloned().collect::<Vec<_>>())
        });
        let observed = observed.unwrap_or_default();
        if observed.is_empty() {
            continue;
        }
        // 2. Queue a task that fires the event.
        let id = CHANGES.with(cx, |held| held.insert((window, observed)));
        let task = EngineTask::new(&FIRE, id);
        if !queue_a_global_task(cx, TaskSource::DomManipulation, window, task) {
            drop(CHANGES.with(cx, |held| held.remove(id)));
        }
    }
}

/// The task that fires `change`.
static FIRE: TaskKind = TaskKind {
    name: "fire change at a CookieStore",
    run: fire,
};

fn fire(cx: &mut Context, id: TaskId) {
    let Some((window, changes)) = CHANGES.with(cx, |held| held.remove(id.key())) else {
        return;
    };
    let store = STORES.with(cx, |stores| stores.get(&window).cloned());
    let (Some(store), Some(record)) = (store, realm::window_record(cx, window)) else {
        return;
    };
    let data = in_realm(cx, &record.realm, |cx| {
        let mut items = |is_deleted: bool| {
            let wanted = changes
                .iter()
                .filter(|change| change.is_deleted == is_deleted);
            let cookies = wanted.map(|change: &CookieChange| -> &Cookie { &change.cookie });
            let items = cookies
                .filter_map(|cookie| create_a_cookie_list_item(cookie, !is_deleted, cx).ok());
            items.collect::<Vec<_>>()
        };
        CookieChangeEventInit {
            parent: EventInit::default(),
            changed: items(false),
            deleted: items(true),
        }
    });
    let of = NewEvent::of(&COOKIE_CHANGE_EVENT, data);
    event_dispatch::fire(
        cx,
        &Target::Object(store),
        None,
        "change",
        (false, false),
        of,
    );
}

/// Removes the store of a discarded window.
pub(crate) fn global_discarded(cx: &Context, window: GlobalId) {
    // Dropping script values may run finalizers, so the slots must not be borrowed here.
    drop(STORES.with(cx, |stores| stores.remove(&window)));
    drop(CHANGES.with(cx, |held| {
        let ids = held.keys_in_order().into_iter();
        let gone: Vec<_> = ids
            .filter(|id| held.get(*id).is_some_and(|(of, _)| *of == window))
            .collect();
        gone.into_iter()
            .filter_map(|id| held.remove(id))
            .collect::<Vec<_>>()
    }));
}
