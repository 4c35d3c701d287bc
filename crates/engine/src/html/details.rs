//! The `toggle` events of `details` elements
//! ([HTML, the details element](https://html.spec.whatwg.org/multipage/interactive-elements.html#the-details-element)).

use boa_engine::{Context, JsObject, JsString};
use framepost_browsing_context::{Window, dom};
use framepost_event_loop::{Arena, TaskSource, new_key_type};
use markup5ever_rcdom::Handle as Node;

use super::toggle_event::{TOGGLE_EVENT, ToggleEventInit};
use crate::boa::slots::Slot;
use crate::dom::event::EventInit;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::dom::extensions::AttributeChange;
use crate::dom::node;
use crate::script::{EngineTask, TaskId, TaskKind, with_contexts, with_loop, wrappers};

/// The toggle events that wait for their tasks.
static TOGGLES: Slot<Arena<ToggleId, Toggle>> = Slot::new();

new_key_type! {
    /// Names a toggle event that waits for its task.
    pub struct ToggleId: "toggle";
}

/// A [details toggle task tracker](https://html.spec.whatwg.org/multipage/interactive-elements.html#details-toggle-task-tracker).
pub(crate) struct Toggle {
    element: Node,
    /// The element's object. It may have listeners, and there may be no other reference to it.
    object: Option<JsObject>,
    was_open: bool,
    is_open: bool,
}

/// The [attribute change steps](https://html.spec.whatwg.org/multipage/interactive-elements.html#the-details-element)
/// of a `details` element.
// NOT YET: the steps for elements that a parser creates, and the closing of others of the same name.
pub(crate) fn attribute_changed(cx: &mut Context, change: &AttributeChange<'_>) {
    let (was_there, is_there) = (change.old.is_some(), change.new.is_some());
    if change.name == "open"
        && was_there != is_there
        && dom::is_html_element(change.element, "details")
    {
        queue_a_details_toggle_event_task(cx, change.element, was_there, is_there);
    }
}

/// [Queue a details toggle event task](https://html.spec.whatwg.org/multipage/interactive-elements.html#queue-a-details-toggle-event-task)
fn queue_a_details_toggle_event_task(cx: &Context, element: &Node, was_open: bool, is_open: bool) {
    let document = node::window_of(cx, element).and_then(|window| {
        with_contexts(cx, |contexts| contexts.window(window).map(Window::document))
    });
    let object = wrappers::object_of(cx, element);
    // 1. The event replaces one that still waits, and keeps its old state.
    let (queued, replaced) = TOGGLES.with(cx, |toggles| {
        let keys = toggles.keys_in_order();
        let earlier = keys.into_iter().find_map(|id| {
            let toggle = toggles.get(id)?;
            dom::is_same(&toggle.element, element).then_some((id, toggle.was_open))
        });
        let replaced = earlier.and_then(|(id, _)| toggles.remove(id));
        // 3. Store the event in the tracker.
        let queued = toggles.insert(Toggle {
            object,
            element: element.clone(),
            was_open: earlier.map_or(was_open, |(_, was_open)| was_open),
            is_open,
        });
        (queued, replaced)
    });
    drop(replaced);
    // 2. Queue a task that fires the event.
    with_loop(cx, |event_loop| {
        // The task of a destroyed document is dropped.
        let _gone = event_loop
            .queue_task(
                TaskSource::DomManipulation,
                document,
                EngineTask::new(&TOGGLE, queued),
            )
            .err();
    });
}

/// The task that fires `toggle`.
static TOGGLE: TaskKind = TaskKind {
    name: "fire toggle",
    run: fire_toggle,
};

fn fire_toggle(cx: &mut Context, id: TaskId) {
    let Some(toggle) = TOGGLES.with(cx, |toggles| toggles.remove(id.key())) else {
        return;
    };
    let state = |is_open| JsString::from(if is_open { "open" } else { "closed" });
    let states = ToggleEventInit {
        parent: EventInit::default(),
        old_state: state(toggle.was_open),
        new_state: state(toggle.is_open),
    };
    let event = NewEvent::of(&TOGGLE_EVENT, states);
    let target = Target::Node(toggle.element);
    event_dispatch::fire(cx, &target, None, "toggle", (false, false), event);
    drop(toggle.object);
}
