//! [Navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate).

use framepost_event_loop::{ClientId, TaskQueues};

use super::ongoing::OngoingNavigation;
use crate::Contexts;
use crate::documents::Document;
use crate::dom::{self, DomError};
use crate::fetch::PolicyContainer;
use crate::ids::NavigableId;
use crate::origin::{Origin, equals_excluding_fragments, matches_about_srcdoc};
use crate::session_history::history_api::navigation_type_of;
use crate::session_history::navigation_api::Firing;
use crate::steps::{
    Action, AfterNavigateEvent, ContextTask, Diagnostic, DocumentResource, Effect, HistoryAction,
    HistoryChange, HistoryHandling, Insertion, NavigateParams, Navigation, NavigationAction, Next,
    Steps, UserInvolvement,
};

impl Contexts {
    /// [Navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate).
    pub fn navigate(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        params: NavigateParams,
    ) -> Steps {
        self.navigate_with(queues, navigable, params, Insertion::Later)
    }

    /// [Navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate), with the
    /// standard's `exceptionsEnabled`.
    ///
    /// # Errors
    /// `SecurityError` if the source document may not navigate the navigable.
    pub fn navigate_with_exceptions(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        params: NavigateParams,
    ) -> Result<Steps, DomError> {
        // 6.2.1. Throw a SecurityError.
        self.navigate_unless_refused(queues, navigable, params, Insertion::Later)
            .map_err(|refused| self.refusal_to_navigate(refused.source, navigable))
    }

    /// [Navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate), with the
    /// standard's `initialInsertion`.
    pub(crate) fn navigate_with(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        params: NavigateParams,
        insertion: Insertion,
    ) -> Steps {
        // 6.2.2. Without exceptions, only a report tells that the navigation was refused.
        self.navigate_unless_refused(queues, navigable, params, insertion)
            .unwrap_or_else(|refused| {
                let url = refused.url.into();
                report(Diagnostic::NavigationSandboxed { url })
            })
    }

    /// The steps of [navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate).
    /// Returns the parameters if the source document may not navigate the navigable.
    // OPTIMIZATION: the steps that only read (2. to 4., 17. and the check of 22.) stand together, before the first
    // change of state.
    // IMPLEMENTATION-DEFINED: 21. stands before 20., because as in browsers a javascript: URL ends no other
    // navigation.
    // NOT YET: WebDriver BiDi, of which 9., 12., 18., 19.1. and 24.2.1. inform.
    fn navigate_unless_refused(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
        params: NavigateParams,
        insertion: Insertion,
    ) -> Result<Steps, Box<NavigateParams>> {
        let Some(active) = self.active_document(navigable) else {
            return Ok(Steps::none());
        };
        // NOT YET: 1. The type of the navigation, for the directive form-action.
        // 5. Without a source document it is the user who navigates.
        // 6.2. The sandbox of a source document has to allow the navigation.
        if !self.may_navigate(queues, params.source, navigable, params.user_activation) {
            return Err(Box::new(params));
        }
        // 7. `set_the_ongoing_navigation` gives the navigation its id.
        // 8. One event loop serves all agents, so the steps go on here.
        // 9. While the active document is unloading, nothing happens.
        if self.is_unloading(active) {
            return Ok(Steps::none());
        }
        // NOT YET: 10. and 11. Lazy loading of the container.
        // NOT YET: 12. Refusing too many navigations.
        let is_javascript = params.url.scheme() == "javascript";
        // SPEC-ISSUE: the standard checks only the target. In browsers, a document without scripting also cannot run
        // a script in another document.
        let source = params.source.and_then(|source| self.document(source));
        if let Some(source) = source.filter(|source| !source.scripting_enabled())
            && is_javascript
        {
            let url = source.url().to_string();
            return Ok(report(Diagnostic::ScriptSandboxed { url }));
        }
        // 13. and 14. Decide how the history changes.
        let history = self.history_handling(active, &params);
        // 15. If only the fragment is another one:
        // IMPLEMENTATION-DEFINED: the standard leaves out navigations with a response, which object and embed
        // elements make. As in Chromium, they keep a document of which only the fragment changes.
        if let Some(document) = self.document(active)
            && params.srcdoc.is_none()
            && params.post_resource.is_none()
            && params.url.fragment().is_some()
            && equals_excluding_fragments(&params.url, document.url())
        {
            // 15.1. Navigate to the fragment.
            return Ok(self.fire_and_navigate_to_a_fragment(queues, active, params, history));
        }
        // 22. Prepare the navigate event.
        let fire = self.fire_for_a_navigation(active, &params, history);
        // 2. to 4., 6.3. and 6.4. Snapshot the source,
        // 17. and the target.
        let navigation = self.snapshot(navigable, params, history, insertion);
        // 21. If it is a javascript: URL:
        if is_javascript {
            // 21.1. Queue the task that navigates to it.
            self.plan_a_javascript_url(queues, active, navigation);
            return Ok(Steps::none());
        }
        // 16. Delay load events around a frame, in `set_the_ongoing_navigation`.
        // 19. A traversal that is under way goes on.
        // 20. Otherwise this becomes the ongoing navigation.
        let aborted = self.inform_about_aborting_navigation(navigable, false);
        let Some(navigation) = self.set_the_ongoing_navigation(navigation) else {
            return Ok(Steps::none());
        };
        // 22.4. Fire navigate, and go on if nothing cancels or intercepts it (22.5.).
        if let Some(fire) = fire {
            let after = AfterNavigateEvent::Begin(Box::new(navigation));
            let mut actions: Vec<Action> = aborted.map(Action::effect).into_iter().collect();
            actions.push(Action::effect(fire));
            actions.push(NavigationAction::AfterNavigateEvent(after).into());
            return Ok(Steps::sequence(actions));
        }
        // NOT YET: 23. Quota for deferred fetches.
        // 24. Go on in parallel.
        let steps = self.check_unloading_and_begin(navigation);
        Ok(match aborted {
            Some(aborted) => Steps::one(Action::effect(aborted)).then(steps),
            None => steps,
        })
    }

    /// Whether two ancestor documents of a navigable have the URL of the navigation.
    fn is_around_twice(&self, navigation: &Navigation) -> bool {
        let url = &navigation.url;
        if url.scheme() == "about" || navigation.resource.post_resource.is_some() {
            return false;
        }
        let same = self
            .ancestor_navigables(navigation.navigable)
            .filter_map(|ancestor| self.document(self.active_document(ancestor)?))
            .filter(|document| equals_excluding_fragments(document.url(), url));
        same.count() > 1
    }

    /// Step 24 of [navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate).
    fn check_unloading_and_begin(&mut self, navigation: Navigation) -> Steps {
        let (navigable, insertion) = (navigation.navigable, navigation.insertion);
        // IMPLEMENTATION-DEFINED: as in Chromium, a frame does not navigate to a URL that two of its ancestor
        // documents have. The standard has this rule only for the attributes of an iframe.
        if self.is_around_twice(&navigation) {
            self.stop_loading(navigable);
            return Steps::sequence(self.check_load_around(navigable));
        }
        // 24.1. Check if unloading is canceled.
        // OPTIMIZATION: a new frame has no listener for beforeunload.
        let mut actions = match insertion {
            Insertion::Initial => Vec::new(),
            Insertion::Later => self.check_if_unloading_is_canceled(navigable),
        };
        // 24.2. If this is no longer the ongoing navigation then, `create_navigation_params` ends it.
        // NOT YET: 24.3. Abort the old document. It goes on until the new one becomes active.
        // 24.4. to 24.6. `snapshot` has made what the document state and the entry consist of.
        // 24.7. and 24.8. `create_navigation_params` makes navigation params of a given response.
        // 24.9. Attempt to populate the history entry's document.
        actions.push(NavigationAction::Begin(Box::new(navigation)).into());
        Steps::sequence(actions)
    }

    /// Step 22 of [navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate).
    fn fire_for_a_navigation(
        &mut self,
        active: ClientId,
        params: &NavigateParams,
        history: HistoryHandling,
    ) -> Option<Effect> {
        // 22. It is not the user who navigates, and the initiator may see the active document.
        // `fire_a_navigate_event` leaves out an initial about:blank.
        // NOT YET: schemes other than javascript that are no fetch schemes.
        let source = self.document(params.source?)?;
        let origin = self.document(active)?.origin();
        if params.url.scheme() == "javascript" || !source.origin().same_origin_domain(origin) {
            return None;
        }
        // 22.1. The navigation API is that of the active window.
        let firing = Firing {
            navigation_type: navigation_type_of(history),
            // 22.3. The state is that of the navigation, or undefined.
            state: params.navigation_state.clone(),
            source_element: params.source_element.clone(),
            // 22.2. The entry list is that of a form that is posted.
            form_data: params.form_data.clone(),
            user_initiated: params.user_involvement != UserInvolvement::None,
            ..Firing::default()
        };
        self.fire_a_navigate_event(active, &params.url, firing)
    }

    /// [Navigate to a fragment](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid).
    fn fire_and_navigate_to_a_fragment(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        params: NavigateParams,
        history: HistoryHandling,
    ) -> Steps {
        // 1. The navigation API is that of the active window.
        // 2. The entry gets the state of the current one,
        let navigable = self.document(document).map(Document::navigable);
        let current = navigable.and_then(|navigable| self.active_entry(navigable));
        let own = current.and_then(|entry| entry.navigation_state().cloned());
        // 3. unless one is given.
        let state = params.navigation_state.or(own);
        // 4. Fire navigate.
        let firing = Firing {
            navigation_type: navigation_type_of(history),
            same_document: true,
            state: state.clone(),
            source_element: params.source_element,
            form_data: params.form_data,
            user_initiated: params.user_involvement != UserInvolvement::None,
            ..Firing::default()
        };
        match self.fire_a_navigate_event(document, &params.url, firing) {
            Some(fire) => {
                let after = AfterNavigateEvent::Fragment {
                    document,
                    url: params.url,
                    history,
                    state,
                };
                Steps::sequence(vec![
                    Action::effect(fire),
                    NavigationAction::AfterNavigateEvent(after).into(),
                ])
            }
            // 6. Go on at once if nobody listens.
            None => self.navigate_to_a_fragment(queues, document, params.url, history, state),
        }
    }

    /// Continues after a `navigate` event, unless the event was canceled or intercepted.
    pub(super) fn after_a_navigate_event(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        after: AfterNavigateEvent,
        next: &mut Next<'_>,
    ) {
        let goes_on = self.goes_on_after_the_navigate_event();
        match after {
            AfterNavigateEvent::Begin(navigation) => {
                let (navigable, id) = (navigation.navigable, navigation.id);
                if !self.navigation.is_ongoing(navigable, id) {
                    return;
                }
                if goes_on {
                    next.push_steps(self.check_unloading_and_begin(*navigation));
                } else {
                    self.cancel_the_ongoing_navigation(navigable);
                    self.cease_to_delay_load_events(navigable, next);
                }
            }
            AfterNavigateEvent::Fragment {
                document,
                url,
                history,
                state,
            } if goes_on => {
                // Navigate to a fragment, 5. It goes on.
                // NOT YET: 5.1. An intercepted one becomes the ongoing navigation.
                let steps = self.navigate_to_a_fragment(queues, document, url, history, state);
                next.push_steps(steps);
            }
            AfterNavigateEvent::PushOrReplace {
                document,
                url,
                state,
                history,
            } if goes_on => {
                self.url_and_history_update_steps(document, url, Some(state), history);
                let changed = self.current_entry_changed(document, navigation_type_of(history));
                if let Some(changed) = changed {
                    next.push_effect(changed);
                }
            }
            AfterNavigateEvent::Download { url } if goes_on => {
                next.push_effect(Effect::Report(Diagnostic::Download { url }));
            }
            AfterNavigateEvent::Reload { navigable, state } if goes_on => {
                next.push(HistoryAction::Reload(navigable, state));
            }
            AfterNavigateEvent::Traverse { top, step } if goes_on => {
                next.push(HistoryAction::GoOn(top, step));
            }
            _ => {}
        }
    }

    /// Steps 13 and 14 of [navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate).
    fn history_handling(&self, active: ClientId, params: &NavigateParams) -> HistoryHandling {
        let Some(document) = self.document(active) else {
            return HistoryHandling::Replace;
        };
        let source = params.source.and_then(|source| self.document(source));
        match params.history {
            // 14. The navigation must be a replace in these cases.
            _ if document.is_initial_about_blank() || params.url.scheme() == "javascript" => {
                HistoryHandling::Replace
            }
            // 13.1. "auto" replaces if the same origin navigates to the same URL.
            HistoryHandling::Auto
                if params.url == *document.url()
                    && source
                        .is_none_or(|source| source.origin().same_origin(document.origin())) =>
            {
                HistoryHandling::Replace
            }
            // 13.2. Otherwise it pushes.
            HistoryHandling::Auto => HistoryHandling::Push,
            given => given,
        }
    }

    /// Steps 2 to 4, 6.3, 6.4 and 17 of [navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate):
    /// takes the data for the new document from the source document and the navigable.
    fn snapshot(
        &self,
        navigable: NavigableId,
        params: NavigateParams,
        history: HistoryHandling,
        insertion: Insertion,
    ) -> Navigation {
        // 2. Take the policies of the source document, and what its requests say of it.
        let source = params.source.and_then(|source| self.document(source));
        let policies =
            source.map_or_else(PolicyContainer::default, |source| source.policies().clone());
        let referrer_policy = params.referrer_policy.or(policies.referrer_policy);
        let referrer = source
            .and_then(|source| self.referrer_source(source))
            .map(|source| referrer_policy.referrer(source, &params.url));
        let srcdoc = source
            .filter(|_| matches_about_srcdoc(&params.url))
            .and_then(|source| self.srcdoc_of_container(navigable, source.origin()));
        Navigation {
            id: 0,
            navigable,
            resource: DocumentResource {
                srcdoc: params.srcdoc.or(srcdoc),
                post_resource: params.post_resource,
                // 3. and 6.3. The origin of the source document; otherwise a new opaque one.
                initiator_origin: source.map(|source| source.origin().clone()),
                // 4. and 6.4. Its base URL; otherwise about:blank.
                initiator_base_url: params.source.and_then(|source| self.base_url(source)),
                initiator_policies: policies,
                referrer: referrer.unwrap_or_default(),
                referrer_policy,
            },
            source: params.source,
            // 17. The sandboxing flags of the target.
            sandbox: self.creation_sandboxing_flags(navigable),
            history: HistoryChange::Navigation(history),
            insertion,
            navigation_state: params.navigation_state,
            url: params.url,
            response: params.response,
        }
    }

    /// The `srcdoc` attribute of a frame, if the frame's container has this origin.
    // IMPLEMENTATION-DEFINED: as in browsers, script of this origin can navigate the frame to about:srcdoc.
    fn srcdoc_of_container(&self, navigable: NavigableId, origin: &Origin) -> Option<String> {
        let container = self.container(navigable)?;
        let document = self.document(self.connected_document(container)?)?;
        let srcdoc = dom::attribute(container, "srcdoc")?;
        document.origin().same_origin(origin).then_some(srcdoc)
    }

    /// [Set the ongoing navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#set-the-ongoing-navigation)
    /// of a navigable. `None` during a traversal, which no other navigation cancels.
    pub(crate) fn set_the_ongoing_navigation(
        &mut self,
        mut navigation: Navigation,
    ) -> Option<Navigation> {
        // 1. The navigation is a new one, so it is not ongoing yet.
        let navigable = navigation.navigable;
        self.navigable(navigable)?;
        let is_traversal = matches!(navigation.history, HistoryChange::Traverse(_));
        if !is_traversal && self.navigation.is_traversing(navigable) {
            return None;
        }
        // 2. The caller informs the navigation API about what is aborted.
        self.cancel_the_ongoing_navigation(navigable);
        self.forget_planned_navigations(navigable);
        self.delay_load_events(navigable);
        // 3. Set the ongoing navigation.
        let held = self.navigation.by_navigable.entry(navigable).or_default();
        held.last += 1;
        navigation.id = held.last;
        held.ongoing = Some(OngoingNavigation {
            id: navigation.id,
            request: None,
            is_traversal,
            local: None,
        });
        Some(navigation)
    }

    /// Begins the navigation of a history entry, unless a traversal is in progress.
    pub(crate) fn begin_a_navigation_unless_traversing(
        &mut self,
        navigation: Navigation,
        next: &mut Next<'_>,
    ) {
        if let Some(navigation) = self.set_the_ongoing_navigation(navigation) {
            next.push(NavigationAction::Begin(Box::new(navigation)));
        }
    }

    /// A navigation cancels the `javascript:` URLs and the form submissions that wait for their tasks.
    // IMPLEMENTATION-DEFINED: in the standard these run as well. Browsers perform only the later navigation.
    fn forget_planned_navigations(&mut self, navigable: NavigableId) {
        self.forms.forget_planned_navigations_to(navigable);
        self.navigation.forget_javascript_urls_to(navigable);
    }
}

fn report(diagnostic: Diagnostic) -> Steps {
    Steps::one(Action::effect(Effect::Report(diagnostic)))
}
