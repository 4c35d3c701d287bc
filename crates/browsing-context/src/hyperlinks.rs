//! Links and targets ([HTML, following hyperlinks](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks)).

use framepost_event_loop::TaskQueues;

use crate::dom::{self, Node};
use crate::{ContextTask, Contexts, NavigateParams, Steps};

impl Contexts {
    /// [Cannot navigate](https://html.spec.whatwg.org/multipage/links.html#cannot-navigate).
    #[must_use]
    pub fn cannot_navigate(&self, element: &Node) -> bool {
        let document = self.document_of(element);
        if !document.is_some_and(|document| self.is_fully_active(document)) {
            return true;
        }
        !dom::is_html_element(element, "a") && self.connected_document(element).is_none()
    }

    /// [Get an element's target](https://html.spec.whatwg.org/multipage/semantics.html#get-an-element's-target),
    /// which is what was given, or its own, or that of the document's `base`.
    #[must_use]
    pub fn get_an_elements_target(&self, element: &Node, given: Option<String>) -> String {
        let target = given
            .or_else(|| dom::attribute(element, "target"))
            .or_else(|| {
                let document = self.document(self.document_of(element)?)?;
                document.may_have_base.then_some(())?;
                dom::descendants(&document.node)
                    .filter(|node| dom::is_html_element(node, "base"))
                    .find_map(|node| dom::attribute(&node, "target"))
            });
        match target {
            // What looks like markup that was left open must not name a window.
            Some(target) if target.contains(['\t', '\n', '\r']) && target.contains('<') => {
                "_blank".to_owned()
            }
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

    /// [Follow the hyperlink](https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2)
    /// that an `a` or `area` element makes. `download` is as if it were not there.
    pub fn follow_the_hyperlink(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        subject: &Node,
    ) -> Steps {
        if self.cannot_navigate(subject) {
            return Steps::none();
        }
        let Some(document) = self.document_of(subject) else {
            return Steps::none();
        };
        let href = dom::attribute(subject, "href");
        let url = href.and_then(|href| self.parse_url(document, &href).ok());
        let navigable = self.document(document).map(|held| held.navigable);
        let (Some(url), Some(navigable)) = (url, navigable) else {
            return Steps::none();
        };
        let target = self.get_an_elements_target(subject, None);
        let noopener = self.get_an_elements_noopener(subject, &target);
        let (chosen, made) =
            self.rules_for_choosing_a_navigable(&target, navigable, noopener, queues);
        let Some(chosen) = chosen else {
            return made;
        };
        let params = NavigateParams {
            no_referrer: has_link_type(subject, "noreferrer"),
            ..NavigateParams::new(url).by(document)
        };
        made.then(self.navigate(queues, chosen.navigable, params))
    }
}

/// Whether an element has this [link type](https://html.spec.whatwg.org/multipage/links.html#linkTypes)
/// in its `rel`.
pub(crate) fn has_link_type(element: &Node, link_type: &str) -> bool {
    dom::attribute(element, "rel").is_some_and(|rel| {
        rel.split_ascii_whitespace()
            .any(|given| given.eq_ignore_ascii_case(link_type))
    })
}
