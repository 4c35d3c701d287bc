//! The [default iterator objects](https://webidl.spec.whatwg.org/#js-default-iterator-object) of
//! interfaces with a pair iterator.

use boa_engine::builtins::iterable::create_iter_result_object;
use boa_engine::object::builtins::JsArray;
use boa_engine::realm::Realm;
use boa_engine::{
    Context, Finalize, JsObject, JsResult, JsString, JsSymbol, JsValue, Trace, js_string,
};

use super::Access;
use super::Interface;
use super::Member;
use super::Pairs;
use super::convert::{ConvertTo, Place, argument};
use super::receiver;
use super::types::Function;
use crate::boa::functions::function;
use crate::boa::properties::{CONFIGURABLE, ORDINARY, data_property};
use crate::webidl::platform::{self, PlatformObject};

/// The members of every interface that declares a pair iterator ([iterable
/// declarations](https://webidl.spec.whatwg.org/#js-iterable)).
pub const MEMBERS: &[Member] = &[
    Member::Operation("entries", 0, |this, _, cx| create(this, What::Entries, cx)),
    Member::Operation("forEach", 1, for_each),
    Member::Operation("keys", 0, |this, _, cx| create(this, What::Keys, cx)),
    Member::Operation("values", 0, |this, _, cx| create(this, What::Values, cx)),
];

/// The part of each pair that an iterator returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Trace, Finalize)]
#[boa_gc(empty_trace)]
enum What {
    /// The name and the value.
    Entries,
    /// The name.
    Keys,
    /// The value.
    Values,
}

/// The state of an iterator.
#[derive(Trace, Finalize)]
struct IteratorData {
    target: JsObject,
    /// The interface of the target. Iterators of different interfaces are different kinds of
    /// objects.
    interface: &'static Interface,
    what: What,
    index: usize,
}

/// Not a Web IDL interface. The brand check of iterator objects uses it.
static ITERATOR: Interface = Interface::new("Iterator");

/// The interface that declares the object's pair iterator, and the declaration.
fn declaration(object: &JsObject) -> JsResult<(&'static Interface, Pairs)> {
    let interface = object
        .downcast_ref::<PlatformObject>()
        .map(|platform| platform.interface);
    let mut next = interface;
    while let Some(interface) = next {
        if let Some(pairs) = interface.pairs {
            return Ok((interface, pairs));
        }
        next = interface.parent;
    }
    Err(platform::illegal_invocation())
}

/// Creates an iterator over the pairs of `target`.
fn create(target: &JsObject, what: What, cx: &mut Context) -> JsResult<JsValue> {
    let (interface, pairs) = declaration(target)?;
    let realm = cx.realm().clone();
    let prototype = super::realm::singleton(cx, &realm, pairs.class, |cx, realm| {
        create_prototype(interface, pairs, cx, realm)
    });
    let data = IteratorData {
        target: target.clone(),
        interface,
        what,
        index: 0,
    };
    Ok(PlatformObject::create(data, &ITERATOR, prototype, cx).into())
}

/// [Iterator prototype object](https://webidl.spec.whatwg.org/#js-iterator-prototype-object)
fn create_prototype(
    interface: &'static Interface,
    pairs: Pairs,
    cx: &mut Context,
    realm: &Realm,
) -> JsObject {
    // Array iterators inherit from %IteratorPrototype% through their own prototype.
    let of_arrays = cx.intrinsics().objects().iterator_prototypes().array();
    let prototype = JsObject::with_object_proto(cx.intrinsics());
    prototype.set_prototype(of_arrays.prototype());
    let next = function(realm, "next", 0, move |this, _, cx| {
        let this = receiver(&ITERATOR, "next", Access::Method, this, cx)?;
        next(&this, interface, cx)
    });
    let next = data_property(next, ORDINARY);
    prototype.insert_property(js_string!("next"), next);
    let tag = data_property(JsString::from(pairs.class), CONFIGURABLE);
    prototype.insert_property(JsSymbol::to_string_tag(), tag);
    prototype
}

fn next(this: &JsObject, interface: &'static Interface, cx: &mut Context) -> JsResult<JsValue> {
    let advanced = platform::with_mut(this, |data: &mut IteratorData| {
        if !std::ptr::eq(data.interface, interface) {
            return None;
        }
        data.index += 1;
        Some((data.target.clone(), data.what, data.index - 1))
    });
    let (target, what, index) = advanced.ok_or_else(platform::illegal_invocation)?;
    let (_, pairs) = declaration(&target)?;
    let Some((name, value)) = (pairs.at)(&target, index, cx)? else {
        return Ok(create_iter_result_object(JsValue::undefined(), true, cx));
    };
    let result = match what {
        What::Entries => JsArray::from_iter([name, value], cx).into(),
        What::Keys => name,
        What::Values => value,
    };
    Ok(create_iter_result_object(result, false, cx))
}

/// [forEach](https://webidl.spec.whatwg.org/#js-forEach)
fn for_each(this: &JsObject, args: &[JsValue], cx: &mut Context) -> JsResult<JsValue> {
    let callback: JsObject = Function::convert(&argument(args, 0), Place::Argument(0), cx)?;
    let this_arg = argument(args, 1);
    let (_, pairs) = declaration(this)?;
    let mut index = 0;
    // The callback may change the list.
    while let Some((name, value)) = (pairs.at)(this, index, cx)? {
        callback.call(&this_arg, &[value, name, this.clone().into()], cx)?;
        index += 1;
    }
    Ok(JsValue::undefined())
}
