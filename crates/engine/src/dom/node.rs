//! `Node` ([DOM, interface Node](https://dom.spec.whatwg.org/#interface-node)), and the objects of
//! nodes.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use framepost_event_loop::GlobalId;
use markup5ever_rcdom::{Handle as Node, NodeData};

use super::cloning::clone_into_document_of;
use super::tree::{is_connected, string_replace_all};
use crate::dom::data;
use crate::dom::document::{
    DOCUMENT_FRAGMENT, DOCUMENT_TYPE, HTML_DOCUMENT, XML_DOCUMENT, adopt_to_current,
};
use crate::dom::event_target::EVENT_TARGET;
use crate::dom::extensions::extensions;
use crate::dom::{
    attr, character_data, collections, element, namespaces, node_comparison, shadow, tree,
};
use crate::dom::{attributes, elements};
use crate::script::with_contexts;
use crate::script::wrappers::{self, NodeWrapper};
use crate::webidl::constructed::Constructed;
use crate::webidl::{self, Interface, NewTarget, exception, interface};

interface! {
    /// The `Node` interface.
    [Exposed=Window]
    interface Node(Node) : EventTarget {
        const unsigned short ELEMENT_NODE = 1;
        const unsigned short ATTRIBUTE_NODE = 2;
        const unsigned short TEXT_NODE = 3;
        const unsigned short CDATA_SECTION_NODE = 4;
        const unsigned short ENTITY_REFERENCE_NODE = 5;
        const unsigned short ENTITY_NODE = 6;
        const unsigned short PROCESSING_INSTRUCTION_NODE = 7;
        const unsigned short COMMENT_NODE = 8;
        const unsigned short DOCUMENT_NODE = 9;
        const unsigned short DOCUMENT_TYPE_NODE = 10;
        const unsigned short DOCUMENT_FRAGMENT_NODE = 11;
        const unsigned short NOTATION_NODE = 12;
        readonly attribute unsigned short nodeType = |node| node_type(node);
        readonly attribute DOMString nodeName = attributes::node_name;
        readonly attribute USVString baseURI = base_uri;
        readonly attribute boolean isConnected = |node: &Node, cx| is_connected(cx, node);
        readonly attribute Document? ownerDocument;
        readonly attribute Node? parentNode = |node| dom::parent(node);
        readonly attribute Element? parentElement = |node| dom::parent(node).filter(dom::is_element);
        [SameObject] readonly attribute NodeList childNodes = collections::child_nodes;
        readonly attribute Node? firstChild = |node| dom::first_child(node);
        readonly attribute Node? lastChild = |node| dom::last_child(node);
        readonly attribute Node? previousSibling = |node| dom::previous_sibling(node);
        readonly attribute Node? nextSibling = |node| dom::next_sibling(node);
        [CEReactions] attribute DOMString? nodeValue;
        [CEReactions] attribute DOMString? textContent;

        boolean hasChildNodes() = |node| dom::first_child(node).is_some();
        Node getRootNode(optional GetRootNodeOptions options = {}) = |node: &Node, options, cx| match options.composed {
            true => with_contexts(cx, |contexts| contexts.shadow_including_root(node)),
            false => dom::root(node),
        };
        [CEReactions] undefined normalize() = |node: &Node, cx| tree::normalize(cx, node);
        [CEReactions, NewObject] Node cloneNode(optional boolean subtree = false);
        boolean isEqualNode(Node? otherNode);
        boolean isSameNode(Node? otherNode) =
            |node, other: Option<Node>| other.is_some_and(|other| dom::is_same(node, &other));

        boolean contains(Node? other) = |node, other: Option<Node>| other.is_some_and(|other| dom::contains(node, &other));

        const unsigned short DOCUMENT_POSITION_DISCONNECTED = 0x01;
        const unsigned short DOCUMENT_POSITION_PRECEDING = 0x02;
        const unsigned short DOCUMENT_POSITION_FOLLOWING = 0x04;
        const unsigned short DOCUMENT_POSITION_CONTAINS = 0x08;
        const unsigned short DOCUMENT_POSITION_CONTAINED_BY = 0x10;
        const unsigned short DOCUMENT_POSITION_IMPLEMENTATION_SPECIFIC = 0x20;
        unsigned short compareDocumentPosition(Node other) =
            |node, other: Node| node_comparison::compare_document_position(node, &other);

        DOMString? lookupPrefix(DOMString? namespace) = namespaces::lookup_prefix;
        DOMString? lookupNamespaceURI(DOMString? prefix) = namespaces::lookup_namespace_uri;
        boolean isDefaultNamespace(DOMString? namespace) = namespaces::is_default_namespace;

        [CEReactions] Node insertBefore(Node node, Node? child) = |parent: &Node, node: Node, child: Option<Node>, cx| {
            tree::insert(cx, parent, &node, child.as_ref()).map(|()| node)
        };
        [CEReactions] Node appendChild(Node node) =
            |parent: &Node, node: Node, cx| tree::insert(cx, parent, &node, None).map(|()| node);
        [CEReactions] Node replaceChild(Node node, Node child) =
            |parent: &Node, node: &Node, child: Node, cx| tree::replace(cx, parent, node, &child).map(|()| child);
        [CEReactions] Node removeChild(Node child) =
            |parent: &Node, child: Node, cx| tree::pre_remove(cx, parent, &child).map(|()| child);
    }

    dictionary GetRootNodeOptions {
        boolean composed = false;
    }

    /// The argument of the mixins' methods: a node or a string.
    typedef (Node or DOMString) NodeOrString;
}

/// A node that a constructor creates.
pub(crate) struct ConstructedNode(pub(crate) Node);

impl Constructed for ConstructedNode {
    fn construct(self, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject> {
        let object = target.create(NodeWrapper::reference(self.0.clone()), cx)?;
        if node_kind(&self.0) != NodeKind::Document {
            adopt_to_current(&self.0, cx);
        }
        wrappers::remember(cx, &self.0, &object);
        Ok(object)
    }
}

/// The interface of a node's object.
fn interface_of(ctx: &Context, node: &Node) -> &'static Interface {
    match node_kind(node) {
        NodeKind::Document if with_contexts(ctx, |contexts| contexts.is_in_html_document(node)) => {
            &HTML_DOCUMENT
        }
        NodeKind::Document => &XML_DOCUMENT,
        NodeKind::DocumentFragment if dom::is_shadow_root(node) => &shadow::SHADOW_ROOT,
        NodeKind::DocumentFragment => &DOCUMENT_FRAGMENT,
        NodeKind::Doctype => &DOCUMENT_TYPE,
        NodeKind::Attribute => &attr::ATTR,
        NodeKind::Text => &character_data::TEXT,
        NodeKind::CdataSection => &character_data::CDATA_SECTION,
        NodeKind::Comment => &character_data::COMMENT,
        NodeKind::ProcessingInstruction => &character_data::PROCESSING_INSTRUCTION,
        NodeKind::Element => (extensions().element_interface)(node).unwrap_or(&element::ELEMENT),
    }
}

/// The object of a node, created when script first accesses the node.
pub(crate) fn wrap(ctx: &mut Context, node: &Node) -> JsObject {
    if let Some(object) = wrappers::object_of(ctx, node) {
        return object;
    }
    let realm = realm_of(ctx, node);
    let kind = NodeWrapper::reference(node.clone());
    let object = webidl::create_object(&realm, interface_of(ctx, node), kind, ctx);
    wrappers::remember(ctx, node, &object);
    (extensions().wrapped)(ctx, node, &object);
    object
}

/// The relevant realm of a node: that of its document's window.
pub(crate) fn realm_of(ctx: &Context, node: &Node) -> Realm {
    window_of(ctx, node).map_or_else(
        || ctx.realm().clone(),
        |window| crate::script::realm::realm_of(ctx, window),
    )
}

/// The relevant window of a node.
pub(crate) fn window_of(ctx: &Context, node: &Node) -> Option<GlobalId> {
    with_contexts(ctx, |contexts| {
        let document = contexts.document_of(node)?;
        Some(contexts.document(document)?.window())
    })
}

/// [`nodeType`](https://dom.spec.whatwg.org/#dom-node-nodetype)
pub(crate) fn node_type(node: &Node) -> u32 {
    match node_kind(node) {
        NodeKind::Element => 1,
        NodeKind::Attribute => 2,
        NodeKind::Text => 3,
        NodeKind::CdataSection => 4,
        NodeKind::ProcessingInstruction => 7,
        NodeKind::Comment => 8,
        NodeKind::Document => 9,
        NodeKind::Doctype => 10,
        NodeKind::DocumentFragment => 11,
    }
}

/// [`nodeName`](https://dom.spec.whatwg.org/#dom-node-nodename) of any node except an attribute.
pub(crate) fn node_name(node: &Node, cx: &Context) -> String {
    match &node.data {
        NodeData::Element { .. } => elements::tag_name(node, cx),
        NodeData::Text { .. } if dom::is_exclusive_text(node) => "#text".to_owned(),
        NodeData::Text { .. } => "#cdata-section".to_owned(),
        NodeData::Comment { .. } => "#comment".to_owned(),
        NodeData::Doctype { name, .. } => name.to_string(),
        _ if dom::is_document_fragment(node) => "#document-fragment".to_owned(),
        NodeData::ProcessingInstruction { target, .. } => target.to_string(),
        NodeData::Document => "#document".to_owned(),
    }
}

/// [`baseURI`](https://dom.spec.whatwg.org/#dom-node-baseuri)
fn base_uri(node: &Node, cx: &mut Context) -> String {
    let url = with_contexts(cx, |contexts| contexts.base_url_of(node));
    url.map_or_else(|| "about:blank".to_owned(), String::from)
}

/// The document node of a node.
pub(crate) fn owner_document_node(ctx: &Context, node: &Node) -> Option<Node> {
    with_contexts(ctx, |contexts| contexts.node_document(node))
}

/// [`ownerDocument`](https://dom.spec.whatwg.org/#dom-node-ownerdocument)
fn owner_document(object: &JsObject, cx: &mut Context) -> JsResult<Option<Node>> {
    // An attribute has the document of its element.
    let owner = attributes::as_attr(object).and_then(|attr| attr.element);
    let node = wrappers::node(owner.as_ref().unwrap_or(object))?;
    if node_kind(&node) == NodeKind::Document {
        return Ok(None);
    }
    Ok(owner_document_node(cx, &node))
}

/// [`nodeValue`](https://dom.spec.whatwg.org/#dom-node-nodevalue)
fn node_value(object: &JsObject, _: &mut Context) -> JsResult<Option<String>> {
    match attributes::as_attr(object) {
        Some(attr) => attr.value().map(Some),
        None => Ok(data::data(&wrappers::node(object)?)),
    }
}

/// [`nodeValue`'s setter](https://dom.spec.whatwg.org/#dom-node-nodevalue)
fn set_node_value(object: &JsObject, value: Option<String>, cx: &mut Context) -> JsResult<()> {
    let value = value.unwrap_or_default();
    if attributes::as_attr(object).is_some() {
        return attributes::set_value(object, value, cx);
    }
    let node = wrappers::node(object)?;
    // Other nodes have no value.
    data::set_data(&node, &value, cx);
    Ok(())
}

/// [`textContent`](https://dom.spec.whatwg.org/#dom-node-textcontent)
fn text_content(object: &JsObject, _: &mut Context) -> JsResult<Option<String>> {
    match attributes::as_attr(object) {
        Some(attr) => attr.value().map(Some),
        None => Ok(dom::text_content(&wrappers::node(object)?)),
    }
}

/// [`textContent`'s setter](https://dom.spec.whatwg.org/#dom-node-textcontent)
fn set_text_content(object: &JsObject, value: Option<String>, cx: &mut Context) -> JsResult<()> {
    let node = wrappers::node(object)?;
    match node_kind(&node) {
        NodeKind::Element | NodeKind::DocumentFragment => {
            string_replace_all(cx, &node, &value.unwrap_or_default());
            Ok(())
        }
        _ => set_node_value(object, value, cx),
    }
}

/// [`cloneNode()`](https://dom.spec.whatwg.org/#dom-node-clonenode)
fn clone_node(object: &JsObject, subtree: bool, cx: &mut Context) -> JsResult<JsObject> {
    // 1. Refuse a shadow root.
    let node = wrappers::node(object)?;
    if dom::is_shadow_root(&node) {
        let message = "A shadow root cannot be cloned.";
        return Err(exception::throw("NotSupportedError", message, cx));
    }
    // 2. Clone the node.
    clone_into_document_of(&node, object, subtree, cx)
}

/// [`isEqualNode()`](https://dom.spec.whatwg.org/#dom-node-isequalnode)
fn is_equal_node(object: &JsObject, other: Option<&JsObject>, _: &mut Context) -> JsResult<bool> {
    let Some(other) = other else { return Ok(false) };
    match (attributes::as_attr(object), attributes::as_attr(other)) {
        (None, None) => {
            let (node, other) = (wrappers::node(object)?, wrappers::node(other)?);
            Ok(node_comparison::equals(node, other))
        }
        (Some(attr), Some(other)) => attr.equals(&other),
        _ => Ok(false),
    }
}
