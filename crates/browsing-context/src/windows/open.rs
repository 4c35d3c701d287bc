//! Opening windows
//! ([HTML, `window.open()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-open-dev)).

use framepost_event_loop::{ClientId, TaskQueues};

use crate::Contexts;
use crate::ids::NavigableId;
use crate::lifecycle::Created;
use crate::navigables::{Chosen, Navigable, Opener, WindowType};
use crate::origin::SandboxFlags;
use crate::steps::{Action, ContextTask, Diagnostic, Effect, Steps};

/// The condition for script to open a new top-level navigable.
///
/// A sandbox without `allow-popups` forbids it under every policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PopupPolicy {
    /// Always.
    #[default]
    Allow,
    /// While the opener's window has
    /// [transient activation](https://html.spec.whatwg.org/multipage/interaction.html#transient-activation).
    RequireUserActivation,
    /// Never.
    Block,
}

impl Contexts {
    /// Sets the policy for opening new top-level navigables.
    pub fn set_popup_policy(&mut self, policy: PopupPolicy) {
        self.popup_policy = policy;
    }

    /// [Create a new top-level traversable](https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-top-level-traversable)
    /// without an opener, which shows `about:blank`.
    pub fn create_top_level_traversable(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> (NavigableId, Steps) {
        let created = self.create_a_navigable(queues, None, None, SandboxFlags::empty());
        (created.navigable, steps_of(created))
    }

    /// [Create a new auxiliary browsing context](https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-auxiliary-browsing-context):
    /// a top-level navigable of this target name, opened by the document `opener`. Returns `None`
    /// when the document is gone, or a sandbox, the [`PopupPolicy`] or a limit forbids it.
    pub fn create_auxiliary(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        opener: ClientId,
        name: &str,
    ) -> Option<(NavigableId, Steps)> {
        let current = self.document(opener)?.navigable();
        let (chosen, steps) =
            self.request_a_new_top_level_traversable(queues, name, current, Opener::Kept);
        Some((chosen?.navigable, steps))
    }

    /// The [rules for choosing a navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable),
    /// which may create a new one. Perform its steps before anything else happens to it.
    pub(crate) fn rules_for_choosing_a_navigable(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        name: &str,
        current: NavigableId,
        opener: Opener,
    ) -> (Option<Chosen>, Steps) {
        // 1. to 3. Without a name, no navigable is chosen; the window type is "existing or none".
        let existing = if name.is_empty() || name.eq_ignore_ascii_case("_self") {
            // 4. The current one.
            Some(current)
        } else if name.eq_ignore_ascii_case("_parent") {
            // 5. Its parent, if it has one.
            Some(self.parent(current).unwrap_or(current))
        } else if name.eq_ignore_ascii_case("_top") {
            // 6. Its top-level traversable.
            self.top(current)
        } else if name.eq_ignore_ascii_case("_blank") {
            None
        } else {
            // 7. The one that has this name.
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
            // 8. Otherwise a new top-level traversable is requested.
            None => self.request_a_new_top_level_traversable(queues, name, current, opener),
        }
    }

    /// Step 8 of the [rules for choosing a navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable):
    /// creates a new top-level traversable. The first two cases of its list have no numbers.
    fn request_a_new_top_level_traversable(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        name: &str,
        current: NavigableId,
        opener: Opener,
    ) -> (Option<Chosen>, Steps) {
        let report = |diagnostic| {
            let effect = Effect::Report(diagnostic);
            (None, Steps::one(Action::effect(effect)))
        };
        let active = self.active_document(current);
        let Some(document) = active.and_then(|active| self.document(active)) else {
            return (None, Steps::none());
        };
        let (document, window, sandbox) = (document.id(), document.window(), document.sandbox());
        let top = self.top(current).and_then(|top| self.navigable(top));
        let group = top.map(Navigable::group);
        // If the window has no transient activation, a popup blocker may forbid it.
        let allowed = match self.popup_policy {
            PopupPolicy::Allow => true,
            PopupPolicy::RequireUserActivation => {
                self.has_transient_activation(window, queues.now())
            }
            PopupPolicy::Block => false,
        };
        if !allowed {
            let name = name.to_owned();
            return report(Diagnostic::PopupBlocked { name });
        }
        // If the sandbox forbids auxiliary navigation, no navigable is chosen.
        if sandbox.contains(SandboxFlags::AUXILIARY_NAVIGATION) {
            let name = name.to_owned();
            return report(Diagnostic::PopupSandboxed { name });
        }
        // IMPLEMENTATION-DEFINED: the number of navigables is limited.
        if self.navigables.len() >= self.limits.frames {
            let limit = self.limits.frames;
            return report(Diagnostic::FrameCount { limit });
        }
        // 8.1. Consume the user activation.
        self.consume_user_activation(window);
        // 8.2. and 8.3. The window type is determined below, and the current document is known.
        // 8.4. The caller has applied the opener policy.
        // 8.9. A sandbox that propagates is the popup sandboxing flag set. It is needed at the creation.
        let popup_sandbox = if sandbox.contains(SandboxFlags::PROPAGATES_TO_AUXILIARY) {
            sandbox
        } else {
            SandboxFlags::empty()
        };
        // 8.5. to 8.8.1. Create it, with or without an opener, and with the name unless that is "_blank".
        let opener_document = (opener == Opener::Kept).then_some(document);
        let created = self.create_a_navigable(queues, None, opener_document, popup_sandbox);
        if let Some(made) = self.navigable_mut(created.navigable) {
            // 8.10. It is created by web content, so that script may close it.
            made.set_opened_by_a_page();
            if !name.eq_ignore_ascii_case("_blank") {
                made.replace_name(name.to_owned());
            }
            if let Some(group) = group.filter(|_| opener == Opener::Kept) {
                made.join_group(group);
            }
            // 8.8.2. If the sandbox forbids navigation, this one is the permitted sandboxed navigator.
            if sandbox.contains(SandboxFlags::NAVIGATION) {
                made.permit_sandboxed_navigator(current);
            }
        }
        // 9. Return it.
        let chosen = Chosen {
            navigable: created.navigable,
            window_type: match opener {
                Opener::None => WindowType::NewWithNoOpener,
                Opener::Kept => WindowType::NewAndUnrestricted,
            },
        };
        let top = self.top(current).filter(|_| opener == Opener::Kept);
        let opened = top.map(|opener| {
            let navigable = created.navigable;
            Action::effect(Effect::TraversableOpened { navigable, opener })
        });
        let mut steps = opened.map_or_else(Steps::none, Steps::one);
        steps = steps.then(steps_of(created));
        (Some(chosen), steps)
    }
}

/// The steps to perform before anything else happens to a new navigable.
fn steps_of(created: Created) -> Steps {
    Steps::sequence(vec![
        Action::effect(created.create_realm),
        Action::effect(created.set_active),
    ])
}
