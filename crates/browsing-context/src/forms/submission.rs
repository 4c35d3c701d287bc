//! From an entry list to a navigation
//! ([HTML, form submission algorithm](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};
use url::Url;

use super::encoding::{Enctype, Entry, multipart_form_data, text_plain, url_encoded_query};
use super::planned::PlannedNavigation;
use crate::Contexts;
use crate::dom::{self, Node};
use crate::fetch::{PostResource, ReferrerPolicy};
use crate::ids::{NavigableId, PlannedNavigationId};
use crate::navigation::has_link_type;
use crate::origin::SandboxFlags;
use crate::steps::{
    ContextTask, Diagnostic, HistoryHandling, NavigateParams, Next, SerializedState, Steps,
    UserInvolvement,
};

/// [`method`](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fs-method).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FormMethod {
    /// `get`: the entries become the query of the URL.
    #[default]
    Get,
    /// `post`: the entries become the body of the request.
    Post,
    /// `dialog`: a dialog is closed, and no request is sent.
    Dialog,
}

impl FormMethod {
    /// The value of the attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Dialog => "dialog",
        }
    }
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

/// The attribute of the submit button, which overrides the form's, or else the form's.
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
pub fn method_of(form: &Node, submitter: Option<&Node>) -> FormMethod {
    let given = submission_attribute(form, submitter, "formmethod", "method");
    match given.unwrap_or_default().to_ascii_lowercase().as_str() {
        "post" => FormMethod::Post,
        "dialog" => FormMethod::Dialog,
        _ => FormMethod::Get,
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

/// The data of a form submission.
#[derive(Clone, Default)]
pub struct Submission<'a> {
    /// The button that was used, if any.
    pub submitter: Option<&'a Node>,
    /// The entry list.
    pub entries: &'a [Entry],
    /// The same entries in the embedder's form, for the `navigate` event.
    pub form_data: Option<SerializedState>,
    /// The involvement of the user.
    pub user_involvement: UserInvolvement,
}

impl core::fmt::Debug for Submission<'_> {
    // A node prints the whole tree below it, so the submitter is omitted.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Submission")
            .field("entries", &self.entries)
            .field("user_involvement", &self.user_involvement)
            .finish_non_exhaustive()
    }
}

impl Contexts {
    /// The checks of [submit](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm)
    /// that precede the entry list. The embedder runs them before it fires `submit`, and again after
    /// each script that has run.
    ///
    /// # Errors
    /// The form is not submitted. Report the diagnostic, if there is one.
    pub fn may_submit(&self, form: &Node) -> Result<(), Option<Diagnostic>> {
        // 1. A form that cannot navigate is not submitted.
        if self.cannot_navigate(form) {
            return Err(None);
        }
        // 2. The embedder knows whether the form constructs its entry list.
        // 3. and 4. A form whose sandbox forbids submission is not submitted.
        let document = self.connected_document(form);
        let document = document
            .and_then(|document| self.document(document))
            .ok_or(None)?;
        if document.sandbox().contains(SandboxFlags::FORMS) {
            let url = document.url().to_string();
            return Err(Some(Diagnostic::FormSandboxed { url }));
        }
        Ok(())
    }

    /// The part of [submit](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm)
    /// that follows the entry list: chooses a navigable and plans to navigate it.
    // NOT YET: `method=dialog` closes no dialog; encodings other than UTF-8.
    pub fn submit(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        form: &Node,
        submission: Submission<'_>,
    ) -> Steps {
        let Submission {
            submitter,
            entries,
            form_data,
            user_involvement,
        } = submission;
        // The parts that depend on the scheme and the enctype (16. and 17.) come with 26., which needs them.
        // 9. If the form cannot navigate any more, return.
        let document = self.connected_document(form);
        let Some(document) = document.filter(|_| !self.cannot_navigate(form)) else {
            return Steps::none();
        };
        // 10. Find the method.
        // NOT YET: 11. The method "dialog" closes a dialog. Here it does nothing.
        let method = method_of(form, submitter);
        // 12. and 13. Find the action. Without one it is the document's URL.
        let action = submission_attribute(form, submitter, "formaction", "action");
        let action = action.unwrap_or_default();
        let Some(held) = self.document(document) else {
            return Steps::none();
        };
        let navigable = held.navigable();
        // 14. and 15. Parse it.
        let url = if action.is_empty() {
            Ok(held.url().clone())
        } else {
            self.parse_url(document, &action)
        };
        let Some(url) = url.ok().filter(|_| method != FormMethod::Dialog) else {
            return Steps::none();
        };
        // 18. to 23. Get the target and the noopener, and choose a navigable.
        let form_target = submitter
            .filter(|submitter| is_submit_button(submitter))
            .and_then(|submitter| dom::attribute(submitter, "formtarget"));
        let target = self.get_an_elements_target(form, form_target);
        let opener = self.opener_for(form, &target);
        let (chosen, steps) =
            self.rules_for_choosing_a_navigable(queues, &target, navigable, opener);
        let Some(chosen) = chosen else {
            return steps;
        };
        // 24. and 25. A document that is not completely loaded and navigates itself is replaced in the history.
        let loaded = self.is_completely_loaded(document);
        let history = if self.active_document(chosen.navigable) == Some(document) && !loaded {
            HistoryHandling::Replace
        } else {
            HistoryHandling::Auto
        };
        // A navigate event has the entries that are sent in a body.
        let form_data = (method == FormMethod::Post).then_some(form_data).flatten();
        // 16., 17. and 26. Determine the URL and the body from the scheme and the method, and plan to navigate.
        let (url, post_resource) = action_url_and_body(url, method, form, submitter, entries);
        let params = NavigateParams {
            post_resource,
            history,
            referrer_policy: match has_link_type(form, "noreferrer") {
                true => ReferrerPolicy::NoReferrer,
                false => ReferrerPolicy::Unset,
            },
            source_element: Some(submitter.unwrap_or(form).clone()),
            form_data,
            user_involvement,
            ..NavigateParams::new(url).by(document)
        };
        self.plan_to_navigate(queues, form, document, chosen.navigable, params);
        steps
    }

    /// [Plan to navigate](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#plan-to-navigate).
    fn plan_to_navigate(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        form: &Node,
        document: ClientId,
        navigable: NavigableId,
        params: NavigateParams,
    ) {
        // 1. and 2. The referrer policy is one of the parameters.
        // 3. If the form has a planned navigation, cancel it.
        if let Some(earlier) = self.forms.by_form.get(form).copied() {
            self.forms.planned.remove(earlier);
        }
        // 4. Queue a task that navigates.
        let id = self.forms.planned.insert(PlannedNavigation {
            document,
            navigable,
            params,
        });
        let task = ContextTask::PlannedNavigation(id);
        queues.queue(TaskSource::DomManipulation, Some(document), task);
        // 5. It is the form's planned navigation.
        self.forms.by_form.insert(form, id);
    }

    /// The task of a planned navigation. A canceled one does nothing.
    pub(crate) fn run_a_planned_navigation(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: PlannedNavigationId,
        next: &mut Next<'_>,
    ) {
        if let Some(plan) = self.forms.planned.remove(id) {
            // 4.1. The form has no planned navigation any more, and delays no load event.
            next.push_all(self.check_load_around(plan.navigable));
            // 4.2. Navigate.
            let steps = self.navigate(queues, plan.navigable, plan.params);
            next.push_steps(steps);
        }
    }
}

/// Step 26 of [submit](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm):
/// the URL to navigate to and the body, by the scheme of the action and the method.
fn action_url_and_body(
    mut url: Url,
    method: FormMethod,
    form: &Node,
    submitter: Option<&Node>,
    entries: &[Entry],
) -> (Url, Option<PostResource>) {
    match (url.scheme(), method) {
        // Submit as entity body.
        ("http" | "https", FormMethod::Post) => {
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
        ("javascript" | "ftp" | "mailto", _) | ("data", FormMethod::Post) => (url, None),
        // Mutate action URL.
        // IMPLEMENTATION-DEFINED: schemes that the standard does not name are treated like http.
        _ => {
            url.set_query(Some(&url_encoded_query(entries)));
            (url, None)
        }
    }
}
