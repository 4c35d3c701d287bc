//! Replacements for members of `ArrayBuffer.prototype`. Some of them Boa has only in its experimental feature, but
//! pages expect them wherever buffers are transferable. Others fail in Boa if script resizes the buffer meanwhile.

use boa_engine::builtins::array_buffer::ArrayBuffer;
use boa_engine::builtins::typed_array::TypedArray;
use boa_engine::object::builtins::JsArrayBuffer;
use boa_engine::realm::Realm;
use boa_engine::value::PreferredType;
use boa_engine::{Context, JsObject, JsResult, JsSymbol, JsValue, js_string};

use super::functions::{function, wrap_with};
use super::intrinsics;
use crate::boa::errors::type_error;
use crate::boa::properties::{CONFIGURABLE, HIDDEN, accessor_property, data_property};

/// Adds the members to a realm.
pub fn install(realm: &Realm) {
    let prototype = realm.intrinsics().constructors().array_buffer().prototype();
    let get = function(realm, "get detached", 0, |this, _, _| {
        Ok(buffer(this)?.1.into())
    });
    let detached = accessor_property(Some(get), None, CONFIGURABLE);
    prototype.insert_property(js_string!("detached"), detached);
    let method = |function: JsObject| data_property(function, HIDDEN);
    let sliced = function(realm, "slice", 2, slice);
    prototype.insert_property(js_string!("slice"), method(sliced));
    install_atomics(realm);
    let preserving = function(realm, "transfer", 0, |this, args, ctx| {
        transfer(this, args, true, ctx)
    });
    prototype.insert_property(js_string!("transfer"), method(preserving));
    let fixed = function(realm, "transferToFixedLength", 0, |this, args, ctx| {
        transfer(this, args, false, ctx)
    });
    prototype.insert_property(js_string!("transferToFixedLength"), method(fixed));
}

/// [ArrayBuffer.prototype.slice](https://tc39.es/ecma262/#sec-arraybuffer.prototype.slice)
///
/// Boa does not check the length again after script has run, which may shrink the buffer.
fn slice(this: &JsValue, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let detached_error = || type_error("the ArrayBuffer is detached");
    // 1. to 4. The receiver is an ArrayBuffer that is not detached.
    let (object, detached) = buffer(this)?;
    if detached {
        return Err(detached_error());
    }
    // 5. to 14. Find the range.
    let length = byte_length(&object) as f64;
    let mut relative = |index: usize, default: f64| -> JsResult<f64> {
        let Some(given) = args.get(index).filter(|given| !given.is_undefined()) else {
            return Ok(default);
        };
        let given = given.to_number(ctx)?;
        let given = if given.is_nan() { 0.0 } else { given.trunc() };
        Ok(match given < 0.0 {
            true => (length + given).max(0.0),
            false => given.min(length),
        })
    };
    let first = relative(0, 0.0)? as usize;
    let last = relative(1, length)? as usize;
    let new_length = last.saturating_sub(first);
    // 15. and 16. Create the new buffer by the species of this one.
    let default = ctx.intrinsics().constructors().array_buffer().constructor();
    let constructor = species_constructor(&object, default, ctx)?;
    let new = constructor.construct(&[JsValue::from(new_length)], None, ctx)?;
    // 17. to 21. Check it.
    let made = JsValue::from(new.clone());
    let (_, detached) = buffer(&made)?;
    if detached {
        return Err(detached_error());
    }
    if JsObject::equals(&new, &object) || byte_length(&new) < new_length {
        return Err(type_error(
            "the species of the ArrayBuffer created an invalid buffer",
        ));
    }
    // 22. to 24. Script may have detached or resized this one.
    if is_detached(&object) != Some(false) {
        return Err(detached_error());
    }
    let available = byte_length(&object).saturating_sub(first);
    let count = new_length.min(available);
    let copied = object
        .downcast_ref::<ArrayBuffer>()
        .and_then(|held| Some(held.data()?.get(first..first + count)?.to_vec()));
    let target = JsArrayBuffer::from_object(new)?;
    if let (Some(copied), Some(mut bytes)) = (copied, target.data_mut())
        && let Some(bytes) = bytes.get_mut(..count)
    {
        bytes.copy_from_slice(&copied);
    }
    // 25. Return the new buffer.
    Ok(made)
}

/// [SpeciesConstructor](https://tc39.es/ecma262/#sec-speciesconstructor)
fn species_constructor(
    object: &JsObject,
    default: JsObject,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let constructor = object.get(js_string!("constructor"), ctx)?;
    if constructor.is_undefined() {
        return Ok(default);
    }
    let Some(constructor) = constructor.as_object() else {
        return Err(type_error("the constructor is not an object"));
    };
    let species = constructor.get(JsSymbol::species(), ctx)?;
    if species.is_null_or_undefined() {
        return Ok(default);
    }
    let species = species.as_constructor();
    species.ok_or_else(|| type_error("the species is not a constructor"))
}

fn byte_length(object: &JsObject) -> usize {
    let held = object.downcast_ref::<ArrayBuffer>();
    held.and_then(|held| Some(held.data()?.len()))
        .unwrap_or_default()
}

/// Replaces the functions of `Atomics` that convert an argument and then access the memory. Boa reads the memory
/// first, and script may shrink it in a conversion. So the conversions come first.
fn install_atomics(realm: &Realm) {
    let atomics = realm.intrinsics().objects().atomics();
    for name in [
        "add",
        "and",
        "compareExchange",
        "exchange",
        "load",
        "or",
        "store",
        "sub",
        "xor",
    ] {
        wrap_with(realm, &atomics, name, |original, this, args, ctx| {
            let is_typed_array = args.first().and_then(JsValue::as_object);
            if !is_typed_array.is_some_and(|object| object.is::<TypedArray>()) {
                return original.call(this, args, ctx);
            }
            let mut converted = args.to_vec();
            for given in converted.iter_mut().skip(1) {
                *given = given.to_primitive(ctx, PreferredType::Number)?;
            }
            original.call(this, &converted, ctx)
        });
    }
}

/// Returns `this` as an `ArrayBuffer`, and whether it is detached.
fn buffer(this: &JsValue) -> JsResult<(JsObject, bool)> {
    let object = this.as_object();
    object
        .and_then(|object| is_detached(&object).map(|detached| (object, detached)))
        .ok_or_else(|| type_error("this is not an ArrayBuffer"))
}

/// [ArrayBuffer.prototype.transfer](https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer)
/// and [transferToFixedLength](https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfertofixedlength)
fn transfer(
    this: &JsValue,
    args: &[JsValue],
    preserve_resizability: bool,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    buffer(this)?;
    let length = match args.first().filter(|length| !length.is_undefined()) {
        Some(length) => Some(length.to_index(ctx)?),
        None => None,
    };
    // The conversion of the length may have run script, so check again.
    let (object, detached) = buffer(this)?;
    if detached {
        return Err(type_error("the ArrayBuffer is detached"));
    }
    Ok(copy_and_detach(&object, length, preserve_resizability, ctx)?.into())
}

/// Whether an `ArrayBuffer` is detached, or `None` for any other object.
pub fn is_detached(object: &JsObject) -> Option<bool> {
    Some(object.downcast_ref::<ArrayBuffer>()?.data().is_none())
}

/// [ArrayBufferCopyAndDetach](https://tc39.es/ecma262/#sec-arraybuffercopyanddetach)
///
/// The caller has checked that the object is an `ArrayBuffer` and not detached.
fn copy_and_detach(
    object: &JsObject,
    new_byte_length: Option<u64>,
    preserve_resizability: bool,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let old = JsArrayBuffer::from_object(object.clone())?;
    let max_byte_length = match preserve_resizability {
        true => intrinsics::max_byte_length(object, ctx)?,
        false => None,
    };
    let length = old.byte_length() as u64;
    let new_byte_length = new_byte_length.unwrap_or(length);
    if new_byte_length == length {
        // OPTIMIZATION: the block moves and is not copied.
        let block = old.detach(&JsValue::undefined())?;
        let buffer = JsArrayBuffer::from_byte_block(block, ctx)?;
        return Ok(match max_byte_length {
            Some(most) => buffer.with_max_byte_length(most).into(),
            None => buffer.into(),
        });
    }
    let options = JsObject::with_null_proto();
    if let Some(most) = max_byte_length {
        options.create_data_property(js_string!("maxByteLength"), most as f64, ctx)?;
    }
    let constructor = ctx.intrinsics().constructors().array_buffer().constructor();
    let arguments = [JsValue::from(new_byte_length as f64), options.into()];
    let new = constructor.construct(&arguments, None, ctx)?;
    let block = old.detach(&JsValue::undefined())?;
    if let Some(mut data) = JsArrayBuffer::from_object(new.clone())?.data_mut() {
        let bytes = data.iter_mut().zip(block.iter());
        bytes.for_each(|(to, from)| *to = *from);
    }
    Ok(new)
}
