//! Sorting ([ECMAScript, SortIndexedProperties](https://tc39.es/ecma262/#sec-sortindexedproperties)).
//!
//! Boa sorts with the sort of Rust's standard library, which panics on inconsistent functions such as `() =>
//! Math.random() - 0.5`. A merge sort ends with any function.

use std::cmp::Ordering;

use boa_engine::object::builtins::{JsArray, JsTypedArray};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};

use super::allocation::MAX_ELEMENTS;
use super::errors::{range_error, type_error};
use super::functions::{function, wrap_with};
use super::properties::{HIDDEN, data_property};

/// Replaces the methods of a realm.
pub fn install(realm: &Realm) {
    let constructors = realm.intrinsics().constructors();
    let array = constructors.array().prototype();
    let method = |function: JsObject| data_property(function, HIDDEN);
    let in_place = function(realm, "sort", 1, sort);
    array.insert_property(js_string!("sort"), method(in_place));
    let copying = function(realm, "toSorted", 1, to_sorted);
    array.insert_property(js_string!("toSorted"), method(copying));
    // Without a function, Boa sorts numbers, whose order is total.
    let typed_array = constructors.typed_array().prototype();
    wrap_with(
        realm,
        &typed_array,
        "sort",
        |original, this, args, ctx| match typed_elements(this, args, ctx)? {
            Some((object, items, compare)) => {
                let sorted = sort_items(items, Some(&compare), ctx)?;
                write(&object, sorted, ctx)?;
                Ok(this.clone())
            }
            None => original.call(this, args, ctx),
        },
    );
    wrap_with(
        realm,
        &typed_array,
        "toSorted",
        |original, this, args, ctx| {
            let Some((_, items, compare)) = typed_elements(this, args, ctx)? else {
                return original.call(this, args, ctx);
            };
            let copy = original.call(this, &[], ctx)?;
            let sorted = sort_items(items, Some(&compare), ctx)?;
            if let Some(object) = copy.as_object() {
                write(&object, sorted, ctx)?;
            }
            Ok(copy)
        },
    );
}

/// [Array.prototype.sort](https://tc39.es/ecma262/#sec-array.prototype.sort)
fn sort(this: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    // 1. Check the compare function.
    let compare = compare_function(args)?;
    // 2. and 3. Take the object and its length.
    let object = this.to_object(ctx)?;
    let length = length(&object, ctx)?;
    // 4. and 5. Holes are skipped.
    let mut items = Vec::new();
    for index in 0..length {
        if object.has_property(index, ctx)? {
            items.push(object.get(index, ctx)?);
        }
    }
    let count = items.len() as u64;
    let sorted = sort_items(items, compare.as_ref(), ctx)?;
    // 6. to 8. Write the sorted items.
    write(&object, sorted, ctx)?;
    // 9. and 10. Holes come last.
    for index in count..length {
        if object.has_property(index, ctx)? {
            object.delete_property_or_throw(index, ctx)?;
        }
    }
    Ok(object.into())
}

/// [Array.prototype.toSorted](https://tc39.es/ecma262/#sec-array.prototype.tosorted)
fn to_sorted(this: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    // 1. Check the compare function.
    let compare = compare_function(args)?;
    // 2. to 4. Take the object and its length.
    let object = this.to_object(ctx)?;
    let length = length(&object, ctx)?;
    // 5. and 6. Holes are read.
    let mut items = Vec::new();
    for index in 0..length {
        items.push(object.get(index, ctx)?);
    }
    // 7. and 8. Return a new array of the sorted items.
    let sorted = sort_items(items, compare.as_ref(), ctx)?;
    Ok(JsArray::from_iter(sorted, ctx).into())
}

/// The elements of a typed array, and the function that compares them. `None` if script does not compare the
/// elements.
fn typed_elements(
    this: &JsValue,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<Option<(JsObject, Vec<JsValue>, JsObject)>> {
    let (Some(object), Ok(Some(compare))) = (this.as_object(), compare_function(args)) else {
        return Ok(None);
    };
    let Ok(array) = JsTypedArray::from_object(object.clone()) else {
        return Ok(None);
    };
    let length = array.length(ctx)?;
    if length == 0 {
        return Ok(None);
    }
    let items: JsResult<Vec<JsValue>> = (0..length).map(|index| object.get(index, ctx)).collect();
    Ok(Some((object, items?, compare)))
}

fn compare_function(args: &[JsValue]) -> JsResult<Option<JsObject>> {
    match args.first().filter(|compare| !compare.is_undefined()) {
        None => Ok(None),
        Some(compare) => match compare.as_callable() {
            Some(compare) => Ok(Some(compare)),
            None => Err(type_error(
                "The comparison function must be either a function or undefined",
            )),
        },
    }
}

fn length(object: &JsObject, ctx: &mut Context) -> JsResult<u64> {
    let length = object.get(js_string!("length"), ctx)?.to_length(ctx)?;
    if length as f64 > MAX_ELEMENTS {
        return Err(range_error("Invalid array length"));
    }
    Ok(length)
}

fn write(object: &JsObject, items: Vec<JsValue>, ctx: &mut Context) -> JsResult<()> {
    for (index, item) in (0_u64..).zip(items) {
        object.set(index, item, true, ctx)?;
    }
    Ok(())
}

/// Sorts by [CompareArrayElements](https://tc39.es/ecma262/#sec-comparearrayelements).
fn sort_items(
    mut items: Vec<JsValue>,
    compare: Option<&JsObject>,
    ctx: &mut Context,
) -> JsResult<Vec<JsValue>> {
    // 1. to 3. `undefined` comes last.
    let all = items.len();
    items.retain(|item| !item.is_undefined());
    let mut sorted = match compare {
        // 4. The function determines the order.
        Some(compare) => merge_sort(items, |one, other| {
            let order = compare.call(&JsValue::undefined(), &[one.clone(), other.clone()], ctx)?;
            let order = order.to_number(ctx)?;
            Ok(order.partial_cmp(&0.0).unwrap_or(Ordering::Equal))
        })?,
        // 5. to 10. Strings are compared.
        // OPTIMIZATION: each element is converted once. Only conversions that script observes could reveal the
        // number.
        None => {
            let keyed: JsResult<Vec<(JsString, JsValue)>> = items
                .into_iter()
                .map(|item| Ok((item.to_string(ctx)?, item)))
                .collect();
            let mut keyed = keyed?;
            keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
            keyed.into_iter().map(|(_, item)| item).collect()
        }
    };
    sorted.resize(all, JsValue::undefined());
    Ok(sorted)
}

/// A stable sort that ends with any function, even an inconsistent one.
fn merge_sort<T: Clone>(
    mut items: Vec<T>,
    mut compare: impl FnMut(&T, &T) -> JsResult<Ordering>,
) -> JsResult<Vec<T>> {
    let length = items.len();
    let mut merged = Vec::with_capacity(length);
    let mut width = 1;
    while width < length {
        for start in (0..length).step_by(2 * width) {
            let middle = (start + width).min(length);
            let end = (start + 2 * width).min(length);
            let (mut left, mut right) = (start, middle);
            while left < middle && right < end {
                if compare(&items[left], &items[right])? == Ordering::Greater {
                    merged.push(items[right].clone());
                    right += 1;
                } else {
                    merged.push(items[left].clone());
                    left += 1;
                }
            }
            merged.extend_from_slice(&items[left..middle]);
            merged.extend_from_slice(&items[right..end]);
        }
        std::mem::swap(&mut items, &mut merged);
        merged.clear();
        width *= 2;
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_sort_is_stable() {
        let items: Vec<(u32, usize)> = (0..1000).map(|n| ((n * 7919) % 13, n as usize)).collect();
        let mut expected = items.clone();
        expected.sort_by_key(|(key, _)| *key);
        let sorted = merge_sort(items, |one, other| Ok(one.0.cmp(&other.0)));
        assert_eq!(sorted.ok(), Some(expected));
    }

    #[test]
    fn merge_sort_keeps_all_items_for_any_function() {
        let mut seed = 1_u32;
        let sorted = merge_sort((0..500).collect(), |_, _| {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            Ok([Ordering::Less, Ordering::Greater, Ordering::Equal][seed as usize / 65_536 % 3])
        });
        let mut sorted: Vec<u32> = sorted.unwrap_or_default();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..500).collect::<Vec<u32>>());
    }
}
