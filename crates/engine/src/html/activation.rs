//! The reactions of elements to clicks
//! ([activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior)).

use std::any::Any;

use boa_engine::{Context, JsObject};
use framepost_browsing_context::{EffectHost as _, UserInvolvement, dom};
use markup5ever_rcdom::Handle as Node;

use super::control_state::set_control;
use super::form_controls::{button_type, checkedness, input_type, radio_group, set_checkedness};
use super::form_owner::{form_owner, is_disabled, labeled_control};
use super::form_submission::{self, By};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::{self, NewEvent};
use crate::dom::extensions::ActivationBehavior;
use crate::dom::{node, tree};
use crate::script::{
    Host, clean_up_after_running_script, prepare_to_run_script, run_steps, with_contexts, with_loop,
};
use crate::uievents::ui_events;
use crate::webidl::platform;
use framepost_event_loop::EventLoop;

/// The activation behavior of HTML's elements.
pub(crate) const ACTIVATION_BEHAVIOR: ActivationBehavior = ActivationBehavior {
    has: has_activation_behavior,
    legacy_pre: legacy_pre_activation,
    legacy_canceled: legacy_canceled_activation,
    run: activation_behavior,
};

/// Whether an element has an
/// [activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior).
fn has_activation_behavior(node: &Node) -> bool {
    is_hyperlink(node) || dom::is_one_of(node, &["button", "input", "label", "summary"])
}

fn is_hyperlink(node: &Node) -> bool {
    dom::is_one_of(node, &["a", "area"]) && dom::has_attribute(node, "href")
}

/// The checkedness of inputs before a click. A canceled click restores it.
struct Undo(Vec<(Node, bool)>);

/// [Legacy-pre-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-pre-activation-behavior)
fn legacy_pre_activation(cx: &mut Context, node: &Node) -> Option<Box<dyn Any>> {
    if !dom::is_html_element(node, "input") {
        return None;
    }
    let was_checked = checkedness(node, cx);
    match input_type(node) {
        // 1. Toggle a checkbox.
        "checkbox" => {
            set_checkedness(node, !was_checked, cx);
            Some(Box::new(Undo(vec![(node.clone(), was_checked)])))
        }
        // 2. Check a radio button, and uncheck the others of its group.
        "radio" => {
            let mut group = radio_group(node);
            if !group.iter().any(|other| dom::is_same(other, node)) {
                group.push(node.clone());
            }
            let before = group.into_iter().map(|other| {
                let was_checked = checkedness(&other, cx);
                (other, was_checked)
            });
            let undo = Undo(before.collect());
            set_checkedness(node, true, cx);
            Some(Box::new(undo))
        }
        _ => None,
    }
}

/// [Legacy-canceled-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-canceled-activation-behavior)
fn legacy_canceled_activation(cx: &mut Context, undo: Option<Box<dyn Any>>) {
    let undo: Option<Box<Undo>> = undo.and_then(|undo| undo.downcast().ok());
    for (node, checked) in undo.map(|undo| undo.0).unwrap_or_default() {
        set_control(cx, &node, |control| control.checked = Some(checked));
    }
}

/// The [activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior) of an
/// element.
fn activation_behavior(cx: &mut Context, node: &Node, event: &JsObject) {
    if is_hyperlink(node) {
        follow_hyperlink(cx, node, user_involvement(event));
    } else if dom::is_html_element(node, "label") {
        activate_label(cx, node, event);
    } else if dom::is_html_element(node, "summary") {
        activate_summary(cx, node);
    } else if !is_disabled(node) || is_checkable(node) {
        activate_control(cx, node, user_involvement(event));
    }
}

/// The [user navigation involvement](https://html.spec.whatwg.org/multipage/browsing-the-web.html#event-uni)
/// of an event.
fn user_involvement(event: &JsObject) -> UserInvolvement {
    match events::read(event, |event| event.trusted) {
        Ok(true) => UserInvolvement::Activation,
        _ => UserInvolvement::None,
    }
}

/// Clicks the [labeled control](https://html.spec.whatwg.org/multipage/forms.html#labeled-control)
/// of a label, unless the click bubbled up from the control itself.
fn activate_label(cx: &mut Context, label: &Node, event: &JsObject) {
    let Some(control) = labeled_control(label) else {
        return;
    };
    let came_from_control = events::read(event, |event| match &event.target {
        Some(Target::Node(target)) => dom::contains(&control, target),
        _ => true,
    });
    if let Ok(false) = came_from_control {
        synthetic_click(&control, false, cx);
    }
}

/// Opens or closes the [details of a summary](https://html.spec.whatwg.org/multipage/interactive-elements.html#the-summary-element:activation-behaviour).
fn activate_summary(cx: &mut Context, summary: &Node) {
    let details = dom::parent(summary).filter(|parent| dom::is_html_element(parent, "details"));
    match details {
        Some(details) if dom::has_attribute(&details, "open") => {
            tree::remove_attribute(cx, &details, "open");
        }
        Some(details) => tree::set_attribute(cx, &details, "open", ""),
        None => {}
    }
}

/// Whether a control is activated even when a listener has disabled it
/// ([input activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:activation-behaviour)).
fn is_checkable(node: &Node) -> bool {
    dom::is_html_element(node, "input") && matches!(input_type(node), "checkbox" | "radio")
}

/// The activation behavior of [inputs](https://html.spec.whatwg.org/multipage/input.html#input-activation-behavior)
/// and [buttons](https://html.spec.whatwg.org/multipage/form-elements.html#the-button-element:activation-behaviour).
fn activate_control(cx: &mut Context, node: &Node, involvement: UserInvolvement) {
    let kind = if dom::is_html_element(node, "button") {
        button_type(node)
    } else {
        input_type(node)
    };
    match kind {
        "submit" | "image" => {
            if let Some(form) = form_owner(node) {
                form_submission::submit(&form, Some(node), By::Request(involvement), cx);
            }
        }
        "reset" => {
            if let Some(form) = form_owner(node) {
                form_submission::reset(&form, cx);
            }
        }
        "checkbox" | "radio" if tree::is_connected(cx, node) => {
            let target = Target::Node(node.clone());
            event_dispatch::fire_composed(cx, &target, "input");
            let event = NewEvent::plain();
            event_dispatch::fire(cx, &target, None, "change", (true, false), event);
        }
        _ => {}
    }
}

/// [Follow the hyperlink](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2)
fn follow_hyperlink(cx: &mut Context, node: &Node, involvement: UserInvolvement) {
    let steps = Host::new(cx)
        .with_contexts(|contexts, queues| contexts.follow_the_hyperlink(queues, node, involvement));
    run_steps(cx, steps);
}

/// The [click in progress flag](https://html.spec.whatwg.org/multipage/interaction.html#click-in-progress-flag):
/// a companion that exists while the flag is set.
const CLICK_IN_PROGRESS: &str = "click in progress";

/// [`click()`](https://html.spec.whatwg.org/multipage/interaction.html#dom-click), and a click by the user.
pub(crate) fn synthetic_click(element: &Node, is_trusted: bool, cx: &mut Context) {
    // 1. If the control is disabled, return.
    if is_disabled(element) {
        return;
    }
    // 2. If a click of the element is in progress, return.
    let object = node::wrap(cx, element);
    if platform::held_companion(&object, CLICK_IN_PROGRESS).is_some() {
        return;
    }
    // 3. Set the flag.
    platform::hold_companion(&object, CLICK_IN_PROGRESS, object.clone());
    // 4. Fire a synthetic pointer event.
    let window = node::window_of(cx, element);
    let click = ui_events::click(cx, window);
    let event = events::create_trusted(cx, window, "click", true, true, click);
    let _written = events::write(&event, |event| {
        event.trusted = is_trusted;
        event.composed = true;
    });
    let _not_canceled = event_dispatch::dispatch(cx, &event, &Target::Node(element.clone()), None);
    // 5. Unset the flag.
    platform::drop_companion(&object, CLICK_IN_PROGRESS);
}

/// A user clicks an element: its document is
/// [activated](https://html.spec.whatwg.org/multipage/interaction.html#activation-notification),
/// and it gets a trusted `click`.
pub(crate) fn click(ctx: &mut Context, element: &Node) {
    let now = with_loop(ctx, EventLoop::now);
    with_contexts(ctx, |contexts| {
        if let Some(document) = contexts.connected_document(element) {
            contexts.activation_notification(document, now);
        }
    });
    prepare_to_run_script(ctx, node::window_of(ctx, element));
    synthetic_click(element, true, ctx);
    clean_up_after_running_script(ctx);
}
