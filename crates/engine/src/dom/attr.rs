//! `Attr` ([DOM, interface Attr](https://dom.spec.whatwg.org/#interface-attr)).
//!
//! Elements hold names and values of their attributes themselves. An `Attr` is made when script
//! first meets an attribute, and is then the only one for it: a companion of the element's object
//! lists those that were made. Its value is the element's as long as it has one.
//!
//! NOT YET: attributes of a namespace are set as attributes of none; `createAttributeNS()` and the
//! other methods with namespaces are missing. `compareDocumentPosition()` takes every attribute for
//! a tree of its own.

use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom;
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::tree;
use crate::script::wrappers;
use crate::script::wrappers::NodeWrapper;
use crate::webidl::convert::{argument, dom_string, js_str, js_str_or_null};
use crate::webidl::exception;
use crate::webidl::platform;
use crate::webidl::platform::PlatformObject;
use crate::webidl::{self, Interface, Member};

use super::element::{check_name, qualified_attribute};
use super::node;

/// What an attribute is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Name {
    namespace: Option<String>,
    prefix: Option<String>,
    local: String,
}

impl Name {
    fn qualified(&self) -> String {
        match &self.prefix {
            Some(prefix) => format!("{prefix}:{}", self.local),
            None => self.local.clone(),
        }
    }
}

/// What an `Attr` holds.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct AttrData {
    #[unsafe_ignore_trace]
    name: Name,
    /// Its [element](https://dom.spec.whatwg.org/#concept-attribute-element).
    element: Option<JsObject>,
    /// Its value while it has no element.
    #[unsafe_ignore_trace]
    value: String,
}

/// The `Attr` interface.
pub(crate) static ATTR: Interface = Interface {
    parent: Some(&node::NODE),
    members: &[&[
        Member::Attribute(
            "namespaceURI",
            |this, _| Ok(js_str_or_null(data(this)?.name.namespace)),
            None,
        ),
        Member::Attribute(
            "prefix",
            |this, _| Ok(js_str_or_null(data(this)?.name.prefix)),
            None,
        ),
        Member::Attribute(
            "localName",
            |this, _| Ok(js_str(data(this)?.name.local)),
            None,
        ),
        Member::Attribute(
            "name",
            |this, _| Ok(js_str(data(this)?.name.qualified())),
            None,
        ),
        Member::Attribute(
            "value",
            |this, _| Ok(js_str(value(&data(this)?)?)),
            Some(|this, value, ctx| {
                let value = dom_string(value, ctx)?;
                set_value(this, value, ctx)
            }),
        ),
        Member::Attribute(
            "ownerElement",
            |this, _| {
                let element = data(this)?.element;
                Ok(element.map_or_else(JsValue::null, JsValue::from))
            },
            None,
        ),
        Member::Attribute("specified", |_, _| Ok(true.into()), None),
    ]],
    ..Interface::new("Attr")
};

/// The `Attr`s of an element that were made, by qualified name.
#[derive(Trace, Finalize)]
struct AttributeNodes(Vec<(String, JsObject)>);

/// It is no interface of the specification: the companion of an element that lists its `Attr`s.
static ATTRIBUTE_NODES: Interface = Interface::new("attribute nodes");

const COMPANION: &str = "attribute nodes";

/// What an object holds, if it is an `Attr`.
fn as_attr(object: &JsObject) -> Option<AttrData> {
    platform::with(object, |data: &AttrData| Some(data.clone()))
}

fn data(this: &JsObject) -> JsResult<AttrData> {
    as_attr(this).ok_or_else(platform::illegal_invocation)
}

fn change(attr: &JsObject, change: impl FnOnce(&mut AttrData)) {
    platform::with_mut(attr, |data: &mut AttrData| {
        change(data);
        Some(())
    });
}

fn value(data: &AttrData) -> JsResult<String> {
    Ok(match &data.element {
        Some(element) => {
            let value = qualified_attribute(&wrappers::node(element)?, &data.name.qualified());
            value.unwrap_or_default()
        }
        None => data.value.clone(),
    })
}

/// [Set an existing attribute value](https://dom.spec.whatwg.org/#set-an-existing-attribute-value)
fn set_value(attr: &JsObject, value: String, ctx: &mut Context) -> JsResult<()> {
    let held = data(attr)?;
    match held.element {
        Some(element) => {
            let element = wrappers::node(&element)?;
            tree::set_attribute(ctx, &element, &held.name.qualified(), &value);
        }
        None => change(attr, |data| data.value = value),
    }
    Ok(())
}

/// The name and the value of an `Attr`, for what `Node` shows of it; none of another object.
pub(crate) fn name_and_value(object: &JsObject) -> JsResult<Option<(String, String)>> {
    let Some(data) = as_attr(object) else {
        return Ok(None);
    };
    Ok(Some((data.name.qualified(), value(&data)?)))
}

/// Sets the value, as `nodeValue` and `textContent` do, if the object is an `Attr`. Says so.
pub(crate) fn set_node_value(object: &JsObject, value: &str, ctx: &mut Context) -> JsResult<bool> {
    if as_attr(object).is_none() {
        return Ok(false);
    }
    set_value(object, value.to_owned(), ctx)?;
    Ok(true)
}

/// The element of an `Attr`.
pub(crate) fn owner_element(object: &JsObject) -> Option<JsObject> {
    as_attr(object)?.element
}

/// Whether two objects are `Attr`s that are
/// [equal](https://dom.spec.whatwg.org/#concept-node-equals); none if neither is one.
pub(crate) fn equal(one: &JsObject, other: &JsObject) -> JsResult<Option<bool>> {
    match (as_attr(one), as_attr(other)) {
        (None, None) => Ok(None),
        (Some(one), Some(other)) => {
            let names = |data: &AttrData| (data.name.namespace.clone(), data.name.local.clone());
            Ok(Some(
                names(&one) == names(&other) && value(&one)? == value(&other)?,
            ))
        }
        _ => Ok(Some(false)),
    }
}

/// A [clone](https://dom.spec.whatwg.org/#concept-node-clone) of an `Attr` for the document of
/// `like`; none of another object.
pub(crate) fn clone(
    object: &JsObject,
    like: &Node,
    ctx: &mut Context,
) -> JsResult<Option<JsObject>> {
    let Some(held) = as_attr(object) else {
        return Ok(None);
    };
    let value = value(&held)?;
    Ok(Some(create(ctx, like, held.name, None, value)))
}

/// Makes an `Attr` for the document of `like`.
fn create(
    ctx: &mut Context,
    like: &Node,
    name: Name,
    element: Option<JsObject>,
    value: String,
) -> JsObject {
    let realm = node::realm_of(ctx, like);
    let node = dom::create_attribute_node();
    tree::adopt(ctx, &node, like);
    // For the DOM's algorithms it is a node in no tree.
    let wrapper = NodeWrapper::reference(node.clone());
    let data = AttrData {
        name,
        element,
        value,
    };
    let parts = PlatformObject::new(wrapper, &ATTR).and_own(Box::new(data));
    let object = webidl::create_with(&realm, parts, ctx);
    wrappers::remember(ctx, &node, &object);
    object
}

/// [`createAttribute()`](https://dom.spec.whatwg.org/#dom-document-createattribute)
pub(crate) fn create_attribute(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let local = dom_string(&argument(args, 0), ctx)?;
    check_name(&local, ctx)?;
    let name = Name {
        local: local.to_ascii_lowercase(),
        ..Name::default()
    };
    let document = wrappers::node(this)?;
    Ok(create(ctx, &document, name, None, String::new()).into())
}

/// The `Attr`s that were made for the attributes of an element, by qualified name.
fn made(element: &JsObject) -> Vec<(String, JsObject)> {
    let Some(list) = platform::held_companion(element, COMPANION) else {
        return Vec::new();
    };
    platform::with(&list, |list: &AttributeNodes| Some(list.0.clone())).unwrap_or_default()
}

fn change_made(
    element: &JsObject,
    ctx: &mut Context,
    change: impl FnOnce(&mut Vec<(String, JsObject)>),
) -> JsResult<()> {
    let list = platform::companion(element, COMPANION, ctx, |ctx| {
        let kind = AttributeNodes(Vec::new());
        let no_prototype = JsObject::with_null_proto();
        Ok(PlatformObject::create(
            kind,
            &ATTRIBUTE_NODES,
            no_prototype,
            ctx,
        ))
    })?;
    platform::with_mut(&list, |list: &mut AttributeNodes| {
        change(&mut list.0);
        Some(())
    });
    Ok(())
}

/// The name of an element's attribute of this qualified name.
fn name_of(element: &Node, qualified: &str) -> Option<Name> {
    let NodeData::Element { attrs, .. } = &element.data else {
        return None;
    };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let attrs = attrs.borrow();
    let mut names = attrs.iter().map(|held| Name {
        namespace: some(&held.name.ns),
        prefix: held.name.prefix.as_ref().and_then(|prefix| some(prefix)),
        local: held.name.local.to_string(),
    });
    names.find(|name| name.qualified() == qualified)
}

/// The `Attr` of the attribute of this qualified name that the element has.
pub(crate) fn of_element(
    ctx: &mut Context,
    element: &Node,
    qualified: &str,
) -> JsResult<Option<JsObject>> {
    let Some(name) = name_of(element, qualified) else {
        return Ok(None);
    };
    let owner = node::wrap(ctx, element);
    let mut made = made(&owner).into_iter();
    if let Some((_, attr)) = made.find(|(held, _)| held == qualified) {
        return Ok(Some(attr));
    }
    let attr = create(ctx, element, name, Some(owner.clone()), String::new());
    let entry = (qualified.to_owned(), attr.clone());
    change_made(&owner, ctx, |list| list.push(entry))?;
    Ok(Some(attr))
}

/// To be called when an attribute was removed from an element: its `Attr` keeps the value.
pub(crate) fn attribute_removed(ctx: &mut Context, element: &Node, qualified: &str, value: &str) {
    let Some(owner) = wrappers::object_of(ctx, element) else {
        return;
    };
    let mut made = made(&owner).into_iter();
    let Some((_, attr)) = made.find(|(held, _)| held == qualified) else {
        return;
    };
    change(&attr, |data| {
        data.element = None;
        value.clone_into(&mut data.value);
    });
    // The list is there already: nothing is made, and nothing can fail.
    let _ = change_made(&owner, ctx, |list| {
        list.retain(|(held, _)| held != qualified);
    });
}

fn attr_argument(args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let attr = argument(args, 0).as_object();
    let attr = match attr {
        Some(object) => platform::unwrap_proxy(&object, ctx)?,
        None => None,
    };
    attr.filter(|attr| as_attr(attr).is_some()).ok_or_else(|| {
        JsNativeError::typ()
            .with_message("parameter 1 is not of type 'Attr'.")
            .into()
    })
}

/// [Set an attribute](https://dom.spec.whatwg.org/#concept-element-attributes-set), which is
/// `setAttributeNode()`.
pub(crate) fn set_attribute_node(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let attr = attr_argument(args, ctx)?;
    let held = data(&attr)?;
    let element = wrappers::node(this)?;
    if let Some(owner) = &held.element {
        if JsObject::equals(owner, this) {
            return Ok(attr.into());
        }
        let message = "the attribute belongs to another element";
        return Err(exception::throw("InUseAttributeError", message, ctx));
    }
    let qualified = held.name.qualified();
    let old = of_element(ctx, &element, &qualified)?;
    if let Some(old) = &old {
        let value = value(&data(old)?)?;
        change(old, |data| {
            data.element = None;
            data.value = value;
        });
    }
    let node = wrappers::node(&attr)?;
    tree::adopt(ctx, &node, &element);
    change(&attr, |data| data.element = Some(this.clone()));
    let entry = (qualified.clone(), attr);
    change_made(this, ctx, |list| {
        list.retain(|(name, _)| *name != entry.0);
        list.push(entry);
    })?;
    tree::set_attribute(ctx, &element, &qualified, &held.value);
    Ok(old.map_or_else(JsValue::null, JsValue::from))
}

/// [`removeAttributeNode()`](https://dom.spec.whatwg.org/#dom-element-removeattributenode)
pub(crate) fn remove_attribute_node(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let attr = attr_argument(args, ctx)?;
    let held = data(&attr)?;
    if !held
        .element
        .is_some_and(|owner| JsObject::equals(&owner, this))
    {
        let message = "the attribute is none of this element's";
        return Err(exception::throw("NotFoundError", message, ctx));
    }
    tree::remove_attribute(ctx, &wrappers::node(this)?, &held.name.qualified());
    Ok(attr.into())
}

/// [`getAttributeNode()`](https://dom.spec.whatwg.org/#dom-element-getattributenode)
pub(crate) fn get_attribute_node(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let name = dom_string(&argument(args, 0), ctx)?;
    let element = wrappers::node(this)?;
    let name = if super::element::is_html(&element) {
        name.to_ascii_lowercase()
    } else {
        name
    };
    let found = of_element(ctx, &element, &name)?;
    Ok(found.map_or_else(JsValue::null, JsValue::from))
}
