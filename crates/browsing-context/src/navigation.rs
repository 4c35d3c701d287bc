//! Navigation ([HTML, navigation and session history](https://html.spec.whatwg.org/multipage/browsing-the-web.html)).

use std::time::Duration;

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};
use url::Url;

use crate::contexts::{Pending, Purpose};
use crate::fetch::{Destination, FetchRequest, LoadError, PostResource, RequestId, Response};
use crate::loading::Loaded;
use crate::navigable::{HistoryHandling, NavigableId, OngoingNavigation};
use crate::session_history::{HistoryChange, HistoryEntry};
use crate::steps::{Action, Insertion, Next};
use crate::url_helpers::{equals_excluding_fragments, matches_about};
use crate::{
    ContextTask, Contexts, Diagnostic, Effect, EventTarget, FrameEvent, Origin, SandboxFlags,
    Steps, dom,
};

/// What [`Contexts::navigate`](crate::Contexts::navigate) is to do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NavigateParams {
    /// Where to.
    pub url: Url,
    /// The document that wants it; its origin and base URL are inherited where that is the rule.
    /// `None` for the user.
    pub source: Option<ClientId>,
    /// The text of a document of `about:srcdoc`.
    pub srcdoc: Option<String>,
    /// What becomes of the current history entry.
    pub history: HistoryHandling,
    /// Whether the user has lately acted on the source, for sandboxes that ask for it.
    pub user_activation: bool,
    /// What a form sends there.
    pub post_resource: Option<PostResource>,
    /// Whether the source is not named as the referrer, as `rel=noreferrer` wants it.
    pub no_referrer: bool,
    /// What has been fetched already and is to be shown.
    pub(crate) response: Option<Box<Response>>,
}

impl NavigateParams {
    /// A navigation to `url` that nobody in particular wants.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url,
            source: None,
            srcdoc: None,
            history: HistoryHandling::Auto,
            user_activation: false,
            post_resource: None,
            no_referrer: false,
            response: None,
        }
    }

    /// The same, wanted by a document.
    #[must_use]
    pub fn by(mut self, source: ClientId) -> Self {
        self.source = Some(source);
        self
    }

    /// The same with that history handling.
    #[must_use]
    pub fn with_history(mut self, history: HistoryHandling) -> Self {
        self.history = history;
        self
    }
}

/// A navigation under way ([navigation params](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigation-params)).
#[derive(Clone, Debug)]
pub(crate) struct Navigation {
    pub(crate) id: u64,
    pub(crate) navigable: NavigableId,
    pub(crate) url: Url,
    pub(crate) srcdoc: Option<String>,
    pub(crate) post_resource: Option<PostResource>,
    /// The document that wants it.
    pub(crate) source: Option<ClientId>,
    pub(crate) initiator_origin: Option<Origin>,
    pub(crate) initiator_base_url: Option<Url>,
    /// The flags that the initiator's content security policies set.
    pub(crate) initiator_csp_sandbox: SandboxFlags,
    pub(crate) referrer: String,
    pub(crate) sandbox: SandboxFlags,
    pub(crate) history: HistoryChange,
    pub(crate) insertion: Insertion,
    /// What is there already.
    pub(crate) response: Option<Box<Response>>,
}

impl Contexts {
    /// [Navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate).
    // NOT YET: the navigation API's events.
    pub fn navigate(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        params: NavigateParams,
    ) -> Steps {
        self.navigate_with(navigable, params, Insertion::Later, queues)
    }

    pub(crate) fn navigate_with(
        &mut self,
        navigable: NavigableId,
        params: NavigateParams,
        insertion: Insertion,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Steps {
        let report = |diagnostic| Steps::one(Action::Effect(Box::new(Effect::Report(diagnostic))));
        let Some(active) = self.active_document(navigable) else {
            return Steps::none();
        };
        let Some(document) = self
            .document(active)
            .filter(|held| held.unload_counter == 0)
        else {
            return Steps::none();
        };
        if !self.may_navigate(params.source, params.user_activation, navigable, queues) {
            let url = params.url.into();
            return report(Diagnostic::NavigationSandboxed { url });
        }
        let source = params.source.and_then(|source| self.document(source));
        let is_javascript = params.url.scheme() == "javascript";
        // SPEC-ISSUE: the standard looks at what is navigated alone; browsers do not let a document
        // without scripts run one somewhere else.
        if let Some(source) = source.filter(|source| !source.scripting_enabled())
            && is_javascript
        {
            let url = source.url.to_string();
            return report(Diagnostic::ScriptSandboxed { url });
        }
        let history = match params.history {
            // A navigation must be a replace in these cases.
            _ if document.is_initial_about_blank || is_javascript => HistoryHandling::Replace,
            HistoryHandling::Auto
                if params.url == document.url
                    && source.is_none_or(|source| source.origin.same_origin(&document.origin)) =>
            {
                HistoryHandling::Replace
            }
            HistoryHandling::Auto => HistoryHandling::Push,
            given => given,
        };
        if params.srcdoc.is_none()
            && params.post_resource.is_none()
            && params.url.fragment().is_some()
            && equals_excluding_fragments(&params.url, &document.url)
        {
            return self.navigate_to_a_fragment(active, params.url, history, queues);
        }
        let navigation = Navigation {
            id: 0,
            navigable,
            srcdoc: params.srcdoc,
            post_resource: params.post_resource,
            source: params.source,
            initiator_origin: source.map(|source| source.origin.clone()),
            initiator_base_url: params.source.and_then(|source| self.base_url(source)),
            initiator_csp_sandbox: source
                .map_or(SandboxFlags::empty(), |source| source.csp_sandbox),
            referrer: source
                .filter(|_| !params.no_referrer)
                .map_or_else(String::new, |source| referrer(&source.url, &params.url)),
            sandbox: self.creation_sandboxing_flags(navigable),
            history: HistoryChange::Navigation(history),
            insertion,
            url: params.url,
            response: params.response,
        };
        if is_javascript {
            self.plan_a_javascript_url(active, navigation, queues);
            return Steps::none();
        }
        let Some(navigation) = self.set_ongoing_navigation(navigation) else {
            return Steps::none();
        };
        // OPTIMIZATION: nobody can have seen the document of a frame that is just being inserted.
        let mut actions = match insertion {
            Insertion::Initial => Vec::new(),
            Insertion::Later => self.beforeunload_actions(navigable),
        };
        actions.push(Action::BeginNavigation(Box::new(navigation)));
        Steps::sequence(actions)
    }

    /// The navigation is from now on the one that its navigable is in the middle of, unless that
    /// goes back or forward.
    pub(crate) fn set_ongoing_navigation(
        &mut self,
        mut navigation: Navigation,
    ) -> Option<Navigation> {
        let is_traversal = matches!(navigation.history, HistoryChange::Traverse(_));
        let ongoing = self.navigable(navigation.navigable)?.ongoing.as_ref();
        if !is_traversal && ongoing.is_some_and(|ongoing| ongoing.is_traversal) {
            return None;
        }
        self.stop_ongoing_navigation(navigation.navigable);
        self.forget_what_was_planned(navigation.navigable);
        let held = self.navigables.get_mut(navigation.navigable)?;
        held.navigations += 1;
        held.is_delaying_load_events = held.parent.is_some();
        navigation.id = held.navigations;
        held.ongoing = Some(OngoingNavigation {
            id: navigation.id,
            request: None,
            is_traversal,
            local: None,
        });
        Some(navigation)
    }

    /// Asks for what is to be shown, unless a listener of `beforeunload` has changed the course.
    pub(crate) fn begin_navigation(
        &mut self,
        mut navigation: Box<Navigation>,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Option<Effect> {
        let (id, navigable) = (navigation.id, navigation.navigable);
        let active = self.active_document(navigable);
        let destination = match self.container(navigable).and_then(dom::html_name) {
            Some("frame") => Destination::Frame,
            Some("object") => Destination::Object,
            Some("embed") => Destination::Embed,
            Some(_) => Destination::Iframe,
            None => Destination::Document,
        };
        let held = self.navigables.get_mut(navigable)?;
        let ongoing = held.ongoing.as_mut().filter(|ongoing| ongoing.id == id)?;
        if let Some(response) = navigation.response.take() {
            let request = self.requests.insert(Pending {
                purpose: Purpose::Navigation(navigation),
                answer: Some(Ok(*response)),
            });
            ongoing.request = Some(request);
            let task = ContextTask::Response(request);
            queues.queue_in_parallel(TaskSource::Networking, active, task);
            return None;
        }
        if is_local(&navigation.url) {
            ongoing.local = Some(navigation);
            let task = ContextTask::Navigate(navigable, id);
            queues.queue_in_parallel(TaskSource::NavigationAndTraversal, active, task);
            return None;
        }
        let fetch = FetchRequest {
            url: navigation.url.clone(),
            destination,
            initiator: navigation.source,
            origin: navigation.initiator_origin.clone(),
            post_resource: navigation.post_resource.clone(),
            referrer: navigation.referrer.clone(),
            redirect_count: 0,
        };
        let request = self.requests.insert(Pending {
            purpose: Purpose::Navigation(navigation),
            answer: None,
        });
        ongoing.request = Some(request);
        Some(Effect::Fetch(request, fetch))
    }

    /// Whether a document may navigate a navigable, as far as sandboxes are concerned.
    pub(crate) fn may_navigate(
        &self,
        source: Option<ClientId>,
        user_activation: bool,
        target: NavigableId,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> bool {
        let Some(source) = source.and_then(|source| self.document(source)) else {
            return true;
        };
        // OPTIMIZATION: what is not sandboxed may do this without looking at the clock.
        source.sandbox.is_empty()
            || self.allowed_by_sandboxing_to_navigate(
                source.navigable,
                target,
                source.sandbox,
                user_activation
                    || self.navigable_has_transient_activation(source.navigable, queues.now()),
            )
    }

    /// Stops what a navigable is loading.
    pub(crate) fn stop_loading(&mut self, navigable: NavigableId) {
        self.stop_ongoing_navigation(navigable);
        if let Some(held) = self.navigables.get_mut(navigable) {
            held.is_delaying_load_events = false;
        }
    }

    /// Forgets the navigation that is under way; a late answer to it is one to nothing.
    fn stop_ongoing_navigation(&mut self, navigable: NavigableId) {
        if let Some(held) = self.navigables.get_mut(navigable)
            && let Some(ongoing) = held.ongoing.take()
            && let Some(request) = ongoing.request
        {
            self.requests.remove(request);
        }
    }

    /// [Navigate to a fragment](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid).
    fn navigate_to_a_fragment(
        &mut self,
        document: ClientId,
        url: Url,
        history: HistoryHandling,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Steps {
        let id = self.next_entry_id();
        let Some(held) = self.documents.get_mut(&document) else {
            return Steps::none();
        };
        let (navigable, window) = (held.navigable, held.window);
        let old_url = core::mem::replace(&mut held.url, url.clone());
        held.latest_entry = id;
        held.set_history_state(None);
        if let Some(active) = self.active_entry(navigable) {
            let entry = HistoryEntry {
                id,
                url: url.clone(),
                state: None,
                ..active.clone()
            };
            self.finalize_a_navigation(navigable, entry, history);
        }
        if old_url.fragment() != url.fragment() {
            let task = ContextTask::HashChange {
                window,
                old_url,
                new_url: url,
            };
            queues.queue(TaskSource::DomManipulation, Some(document), task);
        }
        Steps::one(Action::Effect(Box::new(Effect::Fire {
            target: EventTarget::Window(window),
            event: FrameEvent::PopState,
        })))
    }

    /// The embedder's answer to an [`Effect::Fetch`], given at once or later: it waits in a
    /// networking task of the document that asked, which comes behind all that the running task
    /// queues, since nothing is fetched before that ends. An answer that nobody waits for any more is
    /// dropped; says whether it was taken.
    pub fn respond(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        request: RequestId,
        response: Result<Response, LoadError>,
    ) -> bool {
        let Some(pending) = self.requests.get(request) else {
            return false;
        };
        let document = match &pending.purpose {
            Purpose::Navigation(navigation) => self.active_document(navigation.navigable),
            Purpose::Script(script) => self.script(*script).map(|script| script.document),
            Purpose::Module(module) => self.module(*module).map(|module| module.document),
            Purpose::EmbeddedContent(id) => self.document_of_embedded_content(*id),
            Purpose::Worker(worker) => self.document_of_global(*worker),
            Purpose::JavascriptUrl(..) => return false,
        };
        let Some(document) = document else {
            self.requests.remove(request);
            return false;
        };
        let delay = response
            .as_ref()
            .map_or(Duration::ZERO, |response| response.delay);
        if let Some(pending) = self.requests.get_mut(request) {
            pending.answer = Some(response);
        }
        let task = ContextTask::Response(request);
        if delay.is_zero() {
            queues.queue_in_parallel(TaskSource::Networking, Some(document), task);
        } else {
            queues.queue_after(delay, TaskSource::Networking, Some(document), task);
        }
        true
    }

    /// The networking task.
    pub(crate) fn take_in_response(
        &mut self,
        request: RequestId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let pending = self.requests.remove(request)?;
        let answer = pending.answer?;
        match pending.purpose {
            Purpose::Script(script) => {
                return self.script_loaded(script, answer, next);
            }
            Purpose::Module(module) => return self.module_loaded(module, answer, next),
            Purpose::Worker(worker) => {
                return self.worker_script_loaded(worker, answer, queues, next);
            }
            Purpose::EmbeddedContent(id) => {
                return self.embedded_content_loaded(id, answer, queues, next);
            }
            Purpose::Navigation(navigation) => {
                let held = self.navigables.get_mut(navigation.navigable)?;
                if held.ongoing.as_ref().map(|ongoing| ongoing.id) != Some(navigation.id) {
                    return None;
                }
                if let Ok(response) = &answer
                    && matches!(response.status, 204 | 205)
                {
                    return self.end_navigation(navigation.navigable, queues, next);
                }
                let answer = answer.and_then(|response| {
                    self.check_embedder_policy(navigation.navigable, response)
                });
                let (loaded, report) = match answer {
                    Ok(response) => {
                        let url = response.url.to_string();
                        let status = response.status;
                        let report =
                            (status >= 400).then_some(Diagnostic::HttpError { url, status });
                        (Loaded::Response(response), report)
                    }
                    // The origin has answered that there is nothing: that is a document of it.
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
                next.push([Action::LoadDocument(navigation, Box::new(loaded))]);
                return report.map(Effect::Report);
            }
            Purpose::JavascriptUrl(..) => {}
        }
        None
    }

    /// A navigation ends without a new document.
    fn end_navigation(
        &mut self,
        navigable: NavigableId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let held = self.navigables.get_mut(navigable)?;
        held.ongoing = None;
        self.resume_traversals(navigable, queues);
        self.cease_to_delay_load_events(navigable, next)
    }

    fn cease_to_delay_load_events(
        &mut self,
        navigable: NavigableId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let held = self.navigables.get_mut(navigable)?;
        held.is_delaying_load_events = false;
        let parent = held
            .parent
            .and_then(|parent| self.active_document(parent))?;
        next.push([Action::CheckLoad(parent)]);
        None
    }

    /// The task of a navigation that asks nobody outside.
    pub(crate) fn continue_local_navigation(
        &mut self,
        navigable: NavigableId,
        id: u64,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let held = self.navigables.get_mut(navigable)?;
        let ongoing = held.ongoing.as_mut().filter(|ongoing| ongoing.id == id)?;
        let navigation = ongoing.local.take()?;
        let loaded = match navigation.srcdoc.clone() {
            Some(text) => Loaded::Html(text),
            None if matches_about(&navigation.url, "blank") => Loaded::Html(String::new()),
            // There is no text for it.
            None if matches_about(&navigation.url, "srcdoc") => Loaded::NetworkError,
            None => match crate::loader::data_url_response(&navigation.url) {
                Ok(response) => Loaded::Response(response),
                Err(error) => {
                    next.push([Action::LoadDocument(
                        navigation,
                        Box::new(Loaded::NetworkError),
                    )]);
                    return Some(Effect::Report(error.into()));
                }
            },
        };
        next.push([Action::LoadDocument(navigation, Box::new(loaded))]);
        None
    }

    /// A `javascript:` URL waits for its task. What is being loaded meanwhile goes on.
    fn plan_a_javascript_url(
        &mut self,
        active: ClientId,
        navigation: Navigation,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) {
        if let Some(held) = self.navigables.get_mut(navigation.navigable) {
            held.is_delaying_load_events = held.parent.is_some();
        }
        let request = self.requests.insert(Pending {
            purpose: Purpose::JavascriptUrl(active, Box::new(navigation)),
            answer: None,
        });
        let task = ContextTask::JavascriptUrl(request);
        queues.queue_in_parallel(TaskSource::NavigationAndTraversal, Some(active), task);
    }

    /// What is navigated elsewhere runs no `javascript:` URL and submits no form that still waits.
    // IMPLEMENTATION-DEFINED: by the standard these would come in their turn; browsers take the
    // later navigation alone.
    fn forget_what_was_planned(&mut self, navigable: NavigableId) {
        self.forget_planned_navigations_of(navigable);
        for request in self.requests.keys_in_order() {
            let purpose = self.requests.get(request).map(|pending| &pending.purpose);
            if let Some(Purpose::JavascriptUrl(_, navigation)) = purpose
                && navigation.navigable == navigable
            {
                self.requests.remove(request);
            }
        }
    }

    /// [Navigate to a javascript: URL](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-to-a-javascript:-url).
    pub(crate) fn navigate_to_a_javascript_url(
        &mut self,
        request: RequestId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let Purpose::JavascriptUrl(_, navigation) = self.requests.remove(request)?.purpose else {
            return None;
        };
        let navigable = navigation.navigable;
        let document = self.document(self.active_document(navigable)?)?;
        let allowed = navigation
            .initiator_origin
            .is_none_or(|origin| origin.same_origin_domain(&document.origin));
        next.push([Action::JavascriptUrlDone(navigable, navigation.insertion)]);
        if !allowed || !document.scripting_enabled() {
            return None;
        }
        let url = navigation.url.as_str();
        let encoded = url.split_once(':').map_or("", |(_, source)| source);
        Some(Effect::RunJavascriptUrl {
            navigable,
            document: document.id,
            source: crate::loader::percent_decode_lossy(encoded),
        })
    }

    /// The script of a `javascript:` URL has made no document of its own.
    pub(crate) fn javascript_url_done(
        &mut self,
        navigable: NavigableId,
        insertion: Insertion,
        next: &mut Next<'_>,
    ) {
        let document = self.active_document(navigable);
        let still_initial = document
            .and_then(|document| self.document(document))
            .is_some_and(|document| document.is_initial_about_blank);
        let navigating = self
            .navigable(navigable)
            .is_some_and(crate::Navigable::is_navigating);
        if !navigating {
            self.cease_to_delay_load_events(navigable, next);
        }
        if insertion == Insertion::Initial && still_initial && !navigating {
            next.push([Action::FrameLoadEventSteps(navigable)]);
        }
    }

    /// Shows HTML under the URL and origin of what is shown now: what a `javascript:` URL that
    /// yields a string does.
    pub fn navigate_to_html(&mut self, navigable: NavigableId, html: String) -> Steps {
        let document = self.active_document(navigable);
        let Some(document) = document.and_then(|document| self.document(document)) else {
            return Steps::none();
        };
        let (url, origin) = (document.url.clone(), document.origin.clone());
        let (sandbox, csp_sandbox) = (document.sandbox, document.csp_sandbox);
        let base = document.about_base_url.clone();
        let navigation = Navigation {
            id: 0,
            navigable,
            url,
            srcdoc: None,
            post_resource: None,
            source: None,
            initiator_origin: Some(origin.clone()),
            initiator_base_url: base,
            initiator_csp_sandbox: csp_sandbox,
            referrer: String::new(),
            sandbox,
            history: HistoryChange::Navigation(HistoryHandling::Replace),
            insertion: Insertion::Later,
            response: None,
        };
        let Some(navigation) = self.set_ongoing_navigation(navigation) else {
            return Steps::none();
        };
        let loaded = Loaded::HtmlOfOrigin(html, origin);
        Steps::one(Action::LoadDocument(Box::new(navigation), Box::new(loaded)))
    }
}

/// Whether a URL is loaded without asking anybody outside.
pub(crate) fn is_local(url: &Url) -> bool {
    url.scheme() == "data" || matches_about(url, "blank") || matches_about(url, "srcdoc")
}

/// The referrer by the default policy,
/// [strict-origin-when-cross-origin](https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer).
// NOT YET: other policies, and the referrer of `about:srcdoc`, which is its container's.
pub(crate) fn referrer(source: &Url, target: &Url) -> String {
    if !matches!(source.scheme(), "http" | "https") {
        return String::new();
    }
    let (Some(from), to) = (Origin::of_url(source), Origin::of_url(target)) else {
        return String::new();
    };
    if to.is_some_and(|to| from.same_origin(&to)) {
        let mut stripped = source.clone();
        stripped.set_fragment(None);
        // These fail for URLs that cannot have them, which then have none.
        let _ = stripped.set_username("");
        let _ = stripped.set_password(None);
        return stripped.into();
    }
    if source.scheme() == "https" && target.scheme() == "http" {
        return String::new();
    }
    format!("{from}/")
}
