//! The entries of a `Navigation` after a navigation within a document
//! ([HTML, updating the navigation API entries](https://html.spec.whatwg.org/multipage/nav-history-apis.html#update-the-navigation-api-entries-for-a-same-document-navigation)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::NavigationType;
use framepost_event_loop::GlobalId;

use super::entries;
use super::event_data::{Transition, fire_current_entry_change};
use super::{NavigationUpdateCurrentEntryOptions, held, serialize, window_of, with};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::script::{realm, with_contexts};
use crate::webidl::{exception, platform};

/// [Update the navigation API entries for a same-document navigation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#update-the-navigation-api-entries-for-a-same-document-navigation)
pub(super) fn update_the_entries(
    navigation: &JsObject,
    window: GlobalId,
    navigation_type: NavigationType,
    cx: &mut Context,
) {
    // 2. to 8. Take the entries from the history.
    let old_current = entries::last_current_entry(navigation, cx);
    let old = entries::objects(navigation);
    entries::synchronize(navigation, cx);
    // 9. Notify the tracker of the method that navigated.
    let tracker = with(navigation, |data| data.tracker.clone()).flatten();
    if let Some(current) = entries::last_current_entry(navigation, cx) {
        if let Some(tracker) = tracker {
            let state = tracker.read(|data| data.state.clone());
            if let (Some(state), Some(id)) = (state, entries::id_of(&current)) {
                with_contexts(cx, |contexts| {
                    contexts.set_navigation_api_state(window, id, Some(state));
                });
                entries::synchronize(navigation, cx);
            }
            tracker.notify_about_the_committed_to_entry(&current, cx);
        }
        let transition = with(navigation, |data| data.transition.clone()).flatten();
        let transition = transition
            .and_then(|held| platform::with(&held, |held: &Transition| Some(held.clone())));
        if let Some(transition) = transition {
            transition.committed.resolve(JsValue::undefined(), cx);
        }
    }
    // 11. Fire currententrychange.
    if let Some(from) = old_current {
        fire_current_entry_change(navigation, Some(navigation_type), &from, cx);
    }
    // 12. Fire dispose at the entries that are gone.
    fire_dispose(navigation, old, cx);
    // IMPLEMENTATION-DEFINED: as in browsers, the entries of other windows are disposed as well.
    if navigation_type == NavigationType::Push {
        let mut live = realm::live(cx);
        live.sort_unstable();
        for other in live {
            if let Some(navigation) = held(other, cx).filter(|_| other != window) {
                let old = entries::objects(&navigation);
                entries::synchronize(&navigation, cx);
                fire_dispose(&navigation, old, cx);
            }
        }
    }
}

fn fire_dispose(navigation: &JsObject, old: Vec<(u64, JsObject)>, cx: &mut Context) {
    let kept = entries::objects(navigation);
    for (id, object) in old {
        if !kept.iter().any(|(held, _)| *held == id) {
            let target = Target::Object(object);
            event_dispatch::fire(
                cx,
                &target,
                None,
                "dispose",
                (false, false),
                NewEvent::plain(),
            );
        }
    }
}

/// [`updateCurrentEntry()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-updatecurrententry)
pub(super) fn update_current_entry(
    navigation: &JsObject,
    options: &NavigationUpdateCurrentEntryOptions,
    cx: &mut Context,
) -> JsResult<()> {
    let window = window_of(navigation)?;
    // 1. and 2. There has to be a current entry.
    let Some(current) = entries::current_entry(navigation, cx) else {
        let message = "The navigation has no current entry.";
        return Err(exception::throw("InvalidStateError", message, cx));
    };
    // 3. Serialize the state.
    let state = serialize(&options.state, cx)?;
    // 4. Set the state of the entry.
    if let Some(id) = entries::id_of(&current) {
        with_contexts(cx, |contexts| {
            contexts.set_navigation_api_state(window, id, Some(state));
        });
        entries::synchronize(navigation, cx);
    }
    // 5. Fire currententrychange.
    fire_current_entry_change(navigation, None, &current, cx);
    Ok(())
}
