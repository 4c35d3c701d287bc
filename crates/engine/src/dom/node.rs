//! `Node` ([DOM, interface Node](https://dom.spec.whatwg.org/#interface-node)), and the objects of
//! nodes.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom::{self, NodeKind, TreeOrder, node_kind};
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::extensions::extensions;
use crate::dom::tree;
use crate::script::with_contexts;
use crate::script::wrappers;
use crate::script::wrappers::NodeWrapper;
use crate::webidl::convert::{
    Convert, Dictionary, Place, argument, js_str, js_str_or_null, nullable_string, optional,
};
use crate::webidl::into_js::IntoJs;
use crate::webidl::receiver::{self, Receiver};
use crate::webidl::types::{Category, IdlType};
use crate::webidl::{self, Interface, Member, Operation, interface};

use super::{attr, character_data, collections, document, element, event_target, shadow};

interface! {
    /// What the methods of the mixins take instead of a node.
    typedef (Node or DOMString) NodeOrString;
}

impl Receiver for Node {
    fn of(object: &JsObject) -> JsResult<Self> {
        wrappers::node(object)
    }
}

/// A node becomes its object.
impl IntoJs for Node {
    fn into_js(self, ctx: &mut Context) -> JsResult<JsValue> {
        Ok(wrap(ctx, &self).into())
    }
}

impl IdlType for Node {
    type Value = Self;
    const CATEGORY: Category = Category::Interface(&NODE);
}

impl<D: Receiver> Convert<Node> for D {
    fn convert(value: &JsValue, place: Place<'_>, ctx: &mut Context) -> JsResult<Self> {
        receiver::argument(&NODE, value, place, ctx)
    }
}

/// The `Node` interface.
pub(crate) static NODE: Interface = Interface {
    parent: Some(&event_target::EVENT_TARGET),
    constants: &[
        ("ELEMENT_NODE", 1),
        ("ATTRIBUTE_NODE", 2),
        ("TEXT_NODE", 3),
        ("CDATA_SECTION_NODE", 4),
        ("ENTITY_REFERENCE_NODE", 5),
        ("ENTITY_NODE", 6),
        ("PROCESSING_INSTRUCTION_NODE", 7),
        ("COMMENT_NODE", 8),
        ("DOCUMENT_NODE", 9),
        ("DOCUMENT_TYPE_NODE", 10),
        ("DOCUMENT_FRAGMENT_NODE", 11),
        ("NOTATION_NODE", 12),
        ("DOCUMENT_POSITION_DISCONNECTED", 0x01),
        ("DOCUMENT_POSITION_PRECEDING", 0x02),
        ("DOCUMENT_POSITION_FOLLOWING", 0x04),
        ("DOCUMENT_POSITION_CONTAINS", 0x08),
        ("DOCUMENT_POSITION_CONTAINED_BY", 0x10),
        ("DOCUMENT_POSITION_IMPLEMENTATION_SPECIFIC", 0x20),
    ],
    members: &[&[
        Member::Attribute(
            "nodeType",
            |this, _| Ok(node_type(&wrappers::node(this)?).into()),
            None,
        ),
        Member::Attribute(
            "nodeName",
            |this, _| {
                Ok(js_str(match attr::name_and_value(this)? {
                    Some((name, _)) => name,
                    None => node_name(&wrappers::node(this)?),
                }))
            },
            None,
        ),
        Member::Attribute("baseURI", base_uri, None),
        Member::Attribute(
            "isConnected",
            |this, ctx| Ok(is_connected(ctx, &wrappers::node(this)?).into()),
            None,
        ),
        Member::Attribute("ownerDocument", owner_document, None),
        Member::Attribute(
            "parentNode",
            |this, ctx| related(this, dom::parent, ctx),
            None,
        ),
        Member::Attribute(
            "parentElement",
            |this, ctx| related(this, parent_element, ctx),
            None,
        ),
        Member::Attribute("childNodes", collections::child_nodes, None),
        Member::Attribute(
            "firstChild",
            |this, ctx| related(this, dom::first_child, ctx),
            None,
        ),
        Member::Attribute(
            "lastChild",
            |this, ctx| related(this, dom::last_child, ctx),
            None,
        ),
        Member::Attribute(
            "previousSibling",
            |this, ctx| related(this, dom::previous_sibling, ctx),
            None,
        ),
        Member::Attribute(
            "nextSibling",
            |this, ctx| related(this, dom::next_sibling, ctx),
            None,
        ),
        Member::Attribute("nodeValue", node_value, Some(set_node_value)),
        Member::Attribute("textContent", text_content, Some(set_text_content)),
        Member::Operation("hasChildNodes", 0, |this, _, _| {
            Ok((!wrappers::node(this)?.children.borrow().is_empty()).into())
        }),
        Member::Operation("getRootNode", 0, |this, args, ctx| {
            let composed = Dictionary::new(&argument(args, 0))?.boolean("composed", ctx)?;
            let node = wrappers::node(this)?;
            let root = if composed {
                with_contexts(ctx, |contexts| contexts.shadow_including_root(&node))
            } else {
                dom::root(&node)
            };
            Ok(wrap(ctx, &root).into())
        }),
        Member::Operation("normalize", 0, normalize),
        Member::Operation("cloneNode", 0, clone_node),
        Member::Operation("isEqualNode", 1, is_equal_node),
        Member::Operation("isSameNode", 1, |this, args, _| {
            Ok(argument(args, 0)
                .as_object()
                .is_some_and(|other| JsObject::equals(&other, this))
                .into())
        }),
        Member::Operation("contains", 1, contains),
        Member::Operation("compareDocumentPosition", 1, compare_document_position),
        Member::Operation("insertBefore", 2, INSERT_BEFORE),
        Member::Operation("appendChild", 1, |this, args, ctx| {
            let node = node_argument(args, 0, ctx)?;
            tree::insert(ctx, &wrappers::node(this)?, &node, None)?;
            Ok(argument(args, 0))
        }),
        Member::Operation("replaceChild", 2, |this, args, ctx| {
            let node = node_argument(args, 0, ctx)?;
            let child = node_argument(args, 1, ctx)?;
            tree::replace(ctx, &wrappers::node(this)?, &node, &child)?;
            Ok(argument(args, 1))
        }),
        Member::Operation("removeChild", 1, remove_child),
    ]],
    ..Interface::new("Node")
};

/// The interface of a node's object.
fn interface_of(node: &Node) -> &'static Interface {
    match node_kind(node) {
        NodeKind::Document => &document::DOCUMENT,
        NodeKind::DocumentFragment if dom::is_shadow_root(node) => &shadow::SHADOW_ROOT,
        NodeKind::DocumentFragment => &document::DOCUMENT_FRAGMENT,
        NodeKind::Doctype => &document::DOCUMENT_TYPE,
        NodeKind::Attribute => &attr::ATTR,
        NodeKind::Text => &character_data::TEXT,
        NodeKind::Comment => &character_data::COMMENT,
        NodeKind::ProcessingInstruction => &character_data::PROCESSING_INSTRUCTION,
        NodeKind::Element => (extensions().element_interface)(node).unwrap_or(&element::ELEMENT),
    }
}

/// The object of a node, made when script first meets the node.
pub(crate) fn wrap(ctx: &mut Context, node: &Node) -> JsObject {
    if let Some(object) = wrappers::object_of(ctx, node) {
        return object;
    }
    let realm = realm_of(ctx, node);
    let kind = NodeWrapper::reference(node.clone());
    let object = webidl::create_object(&realm, interface_of(node), kind, ctx);
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
pub(crate) fn window_of(ctx: &Context, node: &Node) -> Option<framepost_event_loop::GlobalId> {
    with_contexts(ctx, |contexts| {
        let document = contexts.document_of(node)?;
        Some(contexts.document(document)?.window())
    })
}

/// The object of a node, or null.
pub(crate) fn wrap_or_null(ctx: &mut Context, node: Option<Node>) -> JsValue {
    node.map_or_else(JsValue::null, |node| wrap(ctx, &node).into())
}

fn related(
    this: &JsObject,
    relation: fn(&Node) -> Option<Node>,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let related = relation(&wrappers::node(this)?);
    Ok(wrap_or_null(ctx, related))
}

/// The node that an argument of type `Node` is.
pub(crate) fn node_argument(args: &[JsValue], index: usize, ctx: &mut Context) -> JsResult<Node> {
    nullable_node_argument(args, index, ctx)?.ok_or_else(|| not_a_node(index))
}

/// The node that an argument of type `Node?` is.
pub(crate) fn nullable_node_argument(
    args: &[JsValue],
    index: usize,
    _: &mut Context,
) -> JsResult<Option<Node>> {
    let value = argument(args, index);
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    let node = value
        .as_object()
        .and_then(|object| wrappers::as_node(&object));
    node.map(Some).ok_or_else(|| not_a_node(index))
}

fn not_a_node(index: usize) -> boa_engine::JsError {
    JsNativeError::typ()
        .with_message(format!("parameter {} is not of type 'Node'.", index + 1))
        .into()
}

/// [`nodeType`](https://dom.spec.whatwg.org/#dom-node-nodetype)
fn node_type(node: &Node) -> u32 {
    match node_kind(node) {
        NodeKind::Element => 1,
        NodeKind::Attribute => 2,
        NodeKind::Text => 3,
        NodeKind::ProcessingInstruction => 7,
        NodeKind::Comment => 8,
        NodeKind::Document => 9,
        NodeKind::Doctype => 10,
        NodeKind::DocumentFragment => 11,
    }
}

/// [`nodeName`](https://dom.spec.whatwg.org/#dom-node-nodename)
fn node_name(node: &Node) -> String {
    match &node.data {
        NodeData::Element { .. } => element::tag_name(node),
        NodeData::Text { .. } => "#text".to_owned(),
        NodeData::Comment { .. } => "#comment".to_owned(),
        NodeData::Doctype { name, .. } => name.to_string(),
        _ if dom::is_document_fragment(node) => "#document-fragment".to_owned(),
        NodeData::ProcessingInstruction { target, .. } => target.to_string(),
        NodeData::Document => "#document".to_owned(),
    }
}

/// [Connected](https://dom.spec.whatwg.org/#connected)
pub(crate) fn is_connected(ctx: &Context, node: &Node) -> bool {
    let root = with_contexts(ctx, |contexts| contexts.shadow_including_root(node));
    node_kind(&root) == NodeKind::Document
}

fn parent_element(node: &Node) -> Option<Node> {
    dom::parent(node).filter(|parent| node_kind(parent) == NodeKind::Element)
}

fn base_uri(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let url = with_contexts(ctx, |contexts| {
        let document = contexts.document_of(&node)?;
        Some(contexts.base_url(document)?.to_string())
    });
    Ok(js_str(url.unwrap_or_else(|| "about:blank".to_owned())))
}

/// The document node of a node.
pub(crate) fn owner_document_node(ctx: &Context, node: &Node) -> Option<Node> {
    let root = with_contexts(ctx, |contexts| contexts.shadow_including_root(node));
    if node_kind(&root) == NodeKind::Document {
        return Some(root);
    }
    if let Some(document) = tree::document_of_detached_root(ctx, &root) {
        return Some(document);
    }
    with_contexts(ctx, |contexts| {
        let document = contexts.document_of(node)?;
        Some(contexts.document(document)?.node().clone())
    })
}

fn owner_document(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    if node_kind(&node) == NodeKind::Document {
        return Ok(JsValue::null());
    }
    // An attribute goes where its element goes.
    let node = match attr::owner_element(this) {
        Some(element) => wrappers::node(&element)?,
        None => node,
    };
    let owner = owner_document_node(ctx, &node);
    Ok(wrap_or_null(ctx, owner))
}

fn node_value(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    if let Some((_, value)) = attr::name_and_value(this)? {
        return Ok(js_str(value));
    }
    Ok(js_str_or_null(character_data::data(&wrappers::node(this)?)))
}

fn set_node_value(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let text = nullable_string(value, ctx)?.unwrap_or_default();
    if attr::set_node_value(this, &text, ctx)? {
        return Ok(());
    }
    let node = wrappers::node(this)?;
    if character_data::data(&node).is_some() {
        character_data::set_data(&node, &text, ctx)?;
    }
    Ok(())
}

fn text_content(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    if let Some((_, value)) = attr::name_and_value(this)? {
        return Ok(js_str(value));
    }
    Ok(js_str_or_null(dom::text_content(&wrappers::node(this)?)))
}

/// [`textContent`'s setter](https://dom.spec.whatwg.org/#dom-node-textcontent)
pub(crate) fn set_text_content(
    this: &JsObject,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let text = nullable_string(value, ctx)?.unwrap_or_default();
    if attr::set_node_value(this, &text, ctx)? {
        return Ok(());
    }
    let node = wrappers::node(this)?;
    match node_kind(&node) {
        NodeKind::Element | NodeKind::DocumentFragment => {
            string_replace_all(ctx, &node, &text);
            Ok(())
        }
        NodeKind::Text | NodeKind::Comment | NodeKind::ProcessingInstruction => {
            character_data::set_data(&node, &text, ctx)
        }
        NodeKind::Document | NodeKind::Doctype | NodeKind::Attribute => Ok(()),
    }
}

/// [String replace all](https://dom.spec.whatwg.org/#string-replace-all)
pub(crate) fn string_replace_all(ctx: &mut Context, parent: &Node, text: &str) {
    if text.is_empty() {
        tree::replace_all(ctx, parent, None);
        return;
    }
    let node = dom::create_text(text);
    tree::adopt(ctx, &node, parent);
    tree::replace_all(ctx, parent, Some(&node));
}

/// [`normalize()`](https://dom.spec.whatwg.org/#dom-node-normalize)
fn normalize(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let top = wrappers::node(this)?;
    let texts: Vec<Node> = dom::descendants(&top)
        .filter(|node| node_kind(node) == NodeKind::Text)
        .collect();
    let mut last: Option<Node> = None;
    for node in texts {
        let data = dom::text(&node).unwrap_or_default();
        if data.is_empty() {
            tree::remove(ctx, &node);
            continue;
        }
        let follows = dom::previous_sibling(&node);
        match last
            .take()
            .zip(follows)
            .filter(|(last, before)| dom::is_same(last, before))
        {
            Some((into, _)) => {
                let joined = dom::text(&into).unwrap_or_default() + &data;
                character_data::set_data(&into, &joined, ctx)?;
                tree::remove(ctx, &node);
                last = Some(into);
            }
            None => last = Some(node),
        }
    }
    Ok(JsValue::undefined())
}

fn clone_node(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let deep = optional(args, 0).is_some_and(JsValue::to_boolean);
    let node = wrappers::node(this)?;
    if dom::is_shadow_root(&node) {
        let message = "A shadow root cannot be cloned.";
        return Err(crate::webidl::exception::throw(
            "NotSupportedError",
            message,
            ctx,
        ));
    }
    if let Some(copy) = attr::clone(this, &node, ctx)? {
        return Ok(copy.into());
    }
    let scope = if deep {
        dom::CloneScope::Subtree
    } else {
        dom::CloneScope::Node
    };
    let copy = with_contexts(ctx, |contexts| contexts.clone_node(&node, scope));
    tree::adopt(ctx, &copy, &node);
    Ok(wrap(ctx, &copy).into())
}

/// [Equals](https://dom.spec.whatwg.org/#concept-node-equals)
fn is_equal_node(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let Some(other) = nullable_node_argument(args, 0, ctx)? else {
        return Ok(false.into());
    };
    let other_object = wrap(ctx, &other);
    if let Some(equal) = attr::equal(this, &other_object)? {
        return Ok(equal.into());
    }
    let mut pairs = vec![(wrappers::node(this)?, other)];
    while let Some((a, b)) = pairs.pop() {
        let (ours, theirs) = (a.children.borrow(), b.children.borrow());
        let attributes = |node: &Node| {
            let mut all = dom::attributes(node);
            all.sort_unstable();
            all
        };
        let same = node_kind(&a) == node_kind(&b)
            && node_name(&a) == node_name(&b)
            && element::namespace(&a) == element::namespace(&b)
            && character_data::data(&a) == character_data::data(&b)
            && attributes(&a) == attributes(&b)
            && ours.len() == theirs.len();
        if !same {
            return Ok(false.into());
        }
        pairs.extend(ours.iter().cloned().zip(theirs.iter().cloned()));
    }
    Ok(true.into())
}

fn contains(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let Some(other) = nullable_node_argument(args, 0, ctx)? else {
        return Ok(false.into());
    };
    Ok(dom::contains(&wrappers::node(this)?, &other).into())
}

/// [`compareDocumentPosition()`](https://dom.spec.whatwg.org/#dom-node-comparedocumentposition)
fn compare_document_position(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let other = node_argument(args, 0, ctx)?;
    let bits: u32 = match dom::tree_order(&other, &node) {
        TreeOrder::Same => 0,
        // Which of two trees comes first is arbitrary, but always the same here.
        TreeOrder::Disconnected => 0x01 | 0x20 | 0x02,
        TreeOrder::Before if dom::contains(&other, &node) => 0x08 | 0x02,
        TreeOrder::Before => 0x02,
        TreeOrder::After if dom::contains(&node, &other) => 0x10 | 0x04,
        TreeOrder::After => 0x04,
    };
    Ok(bits.into())
}

const INSERT_BEFORE: Operation = |this, args, ctx| {
    let node = node_argument(args, 0, ctx)?;
    let before = nullable_node_argument(args, 1, ctx)?;
    tree::insert(ctx, &wrappers::node(this)?, &node, before.as_ref())?;
    Ok(argument(args, 0))
};

/// [Pre-remove](https://dom.spec.whatwg.org/#concept-node-pre-remove)
fn remove_child(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let child = node_argument(args, 0, ctx)?;
    let parent = wrappers::node(this)?;
    if !dom::parent(&child).is_some_and(|above| dom::is_same(&above, &parent)) {
        let message = "The node to be removed is not a child of this node.";
        return Err(crate::webidl::exception::throw(
            "NotFoundError",
            message,
            ctx,
        ));
    }
    tree::remove(ctx, &child);
    Ok(argument(args, 0))
}

/// [Convert nodes into a node](https://dom.spec.whatwg.org/#converting-nodes-into-a-node), for a
/// place in the tree of `parent`.
pub(crate) fn convert_nodes_into_a_node(
    ctx: &mut Context,
    given: Vec<NodeOrString>,
    parent: &Node,
) -> JsResult<Node> {
    let mut nodes = Vec::with_capacity(given.len());
    for node in given {
        nodes.push(match node {
            NodeOrString::Node(node) => node,
            NodeOrString::DomString(text) => {
                let text = dom::create_text(&text);
                tree::adopt(ctx, &text, parent);
                text
            }
        });
    }
    if let [node] = nodes.as_slice() {
        return Ok(node.clone());
    }
    let fragment = dom::create_document_fragment();
    tree::adopt(ctx, &fragment, parent);
    for node in &nodes {
        tree::insert(ctx, &fragment, node, None)?;
    }
    Ok(fragment)
}
