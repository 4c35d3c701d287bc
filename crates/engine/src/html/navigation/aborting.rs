//! Aborting the ongoing navigation of the navigation API
//! ([HTML, ongoing navigation tracking](https://html.spec.whatwg.org/multipage/nav-history-apis.html#ongoing-navigation-tracking)).

use boa_engine::{Context, JsObject, JsString, JsValue};
use framepost_event_loop::GlobalId;

use super::event_data::{Transition, with_event};
use super::{held, with};
use crate::dom::aborting;
use crate::dom::event::EventInit;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::{self, NewEvent};
use crate::html::error_events::{ERROR_EVENT, ErrorEventInit};
use crate::script::error_place::{Place, place_of_error_object};
use crate::script::{clean_up_after_running_script, prepare_to_run_script, realm, with_contexts};
use crate::webidl::{exception, platform};

/// The transition is over, unless another one has begun.
pub(super) fn end_the_transition(navigation: &JsObject, transition: &JsObject) {
    with(navigation, |data| {
        if data
            .transition
            .as_ref()
            .is_some_and(|held| JsObject::equals(held, transition))
        {
            data.transition = None;
        }
    });
}

/// [Abort the ongoing navigation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#abort-the-ongoing-navigation)
pub(super) fn abort_the_ongoing_navigation(
    navigation: &JsObject,
    error: Option<JsValue>,
    cx: &mut Context,
) {
    let taken = with(navigation, |data| {
        data.awaits_commit = None;
        (
            data.ongoing.take(),
            data.tracker.take(),
            data.transition.clone(),
        )
    });
    let Some((Some(event), tracker, transition)) = taken else {
        return;
    };
    // 4. Without an error, create one.
    let error = error.unwrap_or_else(|| {
        exception::create("AbortError", "The navigation was aborted.", cx).into()
    });
    // 5. An event that is being dispatched is canceled.
    let _is_event = events::write(&event, |event| {
        if event.dispatching {
            event.canceled = true;
        }
    });
    // 6. Abort the signal.
    if let Some(signal) = with_event(&event, |event| event.signal.clone()) {
        aborting::signal_abort(cx, &signal, &error);
    }
    // 7. Fire navigateerror.
    fire_navigate_error(navigation, &error, cx);
    // 8. Reject the promises.
    if let Some(tracker) = tracker {
        tracker.reject_the_finished_promise(&error, cx);
    }
    if let Some(transition) = transition {
        let held = platform::with(&transition, |held: &Transition| Some(held.clone()));
        if let Some(held) = held {
            held.committed.reject(error.clone(), cx);
            held.finished.reject(error, cx);
        }
        end_the_transition(navigation, &transition);
    }
}

fn fire_navigate_error(navigation: &JsObject, error: &JsValue, cx: &mut Context) {
    let place = place_of_error_object(cx, error);
    // Without a place, use the URL of the document.
    let place = place.unwrap_or_else(|| {
        let window = with(navigation, |data| data.window);
        let url = with_contexts(cx, |contexts| {
            window.and_then(|window| contexts.url_of_global(window).map(ToString::to_string))
        });
        Place {
            url: url.unwrap_or_default(),
            ..Place::default()
        }
    });
    let message = error.to_string(cx).unwrap_or_default();
    let message = JsString::from(format!("Uncaught {}", message.to_std_string_lossy()));
    let init = ErrorEventInit {
        parent: EventInit::default(),
        message,
        filename: JsString::from(place.url.as_str()),
        lineno: place.line,
        colno: place.column,
        error: error.clone(),
    };
    let event = NewEvent::of(&ERROR_EVENT, init);
    let target = Target::Object(navigation.clone());
    event_dispatch::fire(cx, &target, None, "navigateerror", (false, false), event);
}

/// [Inform the navigation API about aborting navigation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#inform-the-navigation-api-about-aborting-navigation),
/// or [about child navigable destruction](https://html.spec.whatwg.org/multipage/nav-history-apis.html#inform-the-navigation-api-about-child-navigable-destruction)
pub(crate) fn navigation_aborted(cx: &mut Context, window: GlobalId, destroyed: bool) {
    let Some(navigation) = held(window, cx) else {
        return;
    };
    let realm = realm::realm_of(cx, window);
    prepare_to_run_script(cx, Some(window));
    realm::in_realm(cx, &realm, |cx| {
        while with(&navigation, |data| data.ongoing.is_some()) == Some(true) {
            abort_the_ongoing_navigation(&navigation, None, cx);
        }
        if destroyed {
            let upcoming = with(&navigation, |data| {
                std::mem::take(&mut data.upcoming_traversals)
            });
            for tracker in upcoming.unwrap_or_default() {
                let error = exception::create("AbortError", "The frame was removed.", cx);
                tracker.reject_the_finished_promise(&error.into(), cx);
            }
        }
    });
    clean_up_after_running_script(cx);
}

/// A traversal that `navigation.traverseTo()` requested does not happen.
pub(crate) fn traversal_failed(cx: &mut Context, window: GlobalId, key: u64, error: &str) {
    let Some(navigation) = held(window, cx) else {
        return;
    };
    let tracker = with(&navigation, |data| {
        let mut upcoming = data.upcoming_traversals.iter();
        let at = upcoming.position(|tracker| tracker.read(|data| data.key) == Some(key))?;
        Some(data.upcoming_traversals.remove(at))
    });
    let Some(tracker) = tracker.flatten() else {
        return;
    };
    let realm = realm::realm_of(cx, window);
    prepare_to_run_script(cx, Some(window));
    realm::in_realm(cx, &realm, |cx| {
        let error = exception::create(error, "The traversal was not performed.", cx);
        tracker.reject_the_finished_promise(&error.into(), cx);
    });
    clean_up_after_running_script(cx);
}
