//! What of `ArrayBuffer.prototype` Boa has only behind a feature of experiments, and pages expect
//! wherever buffers can be transferred.

use boa_engine::property::PropertyDescriptor;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue, js_string};

use crate::heap::{copy_and_detach, is_detached};
use crate::webidl::members::function;

/// Adds the members in a realm.
pub(crate) fn install(realm: &Realm) {
    let prototype = realm.intrinsics().constructors().array_buffer().prototype();
    let get = function(realm, "get detached", 0, |this, _, _| {
        Ok(buffer(this)?.1.into())
    });
    let detached = PropertyDescriptor::builder()
        .get(get)
        .set(JsValue::undefined())
        .enumerable(false)
        .configurable(true);
    prototype.insert_property(js_string!("detached"), detached);
    let method = |function: JsObject| {
        PropertyDescriptor::builder()
            .value(function)
            .writable(true)
            .enumerable(false)
            .configurable(true)
    };
    let preserving = function(realm, "transfer", 0, |this, args, ctx| {
        transfer(this, args, true, ctx)
    });
    prototype.insert_property(js_string!("transfer"), method(preserving));
    let fixed = function(realm, "transferToFixedLength", 0, |this, args, ctx| {
        transfer(this, args, false, ctx)
    });
    prototype.insert_property(js_string!("transferToFixedLength"), method(fixed));
}

/// The `ArrayBuffer` that `this` is, and whether it is detached.
fn buffer(this: &JsValue) -> JsResult<(JsObject, bool)> {
    let object = this.as_object();
    object
        .and_then(|object| is_detached(&object).map(|detached| (object, detached)))
        .ok_or_else(|| {
            JsNativeError::typ()
                .with_message("this is no ArrayBuffer")
                .into()
        })
}

/// [ArrayBuffer.prototype.transfer](https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer),
/// and its sibling that makes a buffer of fixed length.
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
    // Converting the length may have run script.
    let (object, detached) = buffer(this)?;
    if detached {
        return Err(JsNativeError::typ()
            .with_message("the ArrayBuffer is detached")
            .into());
    }
    Ok(copy_and_detach(&object, length, preserve_resizability, ctx)?.into())
}
