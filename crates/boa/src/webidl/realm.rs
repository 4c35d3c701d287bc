//! The state of Web IDL in a realm: its interfaces, its singletons, and the root shape of its
//! platform objects.

use boa_engine::object::shape::RootShape;
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsData, JsObject, Trace};
use boa_gc::Gc;
use framepost_event_loop::{FxHashMap, GlobalId};

use super::{Exposed, Interface, InterfaceObjects};

/// The state of Web IDL in a realm.
#[derive(Trace, Finalize, JsData)]
struct RealmData {
    /// The id of its global object.
    #[unsafe_ignore_trace]
    global: GlobalId,
    /// What its global object is, among the globals that expose interfaces.
    #[unsafe_ignore_trace]
    exposed: Exposed,
    /// The root shape of its platform objects.
    root_shape: RootShape,
    /// The objects of interfaces, by the address of the interface.
    interfaces: FxHashMap<usize, Gc<InterfaceObjects>>,
    /// Singletons of the realm, such as its location or its navigator.
    singletons: FxHashMap<&'static str, JsObject>,
}

/// Prepares a new realm for platform objects. `exposed` is the kind of its global object, and whether that is a secure
/// context.
pub fn install(realm: &Realm, global: GlobalId, exposed: Exposed, root_shape: RootShape) {
    realm.host_defined_mut().insert(RealmData {
        global,
        exposed,
        root_shape,
        interfaces: FxHashMap::default(),
        singletons: FxHashMap::default(),
    });
}

/// Runs `f` with `realm` as the current realm.
pub fn in_realm<R>(ctx: &mut Context, realm: &Realm, f: impl FnOnce(&mut Context) -> R) -> R {
    let before = ctx.enter_realm(realm.clone());
    let result = f(ctx);
    ctx.enter_realm(before);
    result
}

/// The global object of a realm; `None` for the initial realm of a context.
#[inline]
pub fn global_of(realm: &Realm) -> Option<GlobalId> {
    realm
        .host_defined()
        .get::<RealmData>()
        .map(|data| data.global)
}

/// The kind of the global object of a realm, and whether it is a secure context. The initial realm of a context exposes
/// nothing.
pub fn exposed_in(realm: &Realm) -> Exposed {
    let host_defined = realm.host_defined();
    let data = host_defined.get::<RealmData>();
    data.map_or(Exposed::NOWHERE, |data| data.exposed)
}

/// The root shape of the objects of the current realm.
#[inline]
pub fn root_shape(ctx: &Context) -> RootShape {
    root_shape_of(ctx.realm(), ctx)
}

/// The root shape of the objects of a realm. A shape keeps the prototypes of its objects alive, so
/// an object with a prototype of this realm must be created from this realm's shape.
#[inline]
pub fn root_shape_of(realm: &Realm, ctx: &Context) -> RootShape {
    let host_defined = realm.host_defined();
    let data = host_defined.get::<RealmData>();
    data.map_or_else(|| ctx.root_shape().clone(), |data| data.root_shape.clone())
}

/// The parts from which a platform object is created.
pub(super) struct Parts {
    /// The global object of its realm.
    pub(super) global: Option<GlobalId>,
    pub(super) root_shape: RootShape,
}

/// The parts for a platform object of a realm.
pub(super) fn parts(realm: &Realm, ctx: &Context) -> Parts {
    let host_defined = realm.host_defined();
    match host_defined.get::<RealmData>() {
        Some(data) => data.parts(),
        None => Parts {
            global: None,
            root_shape: ctx.root_shape().clone(),
        },
    }
}

/// The parts for a platform object of an interface, if the interface's objects were created.
///
/// OPTIMIZATION: the state of the realm is looked up once.
pub(super) fn parts_of(
    realm: &Realm,
    interface: &'static Interface,
) -> Option<(Parts, Gc<InterfaceObjects>)> {
    let host_defined = realm.host_defined();
    let data = host_defined.get::<RealmData>()?;
    let objects = data.interfaces.get(&address(interface))?;
    Some((data.parts(), objects.clone()))
}

impl RealmData {
    fn parts(&self) -> Parts {
        Parts {
            global: Some(self.global),
            root_shape: self.root_shape.clone(),
        }
    }
}

/// Interfaces are statics, so their addresses identify them.
fn address(interface: &'static Interface) -> usize {
    std::ptr::from_ref(interface).addr()
}

/// The objects of an interface in a realm, if they were created.
pub(super) fn defined_interface(
    realm: &Realm,
    interface: &'static Interface,
) -> Option<Gc<InterfaceObjects>> {
    let host_defined = realm.host_defined();
    let interfaces = &host_defined.get::<RealmData>()?.interfaces;
    interfaces.get(&address(interface)).cloned()
}

/// Stores the objects of an interface in a realm.
pub(super) fn remember_interface(
    realm: &Realm,
    interface: &'static Interface,
    objects: Gc<InterfaceObjects>,
) {
    if let Some(data) = realm.host_defined_mut().get_mut::<RealmData>() {
        data.interfaces.insert(address(interface), objects);
    }
}

/// The realm's singleton with this name, created on first use.
pub fn singleton(
    ctx: &mut Context,
    realm: &Realm,
    name: &'static str,
    create: impl FnOnce(&mut Context, &Realm) -> JsObject,
) -> JsObject {
    let held = realm
        .host_defined()
        .get::<RealmData>()
        .and_then(|data| data.singletons.get(name).cloned());
    if let Some(held) = held {
        return held;
    }
    let made = in_realm(ctx, realm, |ctx| create(ctx, realm));
    if let Some(data) = realm.host_defined_mut().get_mut::<RealmData>() {
        data.singletons.insert(name, made.clone());
    }
    made
}

/// The realm's singleton with this name, if it was created.
pub fn held_singleton(realm: &Realm, name: &str) -> Option<JsObject> {
    let host_defined = realm.host_defined();
    host_defined
        .get::<RealmData>()?
        .singletons
        .get(name)
        .cloned()
}
