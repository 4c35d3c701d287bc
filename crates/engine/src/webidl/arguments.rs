//! From the arguments of a call to the arguments of a Rust function.
//!
//! The function says which Rust types it takes: values, references, or options of references. The
//! glue has a [`Slot`] for each argument, whose type the compiler infers from the function. A slot
//! converts the argument, holds what came of it, and passes that on the way the function wants.

use std::borrow::Borrow;
use std::marker::PhantomData;

use boa_engine::{Context, JsResult, JsValue};

use super::convert::{Convert, Place};
use crate::webidl::platform::illegal_invocation;

/// The function takes a value.
pub(crate) enum ByValue {}
/// The function takes a reference.
pub(crate) enum ByReference {}
/// The function takes an option of a reference.
pub(crate) enum ByOptionalReference {}

/// A type behind a reference, and what holds it.
pub(crate) trait Referent {
    /// What holds it.
    type Owner: Borrow<Self>;
}

impl<T> Referent for T {
    type Owner = T;
}

impl Referent for str {
    type Owner = String;
}

impl<T> Referent for [T] {
    type Owner = Vec<T>;
}

/// A type of a function's parameter for an argument of the Web IDL type `Tag`.
#[diagnostic::on_unimplemented(
    message = "an argument of the Web IDL type `{Tag}` cannot be passed as `{Self}`",
    note = "parameters are values, references or options of references of types that implement `Convert<{Tag}>`"
)]
pub(crate) trait Passed<'a, Tag, M>: Sized {
    /// What the glue holds meanwhile.
    type Owner: Convert<Tag>;

    /// Passes it on.
    fn pass(held: &'a mut Option<Self::Owner>) -> Option<Self>;
}

impl<Tag, T: Convert<Tag>> Passed<'_, Tag, ByValue> for T {
    type Owner = T;

    fn pass(held: &mut Option<T>) -> Option<Self> {
        held.take()
    }
}

impl<'a, Tag, T: ?Sized + Referent> Passed<'a, Tag, ByReference> for &'a T
where
    T::Owner: Convert<Tag>,
{
    type Owner = T::Owner;

    fn pass(held: &'a mut Option<T::Owner>) -> Option<Self> {
        held.as_ref().map(Borrow::borrow)
    }
}

impl<'a, Tag, T: ?Sized + Referent> Passed<'a, Tag, ByOptionalReference> for Option<&'a T>
where
    Option<T::Owner>: Convert<Tag>,
{
    type Owner = Option<T::Owner>;

    fn pass(held: &'a mut Option<Option<T::Owner>>) -> Option<Self> {
        held.as_ref().map(|held| held.as_ref().map(Borrow::borrow))
    }
}

/// The place of one argument.
pub(crate) struct Slot<'a, Tag, A, M>(PhantomData<(&'a (), Tag, A, M)>);

#[allow(clippy::unused_self, reason = "the types are inferred through it")]
impl<'a, Tag, A: Passed<'a, Tag, M>, M> Slot<'a, Tag, A, M> {
    /// The place.
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }

    /// Converts the argument at an index, and what follows it where the type is variadic.
    pub(crate) fn hold(
        &self,
        args: &[JsValue],
        index: usize,
        cx: &mut Context,
    ) -> JsResult<Option<A::Owner>> {
        let rest = args.get(index..).unwrap_or_default();
        A::Owner::convert_all(rest, Place::Argument(index), cx).map(Some)
    }

    /// The same, with a default for an argument that is missing.
    pub(crate) fn hold_or(
        &self,
        args: &[JsValue],
        index: usize,
        default: impl FnOnce() -> JsValue,
        cx: &mut Context,
    ) -> JsResult<Option<A::Owner>> {
        match args.get(index) {
            Some(value) if !value.is_undefined() => self.hold(args, index, cx),
            _ => A::Owner::convert(&default(), Place::Argument(index), cx).map(Some),
        }
    }

    /// Converts a value that is assigned to an attribute.
    pub(crate) fn hold_assigned(
        &self,
        value: &JsValue,
        cx: &mut Context,
    ) -> JsResult<Option<A::Owner>> {
        A::Owner::convert(value, Place::Assigned, cx).map(Some)
    }

    /// Passes what the slot holds to the function.
    pub(crate) fn pass(&self, held: &'a mut Option<A::Owner>) -> JsResult<A> {
        A::pass(held).ok_or_else(illegal_invocation)
    }
}
