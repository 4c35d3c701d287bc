//! What moves with the tree: the boundary points of live ranges, and the positions of node iterators
//! ([DOM, live range](https://dom.spec.whatwg.org/#concept-live-range),
//! [node iterator](https://dom.spec.whatwg.org/#concept-nodeiterator)).
//!
//! The objects of ranges and iterators own their points. A table refers to them weakly, so that a page
//! that has dropped them pays nothing. The changes of one operation are planned before it and applied
//! after it, when it is known to have succeeded.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::boa::slots::Slot;

/// A [boundary point](https://dom.spec.whatwg.org/#concept-range-bp).
#[derive(Clone)]
pub(crate) struct Point {
    pub(crate) node: Node,
    pub(crate) offset: usize,
}

/// The boundary points of a range.
pub(crate) struct Points {
    pub(crate) start: RefCell<Point>,
    pub(crate) end: RefCell<Point>,
}

/// Where a node iterator is: its reference, and its
/// [pointer before reference](https://dom.spec.whatwg.org/#nodeiterator-pointer-before-reference).
#[derive(Clone)]
pub(crate) struct Reference {
    pub(crate) node: Node,
    pub(crate) pointer_before: bool,
}

/// The position of a node iterator.
pub(crate) struct Position {
    pub(crate) root: Node,
    pub(crate) at: RefCell<Reference>,
}

/// The ranges and iterators of an agent that are in use.
#[derive(Default)]
struct Live {
    ranges: Vec<Weak<Points>>,
    iterators: Vec<Weak<Position>>,
    /// The numbers at which dropped ones are removed.
    sweep_at: usize,
}

static LIVE: Slot<Live> = Slot::new();

impl Live {
    fn sweep(&mut self) {
        if self.ranges.len() + self.iterators.len() > self.sweep_at {
            self.ranges.retain(|range| range.strong_count() > 0);
            self.iterators
                .retain(|iterator| iterator.strong_count() > 0);
            self.sweep_at = 16 + 2 * (self.ranges.len() + self.iterators.len());
        }
    }
}

/// Keeps the points of a new range up to date.
pub(crate) fn add_range(cx: &Context, points: &Rc<Points>) {
    LIVE.with(cx, |live| {
        live.ranges.push(Rc::downgrade(points));
        live.sweep();
    });
}

/// Keeps the position of a new node iterator up to date.
pub(crate) fn add_iterator(cx: &Context, position: &Rc<Position>) {
    LIVE.with(cx, |live| {
        live.iterators.push(Rc::downgrade(position));
        live.sweep();
    });
}

fn ranges(cx: &Context) -> Vec<Rc<Points>> {
    LIVE.with(cx, |live| {
        live.ranges.iter().filter_map(Weak::upgrade).collect()
    })
}

fn for_each_point(ranges: &[Rc<Points>], mut change: impl FnMut(&mut Point)) {
    for range in ranges {
        change(&mut range.start.borrow_mut());
        change(&mut range.end.borrow_mut());
    }
}

/// A node that leaves its parent.
struct Removal {
    node: Node,
    parent: Node,
    index: usize,
}

/// What an operation on a tree will do to ranges and iterators.
#[must_use]
#[derive(Default)]
pub(crate) struct Moves {
    ranges: Vec<Rc<Points>>,
    iterators: Vec<Rc<Position>>,
    removals: Vec<Removal>,
    references: Vec<(Rc<Position>, Reference)>,
    /// The first node that comes in front of another one, and how many come.
    inserted: Option<(Node, usize)>,
}

impl Moves {
    fn new(cx: &Context) -> Self {
        LIVE.with(cx, |live| {
            // OPTIMIZATION: most pages have neither ranges nor iterators.
            if live.ranges.is_empty() && live.iterators.is_empty() {
                return Self::default();
            }
            Self {
                ranges: live.ranges.iter().filter_map(Weak::upgrade).collect(),
                iterators: live.iterators.iter().filter_map(Weak::upgrade).collect(),
                ..Self::default()
            }
        })
    }

    fn is_idle(&self) -> bool {
        self.ranges.is_empty() && self.iterators.is_empty()
    }

    /// Plans the removal of a node. `gone` nodes before it leave the same parent first.
    fn leave(&mut self, node: &Node, gone: usize) {
        let Some(parent) = dom::parent(node) else {
            return;
        };
        let index = dom::index_of(&parent, node).unwrap_or(0);
        for iterator in &self.iterators {
            let at = iterator.at.borrow();
            let moved = pre_remove(&iterator.root, &at, node, &parent);
            drop(at);
            if let Some(moved) = moved {
                self.references.push((iterator.clone(), moved));
            }
        }
        self.removals.push(Removal {
            node: node.clone(),
            parent,
            index: index.saturating_sub(gone),
        });
    }

    /// Plans that all children leave.
    fn leave_all(&mut self, parent: &Node) {
        let children = parent.children.borrow().clone();
        for (gone, child) in children.iter().enumerate() {
            self.leave(child, gone);
        }
        // Iterators end up where they are when none of the children is there any more.
        for (iterator, reference) in &mut self.references {
            let is_inside = dom::contains(parent, &iterator.at.borrow().node);
            if is_inside {
                let next = match iterator.at.borrow().pointer_before {
                    true => following(parent, &iterator.root),
                    false => None,
                };
                *reference = Reference {
                    pointer_before: next.is_some(),
                    node: next.unwrap_or_else(|| parent.clone()),
                };
            }
        }
    }

    /// Plans that a node comes in front of a child. A fragment's children come instead of it.
    fn come(&mut self, node: &Node, before: Option<&Node>) {
        let count = match dom::is_document_fragment(node) {
            true => {
                let first = dom::first_child(node);
                let count = node.children.borrow().len();
                self.leave_all(node);
                self.inserted = first
                    .filter(|_| before.is_some())
                    .map(|first| (first, count));
                return;
            }
            false => 1,
        };
        self.leave(node, 0);
        self.inserted = before.map(|_| (node.clone(), count));
    }

    /// [Insert](https://dom.spec.whatwg.org/#concept-node-insert)
    pub(crate) fn insert(cx: &Context, node: &Node, before: Option<&Node>) -> Self {
        let mut moves = Self::new(cx);
        if !moves.is_idle() {
            moves.come(node, before);
        }
        moves
    }

    /// [Remove](https://dom.spec.whatwg.org/#concept-node-remove)
    pub(crate) fn remove(cx: &Context, node: &Node) -> Self {
        let mut moves = Self::new(cx);
        if !moves.is_idle() {
            moves.leave(node, 0);
        }
        moves
    }

    /// [Replace](https://dom.spec.whatwg.org/#concept-node-replace)
    pub(crate) fn replace(cx: &Context, node: &Node, child: &Node) -> Self {
        let mut moves = Self::new(cx);
        if !moves.is_idle() {
            moves.leave(child, 0);
            let next = dom::next_sibling(child).filter(|next| !dom::is_same(next, node));
            if !dom::is_same(node, child) {
                moves.come(node, next.as_ref());
            }
        }
        moves
    }

    /// [Replace all](https://dom.spec.whatwg.org/#concept-node-replace-all)
    pub(crate) fn replace_all(cx: &Context, parent: &Node, node: Option<&Node>) -> Self {
        let mut moves = Self::new(cx);
        if !moves.is_idle() {
            moves.leave_all(parent);
            if let Some(node) = node {
                moves.come(node, None);
            }
        }
        moves
    }

    /// The operation has been done.
    pub(crate) fn apply(self) {
        if self.is_idle() {
            return;
        }
        // https://dom.spec.whatwg.org/#concept-node-remove, live range pre-remove steps
        for Removal {
            node,
            parent,
            index,
        } in &self.removals
        {
            for_each_point(&self.ranges, |point| {
                if dom::contains(node, &point.node) {
                    point.node = parent.clone();
                    point.offset = *index;
                } else if dom::is_same(&point.node, parent) && point.offset > *index {
                    point.offset -= 1;
                }
            });
        }
        for (iterator, reference) in self.references {
            iterator.at.replace(reference);
        }
        // https://dom.spec.whatwg.org/#concept-node-insert, step 5
        if let Some((first, count)) = self.inserted
            && let Some(parent) = dom::parent(&first)
            && let Some(index) = dom::index_of(&parent, &first)
        {
            for_each_point(&self.ranges, |point| {
                if dom::is_same(&point.node, &parent) && point.offset > index {
                    point.offset += count;
                }
            });
        }
    }
}

/// The first node that follows all of a node's descendants, below a root.
pub(super) fn following(node: &Node, root: &Node) -> Option<Node> {
    let mut at = node.clone();
    while !dom::is_same(&at, root) {
        if let Some(sibling) = dom::next_sibling(&at) {
            return Some(sibling);
        }
        at = dom::parent(&at)?;
    }
    None
}

/// [NodeIterator pre-remove steps](https://dom.spec.whatwg.org/#nodeiterator-pre-removing-steps)
fn pre_remove(root: &Node, at: &Reference, node: &Node, parent: &Node) -> Option<Reference> {
    // 1. Only the removal of what is around the reference matters, below the root.
    if dom::is_same(node, root) || !dom::contains(node, &at.node) || !dom::contains(root, node) {
        return None;
    }
    // 2. A pointer before the reference goes to the node that follows, if there is one.
    if at.pointer_before
        && let Some(next) = following(node, root)
    {
        return Some(Reference {
            node: next,
            pointer_before: true,
        });
    }
    // 3. Otherwise the reference is what came before.
    let before = dom::previous_sibling(node);
    let last = before.and_then(|before| dom::inclusive_descendants(&before).last());
    Some(Reference {
        node: last.unwrap_or_else(|| parent.clone()),
        pointer_before: false,
    })
}

/// [Replace data](https://dom.spec.whatwg.org/#concept-cd-replace), steps 8 to 11.
pub(crate) fn data_replaced(cx: &Context, node: &Node, offset: usize, count: usize, length: usize) {
    for_each_point(&ranges(cx), |point| {
        if !dom::is_same(&point.node, node) || point.offset <= offset {
            return;
        }
        if point.offset <= offset.saturating_add(count) {
            point.offset = offset;
        } else {
            point.offset = point.offset - count + length;
        }
    });
}

/// [Split](https://dom.spec.whatwg.org/#concept-text-split), steps 7.2 to 7.5: a text node was split, and
/// the new one stands behind it.
pub(crate) fn text_split(cx: &Context, node: &Node, new: &Node, offset: usize, parent: &Node) {
    let index = dom::index_of(parent, node);
    for_each_point(&ranges(cx), |point| {
        if dom::is_same(&point.node, node) && point.offset > offset {
            point.node = new.clone();
            point.offset -= offset;
        } else if dom::is_same(&point.node, parent)
            && index.map(|index| index + 1) == Some(point.offset)
        {
            point.offset += 1;
        }
    });
}

/// [`normalize()`](https://dom.spec.whatwg.org/#dom-node-normalize), step 6: the data of a text node goes
/// to the end of the one before it, which had this length.
pub(crate) fn text_joined(cx: &Context, node: &Node, into: &Node, length: usize) {
    let parent = dom::parent(node);
    let index = parent
        .as_ref()
        .and_then(|parent| dom::index_of(parent, node));
    for_each_point(&ranges(cx), |point| {
        if dom::is_same(&point.node, node) {
            point.node = into.clone();
            point.offset += length;
        } else if parent
            .as_ref()
            .is_some_and(|parent| dom::is_same(&point.node, parent))
            && index == Some(point.offset)
        {
            point.node = into.clone();
            point.offset = length;
        }
    });
}
