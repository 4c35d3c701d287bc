//! Submitting and resetting forms: the part that runs script
//! ([HTML, form submission](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-2)).

use boa_engine::{Context, JsNativeError, JsResult};
use framepost_browsing_context::forms::{Submission, is_submit_button};
use framepost_browsing_context::{EffectHost as _, SerializedState, UserInvolvement, dom};
use markup5ever_rcdom::Handle as Node;

use super::control_state::{Control, control, set_control};
use super::entry_list::construct_the_entry_list;
use super::form_owner::{form_owner, listed_elements};
use super::select_options::list_of_options;
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::dom::node;
use crate::output::Output;
use crate::script::{Host, emit, run_steps, with_contexts};
use crate::uievents::ui_events::{SUBMIT_EVENT, Submitter};
use crate::webidl::exception;

/// The origin of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// [`submit()`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-submit), which fires no event.
    SubmitMethod,
    /// A button, or [`requestSubmit()`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-requestsubmit).
    Request(UserInvolvement),
}

/// [`requestSubmit()`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-requestsubmit)
pub(super) fn request_submit(
    form: &Node,
    submitter: Option<&Node>,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. The submitter has to be a submit button of the form.
    if let Some(submitter) = submitter {
        check_submitter(form, submitter, cx)?;
    }
    // 3. Submit the form.
    submit(form, submitter, By::Request(UserInvolvement::None), cx);
    Ok(())
}

/// Throws unless the submitter is a submit button of the form.
pub(super) fn check_submitter(form: &Node, submitter: &Node, cx: &mut Context) -> JsResult<()> {
    if !is_submit_button(submitter) {
        let error = JsNativeError::typ().with_message("The submitter is not a submit button.");
        return Err(error.into());
    }
    if !form_owner(submitter).is_some_and(|owner| dom::is_same(&owner, form)) {
        let message = "The submitter is not owned by the form.";
        return Err(exception::throw("NotFoundError", message, cx));
    }
    Ok(())
}

/// [Submit](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm)
pub(super) fn submit(form: &Node, submitter: Option<&Node>, by: By, cx: &mut Context) {
    // 1. Return if the form cannot navigate,
    // 2. or if it is constructing an entry list.
    // 3. Take the form's document.
    // 4. Return if its sandbox forbids forms.
    if !may_submit(form, cx) || control(cx, form).constructing_entry_list {
        return;
    }
    // 5. Listeners of `submit` may cancel any submission except `submit()`.
    let mut user_involvement = UserInvolvement::None;
    if let By::Request(involvement) = by {
        user_involvement = involvement;
        // 5.1. and 5.2. They cannot submit the form again.
        if control(cx, form).firing_submission_events {
            return;
        }
        set_control(cx, form, |form| form.firing_submission_events = true);
        // NOT YET: 5.3. and 5.4. Constraints are not validated.
        // 5.5. to 5.7. Fire `submit`.
        let button = submitter.map(|submitter| node::wrap(cx, submitter));
        let event = NewEvent::of(&SUBMIT_EVENT, Submitter(button));
        let target = Target::Node(form.clone());
        let goes_on = event_dispatch::fire(cx, &target, None, "submit", (true, true), event);
        set_control(cx, form, |form| form.firing_submission_events = false);
        // 5.8. and 5.9. Return if a listener has cancelled the submission, or if the form can no longer navigate.
        if !goes_on || !may_submit(form, cx) {
            return;
        }
    }
    // 6. to 8. Construct the entry list.
    let Some(entries) = construct_the_entry_list(form, submitter, cx) else {
        return;
    };
    let entries = entries.to_sent();
    let form_data = Some(SerializedState::new(entries.clone()));
    // 9. to 25. `Contexts::submit` navigates.
    let steps = Host::new(cx).with_contexts(|contexts, queues| {
        let submission = Submission {
            submitter,
            entries: &entries,
            form_data,
            user_involvement,
        };
        contexts.submit(queues, form, submission)
    });
    run_steps(cx, steps);
}

fn may_submit(form: &Node, cx: &Context) -> bool {
    match with_contexts(cx, |contexts| contexts.may_submit(form)) {
        Ok(()) => true,
        Err(diagnostic) => {
            if let Some(diagnostic) = diagnostic {
                emit(cx, &Output::Diagnostic(diagnostic.to_string()));
            }
            false
        }
    }
}

/// [`reset()`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-reset)
pub(super) fn reset(form: &Node, cx: &mut Context) {
    // 1. and 2. Listeners cannot reset the form again.
    if control(cx, form).locked_for_reset {
        return;
    }
    set_control(cx, form, |form| form.locked_for_reset = true);
    // 3. Reset the form.
    reset_controls(form, cx);
    // 4. The form can be reset again.
    set_control(cx, form, |form| form.locked_for_reset = false);
}

/// [Reset](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-form-reset)
fn reset_controls(form: &Node, cx: &mut Context) {
    // 1. Listeners of `reset` may cancel it.
    let target = Target::Node(form.clone());
    if !event_dispatch::fire(cx, &target, None, "reset", (true, true), NewEvent::plain()) {
        return;
    }
    // 2. Run the reset algorithm of each control.
    for element in listed_elements(form) {
        set_control(cx, &element, |control| *control = Control::default());
        if dom::is_html_element(&element, "select") {
            for option in list_of_options(&element) {
                set_control(cx, &option, |control| *control = Control::default());
            }
        }
    }
}
