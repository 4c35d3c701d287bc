//! `iframe` and `frame` elements
//! ([HTML, the iframe element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element)).

use std::rc::Rc;

use framepost_event_loop::{ClientId, TaskQueues};
use url::Url;

use crate::Contexts;
use crate::dom::{self, Node};
use crate::ids::NavigableId;
use crate::navigation::referrer_policy_of;
use crate::origin::{about_blank, about_srcdoc, matches_about_blank};
use crate::steps::{
    Action, ContextTask, Diagnostic, Effect, EventTarget, FiredEvent, FrameAction, HistoryHandling,
    Insertion, NavigateParams, Next,
};

impl Contexts {
    pub(crate) fn run_frame_action(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        action: FrameAction,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        match action {
            FrameAction::ProcessAttributes(navigable, insertion) => {
                self.process_the_iframe_attributes(queues, navigable, insertion, next);
            }
            FrameAction::LoadEventSteps(navigable) => {
                return self.iframe_load_event_steps(navigable, next);
            }
            FrameAction::LoadEventFired(document) => {
                // 7. Unset the child document's iframe load in progress flag.
                self.loading.end_iframe_load(document);
            }
        }
        None
    }

    /// The [post-connection steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element:html-element-post-connection-steps)
    /// of an `iframe` or a `frame`.
    pub(crate) fn frame_post_connection_steps(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        node: &Node,
        document: ClientId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 1. The sandbox attribute is read whenever a document is created.
        // 2. Create a new child navigable.
        let created = match self.create_a_new_child_navigable(queues, node, document) {
            Ok(created) => created?,
            Err(diagnostic) => return Some(Effect::Report(diagnostic)),
        };
        next.push_all([
            Action::effect(created.set_active),
            // 3. Process the iframe attributes, with initialInsertion set to true.
            FrameAction::ProcessAttributes(created.navigable, Insertion::Initial).into(),
        ]);
        Some(created.create_realm)
    }

    /// [Process the iframe attributes](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#process-the-iframe-attributes)
    /// or [process the frame attributes](https://html.spec.whatwg.org/multipage/obsolete.html#process-the-frame-attributes).
    fn process_the_iframe_attributes(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        insertion: Insertion,
        next: &mut Next<'_>,
    ) {
        // A frame that the session history restores ignores its attributes.
        if self.restore_a_frame(navigable, insertion, next) {
            return;
        }
        let Some(container) = self.container(navigable).cloned() else {
            return;
        };
        // 1. If there is a srcdoc attribute:
        // NOT YET: 1.1. and 1.2. `loading=lazy` loads eagerly.
        if dom::is_html_element(&container, "iframe")
            && let Some(srcdoc) = dom::attribute(&container, "srcdoc")
        {
            // 1.3. Navigate to about:srcdoc.
            let url = about_srcdoc();
            self.navigate_an_iframe(queues, navigable, url, Some(srcdoc), insertion, next);
            return;
        }
        // 2. Otherwise:
        // 2.1. Run the shared attribute processing steps, which find the URL.
        match self.shared_attribute_processing_steps(navigable, &container, insertion) {
            // 2.2. Without a URL nothing happens.
            Err(diagnostic) => next.push_effect(Effect::Report(diagnostic)),
            // 2.3. A new frame that shows about:blank has loaded.
            Ok(url) if insertion == Insertion::Initial && matches_about_blank(&url) => {
                next.push(FrameAction::LoadEventSteps(navigable));
            }
            // 2.4. `navigate_an_iframe` finds the referrer policy.
            // NOT YET: 2.5. and 2.6. `loading=lazy` loads eagerly.
            // 2.7. Navigate.
            Ok(url) => self.navigate_an_iframe(queues, navigable, url, None, insertion, next),
        }
    }

    /// [Shared attribute processing steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#shared-attribute-processing-steps-for-iframe-and-frame-elements).
    fn shared_attribute_processing_steps(
        &mut self,
        navigable: NavigableId,
        container: &Node,
        insertion: Insertion,
    ) -> Result<Url, Diagnostic> {
        // 1. The default is about:blank.
        let mut url = about_blank();
        // 2. If there is a src attribute that is not empty,
        // 2.1. parse it,
        // 2.2. and use it if that succeeds.
        if let Some(src) = dom::attribute(container, "src").filter(|src| !src.is_empty())
            && let Some(document) = self.connected_document(container)
            && let Ok(parsed) = self.parse_url(document, &src)
        {
            url = parsed;
        }
        // 3. If too many ancestors show the URL, there is none.
        if let Some(parent) = self.parent(navigable) {
            self.check_for_recursion(parent, &url)?;
        }
        // 4. The initial about:blank gets the query and the fragment of the URL.
        if insertion == Insertion::Initial
            && matches_about_blank(&url)
            && let Some(document) = self.active_document(navigable)
        {
            let to = url.clone();
            self.url_and_history_update_steps(document, to, None, HistoryHandling::Replace);
        }
        // 5. Return the URL.
        Ok(url)
    }

    /// [Navigate an iframe or frame](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#navigate-an-iframe-or-frame).
    fn navigate_an_iframe(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        url: Url,
        srcdoc: Option<String>,
        insertion: Insertion,
        next: &mut Next<'_>,
    ) {
        let Some(container) = self.container(navigable) else {
            return;
        };
        let source = self.connected_document(container);
        let referrer_policy = referrer_policy_of(container);
        // 1. The history handling is "auto".
        // 2. A document that is not completely loaded is replaced.
        let loaded = self
            .active_document(navigable)
            .is_some_and(|document| self.is_completely_loaded(document));
        let history = if loaded {
            HistoryHandling::Auto
        } else {
            HistoryHandling::Replace
        };
        // NOT YET: 3. Resource timing.
        // 4. Navigate the content navigable.
        let params = NavigateParams {
            source,
            srcdoc,
            history,
            referrer_policy,
            ..NavigateParams::new(url)
        };
        let steps = self.navigate_with(queues, navigable, params, insertion);
        next.push_steps(steps);
    }

    /// [Iframe load event steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-event-steps);
    /// for other containers, only the event.
    fn iframe_load_event_steps(
        &mut self,
        navigable: NavigableId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 1. The element has a content navigable.
        let container = Rc::clone(self.container(navigable)?);
        if dom::is_html_element(&container, "iframe") {
            // 2. Find the child document.
            let document = self.active_document(navigable)?;
            // 3. If its iframe load is muted, nothing happens.
            // NOT YET: 4. Resource timing.
            // 5. Otherwise it is in progress.
            if !self.loading.begin_iframe_load(document) {
                return None;
            }
            next.push(FrameAction::LoadEventFired(document));
        }
        // 6. Fire load at the element.
        Some(Effect::Fire {
            target: EventTarget::Node(container),
            event: FiredEvent::Load,
        })
    }
}
