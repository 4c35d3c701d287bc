//! Reads stored properties without running getters or proxy traps.

use boa_engine::object::JsObject;
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{JsString, JsValue, js_string};

/// The most prototypes to follow, because a page can build a chain of any length.
const MAX_CHAIN: usize = 1000;

/// Returns a stored own property.
pub(super) fn own_property(object: &JsObject, key: &PropertyKey) -> Option<PropertyDescriptor> {
    object.borrow().properties().get(key)
}

/// Returns the value of an own data property.
pub(super) fn own_value(object: &JsObject, key: impl Into<PropertyKey>) -> Option<JsValue> {
    own_property(object, &key.into())?.value().cloned()
}

/// Returns the value of a data property, own or inherited. An accessor counts as no value and hides
/// inherited properties.
pub(super) fn value(object: &JsObject, key: impl Into<PropertyKey>) -> Option<JsValue> {
    let key = key.into();
    chain(object)
        .find_map(|object| own_property(&object, &key))?
        .value()
        .cloned()
}

/// Returns the value of a data property if it is a string.
pub(super) fn string(object: &JsObject, key: impl Into<PropertyKey>) -> Option<JsString> {
    value(object, key)?.as_string()
}

/// Iterates over the object and its prototype chain.
pub(super) fn chain(object: &JsObject) -> impl Iterator<Item = JsObject> {
    std::iter::successors(Some(object.clone()), JsObject::prototype).take(MAX_CHAIN)
}

/// Returns the own keys: ascending indices, then strings and then symbols in order of creation.
pub(super) fn own_keys(object: &JsObject) -> Vec<PropertyKey> {
    let mut keys: Vec<PropertyKey> = own_indices(object).into_iter().map(Into::into).collect();
    let (names, symbols): (Vec<_>, Vec<_>) = own_names(object)
        .into_iter()
        .partition(|key| !matches!(key, PropertyKey::Symbol(_)));
    keys.extend(names);
    keys.extend(symbols);
    keys
}

/// Returns the own keys that are not indices.
pub(super) fn own_names(object: &JsObject) -> Vec<PropertyKey> {
    object.borrow().shape().keys()
}

/// Returns the own indices in ascending order.
pub(super) fn own_indices(object: &JsObject) -> Vec<u32> {
    let mut indices: Vec<u32> = object.borrow().properties().index_property_keys().collect();
    indices.sort_unstable();
    indices
}

/// Returns the constructor's name, from the object or its nearest prototype that has one.
pub(super) fn constructor_name(object: &JsObject) -> Option<String> {
    chain(object).find_map(|link| {
        let constructor = own_value(&link, js_string!("constructor"))?.as_object()?;
        if !constructor.is_callable() {
            return None;
        }
        let name = own_value(&constructor, js_string!("name"))?.as_string()?;
        // The object must be an instance: `F.prototype` itself is not an `F`.
        let prototype = own_value(&constructor, js_string!("prototype"))?.as_object()?;
        let is_instance = chain(object)
            .skip(1)
            .any(|link| JsObject::equals(&link, &prototype));
        (is_instance && !name.is_empty()).then(|| name.to_std_string_lossy())
    })
}
