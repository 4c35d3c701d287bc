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
    Origin, has_local_scheme, is_fetch_scheme, matches_about_blank, matches_about_srcdoc,
    needs_no_fetch,
};
use crate::requests::Purpose;
use crate::steps::{ContextTask, Diagnostic, Effect, Loaded, LoadingAction, Navigation, Next};

impl Contexts {
    /// Steps 1 to 4 of [attempt to populate the history entry's document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#attempt-to-populate-the-history-entry's-document):
    /// creates the navigation params from a response, from a srcdoc resource, or
    /// [by fetching](https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-by-fetching).
    /// Step 5 is [`navigation_is_answered`](Self::navigation_is_answered).
    // IMPLEMENTATION-DEFINED: all else than HTTP, files and blobs is made here without a fetch, in a task of
    // its own.
    pub(super) fn create_navigation_params(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        mut navigation: Box<Navigation>,
    ) -> Option<Effect> {
        let (id, navigable) = (navigation.id, navigation.navigable);
        let active = self.active_document(navigable);
        let destination = self.destination(navigable);
        // Navigate, 24.2. A listener of beforeunload may have navigated elsewhere.
        let ongoing = self.navigation.ongoing_mut(navigable, id)?;
        // 1. and 2. Nothing runs in parallel. Navigation params have a response.
        // 3. The document resource is that of the navigation.
        // 4. If there are navigation params already, use their response.
        if let Some(response) = navigation.response.take() {
            let purpose = Purpose::Navigation(navigation);
            let request = self.requests.insert_answered(purpose, Ok(*response));
            ongoing.request = Some(request);
            let task = ContextTask::Response(request);
            queues.queue_in_parallel(TaskSource::Networking, active, task);
            return None;
        }
        // 4.1. If it is a srcdoc resource,
        // 4.3. or the scheme is not a fetch scheme, make the document without a fetch.
        if navigation.resource.srcdoc.is_some() || needs_no_fetch(&navigation.url) {
            ongoing.local = Some(navigation);
            let task = ContextTask::Navigate(navigable, id);
            queues.queue_in_parallel(TaskSource::NavigationAndTraversal, active, task);
            return None;
        }
        // 4.2. Otherwise create navigation params by fetching. The numbers below are those of its steps.
        // 1. and 2. Nothing runs in parallel, and the document resource is known.
        // 3. Make the request.
        // NOT YET: 4. The origin that began the navigation of a top-level traversable.
        // 5. Without an initiator it is the user who navigates: there is no origin and no referrer.
        // 6. A form may be posted.
        // NOT YET: 7. and 8. The flags of reloads and traversals. 9. User activation.
        // 10. and 10.2. The destination of a frame is the name of its container.
        // NOT YET: 10.1. The scope origin. 10.3. The initiator type.
        // 11. to 13., 15., 16., 18. and 19. Nothing is known of the response.
        // NOT YET: 14., 17. and 21.12. Opener policies. 20. Early hints.
        let fetch = FetchRequest {
            initiator: navigation.source,
            origin: navigation.resource.initiator_origin.clone(),
            post_resource: navigation.resource.post_resource.clone(),
            referrer: navigation.resource.referrer.clone(),
            referrer_policy: navigation.resource.referrer_policy,
            ..FetchRequest::new(navigation.url.clone(), destination)
        };
        // NOT YET: 21.1. and 21.2. The reserved client. 21.3. Policies about where to navigate.
        // 21.4. and 21.5. Fetch it.
        // IMPLEMENTATION-DEFINED: 21.6. and 21.14. to 21.22. The embedder follows redirects, by
        // `FetchRequest::redirect`. So a redirect to another scheme (22.) is a network error.
        // 21.7. The answer is used if the navigation is the ongoing one then.
        // NOT YET: 21.8. The resource of a request that lost its body. 21.13. Cross-Origin-Resource-Policy.
        // 21.9. to 21.11. and 25. `load_a_document` finds the policies, the sandbox and the origin.
        // 23. and 24. A network error makes a document without content.
        // NOT YET: 26. Resource timing.
        // 27. The navigation params are the navigation and the answer.
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

    /// Step 5 of [attempt to populate the history entry's document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#attempt-to-populate-the-history-entry's-document):
    /// the fetch of a navigation is answered.
    // IMPLEMENTATION-DEFINED: a response without content (5.6.) and an attachment (5.5.) are looked at before
    // the policies of the response (5.4.). As in Chromium, the policies decide only about what is shown.
    pub(super) fn navigation_is_answered(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigation: Box<Navigation>,
        answer: Result<Response, LoadError>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let navigable = navigation.navigable;
        // 5.1. If the navigation is no longer the ongoing one, nothing happens.
        if !self.navigation.is_ongoing(navigable, navigation.id) {
            return None;
        }
        // 5.6. A response without content leaves everything as it is.
        if let Ok(response) = &answer
            && matches!(response.status, 204 | 205)
        {
            self.navigation_ends_without_a_document(queues, navigable, next);
            return None;
        }
        // 5.5. An attachment is downloaded. It leaves everything as it is, too.
        // NOT YET: 5.5.1. and 5.5.2. Sandboxes that forbid downloads.
        // 5.5.3. and 5.5.4. The embedder allows downloads.
        if let Ok(response) = &answer
            && is_attachment(response)
        {
            let url = response.url.to_string();
            self.navigation_ends_without_a_document(queues, navigable, next);
            // 5.5.5. Handle it as a download: the embedder is told.
            return Some(Effect::Report(Diagnostic::Download { url }));
        }
        // 5.3. A scheme that is no fetch scheme makes no document. NOT YET: external software.
        if let Err(error) = &answer
            && !is_fetch_scheme(&navigation.url)
        {
            let error = error.clone();
            self.navigation_ends_without_a_document(queues, navigable, next);
            return Some(Effect::Report(error.into()));
        }
        // 5.4. Check the embedder policy, then frame-ancestors and X-Frame-Options.
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
            // 5.4.1. Any other failure makes a document without content.
            // 5.4.2. and 5.4.3. It is never kept for later.
            // 5.4.4. No environment was reserved that could be discarded. NOT YET: WebDriver BiDi.
            Err(error) => (Loaded::NetworkError, Some(error.into())),
        };
        // 5.6. Otherwise load the document.
        // 5.2. and 5.7. `make_active` keeps what the entry needs of it.
        // 5.8. The completion steps are `make_active` too.
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
        let ancestors: Vec<Origin> = self.ancestor_origins(navigable).cloned().collect();
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
        // Attempt to populate, 5.1. If the navigation is no longer the ongoing one, nothing happens.
        let ongoing = self.navigation.ongoing_mut(navigable, id)?;
        let navigation = ongoing.local.take()?;
        // 1. Find the document resource.
        let loaded = match navigation.resource.srcdoc.clone() {
            // 2. Make a response of it.
            // 3. and 6. `load_a_document` finds the origin and the policies.
            // NOT YET: 4. and 5. Opener policies.
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
