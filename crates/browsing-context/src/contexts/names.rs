//! Names of navigables, and who finds whom by them
//! ([HTML, navigable target names](https://html.spec.whatwg.org/multipage/document-sequences.html#navigable-target-names)).

use core::time::Duration;

use framepost_event_loop::{ClientId, TaskQueues};

use super::Contexts;
use crate::navigable::NavigableId;
use crate::session_history::{HistoryChange, HistoryEntry};
use crate::{ContextTask, DomError, SandboxFlags, Steps};

/// A navigable that was chosen by a name, and whether it was made for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) navigable: NavigableId,
    pub(crate) window_type: WindowType,
}

/// What the [rules for choosing a navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable)
/// say of their choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WindowType {
    Existing,
    NewAndUnrestricted,
    NewWithNoOpener,
}

impl Contexts {
    /// The setter of [`window.name`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-name):
    /// the [target name](https://html.spec.whatwg.org/multipage/document-sequences.html#nav-target).
    pub fn set_target_name(&mut self, navigable: NavigableId, name: &str) {
        if let Some(held) = self.navigables.get_mut(navigable) {
            name.clone_into(&mut held.name);
        }
    }

    /// The name of a navigable that is about to show another document. A page of another origin
    /// does not get to know the name that the last one had, unless its opener is there
    /// ([finalize a cross-document navigation](https://html.spec.whatwg.org/multipage/browsing-the-web.html#finalize-a-cross-document-navigation));
    /// a page that is come back to gets the one it had.
    pub(crate) fn hand_on_the_name(
        &mut self,
        navigable: NavigableId,
        new: ClientId,
        change: HistoryChange,
    ) {
        let Some(held) = self.navigable(navigable) else {
            return;
        };
        let (old, name) = (held.document, held.name.clone());
        let is_alone = held.parent.is_none() && held.opener.is_none();
        let state_of = |entry: &HistoryEntry| entry.document_state;
        let left = held.history.current().map(state_of);
        let old = old.and_then(|old| self.document(old));
        // SPEC-ISSUE: by the letter of the standard a window that was opened without an opener loses
        // its name with its first page; no browser does that, and the shared tests do not want it.
        let same_origin = match (old, self.document(new)) {
            (Some(old), Some(new)) => {
                old.is_initial_about_blank || old.origin.same_origin(&new.origin)
            }
            _ => true,
        };
        let name = match change {
            HistoryChange::Navigation(_) if is_alone && !same_origin => String::new(),
            HistoryChange::Traverse(id) => {
                let mut entries = held.history.entries.iter();
                let entry = entries.find(|entry| entry.id == id).map(state_of);
                let state = entry.and_then(|state| self.document_states.get(state));
                state
                    .and_then(|state| state.target_name.clone())
                    .unwrap_or_else(|| name.clone())
            }
            _ => name.clone(),
        };
        let Some(held) = self.navigables.get_mut(navigable) else {
            return;
        };
        let before = std::mem::replace(&mut held.name, name);
        if let Some(left) = left.and_then(|left| self.document_states.get_mut(left)) {
            left.target_name = Some(before);
        }
    }

    /// The [rules for choosing a navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable),
    /// which may make a new one. The steps are due before anything else is done with it.
    pub(crate) fn rules_for_choosing_a_navigable(
        &mut self,
        name: &str,
        current: NavigableId,
        noopener: bool,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> (Option<Chosen>, Steps) {
        let existing = if name.is_empty() || name.eq_ignore_ascii_case("_self") {
            Some(current)
        } else if name.eq_ignore_ascii_case("_parent") {
            Some(self.parent(current).unwrap_or(current))
        } else if name.eq_ignore_ascii_case("_top") {
            self.top(current)
        } else if name.eq_ignore_ascii_case("_blank") {
            None
        } else {
            self.find_a_navigable_by_target_name(name, current, queues.now())
        };
        match existing {
            Some(navigable) => {
                let window_type = WindowType::Existing;
                let chosen = Chosen {
                    navigable,
                    window_type,
                };
                (Some(chosen), Steps::none())
            }
            None => self.request_a_new_top_level_traversable(name, current, noopener, queues),
        }
    }

    /// [Find a navigable by target name](https://html.spec.whatwg.org/multipage/document-sequences.html#find-a-navigable-by-target-name)
    /// at the time `now` of the loop's clock.
    // IMPLEMENTATION-DEFINED: the subtrees of the current navigable, then of each of its ancestors;
    // of other top-level navigables, the oldest first. What a sandbox forbids to navigate is not
    // found, as in browsers.
    #[must_use]
    pub fn find_a_navigable_by_target_name(
        &self,
        name: &str,
        current: NavigableId,
        now: Duration,
    ) -> Option<NavigableId> {
        let document = self.document(self.active_document(current)?)?;
        let activated = self.has_transient_activation(document.window, now);
        let may_be_navigated = |target: &NavigableId| {
            self.allowed_by_sandboxing_to_navigate(current, *target, document.sandbox, activated)
        };
        for subtree in self.inclusive_ancestor_navigables(current) {
            let found = self.named_below(subtree, name).find(may_be_navigated);
            if found.is_some() {
                return found;
            }
        }
        let own_top = self.top(current)?;
        let group = self.navigable(own_top)?.group;
        let mut tops = self.top_level_navigables();
        tops.retain(|top| {
            *top != own_top && self.navigable(*top).is_some_and(|held| held.group == group)
        });
        let mut others = tops.into_iter().flat_map(|top| self.named_below(top, name));
        others.find(|other| self.is_familiar_with(current, *other) && may_be_navigated(other))
    }

    /// The navigables of a name among one and those below it. A name is no more found when its
    /// top-level navigable is closing.
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
            Some(&self.document(document)?.origin)
        };
        let Some(ours) = origin_of(a) else {
            return false;
        };
        let top = self.top(a);
        // Openers may open each other, so that the way back through them has no end.
        let mut seen = Vec::new();
        let mut next = Some(b);
        while let Some(b) = next.filter(|b| !seen.contains(b)) {
            seen.push(b);
            let above = self.inclusive_ancestor_navigables(b);
            let mut origins = above.filter_map(origin_of);
            if top == Some(b) || origins.any(|theirs| ours.same_origin(theirs)) {
                return true;
            }
            let is_top_level = self.parent(b).is_none();
            next = self.navigable(b).and_then(|held| held.opener);
            next = next.filter(|_| is_top_level);
        }
        false
    }

    /// What [navigating](https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate)
    /// begins with when exceptions are enabled: whether the sandbox of the document `source` lets
    /// it navigate `target`.
    ///
    /// # Errors
    /// `SecurityError` when it does not.
    pub fn allowed_to_navigate(
        &self,
        queues: &mut dyn TaskQueues<ContextTask>,
        source: ClientId,
        target: NavigableId,
    ) -> Result<(), DomError> {
        let Some(held) = self.document(source) else {
            return Ok(());
        };
        // OPTIMIZATION: what is not sandboxed may do this without looking at the clock.
        if held.sandbox.is_empty() {
            return Ok(());
        }
        let activated = self.navigable_has_transient_activation(held.navigable, queues.now());
        let (source, sandbox) = (held.navigable, held.sandbox);
        if self.allowed_by_sandboxing_to_navigate(source, target, sandbox, activated) {
            return Ok(());
        }
        Err(DomError::Security {
            reason: format!(
                "{} may not navigate another window from within its sandbox",
                held.url
            ),
        })
    }

    /// [Allowed by sandboxing to navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#allowed-to-navigate).
    pub(crate) fn allowed_by_sandboxing_to_navigate(
        &self,
        source: NavigableId,
        target: NavigableId,
        sandbox: SandboxFlags,
        has_transient_activation: bool,
    ) -> bool {
        let mut above_target = self.inclusive_ancestor_navigables(target);
        if above_target.any(|navigable| navigable == source) {
            return true;
        }
        let Some(held) = self.navigable(target) else {
            return true;
        };
        let mut above_source = self.inclusive_ancestor_navigables(source);
        let is_ancestor = above_source.any(|navigable| navigable == target);
        if held.parent.is_none() && is_ancestor {
            let flag = if has_transient_activation {
                SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION
            } else {
                SandboxFlags::TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION
            };
            return !sandbox.contains(flag);
        }
        if held.parent.is_none() && held.one_permitted_sandboxed_navigator == Some(source) {
            return true;
        }
        // SPEC-ISSUE: the standard lets every ancestor be navigated that is not a top-level one;
        // browsers do not, nor does it agree with what the flag is said to forbid.
        !sandbox.contains(SandboxFlags::NAVIGATION)
    }
}
