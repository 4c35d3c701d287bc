//! The results of constructor steps: the data of the new object, or a value that creates the
//! object.

use boa_engine::{Context, JsObject, JsResult};

use super::NewTarget;
use crate::webidl::platform::{Data, PlatformObject};

/// A result of constructor steps that creates its object itself.
pub trait Constructed {
    /// [Internally creates the new object](https://webidl.spec.whatwg.org/#internally-create-a-new-object-implementing-the-interface).
    fn construct(self, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject>;
}

impl Constructed for JsObject {
    fn construct(self, _: &NewTarget, _: &mut Context) -> JsResult<JsObject> {
        Ok(self)
    }
}

impl Constructed for PlatformObject {
    fn construct(self, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject> {
        target.create_with(self, cx)
    }
}

impl<T: Constructed> Constructed for JsResult<T> {
    fn construct(self, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject> {
        self?.construct(target, cx)
    }
}

/// Handles constructor steps that return a [`Constructed`]. Method lookup finds this trait first.
pub trait OfSteps<T> {
    /// Creates the object.
    fn finish(&self, given: T, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject>;
}

/// Handles constructor steps that return a `JsResult` of data. Method lookup finds this trait
/// second.
pub trait OfStepsThatFail<T> {
    /// Creates the object.
    fn finish(&self, given: T, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject>;
}

/// Handles constructor steps that return data. Method lookup finds this trait last.
pub trait OfData<T> {
    /// Creates the object.
    fn finish(&self, given: T, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject>;
}

/// Stands for the result type of constructor steps.
#[derive(Debug)]
pub struct Given<T>(std::marker::PhantomData<T>);

/// Returns the marker for the type of this result.
pub const fn given<T>(_: &T) -> Given<T> {
    Given(std::marker::PhantomData)
}

impl<T: Constructed> OfSteps<T> for &&Given<T> {
    fn finish(&self, given: T, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject> {
        given.construct(target, cx)
    }
}

impl<T: Data> OfStepsThatFail<JsResult<T>> for &Given<JsResult<T>> {
    fn finish(
        &self,
        given: JsResult<T>,
        target: &NewTarget,
        cx: &mut Context,
    ) -> JsResult<JsObject> {
        target.create(given?, cx)
    }
}

impl<T: Data> OfData<T> for Given<T> {
    fn finish(&self, given: T, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject> {
        target.create(given, cx)
    }
}
