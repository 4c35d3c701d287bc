//! Counts the changes of trees, so that the result of a search in a tree can be kept until the next change, and watches
//! single trees.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::{Node, is_same, root};

thread_local! {
    // Nodes stay on their thread, and have no field for a count of their own.
    static CHANGES: Cell<u64> = const { Cell::new(0) };
    /// The trees whose next change somebody waits for.
    static WATCHED: RefCell<Vec<Weak<Watched>>> = const { RefCell::new(Vec::new()) };
}

/// The number of insertions, removals and attribute changes of this thread's nodes.
///
/// While the number stays the same, no tree has changed.
#[must_use]
pub fn tree_changes() -> u64 {
    CHANGES.get()
}

struct Watched {
    root: Node,
    has_changed: Cell<bool>,
}

/// Tells whether one tree has changed: its nodes, their attributes or their data.
///
/// A change of another tree of the thread makes no difference, unless it takes nodes of this one.
pub struct TreeWatch(Rc<Watched>);

// Not derived, because a node's own Debug prints the whole tree below it, recursively.
impl core::fmt::Debug for TreeWatch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("TreeWatch")
            .field(&self.has_changed())
            .finish()
    }
}

impl TreeWatch {
    /// Watches the tree of a node from now on.
    #[must_use]
    pub fn new(node: &Node) -> Self {
        let watched = Rc::new(Watched {
            root: root(node),
            has_changed: Cell::new(false),
        });
        WATCHED.with_borrow_mut(|all| {
            all.retain(|known| known.strong_count() > 0);
            all.push(Rc::downgrade(&watched));
        });
        Self(watched)
    }

    /// Whether the tree has changed.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.0.has_changed.get()
    }
}

/// Counts a change. All code that changes the children or the attributes of a node calls it, before the node leaves its
/// tree.
pub(crate) fn tree_changed(node: &Node) {
    CHANGES.set(CHANGES.get().wrapping_add(1));
    watched_changed(node);
}

/// Tells the watches of a node's tree. For changes of data, which [`tree_changes`] does not count.
pub(crate) fn watched_changed(node: &Node) {
    WATCHED.with_borrow_mut(|all| {
        // OPTIMIZATION: most pages watch nothing.
        if all.is_empty() {
            return;
        }
        let root = root(node);
        // A watch waits for the first change only.
        all.retain(|watched| match watched.upgrade() {
            Some(watched) if is_same(&watched.root, &root) => {
                watched.has_changed.set(true);
                false
            }
            other => other.is_some(),
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::{
        attach, create_element, create_text, detach, plain_attribute_name, put_attribute, set_data,
    };

    #[test]
    fn a_watch_hears_of_the_changes_of_its_tree_only() {
        let (a, b) = (create_element("a").unwrap(), create_element("b").unwrap());
        let text = create_text("x");
        attach(&a, None, text.clone());
        type Case<'a> = (&'a str, &'a dyn Fn(), [bool; 2]);
        let changes: [Case<'_>; 5] = [
            ("data", &|| assert!(set_data(&text, "y")), [true, false]),
            (
                "attribute",
                &|| drop(put_attribute(&b, &plain_attribute_name("id"), "1")),
                [false, true],
            ),
            ("removal", &|| drop(detach(&text)), [true, false]),
            (
                "insertion",
                &|| attach(&b, None, text.clone()),
                [false, true],
            ),
            ("joining", &|| attach(&a, None, b.clone()), [true, true]),
        ];
        for (name, change, expected) in changes {
            let watches = [TreeWatch::new(&a), TreeWatch::new(&b)];
            change();
            assert_eq!(watches.map(|watch| watch.has_changed()), expected, "{name}");
        }
    }
}
