//! Changes to a tree that no script has made, for embedders that tell observers of them.

use core::fmt;

use super::{Node, node_label};

/// What a parser has changed
/// ([DOM, queuing a mutation record](https://dom.spec.whatwg.org/#queueing-a-mutation-record)).
#[derive(Clone)]
#[non_exhaustive]
pub enum TreeChange {
    /// Children came or went.
    Children {
        /// The parent.
        target: Node,
        /// The nodes that came.
        added: Vec<Node>,
        /// The nodes that went.
        removed: Vec<Node>,
        /// The sibling before them.
        previous_sibling: Option<Node>,
        /// The sibling behind them.
        next_sibling: Option<Node>,
    },
    /// An element got an attribute without a namespace.
    Attribute {
        /// The element.
        target: Node,
        /// The name of the attribute.
        name: String,
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
        }
    }
}
