//! Firing `navigate`, and the steps after it
//! ([HTML, the inner navigate event firing algorithm](https://html.spec.whatwg.org/multipage/nav-history-apis.html#inner-navigate-event-firing-algorithm)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsValue, NativeFunction, Trace, js_string};
use boa_gc::{Gc, GcRefCell};
use framepost_browsing_context::{
    EffectHost as _, NavigateEvent as Fired, NavigateEventOutcome, NavigationType, SerializedState,
};
use framepost_event_loop::GlobalId;

use super::aborting::{abort_the_ongoing_navigation, end_the_transition};
use super::entries;
use super::event::{NAVIGATE_EVENT, NAVIGATION_DESTINATION, NAVIGATION_TRANSITION};
use super::event_data::{
    Destination, Interception, NavigateEventData, Transition, form_data, interception, with_event,
};
use super::interception::controller;
use super::tracker::{Deferred, Tracker};
use super::update::update_the_entries;
use super::{held, window_of, with};
use crate::dom::aborting::{self, SignalData};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::{self, NewEvent};
use crate::dom::node;
use crate::script::callback::{Callback, invoke, is_left};
use crate::script::{
    Host, clean_up_after_running_script, prepare_to_run_script, realm, run_steps, with_contexts,
};
use crate::webidl::platform;

/// Runs the [inner navigate event firing algorithm](https://html.spec.whatwg.org/multipage/nav-history-apis.html#inner-navigate-event-firing-algorithm)
/// at the `Navigation` of a window, and returns whether the navigation continues.
pub(crate) fn fire_navigate(cx: &mut Context, window: GlobalId, fired: Box<Fired>) {
    let outcome = match held(window, cx) {
        Some(navigation) => {
            let realm = realm::realm_of(cx, window);
            prepare_to_run_script(cx, Some(window));
            let goes_on = realm::in_realm(cx, &realm, |cx| fire(&navigation, window, fired, cx));
            clean_up_after_running_script(cx);
            match goes_on {
                true => NavigateEventOutcome::Continue,
                false => NavigateEventOutcome::Stop,
            }
        }
        None => NavigateEventOutcome::Continue,
    };
    with_contexts(cx, |contexts| contexts.navigate_event_fired(outcome));
}

fn fire(navigation: &JsObject, window: GlobalId, fired: Box<Fired>, cx: &mut Context) -> bool {
    entries::synchronize(navigation, cx);
    // 2. to 4. Take the upcoming tracker.
    let key = fired.entry.as_ref().map(|entry| entry.key);
    let tracker = with(navigation, |data| match key {
        Some(key) => {
            let mut upcoming = data.upcoming_traversals.iter();
            let at = upcoming.position(|tracker| tracker.read(|data| data.key) == Some(key));
            at.map(|at| data.upcoming_traversals.remove(at))
        }
        None => data.upcoming.take(),
    });
    let tracker = tracker.flatten();
    // A new navigation ends the ongoing one.
    while with(navigation, |data| data.ongoing.is_some()) == Some(true) {
        abort_the_ongoing_navigation(navigation, None, cx);
    }
    with(navigation, |data| data.tracker.clone_from(&tracker));
    // 5. to 13. Create the event.
    let (event, signal) = make_the_event(navigation, window, fired, tracker.as_ref(), cx);
    // 14. to 17. Dispatch it.
    with(navigation, |data| data.ongoing = Some(event.clone()));
    let target = Target::Object(navigation.clone());
    let dispatched = event_dispatch::dispatch(cx, &event, &target, None);
    // 18. A canceled event ends the navigation.
    if !dispatched.unwrap_or(true) {
        if !aborting::is_aborted(&signal) {
            abort_the_ongoing_navigation(navigation, None, cx);
        }
        return false;
    }
    if aborting::is_aborted(&signal) || is_left(cx, window) {
        return false;
    }
    let fired = with_event(&event, |event| {
        let fired = event.fired.as_ref();
        fired.map(|fired| (fired.same_document, event.navigation_type))
    });
    let Some((same_document, navigation_type)) = fired.flatten() else {
        return true;
    };
    if interception(&event) == Interception::None {
        // 19. to 23. A same-document navigation that was not intercepted has no handlers; its event ends after the
        //     commit.
        if same_document {
            with(navigation, |data| data.awaits_commit = Some(event));
        }
        return true;
    }
    // An intercepted navigation has a transition.
    begin_a_transition(navigation, window, &event, navigation_type, cx);
    let precommit = with_event(&event, |event| {
        std::mem::take(&mut event.precommit_handlers)
    });
    let precommit = precommit.unwrap_or_default();
    if precommit.is_empty() {
        if navigation_type == NavigationType::Traverse {
            // The session history commits it.
            with(navigation, |data| data.awaits_commit = Some(event));
            return true;
        }
        commit(navigation, window, &event, cx);
        return false;
    }
    // The precommit handlers come first.
    let controller = controller(navigation, &event, cx);
    let promises: Vec<JsPromise> = precommit
        .iter()
        .filter_map(|handler| call_handler(handler, &[controller.clone().into()], cx))
        .collect();
    let wait = Wait::new(navigation, &event, Stage::Precommit);
    wait_for_all(&promises, &wait, cx);
    false
}

fn make_the_event(
    navigation: &JsObject,
    window: GlobalId,
    fired: Box<Fired>,
    tracker: Option<&Tracker>,
    cx: &mut Context,
) -> (JsObject, JsObject) {
    let entry = fired.entry.clone();
    let entry = entry.and_then(|entry| entries::object_of(navigation, entry, cx));
    let destination = Destination {
        window,
        url: fired.url.to_string(),
        entry,
        state: fired.state.clone(),
        same_document: fired.same_document,
    };
    let destination = realm::create_in(window, &NAVIGATION_DESTINATION, destination, cx);
    let signal = aborting::create(SignalData::default(), cx);
    let source_element = fired
        .source_element
        .as_ref()
        .map(|node| node::wrap(cx, node));
    let form_data = fired
        .form_data
        .as_ref()
        .and_then(|entries| form_data(entries, cx));
    let cancelable = fired.cancelable;
    let data = NavigateEventData {
        navigation_type: fired.navigation_type,
        destination,
        can_intercept: fired.can_intercept,
        user_initiated: fired.user_initiated,
        hash_change: fired.hash_change,
        signal: signal.clone(),
        form_data,
        download: fired.download.clone(),
        info: tracker
            .map(|tracker| tracker.read(|data| data.info.clone()))
            .unwrap_or_default(),
        visual_transition: false,
        source_element,
        interception: Interception::None,
        handlers: Vec::new(),
        precommit_handlers: Vec::new(),
        fired: Some(fired),
    };
    let new = NewEvent::of(&NAVIGATE_EVENT, data);
    let event = events::create_trusted(
        cx,
        Some(window),
        js_string!("navigate"),
        false,
        cancelable,
        new,
    );
    (event, signal)
}

fn begin_a_transition(
    navigation: &JsObject,
    window: GlobalId,
    event: &JsObject,
    navigation_type: NavigationType,
    cx: &mut Context,
) {
    let Some(from) = entries::last_current_entry(navigation, cx) else {
        return;
    };
    let Some(to) = with_event(event, |event| event.destination.clone()) else {
        return;
    };
    let (committed, finished) = (Deferred::new(cx), Deferred::new(cx));
    committed.mark_as_handled(cx);
    finished.mark_as_handled(cx);
    let transition = Transition {
        navigation_type,
        from,
        to,
        committed,
        finished,
    };
    let transition = realm::create_in(window, &NAVIGATION_TRANSITION, transition, cx);
    with(navigation, |data| data.transition = Some(transition));
}

/// Changes the state for the entry of the ongoing navigation.
pub(super) fn set_tracker_state(navigation: &JsObject, state: SerializedState) {
    let tracker = with(navigation, |data| data.tracker.clone()).flatten();
    if let Some(tracker) = tracker {
        tracker.set_state(state);
    }
}

/// [Commit](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigateevent-commit) an
/// intercepted navigation.
fn commit(navigation: &JsObject, window: GlobalId, event: &JsObject, cx: &mut Context) {
    let Some(Some((navigation_type, url, classic, state, traversal))) =
        with_event(event, |event| {
            let fired = event.fired.as_ref()?;
            Some((
                event.navigation_type,
                fired.url.clone(),
                fired.classic_state.clone(),
                fired.state.clone(),
                fired.traversal,
            ))
        })
    else {
        return;
    };
    with(navigation, |data| data.awaits_commit = Some(event.clone()));
    match navigation_type {
        NavigationType::Push | NavigationType::Replace => {
            with_contexts(cx, |contexts| {
                contexts.commit_an_intercepted_navigation(
                    window,
                    url,
                    classic,
                    state,
                    navigation_type,
                );
            });
            current_entry_changed(cx, window, navigation_type);
        }
        NavigationType::Reload => current_entry_changed(cx, window, navigation_type),
        NavigationType::Traverse => {
            if let Some((top, step)) = traversal {
                let steps = Host::new(cx).with_contexts(|contexts, _| {
                    contexts.resume_applying_the_traverse_history_step(top, step)
                });
                run_steps(cx, steps);
            }
        }
    }
}

/// [Update the navigation API entries for a same-document navigation](https://html.spec.whatwg.org/multipage/nav-history-apis.html#update-the-navigation-api-entries-for-a-same-document-navigation),
/// then run the handlers of the event that caused the change.
pub(crate) fn current_entry_changed(
    cx: &mut Context,
    window: GlobalId,
    navigation_type: NavigationType,
) {
    let Some(navigation) = held(window, cx) else {
        return;
    };
    let realm = realm::realm_of(cx, window);
    prepare_to_run_script(cx, Some(window));
    realm::in_realm(cx, &realm, |cx| {
        update_the_entries(&navigation, window, navigation_type, cx);
        let awaits = with(&navigation, |data| data.awaits_commit.take()).flatten();
        if let Some(event) = awaits {
            run_the_handlers(&navigation, window, &event, cx);
        }
    });
    clean_up_after_running_script(cx);
}

/// Runs the handlers of a committed event, and waits for them.
fn run_the_handlers(navigation: &JsObject, window: GlobalId, event: &JsObject, cx: &mut Context) {
    let signal = with_event(event, |event| event.signal.clone());
    if signal.is_none_or(|signal| aborting::is_aborted(&signal)) || is_left(cx, window) {
        return;
    }
    if interception(event) == Interception::Intercepted {
        with_event(event, |event| event.interception = Interception::Committed);
    }
    let handlers = with_event(event, |event| event.handlers.clone());
    let mut promises: Vec<JsPromise> = handlers
        .unwrap_or_default()
        .iter()
        .filter_map(|handler| call_handler(handler, &[], cx))
        .collect();
    if promises.is_empty() {
        promises.extend(JsPromise::resolve(JsValue::undefined(), cx));
    }
    let wait = Wait::new(navigation, event, Stage::Finish);
    wait_for_all(&promises, &wait, cx);
}

/// Invokes a handler that returns a promise.
fn call_handler(handler: &Callback, args: &[JsValue], cx: &mut Context) -> Option<JsPromise> {
    let result = invoke(handler, &JsValue::undefined(), args, cx);
    clean_up_after_running_script(cx);
    match result {
        Ok(value) => JsPromise::resolve(value, cx).ok(),
        Err(error) => JsPromise::reject(error, cx).ok(),
    }
}

/// A wait for promises.
#[derive(Clone, Trace, Finalize)]
struct Wait(Gc<GcRefCell<Waiting>>);

#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Waiting {
    navigation: JsObject,
    event: JsObject,
    remaining: usize,
    failed: bool,
    #[unsafe_ignore_trace]
    stage: Stage,
}

/// The action when the promises are fulfilled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The navigation commits.
    Precommit,
    /// The navigation finishes.
    Finish,
}

impl Wait {
    fn new(navigation: &JsObject, event: &JsObject, stage: Stage) -> Self {
        Self(Gc::new(GcRefCell::new(Waiting {
            navigation: navigation.clone(),
            event: event.clone(),
            remaining: 0,
            failed: false,
            stage,
        })))
    }

    fn parts(&self) -> (JsObject, JsObject, Stage) {
        let held = self.0.borrow();
        (held.navigation.clone(), held.event.clone(), held.stage)
    }

    /// All promises are fulfilled.
    fn succeed(&self, cx: &mut Context) {
        let (navigation, event, stage) = self.parts();
        let Ok(window) = window_of(&navigation) else {
            return;
        };
        if !goes_on(&event, window, cx) {
            return;
        }
        match stage {
            Stage::Precommit => commit(&navigation, window, &event, cx),
            Stage::Finish => finish(&navigation, &event, cx),
        }
    }

    /// One promise is rejected.
    fn fail(&self, reason: &JsValue, cx: &mut Context) {
        let (navigation, event, _) = self.parts();
        let Ok(window) = window_of(&navigation) else {
            return;
        };
        if goes_on(&event, window, cx) {
            abort_the_ongoing_navigation(&navigation, Some(reason.clone()), cx);
        }
    }
}

/// Whether an event is not aborted, and its document fully active.
fn goes_on(event: &JsObject, window: GlobalId, cx: &mut Context) -> bool {
    let signal = with_event(event, |event| event.signal.clone());
    !is_left(cx, window) && signal.is_some_and(|signal| !aborting::is_aborted(&signal))
}

/// [Wait for all](https://webidl.spec.whatwg.org/#wait-for-all)
fn wait_for_all(promises: &[JsPromise], wait: &Wait, cx: &mut Context) {
    wait.0.borrow_mut().remaining = promises.len();
    for promise in promises {
        let fulfilled = NativeFunction::from_copy_closure_with_captures(
            |_, _, wait: &Wait, cx| {
                let remaining = {
                    let mut held = wait.0.borrow_mut();
                    held.remaining = held.remaining.saturating_sub(1);
                    held.remaining
                };
                if remaining == 0 && !wait.0.borrow().failed {
                    later(wait, cx);
                }
                Ok(JsValue::undefined())
            },
            wait.clone(),
        );
        let rejected = NativeFunction::from_copy_closure_with_captures(
            |_, args, wait: &Wait, cx| {
                let was = std::mem::replace(&mut wait.0.borrow_mut().failed, true);
                if !was {
                    wait.fail(&args.first().cloned().unwrap_or_default(), cx);
                }
                Ok(JsValue::undefined())
            },
            wait.clone(),
        );
        let fulfilled = fulfilled.to_js_function(cx.realm());
        let rejected = rejected.to_js_function(cx.realm());
        // Only a promise that script has changed could make this fail.
        let _derived = promise.then(Some(fulfilled), Some(rejected), cx);
    }
}

/// Succeeds in a separate microtask, as in browsers.
fn later(wait: &Wait, cx: &mut Context) {
    let succeed = NativeFunction::from_copy_closure_with_captures(
        |_, _, wait: &Wait, cx| {
            wait.succeed(cx);
            Ok(JsValue::undefined())
        },
        wait.clone(),
    );
    let succeed = succeed.to_js_function(cx.realm());
    if let Ok(promise) = JsPromise::resolve(JsValue::undefined(), cx) {
        // Only a promise that script has changed could make this fail.
        let _derived = promise.then(Some(succeed), None, cx);
    }
}

/// The handlers of an event are done.
fn finish(navigation: &JsObject, event: &JsObject, cx: &mut Context) {
    // The event is no longer ongoing.
    let (tracker, transition) = with(navigation, |data| {
        data.ongoing = None;
        (data.tracker.take(), data.transition.clone())
    })
    .unwrap_or_default();
    with_event(event, |event| {
        if event.interception != Interception::None {
            event.interception = Interception::Finished;
        }
    });
    // Fire navigatesuccess.
    let target = Target::Object(navigation.clone());
    let plain = NewEvent::plain();
    event_dispatch::fire(cx, &target, None, "navigatesuccess", (false, false), plain);
    // Resolve the promises.
    if let Some(tracker) = tracker {
        tracker.resolve_the_finished_promise(cx);
    }
    if let Some(transition) = transition {
        let held = platform::with(&transition, |held: &Transition| Some(held.clone()));
        if let Some(held) = held {
            held.finished.resolve(JsValue::undefined(), cx);
        }
        end_the_transition(navigation, &transition);
    }
}
