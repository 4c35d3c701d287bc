//! The [root](https://dom.spec.whatwg.org/#concept-tree-root) of a node, and the search for an ancestor, in deep trees.
//!
//! Most operations on a tree ask for a root. A walk over all ancestors would make the time for building a tree
//! quadratic in its depth. So nodes that are far below their root keep *shortcuts* to an ancestor. A shortcut is valid
//! until the node or one of the nodes between is removed from its parent; [`forget_shortcuts`] drops it then.
//! A tree of usual depth has none.
//!
//! Rejected: the root as a value of each node in a table, because an insertion would have to change it in all
//! descendants, and a table entry for each node costs more than a short walk.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use markup5ever_rcdom::Node as RcNode;

use super::tree::{inclusive_descendants, is_same, parent};
use super::{Node, NodeTable};

/// The number of steps to parents between two shortcuts.
const STRIDE: usize = 32;

thread_local! {
    // Nodes stay on their thread, and have no field for a shortcut.
    static SHORTCUTS: RefCell<NodeTable<Weak<RcNode>>> = RefCell::default();
}

/// [Root](https://dom.spec.whatwg.org/#concept-tree-root).
#[must_use]
pub fn root(node: &Node) -> Node {
    root_and_steps(node).0
}

/// The root, and the number of steps to it.
fn root_and_steps(node: &Node) -> (Node, usize) {
    let mut at = Rc::clone(node);
    for steps in 0..STRIDE {
        match parent(&at) {
            Some(above) => at = above,
            None => return (at, steps),
        }
    }
    SHORTCUTS.with_borrow_mut(|shortcuts| climb(shortcuts, at))
}

/// Walks to the root over the shortcuts, and adds those that are missing.
fn climb(shortcuts: &mut NodeTable<Weak<RcNode>>, mut at: Node) -> (Node, usize) {
    let (mut steps, mut since) = (STRIDE, 0);
    let mut passed = Vec::new();
    loop {
        let shortcut = shortcuts.get(&at).and_then(Weak::upgrade);
        let next = match shortcut {
            Some(ancestor) => {
                passed.push(Rc::clone(&at));
                since = 0;
                ancestor
            }
            None => {
                let Some(above) = parent(&at) else { break };
                if since == STRIDE {
                    passed.push(Rc::clone(&at));
                    since = 0;
                }
                since += 1;
                above
            }
        };
        at = next;
        steps += 1;
    }
    // The last shortcut leads to the root already, if no step to a parent followed.
    for node in passed {
        let leads_to_root = |held: &Weak<RcNode>| std::ptr::eq(held.as_ptr(), Rc::as_ptr(&at));
        if !shortcuts.get(&node).is_some_and(leads_to_root) {
            shortcuts.insert(&node, Rc::downgrade(&at));
        }
    }
    (at, steps)
}

/// Drops the shortcuts of a node that loses its parent, and of its descendants.
pub(super) fn forget_shortcuts(node: &Node) {
    SHORTCUTS.with_borrow_mut(|shortcuts| {
        // OPTIMIZATION: a thread without deep trees has no shortcuts.
        if shortcuts.is_empty() {
            return;
        }
        for below in inclusive_descendants(node) {
            shortcuts.remove(&below);
        }
    });
}

/// Whether `node` is `ancestor` or one of its descendants
/// ([inclusive descendant](https://dom.spec.whatwg.org/#concept-tree-inclusive-descendant)).
#[must_use]
pub fn contains(ancestor: &Node, node: &Node) -> bool {
    contains_and_steps(ancestor, node).0
}

fn contains_and_steps(ancestor: &Node, node: &Node) -> (bool, usize) {
    let mut at = Rc::clone(node);
    for steps in 0..STRIDE {
        if is_same(&at, ancestor) {
            return (true, steps);
        }
        match parent(&at) {
            Some(above) => at = above,
            None => return (false, steps),
        }
    }
    // OPTIMIZATION: in a deep tree, a root is compared with the root, and otherwise the search goes on in both directions.
    // So it takes no more time than a walk over the descendants of `ancestor`, which an insertion needs in any case.
    if parent(ancestor).is_none() {
        let (root, steps) = root_and_steps(&at);
        return (is_same(&root, ancestor), STRIDE + steps);
    }
    let mut steps = STRIDE;
    let mut below = vec![Rc::clone(ancestor)];
    let mut credit = 0;
    loop {
        if is_same(&at, ancestor) {
            return (true, steps);
        }
        let Some(above) = parent(&at) else {
            return (false, steps);
        };
        at = above;
        // For each step up, one child is visited below.
        credit += 1;
        steps += 1;
        while let Some(next) = below.last() {
            let cost = 1 + next.children.borrow().len();
            if cost > credit {
                break;
            }
            credit -= cost;
            if is_same(next, node) {
                return (true, steps);
            }
            let next = Rc::clone(next);
            below.pop();
            below.extend(next.children.borrow().iter().cloned());
        }
        if below.is_empty() {
            return (false, steps);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::{attach, create_element, detach, inclusive_ancestors};

    const DEPTH: usize = 20_000;

    fn element() -> Node {
        create_element("div").unwrap()
    }

    /// A chain of elements, the root first.
    fn chain(depth: usize) -> Vec<Node> {
        let nodes: Vec<Node> = (0..depth).map(|_| element()).collect();
        for pair in nodes.windows(2) {
            attach(&pair[0], None, Rc::clone(&pair[1]));
        }
        nodes
    }

    /// The steps that the root of each of these nodes takes, in this order. The result of each is compared with
    /// `expected`.
    fn steps<'a>(nodes: impl IntoIterator<Item = &'a Node>, expected: &Node) -> usize {
        let nodes = nodes.into_iter();
        let count = |node| {
            let (root, steps) = root_and_steps(node);
            assert!(is_same(&root, expected));
            steps
        };
        nodes.map(count).sum()
    }

    #[test]
    fn roots_of_a_tree_that_grows_downwards_take_a_constant_number_of_steps() {
        let nodes = chain(1);
        let (root, mut last, mut sum) = (&nodes[0], Rc::clone(&nodes[0]), 0);
        for _ in 0..DEPTH {
            let next = element();
            sum += steps([&last], root);
            attach(&last, None, Rc::clone(&next));
            last = next;
        }
        assert!(sum < 3 * STRIDE * DEPTH, "{sum}");
    }

    #[test]
    fn roots_of_a_tree_that_grows_upwards_take_a_constant_number_of_steps() {
        let (leaf, mut sum) = (element(), 0);
        let mut top = Rc::clone(&leaf);
        for _ in 0..DEPTH {
            let above = element();
            attach(&above, None, Rc::clone(&top));
            top = above;
            sum += steps([&leaf], &top);
        }
        assert!(sum < 3 * STRIDE * DEPTH, "{sum}");
    }

    #[test]
    fn roots_of_all_nodes_are_found_from_both_ends() {
        let down = chain(DEPTH);
        let sum = steps(&down, &down[0]);
        assert!(sum < 3 * STRIDE * DEPTH, "{sum}");
        let up = chain(DEPTH);
        let sum = steps(up.iter().rev(), &up[0]);
        assert!(sum < 3 * STRIDE * DEPTH, "{sum}");
    }

    #[test]
    fn part_that_is_removed_has_a_root_of_its_own() {
        let nodes = chain(1000);
        let last = &nodes[999];
        assert!(is_same(&root(last), &nodes[0]));
        for at in [900, 500, 33, 1] {
            detach(&nodes[at]);
            assert!(is_same(&root(last), &nodes[at]), "{at}");
            assert!(contains(&nodes[at], last) && !contains(&nodes[0], last));
            attach(&nodes[at - 1], None, Rc::clone(&nodes[at]));
            assert!(is_same(&root(last), &nodes[0]), "{at}");
            assert!(contains(&nodes[0], last));
        }
    }

    #[test]
    fn random_changes_keep_the_shortcuts_right() {
        let nodes = chain(400);
        let mut number: usize = 1;
        let mut next = |below: usize| {
            number = number.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (number >> 33) % below
        };
        for _ in 0..4000 {
            let (child, under) = (&nodes[next(400)], &nodes[next(400)]);
            if !contains(child, under) {
                detach(child);
                attach(under, None, Rc::clone(child));
            }
            let node = &nodes[next(400)];
            let expected = inclusive_ancestors(node).last().unwrap();
            assert!(is_same(&root(node), &expected));
            let other = &nodes[next(400)];
            let expected = inclusive_ancestors(node).any(|above| is_same(&above, other));
            assert_eq!(contains(other, node), expected);
        }
    }

    #[test]
    fn small_subtree_deep_in_a_tree_is_searched_from_above() {
        let nodes = chain(DEPTH);
        let small = element();
        attach(&nodes[10], None, Rc::clone(&small));
        attach(&small, None, element());
        let (found, steps) = contains_and_steps(&small, &nodes[DEPTH - 1]);
        assert!(!found && steps < 2 * STRIDE, "{steps}");
    }
}
