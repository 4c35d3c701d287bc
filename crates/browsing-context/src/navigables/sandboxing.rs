//! The sandbox of a navigable's documents, and the navigables that a sandboxed document may navigate
//! ([HTML, sandboxing](https://html.spec.whatwg.org/multipage/browsers.html#sandboxing)).

use core::time::Duration;

use framepost_event_loop::{ClientId, TaskQueues};

use crate::Contexts;
use crate::documents::Document;
use crate::dom::{self, DomError, Node};
use crate::ids::NavigableId;
use crate::navigables::Navigable;
use crate::origin::{SandboxFlags, parse_a_sandboxing_directive};
use crate::steps::ContextTask;

/// An element's [iframe sandboxing flag set](https://html.spec.whatwg.org/multipage/browsers.html#iframe-sandboxing-flag-set).
pub(crate) fn iframe_sandboxing_flag_set(container: &Node) -> SandboxFlags {
    if !dom::is_html_element(container, "iframe") {
        return SandboxFlags::empty();
    }
    dom::attribute(container, "sandbox").map_or(SandboxFlags::empty(), |value| {
        parse_a_sandboxing_directive(&value)
    })
}

impl Contexts {
    /// [Determine the creation sandboxing flags](https://html.spec.whatwg.org/multipage/browsers.html#determining-the-creation-sandboxing-flags)
    /// of a document of this navigable.
    pub(crate) fn creation_sandboxing_flags(&self, navigable: NavigableId) -> SandboxFlags {
        let Some(held) = self.navigable(navigable) else {
            return SandboxFlags::empty();
        };
        let Some(container) = held.container() else {
            return held.popup_sandbox();
        };
        let inherited = self
            .connected_document(container)
            .and_then(|document| self.document(document))
            .map_or(SandboxFlags::empty(), Document::sandbox);
        inherited | iframe_sandboxing_flag_set(container)
    }

    /// The error of a document that may not navigate `target`.
    pub(crate) fn refusal_to_navigate(
        &self,
        source: Option<ClientId>,
        target: NavigableId,
    ) -> DomError {
        let held = source.and_then(|source| self.document(source));
        let url = held.map(|held| held.url().as_str()).unwrap_or_default();
        let why = match held.is_none_or(|held| self.is_known_to(held.navigable(), target)) {
            true => "another window from within its sandbox",
            false => "a frame in documents of other origins",
        };
        DomError::Security {
            reason: format!("{url} may not navigate {why}"),
        }
    }

    /// Whether a document may navigate `target`. Without a document it is the user who navigates.
    pub(crate) fn may_navigate(
        &self,
        queues: &mut dyn TaskQueues<ContextTask>,
        source: Option<ClientId>,
        target: NavigableId,
        user_activation: bool,
    ) -> bool {
        let held = source.and_then(|source| self.document(source));
        held.is_none_or(|held| self.is_known_to(held.navigable(), target))
            && self.may_navigate_by_its_sandbox(queues, source, target, user_activation)
    }

    /// Whether a navigable may navigate another one, apart from sandboxes.
    // SPEC-ISSUE: the standard asks only the sandbox. In browsers a navigable must be familiar with a
    // frame that it navigates, or be opened by it. A window that was just opened knows nobody yet.
    fn is_known_to(&self, source: NavigableId, target: NavigableId) -> bool {
        let opener = self.navigable(source).and_then(Navigable::opener);
        let is_new_window = || {
            let shown = self.active_document(target);
            let shown = shown.and_then(|shown| self.document(shown));
            self.parent(target).is_none() && shown.is_some_and(Document::is_initial_about_blank)
        };
        source == target
            || opener == Some(target)
            || self.is_familiar_with(source, target)
            || is_new_window()
    }

    /// Whether the sandbox of a document lets it navigate `target`. Without a document it is the
    /// user who navigates.
    pub(crate) fn may_navigate_by_its_sandbox(
        &self,
        queues: &mut dyn TaskQueues<ContextTask>,
        source: Option<ClientId>,
        target: NavigableId,
        user_activation: bool,
    ) -> bool {
        let Some(source) = source.and_then(|source| self.document(source)) else {
            return true;
        };
        // OPTIMIZATION: without a sandbox the clock is not read.
        if source.sandbox().is_empty() {
            return true;
        }
        let navigable = source.navigable();
        let activated =
            user_activation || self.navigable_has_transient_activation(navigable, queues.now());
        self.allowed_by_sandboxing_to_navigate(navigable, target, source.sandbox(), activated)
    }

    /// [Allowed by sandboxing to navigate](https://html.spec.whatwg.org/multipage/browsing-the-web.html#allowed-to-navigate).
    pub(crate) fn allowed_by_sandboxing_to_navigate(
        &self,
        source: NavigableId,
        target: NavigableId,
        sandbox: SandboxFlags,
        has_transient_activation: bool,
    ) -> bool {
        // 1. and 2. A navigable may navigate itself and its descendants.
        let mut above_target = self.inclusive_ancestor_navigables(target);
        if above_target.any(|navigable| navigable == source) {
            return true;
        }
        let Some(held) = self.navigable(target) else {
            return true;
        };
        // 3. Another flag applies to its own top-level traversable.
        let mut above_source = self.inclusive_ancestor_navigables(source);
        let is_ancestor = above_source.any(|navigable| navigable == target);
        if held.parent().is_none() && is_ancestor {
            let flag = if has_transient_activation {
                SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION
            } else {
                SandboxFlags::TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION
            };
            return !sandbox.contains(flag);
        }
        // 4. It may navigate a top-level traversable that it has opened.
        if held.parent().is_none() && held.one_permitted_sandboxed_navigator == Some(source) {
            return true;
        }
        // SPEC-ISSUE: the standard allows navigating every ancestor except a top-level one. Browsers do not, and the
        // description of the flag forbids it, too.
        // 5. and 6. The sandboxed navigation flag applies to all others.
        !sandbox.contains(SandboxFlags::NAVIGATION)
    }

    /// Whether the active window of a navigable has transient activation.
    pub(crate) fn navigable_has_transient_activation(
        &self,
        navigable: NavigableId,
        now: Duration,
    ) -> bool {
        self.active_window(navigable)
            .and_then(|window| self.window(window))
            .is_some_and(|window| window.has_transient_activation(now))
    }
}
