//! `object` and `embed` elements with content navigables
//! ([HTML, the embed element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-embed-element),
//! [the object element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-object-element)).
//!
//! Unlike a frame, such an element fetches its resource first, and gets a navigable only if the resource is a
//! document. There are no plugins and no images here: the element shows HTML, XML and text only.

use std::rc::Rc;

use framepost_event_loop::{TaskQueues, TaskSource};
use url::Url;

use super::attempts::Attempt;
use crate::Contexts;
use crate::dom::{self, Node};
use crate::fetch::{Destination, DocumentType, LoadError, MimeType, ReferrerPolicy, Response};
use crate::ids::{EmbeddedContentId, NavigableId};
use crate::loader;
use crate::origin::{matches_about_blank, needs_no_fetch};
use crate::requests::Purpose;
use crate::steps::{
    Action, ContextTask, Diagnostic, Effect, EmbeddedAction, EventTarget, FiredEvent, FrameAction,
    HistoryHandling, Insertion, LoadingAction, NavigableAction, NavigateParams, Next,
};

impl Contexts {
    pub(crate) fn run_embedded_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: EmbeddedAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            EmbeddedAction::Determine(node) => self.determine_embedded_content(queues, &node),
            EmbeddedAction::Loaded(id, answer) => {
                return self.embedded_content_is_loaded(queues, id, *answer, next);
            }
            EmbeddedAction::Show(navigable, insertion, response) => {
                self.show_embedded_content(queues, navigable, insertion, *response, next);
            }
            EmbeddedAction::RepresentNothing(id, node) => {
                self.represent_nothing(queues, id, &node, next);
            }
        }
        None
    }

    /// Queues the task that determines what an element represents.
    // IMPLEMENTATION-DEFINED: `embed` elements have a task source of their own in the standard.
    pub(crate) fn determine_embedded_content(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        element: &Node,
    ) {
        let Some(document) = self.connected_document(element) else {
            return;
        };
        if self.loading.is_open_object(document, element) {
            // The parser calls this again when the element is complete.
            return;
        }
        // OPTIMIZATION: an element that never had a resource needs no task.
        if resource(element).is_none() && self.embedded.elements.get(element).is_none() {
            return;
        }
        let latest = self.embedded.elements.entry(element).latest.take();
        self.forget_embedded_content(latest);
        let id = self.embedded.attempts.insert(Attempt {
            element: Rc::clone(element),
            document,
            fetched: None,
        });
        self.embedded.elements.entry(element).latest = Some(id);
        let task = ContextTask::EmbeddedContent(id);
        queues.queue(TaskSource::DomManipulation, Some(document), task);
    }

    /// Queues these tasks for the elements in an `object` that starts or stops representing its children.
    fn determine_embedded_contents_below(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        object: &Node,
    ) {
        let below = dom::descendants(object).filter(is_embedding);
        for element in below.collect::<Vec<_>>() {
            self.determine_embedded_content(queues, &element);
        }
    }

    /// The task that determines what an element represents, up to the fetch: for an
    /// [object element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-object-element),
    /// or the [embed element setup steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-embed-element-setup-steps).
    /// The numbers are those of the object; those of the embed stand behind them.
    pub(crate) fn determine_what_an_element_represents(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: EmbeddedContentId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 1. The user has no such preference. (1.) A later task has removed this attempt.
        let held = self.embedded.attempts.get(id)?;
        let (element, document) = (Rc::clone(&held.element), held.document);
        let nothing = EmbeddedAction::RepresentNothing(id, Rc::clone(&element));
        // 2. and 3. (2. and 3.) An element without a resource, or that must not show it, has no content of its own.
        let Some(value) = resource(&element).filter(|_| self.is_potentially_active(&element))
        else {
            next.push(nothing);
            return None;
        };
        // 3.1. An object whose type attribute names an unsupported type has no content of its own.
        let is_object = dom::is_html_element(&element, "object");
        let given_type = given_type(&element);
        if is_object && given_type.is_some_and(|given| !is_shown(&given)) {
            next.push(nothing);
            return None;
        }
        // 3.2. and 3.3. (2.1. and 2.2.) Parse the URL. If that fails, fire error at an object.
        let Ok(url) = self.parse_url(document, &value) else {
            if !is_object {
                self.leave_as_it_is(id, next);
                return None;
            }
            next.push(nothing);
            return Some(fire(&element, FiredEvent::Error));
        };
        let held = self.document(document)?;
        let navigable = held.navigable();
        if let Err(diagnostic) = self.check_for_recursion(navigable, &url) {
            next.push(nothing);
            return Some(Effect::Report(diagnostic));
        }
        // 3.4. and 3.5. (2.3. and 2.4.) Fetch it, unless it is a `data:` or `about:` URL.
        let purpose = Purpose::EmbeddedContent(id);
        let local = local_answer(&url);
        let needs_fetch = local.is_none();
        let request = match local {
            Some(answer) => self.requests.insert_answered(purpose, answer),
            None => self.requests.insert(purpose),
        };
        if let Some(held) = self.embedded.attempts.get_mut(id) {
            held.fetched = Some((request, url.clone()));
        }
        if !needs_fetch {
            let task = ContextTask::Response(request);
            queues.queue_in_parallel(TaskSource::Networking, Some(document), task);
            return None;
        }
        let destination = if is_object {
            Destination::Object
        } else {
            Destination::Embed
        };
        let client = self.fetch_client(document)?;
        let details = client.request(document, url, destination, ReferrerPolicy::Unset);
        Some(Effect::Fetch(request, details))
    }

    /// Whether an element may represent a resource of its own
    /// ([potentially active](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#concept-embed-active)
    /// for an `embed`; a step of its own for an `object`). Every element counts as being rendered.
    fn is_potentially_active(&self, element: &Node) -> bool {
        let mut above = dom::inclusive_ancestors(element).skip(1);
        !above.any(|ancestor| match dom::html_name(&ancestor) {
            Some("audio" | "video") => true,
            Some("object") => !self.shows_its_fallback_content(&ancestor),
            _ => false,
        })
    }

    /// Whether an `object` represents its children.
    // SPEC-ISSUE: in the standard an object represents them while it is loading. In browsers and the tests, nested
    // elements wait for the outcome.
    fn shows_its_fallback_content(&self, object: &Node) -> bool {
        let found = self.embedded.elements.get(object);
        resource(object).is_none() || found.is_some_and(|found| found.shows_fallback)
    }

    /// The response to the fetch for an element has arrived: steps 3.6 to 3.8 for an
    /// [object element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-object-element), or 2.4 of the
    /// [embed element setup steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-embed-element-setup-steps),
    /// whose numbers stand behind those of the object.
    fn embedded_content_is_loaded(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: EmbeddedContentId,
        answer: Result<Response, LoadError>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 3.6. The response is here. (2.4.1.) A later attempt has removed this one.
        let held = self.embedded.attempts.get_mut(id)?;
        let (_, url) = held.fetched.take()?;
        let element = Rc::clone(&held.element);
        let is_object = dom::is_html_element(&element, "object");
        let nothing = EmbeddedAction::RepresentNothing(id, Rc::clone(&element));
        let (response, report) = match answer {
            Ok(response) => (Some(response), None),
            // An origin that is served has its own error documents.
            Err(error @ LoadError::NotFound { .. })
                if matches!(url.scheme(), "http" | "https") && !is_object =>
            {
                let text = error.to_string();
                let response = Response::new(url.clone(), "text/html", text).with_status(404);
                (Some(response), None)
            }
            Err(error) => (None, Some(error.into())),
        };
        // An HTTP error is a failure for an object.
        let failed = response
            .as_ref()
            .filter(|held| is_object && held.status >= 400);
        let report = report.or_else(|| {
            failed.map(|held| Diagnostic::HttpError {
                url: held.url.to_string(),
                status: held.status,
            })
        });
        // 3.7. (2.4.2.) When the fetch failed, fire error at an object, and load at an embed.
        if let Some(diagnostic) = report {
            if is_object {
                next.push(nothing);
                next.push_effect(fire(&element, FiredEvent::Error));
            } else {
                self.leave_as_it_is(id, next);
                next.push_effect(fire(&element, FiredEvent::Load));
            }
            return Some(Effect::Report(diagnostic));
        }
        let mut response = response?;
        if response.url.fragment().is_none() {
            response.url.set_fragment(url.fragment());
        }
        // 3.8. (2.4.3. and 2.4.4.) Determine the type of the resource. A resource that is not a document is not shown.
        if !is_shown(&type_of(&element, &response)) {
            next.push(nothing);
            return None;
        }
        self.represent_a_navigable(queues, id, response, next)
    }

    /// The element represents its content navigable, which shows the response.
    // SPEC-ISSUE: in the standard an embed shows only SVG. Browsers and the tests treat both elements alike.
    fn represent_a_navigable(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: EmbeddedContentId,
        response: Response,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let attempt = self.embedded.attempts.remove(id)?;
        let (element, document) = (attempt.element, attempt.document);
        let held = self.embedded.elements.entry(&element);
        held.latest = None;
        if core::mem::take(&mut held.shows_fallback) {
            self.determine_embedded_contents_below(queues, &element);
        }
        let response = Box::new(response);
        // The element no longer delays the load event.
        next.push(LoadingAction::CheckLoad(document));
        // If there is already a content navigable, navigate it.
        if let Some(navigable) = self.content_navigable(&element) {
            next.push(EmbeddedAction::Show(navigable, Insertion::Later, response));
            return None;
        }
        // Otherwise create a new child navigable.
        match self.create_a_new_child_navigable(queues, &element, document) {
            Ok(created) => {
                let created = created?;
                let navigable = created.navigable;
                next.push_all([
                    Action::effect(created.set_active),
                    EmbeddedAction::Show(navigable, Insertion::Initial, response).into(),
                ]);
                Some(created.create_realm)
            }
            Err(diagnostic) => Some(Effect::Report(diagnostic)),
        }
    }

    /// Navigates the content navigable to the response.
    // OPTIMIZATION: in the standard an object fetches its resource a second time.
    fn show_embedded_content(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        insertion: Insertion,
        response: Response,
        next: &mut Next<'_>,
    ) {
        if self.restore_a_frame(navigable, insertion, next) {
            return;
        }
        let url = response.url.clone();
        if insertion == Insertion::Initial && matches_about_blank(&url) {
            // SPEC-ISSUE: the standard fires no event, but browsers do, as for an iframe.
            next.push(FrameAction::LoadEventSteps(navigable));
            return;
        }
        let container = self.container(navigable);
        let params = NavigateParams {
            source: container.and_then(|container| self.connected_document(container)),
            history: HistoryHandling::Replace,
            response: Some(Box::new(response)),
            ..NavigateParams::new(url)
        };
        let steps = self.navigate_with(queues, navigable, params, insertion);
        next.push_steps(steps);
    }

    /// The attempt has failed: the element represents what it did before.
    fn leave_as_it_is(&mut self, id: EmbeddedContentId, next: &mut Next<'_>) {
        if let Some(attempt) = self.embedded.attempts.remove(id) {
            self.embedded.elements.entry(&attempt.element).latest = None;
            next.push(LoadingAction::CheckLoad(attempt.document));
        }
    }

    /// [Display no plugin](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#display-no-plugin)
    /// for an `embed`, or show the fallback content of an `object`.
    fn represent_nothing(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        id: EmbeddedContentId,
        element: &Node,
        next: &mut Next<'_>,
    ) {
        // A listener of an event before this may have begun another attempt.
        let Some(attempt) = self.embedded.attempts.remove(id) else {
            return;
        };
        let held = self.embedded.elements.entry(element);
        held.latest = None;
        if !core::mem::replace(&mut held.shows_fallback, true)
            && dom::is_html_element(element, "object")
        {
            self.determine_embedded_contents_below(queues, element);
        }
        next.push(LoadingAction::CheckLoad(attempt.document));
        // 1. to 3. Destroy the content navigable. Nothing is displayed.
        if let Some(navigable) = self.content_navigable(element) {
            next.push(NavigableAction::DestroyChild(navigable));
        }
    }
}

fn is_embedding(node: &Node) -> bool {
    matches!(dom::html_name(node), Some("object" | "embed"))
}

fn fire(element: &Node, event: FiredEvent) -> Effect {
    Effect::Fire {
        target: EventTarget::Node(Rc::clone(element)),
        event,
    }
}

/// The URL in the element's attribute.
fn resource(element: &Node) -> Option<String> {
    let name = match dom::html_name(element)? {
        "object" => "data",
        _ => "src",
    };
    dom::attribute(element, name).filter(|value| !value.is_empty())
}

/// The type in the element's attribute.
fn given_type(element: &Node) -> Option<MimeType> {
    MimeType::parse(&dom::attribute(element, "type")?)
}

/// The [resource type](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#object-type-detection)
/// of an `object`, or the [type of the content](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#determining-the-type-of-the-content)
/// of an `embed`. The element's attribute applies only if the response has no type.
fn type_of(element: &Node, response: &Response) -> MimeType {
    let stated = response.content_type.as_deref().and_then(MimeType::parse);
    stated
        .or_else(|| given_type(element))
        .unwrap_or_else(|| MimeType::sniff(&response.body))
}

/// Whether documents of this type are supported.
// IMPLEMENTATION-DEFINED: in the standard an object navigates to every type except images, even if it cannot be
// shown.
fn is_shown(mime: &MimeType) -> bool {
    mime.essence == "image/svg+xml" || mime.document_type() != DocumentType::Other
}

/// The response to a fetch that does not need the embedder.
fn local_answer(url: &Url) -> Option<Result<Response, LoadError>> {
    if matches_about_blank(url) {
        return Some(Ok(Response::new(url.clone(), "text/html", "")));
    }
    if url.scheme() == "about" || url.scheme() == "javascript" {
        let url = url.to_string();
        return Some(Err(LoadError::UnsupportedScheme { url }));
    }
    needs_no_fetch(url).then(|| loader::data_url_response(url))
}
