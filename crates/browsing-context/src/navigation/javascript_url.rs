//! `javascript:` URLs
//! ([HTML, the javascript: URL special case](https://html.spec.whatwg.org/multipage/browsing-the-web.html#the-javascript:-url-special-case)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use crate::Contexts;
use crate::documents::Document;
use crate::fetch::ScriptSource;
use crate::ids::{JavascriptUrlId, NavigableId};
use crate::loader;
use crate::navigation::ongoing::JavascriptUrl;
use crate::steps::{
    ContextTask, Diagnostic, DocumentResource, Effect, FrameAction, HistoryChange, HistoryHandling,
    Insertion, Loaded, LoadingAction, Navigation, NavigationAction, Next, Steps,
};

impl Contexts {
    /// Queues the task of a `javascript:` URL
    /// ([navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate), step 21.1). An
    /// ongoing navigation continues.
    pub(super) fn plan_a_javascript_url(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        active: ClientId,
        navigation: Navigation,
    ) {
        self.delay_load_events(navigation.navigable);
        let planned = self.navigation.javascript_urls.insert(JavascriptUrl {
            document: active,
            navigation: Box::new(navigation),
        });
        let task = ContextTask::JavascriptUrl(planned);
        queues.queue_in_parallel(TaskSource::NavigationAndTraversal, Some(active), task);
    }

    /// [Navigate to a javascript: URL](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-to-a-javascript:-url).
    pub(crate) fn navigate_to_a_javascript_url(
        &mut self,
        planned: JavascriptUrlId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 1. The history handling is "replace".
        // 2. A later navigation has removed it.
        // 3. The ongoing navigation is another one, if there is one.
        let navigation = self.navigation.javascript_urls.remove(planned)?.navigation;
        let navigable = navigation.navigable;
        let document = self.document(self.active_document(navigable)?)?;
        // 4. The initiator has to be same origin-domain with the active document.
        let allowed = navigation
            .resource
            .initiator_origin
            .is_none_or(|origin| origin.same_origin_domain(document.origin()));
        // 8. What follows the script is pushed before it.
        let done = NavigationAction::JavascriptUrlDone(navigable, navigation.insertion);
        next.push(done);
        if !allowed || !document.scripting_enabled() {
            return None;
        }
        // 5. There is no request. The URL suffices for the policies.
        // 6. The content security policies of the initiator and of the document have to allow it.
        let url = navigation.url.as_str();
        let source = ScriptSource::Navigation(url);
        let initiator = &navigation.resource.initiator_policies.csp;
        if !initiator.allow_script(source) || !document.policies().csp.allow_script(source) {
            let url = document.url().to_string();
            return Some(Effect::Report(Diagnostic::ScriptForbidden { url }));
        }
        // 7. Evaluate it (evaluate a javascript: URL):
        // 1. and 2. Remove the scheme.
        let encoded = url.split_once(':').map_or("", |(_, source)| source);
        // 4. to 10. The embedder runs the script, and calls `navigate_to_html` with a string.
        Some(Effect::RunJavascriptUrl {
            navigable,
            document: document.id(),
            // 3. Decode the source.
            source: loader::percent_decode_lossy(encoded),
        })
    }

    /// The script of a `javascript:` URL has run. If it created no document, and the initial `about:blank` is still
    /// active, the iframe load event steps run.
    pub(super) fn javascript_url_is_done(
        &mut self,
        navigable: NavigableId,
        insertion: Insertion,
        next: &mut Next<'_>,
    ) {
        let document = self.active_document(navigable);
        let still_initial = document
            .and_then(|document| self.document(document))
            .is_some_and(Document::is_initial_about_blank);
        let navigating = self.is_navigating(navigable);
        if !navigating {
            self.cease_to_delay_load_events(navigable, next);
        }
        // 8.1. Run the iframe load event steps, if there still is the initial about:blank.
        if insertion == Insertion::Initial && still_initial && !navigating {
            next.push(FrameAction::LoadEventSteps(navigable));
        }
    }

    /// Shows HTML with the URL and the origin of the active document: the result of a `javascript:` URL that
    /// evaluates to a string
    /// ([evaluate a javascript: URL](https://html.spec.whatwg.org/multipage/browsing-the-web.html#evaluate-a-javascript:-url),
    /// steps 11 to 17, and [navigate to a javascript: URL](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-to-a-javascript:-url),
    /// steps 9 to 14).
    pub fn navigate_to_html(&mut self, navigable: NavigableId, html: String) -> Steps {
        let document = self.active_document(navigable);
        let Some(document) = document.and_then(|document| self.document(document)) else {
            return Steps::none();
        };
        let origin = document.origin().clone();
        // 11. The response is the text.
        // NOT YET: 14. and 15. Opener policies.
        // 16. Make the navigation params.
        let navigation = Navigation {
            id: 0,
            navigable,
            url: document.url().clone(),
            resource: DocumentResource {
                initiator_origin: Some(origin.clone()),
                initiator_base_url: document.about_base_url().cloned(),
                // 12. The policies are those of the active document.
                initiator_policies: document.policies().clone(),
                ..DocumentResource::default()
            },
            source: None,
            // 13. Keep the sandbox, too.
            sandbox: document.sandbox(),
            history: HistoryChange::Navigation(HistoryHandling::Replace),
            insertion: Insertion::Later,
            navigation_state: None,
            response: None,
        };
        let Some(navigation) = self.set_the_ongoing_navigation(navigation) else {
            return Steps::none();
        };
        // 17. Load the document. `make_active` makes the entry (navigate to a javascript: URL, 9. to 14.).
        let loaded = Loaded::HtmlOfOrigin(html, origin);
        Steps::one(LoadingAction::LoadDocument(
            Box::new(navigation),
            Box::new(loaded),
        ))
    }
}
