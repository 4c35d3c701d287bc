//! Attributes as nodes ([DOM, attributes](https://dom.spec.whatwg.org/#interface-attr)).
//!
//! Elements store the names and values of their attributes. An `Attr` is created when script first accesses an
//! attribute, and is then the only one for it: the element's object lists the created ones. While it has an element,
//! its value is in the element.

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_browsing_context::dom;
use markup5ever_rcdom::{Handle as Node, NodeData};

use super::attr::ATTR;
use crate::dom::element::{attribute_name, check_name, qualified_attribute};
use crate::dom::node;
use crate::dom::tree;
use crate::script::wrappers::{self, NodeWrapper};
use crate::webidl::platform::{self, PlatformObject};
use crate::webidl::{self, exception};

/// The namespace, the namespace prefix and the local name of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) namespace: Option<String>,
    pub(super) prefix: Option<String>,
    pub(super) local: String,
}

impl Name {
    pub(super) fn qualified(&self) -> String {
        match &self.prefix {
            Some(prefix) => format!("{prefix}:{}", self.local),
            None => self.local.clone(),
        }
    }
}

/// The data of an `Attr`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct AttrData {
    #[unsafe_ignore_trace]
    pub(super) name: Name,
    /// Its [element](https://dom.spec.whatwg.org/#concept-attribute-element).
    pub(crate) element: Option<JsObject>,
    /// Its value while it has no element.
    #[unsafe_ignore_trace]
    value: String,
}

impl AttrData {
    /// The [value](https://dom.spec.whatwg.org/#concept-attribute-value).
    pub(crate) fn value(&self) -> JsResult<String> {
        Ok(match &self.element {
            Some(element) => qualified_attribute(&wrappers::node(element)?, &self.name.qualified())
                .unwrap_or_default(),
            None => self.value.clone(),
        })
    }

    /// [Equals](https://dom.spec.whatwg.org/#concept-node-equals)
    pub(crate) fn equals(&self, other: &Self) -> JsResult<bool> {
        let is_same_name =
            self.name.namespace == other.name.namespace && self.name.local == other.name.local;
        Ok(is_same_name && self.value()? == other.value()?)
    }
}

/// The created `Attr`s of an element, by qualified name.
#[derive(Default, Trace, Finalize)]
struct AttributeNodes(Vec<(String, JsObject)>);

/// The data of an object that is an `Attr`.
pub(crate) fn as_attr(object: &JsObject) -> Option<AttrData> {
    platform::with(object, |data: &AttrData| Some(data.clone()))
}

/// [`nodeName`](https://dom.spec.whatwg.org/#dom-node-nodename)
pub(crate) fn node_name(object: &JsObject, cx: &mut Context) -> JsResult<String> {
    match as_attr(object) {
        Some(attr) => Ok(attr.name.qualified()),
        None => Ok(node::node_name(&wrappers::node(object)?, cx)),
    }
}

/// [Set an existing attribute value](https://dom.spec.whatwg.org/#set-an-existing-attribute-value)
pub(crate) fn set_value(attr: &JsObject, value: String, cx: &mut Context) -> JsResult<()> {
    let (element, name) = platform::read(attr, |data: &AttrData| {
        (data.element.clone(), data.name.qualified())
    })?;
    match element {
        // 2. to 6. Change the attribute of the element.
        Some(element) => {
            tree::set_attribute(cx, &wrappers::node(&element)?, &name, &value);
            Ok(())
        }
        // 1. Without an element, the attribute has the value.
        None => platform::write(attr, |data: &mut AttrData| data.value = value),
    }
}

/// A [clone](https://dom.spec.whatwg.org/#concept-node-clone) of an `Attr` for the document of
/// `like`.
pub(crate) fn clone(attr: AttrData, like: &Node, cx: &mut Context) -> JsResult<JsObject> {
    let value = attr.value()?;
    Ok(create(cx, like, attr.name, None, value))
}

/// Creates an `Attr` for the document of `like`.
fn create(
    cx: &mut Context,
    like: &Node,
    name: Name,
    element: Option<JsObject>,
    value: String,
) -> JsObject {
    let realm = node::realm_of(cx, like);
    let node = dom::create_attribute_node();
    tree::adopt(cx, &node, like);
    // For the DOM's algorithms, it is a node outside any tree.
    let wrapper = NodeWrapper::reference(node.clone());
    let data = AttrData {
        name,
        element,
        value,
    };
    let parts = PlatformObject::new(wrapper, &ATTR).and_own(Box::new(data));
    let object = webidl::create_with(&realm, parts, cx);
    wrappers::remember(cx, &node, &object);
    object
}

/// [`createAttribute()`](https://dom.spec.whatwg.org/#dom-document-createattribute)
pub(crate) fn create_attribute(
    document: &Node,
    local_name: &str,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. Check the name.
    check_name(local_name, cx)?;
    // 2. The name is in lower case.
    let name = Name {
        local: local_name.to_ascii_lowercase(),
        ..Name::default()
    };
    // 3. Return a new attribute.
    Ok(create(cx, document, name, None, String::new()))
}

/// The `Attr`s that were created for the attributes of an element, by qualified name.
pub(super) fn made(element: &JsObject) -> Vec<(String, JsObject)> {
    platform::with_attached(element, |list: &AttributeNodes| list.0.clone()).unwrap_or_default()
}

fn change_made(element: &JsObject, change: impl FnOnce(&mut Vec<(String, JsObject)>)) {
    platform::with_attached_mut(element, |list: &mut AttributeNodes| change(&mut list.0));
}

/// The name of the attribute with this qualified name.
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

/// The `Attr` of the element's attribute with this qualified name.
pub(crate) fn of_element(cx: &mut Context, element: &Node, qualified: &str) -> Option<JsObject> {
    let name = name_of(element, qualified)?;
    let owner = node::wrap(cx, element);
    let mut made = made(&owner).into_iter();
    if let Some((_, attr)) = made.find(|(held, _)| held == qualified) {
        return Some(attr);
    }
    let attr = create(cx, element, name, Some(owner.clone()), String::new());
    let entry = (qualified.to_owned(), attr.clone());
    change_made(&owner, |list| list.push(entry));
    Some(attr)
}

/// Runs when an attribute was removed from an element: its `Attr` keeps the value.
pub(crate) fn attribute_removed(cx: &mut Context, element: &Node, qualified: &str, value: &str) {
    let Some(owner) = wrappers::object_of(cx, element) else {
        return;
    };
    let mut made = made(&owner).into_iter();
    let Some((_, attr)) = made.find(|(held, _)| held == qualified) else {
        return;
    };
    platform::with_mut(&attr, |data: &mut AttrData| {
        data.element = None;
        value.clone_into(&mut data.value);
        Some(())
    });
    change_made(&owner, |list| {
        list.retain(|(held, _)| held != qualified);
    });
}

/// [Set an attribute](https://dom.spec.whatwg.org/#concept-element-attributes-set), which is
/// `setAttributeNode()`.
pub(crate) fn set_an_attribute(
    owner: &JsObject,
    attr: &JsObject,
    cx: &mut Context,
) -> JsResult<Option<JsObject>> {
    let held = platform::read(attr, AttrData::clone)?;
    let element = wrappers::node(owner)?;
    match &held.element {
        // 4. The attribute already belongs to the element.
        Some(of) if JsObject::equals(of, owner) => return Ok(Some(attr.clone())),
        // 2. The attribute of another element is refused.
        Some(_) => {
            let message = "the attribute belongs to another element";
            return Err(exception::throw("InUseAttributeError", message, cx));
        }
        None => {}
    }
    // 3. Find the old attribute.
    let qualified = held.name.qualified();
    let old = of_element(cx, &element, &qualified);
    // 5. and 6. Replace it, or append the new one.
    if let Some(old) = &old {
        let value = platform::read(old, AttrData::value)??;
        platform::write(old, |data: &mut AttrData| {
            data.element = None;
            data.value = value;
        })?;
    }
    tree::adopt(cx, &wrappers::node(attr)?, &element);
    platform::write(attr, |data: &mut AttrData| {
        data.element = Some(owner.clone());
    })?;
    change_made(owner, |list| {
        list.retain(|(name, _)| *name != qualified);
        list.push((qualified.clone(), attr.clone()));
    });
    tree::set_attribute(cx, &element, &qualified, &held.value);
    // 7. Return the old attribute.
    Ok(old)
}

/// [`removeAttributeNode()`](https://dom.spec.whatwg.org/#dom-element-removeattributenode)
pub(crate) fn remove_attribute_node(
    owner: &JsObject,
    attr: &JsObject,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. Refuse an attribute that is not the element's.
    let held = platform::read(attr, AttrData::clone)?;
    let element = held.element.as_ref();
    if !element.is_some_and(|element| JsObject::equals(element, owner)) {
        let message = "the attribute does not belong to this element";
        return Err(exception::throw("NotFoundError", message, cx));
    }
    // 2. Remove the attribute.
    tree::remove_attribute(cx, &wrappers::node(owner)?, &held.name.qualified());
    // 3. Return it.
    Ok(attr.clone())
}

/// [`getAttributeNode()`](https://dom.spec.whatwg.org/#dom-element-getattributenode)
pub(crate) fn get_attribute_node(
    element: &Node,
    qualified_name: &str,
    cx: &mut Context,
) -> Option<JsObject> {
    of_element(cx, element, &attribute_name(element, qualified_name, cx))
}
