//! Fragments and clones
//! ([HTML, DOM parsing and serialization APIs](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-parsing-and-serialization)).

use std::rc::Rc;

use html5ever::interface::QuirksMode;

use crate::Contexts;
use crate::documents::{Document, DocumentProperties};
use crate::dom::{self, CloneScope, Node, NodeKind};
use crate::parser::{
    FragmentOptions, ParsedFragment, parse_fragment_with_scripts, parse_xml_fragment,
};
use crate::steps::Steps;

/// Whether the scripts of a fragment run when they are inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FragmentScripts {
    /// They do not run.
    Inert,
    /// They run.
    Run,
}

impl Contexts {
    /// [Fragment parsing algorithm](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#fragment-parsing-algorithm-steps),
    /// as `innerHTML` uses it: the scripts of the fragment will not run.
    #[must_use]
    pub fn parse_fragment(&mut self, context: &Node, html: &str) -> Node {
        let parsed = self.parse_html_fragment(context, html, false);
        self.fragment_of(context, parsed)
    }

    /// The same, as `setHTMLUnsafe()` uses it: with declarative shadow roots. `scripts` decides whether the
    /// scripts of the fragment run when they are inserted.
    #[must_use]
    pub fn parse_fragment_unsafely(
        &mut self,
        context: &Node,
        html: &str,
        scripts: FragmentScripts,
    ) -> Node {
        let mut parsed = self.parse_html_fragment(context, html, true);
        if scripts == FragmentScripts::Run {
            parsed.scripts.clear();
        }
        self.fragment_of(context, parsed)
    }

    /// The part of [`createContextualFragment()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-range-createcontextualfragment)
    /// that parses: the scripts of the fragment can run.
    ///
    /// # Errors
    /// What is wrong with a text that is not well-formed, in an XML document.
    pub fn parse_contextual_fragment(
        &mut self,
        context: &Node,
        markup: &str,
    ) -> Result<Node, String> {
        let mut parsed = match self.is_in_html_document(context) {
            true => self.parse_html_fragment(context, markup, false),
            false => parse_xml_fragment(context, markup)?,
        };
        parsed.scripts.clear();
        Ok(self.fragment_of(context, parsed))
    }

    fn parse_html_fragment(
        &self,
        context: &Node,
        html: &str,
        declarative_shadow_roots: bool,
    ) -> ParsedFragment {
        let document = self.node_document(context);
        let shown = self.document_of(context);
        let shown = shown.and_then(|document| self.document(document));
        let properties = document
            .as_ref()
            .and_then(|document| self.document_properties(document));
        let options = FragmentOptions {
            quirks_mode: properties.map_or(QuirksMode::NoQuirks, DocumentProperties::quirks_mode),
            scripting: shown.is_some_and(Document::scripting_enabled),
        };
        parse_fragment_with_scripts(context, html, options, declarative_shadow_roots)
    }

    /// [XML fragment parsing algorithm](https://html.spec.whatwg.org/multipage/xhtml.html#parsing-xhtml-fragments),
    /// for contexts in XML documents.
    ///
    /// # Errors
    /// The error, if the text is not well-formed.
    pub fn parse_xml_fragment(&mut self, context: &Node, xml: &str) -> Result<Node, String> {
        let parsed = parse_xml_fragment(context, xml)?;
        Ok(self.fragment_of(context, parsed))
    }

    /// Moves parsed nodes into a fragment of the node document of the context.
    fn fragment_of(&mut self, context: &Node, parsed: ParsedFragment) -> Node {
        for script in parsed.scripts {
            self.scripts.mark_as_already_started(&script);
        }
        let fragment = dom::create_document_fragment();
        for node in parsed.nodes {
            dom::attach(&fragment, None, node);
        }
        self.attach_declared_shadow_roots(parsed.shadow_roots);
        self.note_the_document_of(context, &fragment);
        fragment
    }

    /// The setter of [`innerHTML`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml)
    /// of an element.
    pub fn set_inner_html(&mut self, element: &Node, html: &str) -> Steps {
        // 3. Parse the fragment.
        let fragment = self.parse_fragment(element, html);
        // 4. The context of a template is its contents.
        let contents = self.template_contents(element);
        let target = contents.unwrap_or_else(|| Rc::clone(element));
        // 5. Replace all children by the fragment.
        self.replace_all(&target, Some(&fragment))
    }

    /// [Clone a node](https://dom.spec.whatwg.org/#concept-node-clone) with HTML's cloning steps. The
    /// clone belongs to the node's document.
    #[must_use]
    pub fn clone_node(&mut self, node: &Node, scope: CloneScope) -> Node {
        let copy = dom::clone_node(node, scope);
        let pairs = dom::inclusive_descendants(node).zip(dom::inclusive_descendants(&copy));
        for (from, to) in pairs {
            if self.scripts.is_already_started(&from) {
                self.scripts.mark_as_already_started(&to);
            }
        }
        self.clone_shadow_trees(node, &copy);
        // The clone of a document has its encoding, content type, URL, origin, type and mode.
        if dom::node_kind(node) == NodeKind::Document {
            self.give_the_properties_of(node, &copy);
        } else {
            self.note_the_document_of(node, &copy);
        }
        copy
    }

    /// Sets the node document of the root of a new tree to that of `like`.
    pub(super) fn note_the_document_of(&mut self, like: &Node, root: &Node) {
        if let Some(document) = self.document_to_note(like) {
            self.set_document_of_detached_root(root, document);
        }
    }
}
