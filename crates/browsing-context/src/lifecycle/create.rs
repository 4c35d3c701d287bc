//! Creating navigables with their initial `about:blank`.

use std::rc::Rc;

use framepost_event_loop::{ClientId, TaskQueues};
use html5ever::interface::QuirksMode;

use crate::Contexts;
use crate::documents::{Document, NewDocument};
use crate::dom::{self, Node};
use crate::fetch::PolicyContainer;
use crate::ids::NavigableId;
use crate::navigables::{NewNavigable, iframe_sandboxing_flag_set};
use crate::origin::{SandboxFlags, about_blank};
use crate::steps::{ContextTask, Effect};

/// The place of a new child navigable.
#[derive(Clone, Copy)]
pub(crate) struct Embedder<'a> {
    pub(crate) parent: NavigableId,
    pub(crate) document: ClientId,
    pub(crate) container: &'a Node,
}

/// A new navigable, and the effects to perform before anything else happens to it.
pub(crate) struct Created {
    pub(crate) navigable: NavigableId,
    pub(crate) create_realm: Effect,
    pub(crate) set_active: Effect,
}

impl Contexts {
    /// Creates a navigable with its initial `about:blank`: in a container, opened by a document, or alone
    /// ([create a new browsing context and document](https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-browsing-context)).
    pub(crate) fn create_a_navigable(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        embedder: Option<Embedder<'_>>,
        opener: Option<ClientId>,
        popup_sandbox: SandboxFlags,
    ) -> Created {
        // The document has its referrer and its policies (19.) at its creation (15.). It is completely loaded (24.) before
        // it becomes active (23.), since nobody sees it before.
        // 1. to 5. Get what the document has of its creator.
        let creator = embedder.map(|embedder| embedder.document).or(opener);
        let held = creator.and_then(|document| self.document(document));
        let creator_origin = held.map(|document| document.origin().clone());
        let creator_sandbox = held.map_or(SandboxFlags::empty(), Document::sandbox);
        // 19.2. The creator's policy container is cloned.
        let policies = held.map_or_else(PolicyContainer::default, |document| {
            document.policies().clone()
        });
        // 19.1. The referrer is the creator's URL.
        let referrer = held.map(|document| document.url().to_string());
        let opener_navigable = match opener {
            Some(_) => held.map(Document::navigable),
            None => None,
        };
        // 5.2. The about base URL is the creator's base URL.
        let about_base_url = creator.and_then(|document| self.base_url(document));
        let container = embedder.map(|embedder| Rc::clone(embedder.container));
        // 6. Determine the creation sandboxing flags.
        let sandbox = match &container {
            Some(container) => creator_sandbox | iframe_sandboxing_flag_set(container),
            None => popup_sandbox,
        };
        let sandbox = sandbox | policies.csp.sandbox();
        let name = container
            .as_ref()
            .and_then(|node| dom::attribute(node, "name"));
        // 7. Determine the origin.
        let url = about_blank();
        let origin = self.determine_the_origin(&url, sandbox, creator_origin.as_ref());
        // NOT YET: 8. The permissions policy. 19.3. The opener policy.
        let cross_origin_isolated = self.inherits_isolation(creator, &origin);
        let navigable = self.add_a_navigable(NewNavigable {
            parent: embedder.map(|embedder| embedder.parent),
            container,
            opener: opener_navigable,
            name: name.unwrap_or_default(),
            popup_sandbox,
        });
        // 9. to 13. Create the window. Its realm and its settings follow with `Effect::CreateRealm`.
        let window = queues.create_global();
        // 14. and 15. Create the document. 16. to 18. The ancestor origins follow from the tree of navigables.
        let document = self.add_a_document(
            queues,
            NewDocument {
                navigable,
                window,
                url: url.clone(),
                origin,
                sandbox,
                policies,
                about_base_url,
                referrer: referrer.unwrap_or_default(),
                cross_origin_isolated,
            },
        );
        if let Some(held) = self.document_mut(document) {
            held.set_is_initial_about_blank(true);
            held.set_quirks_mode(QuirksMode::Quirks);
            // 20. The URL is about:blank. 22. Populate the document.
            populate_with_html_head_body(held.node());
        }
        // 21. and 24. Mark it as ready for post-load tasks, and completely finish loading it.
        self.loading.add_completely_loaded(document);
        // 23. Make it the active document.
        self.set_active_document(navigable, document, window);
        self.initialize_session_history(navigable, url, document);
        queues.set_fully_active(document, true);
        // 25. Return them.
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
}

/// [Populate with html/head/body](https://html.spec.whatwg.org/multipage/document-sequences.html#populate-with-html/head/body).
fn populate_with_html_head_body(document: &Node) {
    let html = dom::html_element("html");
    dom::attach(document, None, Rc::clone(&html));
    dom::attach(&html, None, dom::html_element("head"));
    dom::attach(&html, None, dom::html_element("body"));
}
