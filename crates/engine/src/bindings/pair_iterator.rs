//! The [default iterator objects](https://webidl.spec.whatwg.org/#js-default-iterator-object) of
//! interfaces with a pair iterator.

use boa_engine::builtins::iterable::create_iter_result_object;
use boa_engine::object::builtins::JsArray;
use boa_engine::property::PropertyDescriptor;
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsSymbol, JsValue, Trace, js_string};

use crate::platform::{self, Kind, PlatformObject};
use crate::webidl::convert::js_str;
use crate::webidl::{self, Interface};

/// What an iterator gives of each pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The name and the value.
    Entries,
    /// The name.
    Keys,
    /// The value.
    Values,
}

/// What an iterator holds.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct IteratorData {
    target: JsObject,
    #[unsafe_ignore_trace]
    pairs: &'static Pairs,
    #[unsafe_ignore_trace]
    what: What,
    index: usize,
}

/// What an interface iterates over.
pub(crate) struct Pairs {
    /// The class string of its iterators.
    pub(crate) name: &'static str,
    /// The name and the value at an index of a platform object, as they are then.
    pub(crate) pair_at: fn(&JsObject, usize) -> Option<(String, String)>,
}

/// It is no interface of Web IDL, but its objects are told by a brand in the same way.
///
/// IMPLEMENTATION-DEFINED: the `next` of one interface's iterators also goes on with another's.
static ITERATOR: Interface =
    Interface::new("Iterator", |kind| matches!(kind, Kind::PairIterator(_)));

/// Makes an iterator over the pairs of `target`.
pub(crate) fn create(
    target: &JsObject,
    pairs: &'static Pairs,
    what: What,
    ctx: &mut Context,
) -> JsValue {
    let realm = ctx.realm().clone();
    let prototype = crate::realm::singleton(ctx, &realm, pairs.name, |ctx, realm| {
        create_prototype(pairs.name, ctx, realm)
    });
    let data = IteratorData {
        target: target.clone(),
        pairs,
        what,
        index: 0,
    };
    let kind = Kind::PairIterator(Box::new(data));
    PlatformObject::create(kind, &ITERATOR, prototype, ctx).into()
}

/// [Iterator prototype object](https://webidl.spec.whatwg.org/#js-iterator-prototype-object)
fn create_prototype(name: &'static str, ctx: &mut Context, realm: &Realm) -> JsObject {
    // %IteratorPrototype% is what the prototype of array iterators inherits from.
    let of_arrays = ctx.intrinsics().objects().iterator_prototypes().array();
    let prototype = JsObject::with_object_proto(ctx.intrinsics());
    prototype.set_prototype(of_arrays.prototype());
    let next = webidl::members::function(realm, "next", 0, |this, _, ctx| {
        let this = webidl::receiver(&ITERATOR, "next", webidl::Access::Method, this, ctx)?;
        next(&this, ctx)
    });
    let next = PropertyDescriptor::builder()
        .value(next)
        .writable(true)
        .enumerable(true)
        .configurable(true);
    prototype.insert_property(js_string!("next"), next);
    let tag = PropertyDescriptor::builder()
        .value(js_string!(name))
        .writable(false)
        .enumerable(false)
        .configurable(true);
    prototype.insert_property(JsSymbol::to_string_tag(), tag);
    prototype
}

fn next(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let (target, pairs, what, index) = platform::with(this, |kind| match kind {
        Kind::PairIterator(data) => Some((data.target.clone(), data.pairs, data.what, data.index)),
        _ => None,
    })
    .ok_or_else(platform::illegal_invocation)?;
    let Some((name, value)) = (pairs.pair_at)(&target, index) else {
        return Ok(create_iter_result_object(JsValue::undefined(), true, ctx));
    };
    platform::with_mut(this, |kind| match kind {
        Kind::PairIterator(data) => {
            data.index = index + 1;
            Some(())
        }
        _ => None,
    });
    let result = match what {
        What::Entries => JsArray::from_iter([js_str(name), js_str(value)], ctx).into(),
        What::Keys => js_str(name),
        What::Values => js_str(value),
    };
    Ok(create_iter_result_object(result, false, ctx))
}
