//! [Loading a document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document).

use framepost_event_loop::{ClientId, TaskQueues};
use url::Url;

use crate::Contexts;
use crate::documents::{DocumentKind, NewDocument};
use crate::fetch::{DocumentType, MimeType, PolicyContainer, Response, decode, is_nosniff};
use crate::origin::{Origin, SandboxFlags, matches_about_blank, matches_about_srcdoc};
use crate::parser::{DocumentParser, HtmlParser, ParserOptions, ParserStop, XmlParser};
use crate::steps::{
    Activation, ContextTask, Diagnostic, Effect, Loaded, LoadingAction, Navigation, Next,
    UnloadAction,
};

impl Contexts {
    /// [Load a document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document),
    /// with [create and initialize a Document object](https://html.spec.whatwg.org/multipage/document-lifecycle.html#initialise-the-document-object).
    /// The old document is unloaded before the new one becomes active.
    pub(super) fn load_a_document(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        navigation: Navigation,
        loaded: Loaded,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let navigable = navigation.navigable;
        if !self.navigation.is_ongoing(navigable, navigation.id) {
            return None;
        }
        let old_document = self.active_document(navigable);
        let old_window = self.active_window(navigable);
        // The policy container determines the sandbox, and the sandbox the origin.
        let policies = policies_of(&navigation, &loaded);
        let sandbox = navigation.sandbox | policies.csp.sandbox();
        let url = url_of(&navigation, &loaded);
        let origin = self.origin_of(&navigation, &loaded, &url, sandbox);
        let response = match &loaded {
            Loaded::Response(response) => Some(response),
            _ => None,
        };
        let cross_origin_isolated = self.response_isolates(navigable, response, &origin);
        // 1. to 7. The new document takes over the window of an initial about:blank of the same origin-domain.
        let keeps_window = old_document
            .and_then(|document| self.document(document))
            .is_some_and(|old| {
                old.is_initial_about_blank()
                    && old.origin().same_origin_domain(&origin)
                    && self.is_cross_origin_isolated(old.window()) == cross_origin_isolated
            });
        let window = match old_window {
            Some(window) if keeps_window => window,
            // 8. Otherwise create a new realm.
            _ => queues.create_global(),
        };
        // NOT YET: 9. and 15. Navigation timing.
        // 10. to 13. Create the document with its policies and its referrer.
        let inherits_base = matches_about_srcdoc(&url) || matches_about_blank(&url);
        let resource = navigation.resource;
        let about_base_url = resource.initiator_base_url.clone();
        let new = NewDocument {
            navigable,
            window,
            url,
            origin,
            sandbox,
            policies,
            about_base_url: about_base_url.filter(|_| inherits_base),
            referrer: resource.referrer.clone(),
            cross_origin_isolated,
        };
        let document = self.add_a_document(queues, new);
        self.loading.add(document);
        let refresh = match &loaded {
            Loaded::Response(response) => response.header("refresh").map(str::to_owned),
            _ => None,
        };
        let unsupported = self.make_the_parser(document, loaded);
        // 16. A `Refresh` header declares a refresh.
        if let Some(refresh) = refresh {
            self.shared_declarative_refresh_steps(queues, document, &refresh);
        }
        // Unload the old document, then make the new one active.
        let activation = Activation {
            navigable,
            old_document,
            old_window,
            document,
            window,
            history: navigation.history,
            resource,
            navigation_state: navigation.navigation_state,
        };
        next.push(LoadingAction::Activate(Box::new(activation)));
        if let Some(old) = old_document {
            next.push(UnloadAction::PageHide(old));
        }
        if let Some(diagnostic) = unsupported {
            next.push_effect(Effect::Report(diagnostic));
        }
        (!keeps_window).then_some(Effect::CreateRealm { window, navigable })
    }

    /// The origin of the new document.
    fn origin_of(
        &mut self,
        navigation: &Navigation,
        loaded: &Loaded,
        url: &Url,
        sandbox: SandboxFlags,
    ) -> Origin {
        match loaded {
            Loaded::NetworkError => self.new_opaque_origin(),
            Loaded::HtmlOfOrigin(_, origin) => origin.clone(),
            Loaded::Response(_) | Loaded::Html(_) => {
                // A srcdoc document has the origin of its container's document, its initiator.
                let source = navigation.resource.initiator_origin.as_ref();
                self.determine_the_origin(url, sandbox, source)
            }
        }
    }

    /// Gives a new document its parser with the whole input.
    fn make_the_parser(&mut self, document: ClientId, loaded: Loaded) -> Option<Diagnostic> {
        let recording = self.loading.recording();
        let held = self.document_mut(document)?;
        let mut diagnostic = None;
        let (mut plain_text, mut is_xml) = (false, false);
        let text = match loaded {
            Loaded::Html(text) | Loaded::HtmlOfOrigin(text, _) => text,
            Loaded::NetworkError => String::new(),
            Loaded::Response(response) => {
                let mime = type_of(&response);
                let kind = mime.document_type();
                is_xml = kind == DocumentType::Xml;
                let document_kind = match is_xml {
                    true => DocumentKind::Xml,
                    false => DocumentKind::Html,
                };
                held.set_content_type(document_kind, mime.essence.clone());
                match kind {
                    DocumentType::Html | DocumentType::Text | DocumentType::Xml => {
                        plain_text = kind == DocumentType::Text;
                        let decoded = decode(response.body, mime.charset.as_deref(), kind);
                        held.set_character_encoding(decoded.encoding);
                        decoded.text
                    }
                    DocumentType::Other => {
                        diagnostic = Some(Diagnostic::UnsupportedType {
                            url: held.url().to_string(),
                            content_type: mime.essence,
                        });
                        String::new()
                    }
                }
            }
        };
        let options = ParserOptions {
            scripting: held.scripting_enabled(),
            // A plain text document is not in quirks mode, although it has no doctype.
            iframe_srcdoc: plain_text || matches_about_srcdoc(held.url()),
            recording,
        };
        let node = held.node().clone();
        if is_xml {
            self.documents.note_an_xml_document();
            let mut parser = XmlParser::new(node, options.recording);
            parser.push_owned(text);
            parser.finish_input();
            self.loading
                .set_parser(document, DocumentParser::Xml(Box::new(parser)));
            return diagnostic;
        }
        let mut parser = HtmlParser::new(node, options);
        if plain_text {
            parser.push("<pre>\n");
            // This text does not stop the parser.
            let _: ParserStop = parser.advance();
            parser.set_plaintext();
        }
        parser.push_owned(text);
        parser.finish_input();
        self.loading
            .set_parser(document, DocumentParser::Html(Box::new(parser)));
        diagnostic
    }
}

/// The new document's policy container.
fn policies_of(navigation: &Navigation, loaded: &Loaded) -> PolicyContainer {
    let initiator = &navigation.resource.initiator_policies;
    match loaded {
        Loaded::Response(response) => PolicyContainer::of_response(response, initiator),
        Loaded::NetworkError => PolicyContainer::default(),
        // srcdoc documents, and documents of a javascript: URL.
        Loaded::Html(_) | Loaded::HtmlOfOrigin(..) => initiator.clone(),
    }
}

/// The URL of the new document: that of the response, with the fragment of the request unless the URL has its own.
fn url_of(navigation: &Navigation, loaded: &Loaded) -> Url {
    let Loaded::Response(response) = loaded else {
        return navigation.url.clone();
    };
    let mut url = response.url.clone();
    if url.fragment().is_none() {
        url.set_fragment(navigation.url.fragment());
    }
    url
}

/// The [computed MIME type](https://mimesniff.spec.whatwg.org/#computed-mime-type) of a response.
fn type_of(response: &Response) -> MimeType {
    let content_type = response.content_type.as_deref().unwrap_or_default();
    MimeType::parse(content_type).unwrap_or_else(|| match is_nosniff(response) {
        true => MimeType::plain_text(),
        false => MimeType::sniff(&response.body),
    })
}
