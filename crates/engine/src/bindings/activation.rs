//! What elements do when they are clicked
//! ([activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior)).

use boa_engine::{Context, JsObject};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::controls::Control;
use crate::output::Output;
use crate::target::{self, Target};
use crate::tree;
use crate::world::emit;

use super::element;
use super::event::EventOf;
use super::forms::{
    button_kind, checkedness, controls_of, form_owner, input_type, is_disabled, labeled_control,
    options_of, radio_group, set_checkedness, set_control,
};
use super::node::wrap;

/// Whether an element does something when it is clicked
/// ([activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior)).
pub(crate) fn has_activation_behavior(_: &Context, node: &Node) -> bool {
    (dom::is_html_element(node, "a") && dom::has_attribute(node, "href"))
        || dom::is_html_element(node, "button")
        || dom::is_html_element(node, "input")
        || dom::is_html_element(node, "label")
        || dom::is_html_element(node, "summary")
}

/// What a click has changed before its event, to be undone if that is canceled.
pub(crate) struct Undo(Vec<(Node, bool)>);

/// [Legacy-pre-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-pre-activation-behavior)
pub(crate) fn legacy_pre_activation(ctx: &mut Context, node: &Node) -> Option<Undo> {
    if !dom::is_html_element(node, "input") {
        return None;
    }
    let before = checkedness(ctx, node);
    match input_type(node).as_str() {
        "checkbox" => {
            set_checkedness(ctx, node, !before);
            Some(Undo(vec![(node.clone(), before)]))
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
            Some(Undo(undo))
        }
        _ => None,
    }
}

/// [Legacy-canceled-activation behavior](https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-canceled-activation-behavior)
pub(crate) fn legacy_canceled_activation(ctx: &mut Context, _: &Node, undo: Option<Undo>) {
    for (node, checked) in undo.map(|undo| undo.0).unwrap_or_default() {
        set_control(ctx, &node, |control| control.checked = Some(checked));
    }
}

/// The [activation behavior](https://dom.spec.whatwg.org/#eventtarget-activation-behavior) of an
/// element.
pub(crate) fn activation_behavior(ctx: &mut Context, node: &Node, event: &JsObject) {
    if dom::is_html_element(node, "a") {
        follow_hyperlink(ctx, node);
    } else if dom::is_html_element(node, "label") {
        // A click on the control itself has come up to the label: it is not given back.
        let inside = super::event::read(event, |event| {
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
    } else if !is_disabled(node) {
        control_activation(ctx, node);
    }
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
                request_submit(ctx, &form, Some(node));
            }
        }
        "reset" => {
            if let Some(form) = form_owner(node) {
                reset(ctx, &form);
            }
        }
        "checkbox" | "radio" if super::node::is_connected(node) => {
            let target = Target::Node(node.clone());
            target::fire(ctx, &target, None, "input", (true, false), EventOf::Event);
            target::fire(ctx, &target, None, "change", (true, false), EventOf::Event);
        }
        _ => {}
    }
}

/// [Submit](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-form-submit)
/// with the `submit` event, which may prevent it.
pub(super) fn request_submit(ctx: &mut Context, form: &Node, submitter: Option<&Node>) {
    if !super::node::is_connected(form) {
        return;
    }
    let submitter = submitter.map(|submitter| wrap(ctx, submitter));
    let target = Target::Node(form.clone());
    let of = EventOf::Submit(submitter);
    if target::fire(ctx, &target, None, "submit", (true, true), of) {
        submit(ctx, form);
    }
}

pub(super) fn submit(ctx: &mut Context, form: &Node) {
    if super::node::is_connected(form) {
        let action = element::attribute_or_empty(form, "action");
        let message = format!("submitting a form is not supported; its action is {action:?}");
        emit(ctx, &Output::Diagnostic(message));
    }
}

/// [Reset](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-form-reset)
pub(super) fn reset(ctx: &mut Context, form: &Node) {
    let target = Target::Node(form.clone());
    if !target::fire(ctx, &target, None, "reset", (true, true), EventOf::Event) {
        return;
    }
    for node in controls_of(form) {
        set_control(ctx, &node, |control| *control = Control::default());
        if dom::is_html_element(&node, "select") {
            for option in options_of(&node) {
                set_control(ctx, &option, |control| *control = Control::default());
            }
        }
    }
}

/// [Follow the hyperlink](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2)
fn follow_hyperlink(ctx: &mut Context, node: &Node) {
    use crate::world::{Host, run_steps};
    use framepost_browsing_context::{Host as _, NavigateParams};
    let target = element::attribute_or_empty(node, "target");
    let href = element::attribute_or_empty(node, "href");
    let steps = Host(ctx).with_contexts(|contexts, queues| {
        let document = contexts.connected_document(node)?;
        let url = contexts.parse_url(document, &href).ok()?;
        let own = contexts.document(document)?.navigable();
        let chosen = contexts.choose_a_navigable(own, &target)?;
        Some(contexts.navigate(queues, chosen, NavigateParams::new(url).by(document)))
    });
    match steps {
        Some(steps) => run_steps(ctx, steps),
        None => {
            let message = format!("the link {href:?} with the target {target:?} is not followed");
            emit(ctx, &Output::Diagnostic(message));
        }
    }
}
