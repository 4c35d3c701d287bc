//! What script may change of a navigable without navigating it.

use framepost_event_loop::TaskQueues;

use super::Contexts;
use crate::navigable::{HistoryHandling, NavigableId};
use crate::{ContextTask, NavigateParams, Steps};

impl Contexts {
    /// The setter of [`window.name`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-name):
    /// the [target name](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-target).
    pub fn set_target_name(&mut self, navigable: NavigableId, name: &str) {
        if let Some(held) = self.navigables.get_mut(navigable) {
            name.clone_into(&mut held.name);
        }
    }

    /// [Disowns the opener](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-opener).
    pub fn disown_opener(&mut self, navigable: NavigableId) {
        if let Some(held) = self.navigables.get_mut(navigable) {
            held.opener = None;
        }
    }

    /// [The rules for choosing a navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable),
    /// as far as they choose one that is there already.
    #[must_use]
    pub fn choose_a_navigable(&self, current: NavigableId, name: &str) -> Option<NavigableId> {
        if name.is_empty() || name.eq_ignore_ascii_case("_self") {
            return Some(current);
        }
        if name.eq_ignore_ascii_case("_parent") {
            return Some(self.parent(current).unwrap_or(current));
        }
        let top = self.top(current)?;
        if name.eq_ignore_ascii_case("_top") {
            return Some(top);
        }
        if name.eq_ignore_ascii_case("_blank") {
            return None;
        }
        // The current one and what is below it come first.
        let mut candidates = self.inclusive_descendant_navigables(current);
        candidates.extend(self.inclusive_descendant_navigables(top));
        candidates.into_iter().find(|candidate| {
            self.navigable(*candidate)
                .is_some_and(|candidate| candidate.name == name)
        })
    }

    /// [Reload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#reload): the document's
    /// URL is loaded again in its place.
    pub fn reload(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
    ) -> Steps {
        let document = self.active_document(navigable);
        let Some(document) = document.and_then(|document| self.document(document)) else {
            return Steps::none();
        };
        let (id, url) = (document.id, document.url.clone());
        let params = NavigateParams::new(url)
            .by(id)
            .with_history(HistoryHandling::Replace);
        self.navigate(queues, navigable, params)
    }
}
