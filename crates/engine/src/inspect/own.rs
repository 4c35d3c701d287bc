//! Reading objects where they are stored, past every getter and every trap.

use boa_engine::object::JsObject;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{JsString, JsValue, js_string};

/// How many prototypes are looked at. A chain has no bound but the page's patience.
const MAX_CHAIN: usize = 1000;

/// An own property, as it is stored.
pub(super) fn own_property(object: &JsObject, key: &PropertyKey) -> Option<PropertyDescriptor> {
    object.borrow().properties().get(key)
}

/// The value of an own data property.
pub(super) fn own_value(object: &JsObject, key: impl Into<PropertyKey>) -> Option<JsValue> {
    own_property(object, &key.into())?.value().cloned()
}

/// The value of a data property, own or inherited. An accessor hides what is behind it.
pub(super) fn value(object: &JsObject, key: impl Into<PropertyKey>) -> Option<JsValue> {
    let key = key.into();
    chain(object)
        .find_map(|object| own_property(&object, &key))?
        .value()
        .cloned()
}

/// A data property that is a string.
pub(super) fn string(object: &JsObject, key: impl Into<PropertyKey>) -> Option<JsString> {
    value(object, key)?.as_string()
}

/// The object, its prototype, and so on.
pub(super) fn chain(object: &JsObject) -> impl Iterator<Item = JsObject> {
    std::iter::successors(Some(object.clone()), JsObject::prototype).take(MAX_CHAIN)
}

/// The own keys: indices in ascending order, then names, then symbols, each as they were added.
pub(super) fn own_keys(object: &JsObject) -> Vec<PropertyKey> {
    let mut keys: Vec<PropertyKey> = own_indices(object).into_iter().map(Into::into).collect();
    let (names, symbols): (Vec<_>, Vec<_>) = own_names(object)
        .into_iter()
        .partition(|key| !matches!(key, PropertyKey::Symbol(_)));
    keys.extend(names);
    keys.extend(symbols);
    keys
}

/// The own keys that are no indices.
pub(super) fn own_names(object: &JsObject) -> Vec<PropertyKey> {
    object.borrow().shape().keys()
}

/// The own indices, in ascending order.
pub(super) fn own_indices(object: &JsObject) -> Vec<u32> {
    let mut indices: Vec<u32> = object.borrow().properties().index_property_keys().collect();
    indices.sort_unstable();
    indices
}

/// The name of the constructor that the object, or the nearest prototype, says it is of.
pub(super) fn constructor_name(object: &JsObject) -> Option<String> {
    chain(object).find_map(|link| {
        let constructor = own_value(&link, js_string!("constructor"))?.as_object()?;
        if !constructor.is_callable() {
            return None;
        }
        let name = own_value(&constructor, js_string!("name"))?.as_string()?;
        // Its prototype must be one of the object's: `F.prototype` itself is no `F`.
        let prototype = own_value(&constructor, js_string!("prototype"))?.as_object()?;
        let is_instance = chain(object)
            .skip(1)
            .any(|link| JsObject::equals(&link, &prototype));
        (is_instance && !name.is_empty()).then(|| name.to_std_string_lossy())
    })
}
