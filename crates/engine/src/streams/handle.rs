//! References to the state of streams and of the objects that belong to them.

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use boa_gc::{Gc, GcRefCell};

use crate::script::realm::{in_realm, realm_of};
use crate::webidl::into_js::IntoJs;
use crate::webidl::receiver::Receiver;
use crate::webidl::{self, Interface, NewTarget, platform};

/// A type of state with an interface.
pub(crate) trait Interfaced: Trace + Sized + 'static {
    /// The interface of its objects.
    fn interface() -> &'static Interface;
}

#[derive(Trace, Finalize)]
struct Shared<T: Trace + 'static> {
    data: T,
    /// The object, once script could see it.
    object: Option<JsObject>,
}

/// A reference to state, and to its object.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Handle<T: Trace + 'static>(Gc<GcRefCell<Shared<T>>>);

impl<T: Trace + 'static> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Trace + 'static> Handle<T> {
    /// Creates state without an object.
    pub(crate) fn new(data: T) -> Self {
        Self(Gc::new(GcRefCell::new(Shared { data, object: None })))
    }

    /// Accesses the state. `f` must not allocate Boa objects.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.borrow_mut().data)
    }

    /// Whether both refer to the same state.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Gc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Interfaced> Handle<T> {
    /// The object. It is created in the current realm when script first sees it.
    pub(crate) fn object(&self, cx: &mut Context) -> JsObject {
        if let Some(object) = self.0.borrow().object.clone() {
            return object;
        }
        let object = webidl::create_here(T::interface(), self.clone(), cx);
        self.0.borrow_mut().object = Some(object.clone());
        object
    }

    /// Runs `f` in the relevant realm of the object.
    ///
    /// SPEC-ISSUE: <https://github.com/whatwg/streams/issues/1213>: the standard does not say in which realm the
    /// objects of a method are. Here they are in that of the receiver, as in browsers.
    pub(crate) fn in_relevant_realm<R>(
        &self,
        cx: &mut Context,
        f: impl FnOnce(&mut Context) -> R,
    ) -> R {
        let object = self.0.borrow().object.clone();
        match object.as_ref().and_then(platform::relevant_global) {
            Some(global) => {
                let realm = realm_of(cx, global);
                in_realm(cx, &realm, f)
            }
            None => f(cx),
        }
    }

    /// Creates the object of a constructor.
    pub(crate) fn construct(&self, target: &NewTarget, cx: &mut Context) -> JsResult<JsObject> {
        let object = target.create(self.clone(), cx)?;
        self.0.borrow_mut().object = Some(object.clone());
        Ok(object)
    }

    /// The state of an object of the interface.
    pub(crate) fn of_object(object: &JsObject) -> Option<Self> {
        platform::with(object, |handle: &Self| Some(handle.clone()))
    }
}

impl<T: Interfaced> Receiver for Handle<T> {
    fn of(object: &JsObject) -> JsResult<Self> {
        platform::read(object, Self::clone)
    }
}

impl<T: Interfaced> IntoJs for Handle<T> {
    fn into_js(self, cx: &mut Context) -> JsResult<JsValue> {
        Ok(self.object(cx).into())
    }
}
