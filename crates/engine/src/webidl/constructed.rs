//! What constructors give: the data of the new object, or how the object is made.

use boa_engine::{Context, JsObject, JsResult};

use super::NewTarget;
use crate::webidl::platform::{Data, PlatformObject};

/// How a new object is made where that takes more than its data.
pub(crate) trait Constructed {
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

/// A constructor gave something that says itself how it is made. The compiler looks for this first.
pub(crate) trait OfSteps<T> {
    /// Makes the object.
    fn finish(&self, given: T, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject>;
}

/// A constructor gave data, or fails. The compiler looks for this second.
pub(crate) trait OfStepsThatFail<T> {
    /// Makes the object.
    fn finish(&self, given: T, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject>;
}

/// A constructor gave data. The compiler looks for this last.
pub(crate) trait OfData<T> {
    /// Makes the object.
    fn finish(&self, given: T, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject>;
}

/// The type of what a constructor gave.
pub(crate) struct Given<T>(std::marker::PhantomData<T>);

/// The type of what a constructor gave.
pub(crate) const fn given<T>(_: &T) -> Given<T> {
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
