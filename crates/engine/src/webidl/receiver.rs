//! What the steps of a member take as the object that they are called on.

use std::borrow::Borrow;
use std::marker::PhantomData;

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::Interface;
use super::arguments::{ByReference, ByValue, Referent};
use super::convert::Place;
use crate::webidl::platform;
use crate::webidl::platform::Data;

/// A Rust type that stands for a platform object where steps are called: the object itself, the
/// node that it wraps, a copy of its data.
#[diagnostic::on_unimplemented(
    message = "steps cannot be called with `{Self}` for the platform object",
    note = "take `&JsObject` or `&Node`, or list the type in `receivers!`, which takes a clone of the object's data"
)]
pub(crate) trait Receiver: Sized {
    /// What stands for this platform object.
    fn of(object: &JsObject) -> JsResult<Self>;

    /// What stands for an argument: an object, and the platform object behind it.
    fn of_argument(argument: &JsObject, behind: &JsObject) -> JsResult<Self> {
        let _ = argument;
        Self::of(behind)
    }
}

impl Receiver for JsObject {
    fn of(object: &JsObject) -> JsResult<Self> {
        Ok(object.clone())
    }

    // A WindowProxy stays one.
    fn of_argument(argument: &JsObject, _: &JsObject) -> JsResult<Self> {
        Ok(argument.clone())
    }
}

/// Lets steps take clones of these types of data.
macro_rules! receivers {
    ($($data:ty),* $(,)?) => {
        $(
            impl crate::webidl::receiver::Receiver for $data {
                fn of(object: &boa_engine::JsObject) -> boa_engine::JsResult<Self> {
                    crate::webidl::platform::read(object, |data: &Self| data.clone())
                }
            }
        )*
    };
}
pub(crate) use receivers;

/// An argument whose type is an interface.
pub(crate) fn argument<D: Receiver>(
    interface: &'static Interface,
    value: &JsValue,
    place: Place<'_>,
    cx: &mut Context,
) -> JsResult<D> {
    if let Some(object) = value.as_object()
        && let Some(behind) = platform::unwrap_proxy(&object, cx)?
        && platform::implements(&behind, interface)
    {
        return D::of_argument(&object, &behind);
    }
    Err(place.is_not(interface.name))
}

/// How steps take the object: see [`Slot`](super::arguments::Slot).
#[diagnostic::on_unimplemented(
    message = "steps cannot be called with `{Self}` for the platform object",
    note = "take `&JsObject` or `&Node`, or list the type in `receivers!`, which takes a clone of the object's data"
)]
pub(crate) trait Received<'a, M>: Sized {
    /// What the glue holds meanwhile.
    type Owner: Receiver;

    /// Passes it on.
    fn pass(held: &'a mut Option<Self::Owner>) -> Option<Self>;
}

impl<T: Receiver> Received<'_, ByValue> for T {
    type Owner = T;

    fn pass(held: &mut Option<T>) -> Option<Self> {
        held.take()
    }
}

impl<'a, T: ?Sized + Referent> Received<'a, ByReference> for &'a T
where
    T::Owner: Receiver,
{
    type Owner = T::Owner;

    fn pass(held: &'a mut Option<T::Owner>) -> Option<Self> {
        held.as_ref().map(Borrow::borrow)
    }
}

/// The place of the object among what the steps are called with.
pub(crate) struct This<'a, A, M>(PhantomData<(&'a (), A, M)>);

#[allow(clippy::unused_self, reason = "the types are inferred through it")]
impl<'a, A: Received<'a, M>, M> This<'a, A, M> {
    /// The place.
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }

    /// Takes what stands for the object.
    pub(crate) fn hold(&self, object: &JsObject) -> JsResult<Option<A::Owner>> {
        A::Owner::of(object).map(Some)
    }

    /// Passes it to the steps.
    pub(crate) fn pass(&self, held: &'a mut Option<A::Owner>) -> JsResult<A> {
        A::pass(held).ok_or_else(platform::illegal_invocation)
    }
}

/// Reads what steps run on: the data of the object, or where that is no data, what stands for it.
pub(crate) struct DataOf<D>(PhantomData<D>);

impl<D> DataOf<D> {
    /// The access to this type.
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

/// An access to data, which is borrowed meanwhile.
pub(crate) trait ToData<D> {
    /// Reads from the data.
    fn read<R>(&self, object: &JsObject, read: impl FnOnce(&D) -> R) -> JsResult<R>;

    /// Writes to the data.
    fn write<R>(&self, object: &JsObject, write: impl FnOnce(&mut D) -> R) -> JsResult<R>;
}

impl<D: Data> ToData<D> for &DataOf<D> {
    fn read<R>(&self, object: &JsObject, read: impl FnOnce(&D) -> R) -> JsResult<R> {
        platform::read(object, read)
    }

    fn write<R>(&self, object: &JsObject, write: impl FnOnce(&mut D) -> R) -> JsResult<R> {
        platform::write(object, write)
    }
}

/// An access to what stands for the object.
pub(crate) trait ToReceiver<D> {
    /// Reads from it.
    fn read<R>(&self, object: &JsObject, read: impl FnOnce(&D) -> R) -> JsResult<R>;

    /// Writes with it.
    fn write<R>(&self, object: &JsObject, write: impl FnOnce(&mut D) -> R) -> JsResult<R>;
}

impl<D: Receiver> ToReceiver<D> for DataOf<D> {
    fn read<R>(&self, object: &JsObject, read: impl FnOnce(&D) -> R) -> JsResult<R> {
        D::of(object).map(|receiver| read(&receiver))
    }

    fn write<R>(&self, object: &JsObject, write: impl FnOnce(&mut D) -> R) -> JsResult<R> {
        D::of(object).map(|mut receiver| write(&mut receiver))
    }
}

/// Makes the type that stands in signatures for an interface that is written by hand.
macro_rules! interface_tag {
    ($(#[$doc:meta])* $tag:ident = $interface:expr) => {
        $(#[$doc])*
        #[allow(dead_code, reason = "a name for signatures")]
        pub(crate) enum $tag {}

        impl crate::webidl::types::IdlType for $tag {
            type Value = boa_engine::JsObject;
            const CATEGORY: crate::webidl::types::Category =
                crate::webidl::types::Category::Interface(&$interface);
        }

        impl<D: crate::webidl::receiver::Receiver> crate::webidl::convert::Convert<$tag> for D {
            fn convert(
                value: &boa_engine::JsValue,
                place: crate::webidl::convert::Place<'_>,
                cx: &mut boa_engine::Context,
            ) -> boa_engine::JsResult<Self> {
                crate::webidl::receiver::argument(&$interface, value, place, cx)
            }
        }
    };
}
pub(crate) use interface_tag;
