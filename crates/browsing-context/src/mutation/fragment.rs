//! Fragments and clones
//! ([HTML, DOM parsing and serialization APIs](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-parsing-and-serialization)).

use std::rc::Rc;

use crate::Contexts;
use crate::dom::{self, CloneScope, Node};
use crate::parser::{FragmentOptions, parse_fragment_with_scripts};
use crate::steps::Steps;

impl Contexts {
    /// [Fragment parsing algorithm](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#fragment-parsing-algorithm-steps),
    /// as `innerHTML` uses it: the scripts of the fragment will not run.
    #[must_use]
    pub fn parse_fragment(&mut self, context: &Node, html: &str) -> Node {
        let document = self.document_of(context);
        let held = document.and_then(|document| self.document(document));
        let options = held.map_or_else(FragmentOptions::default, |document| FragmentOptions {
            quirks_mode: document.quirks_mode(),
            scripting: document.scripting_enabled(),
        });
        let parsed = parse_fragment_with_scripts(context, html, options);
        for script in parsed.scripts {
            self.scripts.mark_as_already_started(&script);
        }
        let fragment = dom::create_document_fragment();
        for node in parsed.nodes {
            dom::attach(&fragment, None, node);
        }
        if let Some(document) = document {
            self.set_document_of_detached_root(&fragment, document);
        }
        fragment
    }

    /// The setter of [`innerHTML`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml)
    /// of an element.
    pub fn set_inner_html(&mut self, element: &Node, html: &str) -> Steps {
        // 3. Parse the fragment.
        let fragment = self.parse_fragment(element, html);
        // 4. The context of a template is its contents.
        let target = dom::template_contents(element).unwrap_or_else(|| Rc::clone(element));
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
        if let Some(document) = self.document_of(node) {
            self.set_document_of_detached_root(&copy, document);
        }
        copy
    }
}
