//! Loading documents: from an answered navigation to a document that is being parsed
//! ([HTML, document lifecycle](https://html.spec.whatwg.org/multipage/document-lifecycle.html)).

use framepost_event_loop::{ClientId, GlobalId, TaskQueues};
use url::Url;

use crate::contexts::{NewDocument, destroy_a_window};
use crate::encoding::decode;
use crate::fetch::Response;
use crate::mime::{DocumentType, MimeType};
use crate::navigable::NavigableId;
use crate::navigation::Navigation;
use crate::parser::{DocumentParser, ParserOptions, ParserStop};
use crate::sandbox::{SandboxFlags, csp_sandbox};
use crate::session_history::{DocumentState, HistoryChange};
use crate::steps::{Action, Next};
use crate::url_helpers::matches_about;
use crate::{ContextTask, Contexts, Diagnostic, Effect, EventTarget, FrameEvent, Origin};

/// What a navigation has brought.
#[derive(Debug)]
pub(crate) enum Loaded {
    Response(Response),
    /// HTML that was there already.
    Html(String),
    /// The same with an origin of its own.
    HtmlOfOrigin(String, Origin),
    /// Nothing: an error is shown.
    NetworkError,
}

/// A document that is to take its navigable's place.
#[derive(Debug)]
pub(crate) struct Activation {
    navigable: NavigableId,
    old_document: Option<ClientId>,
    old_window: Option<GlobalId>,
    document: ClientId,
    window: GlobalId,
    history: HistoryChange,
    /// How to load the document again.
    document_state: DocumentState,
}

impl Contexts {
    /// [Load a document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document):
    /// makes it, unloads the old one, and parses.
    pub(crate) fn load_a_document(
        &mut self,
        navigation: Navigation,
        loaded: Loaded,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let navigable = self.navigable(navigation.navigable)?;
        if navigable.ongoing.as_ref().map(|ongoing| ongoing.id) != Some(navigation.id) {
            return None;
        }
        let old_document = navigable.document;
        let old_window = navigable.window;
        let csp_sandbox = match &loaded {
            Loaded::Response(response) if !is_local(&response.url) => csp_sandbox(response),
            Loaded::NetworkError => SandboxFlags::empty(),
            // Documents that come from nowhere else have the policies of who wanted them.
            // IMPLEMENTATION-DEFINED: that of a blob URL has them of its initiator, not of its maker.
            _ => navigation.initiator_csp_sandbox,
        };
        let sandbox = navigation.sandbox | csp_sandbox;
        let mut url = navigation.url.clone();
        if let Loaded::Response(response) = &loaded {
            let fragment = url.fragment().map(str::to_owned);
            url = response.url.clone();
            if url.fragment().is_none() {
                url.set_fragment(fragment.as_deref());
            }
        }
        let origin = match &loaded {
            Loaded::NetworkError => self.new_opaque_origin(),
            Loaded::HtmlOfOrigin(_, origin) => origin.clone(),
            _ => {
                // The origin of a srcdoc is its container's document's, which is the initiator.
                let source = navigation.initiator_origin.as_ref();
                self.determine_the_origin(&url, sandbox, source)
            }
        };
        let response = match &loaded {
            Loaded::Response(response) => Some(response),
            _ => None,
        };
        let navigable = self.navigable(navigation.navigable)?;
        let cross_origin_isolated = self.isolation_of(navigable, response, &origin);
        let keeps_window = old_document
            .and_then(|document| self.document(document))
            .is_some_and(|old| {
                old.is_initial_about_blank
                    && old.origin.same_origin_domain(&origin)
                    && self.is_cross_origin_isolated(old.window) == cross_origin_isolated
            });
        let window = match old_window {
            Some(window) if keeps_window => window,
            _ => queues.create_global(),
        };
        let inherits_base = matches_about(&url, "srcdoc") || matches_about(&url, "blank");
        let document = self.create_a_document(
            NewDocument {
                navigable: navigation.navigable,
                window,
                url,
                origin,
                sandbox,
                csp_sandbox,
                about_base_url: navigation
                    .initiator_base_url
                    .clone()
                    .filter(|_| inherits_base),
                referrer: navigation.referrer.clone(),
                cross_origin_isolated,
            },
            queues,
        );
        let refresh = match &loaded {
            Loaded::Response(response) => response.header("refresh").map(str::to_owned),
            _ => None,
        };
        let unsupported = self.begin_parsing(document, loaded);
        if let Some(refresh) = refresh {
            self.shared_declarative_refresh_steps(document, &refresh, queues);
        }
        next.push([Action::Activate(Box::new(Activation {
            navigable: navigation.navigable,
            old_document,
            old_window,
            document,
            window,
            history: navigation.history,
            document_state: DocumentState {
                document: Some(document),
                srcdoc: navigation.srcdoc,
                post_resource: navigation.post_resource,
                initiator_origin: navigation.initiator_origin,
                initiator_base_url: navigation.initiator_base_url,
                initiator_csp_sandbox: navigation.initiator_csp_sandbox,
                referrer: navigation.referrer,
                ..DocumentState::default()
            },
        }))]);
        if let Some(old) = old_document {
            next.push([Action::PageHide(old)]);
        }
        if let Some(diagnostic) = unsupported {
            next.push_effect(Effect::Report(diagnostic));
        }
        (!keeps_window).then_some(Effect::CreateRealm {
            window,
            navigable: navigation.navigable,
        })
    }

    /// Gives a new document its parser and the text.
    fn begin_parsing(&mut self, document: ClientId, loaded: Loaded) -> Option<Diagnostic> {
        let held = self.documents.get_mut(&document)?;
        let mut diagnostic = None;
        let mut plain_text = false;
        let text = match loaded {
            Loaded::Html(text) | Loaded::HtmlOfOrigin(text, _) => text,
            Loaded::NetworkError => String::new(),
            Loaded::Response(response) => {
                let content_type = response.content_type.as_deref().unwrap_or_default();
                let mime = MimeType::parse(content_type)
                    .unwrap_or_else(|| MimeType::sniff(&response.body));
                held.content_type.clone_from(&mime.essence);
                let kind = mime.document_type();
                match kind {
                    DocumentType::Html | DocumentType::Text => {
                        plain_text = kind == DocumentType::Text;
                        let decoded = decode(response.body, mime.charset.as_deref(), !plain_text);
                        held.encoding = decoded.encoding;
                        decoded.text
                    }
                    DocumentType::Other => {
                        diagnostic = Some(Diagnostic::UnsupportedType {
                            url: held.url.to_string(),
                            content_type: mime.essence,
                        });
                        String::new()
                    }
                }
            }
        };
        let options = ParserOptions {
            scripting: held.scripting_enabled(),
            // A document of plain text is not in quirks mode for want of a doctype either.
            iframe_srcdoc: plain_text || matches_about(&held.url, "srcdoc"),
        };
        let mut parser = DocumentParser::new(held.node.clone(), options);
        if plain_text {
            parser.push("<pre>\n");
            // Nothing in this can stop the parser.
            let _: ParserStop = parser.advance();
            parser.set_plaintext();
        }
        parser.push_owned(text);
        parser.finish_input();
        held.parser = Some(Box::new(parser));
        diagnostic
    }

    /// [Steps to fire beforeunload](https://html.spec.whatwg.org/multipage/browsing-the-web.html#steps-to-fire-beforeunload).
    // IMPLEMENTATION-DEFINED: nobody is asked; whatever the listeners want, the document is left.
    pub(crate) fn before_unload(
        &mut self,
        document: ClientId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let held = self.documents.get_mut(&document)?;
        held.unload_counter += 1;
        next.push([Action::BeforeUnloadDone(document)]);
        Some(Effect::Fire {
            target: EventTarget::Window(held.window),
            event: FrameEvent::BeforeUnload,
        })
    }

    pub(crate) fn before_unload_done(&mut self, document: ClientId) {
        if let Some(held) = self.documents.get_mut(&document) {
            held.unload_counter = held.unload_counter.saturating_sub(1);
        }
    }

    /// [Checking if unloading is canceled](https://html.spec.whatwg.org/multipage/browsing-the-web.html#checking-if-unloading-is-canceled)
    /// for a navigable and all below it.
    pub(crate) fn beforeunload_actions(&self, navigable: NavigableId) -> Vec<Action> {
        self.inclusive_descendant_navigables(navigable)
            .into_iter()
            .filter_map(|navigable| self.active_document(navigable))
            .map(Action::BeforeUnload)
            .collect()
    }

    pub(crate) fn push_beforeunload(&self, navigable: NavigableId, next: &mut Next<'_>) {
        next.push_all(self.beforeunload_actions(navigable));
    }

    /// [Unload a document and its descendants](https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document-and-its-descendants),
    /// the events alone: those below first.
    pub(crate) fn page_hide(&mut self, document: ClientId, next: &mut Next<'_>) -> Option<Effect> {
        let navigable = self.document(document)?.navigable;
        let children: Vec<ClientId> = self
            .children(navigable)
            .iter()
            .filter_map(|child| self.active_document(*child))
            .collect();
        let held = self.documents.get_mut(&document)?;
        if held.unload_counter > 0 {
            return None;
        }
        held.unload_counter += 1;
        next.push([Action::Unload(document)]);
        if held.page_showing {
            held.page_showing = false;
            next.push_effect(Effect::Fire {
                target: EventTarget::Window(held.window),
                event: FrameEvent::PageHide { persisted: false },
            });
        }
        for child in children.into_iter().rev() {
            next.push([Action::PageHide(child)]);
        }
        None
    }

    pub(crate) fn unload(&mut self, document: ClientId) -> Option<Effect> {
        let window = self.document(document)?.window;
        Some(Effect::Fire {
            target: EventTarget::Window(window),
            event: FrameEvent::Unload,
        })
    }

    /// [Make active](https://html.spec.whatwg.org/multipage/document-sequences.html#make-active)
    /// the new document, end the old one and all its frames, and parse.
    pub(crate) fn activate(
        &mut self,
        activation: Activation,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let Activation {
            navigable,
            document,
            window,
            old_document,
            old_window,
            history,
            document_state,
        } = activation;
        if !self.navigables.contains(navigable) {
            // Unloading has removed the frame: the new document is for nobody.
            let mut gone = Vec::new();
            self.destroy_a_document(document, queues, &mut gone);
            if old_window != Some(window) {
                destroy_a_window(window, queues, &mut gone);
            }
            next.push_all(gone);
            return None;
        }
        let children = self.children(navigable).to_vec();
        self.hand_on_the_name(navigable, document, history);
        let url = self.document(document)?.url.clone();
        self.keep_nested_histories(navigable, history);
        if let Some(old) = old_document {
            self.entries_lose_their_document(navigable, old);
        }
        let held = self.navigables.get_mut(navigable)?;
        held.ongoing = None;
        held.is_delaying_load_events = false;
        held.document = Some(document);
        held.window = Some(window);
        match history {
            HistoryChange::Navigation(handling) => {
                self.add_an_entry(navigable, url, document_state, handling);
            }
            HistoryChange::Traverse(entry) | HistoryChange::Reload(entry) => {
                self.reactivate_an_entry(navigable, entry, document, url);
            }
        }
        self.resume_traversals(navigable, queues);
        next.push([Action::Parse(document)]);
        if let Some(old) = old_document {
            let mut gone = Vec::new();
            for child in children {
                self.destroy_into(child, queues, &mut gone);
            }
            self.destroy_a_document(old, queues, &mut gone);
            if let Some(old_window) = old_window.filter(|old| *old != window) {
                destroy_a_window(old_window, queues, &mut gone);
            }
            next.push_all(gone);
        }
        queues.set_fully_active(document, true);
        Some(Effect::SetActive {
            navigable,
            window,
            document,
        })
    }

    /// Parses until the parser is done or has to wait.
    pub(crate) fn parse(
        &mut self,
        document: ClientId,
        queues: &mut dyn TaskQueues<ContextTask>,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.documents.get_mut(&document) else {
            return;
        };
        if held.pending_parsing_blocking_script.is_some() {
            return;
        }
        let Some(parser) = &mut held.parser else {
            return;
        };
        let stop = parser.advance();
        held.quirks_mode = parser.quirks_mode();
        held.may_have_base |= parser.saw_base();
        let metas = parser.take_new_metas();
        let embedding = parser.take_new_embedding_elements();
        for script in parser.take_new_scripts() {
            let entry = self.script_elements.entry(&script.node);
            entry.parser_document = Some(document);
            entry.force_async = Some(false);
            entry.already_started |= script.already_started;
            entry.line = script.line;
        }
        for meta in metas {
            self.meta_inserted(&meta, queues);
        }
        for node in embedding {
            self.queue_embedded_content(&node, queues);
        }
        match stop {
            ParserStop::Script(node) => next.push([
                Action::Effect(Box::new(Effect::Checkpoint)),
                Action::ParserScript(document, node),
                Action::Parse(document),
            ]),
            ParserStop::Frame(node) => next.push([
                Action::PostConnection([node].into()),
                Action::Parse(document),
            ]),
            ParserStop::NeedsInput => {}
            ParserStop::Finished => next.push([Action::TheEnd(document)]),
        }
    }
}

/// Whether a URL's scheme is [local](https://fetch.spec.whatwg.org/#local-scheme).
pub(crate) fn is_local(url: &Url) -> bool {
    matches!(url.scheme(), "about" | "blob" | "data")
}
