//! The data of text, comments and processing instructions
//! ([DOM, interface CharacterData](https://dom.spec.whatwg.org/#interface-characterdata)).

use boa_engine::{Context, JsResult, JsString};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::{live, tree, tree_mutations};
use crate::webidl::exception;

/// The [data](https://dom.spec.whatwg.org/#concept-cd-data) of a node that has some.
pub(crate) fn data(node: &Node) -> Option<String> {
    dom::data(node)
}

/// [Replace data](https://dom.spec.whatwg.org/#concept-cd-replace) of the whole node.
pub(crate) fn set_data(node: &Node, text: &str, cx: &mut Context) {
    let old = data(node).unwrap_or_default();
    if write(node, text, &old, cx) {
        // [Replace data](https://dom.spec.whatwg.org/#concept-cd-replace) puts all points at the start.
        live::data_replaced(cx, node, 0, usize::MAX, 0);
    }
}

/// Sets the data, and queues a record. Returns whether the node has data.
fn write(node: &Node, text: &str, old: &str, cx: &mut Context) -> bool {
    let has_data = dom::set_data(node, text);
    if has_data {
        tree_mutations::queue_character_data(cx, node, old);
    }
    has_data
}

/// The code units of the data, which offsets count.
pub(super) fn units(node: &Node) -> Vec<u16> {
    data(node).unwrap_or_default().encode_utf16().collect()
}

/// The code units, those before `offset`, and the end of `count` ones from there: the first steps
/// of the algorithms that take an offset and a count.
fn units_from(
    node: &Node,
    offset: usize,
    count: usize,
    cx: &mut Context,
) -> JsResult<(Vec<u16>, usize)> {
    // 1. and 2. Refuse an offset beyond the end.
    let units = units(node);
    let length = units.len();
    if offset > length {
        let message = format!("The offset {offset} is larger than the node's length {length}.");
        return Err(exception::throw("IndexSizeError", &message, cx));
    }
    // 3. The count ends with the data.
    let end = offset.saturating_add(count).min(length);
    Ok((units, end))
}

/// [Substring data](https://dom.spec.whatwg.org/#concept-cd-substring)
pub(super) fn substring_data(
    node: &Node,
    offset: usize,
    count: usize,
    cx: &mut Context,
) -> JsResult<JsString> {
    let (units, end) = units_from(node, offset, count, cx)?;
    // 3. and 4. Return the code units up to the end.
    Ok(JsString::from(&units[offset..end]))
}

/// [Replace data](https://dom.spec.whatwg.org/#concept-cd-replace)
pub(super) fn replace_data(
    node: &Node,
    offset: usize,
    count: usize,
    data: &str,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 3. Check the offset.
    let (units, end) = units_from(node, offset, count, cx)?;
    // 5. to 7. Insert the data, and remove what it replaces.
    let mut all = units[..offset].to_vec();
    all.extend(data.encode_utf16());
    all.extend_from_slice(&units[end..]);
    // 4. Queue a record.
    let old = String::from_utf16_lossy(&units);
    write(node, &String::from_utf16_lossy(&all), &old, cx);
    // 8. to 11. Move the points of ranges.
    let length = all.len() + (end - offset) - units.len();
    live::data_replaced(cx, node, offset, end - offset, length);
    Ok(())
}

/// [Split a text node](https://dom.spec.whatwg.org/#concept-text-split)
pub(super) fn split_text(node: &Node, offset: usize, cx: &mut Context) -> JsResult<Node> {
    // 1. to 4. The new data is the data after the offset.
    let (units, _) = units_from(node, offset, 0, cx)?;
    // 5. Create the new node, with the same document.
    let new = dom::create_text(&String::from_utf16_lossy(&units[offset..]));
    tree::adopt(cx, &new, node);
    // 6. and 7. Insert the node behind the old one, and move the points of ranges.
    if let Some(parent) = dom::parent(node) {
        tree::insert(cx, &parent, &new, dom::next_sibling(node).as_ref())?;
        live::text_split(cx, node, &new, offset, &parent);
    }
    // 8. Remove the new data from the old node.
    replace_data(node, offset, units.len() - offset, "", cx)?;
    // 9. Return the new node.
    Ok(new)
}

/// [`wholeText`](https://dom.spec.whatwg.org/#dom-text-wholetext)
pub(super) fn whole_text(node: &Node) -> String {
    let mut first = node.clone();
    while let Some(before) = dom::previous_sibling(&first).filter(dom::is_text) {
        first = before;
    }
    let texts = std::iter::successors(Some(first), |node| {
        dom::next_sibling(node).filter(dom::is_text)
    });
    texts.filter_map(|node| dom::text(&node)).collect()
}
