//! Hyperlinks and targets ([HTML, following hyperlinks](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks)).

use framepost_event_loop::{ClientId, TaskQueues};
use url::Url;

use crate::Contexts;
use crate::documents::Document;
use crate::dom::{self, Node};
use crate::fetch::ReferrerPolicy;
use crate::navigables::Opener;
use crate::origin::Origin;
use crate::session_history::navigation_api::Firing;
use crate::steps::{
    Action, AfterNavigateEvent, ContextTask, Diagnostic, Effect, NavigateParams, NavigationAction,
    Steps, UserInvolvement,
};

impl Contexts {
    /// [Cannot navigate](https://html.spec.whatwg.org/multipage/links.html#cannot-navigate).
    #[must_use]
    pub fn cannot_navigate(&self, element: &Node) -> bool {
        let document = self.document_of(element);
        // An element of an inactive document cannot.
        if !document.is_some_and(|document| self.is_fully_active(document)) {
            return true;
        }
        // An element that is not connected cannot, unless it is an `a` element.
        !dom::is_html_element(element, "a") && self.connected_document(element).is_none()
    }

    /// [Get an element's target](https://html.spec.whatwg.org/multipage/semantics.html#get-an-element's-target):
    /// the given target, the element's own, or that of the first `base` element that has one.
    #[must_use]
    pub fn get_an_elements_target(&self, element: &Node, given: Option<String>) -> String {
        // 1. Take the first of these that exists.
        let target = given
            .or_else(|| dom::attribute(element, "target"))
            .or_else(|| {
                let document = self.document(self.document_of(element)?)?;
                document.may_have_base().then_some(())?;
                dom::descendants(document.node())
                    .filter(|node| dom::is_html_element(node, "base"))
                    .find_map(|node| dom::attribute(&node, "target"))
            });
        match target {
            // 2. Dangling markup must not become a name.
            Some(target) if target.contains(['\t', '\n', '\r']) && target.contains('<') => {
                "_blank".to_owned()
            }
            // 3. Return it.
            target => target.unwrap_or_default(),
        }
    }

    /// [Get an element's noopener](https://html.spec.whatwg.org/multipage/semantics.html#get-an-element's-noopener).
    #[must_use]
    pub fn get_an_elements_noopener(&self, element: &Node, target: &str) -> bool {
        has_link_type(element, "noopener")
            || has_link_type(element, "noreferrer")
            || (target.eq_ignore_ascii_case("_blank") && !has_link_type(element, "opener"))
    }

    /// [Get an element's noopener](https://html.spec.whatwg.org/multipage/semantics.html#get-an-element's-noopener)
    /// for the rules for choosing a navigable.
    pub(crate) fn opener_for(&self, element: &Node, target: &str) -> Opener {
        if self.get_an_elements_noopener(element, target) {
            Opener::None
        } else {
            Opener::Kept
        }
    }

    fn may_download(&self, document: ClientId, url: &Url) -> bool {
        let origin = Origin::of_url(url);
        let own = self.document(document).map(Document::origin);
        matches!(url.scheme(), "data" | "blob")
            || matches!((origin, own), (Some(origin), Some(own)) if origin.same_origin(own))
    }

    /// [Download the hyperlink](https://html.spec.whatwg.org/multipage/links.html#downloading-hyperlinks):
    /// it is reported to the embedder.
    fn download_the_hyperlink(
        &mut self,
        subject: &Node,
        document: ClientId,
        url: Url,
        name: String,
        user_involvement: UserInvolvement,
    ) -> Steps {
        // 6. Fire navigate.
        let firing = Firing {
            source_element: Some(subject.clone()),
            download: Some(name),
            user_initiated: user_involvement != UserInvolvement::None,
            ..Firing::default()
        };
        let fire = self.fire_a_navigate_event(document, &url, firing);
        // 7. Download it.
        let mut actions: Vec<Action> = fire.map(Action::effect).into_iter().collect();
        let url = url.into();
        actions.push(match actions.is_empty() {
            true => Action::effect(Effect::Report(Diagnostic::Download { url })),
            false => {
                NavigationAction::AfterNavigateEvent(AfterNavigateEvent::Download { url }).into()
            }
        });
        Steps::sequence(actions)
    }

    /// [Follow the hyperlink](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2)
    /// of an `a` or `area` element.
    pub fn follow_the_hyperlink(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        subject: &Node,
        user_involvement: UserInvolvement,
    ) -> Steps {
        // 1. Some elements cannot navigate.
        if self.cannot_navigate(subject) {
            return Steps::none();
        }
        let Some(document) = self.document_of(subject) else {
            return Steps::none();
        };
        // Parse the URL.
        let href = dom::attribute(subject, "href");
        let url = href.and_then(|href| self.parse_url(document, &href).ok());
        let navigable = self.document(document).map(Document::navigable);
        let (Some(url), Some(navigable)) = (url, navigable) else {
            return Steps::none();
        };
        // With the attribute `download` the resource is downloaded.
        // IMPLEMENTATION-DEFINED: as in browsers, a resource of another origin is navigated to.
        if let Some(name) = dom::attribute(subject, "download")
            && self.may_download(document, &url)
        {
            return self.download_the_hyperlink(subject, document, url, name, user_involvement);
        }
        // Get the target and the noopener, and choose a navigable.
        let target = self.get_an_elements_target(subject, None);
        let opener = self.opener_for(subject, &target);
        let (chosen, made) =
            self.rules_for_choosing_a_navigable(queues, &target, navigable, opener);
        let Some(chosen) = chosen else {
            return made;
        };
        // Navigate it.
        let params = NavigateParams {
            referrer_policy: referrer_policy_of(subject),
            source_element: Some(subject.clone()),
            user_involvement,
            ..NavigateParams::new(url).by(document)
        };
        made.then(self.navigate(queues, chosen.navigable, params))
    }
}

/// The referrer policy of an element for its navigations: from the link type `noreferrer`, or from its
/// [`referrerpolicy` attribute](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#referrer-policy-attribute).
pub(crate) fn referrer_policy_of(element: &Node) -> ReferrerPolicy {
    if has_link_type(element, "noreferrer") {
        return ReferrerPolicy::NoReferrer;
    }
    let name = dom::attribute(element, "referrerpolicy");
    name.and_then(|name| ReferrerPolicy::of_name(&name))
        .unwrap_or_default()
}

/// Whether the `rel` of an element has this
/// [link type](https://html.spec.whatwg.org/multipage/links.html#linkTypes).
pub(crate) fn has_link_type(element: &Node, link_type: &str) -> bool {
    dom::attribute(element, "rel").is_some_and(|rel| {
        rel.split_ascii_whitespace()
            .any(|given| given.eq_ignore_ascii_case(link_type))
    })
}
