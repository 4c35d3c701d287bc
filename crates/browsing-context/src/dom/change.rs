//! Changes to a tree, for embedders that report them to observers.

use core::fmt;

use super::{Node, node_label};

/// A change of a tree
/// ([DOM, queuing a mutation record](https://dom.spec.whatwg.org/#queueing-a-mutation-record)).
#[derive(Clone)]
#[non_exhaustive]
pub enum TreeChange {
    /// Children were added or removed.
    Children {
        /// The parent.
        target: Node,
        /// The added nodes.
        added: Vec<Node>,
        /// The removed nodes.
        removed: Vec<Node>,
        /// The sibling before them.
        previous_sibling: Option<Node>,
        /// The sibling after them.
        next_sibling: Option<Node>,
    },
    /// An element got an attribute without a namespace.
    Attribute {
        /// The element.
        target: Node,
        /// The name of the attribute.
        name: String,
    },
    /// Elements that may be [named elements](https://html.spec.whatwg.org/multipage/dom.html#named-elements) of a
    /// document were inserted, removed or renamed by a parser or by script. Only for documents that
    /// [are watched](crate::Contexts::watch_named_elements).
    NamedElements {
        /// The root of the document.
        document: Node,
    },
}

// Not derived, because a node's own Debug prints the whole tree below it, recursively.
impl fmt::Debug for TreeChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Children {
                target,
                added,
                removed,
                ..
            } => write!(
                f,
                "Children({}, +{}, -{})",
                node_label(target),
                added.len(),
                removed.len()
            ),
            Self::Attribute { target, name } => {
                write!(f, "Attribute({}, {name})", node_label(target))
            }
            Self::NamedElements { .. } => f.write_str("NamedElements"),
        }
    }
}
