//! Creates a message's JavaScript objects in the realm that receives it.

use boa_engine::builtins::error::{Error, ErrorKind as BoaErrorKind};
use boa_engine::builtins::map::ordered_map::OrderedMap;
use boa_engine::builtins::object::OrdinaryObject;
use boa_engine::builtins::set::ordered_set::OrderedSet;
use boa_engine::object::builtins::JsArray;
use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_messaging::structured_clone::{Failure, Heap, NativeErrorKind, NewObject};

use super::HostString;
use super::buffers;
use crate::boa::properties::{HIDDEN, ORDINARY, data_property};
use crate::webidl::realm::in_realm;

/// Creates an object, for [`Heap::create`].
pub(super) fn create<H>(
    new: NewObject<'_, H>,
    realm: &Realm,
    ctx: &mut Context,
) -> Result<JsObject, Failure<JsError>>
where
    H: Heap<Object = JsObject, String = HostString>,
{
    let constructors = realm.intrinsics().constructors();
    let created = match new {
        NewObject::Ordinary => {
            let prototype = constructors.object().prototype();
            return Ok(JsObject::new(
                &crate::webidl::realm::root_shape(ctx),
                prototype,
                OrdinaryObject,
            )
            .upcast());
        }
        NewObject::Array(length) => array(length, realm, ctx),
        NewObject::Map => {
            let prototype = constructors.map().prototype();
            let data = OrderedMap::<JsValue>::new();
            return Ok(
                JsObject::new(&crate::webidl::realm::root_shape(ctx), prototype, data).upcast(),
            );
        }
        NewObject::Set => {
            let prototype = constructors.set().prototype();
            return Ok(JsObject::new(
                &crate::webidl::realm::root_shape(ctx),
                prototype,
                OrderedSet::new(),
            )
            .upcast());
        }
        NewObject::Error {
            kind,
            message,
            stack,
        } => {
            return Ok(error(kind, message, stack, realm, ctx));
        }
        NewObject::Boolean(value) => wrapper(&value.into(), realm, ctx),
        NewObject::Number(value) => wrapper(&value.into(), realm, ctx),
        NewObject::BigInt(value) => wrapper(&super::big_int(&value).into(), realm, ctx),
        NewObject::String(value) => wrapper(&value.0.into(), realm, ctx),
        NewObject::Date(time) => {
            let constructor = constructors.date().constructor();
            in_realm(ctx, realm, |ctx| {
                constructor.construct(&[time.into()], None, ctx)
            })
        }
        NewObject::RegExp { source, flags } => {
            let constructor = constructors.regexp().constructor();
            let arguments = [source.0.into(), flags.0.into()];
            in_realm(ctx, realm, |ctx| {
                constructor.construct(&arguments, None, ctx)
            })
        }
        NewObject::ArrayBuffer {
            bytes,
            max_byte_length,
        } => {
            return buffers::create(bytes, max_byte_length, realm, ctx);
        }
        NewObject::MovedArrayBuffer {
            block,
            max_byte_length,
        } => {
            return buffers::receive(block, max_byte_length, realm, ctx);
        }
        NewObject::SharedArrayBuffer(memory) => return buffers::create_shared(&memory, realm, ctx),
        NewObject::View(view) => return buffers::create_view(view, realm, ctx),
    };
    created.map_err(Failure::Heap)
}

fn wrapper(primitive: &JsValue, realm: &Realm, ctx: &mut Context) -> JsResult<JsObject> {
    in_realm(ctx, realm, |ctx| primitive.to_object(ctx))
}

fn array(length: u32, realm: &Realm, ctx: &mut Context) -> JsResult<JsObject> {
    let array: JsObject = in_realm(ctx, realm, JsArray::new)?.into();
    if length > 0 {
        // `length` is an own property of every Array, so no setter can run.
        array.set(js_string!("length"), length, true, ctx)?;
    }
    Ok(array)
}

/// Creates an Array with these elements.
pub(super) fn list(
    elements: impl Iterator<Item = JsValue>,
    realm: &Realm,
    ctx: &mut Context,
) -> JsObject {
    in_realm(ctx, realm, |ctx| JsArray::from_iter(elements, ctx)).into()
}

fn error(
    kind: NativeErrorKind,
    message: Option<HostString>,
    stack: Option<HostString>,
    realm: &Realm,
    ctx: &mut Context,
) -> JsObject {
    let constructors = realm.intrinsics().constructors();
    let (kind, constructor) = match kind {
        NativeErrorKind::Error => (BoaErrorKind::Error, constructors.error()),
        NativeErrorKind::EvalError => (BoaErrorKind::Eval, constructors.eval_error()),
        NativeErrorKind::RangeError => (BoaErrorKind::Range, constructors.range_error()),
        NativeErrorKind::ReferenceError => {
            (BoaErrorKind::Reference, constructors.reference_error())
        }
        NativeErrorKind::SyntaxError => (BoaErrorKind::Syntax, constructors.syntax_error()),
        NativeErrorKind::TypeError => (BoaErrorKind::Type, constructors.type_error()),
        NativeErrorKind::URIError => (BoaErrorKind::Uri, constructors.uri_error()),
    };
    let prototype = constructor.prototype();
    let object = JsObject::new(
        &crate::webidl::realm::root_shape(ctx),
        prototype,
        Error::new(kind),
    )
    .upcast();
    if let Some(stack) = stack {
        define_hidden(&object, js_string!("stack"), stack.0.into());
    }
    if let Some(message) = message {
        define_hidden(&object, js_string!("message"), message.0.into());
    }
    object
}

/// Defines a data property of an error. Like all properties of errors, it is not enumerable.
pub(super) fn define_hidden(object: &JsObject, name: JsString, value: JsValue) {
    let descriptor = data_property(value, HIDDEN);
    object.insert_property(name, descriptor);
}

/// Performs CreateDataProperty for each property of an object that was created here.
pub(super) fn define(
    object: &JsObject,
    properties: impl Iterator<Item = (PropertyKey, JsValue)>,
    ctx: &mut Context,
) -> JsResult<()> {
    let mut length = match object.is_array() {
        true => object.get(js_string!("length"), ctx)?.to_length(ctx)?,
        false => u64::MAX,
    };
    for (key, value) in properties {
        if let PropertyKey::Index(index) = &key
            && u64::from(index.get()) >= length
        {
            length = u64::from(index.get()) + 1;
            object.create_data_property_or_throw(key, value, ctx)?;
        } else {
            object.insert_property(key, data_property(value, ORDINARY));
        }
    }
    Ok(())
}

/// Appends these elements to an empty Array that was created here.
pub(super) fn fill_array(
    array: &JsObject,
    elements: impl ExactSizeIterator<Item = JsValue>,
    ctx: &mut Context,
) -> JsResult<()> {
    // `length` is an own property of every Array, so no setter can run.
    array.set(js_string!("length"), elements.len(), true, ctx)?;
    for (index, element) in (0_u32..).zip(elements) {
        array.insert_property(index, data_property(element, ORDINARY));
    }
    Ok(())
}
