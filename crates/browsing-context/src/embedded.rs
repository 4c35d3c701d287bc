//! `object` and `embed` elements, as far as they contain navigables
//! ([HTML, the embed element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-embed-element),
//! [the object element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-object-element)).
//!
//! Other than a frame, such an element asks first what there is, and has a navigable only when that
//! is a document. There are no plugins and no images here: what is neither HTML, XML nor text is
//! what the element cannot show.

use std::rc::Rc;

use framepost_event_loop::{ClientId, TaskQueues, TaskSource, new_key_type};
use url::Url;

use crate::contexts::{Pending, Purpose};
use crate::dom::{self, Node};
use crate::fetch::{Destination, FetchRequest, LoadError, RequestId, Response};
use crate::mime::{DocumentType, MimeType};
use crate::navigable::{HistoryHandling, NavigableId};
use crate::navigation::{NavigateParams, is_local, referrer};
use crate::steps::{Action, Insertion, Next};
use crate::url_helpers::matches_about;
use crate::{ContextTask, Contexts, Diagnostic, Effect, EventTarget, FrameEvent};

new_key_type! {
    /// Names one attempt to find out what an `object` or `embed` element represents.
    pub struct EmbeddedContentId: "embedded content";
}

/// An attempt to find out what an element represents. While it is under way it delays the load
/// event of the document.
#[derive(Debug)]
pub(crate) struct EmbeddedContent {
    element: Node,
    document: ClientId,
    /// What is being fetched, and its URL with the fragment.
    fetched: Option<(RequestId, Url)>,
}

/// What is kept about an `object` or `embed` element.
#[derive(Debug, Default)]
pub(crate) struct EmbeddingElement {
    /// The attempt under way. A later one takes its place.
    latest: Option<EmbeddedContentId>,
    /// It was found that an `object` has nothing to show but its children.
    shows_fallback: bool,
}

impl Contexts {
    /// Queues the task that finds out what an element represents.
    // IMPLEMENTATION-DEFINED: `embed` elements have a task source of their own in the standard.
    pub(crate) fn queue_embedded_content(
        &mut self,
        element: &Node,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) {
        let Some(document) = self.connected_document(element) else {
            return;
        };
        let parser = self
            .document(document)
            .and_then(|held| held.parser.as_ref());
        if parser.is_some_and(|parser| parser.is_open_object(element)) {
            // It will be asked for when the element is complete.
            return;
        }
        // OPTIMIZATION: what has nothing to show and has shown nothing needs no task.
        if resource(element).is_none() && self.embedding_elements.get(element).is_none() {
            return;
        }
        let latest = self.embedding_elements.entry(element).latest.take();
        self.forget_embedded_content(latest);
        let id = self.embedded_contents.insert(EmbeddedContent {
            element: Rc::clone(element),
            document,
            fetched: None,
        });
        self.embedding_elements.entry(element).latest = Some(id);
        let task = ContextTask::EmbeddedContent(id);
        queues.queue(TaskSource::DomManipulation, Some(document), task);
    }

    /// The same for those below an `object` that shows its children now, or does no longer.
    fn queue_embedded_contents_below(
        &mut self,
        object: &Node,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) {
        let below = dom::descendants(object).filter(is_embedding);
        for element in below.collect::<Vec<_>>() {
            self.queue_embedded_content(&element, queues);
        }
    }

    fn forget_embedded_content(&mut self, id: Option<EmbeddedContentId>) {
        let forgotten = id.and_then(|id| self.embedded_contents.remove(id));
        if let Some((request, _)) = forgotten.and_then(|content| content.fetched) {
            self.requests.remove(request);
        }
    }

    /// An element has left its tree. Answers the document whose load event it has delayed.
    pub(crate) fn forget_embedding_element(&mut self, element: &Node) -> Option<ClientId> {
        let id = self.embedding_elements.remove(element)?.latest?;
        let document = self.document_of_embedded_content(id);
        self.forget_embedded_content(Some(id));
        document
    }

    /// A document is gone, with what is embedded in it.
    pub(crate) fn forget_embedded_contents(&mut self, document: ClientId) {
        for id in self.embedded_contents.keys_in_order() {
            if self.document_of_embedded_content(id) == Some(document) {
                self.forget_embedded_content(Some(id));
            }
        }
    }

    pub(crate) fn document_of_embedded_content(&self, id: EmbeddedContentId) -> Option<ClientId> {
        self.embedded_contents.get(id).map(|held| held.document)
    }

    /// Whether what a document embeds delays its load event.
    pub(crate) fn is_determining_embedded_content(&self, document: ClientId) -> bool {
        self.embedded_contents
            .iter()
            .any(|(_, held)| held.document == document)
    }

    /// The task: [what an object element represents](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-object-element),
    /// or the [embed element setup steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-embed-element-setup-steps),
    /// as far as the fetch.
    pub(crate) fn determine_what_an_element_represents(
        &mut self,
        id: EmbeddedContentId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let held = self.embedded_contents.get(id)?;
        let (element, document) = (Rc::clone(&held.element), held.document);
        let nothing = Action::RepresentNothing(id, Rc::clone(&element));
        let Some(value) = resource(&element).filter(|_| self.is_potentially_active(&element))
        else {
            next.push([nothing]);
            return None;
        };
        let is_object = dom::is_html_element(&element, "object");
        let given_type = given_type(&element);
        if is_object && given_type.is_some_and(|given| !is_shown(&given)) {
            next.push([nothing]);
            return None;
        }
        let Ok(url) = self.parse_url(document, &value) else {
            if !is_object {
                self.leave_as_it_is(id, next);
                return None;
            }
            next.push([nothing]);
            return Some(fire(&element, FrameEvent::Error));
        };
        let held = self.document(document)?;
        let (navigable, origin) = (held.navigable, held.origin.clone());
        let referrer = referrer(&held.url, &url);
        if let Err(diagnostic) = self.ensure_not_included_in_itself(navigable, &url) {
            next.push([nothing]);
            return Some(Effect::Report(diagnostic));
        }
        let local = local_answer(&url);
        let asks = local.is_none();
        let request = self.requests.insert(Pending {
            purpose: Purpose::EmbeddedContent(id),
            answer: local,
        });
        if let Some(held) = self.embedded_contents.get_mut(id) {
            held.fetched = Some((request, url.clone()));
        }
        if !asks {
            let task = ContextTask::Response(request);
            queues.queue_in_parallel(TaskSource::Networking, Some(document), task);
            return None;
        }
        let destination = if is_object {
            Destination::Object
        } else {
            Destination::Embed
        };
        let details = FetchRequest {
            initiator: Some(document),
            origin: Some(origin),
            referrer,
            ..FetchRequest::new(url, destination)
        };
        Some(Effect::Fetch(request, details))
    }

    /// Whether an element may show something of its own
    /// ([potentially active](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#concept-embed-active),
    /// and step 2 of what an object represents). Everything here counts as being rendered.
    fn is_potentially_active(&self, element: &Node) -> bool {
        let mut above = dom::inclusive_ancestors(element).skip(1);
        !above.any(|ancestor| match dom::html_name(&ancestor) {
            Some("audio" | "video") => true,
            Some("object") => !self.shows_its_fallback_content(&ancestor),
            _ => false,
        })
    }

    /// Whether an `object` shows its children.
    // SPEC-ISSUE: by the standard an object shows them while it is loading; browsers, and the tests,
    // have what is nested in it wait for the outcome.
    fn shows_its_fallback_content(&self, object: &Node) -> bool {
        let found = self.embedding_elements.get(object);
        resource(object).is_none() || found.is_some_and(|found| found.shows_fallback)
    }

    /// The networking task: what the element is to show has come, or will not.
    pub(crate) fn embedded_content_loaded(
        &mut self,
        id: EmbeddedContentId,
        answer: Result<Response, LoadError>,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let held = self.embedded_contents.get_mut(id)?;
        let (_, url) = held.fetched.take()?;
        let element = Rc::clone(&held.element);
        let is_object = dom::is_html_element(&element, "object");
        let nothing = Action::RepresentNothing(id, Rc::clone(&element));
        let (response, report) = match answer {
            Ok(response) => (Some(response), None),
            // The origin has answered that there is nothing.
            Err(error @ LoadError::NotFound { .. })
                if matches!(url.scheme(), "http" | "https") && !is_object =>
            {
                let text = error.to_string();
                let response = Response::new(url.clone(), "text/html", text).with_status(404);
                (Some(response), None)
            }
            Err(error) => (None, Some(error.into())),
        };
        let failed = response
            .as_ref()
            .filter(|held| is_object && held.status >= 400);
        let report = report.or_else(|| {
            failed.map(|held| Diagnostic::HttpError {
                url: held.url.to_string(),
                status: held.status,
            })
        });
        if let Some(diagnostic) = report {
            if is_object {
                next.push([nothing]);
                next.push_effect(fire(&element, FrameEvent::Error));
            } else {
                self.leave_as_it_is(id, next);
                next.push_effect(fire(&element, FrameEvent::Load));
            }
            return Some(Effect::Report(diagnostic));
        }
        let mut response = response?;
        if response.url.fragment().is_none() {
            response.url.set_fragment(url.fragment());
        }
        if !is_shown(&type_of(&element, &response)) {
            next.push([nothing]);
            return None;
        }
        self.represent_a_navigable(id, response, queues, next)
    }

    /// The element represents its content navigable, which shows the response.
    // SPEC-ISSUE: in the standard an embed shows nothing but SVG; browsers, and the tests, make no
    // difference between the two elements.
    fn represent_a_navigable(
        &mut self,
        id: EmbeddedContentId,
        response: Response,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let content = self.embedded_contents.remove(id)?;
        let (element, document) = (content.element, content.document);
        let held = self.embedding_elements.entry(&element);
        held.latest = None;
        if core::mem::take(&mut held.shows_fallback) {
            self.queue_embedded_contents_below(&element, queues);
        }
        let response = Box::new(response);
        if let Some(navigable) = self.content_navigable(&element) {
            next.push([
                Action::ShowEmbeddedContent(navigable, Insertion::Later, response),
                Action::CheckLoad(document),
            ]);
            return None;
        }
        next.push([Action::CheckLoad(document)]);
        match self.create_a_new_child_navigable(&element, document, queues) {
            Ok(created) => {
                let created = created?;
                let navigable = created.navigable;
                next.push([
                    Action::Effect(Box::new(created.set_active)),
                    Action::ShowEmbeddedContent(navigable, Insertion::Initial, response),
                ]);
                Some(created.create_realm)
            }
            Err(diagnostic) => Some(Effect::Report(diagnostic)),
        }
    }

    /// Navigates the content navigable to what has been fetched.
    // OPTIMIZATION: in the standard an object fetches it a second time.
    pub(crate) fn show_embedded_content(
        &mut self,
        navigable: NavigableId,
        insertion: Insertion,
        response: Response,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        if self.restore_a_frame(navigable, insertion, next) {
            return;
        }
        let url = response.url.clone();
        if insertion == Insertion::Initial && matches_about(&url, "blank") {
            // SPEC-ISSUE: no event is fired by the standard, but by browsers, as for an iframe.
            next.push([Action::FrameLoadEventSteps(navigable)]);
            return;
        }
        let container = self.container(navigable);
        let params = NavigateParams {
            source: container.and_then(|container| self.connected_document(container)),
            history: HistoryHandling::Replace,
            response: Some(Box::new(response)),
            ..NavigateParams::new(url)
        };
        let steps = self.navigate_with(navigable, params, insertion, queues);
        next.push_steps(steps);
    }

    /// The attempt has come to nothing: the element represents what it did.
    fn leave_as_it_is(&mut self, id: EmbeddedContentId, next: &mut Next<'_>) {
        if let Some(content) = self.embedded_contents.remove(id) {
            self.embedding_elements.entry(&content.element).latest = None;
            next.push([Action::CheckLoad(content.document)]);
        }
    }

    /// [Display no plugin](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#display-no-plugin),
    /// or an object's fallback content.
    pub(crate) fn represent_nothing(
        &mut self,
        id: EmbeddedContentId,
        element: &Node,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        // An event has come before this, and may have led to another attempt.
        let Some(content) = self.embedded_contents.remove(id) else {
            return;
        };
        let held = self.embedding_elements.entry(element);
        held.latest = None;
        if !core::mem::replace(&mut held.shows_fallback, true)
            && dom::is_html_element(element, "object")
        {
            self.queue_embedded_contents_below(element, queues);
        }
        next.push([Action::CheckLoad(content.document)]);
        if let Some(navigable) = self.content_navigable(element) {
            next.push([Action::DestroyChildNavigable(navigable)]);
        }
    }
}

fn is_embedding(node: &Node) -> bool {
    matches!(dom::html_name(node), Some("object" | "embed"))
}

fn fire(element: &Node, event: FrameEvent) -> Effect {
    Effect::Fire {
        target: EventTarget::Node(Rc::clone(element)),
        event,
    }
}

/// The URL that the element names, if it does.
fn resource(element: &Node) -> Option<String> {
    let name = match dom::html_name(element)? {
        "object" => "data",
        _ => "src",
    };
    dom::attribute(element, name).filter(|value| !value.is_empty())
}

/// The type that the element's attribute says.
fn given_type(element: &Node) -> Option<MimeType> {
    MimeType::parse(&dom::attribute(element, "type")?)
}

/// The [resource type](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#object-type-detection)
/// of what an object shows, or the [type of the content](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#determining-the-type-of-the-content)
/// of an embed. The element is believed only when the response does not say.
fn type_of(element: &Node, response: &Response) -> MimeType {
    let stated = response.content_type.as_deref().and_then(MimeType::parse);
    stated
        .or_else(|| given_type(element))
        .unwrap_or_else(|| MimeType::sniff(&response.body))
}

/// Whether there are documents of this type.
// IMPLEMENTATION-DEFINED: by the standard an object navigates to whatever is no image, and then
// finds that this cannot be shown.
fn is_shown(mime: &MimeType) -> bool {
    mime.essence == "image/svg+xml" || mime.document_type() != DocumentType::Other
}

/// The answer to a fetch that asks nobody outside.
fn local_answer(url: &Url) -> Option<Result<Response, LoadError>> {
    if matches_about(url, "blank") {
        return Some(Ok(Response::new(url.clone(), "text/html", "")));
    }
    if url.scheme() == "about" || url.scheme() == "javascript" {
        let url = url.to_string();
        return Some(Err(LoadError::UnsupportedScheme { url }));
    }
    is_local(url).then(|| crate::loader::data_url_response(url))
}
