//! `ArrayBuffer.prototype` members that Boa has only behind its experimental feature. Pages expect
//! them wherever buffers are transferable.

use boa_engine::builtins::array_buffer::ArrayBuffer;
use boa_engine::object::builtins::JsArrayBuffer;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsValue, js_string};

use super::functions::function;
use super::intrinsics;
use crate::boa::errors::type_error;
use crate::boa::properties::{CONFIGURABLE, HIDDEN, accessor_property, data_property};

/// Adds the members to a realm.
pub(crate) fn install(realm: &Realm) {
    let prototype = realm.intrinsics().constructors().array_buffer().prototype();
    let get = function(realm, "get detached", 0, |this, _, _| {
        Ok(buffer(this)?.1.into())
    });
    let detached = accessor_property(Some(get), None, CONFIGURABLE);
    prototype.insert_property(js_string!("detached"), detached);
    let method = |function: JsObject| data_property(function, HIDDEN);
    let preserving = function(realm, "transfer", 0, |this, args, ctx| {
        transfer(this, args, true, ctx)
    });
    prototype.insert_property(js_string!("transfer"), method(preserving));
    let fixed = function(realm, "transferToFixedLength", 0, |this, args, ctx| {
        transfer(this, args, false, ctx)
    });
    prototype.insert_property(js_string!("transferToFixedLength"), method(fixed));
}

/// Returns `this` as an `ArrayBuffer`, and whether it is detached.
fn buffer(this: &JsValue) -> JsResult<(JsObject, bool)> {
    let object = this.as_object();
    object
        .and_then(|object| is_detached(&object).map(|detached| (object, detached)))
        .ok_or_else(|| type_error("this is no ArrayBuffer"))
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
pub(crate) fn is_detached(object: &JsObject) -> Option<bool> {
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
