//! `PageSwapEvent` and `PageRevealEvent`
//! ([HTML, the PageSwapEvent interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-pageswapevent-interface)).

use boa_engine::{Context, Finalize, JsObject, Trace};
use framepost_browsing_context::PageSwap;
use framepost_event_loop::GlobalId;

use super::event::{NAVIGATION_ACTIVATION, NavigationActivation};
use super::event_data::Activation;
use super::{entries, of_window};
use crate::dom::event::{EVENT, EventInit};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::event_listeners;
use crate::dom::events::{NewEvent, construct_event};
use crate::script::realm::{self, window_record};
use crate::webidl::interface;

interface! {
    /// The `PageSwapEvent` interface.
    // IMPLEMENTATION-DEFINED: there are no view transitions, so `viewTransition` is an `object?`.
    [Exposed=Window]
    interface PageSwapEvent(PageSwapEventInit) : Event {
        constructor(DOMString type, optional PageSwapEventInit init = {}) = construct_event::<PageSwapEventInit>;

        readonly attribute NavigationActivation? activation = .activation;
        readonly attribute object? viewTransition = .view_transition;
    }

    #[derive(Trace, Finalize)]
    dictionary PageSwapEventInit : EventInit {
        NavigationActivation? activation = null;
        object? viewTransition = null;
    }

    /// The `PageRevealEvent` interface.
    [Exposed=Window]
    interface PageRevealEvent(PageRevealEventInit) : Event {
        constructor(DOMString type, optional PageRevealEventInit init = {}) = construct_event::<PageRevealEventInit>;

        readonly attribute object? viewTransition = .view_transition;
    }

    #[derive(Trace, Finalize)]
    dictionary PageRevealEventInit : EventInit {
        object? viewTransition = null;
    }
}

/// [Fires `pageswap`](https://html.spec.whatwg.org/multipage/browsing-the-web.html#fire-the-pageswap-event) at a window.
pub(crate) fn fire_page_swap(cx: &mut Context, window: GlobalId, target: Option<Box<PageSwap>>) {
    let Some(record) = window_record(cx, window) else {
        return;
    };
    if !event_listeners::global_listens(cx, window, &record.global, "pageswap") {
        return;
    }
    // 3. and 4. Create the activation.
    let activation = target.and_then(|target| activation(window, *target, cx));
    // 5. Fire the event.
    let init = PageSwapEventInit {
        parent: EventInit::default(),
        activation,
        view_transition: None,
    };
    let event = NewEvent::of(&PAGE_SWAP_EVENT, init);
    let target = Target::Object(record.global);
    event_dispatch::fire(cx, &target, None, "pageswap", (false, false), event);
}

fn activation(window: GlobalId, target: PageSwap, cx: &mut Context) -> Option<JsObject> {
    // 2. Find the navigation API.
    let navigation = of_window(window, cx);
    // 4.4. The old entry is the current one.
    let from = entries::current_entry(&navigation, cx)?;
    // 4.1. to 4.3. The new entry is in the list, or gets an object of its own.
    let data = Activation {
        navigation_type: target.navigation_type,
        from: Some(from),
        entry: entries::object_of(&navigation, target.entry, cx)?,
    };
    Some(realm::create_in(window, &NAVIGATION_ACTIVATION, data, cx))
}

/// Fires `pagereveal` at a window
/// ([reveal](https://html.spec.whatwg.org/multipage/browsing-the-web.html#reveal), step 4).
pub(crate) fn fire_page_reveal(cx: &mut Context, window: GlobalId) {
    let Some(record) = window_record(cx, window) else {
        return;
    };
    let init = PageRevealEventInit {
        parent: EventInit::default(),
        view_transition: None,
    };
    let event = NewEvent::of(&PAGE_REVEAL_EVENT, init);
    let target = Target::Object(record.global);
    event_dispatch::fire(cx, &target, None, "pagereveal", (false, false), event);
}
