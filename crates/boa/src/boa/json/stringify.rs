//! [JSON.stringify](https://tc39.es/ecma262/#sec-json.stringify)

use std::collections::HashSet;

use boa_engine::property::PropertyKey;
use boa_engine::{
    Context, JsBigInt, JsNativeError, JsObject, JsResult, JsString, JsValue, js_string,
};

use super::quote::{check_length, quote};
use super::{call, enumerable_keys, is_array, length_of};

/// The state of a serialization.
struct State {
    replacer: Option<JsObject>,
    property_list: Option<Vec<JsString>>,
    gap: Vec<u16>,
    /// The objects that are open.
    stack: HashSet<JsObject>,
    product: Vec<u16>,
}

/// An array or an object that is not complete.
struct Open {
    value: JsObject,
    /// The names of an object's properties, or `None` for an array.
    names: Option<Vec<JsString>>,
    length: u64,
    next: u64,
    /// Whether it has no content yet.
    is_empty: bool,
}

/// The result of a property.
enum Serialized {
    /// It was written.
    Written,
    /// It has no text.
    Undefined,
    /// It is an object, whose properties are next.
    Object(JsObject),
}

pub(super) fn stringify(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let argument = |index: usize| args.get(index).cloned().unwrap_or_default();
    let replacer = argument(1).as_object();
    let property_list = match &replacer {
        Some(list) if !list.is_callable() && is_array(list, ctx)? => {
            Some(property_list(list, ctx)?)
        }
        _ => None,
    };
    let mut state = State {
        replacer: replacer.filter(JsObject::is_callable),
        property_list,
        gap: gap(argument(2), ctx)?,
        stack: HashSet::new(),
        product: Vec::new(),
    };
    let wrapper = JsObject::with_object_proto(ctx.intrinsics());
    wrapper.create_data_property_or_throw(js_string!(), argument(0), ctx)?;
    match serialize(&mut state, &wrapper, ctx)? {
        true => Ok(JsString::from(&state.product[..]).into()),
        false => Ok(JsValue::undefined()),
    }
}

/// Step 5.b: the names that the second argument lists.
fn property_list(list: &JsObject, ctx: &mut Context) -> JsResult<Vec<JsString>> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    for index in 0..length_of(list, ctx)? {
        let item = list.get(index, ctx)?;
        let is_name = item.is_string()
            || item.is_number()
            || item
                .as_object()
                .is_some_and(|item| item.is::<JsString>() || item.is::<f64>());
        if is_name {
            let name = item.to_string(ctx)?;
            if seen.insert(name.clone()) {
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// Steps 6 to 9: the indentation that the third argument selects.
fn gap(mut space: JsValue, ctx: &mut Context) -> JsResult<Vec<u16>> {
    if let Some(object) = space.as_object() {
        if object.is::<f64>() {
            space = space.to_number(ctx)?.into();
        } else if object.is::<JsString>() {
            space = space.to_string(ctx)?.into();
        }
    }
    if let Some(count) = space.as_number() {
        // NaN counts as 0.
        let count = count.clamp(0.0, 10.0) as usize;
        return Ok(vec![u16::from(b' '); count]);
    }
    let text = space.as_string().unwrap_or_default();
    Ok(text.iter().take(10).collect())
}

/// [SerializeJSONObject](https://tc39.es/ecma262/#sec-serializejsonobject) and
/// [SerializeJSONArray](https://tc39.es/ecma262/#sec-serializejsonarray), for all objects at once.
/// Returns whether there is a text.
fn serialize(state: &mut State, wrapper: &JsObject, ctx: &mut Context) -> JsResult<bool> {
    let mut open: Vec<Open> = Vec::new();
    match property(state, wrapper, &js_string!(), ctx)? {
        Serialized::Written => return Ok(true),
        Serialized::Undefined => return Ok(false),
        Serialized::Object(object) => enter(state, &mut open, object, ctx)?,
    }
    while let Some(inner) = open.last_mut() {
        check_length(&state.product)?;
        let key = match &inner.names {
            Some(names) => usize::try_from(inner.next)
                .ok()
                .and_then(|next| names.get(next).cloned()),
            None if inner.next < inner.length => Some(JsString::from(inner.next.to_string())),
            None => None,
        };
        let Some(key) = key else {
            leave(state, &mut open);
            continue;
        };
        inner.next += 1;
        let (before, is_array) = (state.product.len(), inner.names.is_none());
        if !inner.is_empty {
            state.product.push(u16::from(b','));
        }
        let (holder, depth) = (inner.value.clone(), open.len());
        new_line(state, depth);
        if !is_array {
            quote(&key, &mut state.product);
            state.product.push(u16::from(b':'));
            if !state.gap.is_empty() {
                state.product.push(u16::from(b' '));
            }
        }
        let written = property(state, &holder, &key, ctx)?;
        if let (Serialized::Undefined, true) = (&written, is_array) {
            push(state, "null");
        }
        if let (Serialized::Undefined, false) = (&written, is_array) {
            state.product.truncate(before);
        } else if let Some(inner) = open.last_mut() {
            inner.is_empty = false;
        }
        if let Serialized::Object(object) = written {
            enter(state, &mut open, object, ctx)?;
        }
    }
    Ok(true)
}

/// Begins an array or an object.
fn enter(
    state: &mut State,
    open: &mut Vec<Open>,
    value: JsObject,
    ctx: &mut Context,
) -> JsResult<()> {
    if !state.stack.insert(value.clone()) {
        return Err(JsNativeError::typ()
            .with_message("Converting circular structure to JSON")
            .into());
    }
    let (names, length) = if is_array(&value, ctx)? {
        (None, length_of(&value, ctx)?)
    } else {
        let names = match &state.property_list {
            Some(list) => list.clone(),
            None => enumerable_keys(&value, ctx)?,
        };
        (Some(names), 0)
    };
    push(state, if names.is_none() { "[" } else { "{" });
    open.push(Open {
        value,
        names,
        length,
        next: 0,
        is_empty: true,
    });
    Ok(())
}

/// Ends an array or an object.
fn leave(state: &mut State, open: &mut Vec<Open>) {
    let Some(done) = open.pop() else { return };
    state.stack.remove(&done.value);
    if !done.is_empty {
        new_line(state, open.len());
    }
    push(state, if done.names.is_none() { "]" } else { "}" });
}

fn new_line(state: &mut State, depth: usize) {
    if !state.gap.is_empty() {
        state.product.push(u16::from(b'\n'));
        for _ in 0..depth {
            state.product.extend_from_slice(&state.gap);
        }
    }
}

fn push(state: &mut State, text: &str) {
    state.product.extend(text.encode_utf16());
}

/// [SerializeJSONProperty](https://tc39.es/ecma262/#sec-serializejsonproperty)
fn property(
    state: &mut State,
    holder: &JsObject,
    key: &JsString,
    ctx: &mut Context,
) -> JsResult<Serialized> {
    // 1. Read the property.
    let mut value = holder.get(PropertyKey::from(key.clone()), ctx)?;
    // 2. `toJSON`.
    if value.is_object() || value.is_bigint() {
        let to_json = match value.as_object() {
            Some(object) => object.get(js_string!("toJSON"), ctx)?,
            None => {
                // NOT YET: a getter gets the prototype as its receiver.
                let prototype = ctx.intrinsics().constructors().bigint().prototype();
                prototype.get(js_string!("toJSON"), ctx)?
            }
        };
        if let Some(to_json) = to_json.as_callable() {
            value = to_json.call(&value, &[key.clone().into()], ctx)?;
        }
    }
    // 3. The replacer.
    if let Some(replacer) = &state.replacer {
        value = replacer.call(&holder.clone().into(), &[key.clone().into(), value], ctx)?;
    }
    // 4. Objects of primitive values.
    if let Some(object) = value.as_object() {
        if object.is::<f64>() {
            value = value.to_number(ctx)?.into();
        } else if object.is::<JsString>() {
            value = value.to_string(ctx)?.into();
        } else if let Some(boolean) = object.downcast_ref::<bool>() {
            value = (*boolean).into();
        } else if let Some(bigint) = object.downcast_ref::<JsBigInt>() {
            value = bigint.clone().into();
        } else if let Some(raw) = raw_json(&object, ctx)? {
            state.product.extend(raw.iter());
            return Ok(Serialized::Written);
        }
    }
    // 5. to 12. Write the value by its type.
    if value.is_null() {
        push(state, "null");
    } else if let Some(boolean) = value.as_boolean() {
        push(state, if boolean { "true" } else { "false" });
    } else if let Some(string) = value.as_string() {
        quote(&string, &mut state.product);
    } else if let Some(number) = value.as_number() {
        match number.is_finite() {
            true => {
                let text = value.to_string(ctx)?;
                state.product.extend(text.iter());
            }
            false => push(state, "null"),
        }
    } else if value.is_bigint() {
        return Err(JsNativeError::typ()
            .with_message("Do not know how to serialize a BigInt")
            .into());
    } else {
        return Ok(match value.as_object().filter(|it| !it.is_callable()) {
            Some(object) => Serialized::Object(object),
            None => Serialized::Undefined,
        });
    }
    Ok(Serialized::Written)
}

/// Returns the text of an object that `JSON.rawJSON` has created.
fn raw_json(object: &JsObject, ctx: &mut Context) -> JsResult<Option<JsString>> {
    let key = js_string!("rawJSON");
    if object.prototype().is_some()
        || !object
            .borrow()
            .properties()
            .contains_key(&key.clone().into())
    {
        return Ok(None);
    }
    let is_raw = call(
        |saved| saved.is_raw_json.clone(),
        &[object.clone().into()],
        ctx,
    )?;
    match is_raw.to_boolean() {
        true => Ok(object.get(key, ctx)?.as_string()),
        false => Ok(None),
    }
}
