//! Making and ending navigables, documents and windows.

use std::collections::VecDeque;
use std::rc::Rc;

use framepost_event_loop::{ClientId, GlobalId, TaskQueues};
use html5ever::interface::QuirksMode;
use url::Url;

use super::{Contexts, Purpose};
use crate::document::{Document, ReadyState, Stage};
use crate::dom::{self, Node};
use crate::frames::iframe_sandboxing_flag_set;
use crate::navigable::{Navigable, NavigableId};
use crate::sandbox::SandboxFlags;
use crate::session_history::{SessionHistory, Traversable};
use crate::steps::{Action, Next};
use crate::url_helpers::{about_blank, matches_about};
use crate::user_activation::LastActivation;
use crate::{ContextTask, Effect, Origin, Window};

/// A new navigable, and what its maker has to have done about it.
pub(crate) struct Created {
    pub(crate) navigable: NavigableId,
    pub(crate) create_realm: Effect,
    pub(crate) set_active: Effect,
}

/// What a new document is like.
pub(crate) struct NewDocument {
    pub(crate) navigable: NavigableId,
    pub(crate) window: GlobalId,
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    pub(crate) sandbox: SandboxFlags,
    /// Those of the flags that come of content security policies.
    pub(crate) csp_sandbox: SandboxFlags,
    pub(crate) about_base_url: Option<Url>,
    pub(crate) referrer: String,
    /// Of the window, if it is new.
    pub(crate) cross_origin_isolated: bool,
}

impl Contexts {
    /// An opaque origin that is the same as no other.
    #[must_use]
    pub fn new_opaque_origin(&mut self) -> Origin {
        self.last_opaque_origin += 1;
        Origin::opaque(self.last_opaque_origin)
    }

    /// [Determine the origin](https://html.spec.whatwg.org/multipage/document-sequences.html#determining-the-origin)
    /// of a document.
    pub(crate) fn determine_the_origin(
        &mut self,
        url: &Url,
        sandbox: SandboxFlags,
        source: Option<&Origin>,
    ) -> Origin {
        if sandbox.contains(SandboxFlags::ORIGIN) {
            return self.new_opaque_origin();
        }
        let inherits = matches_about(url, "srcdoc") || matches_about(url, "blank");
        if let Some(source) = source.filter(|_| inherits) {
            return self.refreshed(source);
        }
        match Origin::of_url(url) {
            Some(origin) => self.as_new_origin(origin),
            None => self.new_opaque_origin(),
        }
    }

    /// A navigable with its initial `about:blank`: in a container of a parent's document, opened
    /// by a document, or on its own
    /// ([creating a new browsing context](https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-browsing-context)).
    pub(crate) fn create_a_navigable(
        &mut self,
        embedder: Option<(NavigableId, ClientId, &Node)>,
        opener: Option<ClientId>,
        popup_sandbox: SandboxFlags,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> Created {
        let creator = embedder.map(|(_, document, _)| document).or(opener);
        let held = creator.and_then(|document| self.document(document));
        let creator_origin = held.map(|document| document.origin.clone());
        let creator_sandbox = held.map_or(SandboxFlags::empty(), |document| document.sandbox);
        let opener_navigable = match opener {
            Some(_) => held.map(|document| document.navigable),
            None => None,
        };
        let about_base_url = creator.and_then(|document| self.base_url(document));
        let container = embedder.map(|(_, _, container)| Rc::clone(container));
        let csp_sandbox = held.map_or(SandboxFlags::empty(), |document| document.csp_sandbox);
        let sandbox = match &container {
            Some(container) => creator_sandbox | iframe_sandboxing_flag_set(container),
            None => popup_sandbox,
        };
        let sandbox = sandbox | csp_sandbox;
        let parent = embedder.map(|(parent, _, _)| parent);
        let depth = parent
            .and_then(|parent| self.navigable(parent))
            .map_or(0, |parent| parent.depth + 1);
        let name = container
            .as_ref()
            .and_then(|node| dom::attribute(node, "name"));
        let url = about_blank();
        let origin = self.determine_the_origin(&url, sandbox, creator_origin.as_ref());
        let cross_origin_isolated = self.inherits_isolation(creator, &origin);
        let navigable = self.navigables.insert_with(|id| Navigable {
            id,
            parent,
            container: container.clone(),
            opener: opener_navigable,
            name: name.unwrap_or_default(),
            group: id,
            is_auxiliary: false,
            is_popup: false,
            is_closing: false,
            document: None,
            window: None,
            ongoing: None,
            navigations: 0,
            is_delaying_load_events: false,
            popup_sandbox,
            one_permitted_sandboxed_navigator: None,
            history: SessionHistory::default(),
            traversable: Traversable::default(),
            depth,
        });
        if let Some(container) = &container {
            self.content_navigables
                .insert(dom::address(container), navigable);
        }
        let window = queues.create_global();
        let document = self.create_a_document(
            NewDocument {
                navigable,
                window,
                url: url.clone(),
                origin,
                sandbox,
                csp_sandbox,
                about_base_url,
                referrer: String::new(),
                cross_origin_isolated,
            },
            queues,
        );
        if let Some(held) = self.documents.get_mut(&document) {
            held.is_initial_about_blank = true;
            held.quirks_mode = QuirksMode::Quirks;
            held.ready_state = ReadyState::Complete;
            held.stage = Stage::Complete;
            populate_with_html_head_body(&held.node);
        }
        if let Some(held) = self.navigables.get_mut(navigable) {
            held.document = Some(document);
            held.window = Some(window);
        }
        self.initialize_session_history(navigable, url, document);
        queues.set_fully_active(document, true);
        Created {
            navigable,
            create_realm: Effect::CreateRealm { window, navigable },
            set_active: Effect::SetActive {
                navigable,
                window,
                document,
            },
        }
    }

    /// A document that its window has from now on. It is not active yet.
    pub(crate) fn create_a_document(
        &mut self,
        new: NewDocument,
        queues: &mut dyn TaskQueues<ContextTask>,
    ) -> ClientId {
        let id = queues.create_client(new.window);
        let node = dom::create_document();
        self.documents_by_node.insert(dom::address(&node), id);
        self.windows
            .entry(new.window)
            .and_modify(|window| window.document = id)
            .or_insert_with(|| Window {
                id: new.window,
                navigable: new.navigable,
                document: id,
                agent_cluster_key: new.origin.clone(),
                cross_origin_isolated: new.cross_origin_isolated,
                last_activation: LastActivation::default(),
            });
        self.documents.insert(
            id,
            Document {
                id,
                node,
                window: new.window,
                navigable: new.navigable,
                url: new.url,
                origin: new.origin,
                content_type: "text/html".to_owned(),
                encoding: "UTF-8",
                quirks_mode: QuirksMode::NoQuirks,
                ready_state: ReadyState::Loading,
                stage: Stage::Parsing,
                is_initial_about_blank: false,
                about_base_url: new.about_base_url,
                sandbox: new.sandbox,
                csp_sandbox: new.csp_sandbox,
                referrer: new.referrer,
                may_have_base: false,
                parser: None,
                script_created_parser: false,
                script_nesting_level: 0,
                ignore_destructive_writes: 0,
                pending_parsing_blocking_script: None,
                scripts_after_parsing: VecDeque::new(),
                scripts_in_order: VecDeque::new(),
                scripts_as_soon_as_possible: Vec::new(),
                current_script: Vec::new(),
                iframe_load_in_progress: false,
                mute_iframe_load: false,
                unload_counter: 0,
                page_showing: false,
                refresh: None,
                latest_entry: 0,
                history_state: None,
                history_state_version: 0,
                child_navigables: Vec::new(),
            },
        );
        id
    }

    /// Ends a navigable and those below it, children before their parents
    /// ([destroy a document and its descendants](https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroy-a-document-and-its-descendants)).
    pub(crate) fn destroy_navigable_and_descendants(
        &mut self,
        navigable: NavigableId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        let mut actions = Vec::new();
        self.destroy_into(navigable, queues, &mut actions);
        next.push_all(actions);
    }

    pub(crate) fn destroy_into(
        &mut self,
        navigable: NavigableId,
        queues: &mut dyn TaskQueues<ContextTask>,
        actions: &mut Vec<Action>,
    ) {
        for navigable in self
            .inclusive_descendant_navigables(navigable)
            .into_iter()
            .rev()
        {
            let top = self.top(navigable).filter(|top| *top != navigable);
            let Some(mut held) = self.navigables.remove(navigable) else {
                continue;
            };
            self.history_gone(top, core::mem::take(&mut held.history));
            if let Some(container) = &held.container {
                self.content_navigables.remove(&dom::address(container));
            }
            if let Some(request) = held.ongoing.and_then(|ongoing| ongoing.request) {
                self.requests.remove(request);
            }
            if let Some(document) = held.document {
                self.destroy_a_document(document, queues, actions);
            }
            if let Some(window) = held.window {
                destroy_a_window(window, queues, actions);
            }
            let gone = Effect::NavigableGone(navigable);
            actions.push(Action::Effect(Box::new(gone)));
        }
    }

    /// [Destroy](https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroy-a-document)
    /// one document, whose frames are gone already. Nothing happens to it or in it any more; what
    /// is known of it can still be read while the embedder carries out its end.
    pub(crate) fn destroy_a_document(
        &mut self,
        document: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
        actions: &mut Vec<Action>,
    ) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        held.parser = None;
        held.stage = Stage::Complete;
        self.documents_by_node.remove(&dom::address(&held.node));
        for script in self.scripts.keys_in_order() {
            let of_document = |script: &crate::Script| script.document == document;
            if self.scripts.get(script).is_some_and(of_document) {
                self.scripts.remove(script);
            }
        }
        self.forget_modules(document);
        self.forget_embedded_contents(document);
        for request in self.requests.keys_in_order() {
            let purpose = self.requests.get(request).map(|pending| &pending.purpose);
            let forgotten = match purpose {
                Some(Purpose::Script(script)) => !self.scripts.contains(*script),
                Some(Purpose::Module(module)) => !self.modules.contains(*module),
                Some(Purpose::JavascriptUrl(of, _)) => *of == document,
                Some(Purpose::EmbeddedContent(id)) => !self.embedded_contents.contains(*id),
                _ => false,
            };
            if forgotten {
                self.requests.remove(request);
            }
        }
        self.forget_planned_navigations(document);
        queues.destroy_client(document);
        self.disown_workers(document, queues, actions);
        let gone = Effect::DocumentGone(document);
        actions.push(Action::Effect(Box::new(gone)));
        actions.push(Action::ForgetDocument(document));
    }
}

/// Ends a window, in the same manner.
pub(crate) fn destroy_a_window(
    window: GlobalId,
    queues: &mut dyn TaskQueues<ContextTask>,
    actions: &mut Vec<Action>,
) {
    queues.destroy_global(window);
    let gone = Effect::WindowGone(window);
    actions.push(Action::Effect(Box::new(gone)));
    actions.push(Action::ForgetWindow(window));
}

/// [Populate with html/head/body](https://html.spec.whatwg.org/multipage/document-sequences.html#populate-with-html/head/body).
fn populate_with_html_head_body(document: &Node) {
    let html = dom::html_element("html");
    dom::attach(document, None, Rc::clone(&html));
    dom::attach(&html, None, dom::html_element("head"));
    dom::attach(&html, None, dom::html_element("body"));
}
