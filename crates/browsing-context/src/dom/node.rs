//! Kinds of nodes, and creating nodes.

use std::cell::RefCell;
use std::rc::Rc;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, Prefix, QualName, ns};
use markup5ever_rcdom::{Node as RcNode, NodeData};

use super::{DomError, Node, watched_changed};

/// `rcdom` has no document fragments. A fragment is represented as a processing instruction with this target. No real
/// processing instruction has it, because no name begins with `#`.
const FRAGMENT: &str = "#document-fragment";

/// A shadow root is represented in the same way.
const SHADOW_ROOT: &str = "#shadow-root";

/// The second part of the data of a fragment that is the contents of a template.
const OF_TEMPLATE: &str = "template";

/// The data of a comment or a processing instruction that was changed is a hidden child, because
/// `rcdom` keeps their own data immutable. A hidden child of text marks a CDATA section.
const CDATA_SECTION: &str = "#cdata-section";

/// An attribute node is represented in the same way. Its creator keeps its name and its value.
const ATTRIBUTE: &str = "#attribute";

/// The kind of a node ([node type](https://dom.spec.whatwg.org/#dom-node-nodetype)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// An element.
    Element,
    /// Text.
    Text,
    /// A CDATA section.
    CdataSection,
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
        NodeData::Text { .. } if node.children.borrow().is_empty() => NodeKind::Text,
        NodeData::Text { .. } => NodeKind::CdataSection,
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

/// Whether this is text. A [CDATA section](https://dom.spec.whatwg.org/#interface-cdatasection) is.
#[must_use]
pub fn is_text(node: &Node) -> bool {
    matches!(node.data, NodeData::Text { .. })
}

/// Whether this is an [exclusive `Text` node](https://dom.spec.whatwg.org/#exclusive-text-node).
#[must_use]
pub fn is_exclusive_text(node: &Node) -> bool {
    node_kind(node) == NodeKind::Text
}

/// Whether a node is [`CharacterData`](https://dom.spec.whatwg.org/#characterdata).
#[must_use]
pub fn is_character_data(node: &Node) -> bool {
    match &node.data {
        NodeData::Text { .. } | NodeData::Comment { .. } => true,
        NodeData::ProcessingInstruction { target, .. } => {
            !matches!(&**target, FRAGMENT | SHADOW_ROOT | ATTRIBUTE)
        }
        _ => false,
    }
}

/// Creates the node of a document, without children. It is a document of the contexts only if they created it: see
/// [`Contexts::create_an_inert_document`](crate::Contexts::create_an_inert_document).
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

/// Creates the contents of a template.
pub(super) fn create_template_contents() -> Node {
    RcNode::new(NodeData::ProcessingInstruction {
        target: StrTendril::from_slice(FRAGMENT),
        contents: StrTendril::from_slice(OF_TEMPLATE),
    })
}

/// Whether this is the contents of a template: a fragment that has a
/// [host](https://dom.spec.whatwg.org/#concept-documentfragment-host).
#[must_use]
pub fn is_template_contents(node: &Node) -> bool {
    matches!(&node.data, NodeData::ProcessingInstruction { target, contents }
        if &**target == FRAGMENT && &**contents == OF_TEMPLATE)
}

/// Creates a shadow root that has no host yet.
pub(crate) fn create_shadow_root() -> Node {
    RcNode::new(NodeData::ProcessingInstruction {
        target: StrTendril::from_slice(SHADOW_ROOT),
        contents: StrTendril::new(),
    })
}

/// Creates a node for an attribute, without a name and a value. It belongs to no tree, because an
/// element keeps its attributes itself. It is for embedders that expose an attribute to script as a node.
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

/// Creates a [CDATA section](https://dom.spec.whatwg.org/#dom-document-createcdatasection).
#[must_use]
pub fn create_cdata_section(data: &str) -> Node {
    let node = create_text(data);
    node.children
        .borrow_mut()
        .push(RcNode::new(NodeData::ProcessingInstruction {
            target: StrTendril::from_slice(CDATA_SECTION),
            contents: StrTendril::new(),
        }));
    node
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

/// The format of a document, which decides what [`create_element_in`] creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentFormat {
    /// An HTML document.
    Html,
    /// A document of the type `application/xhtml+xml`.
    Xhtml,
    /// Any other XML document.
    Xml,
}

/// [`document.createElement(name)`](https://dom.spec.whatwg.org/#dom-document-createelement) of an
/// HTML document: creates an HTML element with its name in lower case.
///
/// # Errors
/// `InvalidCharacterError` when the name is not a
/// [valid element local name](https://dom.spec.whatwg.org/#valid-element-local-name).
pub fn create_element(name: &str) -> Result<Node, DomError> {
    create_element_in(name, DocumentFormat::Html)
}

/// [`document.createElement(name)`](https://dom.spec.whatwg.org/#dom-document-createelement). The name
/// is in lower case if the document is an HTML document, and the element is an HTML element if the
/// document is one of HTML or XHTML.
///
/// # Errors
/// `InvalidCharacterError` when the name is not a
/// [valid element local name](https://dom.spec.whatwg.org/#valid-element-local-name).
pub fn create_element_in(name: &str, format: DocumentFormat) -> Result<Node, DomError> {
    // 1. Check the name.
    if !is_valid_element_local_name(name) {
        return Err(DomError::InvalidCharacter {
            name: name.to_owned(),
        });
    }
    // 2. In an HTML document it is in lower case.
    let name = match format {
        DocumentFormat::Html => LocalName::from(name.to_ascii_lowercase()),
        DocumentFormat::Xhtml | DocumentFormat::Xml => LocalName::from(name),
    };
    // 5. Choose the namespace.
    let namespace = match format {
        DocumentFormat::Html | DocumentFormat::Xhtml => ns!(html),
        DocumentFormat::Xml => ns!(),
    };
    // 6. Create the element.
    Ok(new_element(
        QualName::new(None, namespace, name),
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
    let name = validate_and_extract(namespace, name, is_valid_element_local_name)?;
    Ok(new_element(name, Vec::new(), false))
}

/// The name of an attribute of a namespace, for
/// [`setAttributeNS()`](https://dom.spec.whatwg.org/#dom-element-setattributens).
///
/// # Errors
/// `InvalidCharacterError` and `NamespaceError` as in
/// [validate and extract](https://dom.spec.whatwg.org/#validate-and-extract).
pub fn attribute_name_ns(namespace: Option<&str>, name: &str) -> Result<QualName, DomError> {
    validate_and_extract(namespace, name, is_valid_attribute_local_name)
}

/// [Validate and extract](https://dom.spec.whatwg.org/#validate-and-extract) a namespace and a
/// qualified name.
fn validate_and_extract(
    namespace: Option<&str>,
    name: &str,
    is_valid_local_name: fn(&str) -> bool,
) -> Result<QualName, DomError> {
    // 1. An empty namespace means no namespace.
    let namespace = namespace.unwrap_or_default();
    // 2. to 5. Split the name.
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    // 6. and 7. Check the parts.
    if prefix.is_some_and(|prefix| !is_valid_namespace_prefix(prefix))
        || !is_valid_local_name(local)
    {
        return Err(DomError::InvalidCharacter {
            name: name.to_owned(),
        });
    }
    // 8. to 11. Check that the prefix and the namespace fit.
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
    // 12. Return them.
    Ok(QualName::new(
        prefix.map(Prefix::from),
        Namespace::from(namespace),
        LocalName::from(local),
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
        template_contents: RefCell::new(is_template.then(create_template_contents)),
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

/// The [data](https://dom.spec.whatwg.org/#concept-cd-data) of a text node, comment or processing
/// instruction.
#[must_use]
pub fn data(node: &Node) -> Option<String> {
    match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        NodeData::Comment { contents } | NodeData::ProcessingInstruction { contents, .. }
            if is_character_data(node) =>
        {
            let changed = node.children.borrow().first().and_then(text);
            Some(changed.unwrap_or_else(|| contents.to_string()))
        }
        _ => None,
    }
}

/// Sets the data of a text node, comment or processing instruction. Returns whether the node is one.
pub fn set_data(node: &Node, data: &str) -> bool {
    if !is_character_data(node) {
        return false;
    }
    watched_changed(node);
    match &node.data {
        NodeData::Text { contents } => *contents.borrow_mut() = StrTendril::from_slice(data),
        _ => *node.children.borrow_mut() = vec![create_text(data)],
    }
    true
}

/// Whether the children of a node belong to the tree. The children of character data are hidden.
pub(super) fn has_children(node: &Node) -> bool {
    !node.children.borrow().is_empty() && !is_character_data(node)
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

/// [Name](https://www.w3.org/TR/xml/#NT-Name). It allows nearly every character beyond ASCII.
pub(crate) fn is_xml_name(name: &str) -> bool {
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
