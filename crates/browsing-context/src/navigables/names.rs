//! Target names, and finding navigables by them
//! ([HTML, navigable target names](https://html.spec.whatwg.org/multipage/document-sequences.html#navigable-target-names)).

use core::time::Duration;

use crate::Contexts;
use crate::ids::NavigableId;

impl Contexts {
    /// The setter of [`window.name`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-name):
    /// sets the [target name](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-target).
    pub fn set_target_name(&mut self, navigable: NavigableId, name: &str) {
        if let Some(held) = self.navigable_mut(navigable) {
            name.clone_into(&mut held.name);
        }
    }

    /// [Find a navigable by target name](https://html.spec.whatwg.org/multipage/document-sequences.html#find-a-navigable-by-target-name)
    /// at the time `now` of the loop's clock.
    // IMPLEMENTATION-DEFINED: the subtree of the current navigable is searched first, then that of
    // each of its ancestors, then the other top-level navigables, the oldest first. As in browsers, a navigable is
    // not found if the sandbox forbids navigating it.
    #[must_use]
    pub fn find_a_navigable_by_target_name(
        &self,
        name: &str,
        current: NavigableId,
        now: Duration,
    ) -> Option<NavigableId> {
        // 1. and 2. Take the inputs of the sandbox check from the current document.
        let document = self.document(self.active_document(current)?)?;
        let activated = self
            .window(document.window())
            .is_some_and(|window| window.has_transient_activation(now));
        let may_be_navigated = |target: &NavigableId| {
            self.allowed_by_sandboxing_to_navigate(current, *target, document.sandbox(), activated)
        };
        // 3. and 4. Search the subtrees of the current navigable and of its ancestors.
        for subtree in self.inclusive_ancestor_navigables(current) {
            let found = self.named_below(subtree, name).find(may_be_navigated);
            if found.is_some() {
                return found;
            }
        }
        // 5. to 7. Search the other trees of the browsing context group.
        let own_top = self.top(current)?;
        let group = self.navigable(own_top)?.group;
        let mut tops = self.top_level_navigables();
        tops.retain(|top| {
            *top != own_top && self.navigable(*top).is_some_and(|held| held.group == group)
        });
        let mut others = tops.into_iter().flat_map(|top| self.named_below(top, name));
        others.find(|other| self.is_familiar_with(current, *other) && may_be_navigated(other))
    }

    /// The navigables of this name among a navigable and its descendants. A closing navigable has no name.
    fn named_below(
        &self,
        navigable: NavigableId,
        name: &str,
    ) -> impl Iterator<Item = NavigableId> + '_ {
        let name = name.to_owned();
        let all = self.inclusive_descendant_navigables(navigable);
        all.into_iter().filter(move |candidate| {
            self.navigable(*candidate)
                .is_some_and(|held| held.name == name && !held.is_closing)
        })
    }

    /// [Familiar with](https://html.spec.whatwg.org/multipage/document-sequences.html#familiar-with).
    #[must_use]
    pub fn is_familiar_with(&self, a: NavigableId, b: NavigableId) -> bool {
        let origin_of = |navigable: NavigableId| {
            let document = self.active_document(navigable)?;
            Some(self.document(document)?.origin())
        };
        let Some(ours) = origin_of(a) else {
            return false;
        };
        let top = self.top(a);
        // Navigables may be openers of each other, so the search records the navigables that it visited.
        let mut seen = Vec::new();
        let mut next = Some(b);
        while let Some(b) = next.filter(|b| !seen.contains(b)) {
            seen.push(b);
            // It is familiar with its own top-level navigable, and with all navigables of its origin and their
            // descendants.
            let above = self.inclusive_ancestor_navigables(b);
            let mut origins = above.filter_map(origin_of);
            if top == Some(b) || origins.any(|theirs| ours.same_origin(theirs)) {
                return true;
            }
            // It is familiar with an auxiliary navigable if it is familiar with that navigable's opener.
            let is_top_level = self.parent(b).is_none();
            next = self.navigable(b).and_then(|held| held.opener);
            next = next.filter(|_| is_top_level);
        }
        false
    }
}
