//! Attributes as nodes ([DOM, attributes](https://dom.spec.whatwg.org/#interface-attr)).
//!
//! Elements store the names and values of their attributes. An `Attr` is created when script first accesses an
//! attribute, and is then the only one for it: the element's object lists the created ones. While it has an element,
//! its value is in the element.

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use framepost_browsing_context::dom;
use html5ever::{LocalName, Namespace, Prefix, QualName};
use markup5ever_rcdom::Handle as Node;

use super::attr::ATTR;
use crate::dom::elements::{attribute_name, check_name};
use crate::dom::node;
use crate::dom::tree;
use crate::script::with_contexts;
use crate::script::wrappers::{self, NodeWrapper};
use crate::webidl::exception::OrThrow;
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
    fn of(name: &QualName) -> Self {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            namespace: some(&name.ns),
            prefix: name.prefix.as_ref().and_then(|prefix| some(prefix)),
            local: name.local.to_string(),
        }
    }

    pub(super) fn to_qual_name(&self) -> QualName {
        QualName::new(
            self.prefix.as_deref().map(Prefix::from),
            Namespace::from(self.namespace.as_deref().unwrap_or_default()),
            LocalName::from(self.local.as_str()),
        )
    }

    /// The value of an element's attribute of this name.
    fn value(&self, element: &Node) -> String {
        let namespace = self.namespace.as_deref().unwrap_or_default();
        dom::attribute_ns(element, namespace, &self.local).unwrap_or_default()
    }

    /// Whether no element has attributes of both names.
    fn is_same(&self, other: &Self) -> bool {
        self.namespace == other.namespace && self.local == other.local
    }

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
            Some(element) => self.name.value(&wrappers::node(element)?),
            None => self.value.clone(),
        })
    }

    /// [Equals](https://dom.spec.whatwg.org/#concept-node-equals)
    pub(crate) fn equals(&self, other: &Self) -> JsResult<bool> {
        Ok(self.name.is_same(&other.name) && self.value()? == other.value()?)
    }
}

/// The `Attr`s of an element that were made.
#[derive(Default, Trace, Finalize)]
struct AttributeNodes(Vec<MadeAttribute>);

/// An `Attr` and its name.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct MadeAttribute {
    #[unsafe_ignore_trace]
    name: Name,
    attr: JsObject,
}

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
        (data.element.clone(), data.name.to_qual_name())
    })?;
    match element {
        // 2. to 6. Change the attribute of the element.
        Some(element) => {
            tree::set_attribute_value(cx, &wrappers::node(&element)?, &name, &value);
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
    // 2. In an HTML document the name is in lower case.
    let is_html = with_contexts(cx, |contexts| contexts.is_in_html_document(document));
    let name = Name {
        local: match is_html {
            true => local_name.to_ascii_lowercase(),
            false => local_name.to_owned(),
        },
        ..Name::default()
    };
    // 3. Return a new attribute.
    Ok(create(cx, document, name, None, String::new()))
}

/// [`createAttributeNS()`](https://dom.spec.whatwg.org/#dom-document-createattributens)
pub(crate) fn create_attribute_ns(
    document: &Node,
    namespace: Option<&str>,
    qualified_name: &str,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. Validate and extract.
    let name = dom::attribute_name_ns(namespace, qualified_name).or_throw(cx)?;
    // 2. Return a new attribute.
    Ok(create(cx, document, Name::of(&name), None, String::new()))
}

/// The `Attr` that was made for the attribute of this name.
fn made(element: &JsObject, name: &Name) -> Option<JsObject> {
    let found = platform::with_attached(element, |list: &AttributeNodes| {
        let found = list.0.iter().find(|made| made.name.is_same(name));
        found.map(|made| made.attr.clone())
    });
    found.flatten()
}

fn change_made(element: &JsObject, change: impl FnOnce(&mut Vec<MadeAttribute>)) {
    platform::with_attached_mut(element, |list: &mut AttributeNodes| change(&mut list.0));
}

/// The `Attr` of an element's first attribute of this qualified name.
pub(crate) fn of_element(cx: &mut Context, element: &Node, qualified: &str) -> Option<JsObject> {
    let name = dom::attribute_name(element, qualified)?;
    Some(of_name(cx, element, &name))
}

/// The `Attr` of an attribute that the element has.
pub(super) fn of_name(cx: &mut Context, element: &Node, name: &QualName) -> JsObject {
    let name = Name::of(name);
    let owner = node::wrap(cx, element);
    if let Some(attr) = made(&owner, &name) {
        return attr;
    }
    let attr = create(
        cx,
        element,
        name.clone(),
        Some(owner.clone()),
        String::new(),
    );
    let entry = MadeAttribute {
        name,
        attr: attr.clone(),
    };
    change_made(&owner, |list| list.push(entry));
    attr
}

/// The name of the attribute of this namespace and local name that the element has.
pub(super) fn name_ns(element: &Node, namespace: Option<&str>, local: &str) -> Option<QualName> {
    let namespace = namespace.unwrap_or_default();
    let mut names = dom::attribute_names(element).into_iter();
    names.find(|name| *name.ns == *namespace && &*name.local == local)
}

/// Runs when an attribute was removed from an element: its `Attr` keeps the value.
pub(crate) fn attribute_removed(cx: &mut Context, element: &Node, name: &QualName, value: &str) {
    let Some(owner) = wrappers::object_of(cx, element) else {
        return;
    };
    let name = Name::of(name);
    let Some(attr) = made(&owner, &name) else {
        return;
    };
    platform::with_mut(&attr, |data: &mut AttrData| {
        data.element = None;
        value.clone_into(&mut data.value);
        Some(())
    });
    change_made(&owner, |list| list.retain(|made| !made.name.is_same(&name)));
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
            let message = "The attribute belongs to another element.";
            return Err(exception::throw("InUseAttributeError", message, cx));
        }
        None => {}
    }
    // 3. Find the old attribute.
    let name = held.name.to_qual_name();
    let old = name_ns(&element, held.name.namespace.as_deref(), &held.name.local);
    let old = old.map(|old| of_name(cx, &element, &old));
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
        list.retain(|made| !made.name.is_same(&held.name));
        list.push(MadeAttribute {
            name: held.name.clone(),
            attr: attr.clone(),
        });
    });
    tree::set_attribute_value(cx, &element, &name, &held.value);
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
        let message = "The attribute does not belong to this element.";
        return Err(exception::throw("NotFoundError", message, cx));
    }
    // 2. Remove the attribute.
    tree::remove_attribute_value(cx, &wrappers::node(owner)?, &held.name.to_qual_name());
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

/// [`getAttributeNodeNS()`](https://dom.spec.whatwg.org/#dom-element-getattributenodens)
pub(crate) fn get_attribute_node_ns(
    element: &Node,
    namespace: Option<&str>,
    local: &str,
    cx: &mut Context,
) -> Option<JsObject> {
    let name = name_ns(element, namespace, local)?;
    Some(of_name(cx, element, &name))
}

/// [`setAttributeNS()`](https://dom.spec.whatwg.org/#dom-element-setattributens)
pub(crate) fn set_attribute_ns(
    element: &Node,
    namespace: Option<&str>,
    qualified_name: &str,
    value: &str,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Validate and extract.
    let name = dom::attribute_name_ns(namespace, qualified_name).or_throw(cx)?;
    // 2. Set the value.
    tree::set_attribute_value(cx, element, &name, value);
    Ok(())
}

/// [`removeAttributeNS()`](https://dom.spec.whatwg.org/#dom-element-removeattributens)
pub(crate) fn remove_attribute_ns(
    element: &Node,
    namespace: Option<&str>,
    local: &str,
    cx: &mut Context,
) {
    if let Some(name) = name_ns(element, namespace, local) {
        tree::remove_attribute_value(cx, element, &name);
    }
}
