//! `ToggleEvent`, and when a `details` element fires one
//! ([HTML, the details element](https://html.spec.whatwg.org/multipage/interactive-elements.html#the-details-element)).

use crate::dom::extensions::AttributeChange;
use crate::webidl::platform;
use boa_engine::Finalize;
use boa_engine::Trace;
use boa_engine::{Context, JsObject, JsString};
use framepost_browsing_context::{Window, dom};
use framepost_event_loop::{Arena, TaskSource, new_key_type};
use markup5ever_rcdom::Handle as Node;

use crate::boa::slots::Slot;
use crate::dom::event;
use crate::dom::event::{EVENT, NewEvent};
use crate::dom::event_dispatch as target;
use crate::dom::event_dispatch::Target;
use crate::dom::node;
use crate::script::wrappers;
use crate::script::{EngineTask, TaskId, TaskKind, with_contexts, with_loop};
use crate::webidl::{Interface, Member};

/// The toggle events that wait for their tasks.
static TOGGLES: Slot<Arena<ToggleId, Toggle>> = Slot::new();

new_key_type! {
    /// Names a toggle event that waits for its task.
    pub struct ToggleId: "toggle";
}

/// A [details toggle task tracker](https://html.spec.whatwg.org/multipage/interactive-elements.html#details-toggle-task-tracker).
pub(crate) struct Toggle {
    element: Node,
    /// The element's object, which may have listeners and nobody else who holds it.
    object: Option<JsObject>,
    was_open: bool,
    is_open: bool,
}

/// The `ToggleEvent` interface.
pub(crate) static TOGGLE_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        event::construct(target, args, ctx, |init, ctx| {
            let new = init.string("newState", "", ctx)?;
            let old = init.string("oldState", "", ctx)?;
            Ok(States(old, new))
        })
    })),
    members: &[&[
        Member::Attribute(
            "oldState",
            |this, _| platform::read(this, |states: &States| states.0.clone().into()),
            None,
        ),
        Member::Attribute(
            "newState",
            |this, _| platform::read(this, |states: &States| states.1.clone().into()),
            None,
        ),
    ]],
    ..Interface::new("ToggleEvent")
};

/// The old and the new state that a `ToggleEvent` tells.
#[derive(Trace, Finalize)]
struct States(
    #[unsafe_ignore_trace] JsString,
    #[unsafe_ignore_trace] JsString,
);

/// The [attribute change steps](https://html.spec.whatwg.org/multipage/interactive-elements.html#the-details-element)
/// of a `details` element.
// NOT YET: those of elements that a parser makes, and the closing of others of the same name.
pub(crate) fn attribute_changed(ctx: &mut Context, change: &AttributeChange<'_>) {
    let (was_there, is_there) = (change.old.is_some(), change.new.is_some());
    if change.name == "open"
        && was_there != is_there
        && dom::is_html_element(change.element, "details")
    {
        queue_a_details_toggle_event_task(ctx, change.element, was_there, is_there);
    }
}

/// [Queue a details toggle event task](https://html.spec.whatwg.org/multipage/interactive-elements.html#queue-a-details-toggle-event-task)
fn queue_a_details_toggle_event_task(ctx: &Context, element: &Node, was_open: bool, is_open: bool) {
    let document = node::window_of(ctx, element).and_then(|window| {
        with_contexts(ctx, |contexts| {
            contexts.window(window).map(Window::document)
        })
    });
    let object = wrappers::object_of(ctx, element);
    let (queued, replaced) = TOGGLES.with(ctx, |toggles| {
        let keys = toggles.keys_in_order();
        let earlier = keys.into_iter().find_map(|id| {
            let toggle = toggles.get(id)?;
            dom::is_same(&toggle.element, element).then_some((id, toggle.was_open))
        });
        let replaced = earlier.and_then(|(id, _)| toggles.remove(id));
        let queued = toggles.insert(Toggle {
            object,
            element: element.clone(),
            was_open: earlier.map_or(was_open, |(_, was_open)| was_open),
            is_open,
        });
        (queued, replaced)
    });
    drop(replaced);
    with_loop(ctx, |event_loop| {
        // An element of a document that has ended tells nobody.
        let _gone = event_loop
            .queue_task(
                TaskSource::DomManipulation,
                document,
                EngineTask::new(&TOGGLE, queued),
            )
            .err();
    });
}

/// The task of that.
static TOGGLE: TaskKind = TaskKind {
    name: "fire toggle",
    run: fire_toggle,
};

fn fire_toggle(ctx: &mut Context, id: TaskId) {
    let Some(toggle) = TOGGLES.with(ctx, |toggles| toggles.remove(id.key())) else {
        return;
    };
    let word = |open| JsString::from(if open { "open" } else { "closed" });
    let of = NewEvent::of(
        &TOGGLE_EVENT,
        States(word(toggle.was_open), word(toggle.is_open)),
    );
    let at = Target::Node(toggle.element);
    target::fire(ctx, &at, None, "toggle", (false, false), of);
    drop(toggle.object);
}
