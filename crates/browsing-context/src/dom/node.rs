//! Kinds of nodes, and creating nodes.

use std::cell::RefCell;
use std::rc::Rc;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, Prefix, QualName, ns};
use markup5ever_rcdom::{Node as RcNode, NodeData};

use super::{DomError, Node};

/// `rcdom` has no document fragments. One is represented as a processing instruction with this
/// target, which no real one can have, because no name begins with `#`.
const FRAGMENT: &str = "#document-fragment";

/// A shadow root is represented in the same way.
const SHADOW_ROOT: &str = "#shadow-root";

/// So is an attribute node. Its creator keeps its name and its value.
const ATTRIBUTE: &str = "#attribute";

/// The kind of a node ([node type](https://dom.spec.whatwg.org/#dom-node-nodetype)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// An element.
    Element,
    /// Text.
    Text,
    /// A comment.
    Comment,
    /// A processing instruction.
    ProcessingInstruction,
    /// A document type declaration.
    Doctype,
    /// A document.
    Document,
    /// A document fragment, such as the contents of a `template`.
    DocumentFragment,
    /// An attribute.
    Attribute,
}

/// The kind of a node. `rcdom`'s own data does not distinguish fragments from processing
/// instructions.
#[must_use]
pub fn node_kind(node: &Node) -> NodeKind {
    match &node.data {
        NodeData::Element { .. } => NodeKind::Element,
        NodeData::Text { .. } => NodeKind::Text,
        NodeData::Comment { .. } => NodeKind::Comment,
        NodeData::ProcessingInstruction { target, .. }
            if matches!(&**target, FRAGMENT | SHADOW_ROOT) =>
        {
            NodeKind::DocumentFragment
        }
        NodeData::ProcessingInstruction { target, .. } if &**target == ATTRIBUTE => {
            NodeKind::Attribute
        }
        NodeData::ProcessingInstruction { .. } => NodeKind::ProcessingInstruction,
        NodeData::Doctype { .. } => NodeKind::Doctype,
        NodeData::Document => NodeKind::Document,
    }
}

/// Whether this is a document fragment.
#[must_use]
pub fn is_document_fragment(node: &Node) -> bool {
    node_kind(node) == NodeKind::DocumentFragment
}

/// Whether this is a [shadow root](https://dom.spec.whatwg.org/#concept-shadow-root).
#[must_use]
pub fn is_shadow_root(node: &Node) -> bool {
    matches!(&node.data, NodeData::ProcessingInstruction { target, .. } if &**target == SHADOW_ROOT)
}

/// Whether this is an element.
#[must_use]
pub fn is_element(node: &Node) -> bool {
    matches!(node.data, NodeData::Element { .. })
}

/// Whether this is text.
#[must_use]
pub fn is_text(node: &Node) -> bool {
    matches!(node.data, NodeData::Text { .. })
}

/// Creates a document without a browsing context and without children.
#[must_use]
pub fn create_document() -> Node {
    RcNode::new(NodeData::Document)
}

/// Creates an empty document fragment.
#[must_use]
pub fn create_document_fragment() -> Node {
    RcNode::new(NodeData::ProcessingInstruction {
        target: StrTendril::from_slice(FRAGMENT),
        contents: StrTendril::new(),
    })
}

/// Creates a shadow root that has no host yet.
pub(crate) fn create_shadow_root() -> Node {
    RcNode::new(NodeData::ProcessingInstruction {
        target: StrTendril::from_slice(SHADOW_ROOT),
        contents: StrTendril::new(),
    })
}

/// Creates a node for an attribute, without a name and a value. It belongs to no tree, because an
/// element keeps its attributes itself. It is for embedders that give script an attribute as a node.
#[must_use]
pub fn create_attribute_node() -> Node {
    RcNode::new(NodeData::ProcessingInstruction {
        target: StrTendril::from_slice(ATTRIBUTE),
        contents: StrTendril::new(),
    })
}

/// Whether this is a
/// [valid attribute local name](https://dom.spec.whatwg.org/#valid-attribute-local-name).
#[must_use]
pub fn is_valid_attribute_local_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['\0', '\t', '\n', '\x0c', '\r', ' ', '/', '=', '>'])
}

/// Creates a processing instruction
/// ([`createProcessingInstruction`](https://dom.spec.whatwg.org/#dom-document-createprocessinginstruction)).
///
/// # Errors
/// `InvalidCharacterError` when the target is not a name, or the data would end the instruction.
pub fn create_processing_instruction(target: &str, data: &str) -> Result<Node, DomError> {
    if !is_xml_name(target) || data.contains("?>") {
        return Err(DomError::InvalidCharacter {
            name: target.to_owned(),
        });
    }
    Ok(RcNode::new(NodeData::ProcessingInstruction {
        target: StrTendril::from_slice(target),
        contents: StrTendril::from_slice(data),
    }))
}

/// Creates a text node.
#[must_use]
pub fn create_text(data: &str) -> Node {
    RcNode::new(NodeData::Text {
        contents: RefCell::new(StrTendril::from_slice(data)),
    })
}

/// Creates a comment.
#[must_use]
pub fn create_comment(data: &str) -> Node {
    RcNode::new(NodeData::Comment {
        contents: StrTendril::from_slice(data),
    })
}

/// Creates a doctype.
#[must_use]
pub fn create_doctype(name: &str, public_id: &str, system_id: &str) -> Node {
    RcNode::new(NodeData::Doctype {
        name: StrTendril::from_slice(name),
        public_id: StrTendril::from_slice(public_id),
        system_id: StrTendril::from_slice(system_id),
    })
}

/// [`document.createElement(name)`](https://dom.spec.whatwg.org/#dom-document-createelement) of an
/// HTML document: creates an HTML element with its name in lower case.
///
/// # Errors
/// `InvalidCharacterError` when the name is not a
/// [valid element local name](https://dom.spec.whatwg.org/#valid-element-local-name).
pub fn create_element(name: &str) -> Result<Node, DomError> {
    if !is_valid_element_local_name(name) {
        return Err(DomError::InvalidCharacter {
            name: name.to_owned(),
        });
    }
    let name = name.to_ascii_lowercase();
    Ok(new_element(
        QualName::new(None, ns!(html), LocalName::from(name)),
        Vec::new(),
        false,
    ))
}

/// [`document.createElementNS(namespace, name)`](https://dom.spec.whatwg.org/#dom-document-createelementns).
///
/// # Errors
/// `InvalidCharacterError` and `NamespaceError` as in
/// [validate and extract](https://dom.spec.whatwg.org/#validate-and-extract).
pub fn create_element_ns(namespace: Option<&str>, name: &str) -> Result<Node, DomError> {
    let namespace = namespace.unwrap_or_default();
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    if prefix.is_some_and(|prefix| !is_valid_namespace_prefix(prefix))
        || !is_valid_element_local_name(local)
    {
        return Err(DomError::InvalidCharacter {
            name: name.to_owned(),
        });
    }
    let is_xmlns = name == "xmlns" || prefix == Some("xmlns");
    if (prefix.is_some() && namespace.is_empty())
        || (prefix == Some("xml") && *namespace != *ns!(xml))
        || (is_xmlns != (*namespace == *ns!(xmlns)))
    {
        return Err(DomError::Namespace {
            name: name.to_owned(),
            namespace: namespace.to_owned(),
        });
    }
    Ok(new_element(
        QualName::new(
            prefix.map(Prefix::from),
            Namespace::from(namespace),
            LocalName::from(local),
        ),
        Vec::new(),
        false,
    ))
}

/// Creates an element. A `template` gets its contents.
pub(crate) fn new_element(
    name: QualName,
    attributes: Vec<Attribute>,
    mathml_annotation_xml_integration_point: bool,
) -> Node {
    let is_template = name.ns == ns!(html) && &*name.local == "template";
    RcNode::new(NodeData::Element {
        name,
        attrs: RefCell::new(attributes),
        template_contents: RefCell::new(is_template.then(create_document_fragment)),
        mathml_annotation_xml_integration_point,
    })
}

/// Creates an HTML element whose name is known to be valid.
pub(crate) fn html_element(local: &'static str) -> Node {
    let name = QualName::new(None, ns!(html), LocalName::from(local));
    new_element(name, Vec::new(), false)
}

/// The [contents of a `template`](https://html.spec.whatwg.org/multipage/scripting.html#template-contents).
#[must_use]
pub fn template_contents(node: &Node) -> Option<Node> {
    match &node.data {
        NodeData::Element {
            template_contents, ..
        } => template_contents.borrow().clone(),
        _ => None,
    }
}

/// The [data](https://dom.spec.whatwg.org/#concept-cd-data) of a text node.
#[must_use]
pub fn text(node: &Node) -> Option<String> {
    match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    }
}

/// Sets the data of a text node. Returns whether the node is one.
// NOT YET: comments, whose data rcdom keeps immutable.
pub fn set_text(node: &Node, data: &str) -> bool {
    match &node.data {
        NodeData::Text { contents } => {
            *contents.borrow_mut() = StrTendril::from_slice(data);
            true
        }
        _ => false,
    }
}

/// The address of a node, for tables that hold the node. Two handles to one allocation are one node.
pub(crate) fn address(node: &Node) -> usize {
    Rc::as_ptr(node) as usize
}

/// [Valid element local name](https://dom.spec.whatwg.org/#valid-element-local-name).
fn is_valid_element_local_name(name: &str) -> bool {
    let mut characters = name.chars();
    match characters.next() {
        Some(first) if first.is_ascii_alphabetic() => {
            !name.contains(['\0', '\t', '\n', '\x0c', '\r', ' ', '/', '>'])
        }
        Some(':' | '_' | '\u{80}'..) => characters
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_' | '\u{80}'..)),
        _ => false,
    }
}

/// [Name](https://www.w3.org/TR/xml/#NT-Name). Beyond ASCII it allows nearly every character.
fn is_xml_name(name: &str) -> bool {
    let mut characters = name.chars();
    let start = |c: char| c.is_ascii_alphabetic() || matches!(c, ':' | '_' | '\u{c0}'..);
    let other = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '\u{b7}');
    characters
        .next()
        .is_some_and(|first| start(first) && !matches!(first, '\u{d7}' | '\u{f7}'))
        && characters.all(|c| (start(c) || other(c)) && !matches!(c, '\u{d7}' | '\u{f7}'))
}

/// [Valid namespace prefix](https://dom.spec.whatwg.org/#valid-namespace-prefix).
fn is_valid_namespace_prefix(prefix: &str) -> bool {
    !prefix.is_empty() && !prefix.contains(['\0', '\t', '\n', '\x0c', '\r', ' ', '/', '>'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::local_name;

    #[test]
    fn element_names_are_validated() {
        assert_eq!(local_name(&create_element("DIV").unwrap()), Some("div"));
        for bad in ["", "1a", "a b", "a>", "-a", "_a b"] {
            let error = create_element(bad).unwrap_err();
            assert_eq!(error.name(), "InvalidCharacterError", "{bad:?}");
        }
        assert!(create_element("a\"b").is_ok());
        assert!(create_element("_a-1.é").is_ok());
    }

    #[test]
    fn qualified_names_are_validated() {
        let svg = "http://www.w3.org/2000/svg";
        assert_eq!(
            local_name(&create_element_ns(Some(svg), "x:G").unwrap()),
            Some("G")
        );
        assert_eq!(
            create_element_ns(None, "x:g").unwrap_err().name(),
            "NamespaceError"
        );
        assert_eq!(
            create_element_ns(Some(svg), "xml:g").unwrap_err().name(),
            "NamespaceError"
        );
        assert_eq!(
            create_element_ns(Some(svg), "xmlns").unwrap_err().name(),
            "NamespaceError"
        );
        assert_eq!(
            create_element_ns(Some(svg), ":g").unwrap_err().name(),
            "InvalidCharacterError"
        );
    }

    #[test]
    fn fragments_are_not_processing_instructions() {
        assert_eq!(
            node_kind(&create_document_fragment()),
            NodeKind::DocumentFragment
        );
        assert_eq!(node_kind(&create_document()), NodeKind::Document);
    }
}
