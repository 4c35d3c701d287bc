//! The contents of ranges ([DOM, interface Range](https://dom.spec.whatwg.org/#interface-range)).
//!
//! The standard extracts and clones contents recursively. Here the part of the tree that a range enters is
//! rebuilt from its innermost node up, which gives the same nodes in the same order.

use boa_engine::{Context, JsResult, JsString};
use framepost_browsing_context::dom::{self, CloneScope, NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use super::data::{replace_data, split_text, units};
use super::live::Point;
use super::ranges::{RangeData, common_ancestor, length, select};
use super::tree;
use crate::script::with_contexts;
use crate::webidl::exception::{self, OrThrow};

/// Whether the nodes of a range go into the fragment, or copies of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Nodes,
    Copies,
}

/// The nodes at which a range enters a part of the tree.
struct Parts {
    /// The [first partially contained child](https://dom.spec.whatwg.org/#concept-range-extract).
    first: Option<Node>,
    /// The children of the common ancestor that are contained.
    contained: Vec<Node>,
    /// The last partially contained child.
    last: Option<Node>,
}

/// The child of `ancestor` that is or is around a node.
fn child_around(ancestor: &Node, node: &Node) -> Option<Node> {
    dom::inclusive_ancestors(node)
        .find(|node| dom::parent(node).is_some_and(|parent| dom::is_same(&parent, ancestor)))
}

fn parts(start: &Point, end: &Point) -> Parts {
    let common = common_ancestor(&start.node, &end.node);
    let first = child_around(&common, &start.node);
    let last = child_around(&common, &end.node);
    let index = |child: &Node| dom::index_of(&common, child).unwrap_or(0);
    let from = first
        .as_ref()
        .map_or(start.offset, |first| index(first) + 1);
    let to = last.as_ref().map_or(end.offset, index);
    let children = match dom::is_character_data(&common) {
        true => Vec::new(),
        false => common.children.borrow().clone(),
    };
    let contained = children.get(from..to).unwrap_or_default().to_vec();
    Parts {
        first,
        contained,
        last,
    }
}

/// Where a range collapses to when its contents go.
fn new_point(start: &Point, end: &Point) -> Point {
    if dom::contains(&start.node, &end.node) {
        return start.clone();
    }
    let mut reference = start.node.clone();
    while let Some(parent) = dom::parent(&reference) {
        if dom::contains(&parent, &end.node) {
            let index = dom::index_of(&parent, &reference).unwrap_or(0);
            return Point {
                node: parent,
                offset: index + 1,
            };
        }
        reference = parent;
    }
    start.clone()
}

/// A clone without children.
fn shallow(node: &Node, cx: &mut Context) -> Node {
    let copy = with_contexts(cx, |contexts| contexts.clone_node(node, CloneScope::Node));
    tree::adopt(cx, &copy, node);
    copy
}

/// A clone of character data with a part of the data, which may leave the node.
fn data_part(node: &Node, from: usize, to: usize, what: What, cx: &mut Context) -> JsResult<Node> {
    let copy = shallow(node, cx);
    let units = units(node);
    let part = units.get(from..to).unwrap_or_default();
    dom::set_data(&copy, &String::from_utf16_lossy(part));
    if what == What::Nodes {
        replace_data(node, from, to.saturating_sub(from), "", cx)?;
    }
    Ok(copy)
}

/// Appends nodes, or deep clones of them.
fn append_all(into: &Node, nodes: Vec<Node>, what: What, cx: &mut Context) -> JsResult<()> {
    for node in nodes {
        let node = match what {
            What::Nodes => node,
            What::Copies => {
                let scope = CloneScope::Subtree;
                let copy = with_contexts(cx, |contexts| contexts.clone_node(&node, scope));
                tree::adopt(cx, &copy, &node);
                copy
            }
        };
        tree::insert(cx, into, &node, None)?;
    }
    Ok(())
}

fn siblings_behind(node: &Node) -> Vec<Node> {
    std::iter::successors(dom::next_sibling(node), dom::next_sibling).collect()
}

fn siblings_before(node: &Node) -> Vec<Node> {
    let mut before: Vec<Node> =
        std::iter::successors(dom::previous_sibling(node), dom::previous_sibling).collect();
    before.reverse();
    before
}

/// The part of the first partially contained child that is in the range.
fn first_part(start: &Point, top: &Node, what: What, cx: &mut Context) -> JsResult<Node> {
    let mut piece = if dom::is_character_data(&start.node) {
        data_part(&start.node, start.offset, length(&start.node), what, cx)?
    } else {
        let piece = shallow(&start.node, cx);
        let children = start.node.children.borrow().clone();
        let contained = children.get(start.offset..).unwrap_or_default().to_vec();
        append_all(&piece, contained, what, cx)?;
        piece
    };
    let mut at = start.node.clone();
    while !dom::is_same(&at, top)
        && let Some(parent) = dom::parent(&at)
    {
        let around = shallow(&parent, cx);
        tree::insert(cx, &around, &piece, None)?;
        append_all(&around, siblings_behind(&at), what, cx)?;
        piece = around;
        at = parent;
    }
    Ok(piece)
}

/// The part of the last partially contained child that is in the range.
fn last_part(end: &Point, top: &Node, what: What, cx: &mut Context) -> JsResult<Node> {
    let mut piece = if dom::is_character_data(&end.node) {
        data_part(&end.node, 0, end.offset, what, cx)?
    } else {
        let piece = shallow(&end.node, cx);
        let children = end.node.children.borrow().clone();
        let contained = children.get(..end.offset).unwrap_or_default().to_vec();
        append_all(&piece, contained, what, cx)?;
        piece
    };
    let mut at = end.node.clone();
    while !dom::is_same(&at, top)
        && let Some(parent) = dom::parent(&at)
    {
        let around = shallow(&parent, cx);
        append_all(&around, siblings_before(&at), what, cx)?;
        tree::insert(cx, &around, &piece, None)?;
        piece = around;
        at = parent;
    }
    Ok(piece)
}

/// [Extract](https://dom.spec.whatwg.org/#concept-range-extract) and
/// [clone the contents](https://dom.spec.whatwg.org/#concept-range-clone).
fn contents(range: &RangeData, what: What, cx: &mut Context) -> JsResult<Node> {
    let (start, end) = (range.start(), range.end());
    // 1. Create a fragment.
    let fragment = dom::create_document_fragment();
    tree::adopt(cx, &fragment, &start.node);
    // 2. A collapsed range has no contents.
    if range.is_collapsed() {
        return Ok(fragment);
    }
    // 4. Inside of character data the contents are data.
    if dom::is_same(&start.node, &end.node) && dom::is_character_data(&start.node) {
        let part = data_part(&start.node, start.offset, end.offset, what, cx)?;
        tree::insert(cx, &fragment, &part, None)?;
        return Ok(fragment);
    }
    // 5. to 11. Find what is contained. A doctype does not move.
    let parts = parts(&start, &end);
    if parts
        .contained
        .iter()
        .any(|node| node_kind(node) == NodeKind::Doctype)
    {
        let message = "The range contains a doctype.";
        return Err(exception::throw("HierarchyRequestError", message, cx));
    }
    // 12. to 14. Where the range will be.
    let point = new_point(&start, &end);
    // 15. to 19. Take the parts.
    if let Some(first) = &parts.first {
        let piece = first_part(&start, first, what, cx)?;
        tree::insert(cx, &fragment, &piece, None)?;
    }
    append_all(&fragment, parts.contained, what, cx)?;
    if let Some(last) = &parts.last {
        let piece = last_part(&end, last, what, cx)?;
        tree::insert(cx, &fragment, &piece, None)?;
    }
    // 20. Collapse the range.
    if what == What::Nodes {
        range.set(point.clone(), point);
    }
    Ok(fragment)
}

/// [`extractContents()`](https://dom.spec.whatwg.org/#dom-range-extractcontents)
pub(super) fn extract_contents(range: &RangeData, cx: &mut Context) -> JsResult<Node> {
    contents(range, What::Nodes, cx)
}

/// [`cloneContents()`](https://dom.spec.whatwg.org/#dom-range-clonecontents)
pub(super) fn clone_contents(range: &RangeData, cx: &mut Context) -> JsResult<Node> {
    contents(range, What::Copies, cx)
}

/// The nodes that are [contained](https://dom.spec.whatwg.org/#contained) in a range and whose parents are
/// not, in tree order.
fn contained_tops(start: &Point, end: &Point) -> Vec<Node> {
    let parts = parts(start, end);
    let mut found = Vec::new();
    if let Some(first) = &parts.first {
        if !dom::is_character_data(&start.node) {
            let children = start.node.children.borrow();
            found.extend(
                children
                    .get(start.offset..)
                    .unwrap_or_default()
                    .iter()
                    .cloned(),
            );
        }
        let path = dom::inclusive_ancestors(&start.node);
        let path = path.take_while(|node| !dom::is_same(node, first));
        found.extend(path.flat_map(|node| siblings_behind(&node)));
    }
    found.extend(parts.contained);
    if let Some(last) = &parts.last {
        let path = dom::inclusive_ancestors(&end.node);
        let path: Vec<Node> = path.take_while(|node| !dom::is_same(node, last)).collect();
        found.extend(path.iter().rev().flat_map(siblings_before));
        if !dom::is_character_data(&end.node) {
            let children = end.node.children.borrow();
            found.extend(
                children
                    .get(..end.offset)
                    .unwrap_or_default()
                    .iter()
                    .cloned(),
            );
        }
    }
    found
}

/// [`deleteContents()`](https://dom.spec.whatwg.org/#dom-range-deletecontents)
pub(super) fn delete_contents(range: &RangeData, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. A collapsed range has no contents.
    let (start, end) = (range.start(), range.end());
    if range.is_collapsed() {
        return Ok(());
    }
    // 3. Inside of character data the contents are data.
    if dom::is_same(&start.node, &end.node) && dom::is_character_data(&start.node) {
        let count = end.offset.saturating_sub(start.offset);
        return replace_data(&start.node, start.offset, count, "", cx);
    }
    // 4. to 6. What goes, and where the range will be.
    let nodes = contained_tops(&start, &end);
    let point = new_point(&start, &end);
    // 7. to 9. Remove it.
    if dom::is_character_data(&start.node) {
        let count = length(&start.node).saturating_sub(start.offset);
        replace_data(&start.node, start.offset, count, "", cx)?;
    }
    for node in nodes {
        if dom::parent(&node).is_some() {
            tree::remove(cx, &node);
        }
    }
    if dom::is_character_data(&end.node) {
        replace_data(&end.node, 0, end.offset, "", cx)?;
    }
    // 10. Collapse the range.
    range.set(point.clone(), point);
    Ok(())
}

/// [Insert](https://dom.spec.whatwg.org/#concept-range-insert) a node into a range.
pub(super) fn insert(range: &RangeData, node: &Node, cx: &mut Context) -> JsResult<()> {
    let start = range.start();
    let is_text = dom::is_text(&start.node);
    // 1. Nothing is inserted into these.
    let refuses = match node_kind(&start.node) {
        NodeKind::ProcessingInstruction | NodeKind::Comment => true,
        _ if is_text => dom::parent(&start.node).is_none(),
        _ => false,
    };
    if refuses || dom::is_same(&start.node, node) {
        let message = "The node cannot be inserted where the range starts.";
        return Err(exception::throw("HierarchyRequestError", message, cx));
    }
    // 2. to 4. The node in front of which it comes.
    let mut reference = match is_text {
        true => Some(start.node.clone()),
        false => start.node.children.borrow().get(start.offset).cloned(),
    };
    // 5. The parent.
    let parent = reference.as_ref().and_then(dom::parent);
    let parent = parent.unwrap_or_else(|| start.node.clone());
    // 6. Check that it may come there.
    dom::ensure_pre_insertion_validity(&parent, node, reference.as_ref()).or_throw(cx)?;
    // 7. A text node is split.
    if is_text {
        reference = Some(split_text(&start.node, start.offset, cx)?);
    }
    // 8. A node does not come in front of itself.
    if reference
        .as_ref()
        .is_some_and(|reference| dom::is_same(reference, node))
    {
        reference = dom::next_sibling(node);
    }
    // 9. Take it out of its tree.
    if dom::parent(node).is_some() {
        tree::remove(cx, node);
    }
    // 10. and 11. The offset behind what is inserted.
    let index = reference
        .as_ref()
        .and_then(|reference| dom::index_of(&parent, reference));
    let count = match dom::is_document_fragment(node) {
        true => length(node),
        false => 1,
    };
    let offset = index.unwrap_or_else(|| length(&parent)) + count;
    // 12. Insert it.
    tree::insert(cx, &parent, node, reference.as_ref())?;
    // 13. A collapsed range ends behind it.
    if range.is_collapsed() {
        let end = Point {
            node: parent,
            offset,
        };
        range.set(range.start(), end);
    }
    Ok(())
}

/// [`surroundContents()`](https://dom.spec.whatwg.org/#dom-range-surroundcontents)
pub(super) fn surround_contents(range: &RangeData, new: &Node, cx: &mut Context) -> JsResult<()> {
    let (start, end) = (range.start(), range.end());
    // 1. Only text may be contained partially.
    let common = common_ancestor(&start.node, &end.node);
    let partially = |node: &Node| {
        let mut path =
            dom::inclusive_ancestors(node).take_while(|node| !dom::is_same(node, &common));
        path.any(|node| !dom::is_text(&node))
    };
    if partially(&start.node) || partially(&end.node) {
        let message = "The range contains a part of a node that is not text.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    // 2. These nodes surround nothing.
    if matches!(
        node_kind(new),
        NodeKind::Document | NodeKind::Doctype | NodeKind::DocumentFragment
    ) {
        let message = "A node of this type cannot surround others.";
        return Err(exception::throw("InvalidNodeTypeError", message, cx));
    }
    // 3. Extract the contents.
    let fragment = extract_contents(range, cx)?;
    // 4. Empty the new parent.
    if dom::first_child(new).is_some() {
        tree::replace_all(cx, new, None);
    }
    // 5. and 6. Insert it, and the contents into it.
    insert(range, new, cx)?;
    tree::insert(cx, new, &fragment, None)?;
    // 7. Select it.
    select(range, new, cx)
}

/// The [stringification behavior](https://dom.spec.whatwg.org/#dom-range-stringifier).
pub(super) fn stringify(range: &RangeData, _: &mut Context) -> JsString {
    let (start, end) = (range.start(), range.end());
    let mut text: Vec<u16> = Vec::new();
    let mut push = |node: &Node, from: usize, to: usize| {
        if dom::is_text(node) {
            text.extend_from_slice(units(node).get(from..to).unwrap_or_default());
        }
    };
    // 2. In one text node it is a part of its data.
    if dom::is_same(&start.node, &end.node) && dom::is_text(&start.node) {
        push(&start.node, start.offset, end.offset);
        return JsString::from(&text[..]);
    }
    // 3. to 5. Otherwise the data of all text in the range.
    push(&start.node, start.offset, length(&start.node));
    for top in contained_tops(&start, &end) {
        for node in dom::inclusive_descendants(&top).filter(dom::is_text) {
            push(&node, 0, length(&node));
        }
    }
    push(&end.node, 0, end.offset);
    // 6. Return the text.
    JsString::from(&text[..])
}
