//! From the start of a navigation to its response
//! ([HTML, populating a session history entry](https://html.spec.whatwg.org/multipage/browsing-the-web.html#populating-a-session-history-entry)).

use framepost_event_loop::{TaskQueues, TaskSource};

use crate::Contexts;
use crate::dom;
use crate::fetch::{
    CspList, Destination, FetchRequest, LoadError, Response, frame_options_forbid, is_attachment,
};
use crate::ids::NavigableId;
use crate::loader;
use crate::origin::{
    Origin, has_local_scheme, matches_about_blank, matches_about_srcdoc, needs_no_fetch,
};
use crate::requests::Purpose;
use crate::steps::{ContextTask, Diagnostic, Effect, Loaded, LoadingAction, Navigation, Next};

impl Contexts {
    /// The first half of [attempt to populate the history entry's document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#attempt-to-populate-the-history-entry's-document):
    /// creates the navigation params from a response, from a srcdoc resource or by fetching.
    pub(super) fn create_navigation_params(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        mut navigation: Box<Navigation>,
    ) -> Option<Effect> {
        let (id, navigable) = (navigation.id, navigation.navigable);
        let active = self.active_document(navigable);
        let destination = self.destination(navigable);
        // A listener of beforeunload may have navigated elsewhere.
        let ongoing = self.navigation.ongoing_mut(navigable, id)?;
        // If there is a response already, use it.
        if let Some(response) = navigation.response.take() {
            let purpose = Purpose::Navigation(navigation);
            let request = self.requests.insert_answered(purpose, Ok(*response));
            ongoing.request = Some(request);
            let task = ContextTask::Response(request);
            queues.queue_in_parallel(TaskSource::Networking, active, task);
            return None;
        }
        // If there is a srcdoc resource, or the scheme is not a fetch scheme, make the document
        // without a fetch.
        if navigation.resource.srcdoc.is_some() || needs_no_fetch(&navigation.url) {
            ongoing.local = Some(navigation);
            let task = ContextTask::Navigate(navigable, id);
            queues.queue_in_parallel(TaskSource::NavigationAndTraversal, active, task);
            return None;
        }
        // Otherwise create navigation params by fetching.
        let fetch = FetchRequest {
            url: navigation.url.clone(),
            destination,
            initiator: navigation.source,
            origin: navigation.resource.initiator_origin.clone(),
            post_resource: navigation.resource.post_resource.clone(),
            referrer: navigation.resource.referrer.clone(),
            referrer_policy: navigation.resource.referrer_policy,
            redirect_count: 0,
        };
        let request = self.requests.insert(Purpose::Navigation(navigation));
        ongoing.request = Some(request);
        Some(Effect::Fetch(request, fetch))
    }

    /// The destination of a navigation's request.
    fn destination(&self, navigable: NavigableId) -> Destination {
        match self.container(navigable).and_then(dom::html_name) {
            Some("frame") => Destination::Frame,
            Some("object") => Destination::Object,
            Some("embed") => Destination::Embed,
            Some(_) => Destination::Iframe,
            None => Destination::Document,
        }
    }

    /// The response to the fetch of a navigation has arrived.
    pub(super) fn navigation_is_answered(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigation: Box<Navigation>,
        answer: Result<Response, LoadError>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let navigable = navigation.navigable;
        // 1. If the navigation is no longer the ongoing one, return.
        if !self.navigation.is_ongoing(navigable, navigation.id) {
            return None;
        }
        // A response without content changes nothing.
        if let Ok(response) = &answer
            && matches!(response.status, 204 | 205)
        {
            self.navigation_ends_without_a_document(queues, navigable, next);
            return None;
        }
        // A download changes nothing either.
        if let Ok(response) = &answer
            && is_attachment(response)
        {
            let url = response.url.to_string();
            self.navigation_ends_without_a_document(queues, navigable, next);
            return Some(Effect::Report(Diagnostic::Download { url }));
        }
        // NOT YET: external protocols.
        let answer = answer
            .and_then(|response| self.check_embedder_policy(navigable, response))
            .and_then(|response| self.check_frame_policies(navigable, response));
        let (loaded, report) = match answer {
            Ok(response) => {
                let url = response.url.to_string();
                let status = response.status;
                let report = (status >= 400).then_some(Diagnostic::HttpError { url, status });
                (Loaded::Response(response), report)
            }
            // An origin that is served has its own error documents.
            Err(error @ LoadError::NotFound { .. })
                if matches!(navigation.url.scheme(), "http" | "https") =>
            {
                let response =
                    Response::new(navigation.url.clone(), "text/html", error.to_string());
                let response = response.with_status(404);
                (Loaded::Response(response), Some(error.into()))
            }
            Err(error) => (Loaded::NetworkError, Some(error.into())),
        };
        next.push(LoadingAction::LoadDocument(navigation, Box::new(loaded)));
        report.map(Effect::Report)
    }

    /// Whether the headers of a response allow its document in a frame
    /// ([CSP](https://w3c.github.io/webappsec-csp/#should-block-navigation-response) and
    /// [X-Frame-Options](https://html.spec.whatwg.org/multipage/document-lifecycle.html#check-a-navigation-response's-adherence-to-x-frame-options)).
    fn check_frame_policies(
        &self,
        navigable: NavigableId,
        response: Response,
    ) -> Result<Response, LoadError> {
        // 1. Only frames are checked.
        let mut ancestors = Vec::new();
        let mut at = self.parent(navigable);
        while let Some(ancestor) = at {
            let document = self.active_document(ancestor);
            if let Some(document) = document.and_then(|document| self.document(document)) {
                ancestors.push(document.origin().clone());
            }
            at = self.parent(ancestor);
        }
        if ancestors.is_empty() || has_local_scheme(&response.url) {
            return Ok(response);
        }
        let refused = |reason| {
            Err(LoadError::Refused {
                url: response.url.to_string(),
                reason,
            })
        };
        // 2. The frame-ancestors directive overrides the other header.
        let csp = CspList::of_response(&response);
        if csp.has_frame_ancestors() {
            return match ancestors
                .iter()
                .all(|ancestor| csp.allow_ancestor(ancestor))
            {
                true => Ok(response),
                false => refused("its frame-ancestors forbids to show it in this frame"),
            };
        }
        let origin = Origin::of_url(&response.url).unwrap_or_else(|| Origin::opaque(0));
        match frame_options_forbid(&response, &origin, &ancestors) {
            true => refused("its X-Frame-Options forbids to show it in this frame"),
            false => Ok(response),
        }
    }

    /// A navigation ends without a new document.
    fn navigation_ends_without_a_document(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        next: &mut Next<'_>,
    ) {
        if let Some(held) = self.navigation.by_navigable.get_mut(&navigable) {
            held.ongoing = None;
        }
        self.resume_traversals(queues, navigable);
        self.cease_to_delay_load_events(navigable, next);
    }

    /// The task of a navigation that needs no fetch
    /// ([create navigation params from a srcdoc resource](https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-from-a-srcdoc-resource),
    /// and `about:blank` and `data:` URLs, which the standard fetches).
    pub(crate) fn continue_local_navigation(
        &mut self,
        navigable: NavigableId,
        id: u64,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let ongoing = self.navigation.ongoing_mut(navigable, id)?;
        let navigation = ongoing.local.take()?;
        let loaded = match navigation.resource.srcdoc.clone() {
            Some(text) => Ok(Loaded::Html(text)),
            None if matches_about_blank(&navigation.url) => Ok(Loaded::Html(String::new())),
            // Without a text, there is no document.
            None if matches_about_srcdoc(&navigation.url) => Ok(Loaded::NetworkError),
            None => loader::data_url_response(&navigation.url).map(Loaded::Response),
        };
        let (loaded, report) = match loaded {
            Ok(loaded) => (loaded, None),
            Err(error) => (Loaded::NetworkError, Some(Effect::Report(error.into()))),
        };
        next.push(LoadingAction::LoadDocument(navigation, Box::new(loaded)));
        report
    }
}
