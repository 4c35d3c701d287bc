//! From an entry list to a navigation
//! ([HTML, form submission algorithm](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource, new_key_type};
use url::Url;

use super::encoding::{Enctype, Entry, multipart_form_data, text_plain, url_encoded_query};
use crate::dom::{self, Node};
use crate::fetch::PostResource;
use crate::hyperlinks::has_link_type;
use crate::navigable::{HistoryHandling, NavigableId};
use crate::steps::Next;
use crate::{ContextTask, Contexts, Diagnostic, NavigateParams, SandboxFlags, Steps};

new_key_type! {
    /// Names a [planned navigation](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#planned-navigation).
    pub struct PlannedNavigationId: "planned navigation";
}

/// A navigation that a form will make in a task.
#[derive(Debug)]
pub(crate) struct PlannedNavigation {
    pub(crate) document: ClientId,
    navigable: NavigableId,
    params: NavigateParams,
}

/// [`method`](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fs-method).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// The entries become the query of the URL.
    #[default]
    Get,
    /// The entries become the body of the request.
    Post,
    /// A dialog is closed, and nothing is sent.
    Dialog,
}

/// Whether an element is a [submit button](https://html.spec.whatwg.org/multipage/forms.html#concept-submit-button).
#[must_use]
pub fn is_submit_button(node: &Node) -> bool {
    let kind = dom::attribute(node, "type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    match dom::html_name(node) {
        Some("button") => !matches!(kind.as_str(), "reset" | "button"),
        Some("input") => matches!(kind.as_str(), "submit" | "image"),
        _ => false,
    }
}

/// An attribute of the submit button that stands in for one of the form.
fn submission_attribute(
    form: &Node,
    submitter: Option<&Node>,
    of_submitter: &str,
    of_form: &str,
) -> Option<String> {
    submitter
        .filter(|submitter| is_submit_button(submitter))
        .and_then(|submitter| dom::attribute(submitter, of_submitter))
        .or_else(|| dom::attribute(form, of_form))
}

/// The [method](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fs-method)
/// of a submission.
#[must_use]
pub fn method_of(form: &Node, submitter: Option<&Node>) -> Method {
    let given = submission_attribute(form, submitter, "formmethod", "method");
    match given.unwrap_or_default().to_ascii_lowercase().as_str() {
        "post" => Method::Post,
        "dialog" => Method::Dialog,
        _ => Method::Get,
    }
}

/// The [enctype](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fs-enctype)
/// of a submission.
#[must_use]
pub fn enctype_of(form: &Node, submitter: Option<&Node>) -> Enctype {
    let given = submission_attribute(form, submitter, "formenctype", "enctype");
    match given.unwrap_or_default().to_ascii_lowercase().as_str() {
        "multipart/form-data" => Enctype::Multipart,
        "text/plain" => Enctype::TextPlain,
        _ => Enctype::UrlEncoded,
    }
}

impl Contexts {
    /// Whether a form may be [submitted](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm)
    /// as things are: it can navigate, and no sandbox is against it. Embedders ask before the
    /// `submit` event, and again after each script that has run.
    ///
    /// # Errors
    /// What is to be reported, if anything is.
    pub fn may_submit(&self, form: &Node) -> Result<(), Option<Diagnostic>> {
        if self.cannot_navigate(form) {
            return Err(None);
        }
        let document = self.connected_document(form);
        let document = document
            .and_then(|document| self.document(document))
            .ok_or(None)?;
        if document.sandbox.contains(SandboxFlags::FORMS) {
            let url = document.url.to_string();
            return Err(Some(Diagnostic::FormSandboxed { url }));
        }
        Ok(())
    }

    /// [Submits](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm)
    /// an entry list, from where that is there on: chooses what is to be navigated, and plans it.
    /// The submitter is the button that was used, if one was.
    // NOT YET: `method=dialog` closes no dialog.
    pub fn submit(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        form: &Node,
        submitter: Option<&Node>,
        entries: &[Entry],
    ) -> Steps {
        let plan = self.connected_document(form);
        let Some(document) = plan.filter(|_| !self.cannot_navigate(form)) else {
            return Steps::none();
        };
        let method = method_of(form, submitter);
        let action = submission_attribute(form, submitter, "formaction", "action");
        let action = action.unwrap_or_default();
        let Some(held) = self.document(document) else {
            return Steps::none();
        };
        let navigable = held.navigable;
        let url = if action.is_empty() {
            Ok(held.url.clone())
        } else {
            self.parse_url(document, &action)
        };
        let Some(url) = url.ok().filter(|_| method != Method::Dialog) else {
            return Steps::none();
        };
        let form_target = submitter
            .filter(|submitter| is_submit_button(submitter))
            .and_then(|submitter| dom::attribute(submitter, "formtarget"));
        let target = self.get_an_elements_target(form, form_target);
        let noopener = self.get_an_elements_noopener(form, &target);
        let (chosen, steps) =
            self.rules_for_choosing_a_navigable(&target, navigable, noopener, queues);
        let Some(chosen) = chosen else {
            return steps;
        };
        let loaded = self
            .document(document)
            .is_some_and(crate::Document::is_completely_loaded);
        let history = if self.active_document(chosen.navigable) == Some(document) && !loaded {
            HistoryHandling::Replace
        } else {
            HistoryHandling::Auto
        };
        let (url, post_resource) = action_url_and_body(url, method, form, submitter, entries);
        let params = NavigateParams {
            post_resource,
            history,
            no_referrer: has_link_type(form, "noreferrer"),
            ..NavigateParams::new(url).by(document)
        };
        self.plan_to_navigate(form, document, chosen.navigable, params, queues);
        steps
    }

    /// [Plan to navigate](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#plan-to-navigate):
    /// in a task, in place of what the form has planned before.
    fn plan_to_navigate(
        &mut self,
        form: &Node,
        document: ClientId,
        navigable: NavigableId,
        params: NavigateParams,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) {
        if let Some(earlier) = self.plans_of_forms.get(form).copied() {
            self.planned_navigations.remove(earlier);
        }
        let id = self.planned_navigations.insert(PlannedNavigation {
            document,
            navigable,
            params,
        });
        self.plans_of_forms.insert(form, id);
        let task = ContextTask::PlannedNavigation(id);
        queues.queue(TaskSource::DomManipulation, Some(document), task);
    }

    /// The task of a planned navigation. One that was replaced is not there any more.
    pub(crate) fn planned_navigation(
        &mut self,
        id: PlannedNavigationId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        if let Some(plan) = self.planned_navigations.remove(id) {
            let steps = self.navigate(queues, plan.navigable, plan.params);
            next.push_steps(steps);
        }
    }

    /// Forgets what forms have planned for a navigable.
    pub(crate) fn forget_planned_navigations_of(&mut self, navigable: NavigableId) {
        for id in self.planned_navigations.keys_in_order() {
            let plan = self.planned_navigations.get(id);
            if plan.is_some_and(|plan| plan.navigable == navigable) {
                self.planned_navigations.remove(id);
            }
        }
    }

    /// Forgets what the forms of a document have planned.
    pub(crate) fn forget_planned_navigations(&mut self, document: ClientId) {
        for id in self.planned_navigations.keys_in_order() {
            let plan = self.planned_navigations.get(id);
            if plan.is_some_and(|plan| plan.document == document) {
                self.planned_navigations.remove(id);
            }
        }
    }
}

/// What a submission does with its action, by scheme and method: the URL to navigate to, and what
/// is sent there.
fn action_url_and_body(
    mut url: Url,
    method: Method,
    form: &Node,
    submitter: Option<&Node>,
    entries: &[Entry],
) -> (Url, Option<PostResource>) {
    match (url.scheme(), method) {
        // Submit as entity body.
        ("http" | "https", Method::Post) => {
            let enctype = enctype_of(form, submitter);
            let (body, content_type) = match enctype {
                Enctype::UrlEncoded => (url_encoded_query(entries).into(), enctype.as_str().into()),
                Enctype::TextPlain => (text_plain(entries).into(), enctype.as_str().into()),
                Enctype::Multipart => {
                    let (boundary, body) = multipart_form_data(entries);
                    (body, format!("{}; boundary={boundary}", enctype.as_str()))
                }
            };
            let resource = PostResource::new(content_type, body);
            (url, Some(resource))
        }
        // Get action URL.
        ("javascript" | "ftp" | "mailto", _) | ("data", Method::Post) => (url, None),
        // Mutate action URL.
        // IMPLEMENTATION-DEFINED: schemes that the standard does not name are as http is.
        _ => {
            url.set_query(Some(&url_encoded_query(entries)));
            (url, None)
        }
    }
}
