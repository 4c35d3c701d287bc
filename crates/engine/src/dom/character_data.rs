//! `CharacterData` and the interfaces that inherit from it
//! ([DOM, interface CharacterData](https://dom.spec.whatwg.org/#interface-characterdata)).

use framepost_browsing_context::dom;
use markup5ever_rcdom::{Handle as Node, NodeData};

use super::data::{data, replace_data, set_data, split_text, substring_data, units, whole_text};
use crate::dom::child_node::{CHILD_NODE, NON_DOCUMENT_TYPE_CHILD_NODE};
use crate::dom::node::{ConstructedNode, NODE};
use crate::dom::shadow::SLOTTABLE;
use crate::webidl::interface;

interface! {
    /// The `CharacterData` interface.
    [Exposed=Window]
    interface CharacterData(Node) : Node {
        attribute [LegacyNullToEmptyString] DOMString data = |node| data(node).unwrap_or_default(), set_data;
        readonly attribute unsigned long length = |node| units(node).len();
        DOMString substringData(unsigned long offset, unsigned long count);
        undefined appendData(DOMString data) = |node: &Node, data: &str, cx| replace_data(node, units(node).len(), 0, data, cx);
        undefined insertData(unsigned long offset, DOMString data) =
            |node: &Node, offset: usize, data: &str, cx| replace_data(node, offset, 0, data, cx);
        undefined deleteData(unsigned long offset, unsigned long count) =
            |node: &Node, offset: usize, count: usize, cx| replace_data(node, offset, count, "", cx);
        undefined replaceData(unsigned long offset, unsigned long count, DOMString data);
    }

    CharacterData includes NonDocumentTypeChildNode;
    CharacterData includes ChildNode;

    /// The `Text` interface.
    [Exposed=Window]
    interface Text(Node) : CharacterData {
        constructor(optional DOMString data = "") = |data: &str| ConstructedNode(dom::create_text(data));

        [NewObject] Text splitText(unsigned long offset);
        readonly attribute DOMString wholeText = |node| whole_text(node);
    }

    Text includes Slottable;

    /// The `CDATASection` interface.
    [Exposed=Window]
    interface CDATASection(Node) : Text {}

    /// The `Comment` interface.
    [Exposed=Window]
    interface Comment(Node) : CharacterData {
        constructor(optional DOMString data = "") = |data: &str| ConstructedNode(dom::create_comment(data));
    }

    /// The `ProcessingInstruction` interface.
    [Exposed=Window]
    interface ProcessingInstruction(Node) : CharacterData {
        readonly attribute DOMString target = |node| match &node.data {
            NodeData::ProcessingInstruction { target, .. } => Some(target.to_string()),
            _ => None,
        };
    }
}
