//! What elements do when they are clicked
//! ([activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior)).

use std::any::Any;

use boa_engine::{Context, JsObject};
use framepost_browsing_context::{Host as _, dom};
use markup5ever_rcdom::Handle as Node;

use crate::dom::event_dispatch as target;
use crate::dom::event_dispatch::Target;
use crate::dom::extensions::ActivationBehavior;
use crate::dom::tree;
use crate::html::control_state::set_control;
use crate::script::{Host, run_steps};

use super::form_submission::{self, By};
use super::forms::{
    button_kind, checkedness, form_owner, input_type, is_disabled, labeled_control, radio_group,
    set_checkedness,
};
use crate::dom::event::NewEvent;

/// The activation behavior of HTML's elements.
pub(crate) const ACTIVATION_BEHAVIOR: ActivationBehavior = ActivationBehavior {
    has: has_activation_behavior,
    legacy_pre: legacy_pre_activation,
    legacy_canceled: legacy_canceled_activation,
    run: activation_behavior,
};

/// Whether an element does something when it is clicked
/// ([activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior)).
fn has_activation_behavior(node: &Node) -> bool {
    is_hyperlink(node)
        || dom::is_html_element(node, "button")
        || dom::is_html_element(node, "input")
        || dom::is_html_element(node, "label")
        || dom::is_html_element(node, "summary")
}

fn is_hyperlink(node: &Node) -> bool {
    (dom::is_html_element(node, "a") || dom::is_html_element(node, "area"))
        && dom::has_attribute(node, "href")
}

/// What a click has changed before its event, to be undone if that is canceled.
struct Undo(Vec<(Node, bool)>);

/// [Legacy-pre-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-pre-activation-behavior)
fn legacy_pre_activation(ctx: &mut Context, node: &Node) -> Option<Box<dyn Any>> {
    if !dom::is_html_element(node, "input") {
        return None;
    }
    let before = checkedness(ctx, node);
    match input_type(node).as_str() {
        "checkbox" => {
            set_checkedness(ctx, node, !before);
            Some(Box::new(Undo(vec![(node.clone(), before)])))
        }
        "radio" => {
            let mut all = radio_group(node);
            if !all.iter().any(|other| dom::is_same(other, node)) {
                all.push(node.clone());
            }
            let undo = all
                .iter()
                .map(|other| (other.clone(), checkedness(ctx, other)))
                .collect();
            set_checkedness(ctx, node, true);
            Some(Box::new(Undo(undo)))
        }
        _ => None,
    }
}

/// [Legacy-canceled-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-canceled-activation-behavior)
fn legacy_canceled_activation(ctx: &mut Context, undo: Option<Box<dyn Any>>) {
    let undo: Option<Box<Undo>> = undo.and_then(|undo| undo.downcast().ok());
    for (node, checked) in undo.map(|undo| undo.0).unwrap_or_default() {
        set_control(ctx, &node, |control| control.checked = Some(checked));
    }
}

/// The [activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior) of an
/// element.
fn activation_behavior(ctx: &mut Context, node: &Node, event: &JsObject) {
    if is_hyperlink(node) {
        follow_hyperlink(ctx, node);
    } else if dom::is_html_element(node, "label") {
        // A click on the control itself has come up to the label: it is not given back.
        let inside = crate::dom::event::read(event, |event| {
            match (&event.target, labeled_control(node)) {
                (Some(Target::Node(target)), Some(control)) => dom::contains(&control, target),
                _ => true,
            }
        });
        if let (Ok(false), Some(control)) = (inside, labeled_control(node)) {
            super::html_element::synthetic_click(ctx, &control, false);
        }
    } else if dom::is_html_element(node, "summary") {
        let details = dom::parent(node).filter(|parent| dom::is_html_element(parent, "details"));
        if let Some(details) = details {
            if dom::has_attribute(&details, "open") {
                tree::remove_attribute(ctx, &details, "open");
            } else {
                tree::set_attribute(ctx, &details, "open", "");
            }
        }
    } else if !is_disabled(node) || is_checkable(node) {
        control_activation(ctx, node);
    }
}

/// Whether a control does what a click is for even when a listener has disabled it
/// ([input activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:activation-behaviour)).
fn is_checkable(node: &Node) -> bool {
    dom::is_html_element(node, "input") && matches!(input_type(node).as_str(), "checkbox" | "radio")
}

fn control_activation(ctx: &mut Context, node: &Node) {
    let kind = if dom::is_html_element(node, "button") {
        button_kind(node).to_owned()
    } else {
        input_type(node)
    };
    match kind.as_str() {
        "submit" | "image" => {
            if let Some(form) = form_owner(node) {
                form_submission::submit(ctx, &form, Some(node), By::Request);
            }
        }
        "reset" => {
            if let Some(form) = form_owner(node) {
                form_submission::reset(ctx, &form);
            }
        }
        "checkbox" | "radio" if crate::dom::node::is_connected(ctx, node) => {
            let target = Target::Node(node.clone());
            target::fire_composed(ctx, &target, "input");
            target::fire(
                ctx,
                &target,
                None,
                "change",
                (true, false),
                NewEvent::plain(),
            );
        }
        _ => {}
    }
}

/// [Follow the hyperlink](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2)
fn follow_hyperlink(ctx: &mut Context, node: &Node) {
    let steps =
        Host(ctx).with_contexts(|contexts, queues| contexts.follow_the_hyperlink(queues, node));
    run_steps(ctx, steps);
}
