//! [Retargeting](https://dom.spec.whatwg.org/#retarget): the node that scripts outside a shadow tree see.

use std::rc::Rc;

use crate::Contexts;
use crate::dom::{self, Node};

impl Contexts {
    /// Whether `ancestor` is a
    /// [shadow-including inclusive ancestor](https://dom.spec.whatwg.org/#concept-shadow-including-inclusive-ancestor)
    /// of `node`.
    #[must_use]
    pub fn is_shadow_including_inclusive_ancestor(&self, ancestor: &Node, node: &Node) -> bool {
        let mut node = Rc::clone(node);
        loop {
            if dom::contains(ancestor, &node) {
                return true;
            }
            match self.shadow_host(&dom::root(&node)) {
                Some(host) => node = host,
                None => return false,
            }
        }
    }

    /// [Retarget](https://dom.spec.whatwg.org/#retarget) a node against another node. `None` means a target that is
    /// not a node, such as a window.
    #[must_use]
    pub fn retarget(&self, node: &Node, against: Option<&Node>) -> Node {
        let mut node = Rc::clone(node);
        loop {
            let root = dom::root(&node);
            let Some(host) = self.shadow_host(&root) else {
                return node;
            };
            let seen = against
                .is_some_and(|against| self.is_shadow_including_inclusive_ancestor(&root, against));
            if seen {
                return node;
            }
            node = host;
        }
    }
}
