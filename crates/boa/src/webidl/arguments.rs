//! Converts the arguments of a call to the arguments of a Rust function.
//!
//! The Rust function determines the types: values, references, or options of references. The glue
//! creates a [`Slot`] for each argument, and the compiler infers its type from the function. A slot
//! converts the argument, keeps the result, and passes it to the function as the function requires.

use std::borrow::Borrow;
use std::marker::PhantomData;

use boa_engine::{Context, JsResult, JsValue};

use super::convert::{ConvertTo, Place};
use crate::webidl::platform::illegal_invocation;

/// Marks a parameter that is a value.
#[derive(Debug)]
pub enum ByValue {}
/// Marks a parameter that is a reference.
#[derive(Debug)]
pub enum ByReference {}
/// Marks a parameter that is an option of a reference.
#[derive(Debug)]
pub enum ByOptionalReference {}

/// A type that functions take by reference.
pub trait Referent {
    /// The owned type that the glue keeps.
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

/// A parameter type for an argument of the Web IDL type `Tag`.
#[diagnostic::on_unimplemented(
    message = "an argument of the Web IDL type `{Tag}` cannot be passed as `{Self}`",
    note = "parameters are values, references or options of references of types that `{Tag}` converts to"
)]
pub trait Passed<'a, Tag, M>: Sized {
    /// The owned type that the glue keeps during the call, to which `Tag` converts.
    type Owner;

    /// Passes the converted argument to the function.
    fn pass(held: &'a mut Option<Self::Owner>) -> Option<Self>;
}

impl<T, Tag: ConvertTo<T>> Passed<'_, Tag, ByValue> for T {
    type Owner = T;

    fn pass(held: &mut Option<T>) -> Option<Self> {
        held.take()
    }
}

impl<'a, Tag, T: ?Sized + Referent> Passed<'a, Tag, ByReference> for &'a T
where
    Tag: ConvertTo<T::Owner>,
{
    type Owner = T::Owner;

    fn pass(held: &'a mut Option<T::Owner>) -> Option<Self> {
        held.as_ref().map(Borrow::borrow)
    }
}

impl<'a, Tag, T: ?Sized + Referent> Passed<'a, Tag, ByOptionalReference> for Option<&'a T>
where
    Tag: ConvertTo<Option<T::Owner>>,
{
    type Owner = Option<T::Owner>;

    fn pass(held: &'a mut Option<Option<T::Owner>>) -> Option<Self> {
        held.as_ref().map(|held| held.as_ref().map(Borrow::borrow))
    }
}

/// Converts one argument.
#[derive(Debug)]
pub struct Slot<'a, Tag, A, M>(PhantomData<(&'a (), Tag, A, M)>);

#[allow(clippy::unused_self, reason = "the types are inferred through it")]
impl<'a, Tag: ConvertTo<A::Owner>, A: Passed<'a, Tag, M>, M> Slot<'a, Tag, A, M> {
    /// Creates a slot.
    #[allow(clippy::new_without_default, reason = "only the macro creates it")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// Converts the argument at an index. A variadic type also takes all arguments after it.
    pub fn hold(
        &self,
        args: &[JsValue],
        index: usize,
        cx: &mut Context,
    ) -> JsResult<Option<A::Owner>> {
        let rest = args.get(index..).unwrap_or_default();
        Tag::convert_all(rest, Place::Argument(index), cx).map(Some)
    }

    /// Like [`hold`](Self::hold), with a default for a missing argument.
    pub fn hold_or(
        &self,
        args: &[JsValue],
        index: usize,
        default: impl FnOnce() -> JsValue,
        cx: &mut Context,
    ) -> JsResult<Option<A::Owner>> {
        match args.get(index) {
            Some(value) if !value.is_undefined() => self.hold(args, index, cx),
            _ => Tag::convert(&default(), Place::Argument(index), cx).map(Some),
        }
    }

    /// Converts a value that is assigned to an attribute; nothing when the assignment is ignored.
    pub fn hold_assigned(&self, value: &JsValue, cx: &mut Context) -> JsResult<Option<A::Owner>> {
        Tag::convert_assigned(value, cx)
    }

    /// Passes the converted argument to the function.
    pub fn pass(&self, held: &'a mut Option<A::Owner>) -> JsResult<A> {
        A::pass(held).ok_or_else(illegal_invocation)
    }
}
