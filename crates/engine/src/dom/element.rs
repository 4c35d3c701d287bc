//! `Element` ([DOM, interface Element](https://dom.spec.whatwg.org/#interface-element)).

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use html5ever::ns;
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::selectors;
use crate::dom::tree;
use crate::script::with_contexts;
use crate::webidl::convert::{
    argument, dom_string, dom_string_null_empty, js_str, js_str_or_null, nullable_string, optional,
};
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;
use crate::webidl::{Interface, Member, Mixin};

use super::node::{NODE, node_argument, wrap_or_null};
use super::{
    attr, child_node, collections, named_node_map, parent_node, reflect, shadow, token_list,
};

/// The `Element` interface.
pub(crate) static ELEMENT: Interface = Interface {
    parent: Some(&NODE),
    members: &[
        &[
            Member::Attribute(
                "namespaceURI",
                |this, _| Ok(js_str_or_null(namespace(&wrappers::node(this)?))),
                None,
            ),
            Member::Attribute(
                "prefix",
                |this, _| Ok(js_str_or_null(prefix(&wrappers::node(this)?))),
                None,
            ),
            Member::Attribute(
                "localName",
                |this, _| {
                    Ok(js_str(
                        dom::local_name(&wrappers::node(this)?).unwrap_or_default(),
                    ))
                },
                None,
            ),
            Member::Attribute(
                "tagName",
                |this, _| Ok(js_str(tag_name(&wrappers::node(this)?))),
                None,
            ),
            reflect::string("id", "id"),
            reflect::string("className", "class"),
            reflect::string("slot", "slot"),
            Member::Attribute(
                "classList",
                token_list::class_list,
                Some(|this, value, ctx| {
                    let text = dom_string(value, ctx)?;
                    tree::set_attribute(ctx, &wrappers::node(this)?, "class", &text);
                    Ok(())
                }),
            ),
            Member::Operation("hasAttributes", 0, |this, _, _| {
                Ok((!dom::attributes(&wrappers::node(this)?).is_empty()).into())
            }),
            Member::Attribute("attributes", named_node_map::attributes, None),
            Member::Operation("getAttributeNames", 0, attribute_names),
            Member::Operation("getAttribute", 1, |this, args, ctx| {
                let node = wrappers::node(this)?;
                let name = attribute_name(&node, args, 0, ctx)?;
                Ok(js_str_or_null(qualified_attribute(&node, &name)))
            }),
            Member::Operation("setAttribute", 2, set_attribute),
            Member::Operation("removeAttribute", 1, |this, args, ctx| {
                let node = wrappers::node(this)?;
                let name = attribute_name(&node, args, 0, ctx)?;
                tree::remove_attribute(ctx, &node, &name);
                Ok(JsValue::undefined())
            }),
            Member::Operation("hasAttribute", 1, |this, args, ctx| {
                let node = wrappers::node(this)?;
                let name = attribute_name(&node, args, 0, ctx)?;
                Ok(qualified_attribute(&node, &name).is_some().into())
            }),
            Member::Operation("toggleAttribute", 1, toggle_attribute),
            Member::Operation("getAttributeNode", 1, attr::get_attribute_node),
            Member::Operation("setAttributeNode", 1, attr::set_attribute_node),
            Member::Operation("removeAttributeNode", 1, attr::remove_attribute_node),
            Member::Operation("closest", 1, |this, args, ctx| {
                let (node, text) = (wrappers::node(this)?, dom_string(&argument(args, 0), ctx)?);
                let mode = parent_node::document_mode(ctx, &node);
                let found = selectors::closest(&node, &text, mode).or_throw(ctx)?;
                Ok(wrap_or_null(ctx, found))
            }),
            Member::Operation("matches", 1, matches),
            Member::Operation("webkitMatchesSelector", 1, matches),
            Member::Operation(
                "getElementsByTagName",
                1,
                collections::get_elements_by_tag_name,
            ),
            Member::Operation(
                "getElementsByTagNameNS",
                2,
                collections::get_elements_by_tag_name_ns,
            ),
            Member::Operation(
                "getElementsByClassName",
                1,
                collections::get_elements_by_class_name,
            ),
            Member::Operation("insertAdjacentElement", 2, insert_adjacent_element),
            Member::Operation("insertAdjacentText", 2, insert_adjacent_text),
            Member::Operation("insertAdjacentHTML", 2, insert_adjacent_html),
            Member::Attribute("innerHTML", inner_html, Some(set_inner_html)),
            Member::Attribute(
                "outerHTML",
                |this, _| Ok(js_str(dom::serialize_outer(&wrappers::node(this)?))),
                Some(set_outer_html),
            ),
        ],
        shadow::ELEMENT_MEMBERS,
        shadow::SLOTTABLE,
    ],
    unscopables: &["slot"],
    own: Mixin::of(&[
        &parent_node::PARENT_NODE,
        &child_node::NON_DOCUMENT_TYPE_CHILD_NODE,
        &child_node::CHILD_NODE,
    ]),
    ..Interface::new("Element")
};

/// The [namespace](https://dom.spec.whatwg.org/#concept-element-namespace) of an element.
pub(crate) fn namespace(node: &Node) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } if !name.ns.is_empty() => Some(name.ns.to_string()),
        _ => None,
    }
}

fn prefix(node: &Node) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } => name
            .prefix
            .as_ref()
            .filter(|prefix| !prefix.is_empty())
            .map(ToString::to_string),
        _ => None,
    }
}

/// Whether the element is in the HTML namespace.
pub(crate) fn is_html(node: &Node) -> bool {
    matches!(&node.data, NodeData::Element { name, .. } if name.ns == ns!(html))
}

/// [HTML-uppercased qualified name](https://dom.spec.whatwg.org/#element-html-uppercased-qualified-name)
pub(crate) fn tag_name(node: &Node) -> String {
    let local = dom::local_name(node).unwrap_or_default();
    let qualified = match prefix(node) {
        Some(prefix) => format!("{prefix}:{local}"),
        None => local.to_owned(),
    };
    if is_html(node) {
        qualified.to_ascii_uppercase()
    } else {
        qualified
    }
}

/// The value of the attribute of this qualified name.
pub(crate) fn qualified_attribute(node: &Node, name: &str) -> Option<String> {
    dom::attributes(node)
        .into_iter()
        .find(|(held, _)| held == name)
        .map(|(_, value)| value)
}

/// An attribute's name as an argument: in lower case for an HTML element.
fn attribute_name(
    node: &Node,
    args: &[JsValue],
    index: usize,
    ctx: &mut Context,
) -> JsResult<String> {
    let name = dom_string(&argument(args, index), ctx)?;
    Ok(if is_html(node) {
        name.to_ascii_lowercase()
    } else {
        name
    })
}

/// Throws if this is no name of an attribute.
pub(crate) fn check_name(name: &str, ctx: &mut Context) -> JsResult<()> {
    if !dom::is_valid_attribute_local_name(name) {
        let message = format!("{name:?} is not a valid attribute name.");
        return Err(exception::throw("InvalidCharacterError", &message, ctx));
    }
    Ok(())
}

/// [`setAttribute()`](https://dom.spec.whatwg.org/#dom-element-setattribute)
fn set_attribute(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let name = attribute_name(&node, args, 0, ctx)?;
    let value = dom_string(&argument(args, 1), ctx)?;
    check_name(&name, ctx)?;
    tree::set_attribute(ctx, &node, &name, &value);
    Ok(JsValue::undefined())
}

fn toggle_attribute(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let name = attribute_name(&node, args, 0, ctx)?;
    check_name(&name, ctx)?;
    let force = optional(args, 1).map(JsValue::to_boolean);
    let present = qualified_attribute(&node, &name).is_some();
    match (present, force) {
        (false, None | Some(true)) => {
            tree::set_attribute(ctx, &node, &name, "");
            Ok(true.into())
        }
        (true, None | Some(false)) => {
            tree::remove_attribute(ctx, &node, &name);
            Ok(false.into())
        }
        (present, _) => Ok(present.into()),
    }
}

fn attribute_names(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let names = dom::attributes(&wrappers::node(this)?);
    let names: Vec<JsValue> = names.into_iter().map(|(name, _)| js_str(name)).collect();
    Ok(boa_engine::object::builtins::JsArray::from_iter(names, ctx).into())
}

fn matches(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let (node, text) = (wrappers::node(this)?, dom_string(&argument(args, 0), ctx)?);
    let mode = parent_node::document_mode(ctx, &node);
    Ok(selectors::matches(&node, &text, mode).or_throw(ctx)?.into())
}

/// [Insert adjacent](https://dom.spec.whatwg.org/#insert-adjacent): where `position` says. `false`
/// when there is no such place.
fn insert_adjacent(
    ctx: &mut Context,
    element: &Node,
    position: &str,
    node: &Node,
) -> JsResult<bool> {
    let (parent, before) = match position.to_ascii_lowercase().as_str() {
        "beforebegin" => (dom::parent(element), Some(element.clone())),
        "afterbegin" => (Some(element.clone()), dom::first_child(element)),
        "beforeend" => (Some(element.clone()), None),
        "afterend" => (dom::parent(element), dom::next_sibling(element)),
        _ => return Err(bad_position(position, ctx)),
    };
    let Some(parent) = parent else {
        return Ok(false);
    };
    tree::insert(ctx, &parent, node, before.as_ref())?;
    Ok(true)
}

fn bad_position(position: &str, ctx: &mut Context) -> boa_engine::JsError {
    let message = format!(
        "{position:?} is not one of 'beforeBegin', 'afterBegin', 'beforeEnd', or 'afterEnd'."
    );
    exception::throw("SyntaxError", &message, ctx)
}

fn insert_adjacent_element(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let position = dom_string(&argument(args, 0), ctx)?;
    let node = node_argument(args, 1, ctx)?;
    let inserted = insert_adjacent(ctx, &wrappers::node(this)?, &position, &node)?;
    Ok(if inserted {
        argument(args, 1)
    } else {
        JsValue::null()
    })
}

fn insert_adjacent_text(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let position = dom_string(&argument(args, 0), ctx)?;
    let text = dom::create_text(&dom_string(&argument(args, 1), ctx)?);
    let element = wrappers::node(this)?;
    tree::adopt(ctx, &text, &element);
    insert_adjacent(ctx, &element, &position, &text)?;
    Ok(JsValue::undefined())
}

/// [`insertAdjacentHTML()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-insertadjacenthtml)
fn insert_adjacent_html(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let position = dom_string(&argument(args, 0), ctx)?;
    let html = dom_string(&argument(args, 1), ctx)?;
    let element = wrappers::node(this)?;
    let context = match position.to_ascii_lowercase().as_str() {
        "beforebegin" | "afterend" => {
            match dom::parent(&element).filter(|parent| node_kind(parent) != NodeKind::Document) {
                Some(parent) => parent,
                None => {
                    let message = "The element has no parent to insert into.";
                    return Err(exception::throw("NoModificationAllowedError", message, ctx));
                }
            }
        }
        "afterbegin" | "beforeend" => element.clone(),
        _ => return Err(bad_position(&position, ctx)),
    };
    let fragment = parse_fragment(ctx, &context, &html);
    insert_adjacent(ctx, &element, &position, &fragment)?;
    Ok(JsValue::undefined())
}

/// Parses markup into a fragment of the document of `context`
/// ([fragment parsing algorithm steps](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#fragment-parsing-algorithm-steps)).
pub(crate) fn parse_fragment(ctx: &mut Context, context: &Node, html: &str) -> Node {
    with_contexts(ctx, |contexts| contexts.parse_fragment(context, html))
}

fn inner_html(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    Ok(js_str(dom::serialize_inner(&wrappers::node(this)?)))
}

/// [`innerHTML`'s setter](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml)
fn set_inner_html(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let html = dom_string_null_empty(value, ctx)?;
    let element = wrappers::node(this)?;
    let fragment = parse_fragment(ctx, &element, &html);
    let into = dom::template_contents(&element).unwrap_or(element);
    tree::replace_all(ctx, &into, Some(&fragment));
    Ok(())
}

/// [`outerHTML`'s setter](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-outerhtml)
fn set_outer_html(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let html = dom_string_null_empty(value, ctx)?;
    let element = wrappers::node(this)?;
    let Some(parent) = dom::parent(&element) else {
        return Ok(());
    };
    if node_kind(&parent) == NodeKind::Document {
        let message = "The document element cannot be replaced by markup.";
        return Err(exception::throw("NoModificationAllowedError", message, ctx));
    }
    let context = if node_kind(&parent) == NodeKind::Element {
        parent.clone()
    } else {
        dom::create_element("body").or_throw(ctx)?
    };
    let fragment = parse_fragment(ctx, &context, &html);
    tree::replace(ctx, &parent, &fragment, &element)
}

/// The value of an attribute, for other bindings.
pub(crate) fn attribute_or_empty(node: &Node, name: &str) -> String {
    dom::attribute(node, name).unwrap_or_default()
}

/// A nullable string as an attribute: null removes it.
pub(crate) fn set_or_remove(
    this: &JsObject,
    name: &str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let node = wrappers::node(this)?;
    match nullable_string(value, ctx)? {
        Some(value) => tree::set_attribute(ctx, &node, name, &value),
        None => tree::remove_attribute(ctx, &node, name),
    }
    Ok(())
}
