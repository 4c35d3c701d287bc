//! The controls of a form by index and by name
//! ([HTML, form controls collections](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#the-htmlformcontrolscollection-interface)).

use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::form_controls::{checkedness, input_type, input_value, set_checkedness};
use super::form_owner::{form_owner, listed_elements};
use crate::dom::collection::{Collection, Of};
use crate::dom::collections::{self, HTML_COLLECTION, NODE_LIST, has_id_or_name};
use crate::dom::node;
use crate::script::wrappers;
use crate::webidl::{interface, platform};

interface! {
    /// The `HTMLFormControlsCollection` interface.
    [Exposed=Window, LegacyUnenumerableNamedProperties]
    interface HTMLFormControlsCollection(Collection) : HTMLCollection {
        readonly attribute unsigned long length = |collection| collection.nodes().len();
        getter Element? item(unsigned long index) = |collection, index: usize| collection.nodes().into_iter().nth(index);
        getter object? namedItem(DOMString name) = named_item, |collection| collection.names();
    }

    /// The `RadioNodeList` interface.
    [Exposed=Window]
    interface RadioNodeList(Collection) : NodeList {
        attribute DOMString value = value, set_value;
        readonly attribute unsigned long length = |collection| collection.nodes().len();
        getter Node? item(unsigned long index) = |collection, index: usize| collection.nodes().into_iter().nth(index);
    }
}

/// All controls of a form.
pub(super) fn all() -> Of {
    Of::Controls(listed_elements, &HTML_FORM_CONTROLS_COLLECTION, None)
}

/// [`namedItem()`](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#dom-htmlformcontrolscollection-nameditem)
fn named_item(collection: &JsObject, name: &str, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let root = platform::read(collection, |collection: &Collection| {
        collection.root.node.clone()
    })?;
    // 1. Nothing has the empty name.
    if name.is_empty() {
        return Ok(None);
    }
    by_name(&root, listed_elements, name, cx)
}

/// The element of this name among those of a form, or the list of several.
fn by_name(
    form: &Node,
    elements: fn(&Node) -> Vec<Node>,
    name: &str,
    cx: &mut Context,
) -> JsResult<Option<JsObject>> {
    let mut named = elements(form)
        .into_iter()
        .filter(|node| has_id_or_name(node, name));
    match (named.next(), named.next()) {
        // 3. None.
        (None, _) => Ok(None),
        // 2. One is that one.
        (Some(one), None) => Ok(Some(node::wrap(cx, &one))),
        // 4. Several are a list.
        _ => {
            let of = Of::Controls(elements, &RADIO_NODE_LIST, Some(name.to_owned()));
            collections::create(cx, form, of).map(Some)
        }
    }
}

/// The images of a form, which have names if no control has the name.
fn images(form: &Node) -> Vec<Node> {
    let is_owned = |node: &Node| form_owner(node).is_some_and(|owner| dom::is_same(&owner, form));
    let all = dom::descendants(&dom::root(form));
    all.filter(|node| dom::is_html_element(node, "img") && is_owned(node))
        .collect()
}

/// The indexed and named properties of a form
/// ([`item`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-item),
/// [`namedItem`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-nameditem)).
// NOT YET: the past names map.
pub(super) fn property_of_form(
    form: &JsObject,
    key: &PropertyKey,
    cx: &mut Context,
) -> JsResult<Option<JsValue>> {
    let root = wrappers::node(form)?;
    let found = match key {
        PropertyKey::Symbol(_) => None,
        PropertyKey::Index(index) => {
            let control = listed_elements(&root).into_iter().nth(index.get() as usize);
            control.map(|control| node::wrap(cx, &control))
        }
        PropertyKey::String(name) => {
            let name = name.to_std_string_lossy();
            match by_name(&root, listed_elements, &name, cx)? {
                _ if name.is_empty() => None,
                Some(found) => Some(found),
                None => by_name(&root, images, &name, cx)?,
            }
        }
    };
    Ok(found.map(JsValue::from))
}

/// The radio buttons of a list.
fn radio_buttons(list: &JsObject) -> JsResult<Vec<Node>> {
    let mut nodes = platform::read(list, Collection::nodes)?;
    nodes.retain(|node| dom::is_html_element(node, "input") && input_type(node) == "radio");
    Ok(nodes)
}

/// The value of a radio button, which is "on" without the attribute.
fn radio_value(button: &Node, cx: &mut Context) -> String {
    match dom::has_attribute(button, "value") {
        true => input_value(button, cx),
        false => "on".to_owned(),
    }
}

/// [`value`](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#dom-radionodelist-value)
fn value(list: &JsObject, cx: &mut Context) -> JsResult<String> {
    // 1. Find the first checked radio button.
    let buttons = radio_buttons(list)?;
    let checked = buttons.into_iter().find(|button| checkedness(button, cx));
    // 2. to 4. Return its value.
    Ok(checked.map_or_else(String::new, |button| radio_value(&button, cx)))
}

/// [The setter of `value`](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#dom-radionodelist-value)
fn set_value(list: &JsObject, value: &str, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Find the first radio button of this value.
    let buttons = radio_buttons(list)?;
    let found = buttons
        .into_iter()
        .find(|button| radio_value(button, cx) == value);
    // 3. Check it.
    if let Some(button) = found {
        set_checkedness(&button, true, cx);
    }
    Ok(())
}
