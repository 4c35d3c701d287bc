//! Top-level navigables: how script opens and closes them, and what ties them to each other
//! ([HTML, window.open()](https://html.spec.whatwg.org/multipage/nav-history-apis.html#apis-for-creating-and-navigating-browsing-contexts-by-name),
//! [related navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#auxiliary-browsing-contexts)).

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use crate::contexts::{Chosen, WindowType};
use crate::navigable::NavigableId;
use crate::steps::{Action, Next};
use crate::url_helpers::{about_blank, matches_about};
use crate::window_features::WindowFeatures;
use crate::{
    ContextTask, Contexts, Diagnostic, DomError, Effect, NavigateParams, SandboxFlags, Steps,
};

/// When script may open a new top-level navigable.
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
    /// Says when script may open new top-level navigables from now on.
    pub fn set_popup_policy(&mut self, policy: PopupPolicy) {
        self.popup_policy = policy;
    }

    /// [Create a new top-level traversable](https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-top-level-traversable)
    /// that nobody has opened, showing `about:blank`.
    pub fn create_top_level_traversable(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> (NavigableId, Steps) {
        let created = self.create_a_navigable(None, None, SandboxFlags::empty(), queues);
        let steps = Steps::sequence(vec![
            Action::Effect(Box::new(created.create_realm)),
            Action::Effect(Box::new(created.set_active)),
        ]);
        (created.navigable, steps)
    }

    /// [Create a new auxiliary browsing context](https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-auxiliary-browsing-context):
    /// a top-level navigable that a document has opened, of that target name. Answers `None` when
    /// the document is gone or a sandbox, the [`PopupPolicy`] or a limit forbids it.
    pub fn create_auxiliary(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        opener: ClientId,
        name: &str,
    ) -> Option<(NavigableId, Steps)> {
        let current = self.document(opener)?.navigable;
        let (chosen, steps) =
            self.request_a_new_top_level_traversable(name, current, false, queues);
        Some((chosen?.navigable, steps))
    }

    /// The part of the [rules for choosing a navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#the-rules-for-choosing-a-navigable)
    /// that makes a new one.
    pub(crate) fn request_a_new_top_level_traversable(
        &mut self,
        name: &str,
        current: NavigableId,
        noopener: bool,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> (Option<Chosen>, Steps) {
        let report = |diagnostic| {
            let effect = Effect::Report(diagnostic);
            (None, Steps::one(Action::Effect(Box::new(effect))))
        };
        let active = self.active_document(current);
        let Some(document) = active.and_then(|active| self.document(active)) else {
            return (None, Steps::none());
        };
        let (document, window, sandbox) = (document.id, document.window, document.sandbox);
        let top = self.top(current).and_then(|top| self.navigable(top));
        let group = top.map(|top| top.group);
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
        if sandbox.contains(SandboxFlags::AUXILIARY_NAVIGATION) {
            let name = name.to_owned();
            return report(Diagnostic::PopupSandboxed { name });
        }
        if self.navigables.len() >= self.limits.frames {
            let limit = self.limits.frames;
            return report(Diagnostic::FrameCount { limit });
        }
        self.consume_user_activation(window);
        let popup_sandbox = if sandbox.contains(SandboxFlags::PROPAGATES_TO_AUXILIARY) {
            sandbox
        } else {
            SandboxFlags::empty()
        };
        let opener = (!noopener).then_some(document);
        let created = self.create_a_navigable(None, opener, popup_sandbox, queues);
        if let Some(made) = self.navigables.get_mut(created.navigable) {
            if !name.eq_ignore_ascii_case("_blank") {
                name.clone_into(&mut made.name);
            }
            if let Some(group) = group.filter(|_| !noopener) {
                made.group = group;
                made.is_auxiliary = true;
            }
            if sandbox.contains(SandboxFlags::NAVIGATION) {
                made.one_permitted_sandboxed_navigator = Some(current);
            }
        }
        let chosen = Chosen {
            navigable: created.navigable,
            window_type: if noopener {
                WindowType::NewWithNoOpener
            } else {
                WindowType::NewAndUnrestricted
            },
        };
        let steps = Steps::sequence(vec![
            Action::Effect(Box::new(created.create_realm)),
            Action::Effect(Box::new(created.set_active)),
        ]);
        (Some(chosen), steps)
    }

    /// The [window open steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps),
    /// called by the document `source`. Answers the navigable that the caller gets to see.
    ///
    /// # Errors
    /// `SyntaxError` when `url` cannot be parsed, `SecurityError` when a sandbox does not let the
    /// document navigate the window there is.
    pub fn window_open_steps(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        source: ClientId,
        url: &str,
        target: &str,
        features: &str,
    ) -> Result<(Option<NavigableId>, Steps), DomError> {
        let Some(current) = self.document(source).map(|held| held.navigable) else {
            return Ok((None, Steps::none()));
        };
        // The termination nesting level is not zero.
        if self.documents.values().any(|held| held.unload_counter > 0) {
            return Ok((None, Steps::none()));
        }
        let url = if url.is_empty() {
            None
        } else {
            Some(self.parse_url(source, url)?)
        };
        let features = WindowFeatures::tokenize(features);
        let no_referrer = features.is_set("noreferrer");
        let noopener = no_referrer || features.is_set("noopener");
        let target = if target.is_empty() { "_blank" } else { target };
        let (chosen, made) = self.rules_for_choosing_a_navigable(target, current, noopener, queues);
        let Some(chosen) = chosen else {
            return Ok((None, made));
        };
        let navigable = chosen.navigable;
        let mut steps = made;
        let params = |url| NavigateParams {
            no_referrer,
            ..NavigateParams::new(url).by(source)
        };
        // SPEC-ISSUE: the standard treats these names like all others; browsers let them be answered
        // and keep their opener whatever the features, and the shared tests want it.
        let is_keyword = ["_self", "_parent", "_top"]
            .iter()
            .any(|keyword| target.eq_ignore_ascii_case(keyword));
        if chosen.window_type == WindowType::Existing {
            if let Some(url) = url {
                self.allowed_to_navigate(queues, source, navigable)?;
                steps = steps.then(self.navigate(queues, navigable, params(url)));
            }
            if !noopener
                && !is_keyword
                && let Some(held) = self.navigables.get_mut(navigable)
            {
                held.opener = Some(current);
            }
        } else {
            if let Some(held) = self.navigables.get_mut(navigable) {
                held.is_popup = features.request_popup();
            }
            let url = url.unwrap_or_else(about_blank);
            if matches_about(&url, "blank") {
                // URL and history update steps, of which nothing else shows.
                let document = self.active_document(navigable);
                if let Some(held) = document.and_then(|id| self.documents.get_mut(&id)) {
                    held.url = url;
                }
            } else {
                steps = steps.then(self.navigate(queues, navigable, params(url)));
            }
        }
        let seen = is_keyword || !noopener;
        Ok((seen.then_some(navigable), steps))
    }

    /// [Disowns the opener](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-opener).
    pub fn disown_opener(&mut self, navigable: NavigableId) {
        if let Some(held) = self.navigables.get_mut(navigable) {
            held.opener = None;
        }
    }

    /// [`window.close()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-close),
    /// called by the document `source`. Says whether the window will close.
    pub fn window_close(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        source: ClientId,
        navigable: NavigableId,
    ) -> bool {
        let Some(source) = self.document(source) else {
            return false;
        };
        let (by, sandbox) = (source.navigable, source.sandbox);
        let Some(held) = self.navigable(navigable) else {
            return false;
        };
        if held.parent.is_some() || held.is_closing {
            return false;
        }
        let script_closable = held.is_auxiliary || held.history.entries.len() <= 1;
        if !script_closable || !self.is_familiar_with(by, navigable) {
            return false;
        }
        let activated = self.navigable_has_transient_activation(by, queues.now());
        if !self.allowed_by_sandboxing_to_navigate(by, navigable, sandbox, activated) {
            return false;
        }
        if let Some(held) = self.navigables.get_mut(navigable) {
            held.is_closing = true;
        }
        let task = ContextTask::DefinitelyClose(navigable);
        queues.queue(TaskSource::DomManipulation, None, task);
        true
    }

    /// [Definitely close](https://html.spec.whatwg.org/multipage/document-sequences.html#definitely-close-a-top-level-traversable)
    /// a top-level navigable: unload what it shows, then end it.
    pub(crate) fn definitely_close(&mut self, navigable: NavigableId, next: &mut Next<'_>) {
        let Some(document) = self.active_document(navigable) else {
            return;
        };
        self.stop_loading(navigable);
        next.push([
            Action::PageHide(document),
            Action::DestroyTopLevel(navigable),
        ]);
        self.push_beforeunload(navigable, next);
    }

    /// [`window.stop()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-stop):
    /// what the navigable and those below it are about to show does not come.
    // NOT YET: a document that is being parsed is parsed on.
    pub fn window_stop(&mut self, navigable: NavigableId) {
        for navigable in self.inclusive_descendant_navigables(navigable) {
            self.stop_loading(navigable);
        }
    }

    /// Ends a top-level navigable and all below it
    /// ([destroy a top-level traversable](https://html.spec.whatwg.org/multipage/document-sequences.html#destroy-a-top-level-traversable)).
    pub fn destroy_top_level(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigable: NavigableId,
    ) -> Steps {
        let mut steps = Vec::new();
        if self.parent(navigable).is_none() {
            self.destroy_into(navigable, queues, &mut steps);
        }
        Steps::sequence(steps)
    }
}
