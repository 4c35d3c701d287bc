//! `clear()` of maps and sets.
//!
//! Boa's own `clear()` ends each iteration that is in progress. In the standard an iteration continues with the
//! entries that are added later ([Map.prototype.clear](https://tc39.es/ecma262/#sec-map.prototype.clear)).

use boa_engine::builtins::map::ordered_map::OrderedMap;
use boa_engine::builtins::set::ordered_set::OrderedSet;
use boa_engine::realm::Realm;
use boa_engine::{JsObject, JsValue};

use super::functions::wrap_with;

/// Replaces the methods of a realm.
pub fn install(realm: &Realm) {
    let constructors = realm.intrinsics().constructors();
    let map = constructors.map().prototype();
    wrap_with(realm, &map, "clear", |original, this, args, ctx| match this
        .as_object()
        .is_some_and(|object| clear_map(&object))
    {
        true => Ok(JsValue::undefined()),
        false => original.call(this, args, ctx),
    });
    let set = constructors.set().prototype();
    wrap_with(realm, &set, "clear", |original, this, args, ctx| match this
        .as_object()
        .is_some_and(|object| clear_set(&object))
    {
        true => Ok(JsValue::undefined()),
        false => original.call(this, args, ctx),
    });
}

/// Removes all entries one by one, the last one first. An iteration supports this, as for `delete()`.
fn clear_map(object: &JsObject) -> bool {
    let Some(mut map) = object.downcast_mut::<OrderedMap<JsValue>>() else {
        return false;
    };
    let keys: Vec<JsValue> = map.iter().map(|(key, _)| key.clone()).collect();
    for key in keys.iter().rev() {
        map.remove(key);
    }
    true
}

fn clear_set(object: &JsObject) -> bool {
    let Some(mut set) = object.downcast_mut::<OrderedSet>() else {
        return false;
    };
    let values: Vec<JsValue> = set.iter().cloned().collect();
    for value in values.iter().rev() {
        set.delete(value);
    }
    true
}
