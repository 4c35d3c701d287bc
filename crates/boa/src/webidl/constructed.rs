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

/// An object that is being constructed, of an interface that inherits from one with data of its own: an event, for
/// example. `D` is the data of the ancestor.
pub struct ConstructedWith<D> {
    /// The data of the ancestor.
    pub data: D,
    own: Option<Box<dyn Data>>,
}

impl<D: Data> ConstructedWith<D> {
    /// An object with the data of the ancestor only.
    pub fn new(data: D) -> Self {
        Self { data, own: None }
    }

    /// Adds the data of the object's interface beside that of the ancestor.
    #[must_use]
    pub fn with(mut self, own: impl Data) -> Self {
        self.own = Some(Box::new(own));
        self
    }
}

impl<D: Data> std::fmt::Debug for ConstructedWith<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConstructedWith")
            .field("has_own", &self.own.is_some())
            .finish_non_exhaustive()
    }
}

impl<D: Data> Constructed for ConstructedWith<D> {
    fn construct(self, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject> {
        let mut parts = PlatformObject::new(self.data, target.interface());
        if let Some(own) = self.own {
            parts = parts.and_own(own);
        }
        target.create_with(parts, cx)
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
