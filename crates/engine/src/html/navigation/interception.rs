//! Intercepting a navigation, and what its precommit handlers can change
//! ([HTML, the NavigateEvent interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-navigateevent-interface)).

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use super::event::{NAVIGATION_PRECOMMIT_CONTROLLER, NavigationInterceptOptions};
use super::event_data::{Destination, Interception, interception, with_event};
use super::{
    NavigationHistoryBehavior, NavigationNavigateOptions, NavigationType, firing, serialize,
    window_of,
};
use crate::dom::events;
use crate::script::callback::{Callback, is_left};
use crate::script::{realm, with_contexts};
use crate::webidl::{exception, platform};

/// The data of a `NavigationPrecommitController`: its event.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Controller {
    event: JsObject,
    navigation: JsObject,
}

fn invalid_state<T>(message: &str, cx: &mut Context) -> JsResult<T> {
    Err(exception::throw("InvalidStateError", message, cx))
}

/// [Perform shared checks](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigateevent-perform-shared-checks)
fn perform_shared_checks(event: &JsObject, cx: &mut Context) -> JsResult<()> {
    // 1. The document has to be fully active.
    if platform::relevant_global(event).is_none_or(|window| is_left(cx, window)) {
        return invalid_state("The document is not fully active.", cx);
    }
    let (trusted, canceled) = events::read(event, |event| (event.trusted, event.canceled))?;
    // 2. Script must not have made the event.
    if !trusted {
        let message = "The event was created by script.";
        return Err(exception::throw("SecurityError", message, cx));
    }
    // 3. It must not be canceled.
    if canceled {
        return invalid_state("The event is canceled.", cx);
    }
    Ok(())
}

/// [`intercept()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigateevent-intercept)
pub(super) fn intercept(
    event: &JsObject,
    options: NavigationInterceptOptions,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Perform the shared checks.
    perform_shared_checks(event, cx)?;
    // 2. Interception has to be possible.
    if with_event(event, |event| event.can_intercept) != Some(true) {
        let message = "The navigation cannot be intercepted.";
        return Err(exception::throw("SecurityError", message, cx));
    }
    // 3. The event has to be being dispatched.
    let (dispatching, cancelable) =
        events::read(event, |event| (event.dispatching, event.cancelable))?;
    if !dispatching {
        return invalid_state("The event is not being dispatched.", cx);
    }
    // 4. Only a cancelable event can have precommit handlers.
    if let Some(handler) = options.precommit_handler {
        if !cancelable {
            return invalid_state("The navigation cannot be deferred.", cx);
        }
        let handler = Callback::new(handler, cx);
        with_event(event, |event| event.precommit_handlers.push(handler));
    }
    // 5. to 7. It is intercepted.
    with_event(event, |event| {
        event.interception = Interception::Intercepted;
    });
    if let Some(handler) = options.handler {
        let handler = Callback::new(handler, cx);
        with_event(event, |event| event.handlers.push(handler));
    }
    // NOT YET: 8. and 9. Focus and scrolling.
    let _not_yet = (options.focus_reset, options.scroll);
    Ok(())
}

/// [`scroll()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigateevent-scroll)
pub(super) fn scroll(event: &JsObject, cx: &mut Context) -> JsResult<()> {
    // 1. Perform the shared checks.
    perform_shared_checks(event, cx)?;
    // 2. Only once, and after the commit.
    if interception(event) != Interception::Committed {
        return invalid_state("The navigation is not committed, or has scrolled.", cx);
    }
    // 3. There is no scrolling.
    with_event(event, |event| event.interception = Interception::Scrolled);
    Ok(())
}

/// A controller for the precommit handlers of an event.
pub(super) fn controller(navigation: &JsObject, event: &JsObject, cx: &mut Context) -> JsObject {
    let data = Controller {
        event: event.clone(),
        navigation: navigation.clone(),
    };
    match window_of(navigation) {
        Ok(window) => realm::create_in(window, &NAVIGATION_PRECOMMIT_CONTROLLER, data, cx),
        Err(_) => crate::webidl::create_here(&NAVIGATION_PRECOMMIT_CONTROLLER, data, cx),
    }
}

/// The event and the navigation of a controller, if the event still waits for its commit.
fn uncommitted(controller: &JsObject, cx: &mut Context) -> JsResult<(JsObject, JsObject)> {
    let (event, navigation) = platform::read(controller, |held: &Controller| {
        (held.event.clone(), held.navigation.clone())
    })?;
    perform_shared_checks(&event, cx)?;
    if interception(&event) != Interception::Intercepted {
        invalid_state::<()>("The navigation is committed.", cx)?;
    }
    Ok((event, navigation))
}

/// [`redirect()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigationprecommitcontroller-redirect)
pub(super) fn redirect(
    controller: &JsObject,
    url: &str,
    options: NavigationNavigateOptions,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 3. The event waits for its commit.
    let (event, navigation) = uncommitted(controller, cx)?;
    let window = window_of(&navigation)?;
    // 4. Only a push or a replace can be redirected.
    let navigation_type = with_event(&event, |event| event.navigation_type);
    if !matches!(
        navigation_type,
        Some(NavigationType::Push | NavigationType::Replace)
    ) {
        return invalid_state("Only a push or a replace can be redirected.", cx);
    }
    // 5. to 7. Parse the URL.
    let (parsed, allowed) = with_contexts(cx, |contexts| {
        let document = contexts
            .window(window)
            .map(framepost_browsing_context::Window::document);
        let parsed = document.and_then(|document| contexts.parse_url(document, url).ok());
        let allowed = match (document, &parsed) {
            (Some(document), Some(url)) => contexts.can_have_its_url_rewritten(document, url),
            _ => false,
        };
        (parsed, allowed)
    });
    let Some(parsed) = parsed else {
        let message = format!("{url:?} is not a URL.");
        return Err(exception::throw("SyntaxError", &message, cx));
    };
    if !allowed {
        let message = format!("The document cannot have the URL {parsed}.");
        return Err(exception::throw("SecurityError", &message, cx));
    }
    // 8. The history behavior may change.
    let navigation_type = match options.history {
        NavigationHistoryBehavior::Push => Some(NavigationType::Push),
        NavigationHistoryBehavior::Replace => Some(NavigationType::Replace),
        NavigationHistoryBehavior::Auto => None,
    };
    // 9. The state may change.
    if let Some(state) = options.state {
        let state = serialize(&state, cx)?;
        let destination = with_event(&event, |event| event.destination.clone());
        if let Some(destination) = destination {
            platform::write(&destination, |held: &mut Destination| {
                held.state = Some(state.clone());
            })?;
        }
        firing::set_tracker_state(&navigation, state);
    }
    // 10. The info may change.
    let info = options.parent.info;
    with_event(&event, |event| {
        if let Some(info) = info {
            event.info = info;
        }
        if let Some(navigation_type) = navigation_type {
            event.navigation_type = navigation_type;
        }
        if let Some(fired) = &mut event.fired {
            fired.url = parsed.clone();
        }
    });
    let destination = with_event(&event, |event| event.destination.clone());
    if let Some(destination) = destination {
        platform::write(&destination, |held: &mut Destination| {
            held.url = parsed.into();
        })?;
    }
    Ok(())
}

/// [`addHandler()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigationprecommitcontroller-addhandler)
pub(super) fn add_handler(
    controller: &JsObject,
    handler: JsObject,
    cx: &mut Context,
) -> JsResult<()> {
    let (event, _) = uncommitted(controller, cx)?;
    let handler = Callback::new(handler, cx);
    with_event(&event, |event| event.handlers.push(handler));
    Ok(())
}
