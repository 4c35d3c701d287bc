//! Platform objects: the JavaScript objects that stand for something outside of JavaScript.
//!
//! All of them have one Rust type, [`PlatformObject`]. Each interface keeps data of a type of its own
//! in it: ids, nodes and script values. A brand check walks the chain of interfaces.
//!
//! A platform object's data must never be borrowed while anything of Boa is allocated: take out
//! what is needed with [`with`], then go on.

use std::any::Any;
use std::collections::HashMap;

use boa_engine::{
    Context, Finalize, JsData, JsNativeError, JsObject, JsResult, Trace, builtins::proxy::Proxy,
    realm::Realm,
};
use framepost_event_loop::GlobalId;

use crate::boa::slots::Slot;
use crate::webidl::Interface;

/// What an interface keeps in its objects: any type whose script values are traced.
pub(crate) trait Data: Any + Trace {}

impl<T: Any + Trace> Data for T {}

/// The global object of a window: the data of its `Window`.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct WindowGlobal(pub(crate) GlobalId);

/// The global object of a worker: the data of its `WorkerGlobalScope`.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct WorkerGlobal(pub(crate) GlobalId);

/// A value that holds nothing of script, as data.
#[derive(Clone, Trace, Finalize)]
pub(crate) struct Untraced<T: 'static>(#[unsafe_ignore_trace] pub(crate) T);

/// An object that belongs to another one, as data.
#[derive(Clone, Trace, Finalize)]
pub(crate) struct OfObject(pub(crate) JsObject);

/// The location of a worker: the data of its `WorkerLocation`.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct WorkerLocationOf(pub(crate) GlobalId);

/// The location of a window: the data of its `Location`.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct LocationOf(pub(crate) GlobalId);

/// The data of a platform object.
#[derive(Trace, Finalize, JsData)]
pub(crate) struct PlatformObject {
    /// What its interface keeps in it, or the interface that this inherits from.
    data: Box<dyn Data>,
    /// What its interface keeps beside the data of the one that it inherits from.
    own: Option<Box<dyn Data>>,
    /// The most derived interface that it was created with.
    pub(crate) interface: &'static Interface,
    /// The window of its [relevant realm](https://html.spec.whatwg.org/multipage/webappapis.html#concept-relevant-realm).
    #[unsafe_ignore_trace]
    pub(crate) window: Option<GlobalId>,
    /// What the DOM keeps in an event target, once it has listeners.
    listeners: Option<Box<dyn Data>>,
    /// Objects that always are the same for this one: its `childNodes`, its `classList`.
    companions: HashMap<&'static str, JsObject>,
}

impl PlatformObject {
    /// The data of a new object.
    pub(crate) fn new(data: impl Data, interface: &'static Interface) -> Self {
        Self {
            data: Box::new(data),
            own: None,
            interface,
            window: None,
            listeners: None,
            companions: HashMap::new(),
        }
    }

    /// Creates an object of the current realm with this prototype.
    pub(crate) fn create(
        data: impl Data,
        interface: &'static Interface,
        prototype: JsObject,
        ctx: &mut Context,
    ) -> JsObject {
        let realm = ctx.realm().clone();
        Self::new(data, interface).create_in(&realm, prototype, ctx)
    }

    /// Adds what the interface keeps beside the data of the one that it inherits from.
    pub(crate) fn and_own(mut self, own: Box<dyn Data>) -> Self {
        self.own = Some(own);
        self
    }

    /// Creates the object in a realm, with a prototype of that realm.
    pub(crate) fn create_in(
        mut self,
        realm: &Realm,
        prototype: JsObject,
        ctx: &Context,
    ) -> JsObject {
        self.window = super::realm::global_of(realm);
        let shape = super::realm::root_shape_of(realm, ctx);
        JsObject::new(&shape, prototype, self).upcast()
    }
}

impl PlatformObject {
    /// Its data, if it is of this type.
    pub(crate) fn data<T: 'static>(&self) -> Option<&T> {
        let data: &dyn Any = &*self.data;
        data.downcast_ref().or_else(|| {
            let own: &dyn Any = self.own.as_deref()?;
            own.downcast_ref()
        })
    }

    /// The same, to change.
    pub(crate) fn data_mut<T: 'static>(&mut self) -> Option<&mut T> {
        let data: &mut dyn Any = &mut *self.data;
        if data.is::<T>() {
            return data.downcast_mut();
        }
        let own: &mut dyn Any = self.own.as_deref_mut()?;
        own.downcast_mut()
    }

    /// What the DOM keeps in it as an event target.
    pub(crate) fn listeners<T: 'static>(&self) -> Option<&T> {
        let listeners: &dyn Any = self.listeners.as_deref()?;
        listeners.downcast_ref()
    }

    /// The same, to change.
    pub(crate) fn listeners_mut<T: 'static>(&mut self) -> Option<&mut T> {
        let listeners: &mut dyn Any = self.listeners.as_deref_mut()?;
        listeners.downcast_mut()
    }

    /// The same, made when it is not there.
    pub(crate) fn listeners_or_default<T: Data + Default>(&mut self) -> Option<&mut T> {
        self.listeners.get_or_insert_with(|| Box::new(T::default()));
        self.listeners_mut()
    }

    /// Whether it [implements](https://webidl.spec.whatwg.org/#implements) an interface: the one
    /// that it was created with, or one that this inherits from.
    pub(crate) fn implements(&self, interface: &'static Interface) -> bool {
        let mut next = Some(self.interface);
        while let Some(own) = next {
            if std::ptr::eq(own, interface) {
                return true;
            }
            next = own.parent;
        }
        false
    }
}

/// Reads the data of a platform object, without letting the borrow out. `None` when the data is of
/// another type.
pub(crate) fn with<T: 'static, R>(
    object: &JsObject,
    read: impl FnOnce(&T) -> Option<R>,
) -> Option<R> {
    read(object.downcast_ref::<PlatformObject>()?.data()?)
}

/// Reads the data of a receiver that has passed its brand check.
pub(crate) fn read<T: 'static, R>(object: &JsObject, read: impl FnOnce(&T) -> R) -> JsResult<R> {
    with(object, |data| Some(read(data))).ok_or_else(illegal_invocation)
}

/// The window of the relevant realm of a platform object.
pub(crate) fn relevant_window(object: &JsObject) -> Option<GlobalId> {
    object.downcast_ref::<PlatformObject>()?.window
}

/// Changes the data of a platform object, without letting the borrow out.
pub(crate) fn with_mut<T: 'static, R>(
    object: &JsObject,
    write: impl FnOnce(&mut T) -> Option<R>,
) -> Option<R> {
    write(object.downcast_mut::<PlatformObject>()?.data_mut()?)
}

/// Changes the data of a receiver that has passed its brand check.
pub(crate) fn write<T: 'static, R>(
    object: &JsObject,
    write: impl FnOnce(&mut T) -> R,
) -> JsResult<R> {
    with_mut(object, |data| Some(write(data))).ok_or_else(illegal_invocation)
}

/// The object that belongs to `object` under this name, made when it is first asked for.
pub(crate) fn companion(
    object: &JsObject,
    name: &'static str,
    ctx: &mut Context,
    create: impl FnOnce(&mut Context) -> JsResult<JsObject>,
) -> JsResult<JsObject> {
    let held = object
        .downcast_ref::<PlatformObject>()
        .and_then(|platform| platform.companions.get(name).cloned());
    if let Some(held) = held {
        return Ok(held);
    }
    let made = create(ctx)?;
    if let Some(mut platform) = object.downcast_mut::<PlatformObject>() {
        platform.companions.insert(name, made.clone());
    }
    Ok(made)
}

/// Lets an object belong to `object` under this name.
pub(crate) fn hold_companion(object: &JsObject, name: &'static str, companion: JsObject) {
    if let Some(mut platform) = object.downcast_mut::<PlatformObject>() {
        platform.companions.insert(name, companion);
    }
}

/// Ends that an object belongs to `object` under this name.
pub(crate) fn drop_companion(object: &JsObject, name: &'static str) {
    let dropped = object
        .downcast_mut::<PlatformObject>()
        .and_then(|mut platform| platform.companions.remove(name));
    drop(dropped);
}

/// The object that belongs to `object` under this name, if it was made already.
pub(crate) fn held_companion(object: &JsObject, name: &'static str) -> Option<JsObject> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    platform.companions.get(name).cloned()
}

/// Whether the object is a platform object that implements `interface`.
pub(crate) fn implements(object: &JsObject, interface: &'static Interface) -> bool {
    object
        .downcast_ref::<PlatformObject>()
        .is_some_and(|platform| platform.implements(interface))
}

/// The window, or the worker, of a receiver that has passed its brand check: a global object or a
/// location.
pub(crate) fn window(object: &JsObject) -> JsResult<GlobalId> {
    let location = || with(object, |location: &LocationOf| Some(location.0));
    let worker_location = || with(object, |location: &WorkerLocationOf| Some(location.0));
    global_of(object)
        .or_else(location)
        .or_else(worker_location)
        .ok_or_else(illegal_invocation)
}

/// The window or worker whose global object this is.
pub(crate) fn global_of(object: &JsObject) -> Option<GlobalId> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    let window = platform.data().map(|window: &WindowGlobal| window.0);
    window.or_else(|| platform.data().map(|worker: &WorkerGlobal| worker.0))
}

/// The window whose global object this is.
pub(crate) fn window_of_global(object: &JsObject) -> Option<GlobalId> {
    with(object, |window: &WindowGlobal| Some(window.0))
}

/// The error of a member called on an object of another interface.
pub(crate) fn illegal_invocation() -> boa_engine::JsError {
    JsNativeError::typ()
        .with_message("Illegal invocation")
        .into()
}

/// Finds what is behind a proxy of a higher floor.
pub(crate) type BehindProxy = fn(&JsObject, &mut Context) -> JsResult<Option<JsObject>>;

/// Finds what is behind a WindowProxy or a location, once windows are there.
static BEHIND_PROXIES: Slot<Option<BehindProxy>> = Slot::new();

/// Says how what is behind proxies of a higher floor is found.
pub(crate) fn set_behind_proxies(ctx: &Context, behind: BehindProxy) {
    BEHIND_PROXIES.set(ctx, Some(behind));
}

/// The platform object behind an object: itself; for a WindowProxy the window that it shows, for
/// which the caller has the security check to make where there is one; for a proxy with indexed or
/// named properties its target.
pub(crate) fn unwrap_proxy(object: &JsObject, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    if object.is::<PlatformObject>() {
        return Ok(Some(object.clone()));
    }
    if !object.is::<Proxy>() {
        return Ok(None);
    }
    let behind = BEHIND_PROXIES.with(ctx, |behind| *behind);
    if let Some(behind) = behind
        && let Some(object) = behind(object, ctx)?
    {
        return Ok(Some(object));
    }
    crate::webidl::legacy::target_of(object, ctx)
}
