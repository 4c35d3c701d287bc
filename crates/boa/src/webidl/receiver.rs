//! The receiver of a member's steps.

use std::borrow::Borrow;
use std::marker::PhantomData;

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::Interface;
use super::arguments::{ByReference, ByValue, Referent};
use super::convert::Place;
use crate::webidl::platform::{self, Data};

/// A Rust type in which steps can receive a platform object: the object itself, the node that it
/// wraps, or a copy of its data.
#[diagnostic::on_unimplemented(
    message = "steps cannot be called with `{Self}` for the platform object",
    note = "take `&JsObject` or `&Node`, or list the type in `receivers!`, which takes a clone of the object's data"
)]
pub trait Receiver: Sized {
    /// Converts a platform object.
    fn of(object: &JsObject) -> JsResult<Self>;

    /// Converts an argument. `behind` is the platform object behind it.
    fn of_argument(argument: &JsObject, behind: &JsObject) -> JsResult<Self> {
        let _ = argument;
        Self::of(behind)
    }
}

impl Receiver for JsObject {
    fn of(object: &JsObject) -> JsResult<Self> {
        Ok(object.clone())
    }

    // A WindowProxy stays a WindowProxy.
    fn of_argument(argument: &JsObject, _: &JsObject) -> JsResult<Self> {
        Ok(argument.clone())
    }
}

/// Lets steps receive clones of these types of data.
#[doc(hidden)]
#[macro_export]
macro_rules! __receivers {
    ($($data:ty),* $(,)?) => {
        $(
            impl $crate::webidl::receiver::Receiver for $data {
                fn of(object: &$crate::webidl::glue::JsObject) -> $crate::webidl::glue::JsResult<Self> {
                    $crate::webidl::platform::read(object, |data: &Self| data.clone())
                }
            }
        )*
    };
}
#[doc(inline)]
pub use crate::__receivers as receivers;

/// Converts an argument whose type is an interface.
pub fn argument<D: Receiver>(
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

/// How steps receive the object; see [`Slot`](super::arguments::Slot).
#[diagnostic::on_unimplemented(
    message = "steps cannot be called with `{Self}` for the platform object",
    note = "take `&JsObject` or `&Node`, or list the type in `receivers!`, which takes a clone of the object's data"
)]
pub trait Received<'a, M>: Sized {
    /// The owned type that the glue keeps during the call.
    type Owner: Receiver;

    /// Passes the receiver to the steps.
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

/// Converts the receiver of steps.
#[derive(Debug)]
pub struct This<'a, A, M>(PhantomData<(&'a (), A, M)>);

#[allow(clippy::unused_self, reason = "the types are inferred through it")]
impl<'a, A: Received<'a, M>, M> This<'a, A, M> {
    /// Creates the slot for a receiver.
    #[allow(clippy::new_without_default, reason = "only the macro creates it")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// Converts the object.
    pub fn hold(&self, object: &JsObject) -> JsResult<Option<A::Owner>> {
        A::Owner::of(object).map(Some)
    }

    /// Passes the receiver to the steps.
    pub fn pass(&self, held: &'a mut Option<A::Owner>) -> JsResult<A> {
        A::pass(held).ok_or_else(platform::illegal_invocation)
    }
}

/// Gives a closure access to the object's data, or to a receiver if `D` is not a type of data.
#[derive(Debug)]
pub struct DataOf<D>(PhantomData<D>);

impl<D> DataOf<D> {
    /// Creates the access for this type.
    #[allow(clippy::new_without_default, reason = "only the macro creates it")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// Access to the data of an object, which stays borrowed during the call.
pub trait ToData<D> {
    /// Reads the data.
    fn read<R>(&self, object: &JsObject, read: impl FnOnce(&D) -> R) -> JsResult<R>;

    /// Changes the data.
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

/// Access to a receiver.
pub trait ToReceiver<D> {
    /// Reads the receiver.
    fn read<R>(&self, object: &JsObject, read: impl FnOnce(&D) -> R) -> JsResult<R>;
}

impl<D: Receiver> ToReceiver<D> for DataOf<D> {
    fn read<R>(&self, object: &JsObject, read: impl FnOnce(&D) -> R) -> JsResult<R> {
        D::of(object).map(|receiver| read(&receiver))
    }
}
