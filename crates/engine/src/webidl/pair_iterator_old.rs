//! The [default iterator objects](https://webidl.spec.whatwg.org/#js-default-iterator-object) of
//! interfaces with a pair iterator.

use std::marker::PhantomData;

use boa_engine::builtins::iterable::create_iter_result_object;
use boa_engine::object::builtins::JsArray;
use boa_engine::property::PropertyDescriptor;
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsSymbol, JsValue, Trace, js_string};

use crate::webidl::convert::{argument, callback_function, js_str};
use crate::webidl::platform;
use crate::webidl::platform::PlatformObject;
use crate::webidl::{self, Interface, Member};

/// An interface with a [pair iterator](https://webidl.spec.whatwg.org/#dfn-pair-iterator).
pub(crate) trait PairIterable: 'static {
    /// The class string of its iterators.
    const ITERATORS: &'static str;

    /// Returns the name and the value at an index, in the object's current state.
    fn pair_at(object: &JsObject, index: usize) -> Option<(String, JsValue)>;
}

/// The members of every interface that declares a pair iterator ([iterable
/// declarations](https://webidl.spec.whatwg.org/#js-iterable)).
pub(crate) struct PairMembers<T>(PhantomData<T>);

impl<T: PairIterable> PairMembers<T> {
    /// These members follow the members that the interface itself declares.
    pub(crate) const MEMBERS: &'static [Member] = &[
        Member::Operation("entries", 0, |this, _, ctx| {
            Ok(create::<T>(this, What::Entries, ctx))
        }),
        Member::Operation("forEach", 1, for_each::<T>),
        Member::Operation("keys", 0, |this, _, ctx| {
            Ok(create::<T>(this, What::Keys, ctx))
        }),
        Member::Operation("values", 0, |this, _, ctx| {
            Ok(create::<T>(this, What::Values, ctx))
        }),
    ];
}

/// The part of each pair that an iterator returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[boa_gc(unsafe_no_drop)]
pub(crate) struct IteratorData {
    target: JsObject,
    /// The class string of the iterator. Iterators of different interfaces are different kinds of
    /// objects.
    #[unsafe_ignore_trace]
    kind: &'static str,
    #[unsafe_ignore_trace]
    what: What,
    index: usize,
}

/// Not a Web IDL interface. The brand check of iterator objects uses it.
static ITERATOR: Interface = Interface::new("Iterator");

/// Creates an iterator over the pairs of `target`.
fn create<T: PairIterable>(target: &JsObject, what: What, ctx: &mut Context) -> JsValue {
    let realm = ctx.realm().clone();
    let prototype = super::realm::singleton(ctx, &realm, T::ITERATORS, create_prototype::<T>);
    let data = IteratorData {
        target: target.clone(),
        kind: T::ITERATORS,
        what,
        index: 0,
    };
    let kind = data;
    PlatformObject::create(kind, &ITERATOR, prototype, ctx).into()
}

/// [Iterator prototype object](https://webidl.spec.whatwg.org/#js-iterator-prototype-object)
fn create_prototype<T: PairIterable>(ctx: &mut Context, realm: &Realm) -> JsObject {
    // Array iterators inherit from %IteratorPrototype% through their own prototype.
    let of_arrays = ctx.intrinsics().objects().iterator_prototypes().array();
    let prototype = JsObject::with_object_proto(ctx.intrinsics());
    prototype.set_prototype(of_arrays.prototype());
    let next = crate::boa::functions::function(realm, "next", 0, |this, _, ctx| {
        let this = webidl::receiver(&ITERATOR, "next", webidl::Access::Method, this, ctx)?;
        next::<T>(&this, ctx)
    });
    let next = PropertyDescriptor::builder()
        .value(next)
        .writable(true)
        .enumerable(true)
        .configurable(true);
    prototype.insert_property(js_string!("next"), next);
    let tag = PropertyDescriptor::builder()
        .value(js_string!(T::ITERATORS))
        .writable(false)
        .enumerable(false)
        .configurable(true);
    prototype.insert_property(JsSymbol::to_string_tag(), tag);
    prototype
}

fn next<T: PairIterable>(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let (target, what, index) = platform::with_mut(this, |data: &mut IteratorData| {
        if data.kind != T::ITERATORS {
            return None;
        }
        data.index += 1;
        Some((data.target.clone(), data.what, data.index - 1))
    })
    .ok_or_else(platform::illegal_invocation)?;
    let Some((name, value)) = T::pair_at(&target, index) else {
        return Ok(create_iter_result_object(JsValue::undefined(), true, ctx));
    };
    let result = match what {
        What::Entries => JsArray::from_iter([js_str(name), value], ctx).into(),
        What::Keys => js_str(name),
        What::Values => value,
    };
    Ok(create_iter_result_object(result, false, ctx))
}

/// [forEach](https://webidl.spec.whatwg.org/#js-forEach)
fn for_each<T: PairIterable>(
    this: &JsObject,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let callback = callback_function(&argument(args, 0), "The callback")?;
    let this_arg = argument(args, 1);
    let mut index = 0;
    // The callback may change the list.
    while let Some((name, value)) = T::pair_at(this, index) {
        callback.call(&this_arg, &[value, js_str(name), this.clone().into()], ctx)?;
        index += 1;
    }
    Ok(JsValue::undefined())
}
