//! Submitting and resetting forms: the part of it in which script runs
//! ([HTML, form submission](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-2)).
// NOT YET: constraints are not validated before a form is submitted.

use crate::uievents::ui_events as events_ui;
use crate::webidl::platform::OfObject;
use std::sync::Arc;

use boa_engine::{Context, JsValue};
use framepost_browsing_context::{Host as _, dom, forms::is_submit_button};
use markup5ever_rcdom::Handle as Node;

use super::form_data::{self, FormEntry};
use super::forms::{
    button_kind, checkedness, controls_of, input_type, input_value, is_disabled, option_value,
    options_of, selectedness, text_area_value,
};
use super::html_element::keyword;
use crate::dom::event::NewEvent;
use crate::dom::event_dispatch as target;
use crate::dom::event_dispatch::Target;
use crate::dom::node::wrap;
use crate::file::blob;
use crate::file::blob::{BlobData, FileData};
use crate::html::control_state as controls;
use crate::html::control_state::{Control, set_control};
use crate::output::Output;
use crate::script::{Host, emit, run_steps, with_contexts};
use crate::webidl::convert::js_str;

/// How a submission came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// [`submit()`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-submit), which asks
    /// nobody.
    SubmitMethod,
    /// A button, or [`requestSubmit()`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-requestsubmit).
    Request,
}

/// [Submit](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm)
pub(super) fn submit(ctx: &mut Context, form: &Node, submitter: Option<&Node>, by: By) {
    if !may_submit(ctx, form) || flag(ctx, form, |form| form.constructing_entry_list) {
        return;
    }
    if by == By::Request {
        if flag(ctx, form, |form| form.firing_submission_events) {
            return;
        }
        set_control(ctx, form, |form| form.firing_submission_events = true);
        let button = submitter.map(|submitter| wrap(ctx, submitter));
        let target = Target::Node(form.clone());
        let of = NewEvent::of(&events_ui::SUBMIT_EVENT, events_ui::Submitter(button));
        let go_on = target::fire(ctx, &target, None, "submit", (true, true), of);
        set_control(ctx, form, |form| form.firing_submission_events = false);
        if !go_on || !may_submit(ctx, form) {
            return;
        }
    }
    let Some(entries) = construct_the_entry_list(ctx, form, submitter) else {
        return;
    };
    let entries = form_data::to_entry_list(&entries);
    let steps = Host(ctx)
        .with_contexts(|contexts, queues| contexts.submit(queues, form, submitter, &entries));
    run_steps(ctx, steps);
}

fn may_submit(ctx: &Context, form: &Node) -> bool {
    match with_contexts(ctx, |contexts| contexts.may_submit(form)) {
        Ok(()) => true,
        Err(diagnostic) => {
            if let Some(diagnostic) = diagnostic {
                emit(ctx, &Output::Diagnostic(diagnostic.to_string()));
            }
            false
        }
    }
}

fn flag(ctx: &Context, form: &Node, read: impl FnOnce(&Control) -> bool) -> bool {
    read(&controls::control(ctx, form))
}

/// [Construct the entry list](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set)
/// of a form, with the `formdata` event; nothing when the form is about it already.
pub(super) fn construct_the_entry_list(
    ctx: &mut Context,
    form: &Node,
    submitter: Option<&Node>,
) -> Option<Vec<FormEntry>> {
    if flag(ctx, form, |form| form.constructing_entry_list) {
        return None;
    }
    set_control(ctx, form, |form| form.constructing_entry_list = true);
    let mut entries = Vec::new();
    for field in submittable_elements(form) {
        append_entries(ctx, &field, submitter, &mut entries);
    }
    let realm = crate::dom::node::realm_of(ctx, form);
    let form_data = form_data::create(entries, &realm, ctx);
    let target = Target::Node(form.clone());
    let of = NewEvent::of(&form_data::FORM_DATA_EVENT, OfObject(form_data.clone()));
    target::fire(ctx, &target, None, "formdata", (true, false), of);
    set_control(ctx, form, |form| form.constructing_entry_list = false);
    form_data::entries_of(&form_data).ok()
}

/// The [submittable elements](https://html.spec.whatwg.org/multipage/forms.html#category-submit)
/// of a form, image buttons included.
fn submittable_elements(form: &Node) -> Vec<Node> {
    const SUBMITTABLE: &[&str] = &["button", "input", "select", "textarea"];
    let owned = |node: &Node| {
        super::forms::form_owner(node).is_some_and(|owner| dom::is_same(&owner, form))
    };
    dom::descendants(&dom::root(form))
        .filter(|node| {
            SUBMITTABLE
                .iter()
                .any(|name| dom::is_html_element(node, name))
        })
        .filter(owned)
        .collect()
}

fn append_entries(
    ctx: &mut Context,
    field: &Node,
    submitter: Option<&Node>,
    entries: &mut Vec<FormEntry>,
) {
    let in_datalist =
        || dom::inclusive_ancestors(field).any(|node| dom::is_html_element(&node, "datalist"));
    if is_disabled(field) || in_datalist() {
        return;
    }
    let is_submitter = submitter.is_some_and(|submitter| dom::is_same(submitter, field));
    let kind = match dom::html_name(field) {
        Some("button") => button_kind(field).to_owned(),
        Some("input") => input_type(field),
        Some(name) => name.to_owned(),
        None => return,
    };
    let is_button = is_submit_button(field) || matches!(kind.as_str(), "button" | "reset");
    if is_button && !is_submitter {
        return;
    }
    let name = dom::attribute(field, "name").unwrap_or_default();
    let mut append = |name: String, value: JsValue| entries.push(FormEntry { name, value });
    if kind == "image" {
        // Nobody can point at a place in it.
        let prefix = if name.is_empty() {
            String::new()
        } else {
            format!("{name}.")
        };
        append(format!("{prefix}x"), js_str("0"));
        append(format!("{prefix}y"), js_str("0"));
        return;
    }
    if name.is_empty() {
        return;
    }
    match kind.as_str() {
        "select" => {
            for option in options_of(field) {
                if selectedness(ctx, &option) && !is_disabled_option(&option) {
                    append(name.clone(), js_str(option_value(&option)));
                }
            }
        }
        "checkbox" | "radio" if !checkedness(ctx, field) => {}
        "file" => {
            // No file can be selected here, and so the list has an empty one.
            let file = FileData {
                name: String::new(),
                last_modified: 0.0,
            };
            let content_type = "application/octet-stream".to_owned();
            let data = BlobData::new(Arc::new(Vec::new()), content_type, Some(file));
            let realm = crate::dom::node::realm_of(ctx, field);
            append(name, blob::create(data, &realm, ctx).into());
        }
        "hidden" if name.eq_ignore_ascii_case("_charset_") => append(name, js_str("UTF-8")),
        "textarea" => append(name, js_str(text_area_value(ctx, field))),
        "button" | "submit" | "reset" if dom::is_html_element(field, "button") => {
            let value = dom::attribute(field, "value").unwrap_or_default();
            append(name, js_str(value));
        }
        _ => append(name, js_str(input_value(ctx, field))),
    }
    // https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#attr-fe-dirname
    let has_direction = matches!(kind.as_str(), "textarea" | "text" | "search" | "hidden");
    if let Some(dirname) = dom::attribute(field, "dirname").filter(|name| !name.is_empty())
        && has_direction
    {
        let rtl = dom::inclusive_ancestors(field)
            .map(|node| keyword(&node, "dir"))
            .find(|dir| matches!(dir.as_str(), "ltr" | "rtl"))
            .is_some_and(|dir| dir == "rtl");
        append(dirname, js_str(if rtl { "rtl" } else { "ltr" }));
    }
}

/// [Disabled](https://html.spec.whatwg.org/multipage/form-elements.html#concept-option-disabled),
/// as an option is.
fn is_disabled_option(option: &Node) -> bool {
    dom::has_attribute(option, "disabled")
        || dom::parent(option).is_some_and(|parent| {
            dom::is_html_element(&parent, "optgroup") && dom::has_attribute(&parent, "disabled")
        })
}

/// [Reset](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-form-reset)
pub(super) fn reset(ctx: &mut Context, form: &Node) {
    if flag(ctx, form, |form| form.locked_for_reset) {
        return;
    }
    set_control(ctx, form, |form| form.locked_for_reset = true);
    let target = Target::Node(form.clone());
    if target::fire(ctx, &target, None, "reset", (true, true), NewEvent::plain()) {
        for node in controls_of(form) {
            set_control(ctx, &node, |control| *control = Control::default());
            if dom::is_html_element(&node, "select") {
                for option in options_of(&node) {
                    set_control(ctx, &option, |control| *control = Control::default());
                }
            }
        }
    }
    set_control(ctx, form, |form| form.locked_for_reset = false);
}
