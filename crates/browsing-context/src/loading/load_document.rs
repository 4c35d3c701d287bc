//! [Loading a document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document).

use framepost_event_loop::{ClientId, TaskQueues};
use url::Url;

use crate::Contexts;
use crate::documents::{DocumentKind, NewDocument};
use crate::fetch::{DocumentType, MimeType, PolicyContainer, Response, decode, is_nosniff};
use crate::origin::{Origin, SandboxFlags, matches_about_blank, matches_about_srcdoc};
use crate::parser::{DocumentParser, HtmlParser, ParserOptions, ParserStop, XmlParser};
use crate::steps::{
    Activation, ContextTask, Diagnostic, Effect, HistoryChange, Loaded, LoadingAction, Navigation,
    Next, UnloadAction,
};

impl Contexts {
    /// [Load a document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document),
    /// with [create and initialize a Document object](https://html.spec.whatwg.org/multipage/document-lifecycle.html#initialise-the-document-object).
    /// The numbers are those of the latter. The old document is unloaded before the new one becomes active.
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
        // NOT YET: 1. A browsing context group of its own, which an opener policy demands.
        let old_document = self.active_document(navigable);
        let old_window = self.active_window(navigable);
        // The rest of creating the navigation params: the policy container determines the sandbox, and the sandbox
        // the origin.
        let policies = policies_of(&navigation, &loaded);
        let sandbox = navigation.sandbox | policies.csp.sandbox();
        // NOT YET: 2. The permissions policy.
        // 3. and 4. The creation URL is that of the response, or of the last request.
        let url = url_of(&navigation, &loaded);
        let origin = self.origin_of(&navigation, &loaded, &url, sandbox);
        let response = match &loaded {
            Loaded::Response(response) => Some(response),
            _ => None,
        };
        let cross_origin_isolated = self.response_isolates(navigable, response, &origin);
        // 5. There is no window yet.
        // 6. An initial about:blank of the same origin-domain leaves its window to the new document.
        let keeps_window = old_document
            .and_then(|document| self.document(document))
            .is_some_and(|old| {
                old.is_initial_about_blank()
                    && old.origin().same_origin_domain(&origin)
                    && self.is_cross_origin_isolated(old.window()) == cross_origin_isolated
            });
        let window = match old_window {
            Some(window) if keeps_window => window,
            // 7. Otherwise create one.
            // IMPLEMENTATION-DEFINED: 7.1. to 7.4. `Origin-Agent-Cluster` changes nothing. All windows have one
            // agent.
            _ => queues.create_global(),
        };
        // NOT YET: 8. Load timing info.
        // 9. Create the document.
        let inherits_base = matches_about_srcdoc(&url) || matches_about_blank(&url);
        let resource = navigation.resource;
        let about_base_url = resource.initiator_base_url.clone();
        // A redirect to another origin may have shortened what was sent.
        let is_redirected = matches!(url.scheme(), "http" | "https")
            && Origin::of_url(&url) != Origin::of_url(&navigation.url);
        let referrer = match Url::parse(&resource.referrer) {
            Ok(sent) if is_redirected => resource.referrer_policy.referrer(&sent, &url),
            _ => resource.referrer.clone(),
        };
        let new = NewDocument {
            navigable,
            window,
            url,
            origin,
            sandbox,
            policies,
            about_base_url: about_base_url.filter(|_| inherits_base),
            referrer,
            cross_origin_isolated,
        };
        // 10. It is the associated document of its window.
        // 11. and 12. Its ancestors are walked when it is asked for its ancestor origins.
        // 13. Its content security policies are part of its policy container.
        // 14. Its referrer is that of the request.
        let document = self.add_a_document(queues, new);
        self.loading.add(document);
        // NOT YET: 15. and 16. Navigation timing.
        let refresh = match &loaded {
            Loaded::Response(response) => response.header("refresh").map(str::to_owned),
            _ => None,
        };
        let unsupported = self.make_the_parser(document, loaded);
        // 17. A `Refresh` header declares a refresh.
        if let Some(refresh) = refresh {
            // 17.1. Its value is text already.
            // 17.2. Run the shared declarative refresh steps.
            self.shared_declarative_refresh_steps(queues, document, &refresh);
        }
        // NOT YET: 18. Early hints. 19. Link headers. 20. `Speculation-Rules`. 21. Quota for deferred fetches.
        // 22. Return the document: unload the old one, then make the new one active.
        let entry = match navigation.history {
            HistoryChange::Navigation(_) => self.history.next_entry_id(),
            HistoryChange::Traverse(entry) | HistoryChange::Reload(entry) => entry,
        };
        let activation = Activation {
            navigable,
            old_document,
            old_window,
            document,
            window,
            history: navigation.history,
            entry,
            resource,
            navigation_state: navigation.navigation_state,
        };
        if let Some(old) = old_document {
            let target = self.target_of_a_page_swap(old, &activation, is_redirected);
            next.push(LoadingAction::Activate(Box::new(activation)));
            next.push(UnloadAction::Deactivate(old, target.map(Box::new)));
        } else {
            next.push(LoadingAction::Activate(Box::new(activation)));
        }
        if let Some(diagnostic) = unsupported {
            next.push_effect(Effect::Report(diagnostic));
        }
        // 7.5. to 7.10. The embedder creates the realm of a new window.
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

    /// Gives a new document its parser with the whole input: the steps of
    /// [load a document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document), by the type
    /// of the response.
    fn make_the_parser(&mut self, document: ClientId, loaded: Loaded) -> Option<Diagnostic> {
        let recording = self.loading.recording();
        let held = self.document_mut(document)?;
        let mut diagnostic = None;
        let (mut plain_text, mut is_xml, mut is_standards_mode) = (false, false, false);
        let text = match loaded {
            Loaded::Html(text) | Loaded::HtmlOfOrigin(text, _) => text,
            Loaded::NetworkError => String::new(),
            Loaded::Response(response) => {
                // 1. Find the computed type.
                let mime = type_of(&response);
                let kind = mime.document_type();
                is_xml = kind == DocumentType::Xml;
                let document_kind = match is_xml {
                    true => DocumentKind::Xml,
                    false => DocumentKind::Html,
                };
                held.set_content_type(document_kind, mime.essence.clone());
                held.set_last_modified(response.header("last-modified"));
                match kind {
                    // 2. Load an HTML, a text or an XML document.
                    // NOT YET: multipart/x-mixed-replace.
                    DocumentType::Html | DocumentType::Text | DocumentType::Xml => {
                        plain_text = kind == DocumentType::Text;
                        let decoded = decode(response.body, mime.charset.as_deref(), kind);
                        held.set_character_encoding(decoded.encoding);
                        decoded.text
                    }
                    // 3. Load a media document.
                    DocumentType::Other if media_element(&mime.essence).is_some() => {
                        is_standards_mode = true;
                        let element = media_element(&mime.essence).unwrap_or_default();
                        load_a_media_document(element, held.url())
                    }
                    // Any other type makes a document without content.
                    // NOT YET: 4. and 5. Handing it to external software.
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
            // Load a text document, 2. and 3. It is not in quirks mode, although it has no doctype.
            iframe_srcdoc: plain_text || is_standards_mode || matches_about_srcdoc(held.url()),
            declarative_shadow_roots: true,
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
        // Load an HTML document, 3. Create the parser.
        // OPTIMIZATION: 2. about:blank gets its three elements from the parser as well.
        let mut parser = HtmlParser::new(node, options);
        // Load a text document, 4. Act as if there was a pre element, and read plain text.
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

/// The element that shows a media file of this type.
fn media_element(essence: &str) -> Option<&'static str> {
    match essence.split_once('/')?.0 {
        "image" => Some("img"),
        "video" => Some("video"),
        "audio" => Some("audio"),
        _ => None,
    }
}

/// [Load a media document](https://html.spec.whatwg.org/multipage/document-lifecycle.html#read-media): the markup of its
/// tree.
// IMPLEMENTATION-DEFINED: the tree has no more than one element that refers to the file.
fn load_a_media_document(element: &str, url: &Url) -> String {
    let url = url.as_str().replace('&', "&amp;").replace('"', "&quot;");
    format!("<html><head></head><body><{element} src=\"{url}\"></body></html>")
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
