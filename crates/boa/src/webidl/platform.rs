//! Platform objects: JavaScript objects that represent something outside JavaScript.
//!
//! All platform objects have one Rust type, [`PlatformObject`]. Each interface stores data of its
//! own type in its objects: ids, nodes and script values. A brand check follows the chain of interfaces.
//!
//! The data of a platform object must not be borrowed while Boa allocates. Copy what is needed with
//! [`with`], then continue.

use std::any::Any;

use boa_engine::builtins::is_html_dda::IsHTMLDDA;
use boa_engine::builtins::proxy::Proxy;
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsData, JsObject, JsResult, Trace};
use framepost_event_loop::GlobalId;

use crate::boa::errors::type_error;
use crate::boa::slots::Slot;
use crate::webidl::Interface;
use crate::webidl::realm::Parts;

/// The data of an interface's objects: any type whose script values are traced.
pub trait Data: Any + Trace {}

impl<T: Any + Trace> Data for T {}

/// Data that contains no script values.
#[derive(Clone, Debug, Trace, Finalize)]
pub struct Untraced<T: 'static>(#[unsafe_ignore_trace] pub T);

/// Data that is a reference to the object's owner.
#[derive(Clone, Debug, Trace, Finalize)]
pub struct OfObject(pub JsObject);

/// The data of a platform object.
#[derive(Trace, Finalize, JsData)]
pub struct PlatformObject {
    /// The data of the interface, or of the interface that it inherits from.
    data: Box<dyn Data>,
    /// Additional data of an interface, beside the data of its parent.
    own: Option<Box<dyn Data>>,
    /// The most derived interface of the object.
    pub interface: &'static Interface,
    /// The global of its [relevant realm](https://html.spec.whatwg.org/multipage/webappapis.html#concept-relevant-realm).
    #[unsafe_ignore_trace]
    pub global: Option<GlobalId>,
    /// OPTIMIZATION: most objects, such as those of events, have none of these and stay small.
    more: Option<Box<More>>,
}

impl std::fmt::Debug for PlatformObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlatformObject").finish_non_exhaustive()
    }
}

/// The data that only some platform objects have.
#[derive(Default, Trace, Finalize)]
struct More {
    /// The data that modules attach to the object, such as its listeners: at most one value of a type.
    attached: Vec<Box<dyn Data>>,
    /// Objects that stay the same for this object, such as `childNodes` or `classList`. There are
    /// few or none.
    companions: Vec<(&'static str, JsObject)>,
}

impl PlatformObject {
    /// Creates the data of a new object.
    pub fn new(data: impl Data, interface: &'static Interface) -> Self {
        Self {
            data: Box::new(data),
            own: None,
            interface,
            global: None,
            more: None,
        }
    }

    /// Creates an object with this prototype in the current realm.
    pub fn create(
        data: impl Data,
        interface: &'static Interface,
        prototype: JsObject,
        ctx: &mut Context,
    ) -> JsObject {
        let realm = ctx.realm().clone();
        Self::new(data, interface).create_in(&realm, prototype, ctx)
    }

    /// Adds data of the interface beside the data of its parent.
    pub fn and_own(mut self, own: Box<dyn Data>) -> Self {
        self.own = Some(own);
        self
    }

    /// Creates the object in a realm, with a prototype of that realm.
    pub fn create_in(self, realm: &Realm, prototype: JsObject, ctx: &Context) -> JsObject {
        self.create_from(&super::realm::parts(realm, ctx), prototype)
    }

    /// Creates the object from the parts of a realm, with a prototype of that realm.
    pub(super) fn create_from(mut self, realm: &Parts, prototype: JsObject) -> JsObject {
        self.global = realm.global;
        JsObject::new(&realm.root_shape, prototype, self).upcast()
    }
}

impl PlatformObject {
    /// The data, if it has the type `T`.
    pub fn data<T: 'static>(&self) -> Option<&T> {
        let data: &dyn Any = &*self.data;
        data.downcast_ref().or_else(|| {
            let own: &dyn Any = self.own.as_deref()?;
            own.downcast_ref()
        })
    }

    /// Like [`data`](Self::data), but mutable.
    pub fn data_mut<T: 'static>(&mut self) -> Option<&mut T> {
        let data: &mut dyn Any = &mut *self.data;
        if data.is::<T>() {
            return data.downcast_mut();
        }
        let own: &mut dyn Any = self.own.as_deref_mut()?;
        own.downcast_mut()
    }

    fn companion(&self, name: &str) -> Option<&JsObject> {
        let mut companions = self.more.as_ref()?.companions.iter();
        companions
            .find(|(held, _)| *held == name)
            .map(|(_, companion)| companion)
    }

    /// Stores a companion, and returns the one that it replaces.
    fn set_companion(&mut self, name: &'static str, companion: JsObject) -> Option<JsObject> {
        let companions = &mut self.more.get_or_insert_default().companions;
        match companions.iter_mut().find(|(held, _)| *held == name) {
            Some((_, held)) => Some(std::mem::replace(held, companion)),
            None => {
                companions.push((name, companion));
                None
            }
        }
    }

    fn take_companion(&mut self, name: &str) -> Option<JsObject> {
        let companions = &mut self.more.as_mut()?.companions;
        let at = companions.iter().position(|(held, _)| *held == name)?;
        Some(companions.swap_remove(at).1)
    }

    /// The data of this type that a module attached to the object.
    pub fn attached<T: 'static>(&self) -> Option<&T> {
        let mut attached = self.more.as_ref()?.attached.iter();
        attached.find_map(|data| (&**data as &dyn Any).downcast_ref())
    }

    /// Like [`attached`](Self::attached), but mutable.
    pub fn attached_mut<T: 'static>(&mut self) -> Option<&mut T> {
        let mut attached = self.more.as_mut()?.attached.iter_mut();
        attached.find_map(|data| (&mut **data as &mut dyn Any).downcast_mut())
    }
}

/// Reads the data of this type that a module attached to a platform object.
pub fn with_attached<T: 'static, R>(object: &JsObject, read: impl FnOnce(&T) -> R) -> Option<R> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    platform.attached().map(read)
}

/// Changes the data of this type that a module attached to a platform object. Attaches it if it is
/// missing.
pub fn with_attached_mut<T: Data + Default, R>(
    object: &JsObject,
    write: impl FnOnce(&mut T) -> R,
) -> Option<R> {
    let mut platform = object.downcast_mut::<PlatformObject>()?;
    if platform.attached::<T>().is_none() {
        let more = platform.more.get_or_insert_default();
        more.attached.push(Box::new(T::default()));
    }
    platform.attached_mut().map(write)
}

/// Reads the data of a platform object without exposing the borrow. Returns `None` if the data has
/// another type.
pub fn with<T: 'static, R>(object: &JsObject, read: impl FnOnce(&T) -> Option<R>) -> Option<R> {
    read(object.downcast_ref::<PlatformObject>()?.data()?)
}

/// Reads the data of a receiver that has passed its brand check.
pub fn read<T: 'static, R>(object: &JsObject, read: impl FnOnce(&T) -> R) -> JsResult<R> {
    with(object, |data| Some(read(data))).ok_or_else(illegal_invocation)
}

/// The global of the relevant realm of a platform object.
#[inline]
pub fn relevant_global(object: &JsObject) -> Option<GlobalId> {
    object.downcast_ref::<PlatformObject>()?.global
}

/// Changes the data of a platform object without exposing the borrow.
pub fn with_mut<T: 'static, R>(
    object: &JsObject,
    write: impl FnOnce(&mut T) -> Option<R>,
) -> Option<R> {
    write(object.downcast_mut::<PlatformObject>()?.data_mut()?)
}

/// Changes the data of a receiver that has passed its brand check.
pub fn write<T: 'static, R>(object: &JsObject, write: impl FnOnce(&mut T) -> R) -> JsResult<R> {
    with_mut(object, |data| Some(write(data))).ok_or_else(illegal_invocation)
}

/// The companion of `object` with this name, created on first use.
pub fn companion(
    object: &JsObject,
    name: &'static str,
    ctx: &mut Context,
    create: impl FnOnce(&mut Context) -> JsResult<JsObject>,
) -> JsResult<JsObject> {
    if let Some(held) = held_companion(object, name) {
        return Ok(held);
    }
    let made = create(ctx)?;
    hold_companion(object, name, made.clone());
    Ok(made)
}

/// Stores a companion of `object` under this name.
pub fn hold_companion(object: &JsObject, name: &'static str, companion: JsObject) {
    let replaced = object
        .downcast_mut::<PlatformObject>()
        .and_then(|mut platform| platform.set_companion(name, companion));
    drop(replaced);
}

/// Removes the companion of `object` with this name.
pub fn drop_companion(object: &JsObject, name: &'static str) {
    let dropped = object
        .downcast_mut::<PlatformObject>()
        .and_then(|mut platform| platform.take_companion(name));
    drop(dropped);
}

/// The companion of `object` with this name, if it was created.
pub fn held_companion(object: &JsObject, name: &'static str) -> Option<JsObject> {
    let platform = object.downcast_ref::<PlatformObject>()?;
    platform.companion(name).cloned()
}

/// Whether the object is a platform object that
/// [implements](https://webidl.spec.whatwg.org/#implements) `interface`: the one that it was created
/// with, or one that this inherits from.
#[inline]
pub fn implements(object: &JsObject, interface: &'static Interface) -> bool {
    interface_of(object).is_some_and(|own| own.inherits(interface))
}

/// The most derived interface of a platform object.
#[inline]
pub fn interface_of(object: &JsObject) -> Option<&'static Interface> {
    Some(object.downcast_ref::<PlatformObject>()?.interface)
}

/// Creates the error for a member called on an object of another interface.
pub fn illegal_invocation() -> boa_engine::JsError {
    type_error("Illegal invocation")
}

/// Returns the object behind a proxy that a higher module defines.
pub type BehindProxy = fn(&JsObject, &mut Context) -> JsResult<Option<JsObject>>;

/// Returns the object behind such a proxy. Set by the higher floor.
static BEHIND_PROXIES: Slot<Option<BehindProxy>> = Slot::new();

/// Sets the function that finds the objects behind proxies of a higher module.
pub fn set_behind_proxies(ctx: &Context, behind: BehindProxy) {
    BEHIND_PROXIES.set(ctx, Some(behind));
}

/// Whether a higher floor defines this proxy. Throws if the caller may not see behind it.
pub fn is_proxy_of_higher_floor(object: &JsObject, ctx: &mut Context) -> JsResult<bool> {
    if !object.is::<Proxy>() {
        return Ok(false);
    }
    match BEHIND_PROXIES.with(ctx, |behind| *behind) {
        Some(behind) => Ok(behind(object, ctx)?.is_some()),
        None => Ok(false),
    }
}

/// The platform object behind an object: the object itself, the target of a proxy with indexed or
/// named properties, or the object behind a proxy of a higher floor. For the last, the caller must
/// perform the security check, if one applies.
pub fn unwrap_proxy(object: &JsObject, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    if object.is::<PlatformObject>() {
        return Ok(Some(object.clone()));
    }
    if !object.is::<Proxy>() && !object.is::<IsHTMLDDA>() {
        return Ok(None);
    }
    let behind = BEHIND_PROXIES.with(ctx, |behind| *behind);
    if let Some(behind) = behind
        && let Some(object) = behind(object, ctx)?
    {
        return Ok(Some(object));
    }
    if object.is::<IsHTMLDDA>() {
        // `document.all` inherits from its collection.
        return match object.prototype() {
            Some(collection) => crate::webidl::legacy_platform_object::target_of(&collection, ctx),
            None => Ok(None),
        };
    }
    crate::webidl::legacy_platform_object::target_of(object, ctx)
}
