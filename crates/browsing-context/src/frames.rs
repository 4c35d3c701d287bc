//! Frames: `iframe` and `frame` elements and their navigables
//! ([HTML, the iframe element](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element)).

use std::collections::VecDeque;
use std::rc::Rc;

use framepost_event_loop::{ClientId, TaskQueues};
use url::Url;

use crate::contexts::Created;
use crate::dom::{self, Node, TreeOrder};
use crate::navigable::{HistoryHandling, NavigableId};
use crate::navigation::NavigateParams;
use crate::sandbox::{SandboxFlags, parse_a_sandboxing_directive};
use crate::session_history::HistoryChange;
use crate::steps::{Action, Insertion, Next};
use crate::url_helpers::{about_blank, about_srcdoc, equals_excluding_fragments, matches_about};
use crate::{ContextTask, Contexts, Diagnostic, Effect, EventTarget, FrameEvent};

impl Contexts {
    /// Runs the [post-connection steps](https://html.spec.whatwg.org/multipage/infrastructure.html#html-element-post-connection-steps)
    /// of the next of these nodes that is still connected.
    pub(crate) fn post_connection(
        &mut self,
        mut nodes: VecDeque<Node>,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        while let Some(node) = nodes.pop_front() {
            let Some(document) = self.connected_document(&node) else {
                continue;
            };
            if dom::is_html_element(&node, "script") {
                next.push([Action::PrepareScript(node), Action::PostConnection(nodes)]);
                return None;
            }
            if self.content_navigable(&node).is_some() {
                continue;
            }
            next.push([Action::PostConnection(nodes)]);
            let created = match self.create_a_new_child_navigable(&node, document, queues) {
                Ok(created) => created?,
                Err(diagnostic) => return Some(Effect::Report(diagnostic)),
            };
            next.push([
                Action::Effect(Box::new(created.set_active)),
                Action::ProcessFrameAttributes(created.navigable, Insertion::Initial),
            ]);
            return Some(created.create_realm);
        }
        None
    }

    /// [Create a new child navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#create-a-new-child-navigable),
    /// unless that is one too many, or the document is gone.
    pub(crate) fn create_a_new_child_navigable(
        &mut self,
        container: &Node,
        document: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Result<Option<Created>, Diagnostic> {
        let parent = self.document(document).map(|held| held.navigable);
        let Some((parent, above)) =
            parent.and_then(|parent| Some((parent, self.navigable(parent)?.depth)))
        else {
            return Ok(None);
        };
        let depth = above + 1;
        if depth > self.limits.frame_depth {
            let limit = self.limits.frame_depth;
            return Err(Diagnostic::FrameDepth { limit });
        }
        if self.navigables.len() >= self.limits.frames {
            let limit = self.limits.frames;
            return Err(Diagnostic::FrameCount { limit });
        }
        let embedder = Some((parent, document, container));
        let created = self.create_a_navigable(embedder, None, SandboxFlags::empty(), queues);
        self.insert_child_navigable(document, created.navigable);
        Ok(Some(created))
    }

    /// Puts a new child among its siblings, in tree order of the containers.
    fn insert_child_navigable(&mut self, document: ClientId, navigable: NavigableId) {
        let Some(container) = self.container(navigable).cloned() else {
            return;
        };
        let Some(siblings) = self.document(document).map(|held| &held.child_navigables) else {
            return;
        };
        // From the end: most frames come behind those that are there.
        let mut at = siblings.len();
        while at > 0 {
            let before = self.container(siblings[at - 1]);
            if before.is_none_or(|node| dom::tree_order(node, &container) != TreeOrder::After) {
                break;
            }
            at -= 1;
        }
        if let Some(held) = self.documents.get_mut(&document) {
            held.child_navigables.insert(at, navigable);
        }
    }

    /// The flags that a document in this navigable will have
    /// ([determining the creation sandboxing flags](https://html.spec.whatwg.org/multipage/browsers.html#determining-the-creation-sandboxing-flags)).
    pub(crate) fn creation_sandboxing_flags(&self, navigable: NavigableId) -> SandboxFlags {
        let Some(held) = self.navigable(navigable) else {
            return SandboxFlags::empty();
        };
        let Some(container) = &held.container else {
            return held.popup_sandbox;
        };
        let inherited = self
            .connected_document(container)
            .and_then(|document| self.document(document))
            .map_or(SandboxFlags::empty(), |document| document.sandbox);
        inherited | iframe_sandboxing_flag_set(container)
    }

    /// [Process the iframe attributes](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#process-the-iframe-attributes),
    /// and the same for frames. `loading=lazy` is taken as eager.
    pub(crate) fn process_frame_attributes(
        &mut self,
        navigable: NavigableId,
        insertion: Insertion,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        if self.restore_a_frame(navigable, insertion, next) {
            return;
        }
        let Some(container) = self.container(navigable).cloned() else {
            return;
        };
        if dom::is_html_element(&container, "iframe")
            && let Some(srcdoc) = dom::attribute(&container, "srcdoc")
        {
            self.navigate_a_frame(
                navigable,
                about_srcdoc(),
                Some(srcdoc),
                insertion,
                queues,
                next,
            );
            return;
        }
        match self.shared_attribute_processing_steps(navigable, &container, insertion) {
            Ok(url) if insertion == Insertion::Initial && matches_about(&url, "blank") => {
                next.push([Action::FrameLoadEventSteps(navigable)]);
            }
            Ok(url) => self.navigate_a_frame(navigable, url, None, insertion, queues, next),
            Err(diagnostic) => next.push_effect(Effect::Report(diagnostic)),
        }
    }

    /// A frame of a document that was come back to shows what it showed before, whatever its
    /// attributes say.
    pub(crate) fn restore_a_frame(
        &mut self,
        navigable: NavigableId,
        insertion: Insertion,
        next: &mut Next<'_>,
    ) -> bool {
        let Some(held) = self.navigables.get_mut(navigable) else {
            return false;
        };
        if !core::mem::take(&mut held.history.restoring) {
            return false;
        }
        let Some(entry) = held.history.current() else {
            return false;
        };
        if matches_about(&entry.url, "blank") {
            return false;
        }
        let history = HistoryChange::Traverse(entry.id);
        self.load_an_entry(navigable, history, insertion, next);
        true
    }

    /// [Shared attribute processing steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#shared-attribute-processing-steps-for-iframe-and-frame-elements).
    fn shared_attribute_processing_steps(
        &mut self,
        navigable: NavigableId,
        container: &Node,
        insertion: Insertion,
    ) -> Result<Url, Diagnostic> {
        let mut url = about_blank();
        if let Some(src) = dom::attribute(container, "src").filter(|src| !src.is_empty())
            && let Some(document) = self.connected_document(container)
            && let Ok(parsed) = self.parse_url(document, &src)
        {
            url = parsed;
        }
        if let Some(parent) = self.parent(navigable) {
            self.ensure_not_included_in_itself(parent, &url)?;
        }
        if insertion == Insertion::Initial
            && matches_about(&url, "blank")
            && let Some(document) = self.active_document(navigable)
        {
            let to = url.clone();
            self.url_and_history_update_steps(document, to, None, HistoryHandling::Replace);
        }
        Ok(url)
    }

    /// Whether a document of this URL may be in a frame of this navigable, as to the URLs that are
    /// shown above it.
    // IMPLEMENTATION-DEFINED: the standard refuses a URL that one ancestor shows; browsers let
    // that pass once (https://crbug.com/650332), because pages rely on it, and do not count
    // `about:` URLs, which include nothing.
    pub(crate) fn ensure_not_included_in_itself(
        &self,
        parent: NavigableId,
        url: &Url,
    ) -> Result<(), Diagnostic> {
        if url.scheme() == "about" {
            return Ok(());
        }
        let same = self
            .inclusive_ancestor_navigables(parent)
            .filter_map(|ancestor| self.document(self.active_document(ancestor)?))
            .filter(|document| equals_excluding_fragments(&document.url, url))
            .count();
        if same > self.limits.same_url_ancestors {
            let url = url.to_string();
            return Err(Diagnostic::FrameIncludesItself { url });
        }
        Ok(())
    }

    /// [Navigate an iframe or frame](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#navigate-an-iframe-or-frame).
    fn navigate_a_frame(
        &mut self,
        navigable: NavigableId,
        url: Url,
        srcdoc: Option<String>,
        insertion: Insertion,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        let Some(container) = self.container(navigable) else {
            return;
        };
        let source = self.connected_document(container);
        let loaded = self
            .active_document(navigable)
            .and_then(|document| self.document(document))
            .is_some_and(crate::Document::is_completely_loaded);
        let history = if loaded {
            HistoryHandling::Auto
        } else {
            HistoryHandling::Replace
        };
        let params = NavigateParams {
            source,
            srcdoc,
            history,
            ..NavigateParams::new(url)
        };
        let steps = self.navigate_with(navigable, params, insertion, queues);
        next.push_steps(steps);
    }

    /// [Iframe load event steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-event-steps);
    /// for other containers, the event alone.
    pub(crate) fn iframe_load_event_steps(
        &mut self,
        navigable: NavigableId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let container = Rc::clone(self.container(navigable)?);
        if dom::is_html_element(&container, "iframe") {
            let document = self.active_document(navigable)?;
            let child = self.documents.get_mut(&document)?;
            if child.mute_iframe_load {
                return None;
            }
            child.iframe_load_in_progress = true;
            next.push([Action::FrameLoadEventDone(document)]);
        }
        Some(Effect::Fire {
            target: EventTarget::Node(container),
            event: FrameEvent::Load,
        })
    }

    pub(crate) fn iframe_load_event_done(&mut self, document: ClientId) {
        if let Some(document) = self.documents.get_mut(&document) {
            document.iframe_load_in_progress = false;
        }
    }

    /// [Destroy a child navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#destroy-a-child-navigable).
    // NOT YET: browsers fire pagehide and unload in a frame that is removed; the standard does not.
    pub(crate) fn destroy_a_child_navigable(
        &mut self,
        navigable: NavigableId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        let parent = self.parent(navigable);
        let parent = parent.and_then(|parent| self.active_document(parent));
        if let Some(parent) = parent {
            next.push([Action::CheckLoad(parent)]);
            if let Some(parent) = self.documents.get_mut(&parent) {
                parent.child_navigables.retain(|child| *child != navigable);
            }
        }
        self.destroy_navigable_and_descendants(navigable, queues, next);
    }
}

/// An element's [iframe sandboxing flag set](https://html.spec.whatwg.org/multipage/browsers.html#iframe-sandboxing-flag-set).
pub(crate) fn iframe_sandboxing_flag_set(container: &Node) -> SandboxFlags {
    if !dom::is_html_element(container, "iframe") {
        return SandboxFlags::empty();
    }
    dom::attribute(container, "sandbox").map_or(SandboxFlags::empty(), |value| {
        parse_a_sandboxing_directive(&value)
    })
}
